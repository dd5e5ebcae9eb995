"""The kinds of gaps, in the order of the vocabulary: each a module that ranks what it finds in a scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from asmgraph.analysis.findings import Ranking
from asmgraph.analysis.kinds import (
    broker,
    co_presence,
    crowded,
    dropped,
    duplication,
    introduction,
    silence,
    silo,
    stuck_knowledge,
    unserved_need,
    unwritten,
    voice,
)
from asmgraph.analysis.scope import Scope


@dataclass(frozen=True)
class Kind:
    """One kind of gap.

    Attributes
    ----------
    slug
        Its name in the ontology, in addresses and on the command line.
    rank
        Finds the gaps of a scope and puts them in order.
    needs
        What sources must have looked for, so that anything can be said: subjects of coverage statements.
    """

    slug: str
    rank: Callable[[Scope], Ranking]
    needs: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    kind.slug: kind
    for kind in (
        Kind(silence.KIND, silence.rank, ()),
        Kind(co_presence.KIND, co_presence.rank, ("ties",)),
        Kind(crowded.KIND, crowded.rank, ("ties",)),
        Kind(unserved_need.KIND, unserved_need.rank, ("needs", "participations")),
        Kind(voice.KIND, voice.rank, ()),
        Kind(unwritten.KIND, unwritten.rank, ("studies",)),
        Kind(stuck_knowledge.KIND, stuck_knowledge.rank, ("policy-citations",)),
        Kind(silo.KIND, silo.rank, ("ties",)),
        Kind(broker.KIND, broker.rank, ("ties",)),
        Kind(introduction.KIND, introduction.rank, ("ties",)),
        Kind(dropped.KIND, dropped.rank, ("needs", "participations")),
        Kind(duplication.KIND, duplication.rank, ("ties",)),
    )
}
