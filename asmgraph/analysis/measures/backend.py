"""The fast engines behind networkx: ``networkx.pagerank(graph, backend="asmgraph")``.

networkx finds :class:`Backend` by the entry point ``networkx.backends``. Each function has the signature and the
meaning of the one of networkx with its name. What it does not support (multigraphs, weights that are not above zero,
some parameters) it hands to networkx's own function, so that an answer is never another one, only sooner or later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from asmgraph.analysis.measures import centrality, cohesion, efficiency, holes
from asmgraph.analysis.measures.betweenness import betweenness
from asmgraph.analysis.measures.network import Network, from_graph
from asmgraph.errors import AsmgraphError

Graph = Any


@dataclass(frozen=True, eq=False)
class Held:
    """A networkx graph on its way to these engines; read when it is clear what of it is needed."""

    __networkx_backend__: ClassVar[str] = "asmgraph"

    graph: Graph


class Backend:
    """What networkx may ask for."""

    @staticmethod
    def convert_from_nx(graph: Graph, **_asked: object) -> Held:
        """Take a graph of networkx."""
        return Held(graph)

    @staticmethod
    def convert_to_nx(result: Any, **_asked: object) -> Any:
        """Give a result back; only graphs that were taken need turning."""
        return result.graph if isinstance(result, Held) else result

    @staticmethod
    def pagerank(
        G: Held,  # noqa: N803
        alpha: float = 0.85,
        personalization: Any = None,
        max_iter: int = 100,
        tol: float = 1e-6,
        nstart: Any = None,
        weight: Any = "weight",
        dangling: Any = None,
    ) -> Any:
        """As ``networkx.pagerank``; where the walk begins and jumps to is networkx's own."""
        if personalization is None and nstart is None and dangling is None:
            rounds, tolerance = max_iter, tol * len(G.graph)
            found = _measured(
                G,
                weight,
                lambda network: centrality.pagerank(
                    network, damping=alpha, rounds=rounds, tolerance=tolerance
                ),
            )
            if found is not None:
                return found
        return _own("pagerank", G, alpha, personalization, max_iter, tol, nstart, weight, dangling)

    @staticmethod
    def constraint(G: Held, nodes: Any = None, weight: Any = None) -> Any:  # noqa: N803
        """As ``networkx.constraint``; of some nodes alone, and with ties of nodes with themselves, networkx's own."""
        found = _measured(G, weight, holes.constraint) if nodes is None and _loopless(G) else None
        return _own("constraint", G, nodes, weight) if found is None else found

    @staticmethod
    def effective_size(G: Held, nodes: Any = None, weight: Any = None) -> Any:  # noqa: N803
        """As ``networkx.effective_size``, without its n x n matrix; the same is left to networkx as of constraint.

        So are graphs with direction or unequal weights: there networkx 3.6 with scipy 1.15 or newer divides by the
        largest weight of the wrong end when it is asked for all nodes, other than when asked for some.
        :func:`~asmgraph.analysis.measures.holes.effective_size` is Burt's there too.
        """
        graph = G.graph
        weights = set() if weight is None else {value for _, _, value in graph.edges(data=weight, default=1)}
        plain = nodes is None and _loopless(G) and not graph.is_directed() and len(weights) < 2
        found = _measured(G, weight, holes.effective_size) if plain else None
        return _own("effective_size", G, nodes, weight) if found is None else found

    @staticmethod
    def betweenness_centrality(
        G: Held,  # noqa: N803
        k: int | None = None,
        normalized: bool = True,
        weight: Any = None,
        endpoints: bool = False,
        seed: Any = None,
    ) -> Any:
        """As ``networkx.betweenness_centrality``; sampled, by weight or with end points it is networkx's own."""
        if k is None and weight is None and not endpoints:
            found = _measured(G, None, lambda network: betweenness(network, normalised=normalized))
            if found is not None:
                return found
        return _own("betweenness_centrality", G, k, normalized, weight, endpoints, seed)

    @staticmethod
    def closeness_centrality(
        G: Held,  # noqa: N803
        u: Any = None,
        distance: Any = None,
        wf_improved: bool = True,
    ) -> Any:
        """As ``networkx.closeness_centrality``; of one node alone it is networkx's own."""
        weighted = distance is not None
        found = None
        if u is None:
            found = _measured(
                G,
                distance,
                lambda network: centrality.closeness(network, improved=wf_improved, weighted=weighted),
            )
        return _own("closeness_centrality", G, u, distance, wf_improved) if found is None else found

    @staticmethod
    def harmonic_centrality(
        G: Held,  # noqa: N803
        nbunch: Any = None,
        distance: Any = None,
        sources: Any = None,
    ) -> Any:
        """As ``networkx.harmonic_centrality``; of or from some nodes alone it is networkx's own."""
        weighted = distance is not None
        found = None
        if nbunch is None and sources is None:
            found = _measured(
                G,
                distance,
                lambda network: centrality.harmonic_closeness(network, normalised=False, weighted=weighted),
            )
        return _own("harmonic_centrality", G, nbunch, distance, sources) if found is None else found

    @staticmethod
    def global_efficiency(G: Held) -> float:  # noqa: N803
        """As ``networkx.global_efficiency``."""
        network = _network(G, None)
        return (
            float(_own("global_efficiency", G)) if network is None else efficiency.global_efficiency(network)
        )

    @staticmethod
    def core_number(G: Held) -> dict[Any, int]:  # noqa: N803
        """As ``networkx.core_number``; with direction it is networkx's own."""
        found = None
        if not G.graph.is_directed() and _loopless(G):
            found = _measured(G, None, cohesion.core_numbers)
        return _own("core_number", G) if found is None else found

    @staticmethod
    def leiden_communities(
        G: Held,  # noqa: N803
        weight: Any = "weight",
        resolution: float = 1,
        max_level: int | None = None,
        seed: Any = None,
    ) -> list[set[Any]]:
        """As ``networkx.community.leiden_communities``, by modularity; networkx has no engine of its own for it.

        Raises
        ------
        NotImplementedError
            If levels are limited, or the graph is a multigraph or has weights that are not above zero.
        """
        network = _network(G, weight)
        if max_level is not None or network is None:
            raise NotImplementedError(
                "Leiden runs here to its end, on simple graphs with weights above zero."
            )
        drawn = seed.randrange(2**31) if isinstance(seed, Random) else int(seed or 0)
        found = cohesion.communities(network, resolution=resolution, seed=drawn, leiden_only=True)
        groups: list[set[Any]] = [set() for _ in range(int(found.max(initial=-1)) + 1)]
        for name, group in zip(network.names, found.tolist(), strict=True):
            groups[group].add(name)
        return groups


def _network(held: Held, weight: Any) -> Network | None:
    """Return what the engines read, or nothing where networkx should answer itself."""
    graph = held.graph
    if not len(graph) or graph.is_multigraph() or not (weight is None or isinstance(weight, str)):
        return None
    try:
        return from_graph(graph, weight)
    except AsmgraphError:
        return None


def _measured(held: Held, weight: Any, measure: Callable[[Network], NDArray[Any]]) -> dict[Any, Any] | None:
    network = _network(held, weight)
    if network is None:
        return None
    try:
        values = measure(network)
    except AsmgraphError:
        return None
    return dict(zip(network.names, np.asarray(values).tolist(), strict=True))


def _loopless(held: Held) -> bool:
    return nx.number_of_selfloops(held.graph) == 0


def _own(name: str, held: Held, *arguments: Any) -> Any:
    """Return what networkx itself answers."""
    return getattr(nx, name)(held.graph, *arguments, backend="networkx")
