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

from asmgraph.analysis.kinds import Kind
from asmgraph.analysis.scope import Scope

DROPPED = (0.1, 0.2)


def shares(kind: Kind, scope: Scope, keys: list[Hashable]) -> list[float]:
    """Return for each row the share of resamples in which it is among the first.

    Parameters
    ----------
    keys
        The rows, in order; among the first are as many as these.
    scope
        Its ``samples`` and ``seed`` say how often, and from where, chance begins.
    """
    asked = scope.parameters
    rng = np.random.default_rng(asked.seed)
    stays = Counter[Hashable]()
    for _ in range(asked.samples):
        ranking = kind.rank(scope.thinned(rng, rng.uniform(*DROPPED)))
        stays.update({ranking.key(number) for number in range(min(len(keys), ranking.total))})
    return [stays[key] / asked.samples for key in keys]
