"""Pictures that a writer puts into a text: shown in every format, told with file and line."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path

import docx
import pypdfium2
import pytest
from lxml import html
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from berattelse import images
from berattelse.checks import check
from tests.conftest import Run, run_in, write

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40mm" height="20mm">'
    '<rect width="40" height="20" fill="#00556b"/></svg>'
)


def picture(path: Path, kind: str = "PNG") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (80, 40), "#00556b").save(path, kind)
    return path


def text(projekt: Path, content: str, kommun: str = "herrljunga") -> Path:
    return write(projekt / f"partials/liten/{kommun}/2022/_text.qmd", content)


def built(projekt: Path, suffix: str, kommun: str = "herrljunga") -> Path:
    return projekt / f"_site/{kommun}/2022/liten.{suffix}"


def test_pictures_stand_in_every_format(projekt: Path, berattelse: Run) -> None:
    own = projekt / "partials/liten/herrljunga/2022"
    picture(own / "hus.png")
    picture(own / "två hus.jpg", "JPEG")
    (own / "karta.svg").write_text(SVG, encoding="utf-8")
    below = "../partials/liten/herrljunga/2022"
    text(
        projekt,
        f"""\
        ![Ett hus vid
        torget [i centrum]]({below}/hus.png)

        ![Två hus](<{below}/tv%C3%A5%20hus.jpg>){{width=40mm}}

        ![Kartan][karta]

        `![kod](ingen.png)`

        ```
        ![kod](ingen.png)
        ```

        [karta]: {below}/karta.svg
        """,
    )
    done = berattelse("render", "--kommun", "herrljunga")
    assert done.returncode == 0, done.stderr
    page = html.fromstring(built(projekt, "html").read_text(encoding="utf-8"))
    told = [*page.xpath("//main//img/@alt"), *page.xpath("//main//svg/@aria-label")]
    assert sorted(" ".join(one.split()) for one in told) == [
        "Ett hus vid torget [i centrum]",
        "Kartan",
        "Två hus",
    ]
    word = docx.Document(str(built(projekt, "docx")))
    assert len(word.inline_shapes) == 3
    with zipfile.ZipFile(built(projekt, "docx")) as package:
        media = [name for name in package.namelist() if name.startswith("word/media/")]
        pictures = [name for name in media if not name.endswith(".svg")]
        for name in pictures:
            Image.open(io.BytesIO(package.read(name))).verify()
    assert len(pictures) >= 3, "Word needs a PNG beside each SVG"
    pdf = pypdfium2.PdfDocument(built(projekt, "pdf"))
    objects = [
        one for page in pdf for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    ]
    assert len(objects) >= 2
    for suffix in ("pdf", "docx"):
        faults = [one for one in check(built(projekt, suffix)) if one.level == "fel"]
        assert [str(one) for one in faults] == []


def test_a_shared_text_shows_the_targets_own_picture(projekt: Path, berattelse: Run) -> None:
    shared = "![Huset](../partials/liten/herrljunga/2022/hus.png)\n"
    text(projekt, shared)
    write(projekt / "partials/liten/_text.qmd", shared)
    Image.new("RGB", (10, 10)).save(picture(projekt / "partials/liten/hus.png"))
    Image.new("RGB", (30, 10)).save(picture(projekt / "partials/liten/herrljunga/2022/hus.png"))
    assert berattelse("render", "--format", "docx").returncode == 0
    sizes = {}
    for kommun in ("herrljunga", "harnosand"):
        shape = docx.Document(str(built(projekt, "docx", kommun))).inline_shapes[0]
        sizes[kommun] = round(shape.width / shape.height)
    assert sizes == {"herrljunga": 3, "harnosand": 1}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("saknas.png", "Bilden «saknas.png» finns inte.\n  → Kontrollera stavningen"),
        ("hus.png", "skriv «../partials/liten/herrljunga/2022/hus.png»"),
        ("https://exempel.se/a.png", "ligger inte i projektet"),
        ("//exempel.se/a.png", "ligger inte i projektet"),
        ("file:///etc/passwd.png", "ligger inte i projektet"),
        ("../../hemlig.png", "ligger utanför projektet"),
        ("../data/kommuner.csv", "varken SVG, PNG eller JPEG"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_told_with_its_line(
    projekt: Path, berattelse: Run, written: str, told: str
) -> None:
    picture(projekt / "partials/liten/herrljunga/2022/hus.png")
    text(projekt, f"Text.\n\n![En bild]({written})\n")
    done = berattelse("render", "--kommun", "herrljunga", "--format", "html")
    assert done.returncode == 1
    assert "partials/liten/herrljunga/2022/_text.qmd:3: " in done.stderr
    assert told in done.stderr


def test_every_missing_picture_is_told_at_once(projekt: Path, berattelse: Run) -> None:
    text(projekt, "![En](a.png)\n\n![Två](b.png) ![Tre](c.png)\n")
    done = run_in(projekt, "render", "--kommun", "herrljunga", "--format", "pdf")
    for name, line in (("a", 1), ("b", 3), ("c", 3)):
        assert f"_text.qmd:{line}: Bilden «{name}.png» finns inte." in done.stderr


def test_a_photograph_is_turned_made_smaller_and_rid_of_where_it_was_taken(
    projekt: Path, berattelse: Run
) -> None:
    own = projekt / "partials/liten/herrljunga/2022"
    own.mkdir(parents=True, exist_ok=True)
    camera = Image.new("RGB", (3000, 1500), "#00556b")
    exif = camera.getexif()
    exif[0x0112] = 6  # to be turned a quarter
    exif[0x010E] = "Hemlig plats"
    exif.get_ifd(0x8825)[2] = (58.0, 4.0, 30.0)
    camera.save(own / "foto.jpg", exif=exif)
    note = PngInfo()
    note.add_text("Comment", "Hemlig plats")
    Image.new("RGB", (60, 30)).save(own / "skarm.png", pnginfo=note)
    below = "../partials/liten/herrljunga/2022"
    text(projekt, f"![Fotot]({below}/foto.jpg)\n\n![Skärmen]({below}/skarm.png)\n")
    assert berattelse("render", "--kommun", "herrljunga").returncode == 0
    page = built(projekt, "html").read_text(encoding="utf-8")
    with zipfile.ZipFile(built(projekt, "docx")) as package:
        media = [n for n in package.namelist() if re.fullmatch(r"word/media/.*\.(jpe?g|png)", n)]
        files = {n: package.read(n) for n in media if "logotyp" not in n}
    sizes = set()
    for content in files.values():
        assert b"Hemlig" not in content
        with Image.open(io.BytesIO(content)) as image:
            assert not image.getexif()
            sizes.add(image.size)
    assert sizes == {(1000, 2000), (60, 30)}
    shape = docx.Document(str(built(projekt, "docx"))).inline_shapes[0]
    assert shape.height > shape.width
    for encoded in re.findall(r"data:image/(?:jpeg|png);base64,([^\"]+)", page):
        assert b"Hemlig" not in base64.b64decode(encoded)


def test_a_damaged_picture_is_told(projekt: Path, berattelse: Run) -> None:
    own = picture(projekt / "partials/liten/herrljunga/2022/hus.png")
    own.write_bytes(own.read_bytes()[:40])
    text(projekt, "![Hus](../partials/liten/herrljunga/2022/hus.png)\n")
    done = berattelse("render", "--kommun", "herrljunga", "--format", "html")
    assert done.returncode == 1
    assert (
        "_text.qmd:1: Bilden partials/liten/herrljunga/2022/hus.png är ingen läsbar" in done.stderr
    )


REMOTE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    '<a href="https://exempel.se"><rect width="9" height="9"/></a>'
    '<image href="https://exempel.se/x.png" width="9" height="9"/></svg>'
)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("<svg", "är ingen läsbar bild"),
        ("<html/>", "är ingen läsbar bild"),
        (REMOTE, "visar i sin tur https://exempel.se/x.png, som inte följer med"),
        (REMOTE.replace("href=", 'xmlns:l="http://www.w3.org/1999/xlink" l:href=', 2), "visar i"),
        (REMOTE.replace("https://exempel.se/x.png", "data:image/png;base64,AA=="), ""),
    ],
)
def test_a_drawing_is_whole_in_itself(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "bild.svg"
    path.write_text(content, encoding="utf-8")
    assert images.fault_of(path).startswith(fault)
    assert bool(images.fault_of(path)) == bool(fault)


def test_a_drawing_that_fetches_is_told_once_with_its_line(projekt: Path, berattelse: Run) -> None:
    (projekt / "partials/liten/herrljunga/2022/hus.svg").write_text(REMOTE, encoding="utf-8")
    text(projekt, "![Hus](../partials/liten/herrljunga/2022/hus.svg)\n")
    done = berattelse("render", "--kommun", "herrljunga", "--format", "pdf")
    assert done.returncode == 1
    assert done.stderr.count("exempel.se/x.png") == 1
    assert "_text.qmd:1: Bilden partials/liten/herrljunga/2022/hus.svg visar i" in done.stderr


def test_a_picture_that_cannot_be_rewritten_is_told(projekt: Path, berattelse: Run) -> None:
    """A JPEG of four colours under a name that promises PNG, too large to be copied as it is."""
    own = projekt / "partials/liten/herrljunga/2022/hus.png"
    Image.new("CMYK", (2100, 10)).save(own, "JPEG")
    text(projekt, "![Hus](../partials/liten/herrljunga/2022/hus.png)\n")
    done = berattelse("render", "--kommun", "herrljunga", "--format", "html")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "_text.qmd:1: Bilden partials/liten/herrljunga/2022/hus.png är ingen" in done.stderr
