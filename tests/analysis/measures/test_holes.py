"""Structural holes with weights and direction: against networkx's formula, node by node."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given

from asmgraph.analysis.measures import from_graph
from asmgraph.analysis.measures.holes import constraint, effective_size
from tests.analysis.measures.drawn import graphs


@given(graphs(loops=False, least=1))
def test_effective_size_follows_weights_and_direction(graph: Any) -> None:
    asked = [node for node in graph if graph.degree(node)]
    expected = {
        node: sum(redundancy_free(graph, node, other) for other in set(nx.all_neighbors(graph, node)))
        for node in asked
    }
    found = dict(zip(graph, effective_size(from_graph(graph)), strict=True))
    assert {node: found[node] for node in asked} == pytest.approx(expected)
    assert all(np.isnan(found[node]) for node in graph if node not in expected)


def redundancy_free(graph: Any, node: Any, other: Any) -> float:
    """Return what is not redundant in a contact, by Burt's formula in plain words."""

    def mutual(a: Any, b: Any) -> float:
        there = [graph.edges[a, b]["weight"]] if graph.has_edge(a, b) else []
        back = [graph.edges[b, a]["weight"]] if graph.has_edge(b, a) else []
        return float(sum(there + back))

    all_of_node = sum(mutual(node, third) for third in graph)
    largest = max(mutual(other, third) for third in graph)
    return 1 - sum(mutual(node, third) / all_of_node * mutual(other, third) / largest for third in graph)


@given(graphs(loops=False, least=1))
def test_constraint_is_networkx_s_node_by_node(graph: Any) -> None:
    asked = [node for node in graph if graph[node]]  # networkx has no value where no tie goes out
    expected = nx.constraint(graph, nodes=asked, weight="weight", backend="networkx") if asked else {}
    found = dict(zip(graph, constraint(from_graph(graph)), strict=True))
    assert {node: found[node] for node in asked} == pytest.approx(expected)


def test_a_hub_of_many_contacts_needs_no_square_of_their_number() -> None:
    """4,000 contacts of one hub have 16 million pairs; what is kept are the 8,000 ends of ties."""
    found = constraint(from_graph(nx.star_graph(4_000)))
    assert found[0] == pytest.approx(1 / 4_000)
    assert np.all(found[1:] == 1)
