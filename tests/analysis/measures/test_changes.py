"""Two networks side by side, and what leaving nodes and new ties would change."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.analysis.measures import from_graph
from asmgraph.analysis.measures.catalogue import compute_all
from asmgraph.analysis.measures.changes import compare, what_if
from asmgraph.errors import QueryError, SourceError
from tests.analysis.measures.drawn import graphs
from tests.analysis.measures.published import kite


@given(graphs())
def test_nothing_changes_between_a_network_and_itself(graph: Any) -> None:
    network = from_graph(graph)
    change = compare(network, network, ["degree"])
    assert change.gained == change.lost == change.came == change.left == ()
    assert change.whole_before == change.whole_after
    assert (change.before["degree"] == change.after["degree"]).all()


@given(graphs(directed=False), graphs(directed=False))
def test_what_one_way_gains_the_other_way_loses(one: Any, other: Any) -> None:
    there, back = compare(from_graph(one), from_graph(other)), compare(from_graph(other), from_graph(one))
    assert {frozenset(tie) for tie in there.gained} == {frozenset(tie) for tie in back.lost}
    assert set(there.came) == set(back.left)


@given(graphs(least=2), st.data())
def test_what_if_is_the_network_changed_so(graph: Any, data: st.DataObject) -> None:
    leaver, one, other = (data.draw(st.sampled_from(sorted(graph))) for _ in range(3))
    network = from_graph(graph)
    if leaver in (one, other):
        with pytest.raises(SourceError):
            what_if(network, leaving=[leaver], ties=[(one, other)])
        return
    change = what_if(network, leaving=[leaver], ties=[(one, other)], measures=["degree", "pagerank"])
    changed = graph.copy()
    changed.remove_node(leaver)
    if not changed.has_edge(one, other):
        changed.add_edge(one, other, weight=1)
    expected = compute_all(from_graph(changed), ["degree", "pagerank"])
    places = [change.names.index(name) for name in changed]
    for name, values in expected.items():
        assert change.after[name][places] == pytest.approx(values)
        assert np.isnan(change.after[name][change.names.index(leaver)])


def test_without_heather_the_kite_falls_apart() -> None:
    change = what_if(kite(), leaving=["Heather"], measures=["closeness"])
    assert change.left == ("Heather",)
    assert change.lost == (("Fernando", "Heather"), ("Garth", "Heather"), ("Heather", "Ike"))
    assert (change.whole_before.components, change.whole_after.components) == (1, 2)
    assert round(change.whole_after.fragmentation, 3) == 0.389
    assert change.whole_after.efficiency < change.whole_before.efficiency


def test_networks_with_and_without_direction_are_not_compared() -> None:
    with pytest.raises(SourceError, match="direction"):
        compare(from_graph(nx.path_graph(2)), from_graph(nx.DiGraph([(0, 1)])))


@pytest.mark.parametrize("names", [["fame"], [], ["degree", "degree"]])
def test_measures_are_named_as_they_are_known_and_once(names: list[str]) -> None:
    with pytest.raises(QueryError):
        compute_all(kite(), names)
