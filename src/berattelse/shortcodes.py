"""Quarto's shortcodes that are known before typesetting: `meta`, `var`, `env`, `kbd` and more.

They are put in place in the composed Markdown, line by line, also within code, link targets and
attributes. `{{{< x >}}}` is the way to write one that stays. `pagebreak` and `contents` need the
whole document and are left for the filters; so is what is not known, which they tell of.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from berattelse import literal, lorem, placeholder, qmd
from berattelse.model import Place

Context = Literal["text", "code", "raw", "target", "attribute"]
"""Where a shortcode stands: running text, code, a raw block, a link's target, an attribute."""

_ESCAPED = re.compile(r"\{(\{\{+<.*?>\}\}+)\}|\{\{</\*(.*?)\*/>\}\}", re.S)
_SHORTCODE = re.compile(r"\{\{<\s*((?:(?!\{\{<|>\}\}).)*?)\s*>\}\}", re.S)
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", re.S)
_TARGET = re.compile(r"\]\([^()\s]*$")
_ATTRIBUTE = re.compile(r"""\{[^{}]*=\s*["']?[^{}"']*$""")
_LATER = frozenset({"pagebreak", "newpage", "contents", "include"})
_MOST_LINES = 10
_DEEPEST = 10

_LINE = tuple[str, Place | None]


@dataclass
class Shortcodes:
    """What the shortcodes of one document can draw on, and what they had to say."""

    metadata: Mapping[str, Any]
    folder: Path
    """Of the composed document."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    """`_variables.yml`."""
    brand: Mapping[str, Any] = field(default_factory=dict)
    """`_brand.yml`."""
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    single: bool = False
    """Whether the document stands by itself: then a page may show what lies on the net."""
    extensions: bool = False
    """Whether the document has shortcodes of its own, which run in a filter."""
    warnings: list[tuple[str, Place | None]] = field(default_factory=list)

    def lines(self, lines: Sequence[_LINE]) -> list[_LINE]:
        """Return the composed document's lines with shortcodes in place."""
        nowhere = Place(Path(), 1)
        told = [qmd.Line(text, place or nowhere) for text, place in lines]
        kinds = _kinds(told)
        done: list[_LINE] = []
        index = 0
        while index < len(lines):
            text, place = lines[index]
            kind = kinds[index]
            index += 1
            if "{{<" not in text or kind == "off":
                done.append((text, place))
                continue
            last = min(index + _MOST_LINES, len(lines))
            while (
                text.count("{{<") > text.count(">}}") and index < last and lines[index][0].strip()
            ):
                text += "\n" + lines[index][0]
                index += 1
            result = self.text(text, kind, place)  # type: ignore[arg-type]
            done += [(line, place) for line in result.split("\n")]
        return done

    def text(self, text: str, kind: Context = "text", place: Place | None = None) -> str:
        """Return `text` with shortcodes in place; `kind` is what the whole of it is."""
        kept: list[str] = []

        def keep(match: re.Match[str]) -> str:
            inner = match[1] if match[1] is not None else f"{{{{<{match[2]}>}}}}"
            context = kind if kind != "text" else _context(text, match.start())
            kept.append(literal.markdown(inner) if context == "text" else inner)
            return f"\0{len(kept) - 1}\0"

        text = _ESCAPED.sub(keep, text.replace("\0", ""))
        for _ in range(_DEEPEST):
            found = list(_SHORTCODE.finditer(text))
            if not found:
                break
            whole = text
            pieces, end = [], 0
            for match in found:
                context = kind if kind != "text" else _context(whole, match.start())
                alone = whole.strip() == match[0] and context == "text"
                pieces += [whole[end : match.start()]]
                body = _restored(match[1], kept)  # one within another has its value by now
                content = self._one(body, context, alone, place)
                # Kept aside: what a value holds is no shortcode, whatever it looks like
                kept.append(f"{{{{< {body} >}}}}" if content is None else content)
                pieces.append(f"\0{len(kept) - 1}\0")
                end = match.end()
            text = "".join(pieces) + whole[end:]
        return _restored(text, kept)

    def _one(self, body: str, context: Context, alone: bool, place: Place | None) -> str | None:
        words, options = _arguments(body)
        if not words:
            return None
        name, *words = words
        if name in _LATER:
            return None
        handler = HANDLERS.get(name)
        if name == "video" and not self.single:
            return None  # a berättelse fetches nothing: the filters tell of it, with its place
        if handler is None and self.extensions and context == "text":
            told = {
                "name": name,
                "args": words,
                "options": options,
                "written": f"{{{{< {body} >}}}}",
            }
            text = json.dumps(told, ensure_ascii=False).replace("`", "\\u0060")
            return f"`{text}`{{=berattelse-kortkod}}"
        if handler is None:
            if self.single:
                self.warn(f"Kortkoden «{name}» stöds inte och står kvar i texten.", place)
                return literal.markdown(f"{{{{< {body} >}}}}") if context == "text" else None
            return None
        return handler(Call(self, words, options, context, alone, place))

    def warn(self, message: str, place: Place | None) -> None:
        """Remember what the user should know, once per message."""
        if message not in (told for told, _ in self.warnings):
            self.warnings.append((message, place))


@dataclass(frozen=True)
class Call:
    """One use of a shortcode."""

    of: Shortcodes
    words: Sequence[str]
    options: Mapping[str, str]
    context: Context
    alone: bool
    """Whether nothing else stands on the line."""
    place: Place | None

    def value(self, content: Any, name: str) -> str:
        """Return metadata as it is to stand here; a missing one shows its name, and is told."""
        if content is None or isinstance(content, Mapping):
            what = "saknas" if content is None else "är ingen text"
            self.of.warn(f"Värdet «{name}» i en kortkod {what}.", self.place)
            shown = f"?{name}"
            return f"**{literal.markdown(shown)}**" if self.context == "text" else shown
        if isinstance(content, list):
            text = "".join(_text(each) for each in content)
        else:
            text = _text(content)
        text = text.strip("\n")
        if self.context == "attribute":
            return " ".join(
                text.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'").split()
            )
        if self.context == "target":
            return text.strip()
        if self.context == "text" and not self.alone:
            return " ".join(text.split("\n"))
        return text


def _restored(text: str, kept: Sequence[str]) -> str:
    while "\0" in text:
        text = re.sub("\0(\\d+)\0", lambda match: kept[int(match[1])], text)
    return text


def _text(content: Any) -> str:
    if isinstance(content, bool):
        return "true" if content else "false"
    return str(content)


def _kinds(lines: Sequence[qmd.Line]) -> list[str]:
    """Return what each line is: text, code, raw, or "off" where shortcodes are not looked for."""
    kinds: list[str] = []
    inside = "code"
    for _, _, info in qmd.outside_code(lines):
        if info.startswith("```"):
            inside = "raw" if re.match(r"```\{=\w+\}", info) else "code"
            if re.search(r'shortcodes\s*=\s*"?false', info):
                inside = "off"
            kinds.append("text" if inside != "off" else "off")
        else:
            kinds.append(inside if info == "code" else "text")
    return kinds


def _context(text: str, start: int) -> Context:
    for match in _CODE.finditer(text):
        if match.start() < start < match.end():
            return "code"
    before = _SHORTCODE.sub("", text[:start])
    if _TARGET.search(before):
        return "target"
    return "attribute" if _ATTRIBUTE.search(before) else "text"


def _arguments(body: str) -> tuple[list[str], dict[str, str]]:
    """Return the words of a shortcode and its `key=value` options."""
    lexer = shlex.shlex(body, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.escape = ""
    try:
        parts = list(lexer)
    except ValueError:  # a quotation mark that is not closed
        parts = body.split()
    words: list[str] = []
    options: dict[str, str] = {}
    for part in parts:
        match = re.match(r"^([A-Za-z][\w-]*)=(.*)$", part, re.S)
        if match and words:
            options[match[1]] = match[2]
        else:
            words.append(part)
    return words, options


def lookup(content: Any, key: str) -> Any:
    r"""Return what stands under a dotted key; `a\.b` is one step, a number counts from 1."""
    steps = re.split(r"(?<!\\)\.", key.replace("\\\\.", "\\."))
    for step in (step.replace("\\.", ".") for step in steps):
        if isinstance(content, Mapping):
            content = content.get(step)
        elif isinstance(content, list) and step.isdigit() and 1 <= int(step) <= len(content):
            content = content[int(step) - 1]
        else:
            return None
    return content


def _meta(call: Call) -> str:
    name = call.words[0] if call.words else ""
    return call.value(lookup(call.of.metadata, name), f"meta:{name}")


def _var(call: Call) -> str:
    name = call.words[0] if call.words else ""
    return call.value(lookup(call.of.variables, name), f"var:{name}")


def _env(call: Call) -> str:
    name, *rest = call.words or [""]
    content = call.of.environment.get(name) or (rest[0] if rest else None)
    # Not the author's own words: no Markdown in it
    text = call.value(content, f"env:{name}")
    return literal.markdown(text) if content is not None and call.context == "text" else text


def _kbd(call: Call) -> str:
    systems = {"mac": "mac", "win": "windows", "linux": "linux"}
    given = {systems[key]: text for key, text in call.options.items() if key in systems}
    said = ", ".join(f"{system}: {given[system]}" for system in sorted(given))
    shown = call.words[0] if call.words else given.get("windows") or next(iter(given.values()), "")
    if call.context != "text":
        return shown
    mode = "" if said else ' mode="plain"'
    return f'[{literal.markdown(shown)}]{{.kbd title="{literal.attribute(said or shown)}"{mode}}}'


def _placeholder(call: Call) -> str:
    sizes = [int(word) for word in call.words if word.isdigit()][:2]
    width = min(max(sizes[0] if sizes else 100, 1), 4000)
    height = min(max(sizes[1] if len(sizes) > 1 else width, 1), 4000)
    drawn = call.options.get("format") == "svg"
    name = f"figures/placeholder-{width}-{height}.{'svg' if drawn else 'png'}"
    data = placeholder.svg(width, height) if drawn else placeholder.png(width, height)
    (call.of.folder / "figures").mkdir(parents=True, exist_ok=True)
    (call.of.folder / name).write_bytes(data)
    if call.context in ("target", "attribute", "raw", "code"):
        return name
    return f'![]({name}){{fig-alt="{width} × {height}" width="{width}" height="{height}"}}'


def _lipsum(call: Call) -> str:
    asked = call.words[0] if call.words else "1-5"
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", asked)
    first, last = (1, 5) if match is None else (
        (int(match[1]), int(match[2])) if match[2] else (1, int(match[1]))
    )  # fmt: skip
    paragraphs = lorem.paragraphs(first, min(last, first + 99))
    return ("\n\n" if call.alone else " ").join(paragraphs)


_YOUTUBE = re.compile(
    r"(?:youtube(?:-nocookie)?\.com/(?:watch\?v=|embed/)|youtu\.be/)([\w-]+)(?:.*?[?&](?:t|start)=(\d+))?"
)
_VIMEO = re.compile(r"vimeo\.com/(?:video/)?(\d+)")


def _video(call: Call) -> str:
    address = call.words[0] if call.words else call.options.get("src", "")
    title = call.options.get("title", "")
    link = f"[{literal.markdown(title or address)}](<{address.replace('>', '%3E')}>)"
    if not call.alone:
        return link
    width, height = _video_size(call.options)
    source = address
    if match := _YOUTUBE.search(address):
        source = f"https://www.youtube-nocookie.com/embed/{match[1]}"
        start = call.options.get("start") or match[2]
        source += f"?start={start}" if start else ""
    elif match := _VIMEO.search(address):
        source = f"https://player.vimeo.com/video/{match[1]}"
    size = "".join(
        f' {name}="{literal.html(text)}"'
        for name, text in (("width", width), ("height", height))
        if text
    )
    shown = _quotes(title or "Video")
    if re.search(r"\.(mp4|webm|ogv|mov)$", source):
        content = f'<video src="{_quotes(source)}" controls title="{shown}"{size}></video>'
    else:
        content = (
            f'<iframe src="{_quotes(source)}" title="{shown}"{size} '
            'allow="fullscreen" allowfullscreen></iframe>'
        )
    return (
        '::: {.content-visible when-format="html"}\n'
        f'```{{=html}}\n<div class="quarto-video">{content}</div>\n```\n:::\n\n'
        f'::: {{.content-visible unless-format="html"}}\n{link}\n:::'
    )


def _quotes(text: str) -> str:
    return literal.html(text).replace('"', "&quot;")


def _video_size(options: Mapping[str, str]) -> tuple[str, str]:
    """Return width and height; one of them may follow from the other by the aspect ratio."""
    width, height = options.get("width", ""), options.get("height", "")
    match = re.fullmatch(r"(\d+)x(\d+)", options.get("aspect-ratio", ""))
    if match and int(match[1]) and int(match[2]):
        across, down = int(match[1]), int(match[2])
        if width.isdigit() and not height:
            height = str(int(width) * down // across)
        elif height.isdigit() and not width:
            width = str(int(height) * across // down)
    return width, height


def _brand(call: Call) -> str | None:
    kind, *rest = call.words or [""]
    if kind == "color" and rest:
        colours = call.of.brand.get("color") or {}
        name: Any = rest[0]
        for _ in range(_DEEPEST):
            following = colours.get(name, (colours.get("palette") or {}).get(name))
            if following is None:
                break
            name = following
        return call.value(name if str(name).startswith("#") else None, f"brand:color {rest[0]}")
    return call.value(None, f"brand:{' '.join(call.words)}")


def _version(call: Call) -> str:
    return metadata.version("berattelse")


HANDLERS: Mapping[str, Callable[[Call], str | None]] = {
    "meta": _meta,
    "var": _var,
    "env": _env,
    "kbd": _kbd,
    "placeholder": _placeholder,
    "lipsum": _lipsum,
    "video": _video,
    "brand": _brand,
    "version": _version,
}
"""Each takes a call and returns Markdown for it (plain text outside running text)."""
