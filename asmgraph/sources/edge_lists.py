"""Read a list of ties, or of nodes, as Gephi and most network programs write it: a text table without a description.

UTF-8; the first line names the columns, separated by what it has most of: commas, semicolons, tabs or bars.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import polars as pl

from asmgraph.errors import SourceError
from asmgraph.records import ROW
from asmgraph.sources import encodings

_SIGNS = (",", ";", "\t", "|")


def read(file: Path) -> pl.DataFrame:
    """Return the table: every cell text without surrounding white space, and the number of each row as ``_row``.

    Rows are numbered from 1, below the names of the columns. A blank line is no row, but counts in the numbers of the
    rows after it, as it does on a screen.

    Raises
    ------
    SourceError
        If it is not UTF-8 text, has no header, names a column twice, or a row has more or fewer cells than the header;
        it names the file and the line.
    """
    try:
        with encodings.opened(file) as lines:
            first = lines.readline()
            lines.seek(0)
            sign = max(_SIGNS, key=first.count)
            rows = csv.reader(lines, delimiter=sign, strict=True)
            columns = [name.strip() for name in next(rows, [])]
            _check_header(file, columns)
            kept: list[list[str]] = []
            numbers: list[int] = []
            for number, cells in enumerate(rows, start=1):
                if any(cell.strip() for cell in cells):
                    if len(cells) != len(columns):
                        where = f"{file.name}, line {rows.line_num}"
                        raise SourceError(
                            f"{where}: {len(cells)} cells where the header has {len(columns)}.",
                            "Put a text that holds the separator between quotes, and give each row as many cells.",
                        )
                    kept.append([cell.strip() for cell in cells])
                    numbers.append(number)
    except UnicodeError:
        raise SourceError(
            f"{file.name}: not UTF-8 text.",
            "Save it with the encoding UTF-8 ('CSV UTF-8' in Excel).",
        ) from None
    except csv.Error as error:
        raise SourceError(
            f"{file.name}, line {rows.line_num}: {error}.",
            "Look at the quotes in this line and those before it.",
        ) from None
    frame = pl.DataFrame(kept, schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.with_columns(pl.Series(ROW, numbers, dtype=pl.Int64))


def _check_header(file: Path, columns: list[str]) -> None:
    if not any(columns):
        raise SourceError(f"{file.name} has no header.", "The first line must name the columns.")
    twice = [name for name, times in Counter(columns).items() if times > 1]
    if twice:
        raise SourceError(
            f"{file.name}: two columns have the name {twice[0]!r}.", "Give each column a name of its own."
        )


def column(frame: pl.DataFrame, *names: str) -> str | None:
    """Return the first column that has one of these names, in any case.

    Examples
    --------
    >>> import polars as pl
    >>> column(pl.DataFrame({"source": ["a"]}), "Source")
    'source'
    """
    known = {name.casefold(): name for name in reversed(frame.columns)}
    return next((known[name.casefold()] for name in names if name.casefold() in known), None)
