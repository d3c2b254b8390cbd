"""What the checks are tried on: a small report of ours, and documents by LibreOffice."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from berattelse.model import Document, Format, Job, Target, TargetSettings
from berattelse.typeset import inbyggd

WORD = Path(__file__).parent / "word"
"""Documents in LibreOffice's plain format, to be saved by LibreOffice as Word or PDF."""
SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="160mm" height="60mm" viewBox="0 0 160 60">
<rect x="10" y="10" width="60" height="40" fill="#00556b"/></svg>"""
# A pixel: what the picture shows is not the matter here
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080000000"
    "03a7e9b550000000a49444154789c6368000000820081dd436af40000000049454e44ae426082"
)
TEXT = """---
title: Verksamhetsberättelse 2022
lang: sv
kommun: Härnösand
namnd: Socialnämnden
ar: 2022
rapport: verksamhetsberattelse
rapportnamn: Verksamhetsberättelse
dnr: SN 22-100
datum: "2023-02-19"
toc: true
number-sections: true
---

# Sammanfattning {.unnumbered}

Se @tbl-drift, @fig-nojd och @sec-drift. Mer står i
[årsstatistiken](https://www.socialstyrelsen.se/statistik).[^1]

[^1]: Noten nämner @tbl-drift.

# Ekonomi

## Drift {#sec-drift}

Stycket före tabellen.

::: {#tbl-drift}
```{=html}
<table><thead><tr><th class="gt_left">Post</th><th class="gt_right">Utfall</th></tr></thead>
<tbody><tr><th class="gt_left">Intäkter</th><td class="gt_right">1 234</td></tr>
<tr class="summa"><th class="gt_left">Summa</th><td class="gt_right">3</td></tr></tbody></table>
```

Drift, tkr
:::

{{< pagebreak >}}

# Brukare

::: {#fig-nojd}
![](figures/nojd.svg){fig-alt="Stapeldiagram. Nöjda är 82 procent." width="160mm"}

Nöjda brukare
:::

::: {.callout-note}
## Om kronorna

Kronorna är syntetiska.
:::

{{< pagebreak >}}

# Avslutning

Sista stycket.
"""


def typeset(folder: Path, format_: Format, text: str = TEXT) -> Path:
    """Typeset the report into `folder` and return the file."""
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    (folder / "figures" / "nojd.svg").write_text(SVG, encoding="utf-8")
    (folder / "figures" / "nojd.png").write_bytes(PNG)
    (folder / "composed.md").write_text(text, encoding="utf-8")
    settings = TargetSettings(
        "Verksamhetsberättelse 2022",
        "Härnösand",
        "Socialnämnden",
        "helar",
        dnr="SN 22-100",
        datum=dt.date(2023, 2, 19),
    )
    target = Target("verksamhetsberattelse", "harnosand", 2022)
    job = Job(target, settings, Path("verksamhetsberattelse.qmd"), frozenset())
    out = folder / f"ut.{format_}"
    inbyggd.Inbyggd().typeset(Document(job, folder, 1_676_000_000), format_, out)
    return out


def libreoffice(folder: Path, format_: str, *sources: Path) -> None:
    """Save documents in another format into `folder`; tests that need it say so without it."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        message = "LibreOffice finns inte här: testet är inte kört"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    profile = f"-env:UserInstallation={(folder / 'profil').as_uri()}"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", format_, "--outdir", str(folder),
         *map(str, sources)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
