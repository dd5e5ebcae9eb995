"""Bring data in and out to readers: ingest, validate, publish, initialise, take down. The door to all of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from asmgraph import audit, ingestion, publication, review
from asmgraph.catalogue import REFERENCE, STARTER, Catalogue, catalogue, given, retrieved
from asmgraph.errors import (
    ConfigurationError,
    HomeNotFoundError,
    NotFoundError,
    SnapshotDamagedError,
    SourceError,
)
from asmgraph.privacy import takedown as removal
from asmgraph.publication import Published
from asmgraph.records import ID, Progress, Sensitivity
from asmgraph.settings import Settings
from asmgraph.store import snapshots, staging, tombstones
from asmgraph.validation import report
from asmgraph.validation.conflicts import Conflict

__all__ = [
    "REFERENCE",
    "STARTER",
    "Catalogue",
    "Progress",
    "Published",
    "TakenDown",
    "catalogue",
    "ingest",
    "initialise",
    "publish",
    "revalidate",
    "takedown",
    "validate",
]

PATIENCE_S = 15.0
"""How long a takedown waits for a running server to leave the snapshots that must go."""


@dataclass(frozen=True)
class TakenDown:
    """What a takedown did, or would do.

    ``things`` are the IRIs of what goes, or comes back, with the class of each. ``removed`` and ``still_read`` are
    the numbers of older snapshots that held one of them.
    """

    iri: str
    things: Mapping[str, str]
    published: Published | None = None
    removed: tuple[int, ...] = ()
    still_read: tuple[int, ...] = ()


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
            before = staging.before(settings.home, name)
            done = ingestion.ingest(settings.home, chosen, accept_loss=accept_loss, progress=progress)
            if not done.unchanged:
                audit.record(
                    settings.home, "ingest", name, _staged_counts(before),
                    _staged_counts(staging.before(settings.home, name)), version=done.version,
                )  # fmt: skip
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
        return publication.publish(settings, staged.values(), progress)


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


def takedown(
    settings: Settings,
    iri: str,
    reason: str = "",
    *,
    withdraw: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
) -> TakenDown:
    """Take a thing, and what is only about it, out of everything that is served; or put it back.

    What is published stays published but for it; what is only staged stays staged. The address is kept in the
    home's list, so that no later import brings the thing back.

    Parameters
    ----------
    iri
        The address of the thing.
    reason
        A key of :data:`asmgraph.store.tombstones.REASONS`; not needed to withdraw.
    withdraw
        Put back what was taken down.
    dry_run
        Say what would go, and change nothing.

    Raises
    ------
    ConfigurationError
        For another reason, or an address that cannot be taken down.
    NotFoundError
        If no source states the thing, or there is nothing to withdraw.
    """
    if not withdraw and reason not in tombstones.REASONS:
        raise ConfigurationError(
            f"{reason!r} is no reason for a takedown.", f"Give one of {', '.join(tombstones.REASONS)}."
        )
    with snapshots.locked(settings.home):
        stones = tombstones.read(settings.home)
        things = _falling(settings.home, iri)
        if withdraw and iri not in stones:
            raise NotFoundError(f"{iri} was not taken down.", "'asmgraph takedown --list' says what was.")
        if not withdraw:
            _refuse_takedown(settings.home, iri, things)
        if dry_run:
            return TakenDown(iri, things)
        kept = {key: stone for key, stone in stones.items() if key != iri}
        added = [] if withdraw else [stones.get(iri, tombstones.made(iri, reason))]
        tombstones.write(settings.home, [*kept.values(), *added])
        audit.record(
            settings.home, "withdraw" if withdraw else "takedown", iri, reason=reason, things=len(things)
        )
        try:
            versions = snapshots.published_versions(settings.home)
        except HomeNotFoundError:
            return TakenDown(iri, things)
        staged = [staging.version(settings.home, *item) for item in versions.items()]
        published = publication.publish(settings, staged, progress)
        removed, left = ([], []) if withdraw else _remove_holding(settings.home, things, progress)
        return TakenDown(iri, things, published, tuple(removed), tuple(left))


def _falling(home: Path, iri: str) -> dict[str, str]:
    """Return what goes with a thing, staged or published, with the class of each: '' where none is stated."""
    staged = {(one.source, one.version): one for one in staging.all_current(home).values()}
    try:
        for item in snapshots.published_versions(home).items():
            staged[item] = staging.version(home, *item)
    except HomeNotFoundError:
        pass
    kinds: dict[str, str] = {}
    for one in staged.values():
        kinds |= dict(one.types().sort("thing", "kind").iter_rows())
    files = [one.file(level) for one in staged.values() for level in Sensitivity]
    return {thing: kinds.get(thing, "") for thing in removal.falling(files, [iri])}


def _refuse_takedown(home: Path, iri: str, things: Mapping[str, str]) -> None:
    """Stop at an address that is no thing of a source: a term, a place that all sources share, a slip."""
    if not iri.startswith(ID):
        raise ConfigurationError(f"{iri} is not the address of a thing.", f"It must begin with {ID}.")
    for reference in REFERENCE:
        shared = staging.before(home, reference)
        if shared is not None and iri in set(shared.types()["thing"]):
            raise ConfigurationError(
                f"{iri} belongs to {reference}, which all sources share.",
                "Take down what points at it instead.",
            )
    if not things[iri] and not _is_public(home, iri):
        raise NotFoundError(f"No source states {iri}.", "Copy the address from the page of the thing.")


def _is_public(home: Path, iri: str) -> bool:
    """Say whether the public dataset states a thing, as it does those that it alone has."""
    try:
        return snapshots.states(snapshots.current(home), iri)
    except (HomeNotFoundError, SnapshotDamagedError):
        return False


def _remove_holding(home: Path, things: Iterable[str], progress: Progress) -> tuple[list[int], list[int]]:
    """Remove the older snapshots that hold things; wait a little for a server that still reads one."""
    until, removed = time.monotonic() + PATIENCE_S, set[int]()
    while True:
        done, left = snapshots.remove_holding(home, things)
        removed |= set(done)
        if not left or time.monotonic() > until:
            return sorted(removed), left
        progress("waiting for readers of older snapshots", len(removed), len(removed) + len(left))
        time.sleep(0.5)


def _is_published(home: Path) -> bool:
    try:
        return snapshots.published_number(home) > 0
    except HomeNotFoundError:
        return False


def _staged_counts(staged: staging.Staged | None) -> dict[str, int]:
    """Return the statements of each graph of a staged version."""
    return (
        {}
        if staged is None
        else {part["iri"]: part["triples"] for part in staged.manifest["graphs"].values()}
    )
