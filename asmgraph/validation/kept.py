"""The values that were kept as text: which, how often, in which rows first, why, and what to do.

Enters: what was counted over all batches of a source. Leaves: one :class:`Kept` a value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from asmgraph.descriptions import Column, Source
from asmgraph.validation import promises, remedies


@dataclass(frozen=True)
class Kept:
    """A text that was kept as it stands because no lookup or type fits it.

    ``count`` is of its cells, ``rows`` the first rows that have it; ``reason`` is empty in the reports of versions that
    did not note it.
    """

    table: str
    column: str
    value: str
    count: int
    rows: tuple[int, ...] = ()
    reason: str = ""
    remedy: str = ""

    @property
    def places(self) -> str:
        """Return how many cells hold it and in which rows they are, the first of them."""
        cells = f"in {self.count:,} cell{'s' if self.count > 1 else ''}"
        if not self.rows:
            return cells
        numbers = ", ".join(f"{row}" for row in self.rows)
        more = ", ..." if self.count > len(self.rows) else ""
        return f"{cells}, row{'s' if len(self.rows) > 1 or more else ''} {numbers}{more}"


def listed(findings: promises.Findings, source: Source) -> list[Kept]:
    """Return the values kept as text, those in most cells first."""
    by_column: dict[tuple[str, str], list[str]] = defaultdict(list)
    for table, column, value in findings.kept:
        by_column[table, column].append(value)
    found = []
    for (table, name), values in by_column.items():
        for value, reason, remedy in _explained(name, source.tables[table].columns[name], values):
            key = (table, name, value)
            found.append(Kept(*key, findings.kept[key], findings.first[key], reason, remedy))
    return sorted(found, key=lambda one: (-one.count, one.table, one.column, one.value))


def _explained(name: str, column: Column, values: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return each value with why it was kept and what to do."""
    known = f"is in no lookup of {name} ({', '.join(column.lookup)})"
    add = f"Add it to a lookup of {name} in source.yml, or write it as one of its words: 'asmgraph clean'."
    cell = pl.col(name)
    broken = promises.broken(name, column) if column.on_error == "keep" else pl.lit(False)
    other = remedies.other(cell, name, column)
    correct = pl.concat_str(pl.lit("Correct it, in the file or with 'asmgraph clean edit'"), other)
    told = pl.DataFrame({name: values}, schema={name: pl.String}).select(
        value=cell,
        reason=pl.when(broken).then(remedies.objection(name, column)).otherwise(pl.lit(known)),
        remedy=pl.when(broken).then(correct).otherwise(pl.lit(add)),
    )
    return list(told.iter_rows())
