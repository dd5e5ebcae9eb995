"""From what a shape objects to, back to the rows that state it, and to their cells of which nothing could be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from rdflib import URIRef

from asmgraph.checked_rows import CheckedRows
from asmgraph.mapping import runner
from asmgraph.mapping.runner import Origin
from asmgraph.ontology import constraints, files
from asmgraph.records import KEPT, ROW, Refusal
from asmgraph.validation import kept
from asmgraph.validation.shapes import Violation


def refusals(rows: CheckedRows, violations: Sequence[Violation]) -> list[Refusal]:
    """Return the rows to refuse, sorted; one whose cells could not be read is named once for each of these cells."""
    wanted = {
        violation: (violation.focus, violation.path, violation.value or None) for violation in violations
    }
    origins = runner.trace(rows.rules, rows, wanted.values())
    pairs = [(violation, origin) for violation, key in wanted.items() for origin in origins.get(key, ())]
    unread = _unread(rows, [origin for _, origin in pairs if not origin.column])
    return sorted({one for pair in pairs for one in _of(rows, *pair, unread)})


def _of(
    rows: CheckedRows,
    violation: Violation,
    origin: Origin,
    unread: Mapping[tuple[str, int], Sequence[kept.Kept]],
) -> Iterable[Refusal]:
    about = f"The row is about {violation.focus}."
    # A statement is missing, which no cell makes: perhaps one would have, had it been read.
    meant = _columns(rows, origin.table, violation) if not origin.column else frozenset()
    cells = [one for one in unread.get((origin.table, origin.row), ()) if one.column in meant]
    for one in cells:
        why = f"The cell {one.column} {one.reason}, so nothing is read of it. {one.remedy}"
        yield Refusal(origin.table, origin.row, one.column, one.value, violation.message, f"{why} {about}")
    if not cells:
        column = origin.column or files.local(violation.path)
        yield Refusal(origin.table, origin.row, column, origin.value, violation.message, about)


def _columns(rows: CheckedRows, table: str, violation: Violation) -> frozenset[str]:
    """Return the columns of which the missing statement would be made."""
    paths = set(constraints.paths_of(files.shapes(), URIRef(violation.shape)))
    made = [rule for rule in rows.rules if rule.table == table and rule.predicate in paths]
    return frozenset(column for rule in made for column in rule.object_columns)


def _unread(rows: CheckedRows, origins: Iterable[Origin]) -> Mapping[tuple[str, int], list[kept.Kept]]:
    """Return the cells of some rows that were kept as text, by table and row; they are read once more for it."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for origin in origins:
        wanted[origin.table].add(origin.row)
    found: dict[tuple[str, int], list[kept.Kept]] = defaultdict(list)
    if not wanted:
        return found
    notes: list[tuple[str, int, str]] = []
    for batch in rows:
        held = batch.frame.filter(pl.col(ROW).is_in(list(wanted[batch.table])))
        cells = held.select(ROW, KEPT).explode(KEPT).drop_nulls(KEPT)
        notes += [(batch.table, row, note) for row, note in cells.iter_rows()]
    told = {(one.table, f"{one.column}: {one.value}"): one for one in rows.kept}
    for table, row, note in notes:
        found[table, row].append(told[table, note])
    return found
