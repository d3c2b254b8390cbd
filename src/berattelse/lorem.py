"""Text without meaning, for `{{< lipsum >}}`: Cicero's words as printers have long set them."""

from __future__ import annotations

from collections.abc import Sequence

_SENTENCES = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut "
    "labore et dolore magna aliqua.",
    "Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea "
    "commodo consequat.",
    "Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla "
    "pariatur.",
    "Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit "
    "anim id est laborum.",
    "Sed ut perspiciatis unde omnis iste natus error sit voluptatem accusantium doloremque "
    "laudantium.",
    "Nemo enim ipsam voluptatem quia voluptas sit aspernatur aut odit aut fugit, sed quia "
    "consequuntur magni dolores.",
    "Neque porro quisquam est, qui dolorem ipsum quia dolor sit amet, consectetur, adipisci velit.",
    "Quis autem vel eum iure reprehenderit qui in ea voluptate velit esse quam nihil molestiae "
    "consequatur.",
)
_PER_PARAGRAPH = 4


def paragraphs(first: int, last: int) -> Sequence[str]:
    """Return paragraphs `first` to `last`, counted from 1; the same ones each time."""
    count = len(_SENTENCES)
    return [
        " ".join(
            _SENTENCES[((number - 1) * _PER_PARAGRAPH + (number - 1) // 2 + at) % count]
            for at in range(_PER_PARAGRAPH)
        )
        for number in range(max(first, 1), last + 1)
    ]
