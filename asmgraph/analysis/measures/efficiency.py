"""How near everyone is to everyone: global efficiency, exact and sampled.

Latora and Marchiori 2001, doi:10.1103/PhysRevLett.87.198701.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from asmgraph.analysis.measures.betweenness import SOURCES
from asmgraph.analysis.measures.centrality import harmonic_closeness
from asmgraph.analysis.measures.distances import lengths_from
from asmgraph.analysis.measures.network import Network


def global_efficiency(network: Network) -> float:
    """Return the mean reciprocal distance, in steps, over ordered pairs; no path counts 0.

    Returns
    -------
    From 0 (no ties) to 1 (a tie between all); 0 with fewer than two nodes. With direction, along it.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> round(global_efficiency(from_graph(nx.path_graph(3))), 4)
    0.8333
    """
    count = len(network)
    return (
        float(harmonic_closeness(network, normalised=False).sum()) / (count * (count - 1))
        if count > 1
        else 0.0
    )


@dataclass(frozen=True)
class SampledEfficiency:
    """An estimate of :func:`global_efficiency`.

    Parameters
    ----------
    value
        The estimate.
    standard_error
        One standard error of it; 0 where all was looked at.
    size
        How many of the n nodes were drawn.
    """

    value: float
    standard_error: float
    size: int


def sampled_efficiency(network: Network, *, sources: int = SOURCES, seed: int = 0) -> SampledEfficiency:
    """Return an unbiased estimate of :func:`global_efficiency`: the ways from some nodes, drawn without replacement.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> found = sampled_efficiency(from_graph(nx.path_graph(3)), sources=3)
    >>> round(found.value, 4), found.standard_error
    (0.8333, 0.0)
    """
    count = len(network)
    if count < 2:
        return SampledEfficiency(0.0, 0.0, count)
    size = min(sources, count)
    drawn = np.random.default_rng(seed).choice(count, size, replace=False)
    means = np.empty(size)
    for first in range(0, size, 16):
        lengths = lengths_from(network, drawn[first : first + 16], weighted=False)
        near = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        means[first : first + 16] = near.sum(axis=1) / (count - 1)
    error = float(means.std(ddof=1) / np.sqrt(size) * np.sqrt(1 - size / count)) if size > 1 else float("nan")
    return SampledEfficiency(float(means.mean()), error, size)
