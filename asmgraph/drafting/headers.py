"""Find the row with the names of the columns, where titles, dates of issue or blank rows stand above it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from asmgraph.descriptions import Table
from asmgraph.drafting.headings import role
from asmgraph.sources import csv, ods, xlsx

ROWS = 40
"""So many rows with something in them are looked at."""
_WIDE = 0.6
_MOST = 0.7
_NUMBER = str.maketrans("", "", "+-., \u00a0/:%")


def find(file: Path, format_: str, table: Table) -> int | None:
    """Return the number of the row that names the columns; nothing where it is the first with something in it.

    It is the first row nearly as wide as the widest whose cells are mostly texts and mostly different; among the first
    three of them one whose cells are known headings goes before others.

    Raises
    ------
    SourceError
        If the file cannot be read.
    """
    with closing(_rows(file, format_, table)) as found:
        rows = list(islice(found, ROWS))
    widest = max((len(cells) for _, cells in rows), default=0)
    wide = [
        (number, cells)
        for place, (number, cells) in enumerate(rows)
        if _names(cells) and (len(cells) >= max(2, _WIDE * widest) or (place == 0 and _known(cells)))
    ]
    if not wide:
        return None
    number, _ = max(wide[:3], key=lambda row: (_known(row[1]), -row[0]))
    return number if number != rows[0][0] else None


def _rows(file: Path, format_: str, table: Table) -> Generator[tuple[int, Sequence[str]], None, None]:
    """Give the number and the cells that are not blank of each row that has some."""
    if format_ in ("csv", "tsv"):
        separator = table.separator or ("\t" if format_ == "tsv" else ",")
        yield from csv.rows(file, separator, table.encoding)
        return
    with {"xlsx": xlsx, "ods": ods}[format_].opened(file, table.sheet) as sheet:
        for number, cells in sheet.rows:
            yield number, [text for text in cells.values() if text.strip()]


def _names(cells: Sequence[str]) -> bool:
    """Say whether cells can name columns: mostly different ones, and mostly no figures or dates."""
    told = [" ".join(text.split()) for text in cells]
    figures = sum(text.translate(_NUMBER).isdecimal() for text in told)
    # Of few names one may stand twice; the reader says so.
    different = len(set(told)) > _MOST * len(told) or len(set(told)) == len(told) - 1
    return different and figures < (1 - _MOST) * len(told)


def _known(cells: Sequence[str]) -> bool:
    """Say whether at least two cells, and a third of them, are headings that are known."""
    known = sum(role(text)[0] is not None for text in cells)
    return known >= 2 and 3 * known >= len(cells)
