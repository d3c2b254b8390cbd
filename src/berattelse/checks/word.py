"""Check a Word file against our own rules: there is no independent validator of its accessibility.

The rules follow what Word's own accessibility checker and WCAG 2.1 AA (EN 301 549, chapter 10 on
documents) ask for, and what this project promises of its Word files.
"""

from __future__ import annotations

from berattelse.checks import word_rules
from berattelse.checks.rules import finding
from berattelse.checks.word_colour import contrast
from berattelse.checks.word_document import Document
from berattelse.checks.word_read import UnreadableError, opened
from berattelse.checks.word_tables import tables
from berattelse.model import Finding


def check(content: bytes) -> list[Finding]:
    """Return what is wrong with a Word file, rule by rule."""
    try:
        document = Document(opened(content))
        found = [each for rule in word_rules.CHECKS for each in rule(document)]
        found += tables(document)
        found += contrast(document.paragraphs, document.styles, document.palette)
    except UnreadableError as error:
        return [finding("word_lasbar", str(error))]
    return found
