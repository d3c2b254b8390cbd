"""What stands in the margins of every page, alike in PDF and Word."""

from __future__ import annotations


def running_header(namnd: str, titel: str, ar: int | str) -> str:
    """Return `Nämnd, dokument – år`; a title that says the year does not say it twice.

    The dash stands where the year ends the name of the document; a title with a date in it
    ("Delårsrapport per 31 augusti 2022") is left whole.
    """
    name = titel.removesuffix(str(ar)).rstrip(" ,–")
    if str(ar) in titel and (name == titel or any(sign.isdigit() for sign in name)):
        return ", ".join(filter(None, (namnd, titel)))
    return ", ".join(filter(None, (namnd, f"{name} – {ar}")))


def dnr_text(dnr: str) -> str:
    """Return the dnr with its word before it, once."""
    return dnr if dnr.lower().startswith(("dnr", "diarienummer")) else f"Dnr {dnr}"
