"""Unserved need: how far a recorded need, in a place, for a challenge and of a group, is not reached.

Of a need whose size is recorded in people: need x (1 - min(1, reach / need)). Reach is the largest figure of kind
*actual*, in people, of a result of an intervention that answers the challenge there, of the same group, in the years
from the need on: the largest and never the sum, for the same people may be counted again. A figure that names no
place counts where the whole intervention lies within the place asked of; one that names no date is of the time of its
intervention. A figure still counts when the intervention has ended: that those reached need it again is not known.
Where sources put the need at different sizes, severity is given for the lowest and for the highest, and ranked by the
lower. Where an intervention is active and none has such a figure, nothing is claimed: presence, reach not recorded.

Of a need without a size in people it is binary: whether any intervention that answers the challenge is active on the
day asked, in the place or in a part of it, whomever it is for. Sizes in other units are shown and never counted with.

An activity recorded for the country alone is 'national, place unknown': it serves a need recorded for the country,
never one recorded for a district. An intervention whose state is not known is neither presence nor absence: it does
not serve the need, and it is named beside it, after the rows without. Where no source that looked at the whole place
and challenge covers the day, or did up to 18 months before it, nothing is claimed. Fewer than ten people, needing,
reached or left, are never told of.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from asmgraph.analysis import coverage
from asmgraph.analysis.answers import Answering
from asmgraph.analysis.facts import Intervention, Need
from asmgraph.analysis.findings import Fact, Finding, Ranking, Severity, Unsaid, of_people
from asmgraph.analysis.needs import may_be_told, need_fact, sizes
from asmgraph.analysis.periods import State
from asmgraph.analysis.reach import FEWEST, Reach
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import Listed, Name, Sentence, Text, count, say

KIND = "unserved-need"
_STATES = {
    "active": say("active"),
    "ended": say("ended"),
    "not started": say("not yet begun"),
    "unknown": say("state not known"),
}


@dataclass(frozen=True)
class _Unserved:
    """A place, challenge and group, the needs that stand there, what answers them, and whom that reached.

    ``group`` is empty where the needs name none. ``size`` is the lowest and the highest number of people that a
    source gives, ``None`` where none does.
    """

    place: str
    challenge: str
    group: str
    needs: list[Need]
    size: tuple[float, float] | None
    states: Mapping[str, State]
    reaches: tuple[Reach, ...]
    until: dt.date | None

    @property
    def unknown(self) -> int:
        """Return of how many interventions the state is not known."""
        return sum(state == "unknown" for state in self.states.values())

    @property
    def active(self) -> int:
        """Return how many interventions are active."""
        return sum(state == "active" for state in self.states.values())

    @property
    def unrecorded(self) -> int:
        """Return how many of the active ones have no figure of those that they reached."""
        reached = {reach.intervention for reach in self.reaches}
        return sum(state == "active" and iri not in reached for iri, state in self.states.items())

    @property
    def years(self) -> list[str]:
        """Return the years of the needs, as stated."""
        return sorted({need.year for need in self.needs if need.year})

    @property
    def reached(self) -> float:
        """Return the largest reach, 0 where it is of fewer people than are told of."""
        largest = max((reach.people for reach in self.reaches), default=0)
        return largest if largest >= FEWEST else 0

    def left(self, need: float) -> float:
        """Return need x (1 - min(1, reach / need)), 0 where it is of fewer people than are told of."""
        missing = need - self.reached
        return missing if missing >= FEWEST else 0

    @cached_property
    def severity(self) -> Severity:
        """Return how severe it is; nothing where the size is not recorded."""
        if self.size is None:
            return Severity()
        low, high = self.size
        return Severity(
            1.0,
            self.left(low) / low if low else 0.0,
            of_people(low),
            missing_high=self.left(high) / high,
            scale_high=of_people(high),
        )


def rank(scope: Scope) -> Ranking:
    """Rank needs: those of known size by severity, then those without, the most certain and most recorded first."""
    asked = _asked(scope)
    answering = Answering(scope, {(place, challenge) for place, challenge, _group in asked})
    found: list[_Unserved] = []
    silences: dict[tuple[str, str, str], Unsaid] = {}
    for (place, challenge, group), needs in asked.items():
        if challenge not in scope.projection.answerable:
            reason = say("No intervention type addresses this challenge, so none could be found.")
            silences[place, challenge, ""] = Unsaid(place, challenge, reason)
            continue
        covered = coverage.judges(scope.projection, place, challenge)
        inside = answering.inside[place, challenge]
        one = _Unserved(
            place,
            challenge,
            group,
            needs,
            sizes(needs),
            {intervention.iri: scope.states[intervention.iri] for intervention in inside},
            tuple(_comparable(scope, place, group, needs, inside)),
            coverage.latest(covered),
        )
        if one.size is None and one.active:
            continue
        if one.active and not one.reaches:
            silences[place, challenge, group] = Unsaid(place, challenge, _present(one.active), group)
        elif one.size is not None and not one.left(one.size[1]):
            continue
        elif coverage.can_be_judged(covered, scope.as_of):
            found.append(one)
        else:
            reason = _uncovered(one.until, scope.as_of)
            silences[place, challenge, ""] = Unsaid(place, challenge, reason)
    name = scope.projection.name
    found.sort(key=lambda one: (*_order(one), name(one.place), one.place, one.challenge, one.group))
    return Ranking(
        len(found),
        lambda number: (found[number].place, found[number].challenge, found[number].group),
        lambda number: _finding(scope, answering, found[number]),
        tuple(silences.values()),
        tuple(_notes(scope)),
    )


def _asked(scope: Scope) -> Mapping[tuple[str, str, str], list[Need]]:
    """Return the needs asked of by place, challenge and each group stated, or none; in order."""
    wanted = scope.projection.challenges_of(scope.theme) if scope.theme else None
    asked: dict[tuple[str, str, str], list[Need]] = defaultdict(list)
    for (place, challenge), needs in sorted(scope.standing.items()):
        if scope.projection.lies_in(place, scope.place) and (wanted is None or challenge in wanted):
            for need in filter(may_be_told, needs):
                for group in sorted(need.groups) or [""]:
                    asked[place, challenge, group].append(need)
    return asked


def _comparable(
    scope: Scope, place: str, group: str, needs: list[Need], answering: Iterable[Intervention]
) -> Iterator[Reach]:
    """Yield the reaches in a place, of the same group, in years in which the needs stand."""
    since = min(
        (need.date.first if need.date else dt.date.min for need in needs if need.people), default=None
    )
    if since is None:
        return
    inside, groups = scope.projection.lies_in, {group} - {""}
    for one in answering:
        for reach in scope.projection.reaches_of.get(one.iri, ()):
            periods = [reach.period] if reach.period else one.periods
            if (
                reach.groups == groups
                and all(inside(spot, place) for spot in reach.places or one.places)
                and any(period.last >= since and period.first <= scope.as_of for period in periods)
            ):
                yield reach


def _order(one: _Unserved) -> tuple[float, ...]:
    severity = one.severity.value
    newest = -float(one.years[-1][:4]) if one.years else 0.0
    if severity is not None:
        return 0.0, -severity, -(one.severity.high or 0.0), newest
    return 1.0, float(bool(one.unknown)), -float(len(one.needs)), newest


def _finding(scope: Scope, answering: Answering, one: _Unserved) -> Finding:
    elsewhere = answering.around(one.place, one.challenge)
    found = coverage.found(
        scope.projection, "participations", one.place, one.challenge, scope.as_of, scope.as_of
    )
    interventions = scope.projection.interventions
    ordered = sorted(one.states, key=lambda iri: (interventions[iri].dates, iri))
    low = one.size[0] if one.size else None
    return Finding(
        KIND,
        tuple(_explanation(scope, one, len(elsewhere))),
        say("Check the record with people there; if the need stands, consider support."),
        "medium" if found == "all" and not one.unknown and not one.unrecorded else "low",
        say("participations recorded up to {date}", date=one.until or "?"),
        (
            *(need_fact(need) for need in one.needs),
            *map(_reach_fact, sorted(one.reaches, key=lambda reach: (-reach.people, reach.iri))),
            *(_intervention_fact(interventions[iri], _STATES[one.states[iri]]) for iri in ordered),
            *(_intervention_fact(other, say("active, for a larger area")) for other in elsewhere),
        ),
        places=(one.place,),
        themes=(one.challenge,),
        group=one.group,
        period=say("since {year}", year=one.years[0]) if one.years else say("year not stated"),
        scope=tuple(filter(None, (one.place, one.challenge, one.group))),
        observed=one.reached if one.size else None,
        expected=low,
        effect=None if low is None else one.left(low),
        severity=one.severity,
        newest_evidence=max(
            (
                *(need.date.last for need in one.needs if need.date),
                *(reach.period.last for reach in one.reaches if reach.period),
            ),
            default=None,
        ),
    )


def _explanation(scope: Scope, one: _Unserved, elsewhere: int) -> Iterator[Sentence]:
    if one.active:
        yield count(
            "{number} source records a need in {place} for '{challenge}', and what is recorded there up to {date} "
            "does not reach all of it.",
            "{number} sources record needs in {place} for '{challenge}', and what is recorded there up to {date} "
            "does not reach all of it.",
            len(one.needs),
            place=Name(one.place),
            challenge=Name(one.challenge),
            date=scope.as_of,
        )
    else:
        yield count(
            "{number} source records a need in {place} for '{challenge}', and no intervention there for it is known "
            "to be active on {date}.",
            "{number} sources record needs in {place} for '{challenge}', and no intervention there for them is known "
            "to be active on {date}.",
            len(one.needs),
            place=Name(one.place),
            challenge=Name(one.challenge),
            date=scope.as_of,
        )
    if one.group:
        yield say("The need is of this group: {group}.", group=Name(one.group))
    yield from _numbers(one)
    if any(need.date is None for need in one.needs):
        yield say("Year of the need: not stated in at least one source.")
    if one.unknown:
        yield count(
            "{number} intervention is recorded there whose state on that day is not known.",
            "{number} interventions are recorded there whose state on that day is not known.",
            one.unknown,
        )
    if elsewhere:
        yield count(
            "{number} active intervention is recorded for a larger area only; its place within it is unknown.",
            "{number} active interventions are recorded for a larger area only; their place within it is unknown.",
            elsewhere,
        )


def _numbers(one: _Unserved) -> Iterator[Sentence]:
    """Say how many need it, how many were reached, and how many are left."""
    if one.size is None:
        yield say("Need recorded, size not recorded in people.")
        return
    low, high = (_whole(size) for size in one.size)
    if low == high:
        yield say("The need is put at {number} people.", number=low)
    else:
        yield say("Sources put the need at {low} to {high} people.", low=low, high=high)
    if not one.reaches:
        yield say("No figure says how many people were reached.")
        return
    if one.reached:
        yield say(
            "The largest reach recorded is {number} people; figures are not added up, for they may count the same "
            "people.",
            number=_whole(one.reached),
        )
    else:
        yield say("Fewer than {number} people are recorded as reached.", number=FEWEST)
    least, most = (_whole(one.left(size)) for size in one.size)
    if least == most:
        yield say("{number} people are not recorded as reached.", number=most)
    else:
        yield say("{low} to {high} people are not recorded as reached.", low=least, high=most)
    if one.unrecorded:
        yield count(
            "{number} active intervention there records no such figure, so more may be reached.",
            "{number} active interventions there record no such figure, so more may be reached.",
            one.unrecorded,
        )


def _whole(number: float) -> float:
    """Return the number, as an integer where it is whole: so it is written without digits after it."""
    return int(number) if number == int(number) else number


def _reach_fact(reach: Reach) -> Fact:
    told: Text = count("{number} person", "{number} people", int(reach.people))
    if reach.people < FEWEST:
        told = say("fewer than {number} people", number=FEWEST)
    return Fact(
        reach.iri, say("reached"), Name(reach.intervention), told, str(reach.period) if reach.period else ""
    )


def _intervention_fact(one: Intervention, role: Sentence) -> Fact:
    return Fact(one.iri, role, Name(one.iri), Listed(tuple(map(Name, one.themes))), one.dates)


def _present(active: int) -> Sentence:
    return count(
        "{number} intervention is active here, and how many people it reaches is not recorded.",
        "{number} interventions are active here, and how many people they reach is not recorded.",
        active,
    )


def _uncovered(until: dt.date | None, as_of: dt.date) -> Sentence:
    if until is None:
        return say("No dated presence is recorded in this country.")
    if as_of < until:
        return say("No source covers {date} here.", date=as_of)
    return say("No presence data after {date}.", date=until)


def _notes(scope: Scope) -> Iterator[Sentence]:
    """Say which needs are not shown, and why needs cannot be judged on the day."""
    few = sum(not may_be_told(need) for needs in scope.standing.values() for need in needs)
    if few:
        yield count(
            "{number} need of fewer than {fewest} people is not shown.",
            "{number} needs of fewer than {fewest} people are not shown.",
            few,
            fewest=FEWEST,
        )
    yield from _unjudged(scope)


def _unjudged(scope: Scope) -> Iterator[Sentence]:
    """Say why needs cannot be judged on the day, where they cannot."""
    covered = coverage.sources(scope.projection, scope.place)
    latest = coverage.latest(covered)
    if coverage.can_be_judged(covered, scope.as_of):
        return
    if latest is None:
        yield say("No dated presence is recorded there: unserved needs cannot be judged.")
    elif scope.as_of > latest:
        yield say(
            "No presence data after {date}: unserved needs cannot be judged on {day}.",
            date=latest,
            day=scope.as_of,
        )
    else:
        yield say(
            "No source covers {day}: unserved needs cannot be judged on it. The newest is {date}.",
            date=latest,
            day=scope.as_of,
        )
