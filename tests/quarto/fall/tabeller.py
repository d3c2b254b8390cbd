"""Tables."""

from __future__ import annotations

from tests.quarto.fall.form import Case, Seen

GROUP = "Tabeller"
CELL = "//w:tc[.//w:t = '%s']"


def _case(name: str, source: str, *seen: Seen, head: str = "", listed: bool = True) -> Case:
    html, pdf, docx = seen
    return Case(GROUP, name, source, html, pdf, docx, head=head, listed=listed)


PIPE = "| Namn | Antal |\n|:-----|------:|\n| A\\|B | 1 |\n| *C* | 22 |\n"
GRID = """+-------+---------+
| Namn  | Text    |
+=======+=========+
| A     | - en    |
|       | - två   |
+-------+---------+
| B     | slut    |
+-------+---------+
"""
SPANS = """+-------+-------+
| Över båda     |
+-------+-------+
| A     | B     |
+-------+-------+
"""
GT = """```{=html}
<div id="kq"><style>#kq {color: red}</style><table class="gt_table"><thead>
<tr><th rowspan="2" class="gt_left">Enhet</th><th colspan="2" class="gt_center">Perioden</th></tr>
<tr><th class="gt_right">Utfall</th><th class="gt_right">Budget</th></tr></thead>
<tbody class="gt_table_body"><tr><td class="gt_row gt_left">Skola</td>
<td class="gt_row gt_right">1 234</td>
<td class="gt_row gt_right">1 200</td></tr></tbody></table></div>
```
"""
STYLER = """```{=html}
<style type="text/css">#T_1 th {text-align: left;}</style>
<table id="T_1"><thead><tr><th class="blank level0">&nbsp;</th>
<th id="T_1_level0_col0" class="col_heading">Andel</th>
</tr></thead><tbody><tr><th id="T_1_level0_row0" class="row_heading">Barn</th>
<td id="T_1_row0_col0" class="data">0,5</td></tr></tbody></table>
```
"""
LIST = """::: {.list-table header-rows=1 aligns="l,r" widths="2,1"}
* - Namn
  - Antal

* - A
  - 1

* - []{colspan=2}Över båda
:::
"""

CASES = (
    _case(
        "enkel: `| a | b |`",
        PIPE,
        Seen(
            find=("table thead th[scope=col]", "td.tal", "td em"),
            text=("A|B",),
            missing=("caption",),
            absent=("|---",),
        ),
        Seen(find=("Table", "TH"), text=("A|B",), missing=("Caption",), absent=("|---",)),
        Seen(
            find=("//w:tblHeader", CELL % "22" + "//w:jc[@w:val='right']"),
            text=("A|B",),
            absent=("|---",),
        ),
    ),
    _case(
        "med text: `: En tabell {#tbl-x}`",
        PIPE + "\n: En *tabell* {#tbl-x}",
        Seen(find=("#tbl-x caption em",), text=("Tabell 1. En tabell",), absent=("{#",)),
        Seen(find=("Caption",), text=("Tabell 1. En tabell",), absent=("{#",)),
        Seen(
            find=("//w:tblCaption | //w:tblDescription",),
            text=("Tabell 1. En tabell",),
            absent=("{#",),
        ),
    ),
    _case(
        "text utan nummer: `: En tabell`",
        PIPE + "\n: En tabell",
        *(3 * [Seen(text=("En tabell",), absent=("Tabell 1",))]),
    ),
    _case(
        "rutnät: `+---+---+`, med listor i celler",
        GRID,
        Seen(find=("td ul li",), text=("två", "slut"), absent=("+--",)),
        Seen(find=("TD", "LI"), text=("två", "slut"), absent=("+--",)),
        Seen(find=("//w:tc//w:numPr",), text=("två", "slut"), absent=("+--",)),
    ),
    _case(
        "rutnät med celler över flera kolumner",
        SPANS,
        Seen(find=("[colspan='2']",), text=("Över båda",), absent=("+--",)),
        Seen(find=("Table",), text=("Över båda A B",), absent=("+--",)),
        Seen(find=("//w:gridSpan[@w:val='2']",), text=("Över båda",), absent=("+--",)),
    ),
    _case(
        "som text i rader: `----- -----`",
        "Namn     Antal\n------  ------\nA            1\nB            2\n",
        Seen(find=("table thead th", "td.tal"), text=("Namn",), absent=("---",)),
        Seen(find=("TH",), text=("Namn Antal A 1",), absent=("---",)),
        Seen(find=("//w:tblHeader",), text=("Namn Antal A 1",), absent=("---",)),
    ),
    _case(
        "som lista: `.list-table`",
        LIST,
        Seen(
            find=("table thead th", "td.tal", "[colspan='2']"),
            text=("Över båda",),
            missing=("main ul",),
        ),
        Seen(find=("TH",), text=("Namn Antal A 1 Över båda",), missing=("LI",)),
        Seen(
            find=("//w:tblHeader", "//w:gridSpan[@w:val='2']"),
            text=("Över båda",),
            missing=("//w:numPr[w:numId/@w:val > 1000]",),
        ),
    ),
    _case(
        "HTML från great_tables, med spann",
        f"::: {{#tbl-x}}\n{GT}\nDrift\n:::",
        Seen(
            find=("th[colspan='2'][scope=colgroup]", "th[rowspan='2']", "td.tal", "#tbl-x caption"),
            text=("Tabell 1. Drift", "1 234"),
            missing=(".gt_row", "#kq"),
            absent=("color",),
        ),
        Seen(find=("TH", "Caption"), text=("Tabell 1. Drift", "1 234"), absent=("color",)),
        Seen(
            find=("//w:gridSpan[@w:val='2']", "//w:vMerge"),
            text=("Tabell 1. Drift", "1 234"),
            absent=("color",),
        ),
    ),
    _case(
        "HTML från pandas Styler",
        STYLER,
        Seen(
            find=("tbody th[scope=row]",),
            text=("Barn", "0,5"),
            missing=("#T_1",),
            absent=("text-align",),
        ),
        Seen(find=("Table",), text=("Barn", "0,5"), absent=("text-align",)),
        Seen(find=("//w:tbl",), text=("Barn", "0,5"), absent=("text-align",)),
    ),
    _case(
        "HTML skriven för hand, med caption",
        "```{=html}\n"
        "<table><caption>Egen text</caption><tr><th>A</th></tr><tr><td>1</td></tr></table>\n"
        "```",
        *(3 * [Seen(text=("Egen text", "A"), absent=("<caption>", "Tabell 1"))]),
    ),
    _case(
        "kolumnbredder: `tbl-colwidths`",
        PIPE + '\n: En tabell {#tbl-x tbl-colwidths="[75,25]"}',
        Seen(find=("col[style*='75']",), absent=("tbl-colwidths", "[75")),
        Seen(text=("Tabell 1",), absent=("[75",), becomes="bredden följer innehållet"),
        Seen(text=("Tabell 1",), absent=("[75",), becomes="bredden följer innehållet"),
    ),
    _case(
        "randig, med linjer: `.striped`, `.bordered`, `.hover`",
        PIPE + "\n: En tabell {.striped .bordered .hover}",
        Seen(find=("table.striped.bordered",), text=("En tabell",), absent=(".striped",)),
        Seen(
            find=("Table",),
            text=("En tabell",),
            absent=("striped",),
            becomes="profilens tabellstil",
        ),
        Seen(
            find=("//w:tbl",),
            text=("En tabell",),
            absent=("striped",),
            becomes="profilens tabellstil",
        ),
    ),
    _case(
        "not under tabellen",
        "::: {#tbl-x}\n" + PIPE + "\n::: {.tabellnot}\nKälla: egen.\n:::\n\nEn tabell\n:::",
        Seen(find=("#tbl-x .tabellnot",), text=("Källa: egen.",), missing=("caption .tabellnot",)),
        Seen(text=("22 Källa: egen.",), absent=(":::",)),
        Seen(
            find=("//w:p[w:pPr/w:pStyle/@w:val='Tabellnot'][.//w:t]",),
            text=("Källa: egen.",),
            absent=(":::",),
        ),
    ),
    _case(
        "skriven som lista, med fel form",
        "::: {.list-table}\n- bara en punkt\n:::",
        *(3 * [Seen(fault="skriven som lista")]),
        listed=False,
    ),
    Case(
        GROUP,
        "med klasser i ett eget dokument: `.striped`, `.responsive`, `tbl-cap-location`",
        PIPE + "\n: En tabell {#tbl-x .striped .responsive .egen}\n\n" + PIPE + "\n: Utan nummer",
        Seen(
            find=(
                "#tbl-x figure.quarto-float-tbl .table-responsive > table.table-striped.egen",
                "table[aria-labelledby='tbl-x-rubrik']",
                "table.caption-bottom > caption",
                "table + figcaption, div + figcaption",
            ),
            text=("Tabell 1: En tabell", "Utan nummer"),
            missing=("table.striped", "#tbl-x caption"),
        ),
        Seen(find=("Table",), text=("Tabell 1: En tabell",), absent=("striped",)),
        Seen(find=("//w:tbl",), text=("Tabell 1: En tabell",), absent=("striped",)),
        head="tbl-cap-location: bottom\n",
        single=True,
    ),
    Case(
        GROUP,
        "HTML som den är skriven: `html-table-processing: none`",
        '::: {html-table-processing="none"}\n```{=html}\n<table id="min"><tr><th>A</th></tr>'
        "<tr><td>1</td></tr></table>\n```\n:::\n\n"
        '```{=html}\n<table class="egen" id="tva"><tr><th>B</th></tr>'
        "<tr><td>2</td></tr></table>\n```",
        Seen(
            find=("table#min > tbody > tr > th, table#min > tr > th", "table#tva.egen.table"),
            text=("A", "1"),
            missing=("[data-html-table-processing]", "table#min.table", "table#min th[scope]"),
        ),
        Seen(find=("Table",), text=("A 1", "B 2"), absent=("none",), becomes="vanlig tabell"),
        Seen(
            find=("//w:tbl//w:tblHeader",), text=("A 1",), absent=("none",), becomes="vanlig tabell"
        ),
        single=True,
    ),
    Case(
        GROUP,
        "pandas Styler med egna färger, i ett eget dokument",
        '```{=html}\n<style>#T_1_row0_col0 { background: #ffd; }</style>\n<table id="T_1">'
        '<thead><tr><th>A</th></tr></thead><tbody><tr><td id="T_1_row0_col0">1</td></tr>'
        "</tbody></table>\n```",
        Seen(
            find=("style + div table#T_1.egen-stil td#T_1_row0_col0",),
            text=("A 1",),
            absent=("#ffd",),
        ),
        Seen(find=("Table",), text=("A 1",), absent=("#ffd",), becomes="utan färgerna"),
        Seen(find=("//w:tbl",), text=("A 1",), absent=("#ffd",), becomes="utan färgerna"),
        single=True,
    ),
)
