"""Which actors are named, and of which kinds they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from asmgraph.analysis.facts import Projection
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import Listed, Name, Sentence, Text, say
from asmgraph.records import VOCAB
from asmgraph.terms import ACTOR_TYPE, ASM

_TYPE = VOCAB + "actor-type/"
_OF_CLASS = {
    str(ASM.MinerGroup): str(ACTOR_TYPE["miners-association"]),
    str(ASM.Network): str(ACTOR_TYPE.network),
}
MINERS = frozenset(str(ACTOR_TYPE[kind]) for kind in ("cooperative", "miners-association"))
"""Kinds of miners' groups."""
POLICY = frozenset({str(ACTOR_TYPE.government)})
"""Kinds of those who make policy."""
LOCAL = MINERS | {str(ACTOR_TYPE[kind]) for kind in ("community", "traditional-authority")}
"""Kinds of local groups."""


def kinds_of(projection: Projection, actor: str) -> frozenset[str]:
    """Return the recorded types of an actor, else what its class says; empty where nothing does."""
    classes = projection.actors.get(actor, frozenset())
    types = frozenset(kind for kind in classes if kind.startswith(_TYPE))
    return types or frozenset(kind for one, kind in _OF_CLASS.items() if one in classes)


def is_local(projection: Projection, actor: str) -> bool:
    """Say whether an actor is a local group."""
    return bool(kinds_of(projection, actor) & LOCAL)


def may_be_named(scope: Scope, actor: str) -> bool:
    """Say whether a finding may name an actor: a party that is not, in public, a local group.

    What says who depends on whom names fewer: :meth:`Scope.may_name`.
    """
    projection = scope.projection
    return projection.may_be_party(actor) and not (scope.public and is_local(projection, actor))


def name_or_count(scope: Scope, actors: Iterable[str], may: Callable[[Scope, str], bool]) -> Text:
    """Return the names of the actors that ``may`` be named, and how many there are of each kind that are not."""
    known = sorted(set(actors))
    named = [actor for actor in known if may(scope, actor)]
    others = sorted(set(known) - set(named))
    return Listed(
        (Listed(tuple(map(Name, named)), "; "), *_counted(scope.projection, others)), "; ", ordered=True
    )


def _counted(projection: Projection, actors: Iterable[str]) -> Iterator[Sentence]:
    """Yield how many actors there are of each kind, the most first."""
    kinds = Counter(tuple(sorted(kinds_of(projection, actor))) for actor in actors)
    for kind, number in sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0])):
        what: Text = Listed(tuple(map(Name, kind)), "/") if kind else say("kind not recorded")
        yield say("{number} not named here ({kind})", number=number, kind=what)
