"""Citations."""

from __future__ import annotations

from tests.quarto.fall.form import Case, Seen

GROUP = "Källor"
BIB = """@book{alm2020, author={Alm, Åsa}, title={Om omsorg}, year={2020}, publisher={Förlaget}}
@article{berg2021, author={Berg, Bo}, title={Om skola}, journal={Tidskrift}, year={2021}}
@book{cedra, author={Ceder, Cia}, title={Om ingenting}, year={2019}, publisher={Förlaget}}
"""
CSL = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>Siffror</title><id>siffror</id><updated>2024-01-01T00:00:00+00:00</updated></info>
<citation><layout prefix="[" suffix="]" delimiter=", "><text variable="citation-number"/></layout>
</citation>
<bibliography><layout suffix="."><text variable="citation-number" suffix=" = "/>
<text variable="title"/></layout></bibliography>
</style>
"""
FILES = {"kallor.bib": BIB, "siffror.csl": CSL}
HEAD = "bibliography: kallor.bib\n"


def _case(name: str, source: str, *seen: Seen, head: str = HEAD, listed: bool = True) -> Case:
    html, pdf, docx = seen if len(seen) == 3 else 3 * seen
    return Case(GROUP, name, source, html, pdf, docx, head=head, files=FILES, listed=listed)


CASES = (
    _case(
        "källa: `[@x]`, `@x`, `[-@x]`, med sida",
        "Så är det [@alm2020, s. 3]. @berg2021 säger annat [-@alm2020].",
        Seen(
            find=("#refs .csl-entry", "a[href='#ref-alm2020']"),
            text=("(Alm 2020, 3)", "Berg (2021)", "annat (2020)", "Referenser", "Om omsorg"),
            absent=("@", "Om ingenting"),
        ),
        Seen(
            find=("Link", "H1"),
            text=("(Alm 2020, 3)", "Berg (2021)", "annat (2020)", "Referenser", "Om omsorg"),
            absent=("@", "Om ingenting"),
        ),
        Seen(
            find=("//w:bookmarkStart[@w:name='ref-alm2020']",),
            text=("(Alm 2020, 3)", "Berg (2021)", "annat (2020)", "Referenser", "Om omsorg"),
            absent=("@", "Om ingenting"),
        ),
    ),
    _case(
        "listans plats: `::: {#refs}`",
        "Se [@alm2020].\n\n# Litteratur\n\n::: {#refs}\n:::\n\n# Slut\n\nSist.",
        Seen(text=("Litteratur Alm",), absent=("Referenser",)),
    ),
    _case(
        "med egen stil: `csl`",
        "Se [@berg2021].",
        Seen(text=("Se [1].", "1 = Om skola."), absent=("Berg",)),
        head=HEAD + "csl: siffror.csl\n",
    ),
    _case(
        "utan att nämnas: `nocite`",
        "Text.",
        Seen(text=("Om ingenting",), absent=("Om skola", "@cedra")),
        head=HEAD + 'nocite: "@cedra"\n',
    ),
    _case(
        "tillsammans med korsreferens",
        '![En bild](a.svg){#fig-x fig-alt="A."}\n\nSe @fig-x och [@alm2020].',
        Seen(text=("Se Figur 1 och (Alm 2020).",), absent=("@",)),
    ),
    _case(
        "utan källista",
        "Se [@alm2020].",
        Seen(fault="@alm2020 leder ingenstans"),
        head="",
        listed=False,
    ),
)
