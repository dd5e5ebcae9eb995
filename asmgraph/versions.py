"""The versions of sources: what is staged and published, how two of them differ, how a source is withdrawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from asmgraph import audit, publication
from asmgraph.catalogue import REFERENCE, catalogue
from asmgraph.errors import HomeNotFoundError, SnapshotDamagedError, SourceError
from asmgraph.publication import Published
from asmgraph.records import GRAPH, Progress
from asmgraph.settings import Settings
from asmgraph.store import difference, retention, snapshots, staging
from asmgraph.validation import report


class State(StrEnum):
    """How what is staged of a source stands to what is published of it."""

    PUBLISHED = "published"
    NEWER = "newer version staged"
    STAGED = "staged, not published"
    WITHDRAWN = "withdrawn"
    NEVER = "not ingested"


@dataclass(frozen=True)
class Publication:
    """A version that was a part of a snapshot, since when (with zone)."""

    version: str
    snapshot: int
    at: str


@dataclass(frozen=True)
class Withdrawn:
    """What a withdrawal did: the publication without the source, ``None`` where the source was not published.

    ``removed`` and ``still_read`` are the numbers of the older snapshots that had to go.
    """

    published: Published | None
    removed: tuple[int, ...] = ()
    still_read: tuple[int, ...] = ()


@dataclass(frozen=True)
class Status:
    """One source: its state, its versions, what its last report counts, why its last ingestion was stopped.

    ``triples`` counts the statements of the staged version, ``published_triples`` those that are published of it in the
    full dataset: fewer where something was taken down.
    """

    source: str
    state: State
    staged: str
    published: str
    rows: int
    refused: int
    triples: int
    published_triples: int
    stopped: str
    history: tuple[Publication, ...]


def status(settings: Settings) -> list[Status]:
    """Return what is staged and published of every source that was ever ingested, and of those to be ingested."""
    published: Mapping[str, str] = {}
    with suppress(HomeNotFoundError, SnapshotDamagedError):
        published = snapshots.published_versions(settings.home)
    counts = Counter[str]()
    for graph, count in publication.counts(settings.home).items():
        counts[graph.removeprefix(GRAPH).partition("/")[0]] += count
    stopped = staging.stopped(settings.home)
    known = {*catalogue(settings).sources, *published, *stopped}
    return [_status(settings, name, published.get(name, ""), counts[name], stopped) for name in sorted(known)]


def _status(
    settings: Settings, name: str, published: str, published_triples: int, stopped: Mapping[str, str]
) -> Status:
    staged = staging.before(settings.home, name)
    history = staging.versions(settings.home, name)
    if staged is None:
        state = State.WITHDRAWN if history else State.NEVER
    elif staged.version == published:
        state = State.PUBLISHED
    else:
        state = State.NEWER if published else State.STAGED
    shown = report.from_json(staged.report()) if staged is not None else None
    return Status(
        name,
        state,
        staged.version if staged is not None else "",
        published,
        sum(shown.rows.values()) if shown else 0,
        shown.refused_rows if shown else 0,
        sum(shown.triples.values()) if shown else 0,
        published_triples,
        report.from_json(stopped[name]).stopped if name in stopped else "",
        tuple(
            Publication(one.version, **item)
            for one in history
            for item in one.manifest.get("publications", ())
        ),
    )


def diff(settings: Settings, name: str, against: str | None = None) -> Iterator[difference.Change]:
    """Yield what the staged version of a source adds, changes and does not repeat.

    Parameters
    ----------
    against
        A version of its history; without it the published one, or nothing where none is published.

    Raises
    ------
    SourceError, StoreError
        If the source is not staged, or the statements of the other version are no longer kept.
    """
    staged = staging.current(settings.home, name)
    if staged is None:
        raise SourceError(f"The source {name!r} is not staged.", f"Run 'asmgraph ingest {name}' first.")
    if against is None:
        with suppress(HomeNotFoundError):
            against = snapshots.published_versions(settings.home).get(name)
    before = staging.version(settings.home, name, against).lines() if against else ()
    return difference.changes(before, staged.lines())


def withdraw(
    settings: Settings, name: str, *, forget: bool = False, progress: Progress = lambda *_: None
) -> Withdrawn:
    """Publish what is published without one source, and stage it no more.

    Its published versions stay in its history, and in older snapshots on the disk, unserved; ``forget`` removes both.

    Raises
    ------
    SourceError
        If nothing is kept of the source, it is a reference source, or all that is published.
    """
    if name in REFERENCE:
        raise SourceError(f"{name} is what all other sources point at; it stays.")
    with snapshots.locked(settings.home):
        before = publication.published(settings)
        if name not in before and not staging.versions(settings.home, name):
            raise SourceError(f"Nothing is kept of a source {name!r}.", "Run 'asmgraph status'.")
        left = [staged for other, staged in before.items() if other != name]
        if name in before and not left:
            raise SourceError(f"Nothing but {name} is published.", "Publish another source first.")
        done = publication.publish(settings, left, progress) if name in before else None
        if forget:  # before it is unstaged, so that a run that dies can be repeated
            retention.condemn(settings.home)
            publication.sweep(settings.home)
        staging.unstage(settings.home, name, forget=forget)
        audit.record(settings.home, "withdraw", name, forgotten=forget)
        if not forget:
            return Withdrawn(done)
        return Withdrawn(done, *retention.remove_condemned(settings.home, progress))
