"""Stability: the share of resamples in which a row stays, by thinning the record or what was counted of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asmgraph.analysis import stability
from asmgraph.analysis.kinds import KINDS
from benchmarks.sector import generate


def test_counts_thinned_and_the_record_thinned_say_about_the_same() -> None:
    made = generate(600, 200, seed=3, planted=5)
    asked = replace(made.parameters, samples=40, seed=1)
    scope = replace(made.scope(), parameters=asked)
    kind = KINDS["co-presence"]
    ranking = kind.rank(scope)
    fast = ranking.stability(3)
    assert fast is not None, "pairs that chance does not explain are thinned by their counts"
    slow = stability.shares(kind, scope, replace(ranking, stability=lambda number: None), 3)
    assert fast == pytest.approx(slow, abs=0.35)
    assert stability.shares(kind, scope, ranking, 3) == fast


def test_pairs_that_chance_may_explain_are_ranked_anew() -> None:
    made = generate(600, 200, seed=3, planted=5)
    ranking = KINDS["co-presence"].rank(made.scope())
    assert ranking.stability(ranking.total) is None
