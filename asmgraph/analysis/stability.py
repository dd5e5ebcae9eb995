"""How stable a row is: the share of resamples of the record in which it stays among the first.

Each resample drops between a tenth and a fifth of the ties and of the participations, by chance, and of the other
records that a kind rests on (:meth:`Scope.thinned`); the kind is then ranked anew. Records of ASM are incomplete: a
finding that hangs on a few of them is told from one that does not. Compare Costenbader and Valente (2003),
doi:10.1016/S0378-8733(03)00012-1, who drop nodes at random and ask how far centralities stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

import numpy as np

from asmgraph.analysis.findings import Ranking
from asmgraph.analysis.kinds import Kind
from asmgraph.analysis.scope import Scope

DROPPED = (0.1, 0.2)


def shares(kind: Kind, scope: Scope, ranking: Ranking, number: int) -> list[float]:
    """Return for each of the first rows the share of resamples in which it is among as many first ones.

    Parameters
    ----------
    scope
        Its ``samples`` and ``seed`` say how often, and from where, chance begins.
    ranking
        Of the kind in the scope; where it knows a faster way that thins what it counted, that is taken.
    """
    if (known := ranking.stability(number)) is not None:
        return known
    asked = scope.parameters
    keys = [ranking.key(row) for row in range(number)]
    rng = np.random.default_rng(asked.seed)
    stays = Counter[Hashable]()
    for _ in range(asked.samples):
        thinned = kind.rank(scope.thinned(rng, rng.uniform(*DROPPED)))
        stays.update({thinned.key(row) for row in range(min(number, thinned.total))})
    return [stays[key] / asked.samples for key in keys]
