"""Where a network holds together: k-cores, core and periphery, communities and their modularity.

networkit is imported where it is used: that takes a sixth of a second, which other commands need not wait.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from asmgraph.analysis.measures.brokerage import codes_of
from asmgraph.analysis.measures.network import Booleans, Integers, Network

RUNS, FEW_RUNS = 10, 2
_MANY_TIES = 100_000
_ROUNDS = 10


def core_numbers(network: Network) -> Integers:
    """Return the largest k for which each node is in the k-core: a part in which each has k ties or more.

    Returns
    -------
    (n,), int64; direction, weights and ties of a node with itself are left aside (Seidman 1983,
    doi:10.1016/0378-8733(83)90028-X), by networkit.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> core_numbers(from_graph(nx.lollipop_graph(4, 2))).tolist()
    [3, 3, 3, 3, 1, 1]
    """
    if not len(network):
        return np.zeros(0, dtype=np.int64)
    import networkit as nk

    found = nk.centrality.CoreDecomposition(_networkit(network, weighted=False)).run().scores()
    return np.asarray(found, dtype=np.int64)


@dataclass(frozen=True)
class CorePeriphery:
    """A core whose members have ties with each other, and a periphery whose members have none.

    Parameters
    ----------
    core
        (n,), marks of its members.
    fit
        The correlation of the ties within core and within periphery with that ideal, from -1 to 1; not a number where
        there is no core or no periphery.
    """

    core: Booleans
    fit: float


def core_periphery(network: Network) -> CorePeriphery:
    """Split the nodes into core and periphery with as few exceptions as can be.

    Exceptions are ties missing within the core and present within the periphery; ties between the two are not judged.
    The split is exact: the core is made of the nodes with most ties (Lip 2011, arXiv:1102.5511; the model is that of
    Borgatti and Everett 2000, doi:10.1016/S0378-8733(99)00019-2). Direction, weights and ties of a node with itself
    are left aside.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> core_periphery(from_graph(nx.star_graph(4))).core.tolist()
    [True, False, False, False, False]
    """
    count = len(network)
    matrix = network.mutual
    degrees = np.diff(matrix.indptr).astype(np.int64)
    order = np.argsort(-degrees, kind="stable")
    # With the k first in the core, exceptions = k(k-1)/2 + ties - sum of their degrees
    sizes = np.arange(count + 1)
    exceptions = sizes * (sizes - 1) // 2 - np.concatenate([[0], np.cumsum(degrees[order])])
    size = int(exceptions.argmin())
    core = np.zeros(count, dtype=np.bool_)
    core[order[:size]] = True
    within = matrix[core][:, core].nnz // 2
    outside = matrix[~core][:, ~core].nnz // 2
    inner, outer = size * (size - 1) // 2, (count - size) * (count - size - 1) // 2
    pairs, ties = inner + outer, within + outside
    spread = inner * outer * ties * (pairs - ties)
    fit = (pairs * within - inner * ties) / np.sqrt(float(spread)) if spread else np.nan
    return CorePeriphery(core, float(fit))


def communities(
    network: Network,
    *,
    resolution: float = 1.0,
    seed: int = 0,
    runs: int | None = None,
    leiden_only: bool = False,
) -> Integers:
    """Return a split into communities with a high modularity, each of them connected, direction aside.

    Parameters
    ----------
    resolution
        Above 1 for smaller communities, below for larger ones.
    runs
        How often each algorithm is tried, with other random orders; by default ten times, in networks of more than
        100,000 ties twice. The same seed gives the same split.
    leiden_only
        Otherwise Louvain with refinement is tried as well, and the split with the highest modularity is kept: where a
        network has no clear communities it often finds a better one.

    Returns
    -------
    (n,), int64: the number of each node's community, from 0, the largest first. Weights count, and both directions of
    a tie are added up. Leiden: Traag and others 2019, doi:10.1038/s41598-019-41695-z; Louvain with refinement:
    Rotta and Noack 2011, doi:10.1145/1963190.1970376; by networkit, on one thread.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> communities(from_graph(nx.barbell_graph(4, 0))).tolist()
    [0, 0, 0, 0, 1, 1, 1, 1]
    """
    if not network.adjacency.nnz:
        return np.arange(len(network))
    import networkit as nk

    runs = runs or (RUNS if network.tie_count <= _MANY_TIES else FEW_RUNS)
    undirected = _undirected(network)
    graph = _networkit(undirected, weighted=True)
    ways = [lambda: nk.community.ParallelLeiden(graph, True, _ROUNDS, resolution)]
    if not leiden_only:
        ways.append(lambda: nk.community.PLM(graph, True, resolution))
    best, most = np.arange(len(network)), -np.inf
    for run, way in product(range(runs), ways):
        with _drawn(seed + run):
            split = way().run().getPartition()
        labels = _connected(undirected, np.asarray(split.getVector(), dtype=np.int64))
        found = _modularity(undirected, labels, resolution)
        if found > most + 1e-12:
            best, most = labels, found
    _, first, codes, sizes = np.unique(best, return_index=True, return_inverse=True, return_counts=True)
    ranks = np.empty(len(sizes), dtype=np.int64)
    ranks[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return ranks[codes]


def _connected(network: Network, labels: Integers) -> Integers:
    """Return the groups, those in several pieces piece by piece; that never lowers modularity."""
    ties = network.adjacency.tocoo()
    within = labels[ties.row] == labels[ties.col]
    inner = sparse.csr_array((ties.data[within], (ties.row[within], ties.col[within])), shape=ties.shape)
    return np.asarray(csgraph.connected_components(inner, directed=False)[1], dtype=np.int64)


def modularity(network: Network, groups: Sequence[Hashable], *, resolution: float = 1.0) -> float:
    """Return how much more weight lies within groups than ends that meet at random would put there.

    Returns
    -------
    Q = sum over groups of (weight within / all - resolution x (weight of ends / all ends) squared); with direction
    the ends that go out and come in are multiplied (Newman and Girvan 2004, doi:10.1103/PhysRevE.69.026113; Leicht and
    Newman 2008, doi:10.1103/PhysRevLett.100.118703). Not a number without ties.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> round(modularity(from_graph(nx.barbell_graph(3, 0)), "aaabbb"), 4)
    0.3571
    """
    return _modularity(network, codes_of(network, groups)[1], resolution)


def _modularity(network: Network, codes: Integers, resolution: float) -> float:
    matrix = network.adjacency.tocoo()
    groups = int(codes.max(initial=-1)) + 1
    if not matrix.nnz:
        return float("nan")
    twice = 1.0 if network.directed else np.where(matrix.row == matrix.col, 2.0, 1.0)
    weights = matrix.data * twice
    out = np.bincount(codes[matrix.row], weights, groups)
    coming = np.bincount(codes[matrix.col], weights, groups)
    within = weights[codes[matrix.row] == codes[matrix.col]].sum()
    total = weights.sum()
    return float(within / total - resolution * (out @ coming) / total**2)


def _undirected(network: Network) -> Network:
    if not network.directed:
        return network
    both = network.adjacency + network.adjacency.T
    both.setdiag(network.loops)
    return Network(network.names, both)


def _networkit(network: Network, *, weighted: bool) -> Any:
    """Return the networkit graph of the ties; without weights, also without those of nodes with themselves."""
    import networkit as nk

    rows, columns, weights = Network(network.names, network.mutual).ties if not weighted else network.ties
    return nk.GraphFromCoo(
        (weights, (rows.astype(np.uint64), columns.astype(np.uint64))),
        n=len(network),
        weighted=weighted,
        directed=False,
    )


@contextmanager
def _drawn(seed: int) -> Iterator[None]:
    """Let networkit draw by this seed, on one thread, so that it draws the same again."""
    import networkit as nk

    threads = nk.getMaxNumberOfThreads()
    nk.setNumberOfThreads(1)
    nk.setSeed(seed, False)
    try:
        yield
    finally:
        nk.setNumberOfThreads(threads)
