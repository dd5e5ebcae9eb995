"""Null models of two-mode networks, against published numbers and their own equations."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from asmgraph.analysis.overlaps.null_models import benjamini_hochberg, fit_bicm, hypergeometric_tail
from asmgraph.analysis.overlaps.poisson_binomial import exact_tail, refined_normal_tail
from asmgraph.errors import AnalysisError

Matrix = NDArray[np.int64]
matrices = st.tuples(st.integers(1, 8), st.integers(1, 8)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=st.integers(0, 1))
)


def probabilities(matrix: Matrix) -> NDArray[np.float64]:
    rows, columns = matrix.sum(axis=1), matrix.sum(axis=0)
    fitted = fit_bicm(rows, columns)
    return fitted.probability[
        np.ix_(np.searchsorted(fitted.row_degrees, rows), np.searchsorted(fitted.column_degrees, columns))
    ]


def davis() -> Matrix:
    """Return Davis's Southern women by events (Davis, Gardner and Gardner 1941)."""
    graph = nx.davis_southern_women_graph()
    matrix: Matrix = nx.bipartite.biadjacency_matrix(graph, graph.graph["top"]).toarray().astype(np.int64)
    return matrix


def test_probabilities_are_those_published_with_the_backbone_package() -> None:
    found = probabilities(np.array([[0, 0, 1], [0, 1, 0], [1, 0, 1]]))
    expected = [[0.216, 0.216, 0.568], [0.216, 0.216, 0.568], [0.568, 0.568, 0.863]]
    assert found.round(3).tolist() == expected


def test_stochastic_degree_sequence_model_as_published_with_the_backbone_package() -> None:
    matrix = np.array([[1, 0, 1, 1], [0, 1, 0, 0], [1, 0, 0, 1]])
    chance = probabilities(matrix)
    a, b = np.triu_indices(3)
    found = refined_normal_tail(chance[a] * chance[b], np.ones(4, dtype=np.int64), (matrix @ matrix.T)[a, b])
    assert found.round(3).tolist() == [0.432, 0.977, 0.549, 0.304, 0.972, 0.329]


def test_southern_women_are_not_surprising_once_events_count() -> None:
    matrix = davis()
    assert (matrix.shape, matrix.sum()) == ((18, 14), 89)
    a, b = np.triu_indices(18, 1)
    shared = (matrix @ matrix.T)[a, b]
    assert np.count_nonzero(shared) == 139
    chance = probabilities(matrix)
    p = exact_tail(chance[a] * chance[b], np.ones(14, dtype=np.int64), shared)
    assert round(float(p.min()), 4) == 0.0884
    degree = matrix.sum(axis=1)
    simple = hypergeometric_tail(14, degree[a], degree[b], shared)
    assert np.count_nonzero(simple < 0.05) == 17
    assert np.count_nonzero(benjamini_hochberg(simple) <= 0.05) == 0


@given(matrices)
def test_expected_degrees_are_the_observed(matrix: Matrix) -> None:
    chance = probabilities(matrix)
    assert chance.sum(axis=1) == pytest.approx(matrix.sum(axis=1), abs=1e-6)
    assert chance.sum(axis=0) == pytest.approx(matrix.sum(axis=0), abs=1e-6)
    assert ((chance >= 0) & (chance <= 1)).all()


@given(matrices, st.randoms(use_true_random=False))
def test_order_changes_nothing(matrix: Matrix, order: np.random.RandomState) -> None:
    rows, columns = list(matrix.sum(axis=1)), list(matrix.sum(axis=0))
    one = fit_bicm(np.array(rows), np.array(columns))
    order.shuffle(rows)
    order.shuffle(columns)
    assert (fit_bicm(np.array(rows), np.array(columns)).probability == one.probability).all()


def test_what_is_certain_is_so() -> None:
    # A full row, an empty one, a full column among the rest.
    found = probabilities(np.array([[1, 1, 1], [0, 0, 0], [1, 0, 0], [1, 1, 0]]))
    assert found[0].tolist() == [1.0, 1.0, 1.0]
    assert found[1].tolist() == [0.0, 0.0, 0.0]


def test_degrees_that_leave_no_choice_are_approached() -> None:
    # The two large rows and columns hold each other, the small ones do not: x has no largest value.
    found = fit_bicm(np.array([3, 3, 1, 1]), np.array([3, 3, 1, 1])).probability
    assert found == pytest.approx(np.array([[0, 0.5], [0.5, 1]]), abs=1e-6)


def test_heavy_tails_of_large_networks_are_fitted() -> None:
    draw = np.random.default_rng(3)
    rows = np.minimum(draw.zipf(1.6, 20_000), 5_000)
    columns = draw.multinomial(rows.sum(), draw.dirichlet(np.full(30_000, 0.3)))
    fitted = fit_bicm(rows, columns)
    expected = fitted.probability @ fitted.column_counts
    assert expected == pytest.approx(fitted.row_degrees, rel=1e-8)
    assert fitted.row_counts @ fitted.probability == pytest.approx(fitted.column_degrees, rel=1e-8)


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        ([1, 1], [1], "The rows have 2 entries, the columns 1."),
        ([3, 0], [2, 1], "Degree 3 of row 0 is not from 0 to 2."),
        ([-1, 3], [1, 1, 0], "Degree -1 of row 0 is not from 0 to 3."),
        ([1, 1], [2, -1, 1], "Degree -1 of column 1 is not from 0 to 2."),
        ([3, 3, 0], [2, 2, 2], None),
        ([3, 3, 0], [3, 2, 1], "No matrix of noughts and ones has these degrees."),
        ([4, 4, 1, 1, 1], [4, 4, 1, 1, 1], "No matrix of noughts and ones has these degrees."),
    ],
)
def test_impossible_degrees_are_refused(rows: list[int], columns: list[int], said: str | None) -> None:
    if said is None:
        fit_bicm(np.array(rows), np.array(columns))
        return
    with pytest.raises(AnalysisError) as raised:
        fit_bicm(np.array(rows), np.array(columns))
    assert raised.value.message == said
    assert raised.value.hint


def test_q_of_unlisted_hypotheses_counts_them() -> None:
    p = np.array([0.001, 0.2, 0.02, 0.02])
    assert benjamini_hochberg(p, 10).round(4).tolist() == [0.01, 0.5, 0.0667, 0.0667]
    with_others = benjamini_hochberg(np.concatenate((p, np.ones(6))))[:4]
    assert benjamini_hochberg(p, 10) == pytest.approx(with_others)


def test_fewer_hypotheses_than_values_are_refused() -> None:
    with pytest.raises(AnalysisError) as raised:
        benjamini_hochberg(np.array([0.1, 0.2]), 1)
    assert raised.value.message == "2 p-values, but 1 hypotheses."


def test_q_of_nothing_is_nothing() -> None:
    assert benjamini_hochberg(np.empty(0)).size == 0
