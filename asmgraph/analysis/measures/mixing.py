"""Who has ties with whom, by kind of node: mixing matrix, E-I index with its permutation distribution, assortativity.

A positive E-I index is no proof of openness: where groups are small, most ties must lead outside. So the index is set
against what random groups of the same sizes would have.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from asmgraph.analysis.measures.brokerage import codes_of
from asmgraph.analysis.measures.network import Floats, Integers, Network

PERMUTATIONS = 10_000


@dataclass(frozen=True)
class Mixing:
    """Ties by the groups of their ends.

    Parameters
    ----------
    groups
        The g groups, sorted.
    counts
        (g, g), float64: ties from the group of the row to that of the column; without direction symmetric, a tie within
        a group counted once.
    expected
        (g, g), float64: what it would be if ends met at random, given how many ends each group has.
    """

    groups: tuple[Hashable, ...]
    counts: Floats
    expected: Floats


def mixing_matrix(network: Network, groups: Sequence[Hashable], *, weighted: bool = False) -> Mixing:
    """Return how many ties (or, ``weighted``, how much weight) groups have with each other.

    Ties of a node with itself are left out (Newman 2003, doi:10.1103/PhysRevE.67.026126).

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> mixing_matrix(from_graph(nx.path_graph(3)), ["donor", "miner", "miner"]).counts.tolist()
    [[0.0, 1.0], [1.0, 1.0]]
    """
    labels, ends = _ends(network, groups, weighted=weighted)
    total = ends.sum()
    expected = np.outer(ends.sum(axis=1), ends.sum(axis=0)) / total if total else np.zeros_like(ends)
    if not network.directed:
        half = 1 - np.eye(len(labels)) / 2
        return Mixing(labels, ends * half, expected * half)
    return Mixing(labels, ends, expected)


def _ends(
    network: Network, groups: Sequence[Hashable], *, weighted: bool
) -> tuple[tuple[Hashable, ...], Floats]:
    """Return the groups, and the ties from each to each; without direction each tie from either end."""
    labels, codes = codes_of(network, groups)
    rows, columns, weights = _apart(network)
    ends = np.zeros((len(labels), len(labels)))
    values = weights if weighted else np.ones(len(weights))
    np.add.at(ends, (codes[rows], codes[columns]), values)
    return labels, ends if network.directed else ends + ends.T


def _apart(network: Network) -> tuple[Integers, Integers, Floats]:
    rows, columns, weights = network.ties
    apart = rows != columns
    return rows[apart], columns[apart], weights[apart]


def external_internal(network: Network, groups: Sequence[Hashable]) -> float:
    """Return the E-I index: ties that leave a group, less those within, divided by all.

    Returns
    -------
    From -1 (all within) to 1 (all leave); not a number without ties. Weights and ties of a node with itself are not
    looked at; with direction each direction is a tie (Krackhardt and Stern 1988, doi:10.2307/2786835).

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> external_internal(from_graph(nx.path_graph(3)), ["donor", "miner", "miner"])
    0.0
    """
    codes = codes_of(network, groups)[1]
    rows, columns, _ = _apart(network)
    if not len(rows):
        return float("nan")
    return float(2 * (codes[rows] != codes[columns]).mean() - 1)


@dataclass(frozen=True)
class Permuted:
    """An E-I index against that of random groups.

    Parameters
    ----------
    observed
        The index.
    mean, deviation
        Of the index when the same groups are dealt out to the nodes at random.
    below
        The share of permutations with a lower index.
    lower, upper
        The share of permutations with an index as low, or as high, the observed one among them: one-sided
        p-values (Phipson and Smyth 2010, doi:10.2202/1544-6115.1585). A small ``lower`` is a silo, even
        where ``observed`` is above 0.
    permutations
        How many were drawn.
    """

    observed: float
    mean: float
    deviation: float
    below: float
    lower: float
    upper: float
    permutations: int


def permuted_external_internal(
    network: Network, groups: Sequence[Hashable], *, permutations: int = PERMUTATIONS, seed: int = 0
) -> Permuted:
    """Return the E-I index with its permutation distribution: ties stay, groups change places.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> two = nx.disjoint_union(nx.complete_graph(4), nx.complete_graph(4))
    >>> found = permuted_external_internal(from_graph(two), ["a"] * 4 + ["b"] * 4, permutations=999)
    >>> found.observed, found.lower < 0.1, found.upper
    (-1.0, True, 1.0)
    """
    codes = codes_of(network, groups)[1]
    rows, columns, _ = _apart(network)
    observed = external_internal(network, groups)
    if not len(rows):
        return Permuted(observed, np.nan, np.nan, np.nan, np.nan, np.nan, permutations)
    draw = np.random.default_rng(seed)
    found = np.empty(permutations)
    for number in range(permutations):
        dealt = draw.permutation(codes)
        found[number] = 2 * (dealt[rows] != dealt[columns]).mean() - 1
    close = 1e-12
    return Permuted(
        observed,
        float(found.mean()),
        float(found.std(ddof=1)) if permutations > 1 else float("nan"),
        float((found < observed - close).mean()),
        float((1 + (found <= observed + close).sum()) / (1 + permutations)),
        float((1 + (found >= observed - close).sum()) / (1 + permutations)),
        permutations,
    )


def assortativity(network: Network, groups: Sequence[Hashable], *, weighted: bool = False) -> float:
    """Return how far ties are within groups, against ends that meet at random.

    Returns
    -------
    From below 0 (ties avoid the own group) over 0 (at random) to 1 (all within); not a number without ties or with
    one group alone (Newman 2003, equation 2, doi:10.1103/PhysRevE.67.026126).

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> two = nx.disjoint_union(nx.complete_graph(3), nx.complete_graph(3))
    >>> assortativity(from_graph(two), ["a"] * 3 + ["b"] * 3)
    1.0
    """
    ends = _ends(network, groups, weighted=weighted)[1]
    if not ends.sum():
        return float("nan")
    shares = ends / ends.sum()
    chance = float(shares.sum(axis=1) @ shares.sum(axis=0))
    return (float(np.trace(shares)) - chance) / (1 - chance) if chance < 1 else float("nan")
