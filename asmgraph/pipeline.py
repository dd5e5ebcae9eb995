"""Bring data in and out to readers: ingest, validate, publish, initialise. The door to all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from asmgraph import audit, ingestion, publication, review
from asmgraph.catalogue import REFERENCE, STARTER, Catalogue, catalogue, given, retrieved
from asmgraph.errors import (
    HomeNotFoundError,
    SnapshotDamagedError,
    SourceError,
)
from asmgraph.publication import Published
from asmgraph.records import Progress
from asmgraph.settings import Settings
from asmgraph.store import retention, snapshots, staging
from asmgraph.validation import report
from asmgraph.validation.conflicts import Conflict

__all__ = [
    "REFERENCE",
    "STARTER",
    "Catalogue",
    "Progress",
    "Published",
    "catalogue",
    "ingest",
    "initialise",
    "publish",
    "revalidate",
    "validate",
]


def ingest(
    settings: Settings,
    name: str,
    path: Path | None = None,
    *,
    everything: bool = False,
    accept_loss: bool = False,
    progress: Progress = lambda *_: None,
) -> report.Report:
    """Read, check, map, validate and stage one source.

    Parameters
    ----------
    name
        A source of the catalogue.
    path
        Its file or folder; without it the files that lie beside its ``source.yml``, or what its endpoint answers.
    everything
        Where records are judged (IATI, or ``relevance`` in ``source.yml``): take all of them, not only those that
        bear on artisanal and small-scale mining.
    accept_loss
        Also where a class loses more than half of what was staged of it before.

    Returns
    -------
    Report
        With ``unchanged`` set where the same input gives what was staged before.

    Raises
    ------
    SourceError, MappingError, ConfigurationError, ValidationError
        If the file as a whole cannot be used; the store and what was staged stay as they were.
    """
    with retrieved(settings, name, path) as local:
        chosen = given(settings, name, local, everything=everything)
        with snapshots.locked(settings.home):
            for reference in REFERENCE if name not in REFERENCE else ():
                shipped = given(settings, reference)
                ingestion.ingest(settings.home, shipped, accept_loss=True, progress=progress)
            was = _staged_counts(settings.home, name)
            done = ingestion.ingest(settings.home, chosen, accept_loss=accept_loss, progress=progress)
            if not done.unchanged:
                counts = _staged_counts(settings.home, name)
                audit.record(settings.home, "ingest", name, was, counts, version=done.version)
            return done


def validate(settings: Settings, name: str | None = None) -> list[report.Report]:
    """Return the last report of each source, or of the one named: of what is staged, or of what was stopped since.

    Raises
    ------
    SourceError
        If it was never ingested.
    """
    staged = staging.all_current(settings.home)
    texts = {name: one.report() for name, one in staged.items()}
    texts |= staging.stopped(settings.home)
    if name is not None and name not in texts:
        raise SourceError(f"The source {name!r} was not ingested.", f"Run 'asmgraph ingest {name}' first.")
    return [report.from_json(texts[one]) for one in ([name] if name is not None else sorted(texts))]


def revalidate(
    settings: Settings, progress: Progress = lambda *_: None
) -> tuple[list[report.Report], list[Conflict]]:
    """Validate every staged source again, whole, and compare what they say of the same things.

    Returns
    -------
    tuple
        The report of each source, with what the shapes say of it now; and where sources contradict each other.
    """
    with snapshots.locked(settings.home):
        found, conflicts = review.everything(settings.home, progress)
        reports = [report.from_json(one.report()) for one in staging.all_current(settings.home).values()]
    return [replace(one, violations=found[one.source]) for one in reports], conflicts


def publish(settings: Settings, names: Sequence[str] = (), progress: Progress = lambda *_: None) -> Published:
    """Publish every staged version, or those of the sources named beside what is published: all or, on any error, none.

    Raises
    ------
    SourceError
        If nothing is staged, or nothing of a source that is named.
    """
    with snapshots.locked(settings.home):
        staged = staging.all_current(settings.home)
        missing = sorted(set(names) - set(staged))
        if missing:
            raise SourceError(
                f"The source {missing[0]!r} is not staged.", f"Run 'asmgraph ingest {missing[0]}'."
            )
        if names:
            kept = publication.published(settings)
            staged = kept | {name: staged[name] for name in (*REFERENCE, *names) if name in staged}
        done = publication.publish(settings, staged.values(), progress)
        retention.remove_condemned(settings.home, patience_s=0)
        return done


def initialise(settings: Settings, progress: Progress = lambda *_: None) -> Published | None:
    """Publish the vocabulary, the places and the starter data in a home where nothing is published yet.

    What a steward staged or published stays as it is, and is not published on the way. Published data that
    does not open, or was written in another format, is built anew from the same staged versions.

    Returns
    -------
    Published or None
        ``None`` where published data is there already, and in order.
    """
    try:
        for full in (False, True):
            snapshots.current(settings.home, full=full)
        return None
    except HomeNotFoundError:
        pass
    except SnapshotDamagedError:
        with snapshots.locked(settings.home):
            versions = snapshots.published_versions(settings.home)
            kept = [staging.version(settings.home, *item) for item in versions.items()]
            return publication.publish(settings, kept, progress)
    shipped = (*REFERENCE, STARTER)
    staged = staging.all_current(settings.home)
    for name in shipped:
        if name not in staged:
            ingest(settings, name, progress=progress)
    with snapshots.locked(settings.home):
        if _is_published(settings.home):  # by somebody else, meanwhile
            return None
        staged = staging.all_current(settings.home)
        return publication.publish(settings, [staged[name] for name in shipped], progress)


def _is_published(home: Path) -> bool:
    try:
        return snapshots.published_number(home) > 0
    except HomeNotFoundError:
        return False


def _staged_counts(home: Path, source: str) -> dict[str, int]:
    """Return the statements of each graph of what is staged of a source."""
    staged = staging.before(home, source)
    return {part["iri"]: part["triples"] for part in staged.manifest["graphs"].values()} if staged else {}
