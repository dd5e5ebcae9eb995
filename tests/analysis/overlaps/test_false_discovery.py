"""Sectors drawn from the null model, with pairs planted in them: few are called by mistake, most planted are found."""

from __future__ import annotations

import numpy as np
import pytest

from asmgraph.analysis.overlaps.null_models import hypergeometric_tail
from asmgraph.analysis.overlaps.strangers import find_overlaps
from benchmarks.planted import judge, plant

NONE = np.empty(0, dtype=np.int64)


@pytest.mark.parametrize("timed", [False, True], ids=["no periods", "periods"])
def test_false_discoveries_are_rare_and_planted_pairs_come_first(timed: bool) -> None:
    judged = []
    for seed in range(50):
        planted = plant(seed, timed)
        found = find_overlaps(planted.presences, NONE, NONE, alpha=0.05)
        judged.append(judge(planted, found.a, found.b, found.significant))
    false, recall, called = np.mean(judged, axis=0)
    assert false <= 0.07
    assert recall >= 0.9
    assert called >= 5


def test_p_is_not_too_small_where_nothing_is_planted_and_the_simpler_model_is() -> None:
    small = simple = pairs = 0
    for seed in range(10):
        planted = plant(seed, pairs=0)
        found = find_overlaps(planted.presences, NONE, NONE, min_overlap=1)
        degree = np.bincount(planted.presences.actor, minlength=planted.presences.actors)
        cells = np.unique(planted.presences.cell).size
        p = hypergeometric_tail(cells, degree[found.a], degree[found.b], found.n)
        small += int(np.count_nonzero(found.p <= 0.001))
        simple += int(np.count_nonzero(p <= 0.001))
        pairs += found.hypotheses
    assert 0 < small <= 0.001 * pairs
    assert simple > 5 * small
