"""What a case is: a construct of Quarto's Markdown and what is to be seen in the finished files."""

from __future__ import annotations

from dataclasses import dataclass, field

FORMATS = ("html", "pdf", "docx")


@dataclass(frozen=True)
class Seen:
    """What a finished file must hold of a construct, and what it must not."""

    find: tuple[str, ...] = ()
    """Must be there. HTML: CSS selectors. Word: XPath on document.xml. PDF: tags, such as `H1`,
    or `Figure=text` with an alternative text."""
    text: tuple[str, ...] = ()
    """Must be read in the file; any white space is one space."""
    missing: tuple[str, ...] = ()
    """As `find`, must not be there."""
    absent: tuple[str, ...] = ()
    """As `text`, must not be read."""
    warning: str = ""
    """Part of a warning that the user is given."""
    fault: str = ""
    """Part of the reason why no file is made; then nothing else is asked for."""
    becomes: str = ""
    """How the construct degrades, in the words of the table; empty where it is as in Quarto."""
    supported: bool = True
    """False for «nej» in the table."""


@dataclass(frozen=True)
class Case:
    """One construct, in one small document."""

    group: str
    """Heading of the table's part."""
    name: str
    """What the table calls the construct, in Swedish."""
    source: str
    """Markdown after the front matter; a first heading is put before it."""
    html: Seen
    pdf: Seen
    docx: Seen
    head: str = ""
    """Lines of front matter beside `title`, `lang` and `number-sections`."""
    files: dict[str, str] = field(default_factory=dict)
    """Files beside the document: name -> content."""
    single: bool = False
    """Whether it is rendered as a document by itself (`render-qmd`), shortcodes and cells too."""
    listed: bool = True
    """Whether the table has a row of its own for it; not for the faults of a construct."""

    def seen(self, format: str) -> Seen:
        """Return what is to be seen in a format."""
        return {"html": self.html, "pdf": self.pdf, "docx": self.docx}[format]
