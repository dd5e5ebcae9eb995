"""Tails of sums of unequal chances, against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from asmgraph.analysis.overlaps.poisson_binomial import exact_tail, refined_normal_tail

chances = st.one_of(
    st.floats(0, 1), st.sampled_from([0.0, 1.0, 0.5]), st.floats(-20, 0).map(lambda power: 10.0**power)
)
groups = st.lists(st.tuples(chances, st.integers(0, 7)), min_size=1, max_size=5)


def by_convolution(held: list[tuple[float, int]]) -> list[Fraction]:
    """Return how likely each number is, without any rounding."""
    found = [Fraction(1)]
    for chance, count in held:
        for _ in range(count):
            p = Fraction(chance)
            found = [
                old * (1 - p) + new * p
                for old, new in zip([*found, Fraction(0)], [Fraction(0), *found], strict=True)
            ]
    return found


@given(groups)
def test_tail_is_that_of_the_convolution_however_small(held: list[tuple[float, int]]) -> None:
    likely = by_convolution(held)
    at_least = np.arange(-1, len(likely) + 2)
    probability = np.tile([chance for chance, _count in held], (at_least.size, 1))
    tails = exact_tail(probability, np.array([count for _chance, count in held]), at_least)
    for n, tail in zip(at_least.tolist(), tails.tolist(), strict=True):
        expected = float(sum(likely[max(n, 0) :]))
        assert tail == pytest.approx(expected, rel=1e-9, abs=1e-250)


def test_tail_of_equal_chances_is_binomial_far_out() -> None:
    at_least = np.array([1, 5, 50, 300, 900])
    tails = exact_tail(np.full((5, 1), 0.01), np.array([1000]), at_least)
    # Beyond 10 of 1000 the binomial's own tail goes down to 1e-1600: as far as a number reaches.
    assert tails == pytest.approx(stats.binom.sf(at_least - 1, 1000, 0.01), rel=1e-8, abs=1e-280)


def test_tail_of_many_large_chances_is_binomial() -> None:
    at_least = np.array([1, 2900, 3000, 3100, 3400, 5000])
    tails = exact_tail(np.full((6, 2), 0.6), np.array([2000, 3000]), at_least)
    assert tails == pytest.approx(stats.binom.sf(at_least - 1, 5000, 0.6), rel=1e-7, abs=1e-280)


def test_rows_may_have_counts_of_their_own_and_change_nothing_in_each_other() -> None:
    draw = np.random.default_rng(1)
    probability, count = draw.random((3000, 40)) ** 4, draw.integers(0, 9, (3000, 40))
    at_least = draw.integers(0, 120, 3000)
    together = exact_tail(probability, count, at_least)
    for row in range(0, 3000, 500):
        alone = exact_tail(probability[row : row + 1], count[row], at_least[row : row + 1])
        assert together[row] == pytest.approx(alone[0], rel=1e-9)


def test_no_rows_and_no_groups() -> None:
    assert exact_tail(np.empty((0, 3)), np.ones(3, dtype=np.int64), np.empty(0, dtype=np.int64)).size == 0
    none = exact_tail(np.empty((2, 0)), np.empty(0, dtype=np.int64), np.array([0, 1]))
    assert none.tolist() == [1.0, 0.0]


def test_refined_normal_is_near_in_the_middle() -> None:
    draw = np.random.default_rng(2)
    probability, count = draw.random((50, 20)), np.full(20, 10)
    at_least = np.round((probability * count).sum(axis=1)).astype(np.int64)
    exact = exact_tail(probability, count, at_least)
    assert refined_normal_tail(probability, count, at_least) == pytest.approx(exact, abs=5e-4)


def test_refined_normal_of_what_is_certain() -> None:
    probability = np.array([[1.0, 0.0], [1.0, 0.0]])
    assert refined_normal_tail(probability, np.array([2, 5]), np.array([2, 3])).tolist() == [1.0, 0.0]
