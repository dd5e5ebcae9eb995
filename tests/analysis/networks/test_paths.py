"""Short directed paths and their gatekeepers, against networkx."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.analysis.networks.paths import Numbers, gatekeepers, steps_to

SIZE = 9
arcs = st.sets(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda arc: arc[0] != arc[1])
)
some = st.sets(st.integers(0, SIZE - 1), min_size=1, max_size=3)


def _array(found: set[tuple[int, int]]) -> tuple[Numbers, Numbers]:
    both = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _numbers(found: set[int]) -> Numbers:
    return np.array(sorted(found), dtype=np.int64)


@given(arcs, some, st.integers(1, 5))
def test_steps_are_the_shortest(found: set[tuple[int, int]], targets: set[int], limit: int) -> None:
    graph: nx.DiGraph[int] = nx.DiGraph(found)
    graph.add_nodes_from(range(SIZE))
    steps = steps_to(SIZE, *_array(found), _numbers(targets), limit)
    for node in range(SIZE):
        known = [
            nx.shortest_path_length(graph, node, target)
            for target in targets
            if nx.has_path(graph, node, target)
        ]
        wanted = min((length for length in known if length <= limit), default=np.inf)
        assert steps.number[node] == wanted
        path = steps.path(node)
        assert len(path) == (wanted + 1 if np.isfinite(wanted) else 0)
        assert all(arc in found for arc in pairwise(path))
        assert not path or path[-1] in targets


@given(arcs, some, some, st.integers(1, 4))
def test_gatekeepers_are_as_few_as_can_be(
    found: set[tuple[int, int]], sources: set[int], targets: set[int], limit: int
) -> None:
    sources = sources - targets
    short: nx.DiGraph[int | str] = nx.DiGraph()
    short.add_nodes_from(("start", "end"))
    graph: nx.DiGraph[int] = nx.DiGraph(found)
    graph.add_nodes_from(range(SIZE))
    # Paths begin at the last source and end at the first target that they pass.
    graph.remove_edges_from([arc for arc in found if arc[0] in targets or arc[1] in sources])
    for source in sources:
        for target in targets:
            for path in nx.all_simple_paths(graph, source, target, cutoff=limit):
                nx.add_path(short, path)
    cut = gatekeepers(SIZE, *_array(found), _numbers(sources), _numbers(targets), limit)
    if any((source, target) in found for source in sources for target in targets):
        assert cut is None
        return
    assert cut is not None
    assert not set(cut) & (sources | targets)
    short.add_edges_from(("start", source) for source in sources)
    short.add_edges_from((target, "end") for target in targets)
    left = short.copy()
    left.remove_nodes_from(cut)
    assert not nx.has_path(left, "start", "end")
    wide: nx.DiGraph[tuple[int | str, int]] = nx.DiGraph()
    for tail, head in short.edges:
        wide.add_edge((tail, 1), (head, 0))
    for node in short:
        ends = node in sources | targets or isinstance(node, str)
        wide.add_edge((node, 0), (node, 1), **({} if ends else {"capacity": 1}))
    assert len(cut) == nx.maximum_flow_value(wide, ("start", 1), ("end", 0))
