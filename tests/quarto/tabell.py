"""`docs/quarto.md`, made from the cases: `python -m tests.quarto.tabell --fil docs/quarto.md`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.quarto.fall import CASES, FORMATS, Case, Seen

INTRO = """\
# Det här förstår berättelsen av Quartos Markdown

Källorna är vanlig Quarto. Den inbyggda typsättaren gör webbsida, PDF och Word av dem, efter
mening: samma innehåll, nummer och hänvisningar som Quarto ger, i vår form. Tabellen är gjord av
testerna i `tests/quarto/fall/`, som läser de färdiga filerna. Ändra den inte för hand:

```sh
python -m tests.quarto.tabell --fil docs/quarto.md
```

**✓** betyder att konstruktionen finns i formatet. Står det något annat i rutan, så är det vad den
blir där. **Nej** betyder att den inte stöds. Det som inte stöds sägs en gång per dokument, som en
varning med fil och rad, och det som stod där finns kvar som text. Det som skulle ge en fil som inte
är hel eller tillgänglig (en bild utan alternativtext, en hänvisning som inte leder någonstans) är
ett fel, och ingen fil görs.
"""


def cell(seen: Seen) -> str:
    """Return what the table says of a construct in a format."""
    return (seen.becomes or "✓") if seen.supported else (seen.becomes or "nej")


def row(case: Case) -> str:
    """Return a construct's row."""
    # A pipe within code would end the cell.
    name = case.name.replace("|", "\\|")
    return f"| {name} | " + " | ".join(cell(case.seen(format)) for format in FORMATS) + " |"


def table() -> str:
    """Return the whole document."""
    out = [INTRO]
    for group in dict.fromkeys(case.group for case in CASES):
        out.append(f"## {group}\n\n| konstruktion | webb | PDF | Word |\n|---|---|---|---|")
        out += [row(case) for case in CASES if case.group == group and case.listed]
        out.append("")
    return "\n".join(out).rstrip("\n") + "\n"


def main() -> None:
    """Write the document to the file that is named."""
    parser = argparse.ArgumentParser(description="Skriver tabellen över Quartos Markdown.")
    parser.add_argument("--fil", type=Path, required=True, help="filen som skrivs")
    parser.parse_args().fil.write_text(table(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
