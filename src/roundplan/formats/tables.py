"""Writing tables: columns in the order of the field tables, line ends as on Unix.

Cells are written as they are, so that they read back exactly. A cell that starts with
``=``, ``+``, ``-`` or ``@`` is a formula to a spreadsheet: these files are for
programs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from roundplan.domain.visit import Extra
from roundplan.formats.field_tables import field_table

Cells = Mapping[str, str]


def table_text(
    table: str,
    rows: Sequence[Cells],
    extras: Sequence[Extra] = (),
    *,
    every_column: bool,
) -> str:
    """Return a CSV file.

    Parameters
    ----------
    rows
        Cells by column; a column that is left out is empty.
    extras
        Unknown columns of each row, which follow the known ones.
    every_column
        False leaves out optional columns that are empty in all rows.
    """
    columns = [
        f.name
        for f in field_table(table)
        if every_column or f.required or any(row.get(f.name) for row in rows)
    ]
    more = list(dict.fromkeys(name for extra in extras for name, _ in extra))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*columns, *more])
    for i, row in enumerate(rows):
        own = dict(extras[i]) if extras else {}
        writer.writerow(
            [*(row.get(c, "") for c in columns), *(own.get(name, "") for name in more)]
        )
    return buffer.getvalue()
