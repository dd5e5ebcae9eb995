"""Made-up sectors drawn from the null model itself, with pairs planted in them that meet more often than by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asmgraph.analysis.overlaps.presences import Presences, gather_presences

ACTORS, CELLS, COUNTRIES, PAIRS, MEETINGS = 300, 900, 3, 15, 14
DAYS = 3650
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Planted:
    """A sector, and the pairs planted in it: shape (pairs, 2), the smaller number first."""

    presences: Presences
    pairs: Integers


def plant(seed: int, timed: bool = False, pairs: int = PAIRS) -> Planted:
    """Draw each actor into each cell of its country by heavy-tailed fitnesses; let some pairs meet on top of it.

    ``timed`` gives presences spans, those of some actors long and of others short; planted meetings overlap.
    """
    draw = np.random.default_rng(seed)
    country = draw.integers(0, COUNTRIES, CELLS)
    home = draw.integers(0, COUNTRIES, ACTORS)
    x, y = draw.pareto(2, ACTORS) + 0.3, draw.pareto(2, CELLS) + 0.3
    odds = 0.03 * np.outer(x, y) * np.where(home[:, None] == country, 1.0, 0.02)
    actor, cell = np.nonzero(draw.random(odds.shape) < odds / (1 + odds))
    length = (draw.lognormal(0, 1, ACTORS) * DAYS / 8).astype(np.int64) if timed else np.full(ACTORS, DAYS)
    first = draw.integers(0, DAYS, actor.size) if timed else np.zeros(actor.size, dtype=np.int64)
    last = first + length[actor]
    # Both of a pair are of one country, so that it could meet there.
    order = np.lexsort((draw.random(ACTORS), home))
    couples = order[: ACTORS // 2 * 2].reshape(-1, 2)
    couples = couples[home[couples[:, 0]] == home[couples[:, 1]]]
    chosen = couples[draw.choice(couples.shape[0], pairs, replace=False)]
    meet = [draw.choice(np.flatnonzero(country == home[a]), MEETINGS, replace=False) for a, _b in chosen]
    added = np.repeat(chosen, MEETINGS, axis=0)
    where = np.concatenate([np.empty(0, dtype=np.int64), *meet])
    begins = draw.integers(0, DAYS, where.size)
    presences = gather_presences(
        np.concatenate((actor, added[:, 0], added[:, 1])),
        np.concatenate((cell, where, where)),
        np.concatenate((first, begins, begins)),
        np.concatenate((last, begins, begins)),
        country,
        ACTORS,
    )
    return Planted(presences, np.sort(chosen, axis=1))


def judge(
    planted: Planted, a: Integers, b: Integers, significant: NDArray[np.bool_]
) -> tuple[float, float, int]:
    """Return the false share of the significant, the planted share of the first so many, how many are significant."""
    true = np.isin(a * ACTORS + b, planted.pairs[:, 0] * ACTORS + planted.pairs[:, 1])
    called, false = int(significant.sum()), int((significant & ~true).sum())
    return false / max(1, called), float(true[: len(planted.pairs)].mean()), called
