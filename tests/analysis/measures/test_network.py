"""What a network is made of, and what it refuses."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import polars as pl
import pytest
from scipy import sparse

from asmgraph.analysis.measures import Network, from_graph, from_table
from asmgraph.analysis.measures.brokerage import brokerage
from asmgraph.analysis.measures.centrality import closeness, degree, harmonic_closeness, pagerank, strength
from asmgraph.analysis.measures.cohesion import communities
from asmgraph.analysis.measures.cuts import minimum_cut
from asmgraph.analysis.measures.mixing import permuted_external_internal
from asmgraph.analysis.measures.reach import steps_from
from asmgraph.analysis.measures.two_mode import two_mode_degree
from asmgraph.errors import QueryError, SourceError


def matrix(*rows: list[float]) -> Any:
    return sparse.csr_array(np.array(rows))


@pytest.mark.parametrize(
    ("names", "adjacency", "said"),
    [
        (("a",), matrix([0, 1], [1, 0]), "for 1 names"),
        (("a", "a"), matrix([0, 1], [1, 0]), "Two nodes have the name 'a'"),
        (("a", "b"), matrix([0, 1], [0, 0]), "not symmetric"),
        (("a", "b"), matrix([0, -1], [-1, 0]), "the weight -1"),
        (("a", "b"), matrix([0, np.nan], [np.nan, 0]), "the weight nan"),
        (("a", "b"), matrix([0, np.inf], [np.inf, 0]), "the weight inf"),
    ],
)
def test_what_is_no_network_is_refused(names: tuple[str, ...], adjacency: Any, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        Network(names, adjacency)


def test_a_network_does_not_change_with_the_matrix_it_was_made_of() -> None:
    given = matrix([0, 1], [1, 0])
    network = Network(("a", "b"), given)
    given.data[:] = 9
    assert network.adjacency.data.tolist() == [1, 1]


def test_three_parallel_ties_have_one_weight_from_both_ends() -> None:
    """Sums of decimals depend on their order; both ends must have the same."""
    table = pl.DataFrame({"Source": ["a", "b", "a"], "Target": ["b", "a", "b"], "Weight": [0.1, 0.2, 0.3]})
    assert from_table(table).tie_count == 1


@pytest.mark.parametrize("value", [0, -2, "heavy", None, float("nan")])
def test_weights_of_a_graph_are_numbers_above_zero(value: Any) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edge("a", "b", weight=value)
    with pytest.raises(SourceError, match="'a' and 'b'"):
        from_graph(graph)
    assert from_graph(graph, None).tie_count == 1


def test_names_of_nodes_come_first_and_may_have_no_tie() -> None:
    network = from_table(pl.DataFrame({"Source": ["b"], "Target": ["a"]}), nodes=["z", "a"])
    assert network.names == ("z", "a", "b")
    assert degree(network).tolist() == [0, 1, 1]


def test_direction_tells_ties_in_from_ties_out() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_weighted_edges_from([("a", "b", 2), ("b", "c", 3), ("c", "c", 5)])
    network = from_graph(graph)
    assert [degree(network, way).tolist() for way in ("in", "out", "all")] == [
        [0, 1, 2],
        [1, 1, 1],
        [1, 2, 3],
    ]
    assert [strength(network, way).tolist() for way in ("in", "out")] == [[0, 2, 8], [2, 3, 5]]


def test_weights_can_be_lengths() -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_weighted_edges_from([("a", "b", 2), ("b", "c", 2), ("a", "c", 9)])
    network = from_graph(graph)
    assert closeness(network, weighted=True).tolist() == pytest.approx([2 / 6, 2 / 4, 2 / 6])
    assert harmonic_closeness(network, weighted=True).tolist() == pytest.approx([3 / 8, 1 / 2, 3 / 8])


def test_a_walk_that_does_not_settle_is_told() -> None:
    with pytest.raises(QueryError, match="2 rounds"):
        pagerank(from_graph(nx.path_graph(9)), rounds=2)


def test_communities_are_drawn_alike_by_the_same_seed() -> None:
    network = from_graph(nx.gnp_random_graph(120, 0.05, seed=1))
    first, again = communities(network, seed=5), communities(network, seed=5)
    assert (first == again).all()


def test_permutations_are_drawn_alike_by_the_same_seed() -> None:
    network = from_graph(nx.path_graph(9))
    groups = ["a"] * 4 + ["b"] * 5
    assert permuted_external_internal(network, groups, seed=2, permutations=50) == permuted_external_internal(
        network, groups, seed=2, permutations=50
    )


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (lambda network: brokerage(network, ["a"]), "1 groups for 3 nodes"),
        (lambda network: steps_from(network, ["nobody"]), "'nobody' is no node"),
        (lambda network: minimum_cut(network, 0, 0), "same node"),
        (lambda network: two_mode_degree(network, np.array([True, True, False])), "of one kind"),
    ],
)
def test_what_does_not_fit_a_network_is_told(work: Any, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        work(from_graph(nx.path_graph(3)))
