"""Whether a goal is reached, by one declared rule.

1. The figure that is judged is the prognos where there is one, else the utfall.
2. The target is the goal's number. A goal in words is worked out from the last measured figure
   (`utgangsvarde`): "öka 10 %" is that figure times 1,10, "minska 5 %" times 0,95, "öka" and
   "minska" without number more or less than it, "oförändrat" at least as good as it.
3. `hogre_battre` is reached at the target or above it, `lagre_battre` at it or below. A goal in
   words brings its own direction.
4. If the figure, the target or the direction is missing, the goal cannot be judged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from berattelse.missing import Missing, is_missing
from berattelse.text.numbers import exact

UPPNATT = "Uppnått"
EJ_UPPNATT = "Ej uppnått"
KAN_INTE_BEDOMAS = "Kan inte bedömas"
SYMBOLS = {UPPNATT: "●", EJ_UPPNATT: "○", KAN_INTE_BEDOMAS: "–"}

_RELATIVE = re.compile(
    r"\b(?P<verb>öka|ökas|ökning|minska|minskas|minskning|sänka|höja)\b"
    r"(?:\s+(?:med|på))?(?:\s*(?P<share>\d+(?:[.,]\d+)?)[\s\u00a0]*(?:%|procent\b))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Status:
    """Whether a goal is reached. `str()` gives symbol and word."""

    ord: str
    """"Uppnått", "Ej uppnått" or "Kan inte bedömas"."""
    symbol: str
    """Filled or open circle, or a dash: tells the status without colour."""
    mal: float | Missing
    """The target that was judged against; worked out when the goal is relative."""
    varde: float | Missing
    """The figure that was judged."""
    grund: str
    """"prognos" or "utfall": which figure that is."""

    def __str__(self) -> str:
        return f"{self.symbol} {self.ord}"


def status(
    utfall: Any,
    mal: Any,
    riktning: str,
    prognos: Any = None,
    utgangsvarde: Any = None,
    mal_text: str = "",
) -> Status:
    """Judge a goal by the rule of this module.

    Args:
        utfall: the measured figure.
        mal: the goal's number, or missing when the goal is told in words.
        riktning: `hogre_battre`, `lagre_battre` or empty.
        prognos: the figure expected at the end of the year, if there is one.
        utgangsvarde: the last measured figure before the period, for goals in words.
        mal_text: the goal in words, such as "öka 10 %".

    Raises:
        ValueError: the direction is another word.
    """
    if is_missing(riktning):
        riktning = ""
    if riktning not in ("hogre_battre", "lagre_battre", ""):
        raise ValueError(f"Okänd riktning «{riktning}»; välj hogre_battre eller lagre_battre.")
    basis = "utfall" if is_missing(prognos) else "prognos"
    judged = utfall if is_missing(prognos) else prognos
    target, direction, strict = _target(mal, riktning, utgangsvarde, mal_text)
    if is_missing(judged) or target is None or not direction:
        word = KAN_INTE_BEDOMAS
    else:
        margin = exact(judged) - target
        if direction == "lagre_battre":
            margin = -margin
        word = UPPNATT if margin > 0 or (margin == 0 and not strict) else EJ_UPPNATT
    return Status(
        word,
        SYMBOLS[word],
        Missing("uppgift_saknas") if target is None else float(target),
        Missing("uppgift_saknas") if is_missing(judged) else float(judged),
        basis,
    )


def _target(
    mal: Any, riktning: str, utgangsvarde: Any, mal_text: Any
) -> tuple[Decimal | None, str, bool]:
    """Return the target, its direction, and whether it must be passed, not only reached."""
    if not is_missing(mal):
        return exact(mal), riktning, False
    text = "" if is_missing(mal_text) else str(mal_text)
    base = None if is_missing(utgangsvarde) else exact(utgangsvarde)
    if found := _RELATIVE.search(text):
        up = found["verb"].lower().startswith(("ök", "höj"))
        direction = "hogre_battre" if up else "lagre_battre"
        if base is None:
            return None, direction, False
        if found["share"] is None:
            return base, direction, True
        share = Decimal(found["share"].replace(",", ".")) / 100
        return base * (1 + share if up else 1 - share), direction, False
    if re.search(r"\b(oförändra(d|t|de)|bibehåll\w*)\b", text, re.IGNORECASE):
        return base, riktning, False
    return None, riktning, False
