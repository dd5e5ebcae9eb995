"""Voice: miners' groups and communities from which no short recorded path of knowledge leads to an actor of policy.

Counted are communities, and miners' groups of which every source that says so says that their members decide in them:
who controls a group is often not recorded, and such a group is not counted, which is said. Each stands where it is
based. Actors of policy are public bodies and whoever issued a policy; a policy that says nothing of its issuer is an
end of a path too. A step is a flow of knowledge, a tie of sharing data that has a direction, or a policy that cites
what somebody holds or gave on; a flow with intermediaries passes through one of them. A meeting, a network or a tie
without a direction is no path. Which public body a path leads to, and whether anybody listened, is not asked.

A row is a place with at least one of them without a path. Local groups are counted there and never named in public.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np
import polars as pl

from asmgraph.analysis import coverage, needs
from asmgraph.analysis.facts import Coverage, Projection
from asmgraph.analysis.findings import CONFIDENCE, Fact, Finding, Ranking, Severity, Unsaid, of_actors
from asmgraph.analysis.networks.paths import Numbers, Steps, gatekeepers, steps_to
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import Listed, Name, Sentence, Text, count, say
from asmgraph.analysis.tables import day
from asmgraph.terms import ACTOR_TYPE, ASM, CHALLENGE, CONTROLLED_BY

KIND = "voice"
_MEMBERS, _UNKNOWN = str(CONTROLLED_BY["members"]), str(CONTROLLED_BY["unknown"])
_GROUP, _COMMUNITY = str(ASM.MinerGroup), str(ASM.Community)
_COMMUNITIES = frozenset({_COMMUNITY, str(ACTOR_TYPE["community"])})
_GOVERNMENT = str(ACTOR_TYPE["government"])
_NO_PART = str(CHALLENGE["C7"])
"""That miners have no part in decisions: the need that stands behind a gap of voice."""
_SHARING = "data-sharing"


@dataclass(frozen=True)
class _Network:
    """Who passes knowledge to whom, and how far each is from an actor of policy."""

    tails: Numbers
    heads: Numbers
    targets: Numbers
    steps: Steps


@dataclass(frozen=True)
class _Place:
    """A place, who has a voice there, and who of them has no path; by number, in order."""

    place: str
    voices: tuple[int, ...]
    without: tuple[int, ...]
    searches: tuple[Coverage, ...]


def rank(scope: Scope) -> Ranking:
    """Rank places: the most severe first, those without a recorded need after them; then the most without a path."""
    network = _network(scope)
    found: list[tuple[_Place, Severity]] = []
    counted = _voices(scope.projection)
    silences = [*_unknown_control(scope), *_unplaced(scope, counted)]
    for place, voices in sorted(_by_place(scope, counted).items()):
        searches = tuple(
            entry
            for subject in ("ties", "policy-citations")
            for entry in coverage.searches_at(scope.projection, subject, place, scope.theme, scope.as_of)
        )
        without = tuple(one for one in voices if not np.isfinite(network.steps.number[one]))
        if not searches:
            reason = say("No search for ties or for what policies cite is documented.")
            silences.append(Unsaid(place, scope.theme or "", reason))
        elif without:
            one = _Place(place, voices, without, searches)
            found.append((one, _severity(scope, one)))
    found.sort(key=lambda pair: _order(*pair))
    return Ranking(
        len(found),
        lambda number: found[number][0].place,
        lambda number: _finding(scope, network, *found[number]),
        tuple(silences),
    )


def _order(one: _Place, severity: Severity) -> tuple[object, ...]:
    known = severity.value
    return known is None, -(known or 0), -len(one.without), -len(one.without) / len(one.voices), one.place


def _severity(scope: Scope, one: _Place) -> Severity:
    return Severity(
        needs.share_with_need(scope, {(one.place, _NO_PART)}),
        len(one.without) / len(one.voices),
        of_actors(len(one.without)),
    )


def _voices(projection: Projection) -> list[str]:
    """Return the communities, and the miners' groups that nobody but their members is said to control."""
    control = projection.knowledge.control
    return [
        actor
        for actor, kinds in projection.actors.items()
        if kinds & _COMMUNITIES
        or (_GROUP in kinds and control.get(actor, frozenset()) - {_UNKNOWN} == {_MEMBERS})
    ]


def _by_place(scope: Scope, actors: list[str]) -> dict[str, tuple[int, ...]]:
    """Return the actors by the area of the level asked in which they are based, within the place and theme asked."""
    projection = scope.projection
    active = None if scope.theme is None else set(scope.presence["actor"].to_list())
    found: dict[str, set[int]] = defaultdict(set)
    for actor in actors:
        number = scope.number(actor)
        for seat in projection.seats.get(actor, frozenset()):
            if projection.lies_in(seat, scope.place) and (active is None or number in active):
                for area in projection.at_level(seat, scope.level):
                    found[area].add(number)
    return {area: tuple(sorted(numbers)) for area, numbers in found.items()}


def _unknown_control(scope: Scope) -> Iterator[Unsaid]:
    """Say of how many miners' groups nobody records who decides in them: they are not counted."""
    projection = scope.projection
    groups = [
        actor
        for actor, kinds in projection.actors.items()
        if _GROUP in kinds and not projection.knowledge.control.get(actor, frozenset()) - {_UNKNOWN}
    ]
    for place, numbers in sorted(_by_place(scope, groups).items()):
        yield Unsaid(
            place,
            scope.theme or "",
            count(
                "Of {number} miners' group here it is not recorded who controls it: it is not counted as miners' "
                "voice.",
                "Of {number} miners' groups here it is not recorded who controls them: they are not counted as miners' "
                "voice.",
                len(numbers),
            ),
        )


def _unplaced(scope: Scope, actors: list[str]) -> Iterator[Unsaid]:
    """Say how many are recorded nowhere, or in no place of the level asked."""
    projection = scope.projection
    number = sum(
        not any(projection.at_level(seat, scope.level) for seat in projection.seats.get(actor, ()))
        for actor in actors
    )
    if number and scope.place is None:
        reason = count(
            "Of {number} group or community it is not recorded where it is based.",
            "Of {number} groups and communities it is not recorded where they are based.",
            number,
        )
        yield Unsaid("", scope.theme or "", reason)


def _network(scope: Scope) -> _Network:
    channels = scope.tables.channels.filter(pl.col("since") <= day(scope.as_of))
    kinds = scope.parameters.tie_kinds
    if kinds and _SHARING not in kinds:
        channels = channels.filter(pl.col("tie") == 0)
    arcs = channels.select("giver", "receiver").unique().sort("giver", "receiver").cast(pl.Int64)
    tails, heads = arcs["giver"].to_numpy(), arcs["receiver"].to_numpy()
    targets = np.array(sorted(_targets(scope)), dtype=np.int64)
    size = len(scope.tables.iris)
    return _Network(tails, heads, targets, steps_to(size, tails, heads, targets, scope.parameters.max_path))


def _targets(scope: Scope) -> set[int]:
    """Return public bodies, policies and who issued these."""
    projection = scope.projection
    issued = [
        policy
        for policy in projection.knowledge.policies.values()
        if policy.date is None or policy.date.first <= scope.as_of
    ]
    bodies = {
        actor
        for actor, kinds in projection.actors.items()
        if _GOVERNMENT in kinds and not projection.is_armed(actor)
    }
    ends = bodies.union((policy.iri for policy in issued), *(policy.issuers for policy in issued))
    return {number for end in ends if (number := scope.number(end)) >= 0}


def _finding(scope: Scope, network: _Network, one: _Place, severity: Severity) -> Finding:
    reached = [voice for voice in one.voices if voice not in one.without]
    between = _between(scope, network, reached)
    named = [scope.iri(number) for number in (*one.without, *between)]
    return Finding(
        KIND,
        tuple(_explanation(scope, network, one, reached, between)),
        say("Check the record with the groups there; where the gap stands, open a second channel to policy."),
        CONFIDENCE[coverage.best(one.searches)],
        say("paths searched: {found}", found=say(coverage.best(one.searches))),
        tuple(_evidence(scope, network, one, reached)),
        actors=tuple(sorted(filter(scope.may_name, named))),
        places=(one.place,),
        themes=(scope.theme,) if scope.theme else (),
        scope=(one.place, scope.theme or ""),
        observed=float(len(one.without)),
        effect=len(one.without) / len(one.voices),
        severity=severity,
    )


def _between(scope: Scope, network: _Network, reached: list[int]) -> tuple[int, ...]:
    """Return the fewest through whom those have a path that have none straight to policy."""
    further = np.array([one for one in reached if network.steps.number[one] > 1], dtype=np.int64)
    found = gatekeepers(
        len(scope.tables.iris),
        network.tails,
        network.heads,
        further,
        network.targets,
        scope.parameters.max_path,
    )
    return found or ()


def _explanation(
    scope: Scope, network: _Network, one: _Place, reached: list[int], between: tuple[int, ...]
) -> Iterator[Sentence]:
    yield count(
        "{number} group or community in {place}, of {all} counted, has no recorded path of knowledge of at most "
        "{steps} steps to a public body or an issuer of a policy.",
        "{number} groups and communities in {place}, of {all} counted, have no recorded path of knowledge of at most "
        "{steps} steps to a public body or an issuer of a policy.",
        len(one.without),
        place=Name(one.place),
        all=len(one.voices),
        steps=scope.parameters.max_path,
    )
    voices = [scope.iri(number) for number in one.voices]
    kinds = scope.projection.actors
    number = sum(bool(kinds[iri] & _COMMUNITIES) for iri in voices)
    yield say(
        "Counted: miners' groups that their members control: {groups}; communities: {communities}.",
        groups=len(one.voices) - number,
        communities=number,
    )
    if not reached:
        return
    shortest = min(reached, key=lambda voice: (network.steps.number[voice], voice))
    yield say("Shortest path of another: {path}.", path=_path(scope, network, shortest))
    if between:
        yield count(
            "All who reach policy through others do so through {number} of them: {names}.",
            "All who reach policy through others do so through {number} of them: {names}.",
            len(between),
            names=Listed(tuple(_name(scope, node) for node in between)),
        )


def _path(scope: Scope, network: _Network, voice: int) -> Text:
    return Listed(tuple(_name(scope, node) for node in network.steps.path(voice)), " → ", ordered=True)


def _name(scope: Scope, node: int) -> Text:
    """Return the name of what is on a path, or what kind of thing it is where it may not be named."""
    iri = scope.iri(node)
    kinds = scope.projection.actors.get(iri, frozenset())
    if iri in scope.projection.knowledge.policies or scope.may_name(iri):
        return Name(iri)
    if _GROUP in kinds:
        return say("a miners' group")
    return say("a community") if kinds & _COMMUNITIES else say("an actor not named here")


def _evidence(scope: Scope, network: _Network, one: _Place, reached: list[int]) -> Iterator[Fact]:
    for graph, title in dict.fromkeys((entry.graph, entry.title) for entry in one.searches):
        yield Fact(graph, say("source that searched"), title)
    for number in one.without:
        if scope.may_name(scope.iri(number)):
            yield Fact(scope.iri(number), say("no recorded path"), Name(scope.iri(number)))
    passed = {node for voice in reached for node in network.steps.path(voice)}
    for node in sorted(passed):
        iri = scope.iri(node)
        if iri in scope.projection.knowledge.policies or scope.may_name(iri):
            yield Fact(iri, say("on a recorded path"), Name(iri))
    yield from _statements(scope, network, reached)
    for body in sorted(_public_bodies(scope, one.place)):
        yield Fact(body, say("public body there"), Name(body))


def _statements(scope: Scope, network: _Network, reached: list[int]) -> Iterator[Fact]:
    """Yield what the steps of the shortest paths rest on, where all whom it names may be named."""
    steps = {pair for voice in reached for path in [network.steps.path(voice)] for pair in pairwise(path)}
    named = scope.projection.knowledge.policies.keys()
    for channel in scope.projection.knowledge.channels:
        ends = (channel.giver, channel.receiver)
        pair = cast(tuple[int, int], tuple(map(scope.number, ends)))
        if pair in steps and all(end in named or scope.may_name(end) for end in ends):
            label = Listed((Name(channel.giver), Name(channel.receiver)), " → ", ordered=True)
            yield Fact(channel.statement, say("step"), label, "", channel.since or "")


def _public_bodies(scope: Scope, place: str) -> Iterator[str]:
    projection = scope.projection
    for actor, kinds in projection.actors.items():
        here = any(projection.lies_in(seat, place) for seat in projection.seats.get(actor, ()))
        if here and _GOVERNMENT in kinds and scope.may_name(actor):
            yield actor
