"""Gather the rows of IATI records into batches, each row with a number by which a person finds its record.

A row of the table that holds the records has the 1-based number of its record, any other that number and six digits
that count: row 3000002 is the second of the third record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import polars as pl

from asmgraph.descriptions import Source
from asmgraph.records import ROW, Batch
from asmgraph.sources.iati_cells import Cells

BATCH_ROWS = 50_000
Columns = Mapping[str, tuple[str, ...]]

_ROWS_OF_ONE = 1_000_000


def columns(*parts: Mapping[str, str]) -> Columns:
    """Return tables with their columns one by one."""
    return {table: tuple(names.split()) for part in parts for table, names in part.items()}


class Gathered:
    """The rows that were read and not yet given away.

    Parameters
    ----------
    source
        Says which tables are wanted; rows of others are dropped.
    tables
        All tables with their columns.
    records
        The table that has one row a record.
    """

    def __init__(self, source: Source, tables: Columns, records: str) -> None:
        self._tables = {name: names for name, names in tables.items() if name in source.tables}
        self._records = records
        self._rows: dict[str, list[tuple[int | str | None, ...]]] = {name: [] for name in self._tables}
        self._count = 0
        self._last: Counter[str] = Counter()

    def add(self, table: str, cells: Cells, record: int) -> None:
        """Keep a row of the record with that number; a column that it does not name is empty."""
        if table in self._rows:
            least = record if table == self._records else record * _ROWS_OF_ONE + 1
            self._last[table] = max(least, self._last[table] + 1)
            self._rows[table].append((self._last[table], *map(cells.get, self._tables[table])))
            self._count += 1

    @property
    def full(self) -> bool:
        """Say whether there are as many rows, in all tables together, as a batch may have."""
        return self._count >= BATCH_ROWS

    def batches(self) -> Iterator[Batch]:
        """Give away and forget the rows gathered so far."""
        for table, gathered in self._rows.items():
            schema = {ROW: pl.Int64, **dict.fromkeys(self._tables[table], pl.String)}
            frame = pl.DataFrame(gathered, schema=schema, orient="row")
            yield from (Batch(table, part) for part in frame.iter_slices(BATCH_ROWS))
            gathered.clear()
        self._count = 0
