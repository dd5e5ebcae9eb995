"""Which groups of nodes keep to themselves: the ties of each group against random groups of the same sizes.

:mod:`asmgraph.analysis.measures.mixing` sets the E-I index of the whole network against its permutation distribution;
here that of each group is, where a node may be of several groups or of none.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from asmgraph.analysis.measures.network import Booleans, Floats, Integers, Network
from asmgraph.errors import SourceError

PERMUTATIONS = 2_000


@dataclass(frozen=True)
class Homophily:
    """How far each of g groups is tied to itself.

    Attributes
    ----------
    groups
        The g groups, sorted.
    sizes
        (g,), int64: nodes of each.
    mixing
        (g, g), int64: ties between nodes of the group of the row and nodes of that of the column; on the diagonal those
        within. A tie of a node of two groups is in both.
    internal, external
        (g,), int64: ties within each group, and ties of its nodes with nodes of others.
    index
        (g,), float64: its E-I index, (external - internal) / (external + internal); not a number without ties.
    expected_index
        (g,), float64: the mean of that over the permutations in which the group has ties.
    p
        (g,), float64: the share of permutations with an index as low, the observed one among them (Phipson and Smyth
        2010, doi:10.2202/1544-6115.1585); 1 for a group without ties within.
    """

    groups: tuple[Hashable, ...]
    sizes: Integers
    mixing: Integers
    internal: Integers
    external: Integers
    index: Floats
    expected_index: Floats
    p: Floats

    @property
    def expected(self) -> Floats:
        """(g,), float64: ties within each group, were its ties shared out as in the permutations."""
        return (self.internal + self.external) * (1 - self.expected_index) / 2

    @property
    def expected_external(self) -> Floats:
        """(g,), float64: the same for ties with others."""
        return (self.internal + self.external) * (1 + self.expected_index) / 2


def permuted_homophily(
    network: Network,
    groups: Sequence[frozenset[Hashable]],
    *,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Homophily:
    """Return for each group its E-I index and how likely one as low is when nodes swap groups at random.

    Parameters
    ----------
    groups
        For each node the groups that it is of. Nodes of none keep out: their ties are not looked at, and they get none.

    Returns
    -------
    Ties are undirected and weigh 1; those of a node with itself are left out. Ties stay and groups change places
    (Krackhardt and Stern 1988, doi:10.2307/2786835), so how many ties a node has is held.

    Raises
    ------
    SourceError
        If there is not one set of groups for each node.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> two = nx.disjoint_union(nx.complete_graph(4), nx.complete_graph(4))
    >>> found = permuted_homophily(from_graph(two), [frozenset("a")] * 4 + [frozenset("b")] * 4)
    >>> found.internal.tolist(), found.external.tolist(), bool((found.p < 0.05).all())
    ([6, 6], [0, 0], True)
    """
    if len(groups) != len(network):
        raise SourceError(
            f"There are groups for {len(groups)} nodes, and {len(network)} nodes.",
            "Give the groups of each node, in their order.",
        )
    labels = tuple(sorted(set().union(*groups), key=lambda group: (str(type(group)), group)))
    known = np.array([bool(group) for group in groups], dtype=np.bool_)
    kept = network.restricted_to(known)
    combined = sorted({tuple(sorted(map(str, group))): group for group in groups if group}.items())
    number = {group: place for place, (_, group) in enumerate(combined)}
    codes = np.array([number[group] for group in groups if group], dtype=np.int64)
    of = np.array([[label in group for label in labels] for _, group in combined], dtype=np.bool_)
    of = of.reshape(len(combined), len(labels))
    rows, columns, _ = kept.ties
    apart = rows != columns
    rows, columns = rows[apart], columns[apart]
    mixing, internal, external = _count(_between(codes, rows, columns, len(combined)), of)
    observed = _index(internal, external)
    draw = np.random.default_rng(seed)
    total, defined = np.zeros(len(labels)), np.zeros(len(labels))
    as_low = np.ones(len(labels))
    for _ in range(permutations):
        dealt = _between(draw.permutation(codes), rows, columns, len(combined))
        drawn = _index(*_count(dealt, of)[1:])
        there = np.isfinite(drawn)
        total[there] += drawn[there]
        defined += there
        as_low += ~(drawn > observed + 1e-12)
    return Homophily(
        labels,
        of[codes].sum(axis=0),
        mixing,
        internal,
        external,
        observed,
        np.divide(total, defined, out=np.full(len(labels), np.nan), where=defined > 0),
        np.where(internal > 0, as_low / (1 + permutations), 1.0),
    )


def _between(codes: Integers, rows: Integers, columns: Integers, count: int) -> Integers:
    """Return how many ties lead from each combination of groups to each, each tie seen from one end."""
    return np.bincount(codes[rows] * count + codes[columns], minlength=count * count).reshape(count, count)


def _count(between: Integers, of: Booleans) -> tuple[Integers, Integers, Integers]:
    """Return the ties between groups, those within each and those that leave it."""
    inside = of.astype(np.int64)
    either = between + between.T
    mixing = inside.T @ either @ inside
    internal = np.diagonal(mixing) // 2
    external = np.einsum("cg,cd,dg->g", inside, either, 1 - inside)
    np.fill_diagonal(mixing := mixing.copy(), internal)
    return mixing, internal, external


def _index(internal: Integers, external: Integers) -> Floats:
    ties = internal + external
    found: Floats = np.full(len(ties), np.nan)
    np.divide(external - internal, ties, out=found, where=ties > 0)
    return found
