"""Structural holes: how far a node's contacts are contacts of one another (Burt 1992, doi:10.4159/9780674038714).

The tie between two nodes has the weight of both directions together; ties of a node with itself are left out. Rows are
worked off in blocks, and products are kept only where two nodes are contacts, so memory follows the ties.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from asmgraph.analysis.measures.network import Floats, Matrix, Network

_AT_ONCE = 4_000_000


def constraint(network: Network) -> Floats:
    """Return how far each node's time goes into contacts that are contacts of each other.

    Returns
    -------
    (n,), float64: the sum over its contacts j of (p_ij + sum over q of p_iq p_qj) squared, where p_ij is the share
    of i's weight that is its tie with j (Burt 1992, chapter 2). Not a number for a node without contacts. Above 1 is
    possible.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> constraint(from_graph(nx.star_graph(3))).round(3).tolist()
    [0.333, 1.0, 1.0, 1.0]
    """
    shares = _shares(network)
    found = np.zeros(len(network))
    for chosen, rows in _blocks(shares, shares):
        indirect = (rows @ shares).multiply(_present(rows))
        found[chosen] = np.asarray((rows + indirect).power(2).sum(axis=1)).ravel()
    return _or_nothing(found, network)


def effective_size(network: Network) -> Floats:
    """Return the number of each node's contacts less what is redundant among them.

    Returns
    -------
    (n,), float64: the sum over its contacts j of 1 - sum over q of p_iq m_jq, where m_jq is j's weight with q
    against its largest (Burt 1992, chapter 2). Without weights and direction it is the number of contacts less their
    mean number of ties with each other (Borgatti 1997). Not a number for a node without contacts.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> effective_size(from_graph(nx.complete_graph(4))).round(6).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    mutual = network.mutual
    shares = _shares(network)
    largest = mutual.max(axis=1).toarray().ravel() if len(network) else np.zeros(0)
    against = sparse.diags_array(_reciprocal(largest)) @ mutual
    turned = against.T.tocsr()
    found = np.diff(mutual.indptr).astype(np.float64)
    for chosen, rows in _blocks(shares, turned):
        redundant = (rows @ turned).multiply(_present(rows))
        found[chosen] -= np.asarray(redundant.sum(axis=1)).ravel()
    return _or_nothing(found, network)


def _shares(network: Network) -> Matrix:
    mutual = network.mutual
    together = np.asarray(mutual.sum(axis=1), dtype=np.float64).ravel()
    return sparse.csr_array(sparse.diags_array(_reciprocal(together)) @ mutual)


def _reciprocal(values: Floats) -> Floats:
    return np.divide(1, values, out=np.zeros(len(values)), where=values > 0)


def _present(rows: Matrix) -> Matrix:
    marks = rows.copy()
    marks.data = np.ones_like(marks.data)
    return marks


def _or_nothing(found: Floats, network: Network) -> Floats:
    return np.where(np.diff(network.mutual.indptr) > 0, found, np.nan)


def _blocks(left: Matrix, right: Matrix) -> Iterator[tuple[slice, Matrix]]:
    """Yield rows of ``left`` such that their product with ``right`` has a bounded number of terms."""
    terms = np.concatenate([[0], np.cumsum(np.diff(right.indptr)[left.indices])])[left.indptr]
    first, count = 0, left.shape[0]
    while first < count:
        last = int(np.searchsorted(terms, terms[first] + _AT_ONCE, side="right")) - 1
        last = min(count, max(last, first + 1))
        yield slice(first, last), left[first:last]
        first = last
