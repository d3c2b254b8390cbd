"""Grey pictures for `{{< placeholder >}}`: they only take room."""

from __future__ import annotations

import io

from PIL import Image

_GREY = 0xDD


def svg(width: int, height: int) -> bytes:
    """Return a grey picture as SVG; sizes in CSS pixels."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" '
        f'fill="#{_GREY:02x}{_GREY:02x}{_GREY:02x}"/></svg>\n'
    ).encode()


def png(width: int, height: int) -> bytes:
    """Return a grey picture as PNG; sizes in pixels."""
    written = io.BytesIO()
    Image.new("L", (width, height), _GREY).save(written, "PNG", optimize=True)
    return written.getvalue()
