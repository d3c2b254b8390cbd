"""A kommun's graphic profile: colours, typefaces, mark and Word template, for every format.

`_brand.yml` (Quarto's brand format) at the top of the project holds for all; what
`profiler/<kommun>/_brand.yml` says wins over it, key by key. Both are read here, once per target,
and become one `Profile` that HTML, PDF, Word and charts share.
"""

from __future__ import annotations

from berattelse.profile.model import Cut, Logo, Profile, Scheme, Typeface

__all__ = ["Cut", "Logo", "Profile", "Scheme", "Typeface"]
