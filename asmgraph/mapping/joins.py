"""Rows of one table found from rows of another, by equal keys: one bounded lookup frame a join, never a product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from asmgraph.errors import MappingError
from asmgraph.mapping.compiler import JOINED, Join, Rule
from asmgraph.records import ROW, Batch

PARENTS_MOST = 2_000_000
"""Rows that a lookup frame may hold, some 250 MB."""
FOUND_MOST = 5_000_000
"""Statements that a join may make of the rows worked on at a time."""


def parents(rules: Iterable[Rule], batches: Iterable[Batch]) -> Mapping[Join, pl.DataFrame]:
    """Return, for each join of ``rules``, the subjects by key: columns ``_key0`` ... and a list ``_joined``.

    Raises
    ------
    MappingError
        If a join's table has more rows than :data:`PARENTS_MOST`.
    """
    wanted = list({id(rule.join): rule.join for rule in rules if rule.join is not None}.values())
    if not wanted:
        return {}
    if isinstance(batches, Iterator):
        raise MappingError("A mapping joins two tables, but the rows can be read only once.")
    parts: dict[Join, list[pl.DataFrame]] = defaultdict(list)
    counts: dict[Join, int] = defaultdict(int)
    for batch in batches:
        for join in wanted:
            if join.table != batch.table:
                continue
            frame = exploded(batch.frame, join.columns, join.splits)
            if join.only is not None:
                frame = frame.filter(join.only.fill_null(False))
            keys = [key.alias(f"_key{place}") for place, key in enumerate(join.keys)]
            part = frame.select(*keys, join.subject.alias(JOINED)).drop_nulls().unique()
            counts[join] += part.height
            if counts[join] > PARENTS_MOST:
                raise MappingError(
                    f"The mapping {join.mapping} is joined to, and {join.table} has more than {PARENTS_MOST:,} rows.",
                    "Join to a smaller table, or write the IRI from the key itself.",
                )
            parts[join].append(part)
    return {join: _by_key(join, parts[join]) for join in wanted}


def joined(frame: pl.DataFrame, join: Join, found: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with ``_joined``: a row for each subject found by its key, none where there is none.

    Raises
    ------
    MappingError
        If that makes more rows than :data:`FOUND_MOST`.
    """
    names = [f"_key{place}" for place in range(len(join.keys))]
    asked = frame.with_columns(key.alias(name) for name, key in zip(names, join.asked, strict=True))
    matched = asked.join(found, on=names, how="inner", maintain_order="left")
    count = matched.select(pl.col(JOINED).list.len().sum()).item() or 0
    if count > FOUND_MOST:
        raise MappingError(
            f"Joining to {join.mapping} makes more than {FOUND_MOST:,} statements of {frame.height:,} rows.",
            "Its key is shared by too many rows; join by a key that tells them apart.",
        )
    return matched.explode(JOINED).drop(names)


def exploded(frame: pl.DataFrame, columns: Sequence[str], splits: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Return these columns, empty where the file lacks them, with a row for each item of a list."""
    wanted = [ROW, *(column for column in columns if column in frame.columns)]
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in columns if name not in frame.columns]
    part = frame.select(wanted).with_columns(absent)
    for column, separator in splits:
        cells = pl.col(column).str.split(separator).list.eval(pl.element().str.strip_chars())
        part = part.with_columns(cells).explode(column).with_columns(pl.col(column).replace("", None))
    for column in (name for name, kind in part.schema.items() if isinstance(kind, pl.List)):
        part = part.explode(column)
    return part


def _by_key(join: Join, parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    names = [f"_key{place}" for place in range(len(join.keys))]
    schema = dict.fromkeys([*names, JOINED], pl.String)
    whole = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    return whole.unique().group_by(names).agg(JOINED)
