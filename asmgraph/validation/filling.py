"""Count how many cells of each planned column are filled, as the rows of a source pass on their way to the checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import polars as pl

from asmgraph.descriptions import Source
from asmgraph.records import Batch


class Filling:
    """Rows by table, and filled cells by table and column, of the last pass over a source.

    A column is planned where ``source.yml`` lists it and does not ignore it; one that the file lacks has none filled.
    """

    def __init__(self, source: Source) -> None:
        self._planned = {
            name: [column for column, said in table.columns.items() if not said.ignore]
            for name, table in source.tables.items()
        }
        self._source = source
        self.rows: Counter[str] = Counter()
        self.filled: Counter[tuple[str, str]] = Counter()

    def counting(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Yield the batches as they are; count anew."""
        self.rows.clear()
        self.filled.clear()
        for batch in batches:
            planned = self._planned.get(batch.table)
            if planned is not None and batch.frame.height:
                self.rows[batch.table] += batch.frame.height
                held = [column for column in planned if column in batch.frame.columns]
                counts = batch.frame.select(pl.col(column).count() for column in held)
                for column in held:
                    self.filled[batch.table, column] += int(counts[column][0])
            yield batch

    def shares(self) -> dict[tuple[str, str], float]:
        """Return by table and planned column which share of the rows it is filled in; of tables without rows none."""
        return {
            (table, column): self.filled[table, column] / self.rows[table]
            for table, columns in self._planned.items()
            for column in columns
            if self.rows[table]
        }

    def readable(self) -> int:
        """Return the filled cells of the columns in which a text may be kept that no list or type fits."""
        return sum(
            self.filled[name, column]
            for name, columns in self._planned.items()
            for column in columns
            if self._source.tables[name].columns[column].lookup
            or self._source.tables[name].columns[column].on_error == "keep"
        )
