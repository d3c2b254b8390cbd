"""The title block of a single document: authors, dates, licence, as the templates ask for them.

What Quarto lets an author write in many ways comes out in one: `by-author` is a list of
`{name, affiliations, email, orcid, url}`, a date is words, `license` and `copyright` have a text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from berattelse.text.prose import MONTHS

_ENGLISH = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKDAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "sv": ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"],
}
_TOKEN = re.compile(r"\[([^\]]*)\]|YYYY|YY|MMMM|MMM|MM|M|DD|Do|D|dddd|ddd|HH|H|mm|ss")
_ISO = re.compile(r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_AMERICAN = re.compile(r"^\s*(\d{1,2})/(\d{1,2})/(\d{4})\s*$")
_STYLES = {"full": "dddd, D MMMM YYYY", "long": "D MMMM YYYY", "medium": "D MMM YYYY",
           "short": "YYYY-MM-DD", "iso": "YYYY-MM-DD"}  # fmt: skip
_ENGLISH_STYLES = {"full": "dddd, MMMM D, YYYY", "long": "MMMM D, YYYY", "medium": "MMM D, YYYY",
                   "short": "M/D/YY", "iso": "YYYY-MM-DD"}  # fmt: skip
_KINDS = {
    "article": "article", "article-journal": "article", "article-magazine": "article",
    "article-newspaper": "article", "book": "book", "chapter": "incollection",
    "paper-conference": "inproceedings", "report": "techreport", "thesis": "phdthesis",
}  # fmt: skip
"""Types of `citation:` (those of CSL) and what BibTeX has for them."""
_LICENCES = ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")


def title_block(metadata: Mapping[str, Any], source: Path, today: dt.date) -> dict[str, Any]:
    """Return the metadata with its title block in one shape.

    Args:
        metadata: from `metadata.gather`.
        source: the document, whose own time is `last-modified`.
        today: what `today` and `now` mean.
    """
    result = dict(metadata)
    lang = str(metadata.get("lang") or "en")
    result["lang"] = lang
    if authors := _authors(metadata.get("author", metadata.get("authors"))):
        by_id = {
            str(each.get("id")): each
            for each in _list(metadata.get("affiliations"))
            if isinstance(each, Mapping)
        }
        result["by-author"] = [_author(author, by_id) for author in authors]
        result["author"] = [author["name"] for author in result["by-author"]]
        result.pop("authors", None)
        result.pop("affiliations", None)
    for key in ("date", "date-modified"):
        if metadata.get(key) is not None:
            day = parsed(metadata[key], source, today)
            style = metadata.get("date-format")
            if day is not None:
                result[f"{key}-iso"] = day.isoformat()
                result[key] = written(day, str(style) if style else "long", lang)
    if metadata.get("license") is not None:
        result["license"] = _licence(metadata["license"], lang)
    if metadata.get("copyright") is not None:
        result["copyright"] = _copyright(metadata["copyright"])
    shown = metadata.get("appendix-cite-as", True)
    if metadata.get("citation") and shown is not False:
        citation = _citation(result, metadata["citation"])
        wanted = (
            [str(each) for each in _list(shown)] if shown is not True else ["display", "bibtex"]
        )
        kept = {"display": "text", "bibtex": "bibtex"}
        said = {kept[name]: citation[kept[name]] for name in kept if name in wanted}
        if said:
            result["citat"] = said
    return result


def _citation(facts: Mapping[str, Any], given: Any) -> dict[str, str]:
    """Return how the document is referred to: in words, and as BibTeX."""
    own = given if isinstance(given, Mapping) else {}
    names = [str(author["name"]) for author in facts.get("by-author", ())]
    day = str(own.get("issued") or facts.get("date-iso") or "")
    title = str(own.get("title") or facts.get("title") or "")
    url = str(own.get("url") or "")
    words = re.findall(r"\w+", names[0].lower()) if names else ["dokument"]
    family = "_".join(words[1:] or words)
    fields = {
        "author": " and ".join(names),
        "title": title,
        "date": day,
        "url": url,
        "langid": str(facts.get("lang", "")),
    }
    lines = [f"  {key} = {{{text}}}" for key, text in fields.items() if text]
    kind = _KINDS.get(str(own.get("type")), "online")
    said = [", ".join(names), day[:4], title, url]
    return {
        "text": ". ".join(part for part in said if part) + ("" if url else "."),
        "bibtex": f"@{kind}{{{family}{day[:4]},\n" + ",\n".join(lines) + "\n}",
    }


def _list(content: Any) -> list[Any]:
    return content if isinstance(content, list) else [] if content is None else [content]


def _authors(content: Any) -> list[Any]:
    return [each for each in _list(content) if each]


def _author(content: Any, by_id: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(content, Mapping):
        return {"name": str(content)}
    name = content.get("name", "")
    if isinstance(name, Mapping):
        parts = (name.get("given"), name.get("dropping-particle"), name.get("family"))
        name = name.get("literal") or " ".join(str(part) for part in parts if part)
    author: dict[str, Any] = {"name": str(name)}
    for key in ("email", "orcid", "url"):
        if content.get(key):
            author[key] = str(content[key])
    given = _list(content.get("affiliations", content.get("affiliation")))
    affiliations = [_affiliation(each, by_id) for each in given]
    if affiliations:
        author["affiliations"] = [text for text in affiliations if text]
    return author


def _affiliation(content: Any, by_id: Mapping[str, Any]) -> str:
    if isinstance(content, Mapping) and set(content) == {"ref"}:
        content = by_id.get(str(content["ref"]), content["ref"])
    if not isinstance(content, Mapping):
        return str(content)
    parts = (content.get(key) for key in ("department", "group", "name", "city", "country"))
    return ", ".join(str(part) for part in parts if part)


def parsed(content: Any, source: Path, today: dt.date) -> dt.date | None:
    """Return the day that a date means; None for words that are none."""
    text = str(content).strip()
    if text in ("today", "now"):
        return today
    if text == "last-modified":
        return dt.datetime.fromtimestamp(source.stat().st_mtime, tz=dt.UTC).date()
    try:
        if match := _ISO.match(text):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if match := _AMERICAN.match(text):
            return dt.date(int(match[3]), int(match[1]), int(match[2]))
    except ValueError:
        return None
    return None


def written(day: dt.date, style: str, lang: str) -> str:
    """Write a day by Quarto's `date-format`: a style's name or a pattern such as `D MMMM YYYY`."""
    swedish = lang.startswith("sv")
    styles = _STYLES if swedish else _ENGLISH_STYLES
    months: Sequence[str] = MONTHS if swedish else _ENGLISH
    weekday = _WEEKDAYS["sv" if swedish else "en"][day.weekday()]
    month = months[day.month - 1]
    tokens = {
        "YYYY": f"{day.year:04}",
        "YY": f"{day.year % 100:02}",
        "MMMM": month,
        "MMM": month[:3],
        "MM": f"{day.month:02}",
        "M": str(day.month),
        "DD": f"{day.day:02}",
        "D": str(day.day),
        "Do": f"{day.day}{_ordinal(day.day, swedish)}",
        "dddd": weekday,
        "ddd": weekday[:3],
        "HH": "00",
        "H": "0",
        "mm": "00",
        "ss": "00",
    }
    pattern = styles.get(style, style)
    return _TOKEN.sub(lambda m: m[1] if m[1] is not None else tokens[m[0]], pattern)


def _ordinal(number: int, swedish: bool) -> str:
    if swedish:
        return ":a" if number % 10 in (1, 2) and number not in (11, 12) else ":e"
    if 10 <= number % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _licence(content: Any, lang: str) -> dict[str, str]:
    if isinstance(content, Mapping):
        return {str(key): str(value) for key, value in content.items()}
    text = str(content)
    match = re.match(r"^\s*cc\s+(by[\w-]*)\s*([\d.]*)\s*$", text, re.I)
    if match and match[1].lower() in _LICENCES:
        kind, version = match[1].lower(), match[2] or "4.0"
        deed = "" if lang.startswith("en") else f"deed.{lang.split('-')[0]}"
        return {
            "type": "creative-commons",
            "text": f"CC {kind.upper()} {version}",
            "url": f"https://creativecommons.org/licenses/{kind}/{version}/{deed}",
        }
    if re.match(r"^\s*cc0\b", text, re.I):
        return {
            "type": "creative-commons",
            "text": "CC0 1.0",
            "url": "https://creativecommons.org/publicdomain/zero/1.0/",
        }
    return {"text": text}


def _copyright(content: Any) -> dict[str, Any]:
    if not isinstance(content, Mapping):
        return {"statement": str(content)}
    result = {str(key): value for key, value in content.items()}
    if "statement" not in result:
        years = result.get("year")
        years = ", ".join(str(year) for year in years) if isinstance(years, list) else years
        said = " ".join(str(part) for part in (years, result.get("holder")) if part)
        result["statement"] = f"Copyright {said}" if said else ""
    return result
