"""The null model of presences: how often two actors would be in the same cells by chance, stratum by stratum.

Enter presences; leaves one bipartite configuration model a stratum, and for pairs of actors the cells that chance would
have them share. Each distinct pair of degrees is solved once, however many pairs of actors have it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from asmgraph.analysis.overlaps.null_models import fit_bicm
from asmgraph.analysis.overlaps.poisson_binomial import Floats, Integers, exact_tail
from asmgraph.analysis.overlaps.presences import Presences

_KEYS_AT_ONCE = 1 << 13
"""Kinds of pairs solved together: bounds the memory."""


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


def stratum_degrees(presences: Presences) -> tuple[Integers, Integers, Integers]:
    """Return actor, stratum and degree wherever an actor is in a cell of a stratum, by actor, then stratum."""
    strata = int(presences.stratum.max(initial=0)) + 1
    key, degree = np.unique(presences.actor * strata + presences.stratum[presences.cell], return_counts=True)
    return key // strata, key % strata, degree


def fit_null_model(presences: Presences) -> NullModel:
    """Fit one bipartite configuration model a stratum to the degrees of actors and cells that are not crowded."""
    actor, stratum, degree = stratum_degrees(presences)
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
    probability, cells = (
        np.zeros((class_keys.size, width)),
        np.zeros((class_keys.size, width), dtype=np.int64),
    )
    row = 0
    for chances, counts in groups:
        probability[row : row + chances.shape[0], : chances.shape[1]] = chances
        cells[row : row + chances.shape[0], : chances.shape[1]] = counts
        row += chances.shape[0]
    profile = number_profiles(presences.actors, actor, class_of)
    classes = np.full((profile.max(initial=-1) + 1, strata), -1, dtype=np.int64)
    classes[profile[actor], stratum] = class_of
    return NullModel(profile, classes, probability, cells)


def number_profiles(actors: int, actor: Integers, class_of: Integers) -> Integers:
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


def pair_chances(
    model: NullModel, a: Integers, b: Integers, n: Integers, kept: float = 1.0
) -> tuple[Chances, Integers]:
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
        strata_shared[part] = ((model.classes[left[part]] >= 0) & (model.classes[right[part]] >= 0)).sum(
            axis=1
        )
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
    ours, theirs = (
        np.empty((left.size, strata), dtype=np.int64),
        np.empty((left.size, strata), dtype=np.int64),
    )
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
        chance = (model.probability[lower[part]] * model.probability[higher[part]]).reshape(
            size, -1
        ) * kept**2
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
