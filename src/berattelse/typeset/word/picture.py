"""Pictures that Word shows: the mark on the cover, and the PNG that it needs beside an SVG."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

from lxml import etree
from PIL import Image

from berattelse import images, origin
from berattelse.errors import BerattelseError, TypesetError, raise_all
from berattelse.model import shown
from berattelse.profile import Profile
from berattelse.typeset.word.look import Logo
from berattelse.typeset.word.package import Package
from berattelse.typeset.word.xml import NS, q

_EMU_PER_MM = 36_000
_LARGEST_MM = (60, 24)
_PPI = 300
TEXT_WIDTH_MM = 160
"""A picture is drawn as wide as the text; smaller ones get more dots than they need."""
_ASVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_SVG_URI = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
_DECORATIVE_URI = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"


def logo_drawing(package: Package, logo: Logo) -> etree._Element:
    """Add the mark's files to the package; return the `w:drawing` that shows them.

    A mark without alternative text is marked as decoration, so that screen readers pass it by.

    Raises:
        TypesetError: the file is no picture.
    """
    try:
        content = logo.path.read_bytes()
        is_svg = logo.path.suffix.lower() == ".svg"
        png = _as_png(content, _LARGEST_MM[0]) if is_svg else content
        with Image.open(io.BytesIO(png)) as image:
            if image.format != "PNG":
                raise ValueError(image.format)
            width, height = image.size
    except (OSError, ValueError, RuntimeError) as error:
        raise TypesetError(
            "Logotypen är ingen läsbar bild.",
            place=shown(logo.path),
            remedy="Spara den på nytt som SVG eller PNG.",
        ) from error
    rid = _add(package, "logotyp.png", png, "image/png")
    svg = _add(package, "logotyp.svg", content, "image/svg+xml") if is_svg else ""
    scale = min(_LARGEST_MM[0] / width, _LARGEST_MM[1] / height)
    return _drawing(rid, svg, logo.alt, round(width * scale * _EMU_PER_MM),
                    round(height * scale * _EMU_PER_MM))  # fmt: skip


def draw_pngs(folder: Path, profile: Profile) -> None:
    """Draw a PNG beside every SVG below `folder` that has none, in the profile's typefaces.

    The profile's mark is left out: the PDF has copied it there, and `logo_drawing` reads its own
    file.

    Raises:
        TypesetError: SVG files that cannot be drawn, all at once.
    """
    faults: list[BerattelseError] = []
    for path in sorted(folder.rglob("*.svg")):
        png = path.with_suffix(".png")
        if png.exists() or path == _copied_logo(folder):
            continue
        try:
            png.write_bytes(_as_png(path.read_bytes(), TEXT_WIDTH_MM, profile))
        except RuntimeError as error:
            fault = _unreadable(folder, path)
            fault.__cause__ = error
            faults.append(fault)
    raise_all(TypesetError, faults)


def _copied_logo(folder: Path) -> Path:
    from berattelse.typeset.pdf.look import LOGO

    return folder / f"{LOGO}.svg"


def _unreadable(folder: Path, path: Path) -> TypesetError:
    """Return the fault of a picture of the text; its place is where the text shows it."""
    name = path.relative_to(folder).as_posix()
    own = re.sub(r"^\d+-", "", path.name) if path.parent.name == images.FOLDER else path.name
    return TypesetError(
        f"Bilden {own} går inte att läsa som SVG.",
        place=origin.read(folder).find({"kind": "bild", "text": name}),
        remedy="Spara om den, som SVG eller PNG.",
    )


def _as_png(svg: bytes, width_mm: int, profile: Profile | None = None) -> bytes:
    """Render an SVG with the profile's fonts and what typst has in itself.

    No font or file of the machine is read.
    """
    # A run without an SVG does not need typst, which takes long to load.
    import typst

    from berattelse.typeset.pdf.fonts import book

    page = "#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
    with tempfile.TemporaryDirectory(prefix="berattelse-") as folder:
        Path(folder, "logotyp.svg").write_bytes(svg)
        compiler = typst.Compiler(
            (page + f'#image("logotyp.svg", width: {width_mm}mm)').encode(),
            root=folder,
            ignore_system_fonts=True,
            font_paths=book(profile).with_boxes if profile else [],
        )
        png = compiler.compile(format="png", ppi=_PPI)
    assert isinstance(png, bytes)
    return png


def _add(package: Package, name: str, content: bytes, content_type: str) -> str:
    path = f"word/media/{name}"
    package.add(path, content, content_type)
    return package.relate(package.main, "image", path)


def _drawing(rid: str, svg: str, alt: str, width: int, height: int) -> etree._Element:
    spaces = " ".join(f'xmlns:{p}="{NS[p]}"' for p in ("w", "r", "wp", "a", "pic"))
    extension = "<a:extLst><a:ext uri='{}'>{}</a:ext></a:extLst>".format
    vector = extension(_SVG_URI, f'<s:svgBlip xmlns:s="{_ASVG}" r:embed="{svg}"/>') if svg else ""
    quiet = extension(_DECORATIVE_URI, f'<d:decorative xmlns:d="{_DECORATIVE}" val="1"/>')
    size = f'cx="{width}" cy="{height}"'
    drawing = etree.fromstring(
        f'<w:drawing {spaces}><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr id="1" name="Logotyp">{"" if alt else quiet}</wp:docPr>'
        "<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect='1'/></wp:cNvGraphicFramePr>"
        f"<a:graphic><a:graphicData uri='{NS['pic']}'><pic:pic><pic:nvPicPr>"
        '<pic:cNvPr id="1" name="Logotyp"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{rid}">{vector}</a:blip>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    for properties in drawing.iter(q("wp:docPr"), q("pic:cNvPr")):
        properties.set("descr", alt)
    return drawing
