"""The page's checks: a good page of ours with one thing changed, and pages that are no pages."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path
from typing import Any

import pytest

from berattelse.checks import MAX_BYTES, Checker, html
from berattelse.checks.browser import VARIABLE, NoBrowserError, find
from berattelse.model import Finding
from tests.underlag.rapport import typeset

GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
CSP = r'<meta http-equiv="Content-Security-Policy"[^>]*>'


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = typeset(tmp_path_factory.mktemp("rapport"), "html")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def checked(tmp_path: Path, browser: Any) -> Any:
    def run(text: str | bytes) -> list[Finding]:
        path = tmp_path / "sida.html"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return Checker(browser).check(path)

    return run


def changed(text: str, old: str, new: str) -> str:
    after = re.sub(old, lambda _: new, text, count=1)
    assert after != text, f"{old} finns inte i sidan"
    return after


def plain(body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Sida</title>{head}'
        f"</head><body><main><h1>Rubrik</h1>{body}</main></body></html>"
    )


def test_our_page_has_no_findings(ours: str, checked: Any) -> None:
    assert [f for f in checked(ours) if f.level != "upplysning"] == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "level"),
    [
        (r'<html lang="sv"', "<html", "axe:html-has-lang", "fel"),
        (r'<html lang="sv"', '<html lang="en"', "html_sprak", "fel"),
        (r"<title>[^<]*</title>", "", "axe:document-title", "fel"),
        (r'<svg([^>]*?) aria-label="[^"]*"', '<svg role="img"', "axe:svg-img-alt", "fel"),
        (r"<h3\b", "<h5", "axe:heading-order", "varning"),
        ("Stycket före tabellen", '<span style="color:#999">Stycket</span>',
         "axe:color-contrast", "fel"),
        ("1 234", '<span style="color:#999">1 234</span>', "axe:color-contrast", "fel"),
        ("Stycket före tabellen", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
         "axe:image-alt", "fel"),
        ("Stycket före tabellen", '<img alt="" src="https://exempel.se/bild.png">',
         "html_anrop", "fel"),
        ("Stycket före tabellen", '<img alt="" src="bild.png">', "html_anrop", "fel"),
        ("Stycket före tabellen", '<i onclick="fetch(1)">X</i>', "html_csp", "fel"),
        ("Stycket före tabellen", '<b style="display:block;width:500px">X</b>',
         "html_bredd", "fel"),
    ],
)  # fmt: skip
def test_one_change_is_found(
    ours: str, checked: Any, old: str, new: str, rule: str, level: str
) -> None:
    found = checked(changed(ours, old, new))
    assert {f.rule for f in found if f.level != "upplysning"} == {rule}
    assert all(f.level == level for f in found if f.rule == rule)


def test_too_pale_in_the_dark_alone(checked: Any) -> None:
    dark = "@media (prefers-color-scheme:dark){body{background:#222} h1{color:#fff}}"
    style = f"<style>p{{color:#333}} {dark}</style>"
    (finding,) = checked(plain("<p>Mörkt på mörkt</p>", style))
    assert finding.rule == "axe:color-contrast" and "#333333 på #222222" in finding.message
    assert finding.place.endswith("vid 1280 px mörkt, 390 px mörkt")
    assert "under rubriken «Rubrik», «Mörkt på mörkt»" in finding.place


def test_too_pale_over_a_gradient(checked: Any) -> None:
    """A table that scrolls has a shadow at its edge, so axe says nothing of what is in it."""
    shadow = "linear-gradient(90deg, rgba(0,0,0,.3), transparent)"
    box = f'<div style="background:{shadow} #fff"><p style="color:{{}}">Text</p></div>'
    assert checked(plain(box.format("#333"))) == []
    (finding,) = checked(plain(box.format("#aaa")))
    assert finding.level == "fel" and "2,32:1" in finding.message
    whole = '<p style="background:linear-gradient(#003,#004);color:#fff">Vitt på blått</p>'
    assert checked(plain(whole)) == []
    between = '<p style="background:linear-gradient(#003,#fff);color:#fff">Vitt på vitt</p>'
    (finding,) = checked(plain(between))
    assert finding.level == "upplysning" and "kan inte själv avgöra" in finding.message


def test_pale_text_in_a_drawing(checked: Any) -> None:
    """A drawing's text has a fill, which axe does not read, on what is drawn before it."""
    drawing = (
        '<svg role="img" aria-label="Diagram" viewBox="0 0 100 40" width="250" height="100">'
        '<defs><rect width="100" height="40" fill="#000"/></defs>'
        '<g fill="#00556b"><rect x="0" y="0" width="60" height="40"/></g>{}'
        '<rect x="0" y="0" width="100" height="2" fill="#fff"/></svg>'
    )
    on_bar = '<text x="5" y="20" font-size="4" fill="{}">På stapeln</text>'
    beside = '<text x="65" y="20" font-size="4" fill="{}">Bredvid</text>'
    assert checked(plain(drawing.format(on_bar.format("#fff") + beside.format("#222")))) == []
    (finding,) = checked(plain(drawing.format(on_bar.format("#222"))))
    assert "#222222 på #00556b" in finding.message and "«På stapeln»" in finding.place
    (finding,) = checked(plain(drawing.format(beside.format("#fff"))))
    assert "#ffffff på #ffffff" in finding.message and finding.level == "fel"
    (finding,) = checked(plain(drawing.format(on_bar.format('#fff" fill-opacity=".2'))))
    assert finding.rule == "axe:color-contrast"


def test_what_is_folded_is_checked(checked: Any) -> None:
    folded = '<details><summary>Siffror</summary><p style="color:#aaa">Dolt</p></details>'
    assert [f.rule for f in checked(plain(folded))] == ["axe:color-contrast"]


@pytest.mark.parametrize(
    "body",
    [
        '<link rel="stylesheet" href="https://exempel.se/stil.css">',
        '<style>@import "https://exempel.se/stil.css";</style>',
        '<style>h1 { background: url("https://exempel.se/b.png") }</style>',
        '<iframe title="Ram" src="https://exempel.se/"></iframe>',
        "<script>fetch('https://exempel.se/rakna')</script>",
        "<script>new WebSocket('wss://exempel.se/')</script>",
        '<video src="https://exempel.se/film.mp4"></video>',
        '<svg aria-hidden="true"><image href="https://exempel.se/b.png"/></svg>',
    ],
)
def test_every_request_is_found(checked: Any, body: str) -> None:
    found = [f for f in checked(plain(body)) if f.rule == "html_anrop"]
    assert found and "exempel.se" in found[0].message


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (f'<img alt="Bild" src="{GIF}" srcset="https://exempel.se/b.png 2x">', ""),
        (f'<img alt="Bild" src="{GIF}" srcset="{GIF} 1x, https://exempel.se/b.png 2x">', ""),
        ("", "<style>@media print { h1 { background: url(https://exempel.se/b.png) } }</style>"),
        ("", "<style>.oanvand { background: url('//exempel.se/b.png') }</style>"),
        ("", "<style>h1:hover { background: u\\72l(https://exempel.se/b.png) }</style>"),
        ("", "<style>@font-face { font-family: x; src: url(https://exempel.se/x) }</style>"),
        ('<p style="cursor: url(https://exempel.se/c), auto">x</p>', ""),
        ("", '<link rel="preconnect" href="https://exempel.se">'),
        ("", '<link rel="dns-prefetch" href="//exempel.se">'),
        ("", '<link rel="stylesheet" media="print" href="https://exempel.se/a.css">'),
        ("", '<link rel="shortcut icon" href="https://exempel.se/favicon.ico">'),
        ("", '<base href="https://exempel.se/">'),
        ('<form action="https://exempel.se"><label>N <input name="n"></label></form>', ""),
        ('<iframe title="Ram" src="https://exempel.se"></iframe>', ""),
        (
            '<iframe title="Ram" loading="lazy" srcdoc="<img src=https://exempel.se/b>"></iframe>',
            "",
        ),
        ("", '<meta http-equiv="refresh" content="9000; url=https://exempel.se">'),
        ('<video preload="none" poster="https://exempel.se/b.png"></video>', ""),
    ],
)
def test_what_may_be_asked_for_later_is_found(checked: Any, body: str, head: str) -> None:
    found = [f for f in checked(plain(f"<p>Text</p>{body}", head)) if f.rule == "html_anrop"]
    assert len(found) == 1 and "exempel.se" in found[0].message


def test_what_asks_for_nothing_is_no_request(checked: Any) -> None:
    body = (
        '<p><a href="https://exempel.se">Kommunens sida</a> url(https://exempel.se)</p>'
        '<svg role="img" aria-label="a"><defs><path id="m" d="M0 0"/></defs>'
        '<use href="#m" fill="url(#m)"/></svg>'
    )
    head = (
        "<style>/* url(https://exempel.se) */ @namespace svg url(http://www.w3.org/2000/svg);"
        f"h1 {{ background: url({GIF}) }}</style>"
        '<link rel="license" href="https://exempel.se"><link rel="author" href="mailto:a@b.se">'
    )
    assert [f.rule for f in checked(plain(body, head)) if f.rule.startswith("html_")] == []


HIDDEN = "<style>{} {{ overflow-x: hidden }}</style>"
LINE = f'<p style="width: 900px">{"Mycket text som klipps. " * 30}</p>'


@pytest.mark.parametrize("boxes", ["html, body", "body", "main"])
def test_text_that_is_cut_off_is_found(checked: Any, boxes: str) -> None:
    found = checked(plain(LINE, HIDDEN.format(boxes)))
    assert {f.rule for f in found} == {"html_bredd"}
    assert any("när fönstret är 390 px" in f.message for f in found)


def test_text_that_scrolls_or_is_for_listeners_is_not_cut_off(checked: Any) -> None:
    scrolling = f'<div style="overflow-x: auto" role="region" aria-label="Rad" tabindex="0">{LINE}'
    spoken = "position: absolute; width: 1px; height: 1px; overflow: hidden; white-space: nowrap"
    body = f'{scrolling}</div><p style="{spoken}">Mycket text som bara läses upp</p>'
    assert checked(plain(body, HIDDEN.format("html, body"))) == []


def test_a_page_that_is_too_large_is_told_at_once(checked: Any, tmp_path: Path) -> None:
    (finding,) = checked(plain("<p>x</p>" * 200_000))
    assert finding.rule == "html_oppnas" and "för stor" in finding.message


@pytest.mark.parametrize(
    ("suffix", "rule"),
    [("html", "html_oppnas"), ("pdf", "pdf_lasbar"), ("docx", "word_lasbar")],
)
def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, suffix: str, rule: str) -> None:
    path = tmp_path / f"stor.{suffix}"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    (finding,) = Checker().check(path)
    assert finding.rule == rule and finding.level == "fel" and "för stor" in finding.message


def test_a_request_that_the_page_itself_forbids_is_found(checked: Any) -> None:
    head = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
    found = checked(plain('<img alt="" src="https://exempel.se/b.png">', head))
    assert [f.rule for f in found] == ["html_anrop"]


def test_a_script_with_its_hash_passes_the_strict_policy(checked: Any) -> None:
    script = "document.title = 'Sida två'"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; script-src 'sha256-{digest}'"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    assert checked(plain(f"<script>{script}</script>", head)) == []
    found = checked(plain(f"<script>{script}</script>"))
    assert [f.rule for f in found] == ["html_csp"]


def test_a_script_that_fails_is_found(checked: Any) -> None:
    found = checked(plain("<script>finnsInte()</script>"))
    assert "html_skriptfel" in {f.rule for f in found}


def test_a_large_page_is_a_warning(checked: Any) -> None:
    (finding,) = checked(plain(f"<!-- {'x' * 5_200_000} --><p>Text</p>"))
    assert finding.rule == "html_storlek" and "5,2 MB" in finding.message


@pytest.mark.parametrize(
    "content",
    [b"", b"hej", b"%PDF-1.7", b"\xff\xfe<\0h\0t\0m\0l\0", plain("Å").encode("latin-1")],
    ids=["empty", "text", "PDF", "UTF-16", "Latin-1"],
)
def test_what_is_no_page_is_a_finding(checked: Any, content: bytes) -> None:
    (finding,) = checked(content)
    assert (finding.rule, finding.level) == ("html_oppnas", "fel")


def test_an_empty_page_and_one_without_a_character_set(checked: Any) -> None:
    empty = '<!doctype html><html lang="sv"><meta charset="utf-8"><title>T</title><body>'
    assert "html_oppnas" in {f.rule for f in checked(empty)}
    unset = plain("<p>Åäö</p>").replace('<meta charset="utf-8">', "")
    (finding,) = checked(unset)
    assert finding.rule == "html_oppnas" and "UTF-8" in finding.message


def test_hostile_text_stays_text(checked: Any) -> None:
    hostile = "<p style='color:#aaa'>&lt;script&gt;alert(1)&lt;/script&gt; [b]fet[/b]</p>"
    (finding,) = checked(plain(hostile))
    assert "<script>alert(1)</script> [b]fet[/b]" in finding.place


def test_a_rule_that_stops_is_not_a_pass(checked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # What axe does when one of its rules throws inside
    fault = "() => { throw new Error('trasig') }"
    broken = f"{html._axe()};axe.configure({{checks: [{{id: 'has-alt', evaluate: {fault}}}]}});"
    monkeypatch.setattr(html, "_axe", lambda: broken)
    found = checked(plain('<img alt="Bild" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'))
    assert {(f.rule, f.level) for f in found} == {("ej_provad", "fel")}


def test_a_browser_that_is_not_there_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "finns-inte"))
    with pytest.raises(NoBrowserError):
        find()
    path = tmp_path / "sida.html"
    path.write_text(plain("<p>Text</p>"), encoding="utf-8")
    (finding,) = Checker().check(path)
    assert (finding.rule, finding.level) == ("ej_provad", "fel")
    assert VARIABLE in finding.message and VARIABLE in finding.remedy


def test_any_file_name_will_do(tmp_path: Path, browser: Any) -> None:
    folder = tmp_path / "å mapp #1 (kopia)~ 100%"
    folder.mkdir()
    path = folder / "säng & vård?.html" if os.name != "nt" else folder / "säng & vård.html"
    path.write_text(plain("<p>Text</p>"), encoding="utf-8")
    assert Checker(browser).check(path) == []


def test_any_way_to_the_file_will_do(tmp_path: Path, browser: Any) -> None:
    (tmp_path / "mapp").mkdir()
    (tmp_path / "bredvid").mkdir()
    path = tmp_path / "mapp" / "sida.html"
    path.write_text(plain("<p>Text</p>"), encoding="utf-8")
    assert Checker(browser).check(tmp_path / "bredvid" / ".." / "mapp" / "sida.html") == []
    try:
        (tmp_path / "bredvid" / "lank.html").symlink_to(path)
        (tmp_path / "lankad").symlink_to(tmp_path / "mapp", target_is_directory=True)
    except OSError:
        pytest.skip("här får inga symboliska länkar skapas")
    assert Checker(browser).check(tmp_path / "bredvid" / "lank.html") == []
    assert Checker(browser).check(tmp_path / "lankad" / ".." / "mapp" / "sida.html") == []
    assert Checker(browser).check(tmp_path / "lankad" / "sida.html") == []


def test_a_browser_that_stops_is_not_a_pass(
    tmp_path: Path, browser: Any, browser_path: str
) -> None:
    path = tmp_path / "sida.html"
    path.write_text(plain("<p>Text</p>"), encoding="utf-8")
    own = browser.browser_type.launch(executable_path=browser_path)
    own.close()
    (finding,) = Checker(own).check(path)
    assert (finding.rule, finding.level) == ("ej_provad", "fel")
