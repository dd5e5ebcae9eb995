"""Take a thing out of everything that is served, and keep it out; or put it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from asmgraph import audit, publication
from asmgraph.catalogue import REFERENCE
from asmgraph.errors import ConfigurationError, HomeNotFoundError, NotFoundError, SnapshotDamagedError
from asmgraph.privacy import takedown as removal
from asmgraph.publication import Published
from asmgraph.records import ID, Progress, Sensitivity
from asmgraph.settings import Settings
from asmgraph.store import gap_reviews, retention, snapshots, staging, tombstones


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


def take_down(
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
        stones, versions = tombstones.read(settings.home), list(publication.published(settings).values())
        things = _falling(settings.home, versions, iri)
        if withdraw and iri not in stones:
            raise NotFoundError(f"{iri} was not taken down.", "'asmgraph takedown --list' says what was.")
        if not withdraw:
            _refuse_takedown(settings.home, iri, things)
        if dry_run:
            return TakenDown(iri, things)
        kept = {key: stone for key, stone in stones.items() if key != iri}
        added = (
            []
            if withdraw
            else [stones.get(iri, tombstones.made(iri, reason, public=_is_public(settings.home, iri)))]
        )
        tombstones.write(settings.home, [*kept.values(), *added])
        was, published = publication.counts(settings.home), None
        try:
            if versions:
                published = publication.publish(settings, versions, progress)
        finally:  # what is in the list is in force at the next publication, whatever became of this one
            audit.record(
                settings.home,
                "put back" if withdraw else "takedown",
                iri,
                was,
                publication.counts(settings.home),
                reason=reason,
                things=len(things),
            )
        if withdraw:
            return TakenDown(iri, things, published)
        retention.condemn(settings.home, things)
        return TakenDown(iri, things, published, *retention.remove_condemned(settings.home, progress))


def _falling(home: Path, published: Iterable[staging.Staged], iri: str) -> dict[str, str]:
    """Return what goes with a thing, staged or published, with the class of each: '' where none is stated."""
    staged = {(one.source, one.version): one for one in (*staging.all_current(home).values(), *published)}
    falling = removal.falling([one.file(level) for one in staged.values() for level in Sensitivity], [iri])
    kinds = dict.fromkeys(falling, "")
    for one in staged.values():
        kinds |= dict(one.types().filter(pl.col("thing").is_in(list(falling))).sort("kind").iter_rows())
    return kinds


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
    if iri.startswith(f"{ID}gap/"):
        raise ConfigurationError(
            f"{iri} is a gap: the analyses would find it again.",
            "Take down what it names, or correct the record.",
        )
    said = any(review.iri == iri for review in gap_reviews.read(home))
    if not things[iri] and not said and not _is_public(home, iri):
        raise NotFoundError(f"No source states {iri}.", "Copy the address from the page of the thing.")


def _is_public(home: Path, iri: str) -> bool:
    """Say whether the public dataset states a thing, as it does those that it alone has."""
    try:
        return snapshots.states(snapshots.current(home), iri)
    except (HomeNotFoundError, SnapshotDamagedError):
        return False
