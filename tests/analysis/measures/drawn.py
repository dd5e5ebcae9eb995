"""Random networks of every sort for laws: directed or not, weighted or not, in pieces, with loops, empty."""

from __future__ import annotations

from typing import Any

import networkx as nx
from hypothesis import strategies as st


@st.composite
def graphs(
    draw: st.DrawFn, *, directed: bool | None = None, loops: bool = True, least: int = 0
) -> nx.Graph[Any]:
    """Draw a networkx graph of up to 14 nodes, with weights above zero; nodes are not always numbered in order."""
    names = draw(st.permutations(range(draw(st.integers(least, 14)))))
    graph: nx.Graph[Any] = (
        nx.DiGraph() if (draw(st.booleans()) if directed is None else directed) else nx.Graph()
    )
    graph.add_nodes_from(f"n{name}" for name in names)
    if names:
        node = st.sampled_from([f"n{name}" for name in names])
        weight = st.one_of(st.integers(1, 9), st.floats(0.1, 10))
        for one, other, value in draw(st.lists(st.tuples(node, node, weight), max_size=40)):
            if loops or one != other:
                graph.add_edge(one, other, weight=value)
    return graph
