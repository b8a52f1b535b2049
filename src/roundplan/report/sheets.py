"""Sheets to print: a page of them, each on a new printed page, chosen by menus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from roundplan.report.page import page
from roundplan.report.rota import Rota
from roundplan.words import counted

Choice = tuple[str, str, Mapping[str, str]]
"""What sheets are chosen by: label, word for all of them, and text by value."""


def sheet_page(
    title: str, about: str, choices: Mapping[str, Choice], sheets: Sequence[str]
) -> str:
    """Return a page of sheets.

    Parameters
    ----------
    about
        Text on what the sheets are; it is escaped.
    choices
        By the data attribute that sheets have for it (``day`` for ``data-day``).
    sheets
        As `sheet` makes them.
    """
    menus = "".join(
        f'<label>{escape(label)} <select id="{name}"><option value="">{escape(every)}'
        f"</option>{_options(texts)}</select></label>\n"
        for name, (label, every, texts) in choices.items()
    )
    body = f"""<header class="no-print">
<h1>{escape(title)}</h1>
<p>{counted(len(sheets), "sheet")}, each on a new printed page. {escape(about)}</p>
<div class="controls">
{menus}<button type="button" id="print">Print what is shown</button>
</div>
<p id="shown" role="status"></p>
</header>
<main>
{"".join(sheets) or "<p>There is nothing to show.</p>"}
</main>"""
    return page(
        title, body, {}, scripts=["sheets.js"], styles=["sheets.css"], leaflet=False
    )


def _options(texts: Mapping[str, str]) -> str:
    return "".join(
        f'<option value="{escape(value)}">{escape(text)}</option>'
        for value, text in texts.items()
    )


def sheet(
    chosen_by: Mapping[str, str],
    who: str,
    when: str,
    facts: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[str],
) -> str:
    """Return one sheet: whose it is, on every printed page, and a table of rows.

    ``facts``, ``heads`` and ``rows`` are HTML of our own; a head that starts with
    ``*`` is of an empty box to write in.
    """
    data = "".join(
        f' data-{name}="{escape(value)}"' for name, value in chosen_by.items()
    )
    columns = "".join(
        f'<th scope="col"{" class=box" if head.startswith("*") else ""}>'
        f"{head.removeprefix('*')}</th>"
        for head in heads
    )
    return f"""<article class="sheet"{data}>
<table><thead><tr><th colspan="{len(heads)}" class="who">
<h2>{bdi(who)}</h2>
<p class="date">{escape(when)}</p>
<p>{"<br>".join(facts)}</p></th></tr>
<tr>{columns}</tr></thead><tbody>{"".join(rows)}</tbody></table>
</article>
"""


def named(rota: Rota, id_: str) -> str:
    """Return a name with its id, or the id alone."""
    name = rota.name(id_)
    return name if name == id_ else f"{name} ({id_})"


def bdi(text: str) -> str:
    """Return a name as HTML that may run from right to left."""
    return f"<bdi>{escape(text)}</bdi>"
