"""Check a web page: axe-core in a real browser, and that the file stands on its own legs.

The page is opened from disk, as a reader does, at the width of a screen and of a telephone, light
and dark, with all that is folded opened. Then it is opened once more under a strict Content
Security Policy. Nothing that it asks for is fetched; what it asks for is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import lxml.html

from berattelse.checks.axe_sv import SENTENCES
from berattelse.checks.html_source import addresses
from berattelse.checks.rules import INSTALL, Level, finding
from berattelse.model import Finding
from berattelse.tools import asset

VIEWS = tuple((width, scheme) for width in (1280, 390) for scheme in ("light", "dark"))
"""Width in CSS px and colour scheme of each view that axe judges."""
SCROLL_WIDTHS = (1280, 390, 320)
"""CSS px; 320 is what WCAG 1.4.10 Reflow asks for."""
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
LIMIT_BYTES = 5_000_000
MAX_BYTES = 50_000_000
MAX_ELEMENTS = 20_000
"""What axe gets through in a few minutes; a report of a hundred pages has 5 000 elements."""
TIMEOUT_MS = 30_000
STRICT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
"""A policy that a kommun's site may set; the page's own script hashes are added."""

_SCHEMES = {"light": "ljust", "dark": "mörkt"}
_STAND_IN = "https://sida.invalid/"
_INSIDE = ("data:", "blob:", "about:")
_OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true; })"
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_LISTEN = """
window.__brott = [];
addEventListener('securitypolicyviolation', event => window.__brott.push({
  directive: event.effectiveDirective, uri: event.blockedURI,
  sample: event.sample, line: event.lineNumber,
}), true);
"""
_COLOUR_RULES = ("color-contrast", "link-in-text-block")
"""What may differ between light and dark; all else is judged in light alone."""


@dataclass
class _Heard:
    """What a page did while it was open."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    violations: list[dict[str, Any]] = field(default_factory=list)


@lru_cache(maxsize=1)
def _axe() -> str:
    """Return axe-core's script.

    Raises:
        ImportError: it is not installed.
    """
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def check(path: Path, browser: Any) -> list[Finding]:
    """Return what is wrong with a web page.

    Args:
        path: the file.
        browser: a Chromium that Playwright runs.
    """
    from playwright.sync_api import Error

    try:
        _axe()
    except ImportError:
        return [finding("ej_provad", "Webbsidan är inte prövad: axe saknas.", remedy=INSTALL)]
    content = path.read_bytes()
    found = _source(content)
    if found:
        return found
    try:
        return _judged(path, content, browser)
    except Error as error:
        reason = str(error).strip().splitlines()[0]
        if not browser.is_connected():
            message = f"Webbsidan är inte prövad: webbläsaren stannade ({reason})."
            remedy = "Kör om; hjälper det inte, pröva med en annan webbläsare."
            return [finding("ej_provad", message, remedy=remedy)]
        return [finding("html_oppnas", f"Webbläsaren kan inte visa sidan: {reason}")]


def _source(content: bytes) -> list[Finding]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return [finding("html_oppnas", "Filen är inte sparad som UTF-8, eller är ingen textfil.")]
    if len(content) > MAX_BYTES or content.count(b"<") > 2 * MAX_ELEMENTS:
        thousands = f"{MAX_ELEMENTS // 1000}\u00a0000"
        message = (
            f"Sidan är för stor att pröva: över {MAX_BYTES // 1_000_000} MB eller "
            f"{thousands} element."
        )
        return [finding("html_oppnas", message, remedy="Dela sidan i flera, eller minska den.")]
    if "\0" in text or not re.search(r"<(?:!doctype html|html|head|body)\b", text, re.IGNORECASE):
        return [finding("html_oppnas", "Filen är ingen webbsida: den saknar html-element.")]
    return []


def _judged(path: Path, content: bytes, browser: Any) -> list[Finding]:
    # Chromium takes `..` out of an address; links among the folders are followed as it does
    own = (path.parent.resolve() / path.name).as_uri()
    heard = _Heard()
    context = browser.new_context(reduced_motion="reduce", service_workers="block")
    try:
        context.set_default_timeout(TIMEOUT_MS)
        page = _open(context, own, heard)
        found = _own(page, content)
        found += _widths(page)
        found += _accessible(page)
        page.close()
        _strict(context, content, heard)
    finally:
        context.close()
    return _alone(heard, content) + found


def _open(context: Any, own: str, heard: _Heard) -> Any:
    def guard(route: Any) -> None:
        url = route.request.url.partition("#")[0]
        if url == own:
            route.continue_()
            return
        if not url.startswith(_INSIDE):
            heard.requests.append(url)
        route.abort()

    page = context.new_page()
    page.route("**/*", guard)
    page.on("pageerror", lambda error: heard.errors.append(str(error).splitlines()[0]))
    page.on("websocket", lambda socket: heard.requests.append(socket.url))
    page.goto(own, wait_until="load")
    return page


def _strict(context: Any, content: bytes, heard: _Heard) -> None:
    """Open the page again under the strict policy and hear what the browser stops."""
    hashes = " ".join(_script_hashes(content))
    policy = f"{STRICT}; script-src {hashes}" if hashes else STRICT

    def serve(route: Any) -> None:
        if route.request.url.partition("#")[0] != _STAND_IN:
            route.abort()
            return
        headers = {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": policy,
        }
        route.fulfill(body=content, headers=headers)

    page = context.new_page()
    page.route("**/*", serve)
    page.add_init_script(_LISTEN)
    page.goto(_STAND_IN, wait_until="load")
    heard.violations += page.evaluate("window.__brott") or []
    page.close()


def _script_hashes(content: bytes) -> list[str]:
    """Return the hashes that the page's own policy names for its scripts."""
    tree = lxml.html.document_fromstring(content, parser=lxml.html.HTMLParser(encoding="utf-8"))
    hashes: list[str] = []
    for meta in tree.iter("meta"):
        if (meta.get("http-equiv") or "").lower() == "content-security-policy":
            for directive in (meta.get("content") or "").split(";"):
                name, _, sources = directive.strip().partition(" ")
                if name in ("script-src", "script-src-elem"):
                    hashes += re.findall(r"'sha(?:256|384|512)-[\w+/=-]+'", sources)
    return list(dict.fromkeys(hashes))


def _alone(heard: _Heard, content: bytes) -> list[Finding]:
    """Return what the page asks for from outside, or names; and what a strict policy stops."""
    asked = dict.fromkeys(heard.requests)
    stopped: dict[str, str] = {}
    for violation in heard.violations:
        uri = str(violation["uri"])
        if uri.startswith(("http", "ws", "file:", "//")) and not uri.startswith(_STAND_IN):
            if not any(url.startswith(uri) for url in asked):  # of a frame, only its site is told
                asked.setdefault(uri)
            continue
        if uri.startswith(_STAND_IN):
            # A relative address: a file beside the page
            uri = uri.removeprefix(_STAND_IN)
            if not any(url.endswith(f"/{uri}") for url in asked):
                asked.setdefault(uri)
            continue
        sample = f": {violation['sample']}" if violation["sample"] else ""
        key = f"{violation['directive']} ({uri or 'inline'}{sample})"
        stopped.setdefault(key, f"rad {violation['line']}" if violation["line"] else "")
    found = [finding("html_anrop", f"Sidan hämtar {_short(url)}.") for url in asked]
    found += [
        finding("html_anrop", f"Sidan {does} {_short(address)}.")
        for does, address in addresses(content)
        if not any(_same(url, address) for url in asked)
    ]
    found += [
        finding("html_csp", f"Den stränga säkerhetspolicyn stoppar {key}.", place)
        for key, place in stopped.items()
    ]
    found += [
        finding("html_skriptfel", f"Ett skript stannar med ett fel: {error}")
        for error in dict.fromkeys(heard.errors)
    ]
    return found


def _same(url: str, address: str) -> bool:
    """Say whether a request, a whole address, is what the page's text names, perhaps shorter."""
    tail = re.sub(r"^(?:[a-z]+:)?//|^(?:\.{0,2}/)+|[?#].*$", "", address, flags=re.IGNORECASE)
    return bool(tail) and tail.rstrip("/") in url


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}…"


def _own(page: Any, content: bytes) -> list[Finding]:
    found = []
    facts = page.evaluate(
        "({text: (document.body?.innerText || '').trim().length,"
        " lang: document.documentElement.lang})"
    )
    if not re.search(rb"charset\s*=\s*[\"']?utf-8", content[:1024], re.IGNORECASE):
        message = "Filen säger inte i sina första 1024 byte att den är UTF-8: å, ä och ö blir fel."
        remedy = 'Skriv <meta charset="utf-8"> först i head.'
        found.append(finding("html_oppnas", message, remedy=remedy))
    if not facts["text"]:
        found.append(finding("html_oppnas", "Sidan är tom när den öppnas."))
    if facts["lang"] and not re.fullmatch(r"sv(-\w+)*", facts["lang"], re.IGNORECASE):
        found.append(finding("html_sprak", f"Sidans språk är «{facts['lang']}», inte svenska."))
    if len(content) > LIMIT_BYTES:
        size = f"{len(content) / 1e6:.1f}".replace(".", ",")
        found.append(finding("html_storlek", f"Sidan är {size} MB."))
    return found


def _widths(page: Any) -> list[Finding]:
    """Return at which widths the page itself scrolls sideways; all is left unfolded."""
    wide: dict[int, int] = {}
    cut: dict[int, int] = {}
    clipped = asset("checks/clipped.js").read_text(encoding="utf-8")
    for unfolded in (False, True):
        if unfolded:
            page.evaluate(_OPEN_ALL)
        for width in SCROLL_WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            over = page.evaluate(_OVERFLOW)
            if over > 0:
                wide[width] = max(over, wide.get(width, 0))
            hidden = page.evaluate(clipped)
            if hidden > 0:
                cut[width] = max(hidden, cut.get(width, 0))
    return [
        finding("html_bredd", f"Sidan är {over} px för bred när fönstret är {width} px brett.")
        for width, over in wide.items()
    ] + [
        finding("html_bredd", f"Text klipps av {px} px utanför kanten när fönstret är {width} px "
                "brett, och går inte att rulla fram.")
        for width, px in cut.items()
        if width not in wide
    ]  # fmt: skip


def _accessible(page: Any) -> list[Finding]:
    """Return what axe finds in the views, each once, with the views where it is so."""
    page.evaluate(_axe())
    judge = asset("checks/judge.js").read_text(encoding="utf-8")
    seen: dict[tuple[str, str, str], tuple[Finding, list[str]]] = {}
    undecided: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        run = {"type": "tag", "values": [*WCAG, "best-practice"]}
        if scheme == "dark":
            run = {"type": "rule", "values": list(_COLOUR_RULES)}
        result = page.evaluate(judge, run)
        for key, each in _broken(result):
            seen.setdefault(key, (each, []))[1].append(f"{width} px {_SCHEMES[scheme]}")
        unsure = {rule["id"]: rule for rule in result["incomplete"]}
        for name in sorted(unsure.keys() | {rule for rule, its in undecided if its == scheme}):
            undecided.setdefault((name, scheme), []).append(unsure.get(name, {}))
    found = [_seen_in(each, views) for each, views in seen.values()]
    return found + list(_unsure(undecided))


def _seen_in(each: Finding, views: Sequence[str]) -> Finding:
    """Add to the place in which views it is so, unless it is so wherever it was looked for."""
    colour = each.rule.partition(":")[2] in _COLOUR_RULES
    looked = [width for width, scheme in VIEWS if colour or scheme == "light"]
    if len(views) == len(looked):
        return each
    place = "; ".join(filter(None, (each.place, f"vid {', '.join(views)}")))
    return Finding(each.rule, each.level, each.message, place, each.remedy)


def _broken(result: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], Finding]]:
    for rule in result["violations"]:
        level: Level = "varning" if "best-practice" in rule["tags"] else "fel"
        for node in rule["nodes"]:
            message = _message(rule, node["contrast"])
            remedy = f"axe säger: {rule['help']}."
            each = Finding(f"axe:{rule['id']}", level, message, _place(node), remedy)
            yield (rule["id"], node["target"], message), each
    for node in result["stopped"]:
        message = f"axe-regeln {node['id']} stannade med ett fel: den är inte prövad."
        remedy = "Pröva med en annan version av Chromium, Chrome eller Edge."
        yield (node["id"], "", "fel"), finding("ej_provad", message, _place(node), remedy)


def _unsure(undecided: Mapping[tuple[str, str], list[dict[str, Any]]]) -> Iterator[Finding]:
    """Tell what axe could not decide at any width: what one scrolls away, another shows."""
    told: set[str] = set()
    for (name, _), views in undecided.items():
        nodes = {node["target"]: node for node in views[0].get("nodes", ())}
        for view in views[1:]:
            also = {node["target"] for node in view.get("nodes", ())}
            nodes = {target: node for target, node in nodes.items() if target in also}
        if not nodes or name in told or len(views) < len({width for width, _ in VIEWS}):
            continue
        told.add(name)
        sentence = SENTENCES.get(name, views[0]["help"]).rstrip(".")
        places = "1 ställe" if len(nodes) == 1 else f"{len(nodes)} ställen"
        yield Finding(
            f"axe:{name}",
            "upplysning",
            f"axe kan inte själv avgöra «{sentence}» på {places}.",
            _place(next(iter(nodes.values()))),
            "Titta efter själv på det första stället och på liknande.",
        )


def _message(rule: Mapping[str, Any], contrast: Mapping[str, Any] | None) -> str:
    if contrast and contrast.get("contrastRatio"):
        ratio = f"{contrast['contrastRatio']}".replace(".", ",")
        wanted = str(contrast["expectedContrastRatio"]).replace(".", ",")
        return (
            f"Kontrasten är {ratio}:1 men ska vara minst {wanted} "
            f"({contrast['fgColor']} på {contrast['bgColor']})."
        )
    sentence = SENTENCES.get(rule["id"])
    said = sentence.rstrip(".") if sentence else rule["help"]
    return f"Regeln «{said}» är bruten."


def _place(node: Mapping[str, Any]) -> str:
    parts = []
    if node.get("heading"):
        parts.append(f"under rubriken «{node['heading']}»")
    heading, caption, text = (node.get(name) or "" for name in ("heading", "caption", "text"))
    if caption:
        parts.append(f"i tabellen «{caption}»")
    if not text:
        parts.append(node["html"])
    elif text != heading and not (caption and text.startswith(caption)):
        parts.append(f"«{text}»")
    return ", ".join(parts)
