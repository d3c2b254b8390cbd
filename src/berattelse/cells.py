"""A cell with its outputs as Quarto's Markdown: the divs, classes and ids that Quarto gives them.

A label stands on the output that it names, or, where there are several outputs or a layout, on the
whole cell, with `-1`, `-2` … on its parts.
"""

from __future__ import annotations

import base64
import json
import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import yaml

from berattelse import ansi, cell_options, literal, notebook
from berattelse.model import Format

CHART_KEY = "berattelse"
"""Key of a chart's own output metadata: `alt`, `data_html`, `width_mm`."""

_SUFFIX = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
_WIDGETS = (
    "application/vnd.jupyter.widget-view+json",
    "application/vnd.jupyter.widget-state+json",
    "application/javascript",
)
_PLAIN_OF_FIGURES = re.compile(r"^[\[(<(]?.*(?:matplotlib|<Figure|Axes|Text\(|array\(\[).*", re.S)
"""What matplotlib's functions return and Jupyter prints beside the figure: no reader wants it."""
_ATTRIBUTE = re.compile(r"[A-Za-z_][\w.:-]*")
"""A name that an attribute can have; editors keep their own things under others."""
_FLOATS = ("fig", "tbl", "lst")


@dataclass
class Cells:
    """Writes the cells of one document, one after the other."""

    format: Format
    execute: Mapping[str, Any]
    """Defaults of the cells' options: the front matter's `execute:` and its own code keys."""
    folder: Path
    """Of the composed document; figures go to `figures/` in it."""
    warn: Callable[[str, object], None] = lambda text, place: None
    colours: bool = False
    """Whether what a cell stops with is shown in a terminal's colours, where there are any."""
    number: int = 0
    used: set[str] = field(default_factory=set)

    def markdown(self, cell: nbformat.NotebookNode) -> str:
        """Return the Markdown of an executed (or stored) cell; "" for one that is not shown."""
        self.number += 1
        options = cell.metadata[notebook.KEY]["options"]
        for told in cell_options.refused(options):
            self.warn(told, notebook.place(cell, 1))
        if not cell_options.truth(self._option(options, "include", True)):
            return ""
        outputs = self._shown(cell, options)
        if not cell.source.strip() and not outputs:
            return ""
        return _Writing(self, cell, options, outputs).markdown()

    def _option(self, options: Mapping[str, Any], name: str, otherwise: Any) -> Any:
        return options.get(name, self.execute.get(name, otherwise))

    def _shown(
        self, cell: nbformat.NotebookNode, options: Mapping[str, Any]
    ) -> list[nbformat.NotebookNode]:
        if not cell_options.truth(self._option(options, "output", True)):
            return []
        warning = cell_options.truth(self._option(options, "warning", True))
        drawn = any(self.mime(output) in _SUFFIX for output in cell.get("outputs", ()))
        shown = []
        for output in _joined(cell.get("outputs", ())):
            if output.output_type == "stream":
                if output.name == "stderr" and not warning:
                    continue
            elif output.output_type in ("display_data", "execute_result"):
                plain = str(output.data.get("text/plain", ""))
                only_plain = self.mime(output) == "text/plain"
                if not output.data or (only_plain and drawn and _PLAIN_OF_FIGURES.match(plain)):
                    continue
                if only_plain and not plain.strip():
                    continue
            elif output.output_type != "error":
                continue
            shown.append(output)
        return shown

    def mime(self, output: nbformat.NotebookNode) -> str:
        """Return the kind of an output's data that suits the format best; "" for none."""
        data = output.get("data") or {}
        html = str(data.get("text/html", ""))
        order = ["text/markdown", *_SUFFIX]
        if self.format == "html":
            order.insert(0, "text/html")
        elif "<table" in html.lower():
            order.append("text/html")
        if self.format != "html" or "text/markdown" not in data:
            order.append("text/latex")
        order += ["text/plain"]
        return next((mime for mime in order if mime in data), "")


@dataclass
class _Writing:
    """One cell on its way to Markdown."""

    cells: Cells
    cell: nbformat.NotebookNode
    options: Mapping[str, Any]
    outputs: Sequence[nbformat.NotebookNode]

    def __post_init__(self) -> None:
        self.label = str(self.options.get("label") or self.options.get("id") or "").lstrip("#")
        shown = [output for output in self.outputs if _is_display(output)]
        self.display = len(shown)
        self.kind = self.label.split("-")[0] if "-" in self.label else ""
        self.floats = self.kind in _FLOATS or bool(self.kind and self._caption(self.kind))
        self.whole = self.floats and (
            self.display > 1 or any(name in self.options for name in cell_options.LAYOUT)
        )
        self.asis = self.cells._option(self.options, "output", True) == "asis"
        self.caption, self.captions = self._captions()
        self.listed = isinstance(self._caption(self.kind), list) and self.floats
        """Whether each output is a float of its own, with a caption from a list."""

    def _caption(self, kind: str) -> Any:
        return self.options.get(f"{kind}-cap", self.options.get("cap"))

    def _captions(self) -> tuple[str, list[str]]:
        """Return the caption of the whole cell, if it is a float, and those of its outputs."""
        kind = self.kind if self.floats else next(
            (k for k in ("fig", "tbl") if f"{k}-cap" in self.options), "fig"
        )  # fmt: skip
        main, parts = self._caption(kind), self.options.get(f"{kind}-subcap")
        if isinstance(main, list):
            return "", [_line(text) for text in main]
        if parts is True:
            parts = []
        if parts is not None or self.whole:
            return _line(main), [
                _line(t) for t in (parts if isinstance(parts, list) else [parts]) if t
            ]
        return "", [_line(main)] if main else []

    def markdown(self) -> str:
        code, shown = list(self._code()), list(self._outputs())
        if not (code or shown):
            return ""
        if self.caption:
            shown.append(self.caption)
        laid = self._layout()
        if shown and (self.whole or laid):
            # The code stands before the panel, not in it
            name = f"#{self.label} " if self.whole and not self.listed else ""
            shown = [_div(f"{{{name}{laid}".rstrip() + "}", "\n\n".join(shown))]
        elif self.asis and not self._classes():
            return "\n\n".join((*code, *shown))
        return _div(f"{{{self._attributes()}}}", "\n\n".join((*code, *shown)))

    def _layout(self) -> str:
        given = [(name, self.options[name]) for name in cell_options.LAYOUT if name in self.options]
        return " ".join(f'{name}="{literal.attribute(_json(content))}"' for name, content in given)

    def _attributes(self) -> str:
        own = []
        if self.label:
            own.append(f"#cell-{self.label}" if self.floats else f"#{self.label}")
        own += [".cell", *self._classes()]
        for name, content in self.options.items():
            named = _ATTRIBUTE.fullmatch(str(name)) and str(name).lower() not in cell_options.OWN
            if named and name not in cell_options.LAYOUT and content is not None:
                own.append(f'{name}="{literal.attribute(_json(content))}"')
        count = self.cell.get("execution_count")
        if count is not None:
            own.append(f'execution_count="{count}"')
        return " ".join(own)

    def _classes(self) -> list[str]:
        given = self.options.get("classes", self.options.get("class", ()))
        names = given.split() if isinstance(given, str) else [str(name) for name in given or ()]
        if column := self.options.get("column"):
            names.append(f"column-{column}")
        if panel := self.options.get("panel"):
            names.append(f"panel-{panel}")
        for name in ("fig-cap-location", "tbl-cap-location"):
            if name in self.options:
                names.append(f"{name}-{self.options[name]}")
        return ["." + re.sub(r"[^\w-]", "", name.lstrip(".")) for name in names]

    def _code(self) -> Iterator[str]:
        echo = self.cells._option(self.options, "echo", True)
        code = str(self.cell.source).strip("\n")
        if not code.strip() or not (cell_options.truth(echo) or echo == "fenced"):
            return
        language = self.cell.metadata[notebook.KEY].get("language", "python")
        attributes = [f".{language}"]
        attributes.append(".cell-code")
        own = self.options.get("lst-label") or (self.label if self.kind == "lst" else "")
        if own:
            attributes.insert(0, f"#{str(own).lstrip('#')}")
        for name in ("lst-cap", "code-fold", "code-summary", "code-line-numbers", "filename"):
            content = self.options.get(name)
            if name in cell_options.OF_DOCUMENT:
                content = self.cells._option(self.options, name, None)
            if content is not None:
                text = str(content).lower() if isinstance(content, bool) else str(content)
                attributes.append(f'{name}="{_quoted(text)}"')
        if overflow := self.cells._option(self.options, "code-overflow", None):
            attributes.append(f".code-overflow-{overflow}")
        if echo == "fenced":
            head = _written({k: v for k, v in self.options.items() if k != "echo"})
            code = "\n".join([f"```{{{{{language}}}}}", *head, code, "```"])
        yield _fence(code, f" {{{' '.join(attributes)}}}", shortcodes="{{<" not in code)

    def _outputs(self) -> Iterator[str]:
        display = 0
        for output in self.outputs:
            if output.output_type == "stream":
                yield self._stream(output)
            elif output.output_type == "error":
                text = f"{output.ename}: {ansi.without(str(output.evalue))}"
                trace = "\n".join(output.get("traceback") or [text])
                content = self._trace(trace, str(output.ename))
                yield _div("{.cell-output .cell-output-error}", content)
            else:
                display += 1
                yield self._displayed(output, display)

    def _trace(self, text: str, name: str) -> str:
        if self.cells.colours and self.cells.format == "html" and ansi.CODES.search(text):
            return _fence(ansi.block(text, name), "{=html}")
        return _fence(ansi.without(text), "")

    def _stream(self, output: nbformat.NotebookNode) -> str:
        text = ansi.without(str(output.text))
        if self.asis and output.name == "stdout":
            return text.strip("\n")
        return _div(
            f"{{.cell-output .cell-output-{output.name}}}",
            _fence(text.rstrip("\n"), "", shortcodes="{{<" not in text),
        )

    def _displayed(self, output: nbformat.NotebookNode, number: int) -> str:
        mime = self.cells.mime(output)
        caption = self.captions[number - 1] if number <= len(self.captions) else ""
        if any(widget in output.data for widget in _WIDGETS) and mime in ("text/plain", ""):
            self.cells.warn(
                "Interaktiva komponenter från Jupyter visas inte; deras text står i stället.",
                notebook.place(self.cell, 1),
            )
        image = mime in _SUFFIX
        name = self.label if self.floats else ""
        identifier = ""
        if name and self.kind != "lst":
            identifier = f"{name}-{number}" if self.whole else name
        content = (
            self._image(output, mime, number, "" if identifier else caption)
            if image
            else self._content(output, mime)
        )
        content = content.strip("\n")
        if identifier:
            inner = content if not caption else f"{content}\n\n{caption}"
            options = f' tbl-colwidths="{_json(self.options["tbl-colwidths"])}"' if (
                "tbl-colwidths" in self.options) else ""  # fmt: skip
            content = _div(f"{{#{identifier}{options}}}", inner)
        elif caption and not image:
            content = f"{content}\n\n{caption}"
        if self.asis and not identifier:
            return content
        kind = "display_data" if output.output_type == "execute_result" else output.output_type
        classes = ".cell-output ." + {"display_data": "cell-output-display"}[kind]
        if mime == "text/markdown":
            classes += " .cell-output-markdown"
        count = output.get("execution_count")
        counted = f' execution_count="{count}"' if count is not None else ""
        return _div(f"{{{classes}{counted}}}", content)

    def _content(self, output: nbformat.NotebookNode, mime: str) -> str:
        text = str(output.data.get(mime, ""))
        if mime in ("text/markdown", "text/latex"):
            if mime == "text/latex" and not re.match(r"\s*(\$|\\begin\{)", text):
                return _fence(text.strip(), "{=latex}")
            return text
        if mime == "text/html":
            return _fence(text.strip(), "{=html}")
        return _fence(ansi.without(text).rstrip("\n"), "", shortcodes="{{<" not in text)

    def _image(self, output: nbformat.NotebookNode, mime: str, number: int, caption: str) -> str:
        content = output.data[mime]
        content = "".join(content) if isinstance(content, list) else str(content)
        data = content.encode() if mime == "image/svg+xml" else base64.b64decode(content)
        stem = re.sub(r"[^\w-]", "-", self.label or f"cell-{self.cells.number}")
        stem = f"{stem}-output-{number}"
        while stem in self.cells.used:
            stem += "x"
        self.cells.used.add(stem)
        name = f"figures/{stem}.{_SUFFIX[mime]}"
        (self.cells.folder / "figures").mkdir(parents=True, exist_ok=True)
        (self.cells.folder / name).write_bytes(data)
        facts = output.get("metadata", {})
        facts = {**facts, **(facts.get(CHART_KEY) or {}), **(facts.get(mime) or {})}
        width, height = _size(data, mime, facts)
        if "width_mm" in facts:
            width = f"{facts['width_mm']:g}mm"
        if not width and mime == "image/svg+xml":
            match = re.search(r'<svg\b[^>]*?\swidth="([\d.]+)pt"', content)
            width = f"{float(match[1]) / 72:.4g}in" if match else ""
        attributes = []
        alt = self.options.get("fig-alt")
        alt = (alt[number - 1] if number <= len(alt) else "") if isinstance(alt, list) else alt
        alt = alt or facts.get("alt")
        if alt:
            attributes.append(f'fig-alt="{literal.attribute(str(alt))}"')
        if width:
            attributes.append(f'width="{width}"')
        if height:
            attributes.append(f'height="{height}"')
        for option in ("fig-align",):
            if given := self.options.get(option):
                attributes.append(f'{option}="{given}"')
        shown = f"![{caption}]({name})" + (f"{{{' '.join(attributes)}}}" if attributes else "")
        if link := self.options.get("fig-link"):
            shown = f"[{shown}]({link})"
        return shown


def _written(options: Mapping[str, Any]) -> list[str]:
    """Return a cell's options as the lines that an author writes."""
    if not options:
        return []
    text = yaml.safe_dump(dict(options), allow_unicode=True, sort_keys=False, width=float("inf"))
    return [f"#| {line}" for line in text.splitlines()]


def _is_display(output: nbformat.NotebookNode) -> bool:
    return output.output_type in ("display_data", "execute_result")


def _joined(outputs: Sequence[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Return the outputs with neighbouring pieces of one stream as one, and texts as texts."""
    joined: list[nbformat.NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream":
            text = output.text if isinstance(output.text, str) else "".join(output.text)
            if joined and joined[-1].output_type == "stream" and joined[-1].name == output.name:
                joined[-1].text += text
                continue
            output = nbformat.from_dict({**output, "text": text})
        joined.append(output)
    return joined


def _size(data: bytes, mime: str, facts: Mapping[str, Any]) -> tuple[int | str, int]:
    """Return width and height in CSS pixels, (0, 0) where the image's own size holds."""
    try:
        if facts.get("width") or facts.get("height"):
            return int(float(facts.get("width") or 0)), int(float(facts.get("height") or 0))
    except (TypeError, ValueError):
        return 0, 0
    if mime == "image/png" and data[12:16] == b"IHDR":
        wide, high = struct.unpack(">II", data[16:24])
        at = data.find(b"pHYs")
        if at > 0:
            per_metre = struct.unpack(">I", data[at + 4 : at + 8])[0]
            if data[at + 12] == 1 and round(per_metre * 0.0254) == 192:
                # Twice the pixels: made for screens with twice as many
                return wide // 2, high // 2
    return 0, 0


def _div(attributes: str, content: str) -> str:
    longest = max((len(run) for run in re.findall(r"^\s*(:{3,})", content, re.M)), default=2)
    colons = ":" * (longest + 1)
    return f"{colons} {attributes}\n{content}\n{colons}"


def _fence(text: str, info: str, *, shortcodes: bool = True) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    if not shortcodes:
        info = (
            f'{info[:-1]} shortcodes="false"}}' if info.endswith("}") else ' {shortcodes="false"}'
        )
    return f"{fence}{info}\n{text}\n{fence}"


def _line(text: Any) -> str:
    return " ".join(str(text).split()) if text is not None else ""


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _json(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content)
