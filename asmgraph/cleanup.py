"""A steward's clean-up of a source: what to merge, which steps are saved, add one, take one back.

The steps are kept in the home beside the steward's own sources, for shipped sources too, and every ingestion replays
them; see :mod:`asmgraph.cleaning.steps`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rdflib import RDF

from asmgraph.catalogue import described, given, own_folder
from asmgraph.cleaning import clusters, steps
from asmgraph.cleaning.clusters import Proposal
from asmgraph.cleaning.steps import Step
from asmgraph.errors import SourceError
from asmgraph.mapping import yarrrml
from asmgraph.mapping.document import Template, TriplesMap, references
from asmgraph.records import ASM
from asmgraph.settings import Settings
from asmgraph.sources import formats
from asmgraph.store import snapshots

_TIES = {ASM + name for name in ("Participation", "CoordinationTie")}


def saved(settings: Settings, name: str) -> list[Step]:
    """Return the steps of a source that are saved in the home."""
    return steps.load(own_folder(settings, name))


def propose(
    settings: Settings,
    name: str,
    table: str,
    column: str,
    path: Path | None = None,
    method: str = "fingerprint",
) -> list[Proposal]:
    """Return groups of values of a column that may be spellings of one, after the steps that are saved.

    Parameters
    ----------
    path
        The source's file or folder; without it the files that lie beside its ``source.yml``.
    method
        One of :data:`asmgraph.cleaning.clusters.METHODS`.

    Raises
    ------
    SourceError, ConfigurationError
        If the source, its file or the column is not there, or the source has no tables.
    """
    chosen = given(settings, name, path)
    reader = formats.READERS.get(chosen.source.format)
    if reader is None:
        raise SourceError(f"{name} is RDF and has no columns.", "Correct RDF in its file.")
    _check(chosen.source.tables.get(table), name, table, column)
    counts = Counter[str]()
    for batch in steps.Replay(chosen.steps, chosen.source).apply(reader.read(chosen.path, chosen.source)):
        if batch.table == table and column in batch.frame.columns:
            cells = batch.frame[column].drop_nulls()
            separator = chosen.source.tables[table].columns[column].split
            items = cells.str.split(separator).explode().str.strip_chars() if separator else cells
            counts.update(dict(items.value_counts().iter_rows()))
    counts.pop("", None)
    return clusters.propose(counts, method)


def add(settings: Settings, name: str, new: Sequence[Step]) -> list[Step]:
    """Save further steps after those that are saved; return all of them.

    Raises
    ------
    SourceError
        If a step names a table or column that the source does not have or read, or cuts cells that are cut already.
    """
    with snapshots.locked(settings.home):
        kept = [*saved(settings, name), *new]
        source = described(settings, name)[1]
        for step in new:
            _check(source.tables.get(step.table), name, step.table, step.column)
            column = source.tables[step.table].columns[step.column]
            if column.ignore:
                raise SourceError(
                    f"{step.column} is not read: source.yml says to ignore it ({column.ignore})."
                )
            if isinstance(step, steps.Split) and column.split:
                raise SourceError(
                    f"The cells of {step.column} are already cut at {column.split!r}.",
                    "Change split in source.yml, or take the step back that says so.",
                )
        steps.save(own_folder(settings, name), kept)
    return kept


def named_by(settings: Settings, name: str, table: str, column: str) -> list[str]:
    """Return the mappings whose subjects are made of a column and others: each value in its cells names one thing.

    But not those of what ties one thing to another, as that an organisation takes part: there it is meant.

    Raises
    ------
    MappingError, SourceError, ConfigurationError
        If the source or its mapping cannot be read.
    """
    folder = described(settings, name)[0]
    if not (folder / "mapping.yml").is_file():
        return []
    found = (one for one in yarrrml.load(folder / "mapping.yml") if one.table == table)
    read = {one.name: references(one.subject) for one in found if not _TIES & set(_types(one))}
    return [called for called, columns in read.items() if column in columns and len(columns) > 1]


def _types(mapping: TriplesMap) -> Iterator[str | None]:
    for one in mapping.predicate_objects:
        if str(RDF.type) in one.predicates:
            yield from (made.value.constant for made in one.objects if isinstance(made.value, Template))


def undo(settings: Settings, name: str, number: int) -> Step:
    """Take the step with this number, counted from 1, out of those saved in the home; return it.

    Raises
    ------
    SourceError
        If there is no such step.
    """
    with snapshots.locked(settings.home):
        kept = saved(settings, name)
        if not 1 <= number <= len(kept):
            raise SourceError(
                f"{name} has {len(kept)} saved steps; there is no step {number}.", "Count from 1."
            )
        taken = kept.pop(number - 1)
        steps.save(own_folder(settings, name), kept)
    return taken


def _check(table: object, name: str, table_name: str, column: str) -> None:
    columns = getattr(table, "columns", {})
    if column not in columns:
        raise SourceError(
            f"{name} has no column {column!r} in a table {table_name!r}.",
            f"Its columns: {', '.join(columns)}." if columns else "Its source.yml names the tables.",
        )
