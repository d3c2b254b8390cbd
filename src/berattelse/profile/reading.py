"""From `_brand.yml` to a profile: read, joined, checked.

All faults are told at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from berattelse.config import folder_name
from berattelse.errors import BerattelseError, SettingsError, raise_all
from berattelse.profile import standard
from berattelse.profile.brand import bare, mapping, our_defaults, read_brand
from berattelse.profile.fonts import read_typefaces
from berattelse.profile.logo import read_logo
from berattelse.profile.model import Profile
from berattelse.profile.schemes import with_colours

FILE = "_brand.yml"
FOLDER = "profiler"
TEMPLATE = "mall.docx"


def strays(root: Path, kommuner: Collection[str]) -> list[str]:
    """Return a sentence, in Swedish, for each thing in `profiler/` that looks used and is not.

    Args:
        root: the project's folder.
        kommuner: folder names of all kommuner.
    """
    told: list[str] = []
    wanted = (FILE, TEMPLATE)
    for folder in sorted(root.glob(f"{FOLDER}/*/")):
        files = sorted(path.name for path in folder.iterdir())
        alike = {name: _alike(name) for name in files}
        if folder.name not in kommuner:
            if any(alike.values()):
                near = difflib.get_close_matches(folder_name(folder.name), kommuner, n=1)
                hint = f" Menade du {FOLDER}/{near[0]}?" if near else ""
                told.append(f"{FOLDER}/{folder.name} hör inte till någon kommun.{hint}")
            continue
        told += [
            f"{FOLDER}/{folder.name}/{name} används inte: filen ska heta {alike[name]}."
            for name in files
            if alike[name] and name not in wanted and not (folder / alike[name]).is_file()
        ]
    return told


def _alike(name: str) -> str:
    """Return which of a profile's files a name is meant for; empty for neither."""
    stem = Path(name).stem.lower().strip("_")
    kinds = {"brand": (FILE, (".yml", ".yaml")), "mall": (TEMPLATE, (".docx", ".dotx", ".docm"))}
    wanted, suffixes = kinds.get(stem, ("", ()))
    return wanted if Path(name).suffix.lower() in suffixes else ""


def project_profile(root: Path) -> Profile:
    """Return the project's own profile for pages about the data and the start page.

    A faulty one stops every report, where its faults are told; those pages are made all the same.
    """
    try:
        return read_profile(root)
    except SettingsError:
        return standard.profile()


def read_profile(root: Path, kommun: str = "") -> Profile:
    """Read the profile of a kommun: the project's own, with the kommun's on top of it.

    Args:
        root: the project's folder.
        kommun: folder name of the kommun; empty for the project's own profile.

    Raises:
        SettingsError: unknown keys, colours that are none or that cannot be read on their
            ground, files that do not exist; all at once, with the nearest colour that passes.
    """
    own = root / FOLDER / kommun if kommun else None
    paths = [root / FILE, *([own / FILE] if own else [])]
    faults: list[BerattelseError] = []
    brand = read_brand(paths, root)
    profile = with_colours(standard.profile(), brand, faults)
    text, headings, size_pt, remarks = read_typefaces(brand, faults)
    word = mapping(our_defaults(brand).get("word"))
    logo = read_logo(brand, faults)
    raise_all(SettingsError, faults)
    template = own / TEMPLATE if own else None
    tried = [*paths, *([template] if template else [])]
    tried += [cut.path for face in (text, headings) for cut in face.cuts]
    tried += [path for path in (logo and logo.path, logo and logo.dark) if path]
    return replace(
        profile,
        text=text,
        headings=headings,
        size_pt=size_pt,
        word_family=str(bare(word.get("typsnitt")) or profile.word_family),
        word_fallback=str(bare(word.get("reserv")) or profile.word_fallback),
        logo=logo,
        template=template if template and template.is_file() else None,
        files=tuple(dict.fromkeys(tried)),
        remarks=tuple(remarks),
    )
