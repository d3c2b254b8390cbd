"""The constructs of Quarto's Markdown, case by case; `docs/quarto.md` is made from them."""

from __future__ import annotations

from tests.quarto.fall import (
    celler,
    enskilda,
    flytande,
    kallor,
    kod,
    korsreferenser,
    rutor,
    sidor,
    tabeller,
    text,
)
from tests.quarto.fall.form import FORMATS, Case, Seen

CASES: tuple[Case, ...] = (
    *text.CASES,
    *korsreferenser.CASES,
    *flytande.CASES,
    *tabeller.CASES,
    *rutor.CASES,
    *kod.CASES,
    *sidor.CASES,
    *kallor.CASES,
    *enskilda.CASES,
    *celler.CASES,
)

__all__ = ["CASES", "FORMATS", "Case", "Seen"]
