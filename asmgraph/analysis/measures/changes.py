"""What changes a network makes: between two dates, or if nodes left and ties were made."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from asmgraph.analysis.measures.catalogue import Values, compute_all
from asmgraph.analysis.measures.efficiency import global_efficiency
from asmgraph.analysis.measures.fragmentation import components, fragmentation
from asmgraph.analysis.measures.network import Floats, Network, from_ties
from asmgraph.errors import SourceError

Tie = tuple[Hashable, Hashable]


@dataclass(frozen=True)
class Whole:
    """A network in a few numbers.

    Parameters
    ----------
    nodes, ties, components
        How many there are, components direction aside.
    fragmentation
        Share of pairs without a path, direction aside.
    efficiency
        Mean reciprocal distance over ordered pairs.
    """

    nodes: int
    ties: int
    components: int
    fragmentation: float
    efficiency: float


@dataclass(frozen=True)
class Change:
    """Two networks side by side.

    Parameters
    ----------
    names
        Nodes of either: those of the first in their order, then those that came.
    came, left
        Nodes of the second alone, and of the first alone.
    gained, lost
        Ties of the second alone, and of the first alone, each in the order of ``names``.
    before, after
        Each measure asked for, (len(names),) in the order of ``names``; not a number where the node is not there.
    whole_before, whole_after
        Both as wholes.
    """

    names: tuple[Hashable, ...]
    came: tuple[Hashable, ...]
    left: tuple[Hashable, ...]
    gained: tuple[Tie, ...]
    lost: tuple[Tie, ...]
    before: Mapping[str, Floats]
    after: Mapping[str, Floats]
    whole_before: Whole
    whole_after: Whole


def compare(before: Network, after: Network, measures: Iterable[str] = ()) -> Change:
    """Return what changed from one network to the other; nodes are the same if they have the same name.

    Parameters
    ----------
    measures
        Names of :data:`~asmgraph.analysis.measures.catalogue.MEASURES`.

    Raises
    ------
    SourceError
        If ties have a direction in one of them alone.
    QueryError
        If a measure is not known.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> change = compare(from_graph(nx.Graph([("a", "b")])), from_graph(nx.Graph([("b", "c")])), ["degree"])
    >>> change.gained, change.lost, change.after["degree"].tolist()
    ((('b', 'c'),), (('a', 'b'),), [nan, 1.0, 1.0])
    """
    if before.directed != after.directed:
        raise SourceError(
            "Ties have a direction in one of the two networks alone.",
            "Read both with direction, or both without.",
        )
    came = tuple(name for name in after.names if name not in before.position)
    left = tuple(name for name in before.names if name not in after.position)
    names = (*before.names, *came)
    position = {name: place for place, name in enumerate(names)}
    old, new = (_ties(network, position) for network in (before, after))
    asked = list(measures)
    return Change(
        names,
        came,
        left,
        tuple((names[one], names[other]) for one, other in sorted(new - old)),
        tuple((names[one], names[other]) for one, other in sorted(old - new)),
        _spread(before, asked, position),
        _spread(after, asked, position),
        _whole(before),
        _whole(after),
    )


def what_if(
    network: Network,
    *,
    leaving: Iterable[Hashable] = (),
    ties: Iterable[Tie] = (),
    measures: Iterable[str] = (),
    weight: float = 1.0,
) -> Change:
    """Return what would change if nodes left and ties were made.

    Parameters
    ----------
    leaving
        Nodes that leave, with their ties.
    ties
        Ties that are made, each with ``weight``, with direction from the first to the second; one that is there already
        stays as it is.

    Raises
    ------
    SourceError
        If a name is no node, or a tie is made with a node that leaves.
    QueryError
        If a measure is not known.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> change = what_if(from_graph(nx.star_graph(3)), leaving=[0], ties=[(1, 2)])
    >>> change.lost, change.gained, change.whole_after.components
    (((0, 1), (0, 2), (0, 3)), ((1, 2),), 2)
    """
    kept = np.ones(len(network), dtype=np.bool_)
    kept[network.places(leaving)] = False
    staying = network.restricted_to(kept)
    rows, columns, weights = staying.ties
    made = [tuple(staying.places(tie)) for tie in ties]
    made = list(dict.fromkeys(made if network.directed else [(min(tie), max(tie)) for tie in made]))
    present = set(zip(rows.tolist(), columns.tolist(), strict=True))
    new = np.array([tie for tie in made if tie not in present], dtype=np.int64).reshape(-1, 2)
    changed = from_ties(
        staying.names,
        np.concatenate([rows, new[:, 0]]),
        np.concatenate([columns, new[:, 1]]),
        np.concatenate([weights, np.full(len(new), weight)]),
        directed=network.directed,
    )
    return compare(network, changed, measures)


def _ties(network: Network, position: Mapping[Hashable, int]) -> set[tuple[int, int]]:
    places = np.array([position[name] for name in network.names], dtype=np.int64)
    rows, columns, _ = network.ties
    ends = np.column_stack([places[rows], places[columns]])
    if not network.directed:
        ends.sort(axis=1)
    return {(one, other) for one, other in ends.tolist()}


def _spread(network: Network, measures: list[str], position: Mapping[Hashable, int]) -> dict[str, Floats]:
    places = np.array([position[name] for name in network.names], dtype=np.int64)
    computed: Mapping[str, Values] = compute_all(network, measures) if measures else {}
    found = {}
    for name, values in computed.items():
        found[name] = np.full(len(position), np.nan)
        found[name][places] = values
    return found


def _whole(network: Network) -> Whole:
    return Whole(
        len(network),
        network.tie_count,
        int(components(network).max(initial=-1)) + 1,
        fragmentation(network),
        global_efficiency(network),
    )
