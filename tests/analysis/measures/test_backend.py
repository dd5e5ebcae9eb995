"""Through networkx the fast engines answer as networkx itself does."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.analysis.measures import backend
from asmgraph.analysis.measures.backend import Backend
from tests.analysis.measures.drawn import graphs

ROOT = Path(__file__).resolve().parents[3]
CLOSE = 1e-9


@pytest.fixture(autouse=True)
def converted_graphs_are_kept_quietly() -> Iterator[None]:
    """networkx warns when it meets a graph again; what is kept here is the graph itself, so it cannot be stale."""
    before = set(nx.config.warnings_to_ignore)
    nx.config.warnings_to_ignore = before | {"cache"}
    yield
    nx.config.warnings_to_ignore = before


def both(function: Any, graph: Any, **arguments: Any) -> tuple[Any, Any]:
    """Return what networkx and we answer: values, or the kind of error."""
    answers = []
    for name in ("networkx", "asmgraph"):
        try:
            answers.append(function(graph, backend=name, **arguments))
        except (nx.NetworkXException, ZeroDivisionError, ValueError) as error:
            answers.append(type(error))
    return answers[0], answers[1]


def assert_same(theirs: Any, ours: Any) -> None:
    if isinstance(theirs, dict):
        assert isinstance(ours, dict)
        assert ours.keys() == theirs.keys()
        for name, value in theirs.items():
            assert math.isclose(ours[name], value, rel_tol=CLOSE, abs_tol=CLOSE) or (
                math.isnan(ours[name]) and math.isnan(value)
            ), name
    elif isinstance(theirs, float | int):
        assert ours == pytest.approx(theirs, rel=CLOSE, abs=CLOSE)
    else:
        assert ours == theirs


def test_the_project_declares_the_backend() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    assert declared["networkx.backends"] == {"asmgraph": f"{backend.__name__}:{Backend.__name__}"}


def test_networkx_knows_the_backend() -> None:
    assert "asmgraph" in nx.config.backends, "install this checkout again: its entry points are older than it"


@given(graphs(), st.sampled_from([None, "weight"]), st.sampled_from([0.5, 0.85]))
def test_pagerank(graph: Any, weight: str | None, alpha: float) -> None:
    assert_same(*both(nx.pagerank, graph, alpha=alpha, weight=weight, tol=1e-12, max_iter=500))


@given(graphs(), st.sampled_from([None, "weight"]))
def test_constraint(graph: Any, weight: str | None) -> None:
    assert_same(*both(nx.constraint, graph, weight=weight))


@given(graphs(), st.sampled_from([None, "weight"]))
def test_effective_size(graph: Any, weight: str | None) -> None:
    assert_same(*both(nx.effective_size, graph, weight=weight))


@given(graphs(), st.booleans(), st.booleans(), st.sampled_from([None, "weight"]))
def test_betweenness(graph: Any, normalized: bool, endpoints: bool, weight: str | None) -> None:
    assert_same(
        *both(nx.betweenness_centrality, graph, normalized=normalized, endpoints=endpoints, weight=weight)
    )


@given(graphs(least=4), st.integers(1, 4), st.integers(0, 9))
def test_sampled_betweenness(graph: Any, k: int, seed: int) -> None:
    assert_same(*both(nx.betweenness_centrality, graph, k=k, seed=seed))


@given(graphs(), st.booleans(), st.sampled_from([None, "weight"]))
def test_closeness(graph: Any, improved: bool, distance: str | None) -> None:
    assert_same(*both(nx.closeness_centrality, graph, wf_improved=improved, distance=distance))


@given(graphs(), st.sampled_from([None, "weight"]))
def test_harmonic_centrality(graph: Any, distance: str | None) -> None:
    assert_same(*both(nx.harmonic_centrality, graph, distance=distance))


@given(graphs())
def test_global_efficiency(graph: Any) -> None:
    assert_same(*both(nx.global_efficiency, graph))


@given(graphs())
def test_core_number(graph: Any) -> None:
    assert_same(*both(nx.core_number, graph))


@given(graphs(least=2), st.data())
def test_of_one_node_or_some(graph: Any, data: st.DataObject) -> None:
    node = data.draw(st.sampled_from(sorted(graph)))
    assert_same(*both(nx.closeness_centrality, graph, u=node))
    assert_same(*both(nx.constraint, graph, nodes=[node]))
    assert_same(*both(nx.harmonic_centrality, graph, nbunch=[node], sources=sorted(graph)[:1]))
    assert_same(*both(nx.pagerank, graph, personalization={node: 1}, tol=1e-12, max_iter=500))


@pytest.mark.parametrize("value", [0, -1, float("nan"), "heavy", None])
@pytest.mark.parametrize("function", [nx.pagerank, nx.constraint, nx.closeness_centrality])
def test_weights_that_no_engine_takes_are_left_to_networkx(function: Any, value: Any) -> None:
    graph = nx.path_graph(4)
    graph.edges[0, 1]["weight"] = value
    asked: dict[str, Any] = {"distance" if function is nx.closeness_centrality else "weight": "weight"}
    answers = []
    for name in ("networkx", "asmgraph"):
        try:
            answers.append(repr(function(graph, backend=name, **asked)))
        except Exception as error:
            answers.append(repr(error))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("kind", [nx.MultiGraph, nx.MultiDiGraph])
@pytest.mark.parametrize(
    "function",
    [nx.pagerank, nx.constraint, nx.effective_size, nx.betweenness_centrality, nx.closeness_centrality],
)
def test_multigraphs_are_left_to_networkx(function: Any, kind: Any) -> None:
    assert_same(*both(function, kind([(0, 1), (0, 1), (1, 2), (2, 0), (2, 3)])))


def test_too_few_rounds_of_pagerank_are_an_error_of_networkx() -> None:
    with pytest.raises(nx.PowerIterationFailedConvergence):
        nx.pagerank(nx.path_graph(9), max_iter=1, backend="asmgraph")


def test_an_answer_follows_the_graph_as_it_changes() -> None:
    graph = nx.path_graph(3)
    first = nx.betweenness_centrality(graph, normalized=False, backend="asmgraph")
    graph.add_edge(2, 3)
    assert nx.betweenness_centrality(graph, normalized=False, backend="asmgraph") != first


def test_leiden_finds_the_communities_of_modularity() -> None:
    graph = nx.karate_club_graph()
    found = nx.community.leiden_communities(graph, weight=None, seed=3, backend="asmgraph")
    assert nx.community.is_partition(graph, found)
    assert nx.community.modularity(graph, found, weight=None) == pytest.approx(0.4198, abs=5e-5)
    again = nx.community.leiden_communities(graph, weight=None, seed=3, backend="asmgraph")
    assert found == again


def test_leiden_by_levels_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        nx.community.leiden_communities(nx.path_graph(3), max_level=1, backend="asmgraph")


def test_as_the_rule_it_answers_what_it_can_and_leaves_the_rest() -> None:
    graph = nx.karate_club_graph()
    expected = nx.betweenness_centrality(graph), nx.diameter(graph), nx.closeness_centrality(graph, u=0)
    priority: Any = nx.config.backend_priority
    before = list(priority.algos)
    priority.algos = ["asmgraph"]
    try:
        found = nx.betweenness_centrality(graph), nx.diameter(graph), nx.closeness_centrality(graph, u=0)
    finally:
        priority.algos = before
    assert_same(expected[0], found[0])
    assert expected[1:] == found[1:]
