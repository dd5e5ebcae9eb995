"""Apply compiled rules to batches of rows: N-Triples lines by sensitivity, and the way back to the rows.

Streamed. Rules that read the rows alike (same lists, same condition of their mapping, same join) run together: lists
are taken apart, rows chosen and subjects written once for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from asmgraph.mapping import joins
from asmgraph.mapping.compiler import Join, Rule
from asmgraph.records import KEPT, ROW, Batch, Sensitivity

_LINE, _SUBJECT, _OBJECT = "_line", "_subject", "_object"
_ROWS = 16_384
"""Rows at a time: enough to keep polars busy, few enough that a hundred statements a row fit into little memory."""


@dataclass(frozen=True)
class Lines:
    """Distinct N-Triples lines of some rows that share a sensitivity."""

    sensitivity: Sensitivity
    lines: pl.Series


@dataclass(frozen=True, order=True)
class Origin:
    """The cell a statement came from."""

    table: str
    row: int
    column: str
    value: str


@dataclass(frozen=True)
class _Group:
    """Rules that read the rows alike."""

    rules: tuple[Rule, ...]

    def frame(self, rows: pl.DataFrame, found: Mapping[Join, pl.DataFrame]) -> pl.DataFrame:
        first = self.rules[0]
        columns = sorted({column for rule in self.rules for column in rule.columns})
        frame = joins.exploded(rows, columns, first.splits)
        if first.only is not None:
            frame = frame.filter(first.only.fill_null(False))
        return joins.joined(frame, first.join, found[first.join]) if first.join is not None else frame

    def lines(
        self, rows: pl.DataFrame, found: Mapping[Join, pl.DataFrame]
    ) -> Iterator[tuple[Sensitivity, str, pl.Series]]:
        """Give the lines of each rule, with their sensitivity and predicate."""
        frame = self.frame(rows, found)
        if not frame.height:
            return
        subjects = {id(rule.subject): rule.subject for rule in self.rules}
        names = {key: f"{_SUBJECT}{place}" for place, key in enumerate(subjects)}
        frame = frame.with_columns(subjects[key].alias(name) for key, name in names.items())
        made = frame.select(
            self.line(rule, names[id(rule.subject)]).alias(str(place))
            for place, rule in enumerate(self.rules)
        )
        for rule, lines in zip(self.rules, made, strict=True):
            yield rule.sensitivity, rule.predicate, lines.drop_nulls().rename(_LINE)

    @staticmethod
    def line(rule: Rule, subject: str) -> pl.Expr:
        line = pl.concat_str(pl.col(subject), pl.lit(f" <{rule.predicate}> "), rule.object, pl.lit(" ."))
        return line if rule.condition is None else pl.when(rule.condition.fill_null(False)).then(line)


def run(rules: Sequence[Rule], batches: Iterable[Batch]) -> Iterator[Lines]:
    """Yield the statements of every batch, streamed.

    Where rules join rows of different tables, ``batches`` are read twice.

    Raises
    ------
    MappingError
        If a join finds more than fits; see :mod:`asmgraph.mapping.joins`.
    """
    groups: dict[str, list[_Group]] = defaultdict(list)
    for group in _groups(rules):
        groups[group.rules[0].table].append(group)
    found = joins.parents(rules, batches)
    for batch in batches:
        for rows in batch.frame.iter_slices(_ROWS):
            made: dict[Sensitivity, dict[str, list[pl.Series]]] = defaultdict(lambda: defaultdict(list))
            for group in groups[batch.table]:
                for level, predicate, lines in group.lines(rows, found):
                    made[level][predicate].append(lines)
            for level in Sensitivity:
                parts = [_distinct(pl.concat(some)) for some in made[level].values()]
                if any(map(len, parts)):
                    yield Lines(level, pl.concat(parts))


def silent(rules: Sequence[Rule], batch: Batch) -> list[int]:
    """Return the rows of a batch of which nothing is stated, where anything is stated of the rows of its table.

    What is stated of one subject whatever a row says (the source's page) is not stated of the row; what a join adds
    is stated of a row of which more is.
    """
    own = [rule for rule in rules if rule.table == batch.table and rule.join is None]
    own = [rule for rule in own if rule.subject.meta.root_names()]
    left = batch.frame if own else batch.frame.clear()
    for rule in own:
        if not left.height:  # mostly after the first rule
            break
        stated = joins.exploded(left, rule.columns, rule.splits).filter(rule.lines().is_not_null())
        left = left.join(stated.select(ROW).unique(), on=ROW, how="anti")
    return left[ROW].to_list()


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
    parents = joins.parents(rules, batches)
    found: dict[tuple[str, str, str | None], set[Origin]] = {}
    for batch in batches:
        for rule in rules:
            if rule.table != batch.table:
                continue
            terms = {_SUBJECT: rule.subject, _OBJECT: rule.object, _LINE: rule.lines()}
            hits = _Group((rule,)).frame(batch.frame, parents).with_columns(**terms).drop_nulls(_LINE)
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
        by_subject = _rows_of(rules, batches, parents, {key[0] for key in missing})
    for key in missing:
        for table, row in by_subject.get(key[0], ()):
            found.setdefault(key, set()).add(Origin(table, row, "", ""))
    return {key: sorted(origins) for key, origins in found.items()}


def _rows_of(
    rules: Sequence[Rule],
    batches: Iterable[Batch],
    parents: Mapping[Join, pl.DataFrame],
    subjects: set[str],
) -> dict[str, set[tuple[str, int]]]:
    rows: dict[str, set[tuple[str, int]]] = {}
    # Of the rules with one subject the last is taken, which is one that does not join, and so loses no row.
    ordered = sorted(rules, key=lambda rule: rule.join is None)
    chosen = {(rule.mapping, id(rule.subject)): rule for rule in ordered}.values()
    for batch in batches:
        for rule in chosen:
            if rule.table == batch.table:
                frame = _Group((rule,)).frame(batch.frame, parents)
                pairs = frame.select(ROW, rule.subject.alias(_SUBJECT))
                for row, subject in pairs.filter(pl.col(_SUBJECT).is_in(list(subjects))).iter_rows():
                    rows.setdefault(subject, set()).add((batch.table, row))
    return rows


def _distinct(lines: pl.Series) -> pl.Series:
    # Counting is several times cheaper than choosing, and most predicates say something else of each row.
    return lines if lines.n_unique() == len(lines) else lines.unique(maintain_order=True)


def _groups(rules: Iterable[Rule]) -> list[_Group]:
    alike: dict[tuple[object, ...], list[Rule]] = defaultdict(list)
    for rule in rules:
        key = (rule.table, rule.splits, KEPT in rule.columns, id(rule.only), id(rule.join))
        alike[key].append(rule)
    return [_Group(tuple(some)) for some in alike.values()]
