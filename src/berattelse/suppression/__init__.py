"""Cell suppression: which further counts to hide so that the small ones cannot be worked out.

Pure mathematics: counts, the linear relations between them, and nothing of files or subjects.
`attack.py` is the outsider, `select.py` chooses the pattern.
"""

from .attack import Cell, Equation, interval
from .select import Pattern, protect

__all__ = ["Cell", "Equation", "Pattern", "interval", "protect"]
