"""The same record put otherwise: with other names, in another order, said twice, among things that do not matter."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from asmgraph.analysis.facts import Coverage, Intervention, Projection
from asmgraph.analysis.periods import Timeline
from asmgraph.records import GRAPH, ID
from asmgraph.terms import ARMED_ACTOR_TYPE, ASM

_Put = TypeVar("_Put")
OTHER = GRAPH + "another/1"


def scrambled(salt: int) -> Callable[[str], str]:
    """Return a renaming of things, not of concepts, that scrambles their order."""

    def name(text: str) -> str:
        if not text.startswith(ID):
            return text
        kind = text.removeprefix(ID).split("/")[0]
        return f"{ID}{kind}/{hashlib.sha256(f'{salt} {text}'.encode()).hexdigest()[:12]}"

    return name


def rewritten(value: _Put, name: Callable[[str], str], draw: random.Random) -> _Put:
    """Return the same with other names of things, and in another order wherever order says nothing."""
    put: _Put = _put(value, name, draw)
    return put


def _put(value: object, name: Callable[[str], str], draw: random.Random) -> Any:
    match value:
        case str():
            return name(value)
        case frozenset():
            return frozenset(_put(one, name, draw) for one in value)
        case Mapping():
            pairs = [(_put(key, name, draw), _put(one, name, draw)) for key, one in value.items()]
            return dict(draw.sample(pairs, len(pairs)))
        case tuple():
            parts = [_put(one, name, draw) for one in value]
            records = all(map(dataclasses.is_dataclass, value))
            return tuple(draw.sample(parts, len(parts)) if records else parts)
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            held = {
                one.name: _put(getattr(value, one.name), name, draw)
                for one in dataclasses.fields(value)
                if one.init
            }
            return replace(value, **held)
        case _:
            return value


def doubled(projection: Projection) -> Projection:
    """Return the same with each statement made once more, by another source or of another record of it."""
    twice = tuple(replace(entry, graph=OTHER, title="Another register") for entry in projection.coverage)
    return replace(
        projection,
        interventions={
            iri: replace(one, timelines={**one.timelines, OTHER: timeline})
            for iri, one in projection.interventions.items()
            for timeline in [next(iter(one.timelines.values()))]
        },
        participations={
            key: (*nodes, f"{nodes[0]}-again") for key, nodes in projection.participations.items()
        },
        ties={
            pair: (*found, *((f"{tie}-again", kind) for tie, kind in found))
            for pair, found in projection.ties.items()
        },
        reaches=(*projection.reaches, *(replace(one, iri=f"{one.iri}-again") for one in projection.reaches)),
        coverage=(*projection.coverage, *twice),
        knowledge=replace(
            projection.knowledge,
            flows=(
                *projection.knowledge.flows,
                *(replace(one, iri=f"{one.iri}-again") for one in projection.knowledge.flows),
            ),
            sharing=(
                *projection.knowledge.sharing,
                *(replace(one, iri=f"{one.iri}-again") for one in projection.knowledge.sharing),
            ),
        ),
    )


def among_others(projection: Projection, draw: random.Random) -> Projection:
    """Return the same among things that are no part of any gap.

    A source that searched for nothing; an armed group and a group of people, with ties to some actors; work of which
    neither place nor theme is recorded, of actors that are at work together already.
    """
    armed, people, nowhere = f"{ID}actor/armed", f"{ID}actor/people", f"{ID}intervention/nowhere"
    day = dt.date(2020, 1, 1)
    together = draw.choice(sorted(projection.participants))
    some = draw.sample(sorted(projection.actors), 5)
    return replace(
        projection,
        actors={
            armed: frozenset({str(ASM.Organisation), str(ARMED_ACTOR_TYPE["local-armed-group"])}),
            people: frozenset({str(ASM.PopulationGroup)}),
            **projection.actors,
        },
        interventions={
            nowhere: Intervention(
                nowhere, {OTHER: Timeline(None, None, None, (day,))}, frozenset(), frozenset(), ""
            ),
            **projection.interventions,
        },
        participants={**projection.participants, nowhere: projection.participants[together]},
        participations={
            **{
                (actor, nowhere): (f"{ID}participation/{actor.rsplit('/', 1)[1]}-nowhere",)
                for actor in projection.participants[together]
            },
            **projection.participations,
        },
        ties={
            **{
                frozenset((other, actor)): (
                    (f"{ID}tie/{actor.rsplit('/', 1)[1]}-{other[-5:]}", "partnership"),
                )
                for actor in some
                for other in (armed, people)
            },
            **projection.ties,
        },
        coverage=(
            Coverage(OTHER, "An idle source", day, "ties", "not-searched", None, None, None, None),
            *projection.coverage,
        ),
    )
