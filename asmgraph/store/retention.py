"""Clear snapshots away: those beyond the number that is kept, and those that must not be kept.

What a process still reads stays, and goes at the next publication or removal. One that must go is marked, so that
nothing more is needed then than that nobody reads it.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode

from asmgraph.errors import HomeNotFoundError, SnapshotDamagedError
from asmgraph.records import Progress
from asmgraph.store import snapshots
from asmgraph.store.reading import Reading, remove_unread

PATIENCE_S = 15.0
"""How long a removal waits for a running server to leave the snapshots that must go."""
_CONDEMNED = "condemned"
"""A file in the folder of a snapshot that must go as soon as nobody reads it."""


def published_before(home: Path) -> int:
    """Return the published number, 0 where nothing is published."""
    try:
        return snapshots.published_number(home)
    except HomeNotFoundError:
        return 0


def next_number(home: Path, before: int) -> int:
    """Clear away what unfinished runs left; return a number that no snapshot of this home ever had."""
    _sweep(home)
    found = snapshots.numbers(home)
    highest = max([before, *found.values()])
    for folder, number in found.items():
        if number > before > 0 and not folder.with_name(f"{number}-public").exists():
            _remove(folder)
    return highest + 1


def prune(home: Path, keep: int, spared: set[int]) -> None:
    """Remove all but the ``keep`` newest snapshots and the ``spared``, and those that must go."""
    found = snapshots.numbers(home)
    whole = sorted({number for folder, number in found.items() if folder.name.endswith("-public")})
    for folder, number in found.items():
        if number not in {*whole[max(0, len(whole) - keep) :], *spared} or _is_condemned(folder):
            _remove(folder)


def condemn(home: Path, things: Iterable[str] | None = None) -> None:
    """Mark every snapshot but the published one, or each that holds a statement of ``things`` or does not open.

    The caller holds the lock, and removes them by :func:`remove_condemned`.
    """
    found, published = snapshots.numbers(home), published_before(home)
    terms = None if things is None else [NamedNode(thing) for thing in things]
    unwanted = {
        number
        for folder, number in found.items()
        if number != published and (terms is None or _names(folder, terms))
    }
    for folder, number in found.items():
        if number in unwanted:
            (folder / _CONDEMNED).touch()


def remove_condemned(
    home: Path, progress: Progress = lambda *_: None, patience_s: float = PATIENCE_S
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Remove the snapshots that are marked; wait a little for a server that still reads one.

    Returns
    -------
    tuple of tuple of int
        The numbers that were removed, and those that are still read: they go later.
    """
    marked = {folder: number for folder, number in snapshots.numbers(home).items() if _is_condemned(folder)}
    numbers, until = set(marked.values()), time.monotonic() + patience_s
    while True:
        for folder in marked:
            _remove(folder)
        left = {number for folder, number in marked.items() if folder.exists()}
        if not left or time.monotonic() >= until:
            _sweep(home)
            return tuple(sorted(numbers - left)), tuple(sorted(left))
        progress("waiting for readers of older snapshots", len(numbers - left), len(numbers))
        time.sleep(0.5)


def _sweep(home: Path) -> None:
    """Remove drafts, and what was moved aside by a run that died before it was removed."""
    for hidden in (home / "snapshots").glob(".*"):
        shutil.rmtree(hidden, ignore_errors=True)


def _is_condemned(folder: Path) -> bool:
    return (folder / _CONDEMNED).exists()


def _names(folder: Path, things: Iterable[NamedNode]) -> bool:
    try:
        reading = Reading(folder / "store")
        return any(
            next(reading.store.quads_for_pattern(*pattern), None) is not None
            for thing in things
            for pattern in ((thing, None, None, None), (None, None, thing, None))
        )
    except (OSError, SnapshotDamagedError):
        return True


def _remove(folder: Path) -> None:
    aside = folder.with_name(f".old-{folder.name}")
    if remove_unread(folder, aside):
        shutil.rmtree(aside, ignore_errors=True)
