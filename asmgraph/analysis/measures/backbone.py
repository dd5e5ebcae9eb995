"""The ties that stand out: the disparity filter (Serrano, Boguna and Vespignani 2009, doi:10.1073/pnas.0808904106)."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from asmgraph.analysis.measures.network import Floats, Matrix, Network


def disparity(network: Network) -> Matrix:
    """Return for each tie how likely a weight as large would be if its node spread its weight at random.

    Returns
    -------
    (n, n), float64, where there are ties: alpha = (1 - p)^(k-1), p the tie's share of its node's weight, k the number
    of the node's ties; the smaller of both ends, with direction of the sender's ties out and the receiver's ties in.
    A node with one tie says nothing: 1. Ties of a node with itself are left out.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> disparity(from_graph(nx.complete_graph(4))).toarray()[0].round(3).tolist()
    [0.0, 0.444, 0.444, 0.444]
    """
    ties = network.adjacency.tocoo()
    apart = ties.row != ties.col
    rows, columns, weights = ties.row[apart], ties.col[apart], ties.data[apart]
    count = len(network)
    alphas = np.minimum(_alpha(rows, weights, count), _alpha(columns, weights, count))
    return sparse.csr_array((alphas, (rows, columns)), shape=ties.shape)


def _alpha(ends: Any, weights: Floats, count: int) -> Floats:
    together = np.bincount(ends, weights, count)[ends]
    ties = np.bincount(ends, minlength=count)[ends]
    return np.asarray((1 - np.minimum(1, weights / together)) ** (ties - 1), dtype=np.float64)


def backbone(network: Network, *, alpha: float = 0.05) -> Network:
    """Return the network with the same nodes and those ties alone whose :func:`disparity` is below ``alpha``.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> backbone(from_graph(nx.complete_graph(4)), alpha=0.4).tie_count
    0
    """
    found = disparity(network).tocoo()
    kept = found.data < alpha
    marks = sparse.csr_array(
        (np.ones(int(kept.sum())), (found.row[kept], found.col[kept])), shape=found.shape
    )
    return Network(network.names, sparse.csr_array(network.adjacency.multiply(marks)), network.directed)
