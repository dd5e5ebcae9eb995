"""Strangers side by side: pairs without a tie that met in more cells than chance would have it.

Enter presences and ties as arrays; leaves a table of pairs with how often they met, how often they would have under
the bipartite configuration model, and how sure that is. Numbers only: what an actor or a cell is, the caller knows.

The null model holds how many cells each actor is in and how many actors each cell holds, in each stratum (country)
apart, and lets everything else be chance (Saracco et al. 2017; Neal 2014 calls the same test the stochastic degree
sequence model). It ignores periods, while only meetings in overlapping periods are counted: what is counted is never
more than what the model speaks of, so p is too large rather than too small. Where broader cells are given, a meeting
counts once, in the narrowest, while the model has both cells: again p is too large rather than too small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from asmgraph.analysis.null_models import benjamini_hochberg, fit_bicm
from asmgraph.analysis.poisson_binomial import Floats, Integers, exact_tail
from asmgraph.analysis.presences import Presences, meetings

_KEYS_AT_ONCE = 1 << 13


@dataclass(frozen=True)
class Overlaps:
    """Pairs of actors without a tie that met, the surest first.

    Ordered by p, then by effect and by weight, the largest first, then by a and b.

    Attributes
    ----------
    a, b
        int64, shape (pairs,): the actors, a < b.
    n
        int64: cells in which both were in overlapping periods.
    weight
        float64: the sum over these cells of 1 / (k - 1), k being the actors of the cell (Newman 2001,
        doi:10.1103/PhysRevE.64.016132): a cell of two counts more than a cell of twenty.
    expected
        float64: cells that chance would have them share, at any time.
    effect
        float64: n / expected, 'so many times as often as by chance'.
    p
        float64: how likely n or more shared cells are by chance.
    q
        float64: the false discovery rate (Benjamini and Hochberg 1995) among all ``hypotheses``.
    significant
        bool: q is at most alpha.
    hypotheses
        How many pairs without a tie are in a stratum together, and so could have met, listed or not.
    """

    a: Integers
    b: Integers
    n: Integers
    weight: Floats
    expected: Floats
    effect: Floats
    p: Floats
    q: Floats
    significant: NDArray[np.bool_]
    hypotheses: int


@dataclass(frozen=True)
class NullModel:
    """The null model of presences: one bipartite configuration model a stratum.

    Actors of the same degrees in the same strata have the same *profile*, and all pairs of two profiles the same
    chances. A *class* is a stratum and a degree in it.

    Attributes
    ----------
    profile
        int64, shape (actors,): the profile of each actor.
    classes
        int64, shape (profiles, strata): the class of a profile in each stratum, or -1.
    probability
        float64, shape (classes, groups): how likely an actor of a class is in a cell of each size; padded by 0.
    cells
        int64, shape (classes, groups): how many cells of each size the stratum of the class has; padded by 0.
    """

    profile: Integers
    classes: Integers
    probability: Floats
    cells: Integers


def find_overlaps(
    presences: Presences,
    tied_a: Integers,
    tied_b: Integers,
    min_overlap: int = 2,
    alpha: float = 0.05,
) -> Overlaps:
    """Return the pairs without a tie that met in at least ``min_overlap`` cells.

    Parameters
    ----------
    presences
        From :func:`asmgraph.analysis.presences.gather_presences`, which leaves crowded cells out.
    tied_a, tied_b
        int64, shape (ties,): pairs that know each other, in any order, repeated or not.
    min_overlap
        At least 1. Pairs below it are not listed, but are among the hypotheses.
    alpha
        The false discovery rate allowed.

    References
    ----------
    Saracco, F., Straka, M. J., Di Clemente, R., Gabrielli, A., Caldarelli, G. and Squartini, T. (2017). Inferring
    monopartite projections of bipartite networks: an entropy-based approach. New Journal of Physics 19.
    doi:10.1088/1367-2630/aa6b38

    Neal, Z. (2014). The backbone of bipartite projections. Social Networks 39. doi:10.1016/j.socnet.2014.06.001

    Examples
    --------
    >>> from asmgraph.analysis.presences import gather_presences
    >>> actor, cell = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 2])
    >>> days = np.zeros(5, dtype=np.int64)
    >>> presences = gather_presences(actor, cell, days, days, np.zeros(3, dtype=np.int64), 3)
    >>> found = find_overlaps(presences, np.array([0]), np.array([2]))
    >>> found.a.tolist(), found.b.tolist(), found.n.tolist(), found.weight.tolist(), found.hypotheses
    ([0], [1], [2], [2.0], 2)
    """
    ties = tie_keys(presences.actors, tied_a, tied_b)
    each = 1 / np.maximum(presences.size - 1, 1)
    parts: list[tuple[Integers, Integers, Integers, Floats]] = []
    for block in meetings(presences, min_overlap):
        strangers = ~_member(block.a * presences.actors + block.b, ties)
        weight = np.add.reduceat(each[block.cell], block.start[:-1])
        parts.append(
            (
                block.a[strangers].astype(np.int32),
                block.b[strangers].astype(np.int32),
                np.diff(block.start)[strangers].astype(np.int32),
                weight[strangers],
            )
        )
    model = fit_null_model(presences)
    a, b, n, weight = (
        np.concatenate([part[column] for part in parts]) if parts else np.empty(0, dtype=kind)
        for column, kind in enumerate((np.int32, np.int32, np.int32, np.float64))
    )
    chance, key = pair_chances(model, a, b, n)
    rank = np.empty(chance.p.size, dtype=np.int32)
    effects = chance.n / chance.expected
    rank[np.lexsort((-effects, chance.p))] = np.arange(chance.p.size)
    # Pairs come ordered by a and b, and the sort keeps that order among equals.
    order = np.lexsort((-weight, rank[key]))
    key = key[order]
    p = chance.p[key]
    hypotheses = count_hypotheses(presences, ties)
    q = benjamini_hochberg(p, hypotheses)
    return Overlaps(
        a[order].astype(np.int64),
        b[order].astype(np.int64),
        n[order].astype(np.int64),
        weight[order],
        chance.expected[key],
        effects[key],
        p,
        q,
        q <= alpha,
        hypotheses,
    )


def tie_keys(actors: int, tied_a: Integers, tied_b: Integers) -> Integers:
    """Return tied pairs as ordered numbers a * actors + b with a < b, each once; an actor's tie to itself is none."""
    a, b = np.minimum(tied_a, tied_b), np.maximum(tied_a, tied_b)
    return np.unique(a[a < b].astype(np.int64) * actors + b[a < b])


def _member(values: Integers, ordered: Integers) -> NDArray[np.bool_]:
    """Return which values are among ordered ones."""
    if not ordered.size:
        return np.zeros(values.size, dtype=bool)
    found: NDArray[np.bool_] = (
        ordered[np.minimum(np.searchsorted(ordered, values), ordered.size - 1)] == values
    )
    return found


def _degrees(presences: Presences) -> tuple[Integers, Integers, Integers]:
    """Return actor, stratum and degree wherever an actor is in a cell of a stratum, by actor, then stratum."""
    strata = int(presences.stratum.max(initial=0)) + 1
    key, degree = np.unique(
        presences.actor * strata + presences.stratum[presences.cell], return_counts=True
    )
    return key // strata, key % strata, degree


def fit_null_model(presences: Presences) -> NullModel:
    """Fit one bipartite configuration model a stratum to the degrees of actors and cells that are not crowded."""
    actor, stratum, degree = _degrees(presences)
    strata = int(presences.stratum.max(initial=0)) + 1
    most = int(degree.max(initial=0)) + 1
    class_keys, class_of = np.unique(stratum * most + degree, return_inverse=True)
    used = presences.size * (presences.size > 0)
    used[presences.crowded] = 0
    groups: list[tuple[Floats, Integers]] = []
    for one in np.unique(stratum):
        sizes = used[(presences.stratum == one) & (used > 0)]
        fitted = fit_bicm(degree[stratum == one], sizes)
        groups.append((fitted.probability, np.broadcast_to(fitted.column_counts, fitted.probability.shape)))
    width = max((chances.shape[1] for chances, _cells in groups), default=0)
    probability, cells = np.zeros((class_keys.size, width)), np.zeros((class_keys.size, width), dtype=np.int64)
    row = 0
    for chances, counts in groups:
        probability[row : row + chances.shape[0], : chances.shape[1]] = chances
        cells[row : row + chances.shape[0], : chances.shape[1]] = counts
        row += chances.shape[0]
    profile = _profiles(presences.actors, actor, class_of)
    classes = np.full((profile.max(initial=-1) + 1, strata), -1, dtype=np.int64)
    classes[profile[actor], stratum] = class_of
    return NullModel(profile, classes, probability, cells)


def _profiles(actors: int, actor: Integers, class_of: Integers) -> Integers:
    """Return equal numbers, from 0, for actors of equal classes; ``actor`` is ordered."""
    profile = np.zeros(actors, dtype=np.int64)
    nth = np.arange(actor.size) - np.searchsorted(actor, actor)
    classes = int(class_of.max(initial=0)) + 1
    numbered = 1
    # One class of every actor that has so many at a time: the numbers so far, with the next class, make new ones.
    for step in range(int(nth.max(initial=-1)) + 1):
        rows = np.flatnonzero(nth == step)
        found, number = np.unique(profile[actor[rows]] * classes + class_of[rows], return_inverse=True)
        profile[actor[rows]] = numbered + number
        numbered += found.size
    return np.unique(profile, return_inverse=True)[1].reshape(-1)


@dataclass(frozen=True)
class Chances:
    """What the null model says of each kind of pair: both profiles, and how often they met.

    Attributes
    ----------
    n
        int64, shape (kinds,): cells shared.
    expected
        float64: cells shared by chance.
    p
        float64: how likely n or more are by chance.
    """

    n: Integers
    expected: Floats
    p: Floats


def pair_chances(model: NullModel, a: Integers, b: Integers, n: Integers, kept: float = 1.0) -> tuple[Chances, Integers]:
    """Return what chance says of pairs, once for each kind of pair, and the kind of each pair.

    Shared cells of different strata are independent: the distribution is that of the chances of all strata that both
    are in, together.

    Parameters
    ----------
    a, b, n
        Integers, shape (pairs,).
    kept
        The share of presences that are kept, where some are dropped at random: a chance becomes kept² of it.
    """
    left, right = model.profile[a], model.profile[b]
    first, kind = _distinct([np.minimum(left, right), np.maximum(left, right), n])
    left, right, often = left[first], right[first], n[first].astype(np.int64)
    expected, tail = np.zeros(often.size), np.ones(often.size)
    strata_shared = np.empty(often.size, dtype=np.int64)
    for low in range(0, often.size, _KEYS_AT_ONCE):
        part = slice(low, low + _KEYS_AT_ONCE)
        strata_shared[part] = ((model.classes[left[part]] >= 0) & (model.classes[right[part]] >= 0)).sum(axis=1)
    for strata in np.unique(strata_shared[strata_shared > 0]):
        rows = np.flatnonzero(strata_shared == strata)
        ours, theirs = _shared_classes(model, left[rows], right[rows], int(strata))
        lower, higher = np.minimum(ours, theirs), np.maximum(ours, theirs)
        again, same = _distinct([*lower.T, *higher.T, often[rows]])
        found = _solve(model, lower[again], higher[again], often[rows][again], kept)
        expected[rows], tail[rows] = found[0][same], found[1][same]
    return Chances(often, expected, tail), kind


def _shared_classes(
    model: NullModel, left: Integers, right: Integers, strata: int
) -> tuple[Integers, Integers]:
    """Return the classes of both profiles in the strata that they share, exactly so many; shapes (pairs, strata)."""
    ours, theirs = np.empty((left.size, strata), dtype=np.int64), np.empty((left.size, strata), dtype=np.int64)
    for low in range(0, left.size, _KEYS_AT_ONCE):
        part = slice(low, low + _KEYS_AT_ONCE)
        one, other = model.classes[left[part]], model.classes[right[part]]
        both = (one >= 0) & (other >= 0)
        ours[part], theirs[part] = one[both].reshape(-1, strata), other[both].reshape(-1, strata)
    return ours, theirs


def _solve(
    model: NullModel, lower: Integers, higher: Integers, n: Integers, kept: float
) -> tuple[Floats, Floats]:
    """Return the expected number of shared cells and P(N >= n); classes have shape (pairs, strata)."""
    expected, tail = np.empty(n.size), np.empty(n.size)
    at_once = max(1, _KEYS_AT_ONCE // lower.shape[1])
    for low in range(0, n.size, at_once):
        part = slice(low, low + at_once)
        size = n[part].size
        cells = model.cells[lower[part]].reshape(size, -1)
        chance = (model.probability[lower[part]] * model.probability[higher[part]]).reshape(size, -1) * kept**2
        used = cells.any(axis=0)
        cells, chance = cells[:, used], chance[:, used]
        expected[part] = (cells * chance).sum(axis=1)
        tail[part] = exact_tail(chance, cells, n[part])
    return expected, tail


def _distinct(columns: list[Integers]) -> tuple[Integers, Integers]:
    """Return where each distinct row of the columns first stands, ordered, and which of them each row is."""
    code = columns[0].astype(np.int64)
    for column in columns[1:]:
        code = np.unique(code, return_inverse=True)[1].reshape(-1)
        code = code * (int(column.max(initial=0)) + 1) + column
    _values, first, which = np.unique(code, return_index=True, return_inverse=True)
    return first, which.reshape(-1)


def count_hypotheses(presences: Presences, ties: Integers) -> int:
    """Return how many pairs of actors without a tie are both in one stratum at least, in cells that are not crowded.

    Parameters
    ----------
    ties
        From :func:`tie_keys`.
    """
    actor, stratum, _degree = _degrees(presences)
    sets = _profiles(presences.actors, actor, stratum)
    strata = int(presences.stratum.max(initial=0)) + 1
    kinds = int(sets.max(initial=-1)) + 1
    held = np.unique(sets[actor] * strata + stratum)
    members = np.bincount(sets, minlength=kinds)
    matrix = sparse.csr_array(
        (np.ones(held.size, dtype=np.int32), (held // strata, held % strata)), (kinds, strata)
    )
    pairs = 0
    for low in range(0, kinds, 1024):
        together = (matrix[low : low + 1024] @ matrix.T).tocsr()
        together.data[:] = 1
        pairs += int(members[low : low + 1024] @ (together @ members))
    # Both orders, and each actor with itself, were counted.
    pairs = (pairs - np.unique(actor).size) // 2
    a, b = sets[ties // max(1, presences.actors)], sets[ties % max(1, presences.actors)]
    return pairs - int((matrix[a].multiply(matrix[b]).sum(axis=1) > 0).sum())
