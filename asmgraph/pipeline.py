"""Bring data in and out to readers: ingest, validate, publish, initialise. The door to all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from asmgraph import ingestion
from asmgraph.catalogue import REFERENCE, STARTER, Catalogue, catalogue, given, retrieved
from asmgraph.errors import HomeNotFoundError, SnapshotDamagedError, SourceError
from asmgraph.ingestion import Progress
from asmgraph.privacy import public
from asmgraph.records import Sensitivity
from asmgraph.settings import Settings
from asmgraph.store import snapshots, staging
from asmgraph.validation import report

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
    "validate",
]


@dataclass(frozen=True)
class Published:
    """What a publish did."""

    snapshot: snapshots.Snapshot
    changed: Mapping[str, str]
    unchanged: bool


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
        For IATI: take every activity, not only those that bear on artisanal and small-scale mining.
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
            return ingestion.ingest(settings.home, chosen, accept_loss=accept_loss, progress=progress)


def validate(settings: Settings, name: str | None = None) -> list[report.Report]:
    """Return the report of each staged source, or of the one named.

    Raises
    ------
    SourceError
        If it was not staged.
    """
    staged = staging.all_current(settings.home)
    if name is not None and name not in staged:
        raise SourceError(f"The source {name!r} is not staged.", f"Run 'asmgraph ingest {name}' first.")
    chosen = [staged[name]] if name is not None else list(staged.values())
    return [report.from_json((one.folder / "report.json").read_text(encoding="utf-8")) for one in chosen]


def publish(settings: Settings, progress: Progress = lambda *_: None) -> Published:
    """Publish every staged version: all of them or, on any error, none."""
    with snapshots.locked(settings.home):
        return _publish(settings, staging.all_current(settings.home).values(), progress)


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
            return _publish(settings, kept, progress)
    shipped = (*REFERENCE, STARTER)
    staged = staging.all_current(settings.home)
    for name in shipped:
        if name not in staged:
            ingest(settings, name, progress=progress)
    with snapshots.locked(settings.home):
        if _is_published(settings.home):  # by somebody else, meanwhile
            return None
        staged = staging.all_current(settings.home)
        return _publish(settings, [staged[name] for name in shipped], progress)


def _is_published(home: Path) -> bool:
    try:
        return snapshots.published_number(home) > 0
    except HomeNotFoundError:
        return False


def _publish(settings: Settings, staged: Iterable[staging.Staged], progress: Progress) -> Published:
    chosen = list(staged)
    if not chosen:
        raise SourceError("Nothing is staged.", "Run 'asmgraph ingest SOURCE' first, or 'asmgraph init'.")
    try:
        before = snapshots.published_versions(settings.home)
        number = snapshots.published_number(settings.home)
    except (HomeNotFoundError, SnapshotDamagedError):
        before, number = {}, 0
    steps = Counter[str]()

    def step(text: str) -> None:
        steps["done"] += 1
        progress(text, steps["done"], snapshots.STEPS)

    snapshot = snapshots.publish(settings.home, list(_graph_files(chosen)), settings.snapshots_kept, step)
    changed = {one.source: one.version for one in chosen if before.get(one.source) != one.version}
    return Published(snapshot, changed, snapshot.number == number)


def _graph_files(staged: Iterable[staging.Staged]) -> Iterable[snapshots.GraphFile]:
    for one in staged:
        for level, part in one.manifest["graphs"].items():
            sensitivity = Sensitivity(level)
            yield snapshots.GraphFile(
                part["iri"],
                one.file(sensitivity),
                part["triples"],
                part["checksum"],
                public.is_public(sensitivity),
                one.source,
                one.version,
            )
