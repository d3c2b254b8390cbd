"""Grey pictures for `{{< placeholder >}}`: they only take room."""

from __future__ import annotations

import struct
import zlib

_GREY = 0xDD


def svg(width: int, height: int) -> bytes:
    """Return a grey picture as SVG; sizes in CSS pixels."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" '
        f'fill="#{_GREY:02x}{_GREY:02x}{_GREY:02x}"/></svg>\n'
    ).encode()


def png(width: int, height: int) -> bytes:
    """Return a grey picture as PNG (ISO/IEC 15948), eight bits of grey to a pixel."""
    line = b"\0" + bytes([_GREY]) * width
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", head),
            _chunk(b"IDAT", zlib.compress(line * height, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
