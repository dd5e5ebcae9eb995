"""New ties, groups that keep to themselves and what falls apart: against the plain way of computing each."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asmgraph.analysis.measures import introductions
from asmgraph.analysis.measures.fragmentation import articulation_points, loss_of_reach
from asmgraph.analysis.measures.homophily import permuted_homophily
from asmgraph.analysis.measures.introductions import Candidates, choose_introductions
from asmgraph.analysis.measures.network import Network, from_graph
from asmgraph.analysis.measures.separation import parts_without
from asmgraph.errors import SourceError


@st.composite
def graphs(draw: st.DrawFn, most: int = 12) -> nx.Graph[int]:
    """Draw a small network, in pieces more often than not."""
    count = draw(st.integers(2, most))
    pairs = list(itertools.combinations(range(count), 2))
    graph: nx.Graph[int] = nx.empty_graph(count)
    graph.add_edges_from(draw(st.lists(st.sampled_from(pairs), max_size=2 * count, unique=True)))
    return graph


def every_pair(network: Network) -> Candidates:
    a, b = np.triu_indices(len(network), 1)
    return Candidates(a.astype(np.int64), b.astype(np.int64), np.ones(len(a)))


def with_tie(graph: nx.Graph[int], a: int, b: int) -> nx.Graph[int]:
    made = graph.copy()
    made.add_edge(a, b)
    return made


class TestIntroductions:
    @given(graphs())
    @settings(deadline=None, max_examples=40)
    def test_each_is_the_best_by_trying_all(self, graph: nx.Graph[int]) -> None:
        network = from_graph(graph)
        for one in choose_introductions(network, [every_pair(network)], 3):
            tried = [nx.global_efficiency(with_tie(graph, *pair)) for pair in nx.non_edges(graph)]
            assert one.efficiency_before == pytest.approx(nx.global_efficiency(graph))
            graph = with_tie(graph, one.a, one.b)
            assert one.efficiency_after == pytest.approx(nx.global_efficiency(graph))
            assert one.efficiency_after == pytest.approx(max(tried), rel=1e-4)

    @given(graphs(), st.data())
    @settings(deadline=None, max_examples=40)
    def test_the_first_for_reach_is_the_best_by_trying_all(
        self, graph: nx.Graph[int], data: st.DataObject
    ) -> None:
        of = np.array(data.draw(st.lists(st.sampled_from("-st"), min_size=len(graph), max_size=len(graph))))

        def reach(made: nx.Graph[int]) -> int:
            parts = [np.array(list(part)) for part in nx.connected_components(made)]
            return sum(int((of[part] == "s").sum() * (of[part] == "t").sum()) for part in parts)

        network = from_graph(graph)
        found = choose_introductions(network, [every_pair(network)], 1, sources=of == "s", targets=of == "t")
        best = max((reach(with_tie(graph, *pair)) for pair in nx.non_edges(graph)), default=reach(graph))
        if found:
            assert (found[0].reach_before, found[0].reach_after) == (reach(graph), best)
            assert (found[0].aim == "reach") == (best > reach(graph))
        else:
            assert nx.density(graph) == 1

    def test_when_every_node_is_drawn_the_sample_is_exact(self, monkeypatch: pytest.MonkeyPatch) -> None:
        network = from_graph(nx.gnm_random_graph(30, 45, seed=1))
        exact = choose_introductions(network, [every_pair(network)], 4)
        monkeypatch.setattr(introductions, "EXACT_UP_TO", 29)
        monkeypatch.setattr(introductions, "SOURCES", 30)
        assert choose_introductions(network, [every_pair(network)], 4) == exact

    def test_a_sample_is_said_and_nearly_as_good(self, monkeypatch: pytest.MonkeyPatch) -> None:
        network = from_graph(nx.connected_watts_strogatz_graph(200, 4, 0.05, seed=1))
        exact = choose_introductions(network, [every_pair(network)], 3)
        monkeypatch.setattr(introductions, "EXACT_UP_TO", 100)
        sampled = choose_introductions(network, [every_pair(network)], 3)
        assert [one.sampled for one in sampled] == [True] * 3
        gains = [found[-1].efficiency_after - found[0].efficiency_before for found in (exact, sampled)]
        assert gains[1] > 0.9 * gains[0]

    @pytest.mark.parametrize("seed", range(3))
    def test_a_sample_puts_no_tie_before_one_that_joins_and_helps_more(self, seed: int) -> None:
        """The best of thousands of noisy gains looks better than it is: judged by it, one alone would stay alone."""
        count = 600
        graph: nx.Graph[int] = nx.random_regular_graph(4, count, seed=seed)
        graph.add_node(count)
        draw = np.random.default_rng(seed)
        one, other = np.sort(draw.integers(0, count, (2, 4_000)), axis=0)
        new = np.array([a != b and not graph.has_edge(a, b) for a, b in zip(one, other, strict=True)])
        ends = np.append(one[new], 0), np.append(other[new], count)
        every = Candidates(*ends, np.ones(len(ends[0])))
        within, joining = (
            choose_introductions(from_graph(graph), [every.kept(chosen)], 1)[0]
            for chosen in (np.arange(len(ends[0]) - 1), np.array([len(ends[0]) - 1]))
        )
        assert joining.efficiency_after > within.efficiency_after
        assert choose_introductions(from_graph(graph), [every], 1)[0] == joining

    def test_a_later_list_is_used_where_none_before_helps(self) -> None:
        network = from_graph(nx.path_graph(4))
        tied = Candidates(np.array([0]), np.array([1]), np.ones(1))
        rest = Candidates(np.array([1]), np.array([3]), np.ones(1))
        assert [(one.a, one.b) for one in choose_introductions(network, [tied, rest], 5)] == [(1, 3)]

    def test_of_equal_gains_the_larger_weight_decides(self) -> None:
        graph = nx.path_graph(3)
        graph.add_node(3)
        network = from_graph(graph)
        pairs = Candidates(np.array([0, 2]), np.array([3, 3]), np.array([1.0, 2.0]))
        assert [(one.a, one.b) for one in choose_introductions(network, [pairs], 1)] == [(2, 3)]


class TestSeparation:
    @given(graphs())
    @settings(deadline=None)
    def test_the_parts_are_those_that_remain(self, graph: nx.Graph[int]) -> None:
        found = parts_without(from_graph(graph))
        assert sorted(found) == sorted(nx.articulation_points(graph))
        for point, parts in found.items():
            rest = graph.subgraph(nx.node_connected_component(graph, point) - {point})
            assert sorted(part.tolist() for part in parts) == sorted(
                map(sorted, nx.connected_components(rest))
            )
            assert list(map(len, parts)) == sorted(map(len, parts), reverse=True)

    @given(graphs())
    @settings(deadline=None)
    def test_it_agrees_with_the_measures_that_count(self, graph: nx.Graph[int]) -> None:
        network = from_graph(graph)
        found = parts_without(network)
        assert sorted(found) == np.flatnonzero(articulation_points(network)).tolist()
        lost = {
            point: sum(map(len, parts)) ** 2 - sum(len(part) ** 2 for part in parts)
            for point, parts in found.items()
        }
        assert lost == {point: int(loss_of_reach(network)[point]) for point in found}


class TestHomophily:
    def test_each_group_is_counted_and_set_against_chance(self) -> None:
        graph = nx.Graph([("a", "b"), ("b", "c"), ("c", "a"), ("c", "x"), ("x", "y")])
        of = {name: frozenset({"ours"} if name in "abc" else {"theirs"}) for name in graph}
        found = permuted_homophily(from_graph(graph), [of[name] for name in graph])
        assert found.groups == ("ours", "theirs")
        assert found.internal.tolist() == [3, 1]
        assert found.external.tolist() == [1, 1]
        assert found.mixing.tolist() == [[3, 1], [1, 1]]
        assert found.index.tolist() == [-0.5, 0.0]

    def test_the_exact_share_of_permutations_is_met(self) -> None:
        # A tie of two of one group among four nodes, two of each: of the 6 ways to deal, 2 put one group on the tie.
        graph: nx.Graph[int] = nx.empty_graph(4)
        graph.add_edge(0, 1)
        groups = [frozenset("a"), frozenset("a"), frozenset("b"), frozenset("b")]
        found = permuted_homophily(from_graph(graph), groups, permutations=6000)
        # Of 6 ways group a is alone on the tie in 1, with b in 4; in 1 it has none, so no index: that counts as low.
        assert found.p[0] == pytest.approx(2 / 6, abs=0.02)
        assert found.expected_index[0] == pytest.approx(3 / 5, abs=0.03)
        assert found.p[1] == 1

    def test_a_node_of_two_groups_is_in_both_and_one_of_none_in_neither(self) -> None:
        graph = nx.path_graph(4)
        groups = [frozenset("a"), frozenset("ab"), frozenset("b"), frozenset[str]()]
        found = permuted_homophily(from_graph(graph), groups, permutations=10)
        assert found.sizes.tolist() == [2, 2]
        assert found.internal.tolist() == [1, 1]
        assert found.external.tolist() == [1, 1]

    def test_groups_for_other_nodes_are_refused(self) -> None:
        with pytest.raises(SourceError, match="groups for 1"):
            permuted_homophily(from_graph(nx.path_graph(2)), [frozenset("a")])
