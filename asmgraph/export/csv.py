"""Tables as CSV files that a spreadsheet opens without running what stands in them.

UTF-8 with a byte order mark, as Excel needs it and R, pandas, OpenRefine and QGIS skip it; lines end as RFC 4180
says.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO

Cell = str | int | float | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    r"""Return a CSV file.

    Parameters
    ----------
    columns
        The header.
    rows
        Cells in the order of the columns; ``None`` is left empty. Text that a spreadsheet would run as a
        formula is prefixed by an apostrophe; numbers are not.

    Examples
    --------
    >>> table(["name", "people"], [["=1+1", -5], ["Ndola", None]]).decode("utf-8-sig")
    "name,people\r\n'=1+1,-5\r\nNdola,\r\n"
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([inert(column) for column in columns])
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def stream(columns: Sequence[str], rows: Iterable[Sequence[Cell]], target: BinaryIO) -> None:
    """Write a CSV file as :func:`table` makes it, row by row."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", errors="replace", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow([inert(column) for column in columns])
    for row in rows:
        writer.writerow([inert(cell) for cell in row])
    text.flush()
    text.detach()


def inert(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
