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

from asmgraph.analysis.overlaps.chances import fit_null_model, number_profiles, pair_chances, stratum_degrees
from asmgraph.analysis.overlaps.null_models import benjamini_hochberg
from asmgraph.analysis.overlaps.poisson_binomial import Floats, Integers
from asmgraph.analysis.overlaps.presences import Presences, meetings


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
        From :func:`asmgraph.analysis.overlaps.presences.gather_presences`, which leaves crowded cells out.
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
    >>> from asmgraph.analysis.overlaps.presences import gather_presences
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


def count_hypotheses(presences: Presences, ties: Integers) -> int:
    """Return how many pairs of actors without a tie are both in one stratum at least, in cells that are not crowded.

    Parameters
    ----------
    ties
        From :func:`tie_keys`.
    """
    actor, stratum, _degree = stratum_degrees(presences)
    sets = number_profiles(presences.actors, actor, stratum)
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
        pairs += int(np.dot(members[low : low + 1024], np.asarray(together @ members)))
    # Both orders, and each actor with itself, were counted.
    pairs = (pairs - np.unique(actor).size) // 2
    a, b = sets[ties // max(1, presences.actors)], sets[ties % max(1, presences.actors)]
    return pairs - np.unique((matrix[a].multiply(matrix[b])).nonzero()[0]).size
