"""How firmly strangers side by side stay at the top, if some of what was recorded had been missed.

Enter presences, ties and the table of pairs; leaves, for the first of them, the share of resamples in which they stay
among the first. Only counts are thinned: neither presences nor models are built anew.
"""

from __future__ import annotations

import numpy as np

from asmgraph.analysis.overlaps.chances import fit_null_model, pair_chances
from asmgraph.analysis.overlaps.poisson_binomial import Floats, Integers
from asmgraph.analysis.overlaps.presences import Presences, shared_entries
from asmgraph.analysis.overlaps.strangers import Overlaps, tie_keys

_CONTENDERS, _CONTENDERS_EACH = 2_000, 20


def overlap_stability(
    presences: Presences,
    tied_a: Integers,
    tied_b: Integers,
    found: Overlaps,
    top: int,
    seed: int,
    samples: int = 200,
    dropped: float = 0.15,
    min_overlap: int = 2,
) -> Floats:
    """Return the share of resamples in which each of the first ``top`` pairs stays among the first ``top``.

    In each resample every actor's presence in a cell, and every tie, is dropped with the same chance. Pairs are ranked
    by p as before, of the cells that are left, under the same null model with each probability thinned alike: dropping
    at random turns p_ic p_jc into (1 - dropped)² p_ic p_jc, so nothing is fitted again. Pairs whose tie is dropped
    compete. Pairs below the first 2,000, or 20 times ``top`` if that is more, are taken not to rise to the top.

    Parameters
    ----------
    presences, tied_a, tied_b, min_overlap
        As given to :func:`asmgraph.analysis.overlaps.find_overlaps`.
    found
        Its answer.
    top
        How many of the first pairs are asked about; fewer are answered where there are fewer.
    seed
        Of the random numbers: the same seed gives the same shares.
    dropped
        From 0 to below 1.

    Returns
    -------
    numpy.ndarray
        float64, shape (min(top, pairs),), from 0 to 1.

    Examples
    --------
    >>> from asmgraph.analysis.overlaps.strangers import find_overlaps
    >>> from asmgraph.analysis.overlaps.presences import gather_presences
    >>> actor, cell = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 2])
    >>> days, none = np.zeros(5, dtype=np.int64), np.empty(0, dtype=np.int64)
    >>> presences = gather_presences(actor, cell, days, days, np.zeros(3, dtype=np.int64), 3)
    >>> found = find_overlaps(presences, none, none)
    >>> overlap_stability(presences, none, none, found, top=10, seed=1, dropped=0.0).tolist()
    [1.0]
    """
    top = min(top, found.a.size)
    listed = min(found.a.size, max(_CONTENDERS, _CONTENDERS_EACH * top))
    ties = tie_keys(presences.actors, tied_a, tied_b)
    a = np.concatenate((found.a[:listed], ties // max(1, presences.actors)))
    b = np.concatenate((found.b[:listed], ties % max(1, presences.actors)))
    pair, left, right = shared_entries(presences, a, b)
    n = np.bincount(pair, minlength=a.size)
    met = np.flatnonzero(n >= min_overlap)
    if not top:
        return np.empty(0)
    mine = np.isin(pair, met)
    left, right = left[mine], right[mine]
    a, b, n, tied = a[met], b[met], n[met], met >= listed
    start = np.concatenate(([0], np.cumsum(n)[:-1]))
    model = fit_null_model(presences)
    # Where each pair's p of min_overlap cells, of one more, and so on up to n stand in the table.
    lengths = n - min_overlap + 1
    row = np.cumsum(lengths) - lengths
    owner = np.repeat(np.arange(n.size), lengths)
    cells = np.arange(owner.size) - row[owner] + min_overlap
    chances, kind = pair_chances(model, a[owner], b[owner], cells, 1 - dropped)
    place = np.lexsort((-chances.n / chances.expected, chances.p))
    rank = np.empty(place.size, dtype=np.int64)
    rank[place] = np.arange(place.size)
    table = rank[kind]
    standing = _standing(presences, a, b, left, start, table, row, lengths)
    _entries, compact = np.unique(np.concatenate((left, right)), return_inverse=True)
    ours, theirs = compact[: left.size], compact[left.size :]
    draw = np.random.default_rng(seed)
    out = np.iinfo(np.int64).max
    stays = np.zeros(top, dtype=np.int64)
    for _ in range(samples):
        kept = draw.random(_entries.size) >= dropped
        left_over = np.add.reduceat((kept[ours] & kept[theirs]).astype(np.int64), start)
        strangers = ~tied
        strangers[tied] = draw.random(int(tied.sum())) < dropped
        shown = strangers & (left_over >= min_overlap)
        score = np.where(
            shown, table[row + np.where(shown, left_over - min_overlap, 0)] * n.size + standing, out
        )
        last = np.partition(score, top - 1)[top - 1]
        stays += (score[:top] <= last) & shown[:top]
    return stays / max(1, samples)


def _standing(
    presences: Presences,
    a: Integers,
    b: Integers,
    left: Integers,
    start: Integers,
    table: Integers,
    row: Integers,
    lengths: Integers,
) -> Integers:
    """Return the place of each pair among all, for those whose p is the same: by weight, then by number."""
    weight = np.add.reduceat(1 / np.maximum(presences.size[presences.cell[left]] - 1, 1), start)
    order = np.lexsort((b, a, -weight, table[row + lengths - 1]))
    standing = np.empty(a.size, dtype=np.int64)
    standing[order] = np.arange(a.size)
    return standing
