"""Gather records, one after the other, into batches: what readers of sheets, JSON and XML share.

Enters: numbered records, each a mapping of column to text. Leaves: :class:`~asmgraph.records.Batch`, cells stripped of
surrounding white space, blank cells null.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import polars as pl

from asmgraph.errors import SourceError
from asmgraph.records import KEPT, ROW, Batch

BATCH_ROWS = 10_000
Record: TypeAlias = tuple[int, Mapping[str, str | None]]
"""The number that a person finds a record by, and its cells by column."""


def batches(
    table: str, where: str, records: Iterable[Record], columns: Iterable[str] = ()
) -> Iterator[Batch]:
    """Yield the records in batches; a column that first comes up in a later batch is not in the earlier ones.

    Parameters
    ----------
    where
        File, and sheet where there is one, for messages.
    columns
        Columns that every batch has, met or not.

    Raises
    ------
    SourceError
        If a cell holds a character that no text may hold (NUL, half a surrogate pair), or a column has a name that is
        kept for asmgraph.
    """
    known = dict.fromkeys(columns)
    gathered: list[Record] = []
    for record in records:
        gathered.append(record)
        known.update(dict.fromkeys(record[1]))
        if len(gathered) == BATCH_ROWS:
            yield Batch(table, _frame(where, gathered, list(known)))
            gathered = []
    if gathered:
        yield Batch(table, _frame(where, gathered, list(known)))


def _frame(where: str, records: list[Record], columns: list[str]) -> pl.DataFrame:
    taken = sorted({ROW, KEPT} & set(columns))
    if taken:
        raise SourceError(f"{where} has {taken[0]!r}, a name kept for asmgraph.", "Rename it.")
    cells = {name: [row.get(name) for _, row in records] for name in columns}
    _refuse_unwritable(where, records, cells)
    frame = pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String))
    numbers = pl.Series(ROW, [number for number, _ in records], dtype=pl.Int64)
    return frame.select(numbers, pl.all().str.strip_chars().replace("", None))


def _refuse_unwritable(where: str, records: list[Record], cells: Mapping[str, list[str | None]]) -> None:
    for name, texts in cells.items():
        whole = "".join(filter(None, texts))
        if "\0" not in whole and (whole.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in whole)):
            continue
        for (number, _), text in zip(records, texts, strict=True):
            if text and ("\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text)):
                raise SourceError(
                    f"{where}, row {number}, {name}: a character that is none (NUL, or half of one).",
                    "The file is damaged there; mend that cell.",
                )
