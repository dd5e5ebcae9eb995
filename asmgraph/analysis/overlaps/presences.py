"""Who was in which cell when, as arrays; and which pairs of actors met in which cells.

Enter long arrays of presences: an actor, a cell, the first and the last day. Leave, block of actors by block, the cells
in which two actors were in overlapping periods: the non-zeros of the one-mode projection of the two-mode network
(Breiger 1974, doi:10.2307/2576011), of those entries only that overlap in time. Actors and cells are numbers here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asmgraph.analysis.overlaps.poisson_binomial import Integers
from asmgraph.errors import AnalysisError

_PAIRS_AT_ONCE = 1 << 22
"""Entries of the projection that are looked at together, some 200 MiB."""
_KEY_BITS = 62
_CHOSEN_AT_ONCE = 1 << 14
"""Chosen pairs whose shared cells are sought together."""
_NONE: Integers = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Presences:
    """Who was in which cell when, each actor and cell once.

    Cells with more than the most actors allowed are left out altogether: they make no pairs and count in no degree,
    so that observed and expected meetings are of the same cells. They are named in ``crowded``.

    Attributes
    ----------
    actors
        How many actors there are; they are numbered from 0.
    stratum
        int64, shape (cells,): within which stratum, such as a country, a cell lies.
    actor, cell
        int64, shape (entries,): each actor once in each cell, ordered by cell, then by actor.
    span
        int64, shape (entries + 1,): where an entry's spans begin in ``first`` and ``last``.
    first, last
        int64, shape (spans,), days: both included; spans of an entry are in order, and neither touch nor overlap.
    size
        int64, shape (cells,): how many actors are in each cell, crowded ones too.
    crowded
        int64: cells with too many actors to make pairs, ascending.
    above, broader
        int64, shapes (cells + 1,) and (relations,): ``broader[above[c]:above[c + 1]]`` are the cells that name what
        cell c names less exactly.
    """

    actors: int
    stratum: Integers
    actor: Integers
    cell: Integers
    span: Integers
    first: Integers
    last: Integers
    size: Integers
    crowded: Integers
    above: Integers
    broader: Integers


@dataclass(frozen=True)
class Meetings:
    """In which cells the pairs of one block of actors were in overlapping periods.

    Attributes
    ----------
    a, b
        int64, shape (pairs,): a < b, ordered by a, then by b.
    start
        int64, shape (pairs + 1,): where a pair's cells begin in ``cell``.
    cell
        int64, shape (meetings,): ascending within a pair.
    """

    a: Integers
    b: Integers
    start: Integers
    cell: Integers


def gather_presences(
    actor: Integers,
    cell: Integers,
    first: Integers,
    last: Integers,
    stratum: Integers,
    actors: int,
    max_cell: int = 200,
    narrower: Integers = _NONE,
    broader: Integers = _NONE,
) -> Presences:
    """Put presences in order: each actor once in each cell, its spans merged; crowded cells apart.

    Parameters
    ----------
    actor, cell
        int64, shape (presences,): in any order; the same presence may come again, with other spans or the same.
    first, last
        int64, shape (presences,), days of one calendar, such as proleptic ordinals: both included. Spans that touch,
        one ending the day before the other begins, become one.
    stratum
        int64, shape (cells,).
    actors
        How many there are, those without a presence too.
    max_cell
        Cells with more different actors make no pairs and count in no degree.
    narrower, broader
        int64, shape (relations,): ``broader[i]`` names the same place as ``narrower[i]`` by a broader theme. All
        relations, not only those to the next broader. A meeting in a narrower cell is not counted again in a broader.

    Raises
    ------
    AnalysisError
        Where an actor or a cell has no such number, a span ends before it begins, or arrays differ in length.

    Examples
    --------
    >>> days = [np.array([0, 5, 3]), np.array([4, 9, 6])]
    >>> found = gather_presences(np.array([0, 0, 1]), np.array([0, 0, 0]), *days, np.array([0]), 2)
    >>> found.actor.tolist(), found.first.tolist(), found.last.tolist()
    ([0, 1], [0, 3], [9, 6])
    """
    for name, values in (("cell", cell), ("first", first), ("last", last)):
        if values.size != actor.size:
            raise AnalysisError(
                f"{actor.size} actors, but {values.size} values of {name}.", "Give one of each a presence."
            )
    if narrower.size != broader.size:
        raise AnalysisError(
            f"{narrower.size} narrower, but {broader.size} broader cells.", "Give one of each a relation."
        )
    for name, values, most in (
        ("actor", actor, actors),
        ("cell", cell, stratum.size),
        ("narrower", narrower, stratum.size),
        ("broader", broader, stratum.size),
    ):
        wrong = np.flatnonzero((values < 0) | (values >= most))
        if wrong.size:
            raise AnalysisError(
                f"Row {wrong[0]}: {name} {values[wrong[0]]} is not one of {most}.", "Number them from 0."
            )
    wrong = np.flatnonzero(last < first)
    if wrong.size:
        row = wrong[0]
        raise AnalysisError(
            f"Row {row}: the span from {first[row]} to {last[row]} ends before it begins.",
            "Leave it out, or swap its days.",
        )
    entry, span, first, last = _merge(cell.astype(np.int64) * actors + actor, first, last)
    size = np.bincount(entry // max(1, actors), minlength=stratum.size)
    kept = size[entry // max(1, actors)] <= max_cell
    lengths = np.diff(span)
    spans_kept = np.repeat(kept, lengths)
    order = np.argsort(narrower, kind="stable")
    return Presences(
        actors,
        stratum.astype(np.int64),
        entry[kept] % max(1, actors),
        entry[kept] // max(1, actors),
        np.concatenate(([0], np.cumsum(lengths[kept]))),
        first[spans_kept],
        last[spans_kept],
        size,
        np.flatnonzero(size > max_cell),
        np.concatenate(([0], np.cumsum(np.bincount(narrower, minlength=stratum.size)))),
        broader[order].astype(np.int64),
    )


def _merge(key: Integers, first: Integers, last: Integers) -> tuple[Integers, Integers, Integers, Integers]:
    """Return the distinct keys, where the merged spans of each begin, and these spans."""
    if not key.size:
        return key, np.zeros(1, dtype=np.int64), first, last
    order = np.lexsort((first, key))
    key, first, last = key[order], first[order].astype(np.int64), last[order].astype(np.int64)
    new_key = np.concatenate(([True], key[1:] != key[:-1]))
    # The latest day so far of the same key: later keys are lifted above all days of earlier ones.
    lift = (np.cumsum(new_key) - 1) * (last.max() - first.min() + 2)
    latest = np.maximum.accumulate(last + lift) - lift
    begins = new_key.copy()
    begins[1:] |= first[1:] > latest[:-1] + 1
    starts = np.flatnonzero(begins)
    ends = np.concatenate((starts[1:], [key.size])) - 1
    keys_at = np.flatnonzero(new_key[starts])
    return key[new_key], np.concatenate((keys_at, [starts.size])), first[starts], latest[ends]


def meetings(
    presences: Presences, min_overlap: int, pairs_at_once: int = _PAIRS_AT_ONCE
) -> Iterator[Meetings]:
    """Yield the pairs that met in at least ``min_overlap`` cells, and these cells, by blocks of actors.

    Parameters
    ----------
    min_overlap
        At least 1.
    pairs_at_once
        About how many entries of the projection a block holds: bounds the memory, not the result.

    Examples
    --------
    >>> days = [np.array([0, 4, 5]), np.array([4, 9, 9])]
    >>> found = gather_presences(np.array([0, 1, 2]), np.array([0, 0, 0]), *days, np.array([0]), 3)
    >>> [(block.a.tolist(), block.b.tolist()) for block in meetings(found, 1)]
    [([0, 1], [1, 2])]
    """
    degree = np.bincount(presences.actor, minlength=presences.actors)
    # An actor in fewer cells meets nobody often enough.
    entry = np.flatnonzero(degree[presences.actor] >= min_overlap)
    if not entry.size:
        return
    cell, actor = presences.cell[entry], presences.actor[entry]
    begins, ends = presences.first[presences.span[entry]], presences.last[presences.span[entry + 1] - 1]
    several = np.diff(presences.span)[entry] > 1
    partners = np.searchsorted(cell, cell, side="right") - np.arange(entry.size) - 1
    by_actor = np.argsort(actor, kind="stable")
    in_order = actor[by_actor]
    upto = np.concatenate(([0], np.cumsum(partners[by_actor])))
    # No block ends within an actor: its pairs are counted together.
    actor_ends = np.concatenate((np.flatnonzero(np.diff(in_order)) + 1, [entry.size]))
    bits_b, bits_cell = presences.actors.bit_length(), presences.stratum.size.bit_length()
    # Both actors and the cell go into one number of 62 bits, the first actor counted from the block's first.
    actors_at_once = 1 << max(0, _KEY_BITS - bits_b - bits_cell)
    low = 0
    while low < entry.size:
        high = actor_ends[np.searchsorted(upto[actor_ends], upto[low] + pairs_at_once, side="right") - 1]
        if high <= low:
            high = actor_ends[np.searchsorted(actor_ends, low, side="right")]
        base = in_order[low]
        high = min(int(high), int(np.searchsorted(in_order, base + actors_at_once)))
        mine = by_actor[low:high]
        many = partners[mine]
        right = np.arange(many.sum()) + np.repeat(mine + 1 - (np.cumsum(many) - many), many)
        left = np.repeat(mine, many)
        met = (begins[right] <= ends[left]) & (begins[left] <= ends[right])
        left, right = left[met], right[met]
        unsure = np.flatnonzero(several[left] | several[right])
        if unsure.size:
            apart = ~_overlap(presences, entry[left[unsure]], entry[right[unsure]])
            keep = np.ones(left.size, dtype=bool)
            keep[unsure[apart]] = False
            left, right = left[keep], right[keep]
        key = ((actor[left] - base) << (bits_b + bits_cell)) | (actor[right] << bits_cell) | cell[left]
        low = high
        key.sort()
        key = _often(key, bits_cell, min_overlap)
        if presences.broader.size and key.size:
            key = _often(_narrowest(presences, key, bits_cell), bits_cell, min_overlap)
        if not key.size:
            continue
        pair, where = key >> bits_cell, key & ((1 << bits_cell) - 1)
        starts = _run_starts(pair)
        yield Meetings(
            (pair[starts] >> bits_b) + base,
            pair[starts] & ((1 << bits_b) - 1),
            np.concatenate((starts, [key.size])),
            where,
        )


def _run_starts(values: Integers) -> Integers:
    """Return where runs of equal values begin."""
    return np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))


def _often(key: Integers, bits_cell: int, min_overlap: int) -> Integers:
    """Return the ordered keys of pair and cell without those of pairs that have too few cells."""
    if not key.size:
        return key
    starts = _run_starts(key >> bits_cell)
    lengths = np.diff(np.concatenate((starts, [key.size])))
    return key[np.repeat(lengths >= min_overlap, lengths)]


def _narrowest(presences: Presences, key: Integers, bits_cell: int) -> Integers:
    """Return the ordered keys without cells that a narrower cell of the same pair names more exactly."""
    cell = key & ((1 << bits_cell) - 1)
    owner, above = _ranges(presences.above[cell], presences.above[cell + 1])
    covered = ((key[owner] >> bits_cell) << bits_cell) | presences.broader[above]
    return key[~np.isin(key, covered)]


def _ranges(start: Integers, end: Integers) -> tuple[Integers, Integers]:
    """Return each number from ``start[i]`` to before ``end[i]``, and before it, which i it is of."""
    lengths = end - start
    owner = np.repeat(np.arange(start.size), lengths)
    return owner, np.arange(owner.size) + np.repeat(start - (np.cumsum(lengths) - lengths), lengths)


def _common_spans(
    presences: Presences, left: Integers, right: Integers
) -> tuple[Integers, Integers, Integers]:
    """Return which pair of entries, first and last day of all spans that both have in common."""
    one, ours = _ranges(presences.span[left], presences.span[left + 1])
    other, theirs = _ranges(presences.span[right[one]], presences.span[right[one] + 1])
    which, ours = one[other], ours[other]
    first = np.maximum(presences.first[ours], presences.first[theirs])
    last = np.minimum(presences.last[ours], presences.last[theirs])
    met = first <= last
    return which[met], first[met], last[met]


def _overlap(presences: Presences, left: Integers, right: Integers) -> NDArray[np.bool_]:
    """Return of each pair of entries whether any of their spans overlap."""
    return np.bincount(_common_spans(presences, left, right)[0], minlength=left.size) > 0


@dataclass(frozen=True)
class SharedCells:
    """When the actors of chosen pairs were in the same cell: one row for each common span.

    Attributes
    ----------
    pair
        int64: which of the pairs asked, ascending.
    cell, first, last
        int64: the cell, and the first and last day of the overlap, both included; ordered by cell, then by day.
    """

    pair: Integers
    cell: Integers
    first: Integers
    last: Integers


def shared_cells(presences: Presences, a: Integers, b: Integers) -> SharedCells:
    """Return the cells in which chosen pairs met, and when: the evidence.

    Parameters
    ----------
    a, b
        int64, shape (pairs,): both actors of each pair, in either order.

    Examples
    --------
    >>> days = [np.array([0, 4]), np.array([6, 9])]
    >>> found = gather_presences(np.array([0, 1]), np.array([0, 0]), *days, np.array([0]), 2)
    >>> shared = shared_cells(found, np.array([1]), np.array([0]))
    >>> shared.cell.tolist(), shared.first.tolist(), shared.last.tolist()
    ([0], [4], [6])
    """
    pair, left, right = shared_entries(presences, a, b)
    which, first, last = _common_spans(presences, left, right)
    return SharedCells(pair[which], presences.cell[left[which]], first, last)


def shared_entries(presences: Presences, a: Integers, b: Integers) -> tuple[Integers, Integers, Integers]:
    """Return where chosen pairs met: the pair, and the entries of a and of b in the cell; by pair, then by cell."""
    by_actor = np.argsort(presences.actor, kind="stable")
    start = np.concatenate(([0], np.cumsum(np.bincount(presences.actor, minlength=presences.actors))))
    key = presences.cell * presences.actors + presences.actor
    bits_cell = presences.stratum.size.bit_length()
    parts = [(_NONE, _NONE, _NONE)]
    for low in range(0, a.size, _CHOSEN_AT_ONCE):
        pair, at = _ranges(start[a[low : low + _CHOSEN_AT_ONCE]], start[a[low : low + _CHOSEN_AT_ONCE] + 1])
        pair, left = pair + low, by_actor[at]
        wanted = presences.cell[left] * presences.actors + b[pair]
        right = np.searchsorted(key, wanted)
        both = np.flatnonzero(key[np.minimum(right, key.size - 1)] == wanted)
        pair, left, right = pair[both], left[both], right[both]
        met = np.flatnonzero(_overlap(presences, left, right))
        pair, left, right = pair[met], left[met], right[met]
        where = (pair << bits_cell) | presences.cell[left]
        kept = np.isin(where, _narrowest(presences, where, bits_cell))
        parts.append((pair[kept], left[kept], right[kept]))
    pair, left, right = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return pair, left, right
