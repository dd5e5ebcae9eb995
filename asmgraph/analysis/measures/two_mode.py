"""Networks of two kinds of node, such as actors and events, with ties between the kinds alone.

Measures are normalised by what is possible between two kinds (Borgatti and Everett 1997,
doi:10.1016/S0378-8733(96)00301-2; Faust 1997, doi:10.1016/S0378-8733(96)00300-0).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from asmgraph.analysis.measures.betweenness import betweenness
from asmgraph.analysis.measures.centrality import degree
from asmgraph.analysis.measures.distances import count_by_distance
from asmgraph.analysis.measures.network import Booleans, Floats, Network
from asmgraph.errors import SourceError


def two_mode_degree(network: Network, first: Booleans) -> Floats:
    """Return (n,), the share of the nodes of the other kind with which each has a tie.

    Parameters
    ----------
    first
        (n,), marks of the nodes of the first kind.

    Raises
    ------
    SourceError
        If two nodes of a kind have a tie.

    Examples
    --------
    >>> import networkx as nx
    >>> import numpy as np
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> two_mode_degree(from_graph(nx.star_graph(2)), np.array([True, False, False])).tolist()
    [1.0, 1.0, 1.0]
    """
    _require_two_kinds(network, first)
    return np.asarray(degree(network) / np.maximum(1, _others(first)), dtype=np.float64)


def two_mode_betweenness(network: Network, first: Booleans) -> Floats:
    """Return (n,), betweenness against the largest that a node of the kind can have.

    Raises
    ------
    SourceError
        If two nodes of a kind have a tie.

    Examples
    --------
    >>> import networkx as nx
    >>> import numpy as np
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> two_mode_betweenness(from_graph(nx.star_graph(2)), np.array([True, False, False])).tolist()
    [1.0, 0.0, 0.0]
    """
    _require_two_kinds(network, first)
    most = np.where(first, _most_between(int(first.sum()), int((~first).sum())), 0.0)
    most = np.where(first, most, _most_between(int((~first).sum()), int(first.sum())))
    return np.divide(betweenness(network), most, out=np.zeros(len(network)), where=most > 0)


def _most_between(own: int, others: int) -> float:
    """Return the betweenness of the centre of the most central network of so many nodes of two kinds."""
    if own < 1:
        return 0.0
    whole, rest = divmod(own - 1, others) if others else (0, 0)
    return (
        others**2 * (whole + 1) ** 2
        + others * (whole + 1) * (2 * rest - whole - 1)
        - rest * (2 * whole - rest + 3)
    ) / 2


def two_mode_closeness(network: Network, first: Booleans) -> Floats:
    """Return (n,), the least possible sum of distances against that of each node.

    Where not all others are reached, it is multiplied by the share of those that are.

    Raises
    ------
    SourceError
        If two nodes of a kind have a tie.

    Examples
    --------
    >>> import networkx as nx
    >>> import numpy as np
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> two_mode_closeness(from_graph(nx.star_graph(2)), np.array([True, False, False])).tolist()
    [1.0, 1.0, 1.0]
    """
    _require_two_kinds(network, first)
    count = len(network)
    counted = count_by_distance(network)
    reaching = counted[:, 1:].sum(axis=1)
    far = counted @ np.arange(counted.shape[1])
    least = _others(first) + 2 * (count - _others(first) - 1)
    share = reaching / max(1, count - 1)
    near = np.divide(least, far, out=np.zeros(count), where=far > 0)
    return np.asarray(near * share, dtype=np.float64)


def projection(network: Network, kept: Booleans) -> Network:
    """Return the network among the nodes that ``kept`` marks: a tie weighs how many contacts two share.

    Raises
    ------
    SourceError
        If two nodes of a kind have a tie (Breiger 1974, doi:10.2307/2576011).

    Examples
    --------
    >>> import networkx as nx
    >>> import numpy as np
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> projection(from_graph(nx.star_graph(2)), np.array([False, True, True])).tie_count
    1
    """
    _require_two_kinds(network, kept)
    across = network.simple[np.flatnonzero(kept)][:, np.flatnonzero(~kept)]
    shared = sparse.csr_array(across @ across.T)
    shared.setdiag(0)
    return Network(tuple(name for name, is_kept in zip(network.names, kept, strict=True) if is_kept), shared)


def _others(first: Booleans) -> Floats:
    return np.asarray(np.where(first, (~first).sum(), first.sum()), dtype=np.float64)


def _require_two_kinds(network: Network, first: Booleans) -> None:
    rows, columns, _ = network.ties
    wrong = np.flatnonzero(first[rows] == first[columns])
    if wrong.size:
        one, other = network.names[rows[wrong[0]]], network.names[columns[wrong[0]]]
        raise SourceError(
            f"{one!r} and {other!r} are of one kind and have a tie.",
            "Ties lead from one kind to the other alone.",
        )
