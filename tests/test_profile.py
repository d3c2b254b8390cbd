"""The profile of a kommun: read from brand files, joined, and refused where it cannot be read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berattelse.errors import SettingsError
from berattelse.profile import Profile, Scheme, standard
from berattelse.profile.reading import read_profile, strays
from tests.conftest import Run

ROOT = Path(__file__).resolve().parent.parent
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'
AS_TEXT = ("text", "muted", "accent", "info", "tip", "warning", "important")


def luminance(color: str) -> float:
    """WCAG 2.1's relative luminance, by its own formula: no code of the engine."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def brand(root: Path, text: str, kommun: str = "") -> Path:
    path = root / "profiler" / kommun / "_brand.yml" if kommun else root / "_brand.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refused(root: Path, kommun: str = "") -> str:
    with pytest.raises(SettingsError) as caught:
        read_profile(root, kommun)
    return str(caught.value)


def unreadable(scheme: Scheme) -> list[str]:
    """Return the fields of a scheme that fall short of WCAG 2.1 AA."""
    papers = (scheme.ground, scheme.surface)
    short = [
        name
        for name in AS_TEXT
        if min(ratio(getattr(scheme, name), paper) for paper in papers) < 4.5
    ]
    short += ["on_band"] if ratio(scheme.on_band, scheme.band) < 4.5 else []
    return short + (["on_mark"] if ratio(scheme.on_mark, scheme.mark) < 4.5 else [])


def readable(profile: Profile) -> bool:
    series = all(ratio(color, "#ffffff") >= 3 for color in profile.charts)
    return series and not unreadable(profile.light) and not unreadable(profile.dark)


def test_without_a_file_the_standard_profile_is_used_and_can_be_read(tmp_path: Path) -> None:
    profile = read_profile(tmp_path, "herrljunga")
    assert profile.light == standard.LIGHT
    assert readable(profile)
    assert tmp_path / "_brand.yml" in profile.files, "a file that is added later must be noticed"
    assert tmp_path / "profiler/herrljunga/mall.docx" in profile.files


@pytest.mark.parametrize("kommun", ["", "harnosand", "herrljunga", "vanersborg"])
def test_the_shipped_profiles_can_be_read(kommun: str) -> None:
    profile = read_profile(ROOT, kommun)
    assert readable(profile)
    assert profile.logo is not None and profile.logo.dark is not None
    assert not profile.remarks
    if kommun:
        assert profile.light.accent != read_profile(ROOT).light.accent


def test_the_kommuns_file_wins_key_by_key(tmp_path: Path) -> None:
    brand(
        tmp_path,
        'color: {palette: {a: "#123456", b: "#654321"}, primary: a, foreground: "#111111"}\n'
        "typography: {base: {size: 10pt}}\n",
    )
    brand(tmp_path, "color: {primary: b}\n", "herrljunga")
    profile = read_profile(tmp_path, "herrljunga")
    assert (profile.light.accent, profile.light.text) == ("#654321", "#111111")
    assert profile.size_pt == 10
    assert read_profile(tmp_path, "annan").light.accent == "#123456"


def test_colours_by_name_in_css_and_for_light_and_dark(tmp_path: Path) -> None:
    brand(
        tmp_path,
        "color:\n  palette: {djup: navy, hav: djup}\n  primary: {light: hav, dark: '#aaccff'}\n"
        "  danger: 'rgb(140 0 0)'\n",
    )
    profile = read_profile(tmp_path)
    assert profile.light.accent == "#000080"
    assert profile.dark.accent == "#aaccff"
    assert profile.light.important == "#8c0000"
    assert profile.charts[0] == "#000080"


def test_every_fault_is_told_with_file_key_and_what_to_do(tmp_path: Path) -> None:
    brand(
        tmp_path,
        "color: {primary: '#f0c000', danger: rott, palette: {x: x}, info: x}\n"
        "logo: {medium: saknas.svg}\n"
        "typography:\n"
        "  fonts: [{family: F, source: file, files: [{path: f.woff2}, "
        "{path: g.ttf, weight: tok}]}]\n"
        "  base: {family: F, size: 30pt}\n"
        "defaults: {berattelse: {diagram: ['#ffff00']}}\n",
    )
    text = refused(tmp_path)
    assert text.count(f"{tmp_path / '_brand.yml'}: ") == 8
    for part in (
        "«color.primary»: färgen #f0c000 har bara kontrasten 1,",
        "«color.danger»: «rott» är ingen färg",
        "«color.palette.x»: «x» är ingen färg",
        "«logo.medium»: filen «saknas.svg» finns inte",
        "«typography.fonts[1].files[1].path»: «f.woff2» är varken .ttf eller .otf",
        "«typography.fonts[1].files[2].path»: filen «g.ttf» finns inte",
        "«typography.base.size»: «30pt»",
        "«defaults.berattelse.diagram[1]»: färgen #ffff00 har bara kontrasten 1,07:1",
    ):
        assert part in text


def test_unknown_keys_are_told_with_the_nearest(tmp_path: Path) -> None:
    brand(tmp_path, "color: {primry: blue}\ncolour: {}\ndefaults: {berattelse: {digram: []}}\n")
    brand(tmp_path, "logo: {mellan: a.svg}\ntypografi: x\n", "herrljunga")
    text = refused(tmp_path, "herrljunga")
    for key, where, near in (
        ("primry", " i «color»", "primary"),
        ("colour", "", "color"),
        ("digram", " i «defaults.berattelse»", "diagram"),
    ):
        assert f"Okänd nyckel «{key}»{where}.\n  → Menade du «{near}»?" in text
    assert "«mellan» i «logo»" in text and "«typografi»" in text


def test_what_other_programs_want_of_the_file_is_left_alone(tmp_path: Path) -> None:
    brand(
        tmp_path,
        "meta: {name: Vår kommun, link: https://exempel.se}\n"
        "color: {primary: blue, light: '#f8f9fa', dark: '#212529'}\n"
        "typography: {monospace: Courier, link: {decoration: underline}}\n"
        "defaults: {bootstrap: {defaults: {x: 1}}, quarto: {format: {html: {toc: false}}}}\n",
    )
    assert read_profile(tmp_path).light.surface == "#f8f9fa"


@given(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF))
def test_any_colours_are_readable_or_refused_with_one_that_is(
    tmp_path_factory: pytest.TempPathFactory, primary: int, second: int
) -> None:
    root = tmp_path_factory.mktemp("farg")
    path = brand(root, f"color: {{primary: '#{primary:06x}', secondary: '#{second:06x}'}}\n")
    try:
        profile = read_profile(root)
    except SettingsError as fault:
        told = dict(
            re.findall(r"färgen (#\w{6}) .*\n  → Närmaste färg som går: (#\w{6})", str(fault))
        )
        assert told, "a colour that passes is always to be had on white"
        for weak, near in told.items():
            assert ratio(weak, "#ffffff") < 4.5 + 0.6, "only weak colours are refused"
            path.write_text(path.read_text().replace(weak, near))
        profile = read_profile(root)
    assert readable(profile)
    assert len(set(profile.charts)) == len(profile.charts) == 6


@given(st.integers(0, 0xFFFFFF))
def test_the_colour_that_is_offered_is_the_nearest(
    tmp_path_factory: pytest.TempPathFactory, chart: int
) -> None:
    root = tmp_path_factory.mktemp("narmast")
    brand(root, f"defaults: {{berattelse: {{diagram: ['#{chart:06x}']}}}}\n")
    try:
        read_profile(root)
    except SettingsError as fault:
        weak, near = re.findall(r"#\w{6}", str(fault))[0], re.findall(r"#\w{6}", str(fault))[-1]
        assert 3.0 <= ratio(near, "#ffffff") < 3.1, "no darker than it must be"
        assert ratio(weak, "#ffffff") < 3.0


def test_a_dark_background_that_hides_the_text_is_refused(tmp_path: Path) -> None:
    brand(tmp_path, "color: {background: '#333333'}\n")
    text = refused(tmp_path)
    assert text.count("→") == 1
    assert "«color.background»" in text and "Närmaste bakgrund som går: #" in text


def test_a_typeface_of_files_is_read_with_its_cuts(tmp_path: Path) -> None:
    cuts = {(cut.weight, cut.italic): cut for cut in standard.typeface().cuts}
    folder = tmp_path / "profiler" / "herrljunga" / "typsnitt"
    folder.mkdir(parents=True)
    shutil.copy(cuts[400, False].path, folder / "en.otf")
    shutil.copy(cuts[700, True].path, folder / "fet.otf")
    brand(
        tmp_path,
        "typography:\n  fonts:\n    - {family: Egen, source: file, files: [typsnitt/en.otf, "
        "{path: typsnitt/fet.otf, weight: bold, style: italic}]}\n  base: Egen\n"
        "  headings: {family: Source Sans Pro}\n",
        "herrljunga",
    )
    profile = read_profile(tmp_path, "herrljunga")
    assert profile.text.family == "Egen"
    assert [(cut.weight, cut.italic) for cut in profile.text.cuts] == [(400, False), (700, True)]
    assert profile.headings == standard.typeface()
    assert (folder / "fet.otf").resolve() in profile.files
    assert not profile.remarks


def test_a_font_that_is_not_in_the_project_is_told(tmp_path: Path) -> None:
    brand(
        tmp_path,
        "typography:\n  fonts: [{family: Inter, source: google}]\n  base: Inter\n"
        "  headings: Arial\n",
    )
    profile = read_profile(tmp_path)
    assert (profile.text.family, profile.text.cuts) == ("Inter", ())
    assert [remark.split()[1] for remark in profile.remarks] == ["Inter", "Arial"]


def test_the_mark_by_name_by_path_and_for_dark(tmp_path: Path) -> None:
    own = tmp_path / "profiler" / "herrljunga"
    own.mkdir(parents=True)
    for name in ("a.svg", "b.svg"):
        (own / name).write_text(SVG)
    brand(
        tmp_path,
        "logo: {images: {ljus: {path: a.svg, alt: Kommunens märke}}, "
        "medium: {light: ljus, dark: b.svg}}\n",
        "herrljunga",
    )
    logo = read_profile(tmp_path, "herrljunga").logo
    assert logo is not None
    assert (logo.path, logo.alt, logo.dark) == (own / "a.svg", "Kommunens märke", own / "b.svg")
    brand(tmp_path, "logo: a.svg\n", "herrljunga")
    assert read_profile(tmp_path, "herrljunga").logo is not None


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("https://exempel.se/a.svg", "hämtas inte från nätet"),
        ("a.gif", "varken SVG eller PNG"),
        ("../../hemlig.svg", "finns inte"),
    ],
)
def test_a_mark_that_cannot_be_used_is_refused(tmp_path: Path, path: str, told: str) -> None:
    brand(tmp_path, f"logo: {path}\n")
    assert told in refused(tmp_path)


def test_word_has_typefaces_of_its_own(tmp_path: Path) -> None:
    brand(tmp_path, "defaults: {berattelse: {word: {typsnitt: Arial, reserv: Liberation Sans}}}\n")
    profile = read_profile(tmp_path)
    assert (profile.word_family, profile.word_fallback) == ("Arial", "Liberation Sans")


def test_a_template_is_found_beside_the_brand_file(tmp_path: Path) -> None:
    own = tmp_path / "profiler" / "herrljunga"
    own.mkdir(parents=True)
    assert read_profile(tmp_path, "herrljunga").template is None
    (own / "mall.docx").write_bytes(b"")
    assert read_profile(tmp_path, "herrljunga").template == own / "mall.docx"


def fenced(info: str) -> str:
    """Return the first block of docs/profil.md that is fenced with `info`."""
    text = (ROOT / "docs" / "profil.md").read_text(encoding="utf-8")
    found = re.search(rf"^```{info}\n(.*?)^```", text, re.M | re.S)
    assert found is not None
    return found[1]


def test_the_example_of_the_guide_can_be_read(tmp_path: Path) -> None:
    own = tmp_path / "profiler" / "herrljunga"
    (own / "typsnitt").mkdir(parents=True)
    for name in ("normal", "halvfet", "fet", "kursiv"):
        shutil.copy(standard.typeface().cuts[1].path, own / "typsnitt" / f"{name}.ttf")
    for name in ("marke", "marke-vit"):
        (own / f"{name}.svg").write_text(SVG)
    brand(tmp_path, fenced("yaml"), "herrljunga")
    profile = read_profile(tmp_path, "herrljunga")
    assert (profile.light.accent, profile.text.family) == ("#2f6140", "Kommunens typsnitt")
    assert len(profile.text.cuts) == 4 and len(profile.charts) == 6
    assert profile.word_family == "Arial"
    assert profile.logo is not None and profile.logo.alt == "Herrljunga kommuns märke"


def test_the_message_of_the_guide_is_what_is_said(tmp_path: Path) -> None:
    brand(tmp_path, "color: {primary: '#f0c000'}\n", "herrljunga")
    said = refused(tmp_path, "herrljunga").replace(f"{tmp_path}/", "")
    assert said == fenced("text").strip()


LEGAL = [
    "logo: {path: a.svg, alt: Märket}",
    "logo: {small: {path: a.svg, alt: Märket}}",
    "logo: {medium: {light: {path: a.svg, alt: Märket}, dark: {path: b.svg}}}",
    "logo: {images: {m: {light: a.svg, dark: b.svg}}, large: m}",
    "logo: {images: {m: {path: a.svg, alt: Märket}}, small: m}",
    "logo: /profiler/herrljunga/a.svg",
    "typography: {fonts: [{family: F, source: file, files: [{path: f.otf, weight: '600'}]}]}",
    "typography: {fonts: [{family: F, source: file, files: [{path: f.otf, weight: 300..800}]}]}",
    "typography: {fonts: [{family: F, source: bunny, weight: [400, 700], style: [normal]}]}",
    "typography: {base: {family: Arial, size: 1rem, weight: 400, line-height: 1.5}}",
    "typography: {headings: {family: Arial, weight: 600, style: normal, color: primary}}",
    "typography: {link: {decoration: underline, color: {light: blue, dark: red}}, monospace: C}",
    "color: {palette: {a: {light: navy, dark: '#aaccff'}}, primary: a, link: a}",
    "meta: {name: {full: Kommunen, short: K}, link: {home: https://exempel.se}}",
]


@pytest.mark.parametrize("text", LEGAL)
def test_every_legal_form_is_read(tmp_path: Path, text: str) -> None:
    own = tmp_path / "profiler/herrljunga"
    own.mkdir(parents=True)
    for name in ("a.svg", "b.svg"):
        (own / name).write_text(SVG)
    shutil.copy(standard.typeface().cuts[1].path, own / "f.otf")
    brand(tmp_path, text + "\n", "herrljunga")
    profile = read_profile(tmp_path, "herrljunga")
    assert (profile.logo is not None) == text.startswith("logo")
    if text.startswith("logo: {medium") or "images: {m: {light" in text:
        assert profile.logo is not None and profile.logo.dark == own / "b.svg"
    if "headings" in text or "link: {dec" in text:
        assert any("används inte" in remark for remark in profile.remarks)


ILLEGAL = [
    ("typography:", "«typography» är tom"),
    ("typography:\n  fonts:", "«typography.fonts» är tom"),
    ("color:\n  primary: #2f6140", "«color.primary» är tom.\n  → Sätt färgen inom citattecken"),
    ("color: {primary: [1, 2]}", "«color.primary» ska vara"),
    ("color: {primary: 005566}", "«color.primary»: är ett tal, ingen färg"),
    ("color: {palette: {a: b, b: a}, primary: a}", "är ingen färg"),
    ("color: {palette: 5}", "«color.palette» ska vara rader"),
    ("color: {primary: {light: {light: '#112233'}}}", "«color.primary.light» ska vara"),
    ("logo: {medium: [a]}", "«logo.medium» ska vara"),
    ("logo: {path: a.svg, alt: [a]}", "«logo.alt» ska vara"),
    ("typography: {fonts: X}", "«typography.fonts» ska vara en lista"),
    ("typography: {fonts: [{family: F, source: file, files: x.ttf}]}", "files» ska vara en lista"),
    ("typography: {base: [A, B]}", "«typography.base» ska vara"),
    ("typography: {base: {famliy: A}}", "Okänd nyckel «famliy» i «typography.base»"),
    ("typography: {base: {size: 1.1.1pt}}", "ingen storlek"),
    ("typography: {base: {size: [11pt]}}", "«typography.base.size» ska vara"),
    ("defaults: {berattelse: {diagram: {a: b}}}", "«defaults.berattelse.diagram» ska vara"),
    ("defaults: {berattelse: 5}", "«defaults.berattelse» ska vara"),
    ('logo: "a\\0b.svg"', "finns inte"),
    ("color: {light: '#777777'}", "«color.light»: texten"),
    ("color: {light: {light: '#f8f9fa', dark: '#777777'}}", "«color.light.dark»: texten"),
    ("- a\n- b", "nyckel: värde"),
    ("color: {primary: blue}\ncolor: {primary: red}", "står två gånger"),
]


@pytest.mark.parametrize(("text", "told"), ILLEGAL)
def test_what_cannot_be_read_is_told_and_never_crashes(
    tmp_path: Path, text: str, told: str
) -> None:
    brand(tmp_path, text + "\n", "herrljunga")
    text = refused(tmp_path, "herrljunga")
    assert told in text
    assert text.count(told) == 1, "each fault once"


@pytest.mark.parametrize("content", [b"", b"x" * 5000, b"\0\1\0\0" + bytes(60)])
def test_a_damaged_font_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f.ttf").write_bytes(content)
    brand(tmp_path, "typography: {fonts: [{family: F, source: file, files: [f.ttf]}], base: F}\n")
    assert "«f.ttf» är inget läsbart typsnitt" in refused(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.svg", b"<svg"), ("a.svg", b"<html/>"), ("a.png", b"\x89PNG\r\n"), ("a.png", SVG.encode())],
)
def test_a_damaged_mark_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    brand(tmp_path, f"logo: {name}\n")
    assert "är ingen läsbar bild" in refused(tmp_path)


def test_what_lies_in_the_wrong_place_is_told(tmp_path: Path) -> None:
    for name in (
        "alingsås/mall.docx",
        "herrljunga/Mall.docx",
        "herrljunga/_brand.yaml",
        "harnosand/mall.docx",
        "harnosand/mall.dotx",
        "typsnitt/normal.ttf",
    ):
        path = tmp_path / "profiler" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    assert strays(tmp_path, ["alingsas", "harnosand", "herrljunga"]) == [
        "profiler/alingsås hör inte till någon kommun. Menade du profiler/alingsas?",
        "profiler/herrljunga/Mall.docx används inte: filen ska heta mall.docx.",
        "profiler/herrljunga/_brand.yaml används inte: filen ska heta _brand.yml.",
    ]
    assert strays(ROOT, ["harnosand", "herrljunga", "vanersborg"]) == []


def test_a_font_that_stands_in_is_told_when_the_report_is_built(
    projekt: Path, berattelse: Run
) -> None:
    brand(projekt, "typography: {base: Arial}\n")
    done = berattelse("render", "--kommun", "herrljunga")
    assert done.returncode == 0, done.stderr
    assert "VARNING liten herrljunga 2022 html, liten herrljunga 2022 pdf" in done.stderr
    assert "Typsnittet Arial ligger inte i projektet" in done.stderr
    manifest = (projekt / "_site/manifest.json").read_text(encoding="utf-8")
    assert manifest.count("Typsnittet Arial") == 2


def test_a_faulty_profile_stops_its_own_kommun_alone(projekt: Path, berattelse: Run) -> None:
    brand(projekt, "typography:\n", "harnosand")
    done = berattelse("render", "--format", "pdf")
    assert done.returncode == 1
    assert (projekt / "_site/herrljunga/2022/liten.pdf").is_file()
    assert "FEL liten harnosand 2022 (pdf)\nprofiler/harnosand/_brand.yml: " in done.stderr
    assert berattelse("kontrollera").returncode == 0
