"""What typst refuses, told in Swedish with the line of the source that it stands on.

What the filters find (`assets/filters`) has been told before typst runs. Here are the faults that
only typst sees: images it cannot decode, the author's own typst code, letters that no PDF/A may
hold. Typst stops at the first of some kinds, so each image and each piece of typst code is then
tried alone: the user sees all of them at once.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typst

from berattelse import origin
from berattelse.errors import TypesetError
from berattelse.model import Document, Place, shown

_IMAGE = re.compile(r'\bbild\(("(?:[^"\\]|\\.)*")')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_RAW = re.compile(r"/\*rå (\d+)\*/(\n?)(.*?)\2/\*rå \1 slut\*/", re.DOTALL)
_AT = re.compile(r"__typst_py_bytes__\.typ:(\d+):\d+")
_LETTERS = re.compile(r'(?:the text|codepoint) `?"((?:[^"\\]|\\.)+)"`?')
_STANDS = "berattelse: koden kan läsas"

_REFUSALS: tuple[tuple[str, str, str], ...] = (
    (
        r"missing alt text",
        "en bild eller formel saknar alternativtext",
        "skriv vad bilden visar inom hakparenteserna: ![Vad bilden visar](fil.png)",
    ),
    (
        r"skipped from heading level (\d+) to (\d+)",
        "rubriknivåerna hoppar från {0} till {1}",
        "använd nivåerna i ordning: #, ##, ###",
    ),
    (
        r"the first heading must be of level 1",
        "den första rubriken har inte nivå 1",
        "börja texten med en rubrik på nivå 1 (#)",
    ),
    (r"heading title is empty", "en rubrik saknar text", "skriv rubrikens text"),
    (
        r"label `<(.+)>` does not exist",
        "länken till #{0} leder ingenstans",
        "kontrollera stavningen",
    ),
    (
        r"label `<(.+)>` occurs multiple times",
        "id:t {0} används mer än en gång",
        "ge det ena ett annat namn",
    ),
    (
        r"pagebreaks are not allowed inside of containers",
        "en sidbrytning står inne i en ruta, lista eller tabell",
        "flytta ut sidbrytningen till ett eget stycke",
    ),
)

_WIDE = re.compile(r"berattelse-bred:\s*(.*)")
_BETWEEN = "\u2063"
"""What stands between the texts that a table without an id is known by (`pdf/tables.lua`)."""

_IN_IMAGE: tuple[tuple[str, str], ...] = (
    (r"failed to parse SVG \((.+)\)", "SVG-filen är skadad ({0})"),
    (r"failed to decode image|unknown image format", "filen är skadad eller ingen bild"),
    (r"file not found", "filen finns inte"),
    (r"escape the project root", "filen ligger utanför projektet"),
    (r"is a directory", "det är en mapp och ingen fil"),
    (r"could not be displayed|codepoint", "den innehåller tecken som inte kan visas"),
)

_IN_CODE: tuple[tuple[str, str], ...] = (
    (r"unclosed (?:delimiter|string|raw text)", "en parentes eller ett citat stängs aldrig"),
    (r"unexpected closing", "en parentes stängs som aldrig har öppnats"),
    (r"unknown variable: (.+)", "namnet «{0}» finns inte"),
    (r"unexpected argument(?:: (.+))?", "argumentet «{0}» finns inte"),
    (r"missing argument: (.+)", "argumentet «{0}» saknas"),
    (r"expected (.+), found (.+)", "typst väntade {0} men fann {1}"),
    (r"the character `(.+)` is not valid", "tecknet «{0}» får inte stå där"),
    (r"panicked with: (.+)", "koden avbryter sig själv: {0}"),
)


@dataclass(frozen=True)
class Attempt:
    """What was given to typst."""

    document: Document
    code: str
    """What stands after the template: pandoc's output."""
    before: int
    """How many lines of template stand before it."""
    fonts: typst.Fonts
    alone: bool = False
    """Whether the document stands by itself, and is no berättelse."""

    def compiled(self, source: str) -> typst.TypstError | None:
        """Return what typst says of some code that stands alone; None if it is content."""
        head = '#set document(title: "x")\n'
        try:
            compiler = typst.Compiler(
                (head + source).encode(),
                root=str(self.document.folder),
                font_paths=self.fonts,
                ignore_system_fonts=True,
            )
            compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=0)
        except typst.TypstError as error:
            return error
        return None


def explain(error: typst.TypstError, attempt: Attempt) -> list[TypesetError]:
    """Return all that is wrong with a document that typst refused."""
    where = origin.read(attempt.document.folder)
    code = list(_code_faults(attempt, where))
    images = list(_image_faults(attempt, where))
    said: list[TypesetError] = []
    for message, lines, hints in _diagnostics(error):
        line = next((line - attempt.before for line in lines if line > attempt.before), 0)
        raw = _raw_at(attempt, line)
        if images and any(re.search(pattern, message) for pattern, _ in _IN_IMAGE[:5]):
            continue
        if raw is not None:
            said.append(_in_code(message, where.find(raw), attempt))
        else:
            said += _refusal(message, hints, line, attempt, where)
    # What cannot be read makes nonsense of what comes after it.
    said = [] if code else said
    found = {str(fault): fault for fault in [*code, *images, *said]}
    return list(found.values())


def in_boxes(error: typst.TypstError, attempt: Attempt) -> list[str]:
    """Return a warning for each letter that no font has, if that is (part of) what typst says."""
    where = origin.read(attempt.document.folder)
    chars: dict[str, None] = {}
    for message, _, _ in _diagnostics(error):
        found = _LETTERS.search(message)
        if found and "could not be displayed" in message:
            chars.update(dict.fromkeys(filter(_is_letter, _unescaped(found[1]))))
    return [
        str(
            TypesetError(
                f"PDF: tecknet «{char}» (U+{ord(char):04X}) finns inte i något typsnitt och visas "
                "som en ruta.",
                place=place,
                remedy="Byt ut tecknet om det inte ska vara så.",
            )
        )
        for char in sorted(chars)
        for place in _all(where, "text", char)
    ]


def before_typst(attempt: Attempt) -> list[TypesetError]:
    """Return what can be told of images and typst code where the filters have found faults."""
    where = origin.read(attempt.document.folder)
    return [*_code_faults(attempt, where), *_image_faults(attempt, where, missing=False)]


def _diagnostics(error: typst.TypstError) -> Iterator[tuple[str, list[int], list[str]]]:
    """Yield `(message, lines, hints)` of each error.

    `lines`: where it stands, and the calls that led there, in our source and none of an image's.
    """
    for part in re.split(r"^error: ", error.diagnostic, flags=re.MULTILINE)[1:]:
        message = re.split(r"\n\s*┌─|\n\n", part)[0].strip()
        hints = re.findall(r"^\s*= hint: (.+)$", part, flags=re.MULTILINE)
        yield message, [int(line) for line in _AT.findall(part)], hints


def _all(where: origin.Origin, kind: str, text: str) -> list[Place | None]:
    """Return every place of an element; one that is nowhere to be found is told all the same."""
    return [*where.all(kind, text)] or [None]


def _fault(text: str, place: Place | None, remedy: str, attempt: Attempt) -> TypesetError:
    job = attempt.document.job
    return TypesetError(f"PDF: {text}.", place=place or shown(job.source), remedy=remedy)


# Images ---------------------------------------------------------------------------------------


def _image_faults(
    attempt: Attempt, where: origin.Origin, *, missing: bool = True
) -> Iterator[TypesetError]:
    """Try each image alone. `missing`: tell also of those that are not there."""
    names = list(dict.fromkeys(json.loads(found) for found in _IMAGE.findall(attempt.code)))
    for name in names:
        if not missing and not (attempt.document.folder / name).is_file():
            continue
        error = attempt.compiled(f'#image({json.dumps(name, ensure_ascii=False)}, alt: "x")')
        if error is None:
            continue
        text = _worded(error.message, _IN_IMAGE) or error.message
        for place in _all(where, "bild", name):
            yield _fault(
                f"bilden {_own_name(name)} kan inte visas: {text}",
                place,
                "spara om bilden som PNG eller SVG, och kontrollera sökvägen",
                attempt,
            )


def _own_name(name: str) -> str:
    """Return what the writer calls a picture that `images.py` has copied."""
    return re.sub(r"^bilder/\d+-", "", name)


def logo_fault(document: Document, name: str, fonts: typst.Fonts) -> str:
    """Return in Swedish what is wrong with the image `name`; empty if nothing is."""
    attempt = Attempt(document, "", 0, fonts)
    error = attempt.compiled(f'#image({json.dumps(name)}, alt: "x")')
    return (_worded(error.message, _IN_IMAGE) or error.message) if error else ""


# Typst code of the author's own ---------------------------------------------------------------


def _pieces(code: str) -> Iterator[tuple[re.Match[str], dict[str, object]]]:
    """Yield each piece of the author's own code, and what `origin` finds it by."""
    seen: dict[str, int] = {}
    for found in _RAW.finditer(code):
        text = found[3]
        seen[text] = seen.get(text, 0) + 1
        yield found, {"kind": "typst", "text": text, "nr": seen[text]}


def _raw_at(attempt: Attempt, line: int) -> dict[str, object] | None:
    """Return what `origin` finds the author's code by that stands on line `line` of the code."""
    for found, at in _pieces(attempt.code):
        first = attempt.code.count("\n", 0, found.start(3)) + 1
        if first <= line <= first + found[3].count("\n"):
            return {**at, "row": line - first}
    return None


def _code_faults(attempt: Attempt, where: origin.Origin) -> Iterator[TypesetError]:
    """Read each piece of the author's code alone: one that is left open would swallow the rest."""
    for found, at in _pieces(attempt.code):
        # Typst reads all before it runs any; if it runs, the code can be read.
        error = attempt.compiled(f'#panic("{_STANDS}")\n{found[3]}')
        if error is None or _STANDS in error.message:
            continue
        for message, lines, _ in _diagnostics(error):
            row = max(lines[0] - 3, 0) if lines else 0
            yield _in_code(message, where.find({**at, "row": row}), attempt)


def _in_code(message: str, place: Place | None, attempt: Attempt) -> TypesetError:
    for pattern, text, remedy in _REFUSALS:
        if refused := re.search(pattern, message):
            told = text.format(*refused.groups())
            return _fault(f"typst-koden är fel: {told}", place, remedy, attempt)
    message = _without_folder(message, attempt.document.folder)
    text = _worded(message, _IN_CODE)
    told = f"{text} (typst: {message})" if text else f"typst säger «{message}»"
    return _fault(
        f"typst-koden är fel: {told}", place, "rätta koden, eller skriv det i Markdown", attempt
    )


# The rest -------------------------------------------------------------------------------------


def _refusal(
    message: str, hints: list[str], line: int, attempt: Attempt, where: origin.Origin
) -> list[TypesetError]:
    letters = _LETTERS.search(message)
    if letters:
        chars = dict.fromkeys(_unescaped(letters[1]))
        if any(map(_is_private, chars)):
            # Of those typst tells the first in each run of text.
            chars.update(dict.fromkeys(filter(_is_private, "".join(where.lines))))
        return [fault for char in chars for fault in _letter(char, attempt, where)]
    if wide := _WIDE.search(message):
        return [_too_wide(wide[1], attempt, where)]
    for pattern, text, remedy in _REFUSALS:
        found = re.search(pattern, message)
        if found:
            place = _near(line, attempt, where)
            words = text.format(*found.groups())
            if attempt.alone:
                # By typst's own words the author finds help on the net
                words = f"{words} ({message})"
            return [_fault(words, place, remedy, attempt)]
    message = _without_folder(message, attempt.document.folder)
    text = f"typst godtar inte dokumentet: {_worded(message, _IN_CODE) or message}"
    remedy = "; ".join(hints) or "kontrollera formler och typst-kod i närheten"
    return [_fault(text, _near(line, attempt, where), remedy, attempt)]


def _too_wide(known: str, attempt: Attempt, where: origin.Origin) -> TypesetError:
    """Tell of a table that fits no page. `known`: `#` and its id, or some of its texts."""
    if known.startswith("#"):
        name, place = known[1:], where.find({"kind": "id", "text": known[1:]})
    else:
        words = [word for word in known.split(_BETWEEN) if word]
        name, place = f"som börjar med «{words[0]}»" if words else "", _row_with(words, where)
    return _fault(
        f"tabellen {name}".rstrip()
        + " har så många kolumner att de inte ryms ens på en liggande sida",
        place,
        "dela tabellen, eller visa färre kolumner",
        attempt,
    )


def _row_with(words: Sequence[str], where: origin.Origin) -> Place | None:
    """Return the place of the line that most of a table's texts stand on, whole and in a table."""
    patterns = [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in words]
    best, found = 0.0, None
    for number, line in enumerate(where.lines, 1):
        there = sum(bool(pattern.search(line)) for pattern in patterns)
        score = there + (0.5 if there and re.search(r"\||<t[hdr]|  ", line) else 0)
        if score > best and where.place(number):
            best, found = score, where.place(number)
    return found


def _without_folder(message: str, folder: Path) -> str:
    """Return a message with files named as in the document, not as on this machine."""
    for whole in {str(folder), str(folder.resolve())}:
        message = message.replace(whole + os.sep, "").replace(whole, ".")
    return re.sub(r"^file not found \(searched at (.+)\)", r"filen «\1» finns inte", message)


def _letter(char: str, attempt: Attempt, where: origin.Origin) -> Iterator[TypesetError]:
    name = f"U+{ord(char):04X}"
    text = (
        f"tecknet {name} är ett eget tecken ur ett symboltypsnitt, som PDF/A förbjuder"
        if _is_private(char)
        else f"tecknet «{char}» ({name}) finns inte i något typsnitt"
    )
    for place in _all(where, "text", char):
        yield _fault(text, place, "byt ut tecknet", attempt)


def _is_letter(char: str) -> bool:
    # A sign that changes the one before it, such as a variation selector, is none by itself.
    return not unicodedata.combining(char) and unicodedata.category(char)[0] not in "CM"


def _is_private(char: str) -> bool:
    return 0xE000 <= ord(char) <= 0xF8FF or ord(char) >= 0xF0000


def _near(line: int, attempt: Attempt, where: origin.Origin) -> Place | None:
    """Return the place of the longest text on a line of the code, or of the nearest one before."""
    lines = attempt.code.split("\n")
    for at in range(min(line, len(lines)), 0, -1):
        strings = [json.loads(found) for found in _STRING.findall(lines[at - 1])]
        for text in sorted(strings, key=len, reverse=True)[:3]:
            place = where.find({"kind": "text", "text": text})
            if len(text) > 1 and place:
                return place
    return None


def _unescaped(text: str) -> str:
    """Return a string as typst shows it, without its escapes: `\\u{e000}`."""
    text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", text)


def _worded(message: str, table: tuple[tuple[str, str], ...]) -> str:
    for pattern, text in table:
        found = re.search(pattern, message)
        if found:
            return text.format(*(group or "" for group in found.groups()))
    return ""
