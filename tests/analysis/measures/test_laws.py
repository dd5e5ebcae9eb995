"""Laws that measures keep: names and order of nodes do not matter, samples of all are exact, known identities."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.analysis.measures import from_graph, from_table
from asmgraph.analysis.measures.backbone import backbone, disparity
from asmgraph.analysis.measures.betweenness import betweenness, sampled_betweenness
from asmgraph.analysis.measures.brokerage import ROLES, brokerage
from asmgraph.analysis.measures.catalogue import MEASURES
from asmgraph.analysis.measures.centrality import degree, pagerank
from asmgraph.analysis.measures.cohesion import communities, core_periphery, modularity
from asmgraph.analysis.measures.cuts import minimum_cut, minimum_vertex_cut
from asmgraph.analysis.measures.distances import count_by_distance
from asmgraph.analysis.measures.efficiency import global_efficiency, sampled_efficiency
from asmgraph.analysis.measures.fragmentation import (
    articulation_points,
    fragmentation,
    fragmentation_by_node,
    key_players,
    loss_of_reach,
)
from asmgraph.analysis.measures.mixing import assortativity, external_internal, mixing_matrix
from asmgraph.analysis.measures.network import Network
from asmgraph.analysis.measures.reach import NEVER, reach_within, shortest_path, steps_from
from tests.analysis.measures.drawn import graphs

ORDER_DOES_NOT_MATTER = sorted(MEASURES.keys() - {"component", "community"})


def grouped(network: Network) -> list[str]:
    return ["abc"[int(str(name)[1:]) % 3] for name in network.names]


@pytest.mark.parametrize("name", ORDER_DOES_NOT_MATTER)
@given(graph=graphs(), data=st.data())
def test_the_order_of_ties_and_nodes_does_not_matter(name: str, graph: Any, data: st.DataObject) -> None:
    measure: Callable[[Network], Any] = MEASURES[name].compute
    ties = list(graph.edges(data=True))
    other = type(graph)()
    other.add_nodes_from(data.draw(st.permutations(list(graph))))
    other.add_edges_from(data.draw(st.permutations(ties)))
    one, two = from_graph(graph), from_graph(other)
    first = dict(zip(one.names, np.asarray(measure(one), dtype=float).tolist(), strict=True))
    second = dict(zip(two.names, np.asarray(measure(two), dtype=float).tolist(), strict=True))
    if name == "harmonic_closeness":  # of two components as large, the first is the largest
        sizes = sorted(map(len, nx.weakly_connected_components(nx.DiGraph(graph))))
        if sizes[-2:-1] == sizes[-1:]:
            return
    assert second == pytest.approx(first, nan_ok=True, abs=1e-9)


@given(graphs(directed=False))
def test_a_tie_said_twice_adds_weight_and_no_tie(graph: Any) -> None:
    rows = [{"Source": a, "Target": b, "Weight": data["weight"]} for a, b, data in graph.edges(data=True)]
    turned = [{"Source": row["Target"], "Target": row["Source"], "Weight": row["Weight"]} for row in rows]
    schema = {"Source": pl.String, "Target": pl.String, "Weight": pl.Float64}
    once, twice = (from_table(pl.DataFrame(table, schema=schema)) for table in (rows, rows + turned))
    assert (degree(once) == degree(twice)).all()
    assert abs(2 * once.adjacency - twice.adjacency).sum() == pytest.approx(0)


@given(graphs())
def test_distances_are_those_of_networkx(graph: Any) -> None:
    network = from_graph(graph)
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    for outward in (True, False):
        counted = count_by_distance(network, outward=outward)
        expected = np.zeros_like(counted)
        for one, of_one in lengths.items():
            for other, steps in of_one.items():
                expected[network.position[one if outward else other], steps] += 1
        assert (counted == expected).all()
        assert counted[:, -1].any() or not len(network)


def test_distances_on_long_thin_networks() -> None:
    """Long paths, cut into more than one word of bits, in an order that is not theirs."""
    order = np.random.default_rng(1).permutation(200)
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_nodes_from(range(200))
    nx.add_path(graph, order[:150].tolist())
    counted = count_by_distance(from_graph(graph))
    assert counted.shape == (200, 150)
    assert counted[order[0]].tolist() == [1] * 150
    assert counted[order[150], 1:].sum() == 0


@pytest.mark.parametrize("directed", [False, True])
def test_betweenness_on_long_paths(directed: bool) -> None:
    """Beyond 40 steps another engine takes over, here after the first nodes, which lie in a star, were done."""
    graph: nx.Graph[Any] = nx.star_graph(19)
    nx.add_path(graph, range(100, 200))
    network = from_graph(nx.DiGraph(graph) if directed else graph)
    way = np.arange(100)
    for normalised, scale in ((False, 2 if directed else 1), (True, 2 / (119 * 118))):
        found = betweenness(network, normalised=normalised)
        assert found[20:] == pytest.approx(way * (99 - way) * scale)
        assert found[0] == pytest.approx(19 * 18 / 2 * scale)


@given(graphs(least=1))
def test_a_sample_of_all_is_exact(graph: Any) -> None:
    network = from_graph(graph)
    sampled = sampled_betweenness(network, sources=len(network))
    assert sampled.values == pytest.approx(betweenness(network), abs=1e-9)
    assert not sampled.standard_errors.any()
    efficiency = sampled_efficiency(network, sources=len(network))
    assert efficiency.value == pytest.approx(global_efficiency(network) if len(network) > 1 else 0)


def test_the_error_of_a_sample_is_as_large_as_stated() -> None:
    """Over 200 samples the exact value lies within two standard errors nearly always, as it should 95 times in 100."""
    network = from_graph(nx.barabasi_albert_graph(120, 3, seed=1))
    exact = betweenness(network)
    hub = int(exact.argmax())
    samples = [sampled_betweenness(network, sources=40, seed=seed) for seed in range(200)]
    within = [abs(one.values[hub] - exact[hub]) < 2 * one.standard_errors[hub] for one in samples]
    assert 0.88 < np.mean(within) <= 1
    assert np.mean([one.values[hub] for one in samples]) == pytest.approx(exact[hub], rel=0.03)
    near = [sampled_efficiency(network, sources=40, seed=seed) for seed in range(200)]
    assert (
        np.mean([abs(one.value - global_efficiency(network)) < 2 * one.standard_error for one in near]) > 0.85
    )


@given(graphs())
def test_shares_of_a_walk_add_up(graph: Any) -> None:
    found = pagerank(from_graph(graph))
    assert found.sum() == pytest.approx(1 if len(graph) else 0)


@given(graphs())
def test_fragmentation_node_by_node_is_that_of_each_leaving(graph: Any) -> None:
    network = from_graph(graph)
    each = [fragmentation(network, [name]) for name in network.names]
    assert fragmentation_by_node(network).tolist() == pytest.approx(each)


@given(graphs())
def test_reach_is_lost_at_cut_points_alone(graph: Any) -> None:
    network = from_graph(graph)
    assert ((loss_of_reach(network) > 0) == articulation_points(network)).all()
    undirected: nx.Graph[Any] = nx.Graph(graph.to_undirected())
    assert set(np.array(network.names, dtype=object)[articulation_points(network)]) == set(
        nx.articulation_points(undirected)
    )


def test_key_players_of_many_nodes_are_found_step_by_step() -> None:
    """300 nodes have 4 million sets of three: the three hubs of three stars in a row."""
    graph: nx.Graph[Any] = nx.disjoint_union_all([nx.star_graph(99)] * 3)
    graph.add_edges_from([(0, 100), (100, 200)])
    found, score = key_players(from_graph(graph), 3)
    assert found == (0, 100, 200)
    assert score == 1


@given(graphs())
def test_brokers_are_those_counted_one_by_one(graph: Any) -> None:
    network = from_graph(graph)
    groups = dict(zip(network.names, grouped(network), strict=True))
    expected = {role: dict.fromkeys(network.names, 0) for role in ROLES}
    for sender, broker, receiver in itertools.permutations(graph, 3):
        between = graph.has_edge(sender, broker) and graph.has_edge(broker, receiver)
        if between and not graph.has_edge(sender, receiver):
            expected[role_of(groups[sender], groups[broker], groups[receiver])][broker] += 1
    found = brokerage(network, grouped(network))
    for role in ROLES:
        assert dict(zip(network.names, getattr(found, role).tolist(), strict=True)) == expected[role], role


def role_of(sender: str, broker: str, receiver: str) -> str:
    if sender == broker == receiver:
        return "coordinator"
    if sender == receiver:
        return "itinerant"
    if broker == receiver:
        return "gatekeeper"
    return "representative" if sender == broker else "liaison"


@given(graphs(loops=False))
def test_mixing_is_that_of_networkx(graph: Any) -> None:
    network = from_graph(graph)
    groups = grouped(network)
    nx.set_node_attributes(graph, dict(zip(network.names, groups, strict=True)), "group")
    assert mixing_matrix(network, groups).counts.sum() == pytest.approx(
        graph.number_of_edges() + unlike(graph, groups, network)
    )
    ours = assortativity(network, groups)
    if graph.number_of_edges() and not np.isnan(ours):
        assert ours == pytest.approx(nx.attribute_assortativity_coefficient(graph, "group"))
    if graph.number_of_edges():
        leaving = sum(graph.nodes[a]["group"] != graph.nodes[b]["group"] for a, b in graph.edges)
        assert external_internal(network, groups) == pytest.approx(2 * leaving / graph.number_of_edges() - 1)


def unlike(graph: Any, groups: list[str], network: Network) -> int:
    """Return how often a tie between two groups stands a second time in a symmetric matrix."""
    if graph.is_directed():
        return 0
    return sum(groups[network.position[a]] != groups[network.position[b]] for a, b in graph.edges)


@given(graphs())
def test_modularity_is_that_of_networkx(graph: Any) -> None:
    network = from_graph(graph)
    groups = grouped(network)
    if not graph.number_of_edges():
        assert np.isnan(modularity(network, groups))
        return
    parts = [
        {name for name, group in zip(network.names, groups, strict=True) if group == one} for one in "abc"
    ]
    assert modularity(network, groups) == pytest.approx(
        nx.community.modularity(graph, [part for part in parts if part])
    )


@given(graphs())
def test_communities_are_a_split_no_worse_than_none(graph: Any) -> None:
    network = from_graph(graph)
    found = communities(network, runs=2).tolist()
    assert len(found) == len(network)
    assert sorted(set(found)) == list(range(len(set(found))))
    undirected: nx.Graph[Any] = nx.Graph(graph.to_undirected())
    parts = [
        [name for name, one in zip(network.names, found, strict=True) if one == part] for part in set(found)
    ]
    assert all(nx.is_connected(undirected.subgraph(part)) for part in parts)
    if graph.number_of_edges() and not graph.is_directed():
        assert modularity(network, found) >= modularity(network, [0] * len(network)) - 1e-9


@given(graphs(directed=False, loops=False, least=2))
def test_the_core_makes_the_fewest_exceptions(graph: Any) -> None:
    network = from_graph(graph)
    ties = network.simple.toarray()

    def exceptions(core: Any) -> float:
        inner, outer = ties[np.ix_(core, core)], ties[np.ix_(~core, ~core)]
        size = int(core.sum())
        return float(size * (size - 1) / 2 - inner.sum() / 2 + outer.sum() / 2)

    found = exceptions(core_periphery(network).core)
    draw = np.random.default_rng(len(graph))
    assert all(found <= exceptions(draw.random(len(graph)) < 0.5) for _ in range(50))


@given(graphs(loops=False))
def test_disparities_are_between_0_and_1_and_fewer_ties_stay_at_lower_levels(graph: Any) -> None:
    network = from_graph(graph)
    found = disparity(network).data
    assert ((found >= 0) & (found <= 1)).all()
    kept = [backbone(network, alpha=alpha).tie_count for alpha in (0.0, 0.2, 0.5, 2.0)]
    assert kept == sorted(kept)
    assert kept[-1] == network.tie_count


@given(graphs(loops=False, least=2), st.data())
def test_cuts_are_those_of_networkx_and_do_cut(graph: Any, data: st.DataObject) -> None:
    network = from_graph(graph)
    one, other = data.draw(st.permutations(sorted(graph)))[:2]
    cut = minimum_cut(network, one, other)
    assert cut.weight == pytest.approx(nx.minimum_cut_value(graph, one, other, capacity="weight"))
    assert one in cut.near
    assert other in cut.far
    nodes = minimum_vertex_cut(network, [one], [other])
    if graph.has_edge(one, other):
        assert nodes is None
        return
    assert nodes is not None
    onward = graph.copy()  # a tie back is on no path; networkx takes it for a path that cannot be cut
    onward.remove_edges_from([(other, one)])
    assert len(nodes) == (
        len(nx.minimum_node_cut(onward, one, other)) if nx.has_path(graph, one, other) else 0
    )
    left = graph.copy()
    left.remove_nodes_from(nodes)
    assert not nx.has_path(left, one, other)


@given(graphs(least=2), st.data(), st.integers(1, 4))
def test_reach_is_along_ties_and_within_steps(graph: Any, data: st.DataObject, limit: int) -> None:
    network = from_graph(graph)
    one, two, target = (data.draw(st.sampled_from(sorted(graph))) for _ in range(3))
    lengths = nx.multi_source_dijkstra_path_length(graph, {one, two}, weight=lambda *_: 1)
    steps = dict(zip(network.names, steps_from(network, [one, two], limit=limit).tolist(), strict=True))
    assert {name: step for name, step in steps.items() if step != NEVER} == {
        name: step for name, step in lengths.items() if step <= limit
    }
    path = shortest_path(network, [one, two], [target], limit=limit)
    assert len(path) - 1 == (lengths[target] if lengths.get(target, limit + 1) <= limit else -1)
    assert all(graph.has_edge(*tie) for tie in itertools.pairwise(path))
    within = dict(zip(network.names, reach_within(network, limit).tolist(), strict=True))
    assert within[one] == len(nx.single_source_shortest_path_length(graph, one, cutoff=limit)) - 1
