"""What sheets of every spreadsheet format share: a row of column names, rows below it, cells that stand for others.

Enters: the rows of a sheet as its format's reader gives them. Leaves: batches; a row's number is the one that a
spreadsheet program shows beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from asmgraph.descriptions import Source, Table
from asmgraph.errors import SourceError
from asmgraph.records import Batch
from asmgraph.sources import gathering, tables

ROWS = 1_048_576
COLUMNS = 16_384
"""What a sheet can hold at most, in the programs that people use."""
MERGED = 100_000
_NAMED = 10

Row: TypeAlias = tuple[int, Mapping[int, str]]
"""A row's number and its cells that are not blank, by the 1-based number of their column."""


@dataclass(frozen=True)
class Merged:
    """Cells shown as one: the rows and columns they span."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    def __str__(self) -> str:
        return f"{letters(self.first_column)}{self.first_row}:{letters(self.last_column)}{self.last_row}"


@dataclass(frozen=True)
class Sheet:
    """A sheet that is open: where it is, its rows, and what was met among those read that hides or stands for cells."""

    where: str
    rows: Iterator[Row]
    hidden: list[int] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)


Opened: TypeAlias = Callable[[Path, str | None], AbstractContextManager[Sheet]]
"""Opens the sheet of a file that has a name, or the only one that shows; a format has its own."""


def read(path: Path, source: Source, endings: Sequence[str], opened: Opened) -> Iterator[Batch]:
    """Yield the rows of every table of ``source`` found at ``path``.

    Raises
    ------
    SourceError
        If a file is not of the format or a hostile one, has not the sheet, or its rows cannot be understood; it names
        file, sheet and, where there is one, the cell.
    """
    for table, file in tables.located(path, source, *endings, shared=True).items():
        with opened(file, source.tables[table].sheet) as sheet:
            yield from batches(table, source, sheet)


def batches(name: str, source: Source, sheet: Sheet) -> Iterator[Batch]:
    """Yield the rows of ``sheet`` as those of the table ``name``.

    Raises
    ------
    SourceError
        If it has no row of names, a name twice, none of the key columns, or below the names rows that are hidden or
        cells that are merged: nobody can say whether they are meant.
    """
    table = source.tables[name]
    start, cells = _header(sheet, table)
    names = tables.named(list(cells.values()), table, sheet.where)
    tables.require_key(names, table, sheet.where, source)
    columns = dict(zip(cells, names, strict=True))
    yield from gathering.batches(name, sheet.where, records(sheet.rows, columns), names)
    refuse_unclear(sheet, start)


def records(rows: Iterator[Row], columns: Mapping[int, str]) -> Iterator[gathering.Record]:
    """Yield each row by the names of its columns; a column without a name is called by its letter."""
    for number, cells in rows:
        yield number, {columns.get(place) or unnamed(place): text for place, text in cells.items()}


def chosen(file: str, wanted: str | None, visible: Sequence[str], hidden: Sequence[str]) -> str:
    """Return the name of the sheet that is meant: the one named, hidden or not, or the only one that shows."""
    every = ", ".join(repr(name) for name in (*visible, *hidden))
    if wanted is not None:
        if wanted in visible or wanted in hidden:
            return wanted
        raise SourceError(
            f"{file} has no sheet {wanted!r}; it has {every or 'none'}.", "Mend 'sheet' in source.yml."
        )
    if len(visible) == 1:
        return visible[0]
    raise SourceError(
        f"{file} has {len(visible)} sheets that show: {every or 'none'}.",
        "Name one: as 'sheet' in source.yml, or with --sheet for a draft.",
    )


def note_merged(sheet: Sheet, cells: Merged) -> None:
    """Keep in mind that cells are merged; so many of them that this fills the memory are refused at once."""
    sheet.merged.append(cells)
    if len(sheet.merged) > MERGED:
        raise SourceError(f"{sheet.where}: more than {MERGED:,} merged cells.", "Unmerge them all.")


def refuse_unclear(sheet: Sheet, start: int) -> None:
    """Refuse a sheet with hidden rows or merged cells below the row ``start``."""
    hidden = [str(number) for number in sheet.hidden if number > start]
    if hidden:
        raise SourceError(
            f"{sheet.where}: hidden rows: {_first(hidden)}.",
            "Show them (clear the filter) if they belong to the data, or delete them.",
        )
    merged = [str(cells) for cells in sheet.merged if cells.last_row > start]
    if merged:
        raise SourceError(
            f"{sheet.where}: merged cells: {_first(merged)}. Only the first of each holds the value.",
            "Unmerge them and fill each with its value.",
        )


def letters(column: int) -> str:
    """Return the letters of a column.

    >>> [letters(column) for column in (1, 26, 27, 703)]
    ['A', 'Z', 'AA', 'AAA']
    """
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def unnamed(column: int) -> str:
    """Return what a column without a name is called."""
    return f"(column {letters(column)})"


def refuse_too_many(where: str, row: int) -> None:
    """Refuse a row whose number no sheet has."""
    if row > ROWS:
        raise SourceError(
            f"{where}, row {row}: more rows than a sheet can hold ({ROWS:,}).",
            "The file is damaged or hostile.",
        )


def _header(sheet: Sheet, table: Table) -> tuple[int, dict[int, str]]:
    for number, cells in sheet.rows:
        if table.header is None or number == table.header:
            return number, {place: " ".join(text.split()) for place, text in cells.items()}
        if number > table.header:
            break
    raise SourceError(
        f"{sheet.where} has no row of column names{f' in row {table.header}' if table.header else ''}.",
        "Say in source.yml, as 'header', which row names the columns.",
    )


def _first(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
