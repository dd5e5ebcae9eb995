"""Apply compiled rules to batches of rows: N-Triples lines by sensitivity, and the way back to the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from asmgraph.mapping.compiler import Rule
from asmgraph.records import ROW, Batch, Sensitivity

_LINE, _SUBJECT, _OBJECT = "_line", "_subject", "_object"


@dataclass(frozen=True)
class Lines:
    """Distinct N-Triples lines of one batch that share a sensitivity."""

    sensitivity: Sensitivity
    lines: pl.Series


@dataclass(frozen=True, order=True)
class Origin:
    """The cell a statement came from."""

    table: str
    row: int
    column: str
    value: str


def run(rules: Sequence[Rule], batches: Iterable[Batch]) -> Iterator[Lines]:
    """Yield the statements of every batch, streamed."""
    for batch in batches:
        for level in Sensitivity:
            parts = [_select(rule, batch.frame) for rule in rules if _serves(rule, batch, level)]
            if parts:
                lines = pl.concat(parts)[_LINE].unique(maintain_order=True)
                if len(lines):
                    yield Lines(level, lines)


def trace(
    rules: Sequence[Rule], batches: Iterable[Batch], wanted: Iterable[tuple[str, str, str | None]]
) -> dict[tuple[str, str, str | None], list[Origin]]:
    """Find the cells behind statements.

    Parameters
    ----------
    wanted
        (subject, predicate, object) as N-Triples terms and a predicate IRI; object ``None`` stands for any
        statement of the subject, where the fault is that one is missing.

    Returns
    -------
    dict
        For each of ``wanted`` that came from rows, its cells, sorted.
    """
    keys = set(wanted)
    subjects = {subject for subject, _, _ in keys}
    found: dict[tuple[str, str, str | None], set[Origin]] = {}
    for batch in batches:
        for rule in rules:
            if rule.table != batch.table:
                continue
            terms = {_SUBJECT: rule.subject, _OBJECT: rule.object, _LINE: rule.lines()}
            hits = _exploded(rule, batch.frame).with_columns(**terms).drop_nulls(_LINE)
            hits = hits.filter(pl.col(_SUBJECT).is_in(list(subjects)))
            for hit in hits.iter_rows(named=True):
                cells = ", ".join(str(hit[c]) for c in rule.object_columns if hit[c] is not None)
                origin = Origin(batch.table, hit[ROW], ", ".join(rule.object_columns), cells)
                exact = (hit[_SUBJECT], rule.predicate, hit[_OBJECT])
                if exact in keys:
                    found.setdefault(exact, set()).add(origin)
    by_subject: dict[str, set[tuple[str, int]]] = {}
    missing = {key for key in keys if key[2] is None or key not in found}
    if missing:
        by_subject = _rows_of(rules, batches, {key[0] for key in missing})
    for key in missing:
        for table, row in by_subject.get(key[0], ()):
            found.setdefault(key, set()).add(Origin(table, row, "", ""))
    return {key: sorted(origins) for key, origins in found.items()}


def _rows_of(
    rules: Sequence[Rule], batches: Iterable[Batch], subjects: set[str]
) -> dict[str, set[tuple[str, int]]]:
    rows: dict[str, set[tuple[str, int]]] = {}
    for batch in batches:
        for rule in {rule.mapping: rule for rule in rules if rule.table == batch.table}.values():
            frame = _exploded(rule, batch.frame).select(ROW, rule.subject.alias(_SUBJECT))
            for row, subject in frame.filter(pl.col(_SUBJECT).is_in(list(subjects))).iter_rows():
                rows.setdefault(subject, set()).add((batch.table, row))
    return rows


def _serves(rule: Rule, batch: Batch, level: Sensitivity) -> bool:
    return rule.table == batch.table and rule.sensitivity == level


def _select(rule: Rule, frame: pl.DataFrame) -> pl.DataFrame:
    return _exploded(rule, frame).select(rule.lines().alias(_LINE)).drop_nulls()


def _exploded(rule: Rule, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns that the rule reads, a row for each item of a list."""
    wanted = [ROW, *(column for column in rule.columns if column in frame.columns)]
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in rule.columns if name not in frame.columns]
    part = frame.select(wanted).with_columns(absent)
    for column, separator in rule.splits:
        cells = pl.col(column).str.split(separator).list.eval(pl.element().str.strip_chars())
        part = part.with_columns(cells).explode(column).with_columns(pl.col(column).replace("", None))
    for column in (name for name, kind in part.schema.items() if isinstance(kind, pl.List)):
        part = part.explode(column)
    return part
