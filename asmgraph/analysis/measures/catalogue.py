"""The measures of nodes by name, for whoever asks for them by name: a command, a page, a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asmgraph.analysis.measures import centrality, cohesion, fragmentation, holes
from asmgraph.analysis.measures.betweenness import EXACT_UP_TO, Sampled, betweenness, sampled_betweenness
from asmgraph.analysis.measures.network import Network
from asmgraph.errors import QueryError
from asmgraph.records import Progress

Values = NDArray[Any]
STANDARD_ERROR = "_standard_error"


@dataclass(frozen=True)
class Measure:
    """A measure of each node.

    Parameters
    ----------
    name
        As it is asked for, and the heading of its column.
    compute
        From a network, (n,) values in the order of its nodes; not a number: no value.
    meaning
        In one line: what it is, and its normalisation.
    sample
        Of more than 10,000 nodes, an estimate with its standard error takes the place of ``compute``.
    """

    name: str
    compute: Callable[[Network], Values]
    meaning: str
    sample: Callable[[Network], Sampled] | None = None


_ALL = (
    Measure("degree", centrality.degree, "number of ties; a tie with itself counts twice"),
    Measure(
        "in_degree",
        lambda network: centrality.degree(network, "in"),
        "number of ties that come in; without direction all",
    ),
    Measure(
        "out_degree",
        lambda network: centrality.degree(network, "out"),
        "number of ties that go out; without direction all",
    ),
    Measure(
        "weighted_degree", centrality.strength, "weights of its ties together; a tie with itself counts twice"
    ),
    Measure(
        "betweenness",
        betweenness,
        "shortest paths of others through it, not normalised, weights left aside",
        sampled_betweenness,
    ),
    Measure(
        "closeness",
        centrality.closeness,
        "reciprocal of the mean distance, times the share of others that reach it",
    ),
    Measure(
        "harmonic_closeness",
        lambda network: centrality.harmonic_closeness(network, largest=True),
        "mean reciprocal distance within the largest component; none outside it",
    ),
    Measure("pagerank", centrality.pagerank, "share of a random walk by weight, damping 0.85; together 1"),
    Measure("constraint", holes.constraint, "Burt's constraint by weight; none without contacts"),
    Measure("effective_size", holes.effective_size, "Burt's effective size by weight; none without contacts"),
    Measure("core_number", cohesion.core_numbers, "largest k of a k-core it is in, direction aside"),
    Measure("component", fragmentation.components, "number of its component, direction aside"),
    Measure(
        "community",
        cohesion.communities,
        "number of its community by modularity (Leiden, Louvain), by weight, direction aside",
    ),
    Measure(
        "articulation_point",
        lambda network: fragmentation.articulation_points(network).astype(np.int64),
        "1 if its component splits without it, direction aside",
    ),
    Measure(
        "fragmentation",
        fragmentation.fragmentation_by_node,
        "share of pairs without a path once it left (Borgatti's F), direction aside",
    ),
    Measure(
        "loss_of_reach",
        fragmentation.loss_of_reach,
        "ordered pairs of others that lose every path once it left, direction aside",
    ),
)
MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _ALL}


def measures_named(names: Iterable[str]) -> list[Measure]:
    """Return these measures, in this order.

    Raises
    ------
    QueryError
        If a name is not known, or comes twice, or none is given.
    """
    asked = list(names)
    unknown = [name for name in asked if name not in MEASURES]
    if unknown or not asked:
        what = f"{unknown[0]!r} is no measure." if unknown else "No measure is named."
        raise QueryError(what, f"There are {', '.join(MEASURES)}.")
    twice = [name for place, name in enumerate(asked) if name in asked[:place]]
    if twice:
        raise QueryError(f"The measure {twice[0]!r} is named twice.", "Name each measure once.")
    return [MEASURES[name] for name in asked]


def compute_all(
    network: Network, names: Iterable[str], *, exact: bool = False, progress: Progress | None = None
) -> dict[str, Values]:
    """Return the measures of these names, by the name of the column.

    Parameters
    ----------
    exact
        Whether to compute exactly what is otherwise sampled with more than 10,000 nodes. A sampled measure has a
        second column, its name followed by ``_standard_error``.
    progress
        Called before each measure with its name, how many are done and how many there are.

    Raises
    ------
    QueryError
        If a name is not known.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> compute_all(from_graph(nx.path_graph(2)), ["degree"])
    {'degree': array([1, 1])}
    """
    measures = measures_named(names)
    found: dict[str, Values] = {}
    for done, measure in enumerate(measures):
        if progress:
            progress(measure.name, done, len(measures))
        if measure.sample and len(network) > EXACT_UP_TO and not exact:
            sampled = measure.sample(network)
            found[measure.name] = sampled.values
            found[f"{measure.name}{STANDARD_ERROR}"] = sampled.standard_errors
        else:
            found[measure.name] = measure.compute(network)
    return found
