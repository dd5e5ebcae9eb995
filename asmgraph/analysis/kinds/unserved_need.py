"""Unserved need: a place and challenge with a recorded need and no intervention active there.

Binary: whether any intervention that addresses the challenge is active on the day asked, in the place or in
a part of it. An activity recorded for the country alone is 'national, place unknown': it serves a need
recorded for the country, never one recorded for a district. An intervention whose state is not known is
neither presence nor absence: it does not serve the need, and it is named beside it, after the rows without.
Where no source that looked at the whole place and challenge covers the day, or did up to 18 months before it,
nothing is claimed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from asmgraph.analysis import coverage
from asmgraph.analysis.facts import Intervention, Need
from asmgraph.analysis.findings import Fact, Finding, Ranking, Unsaid
from asmgraph.analysis.periods import State
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import Listed, Name, Sentence, Text, count, say

KIND = "unserved-need"
_STATES = {"ended": say("ended"), "not started": say("not yet begun"), "unknown": say("state not known")}


@dataclass(frozen=True)
class _Unserved:
    """A place and challenge, the needs that stand there, and in which state what answers them is."""

    place: str
    challenge: str
    needs: list[Need]
    states: Mapping[str, State]
    until: dt.date | None

    @property
    def unknown(self) -> int:
        """Return of how many interventions the state is not known."""
        return sum(state == "unknown" for state in self.states.values())

    @property
    def years(self) -> list[str]:
        """Return the years of the needs, as stated."""
        return sorted({need.year for need in self.needs if need.year})


def rank(scope: Scope) -> Ranking:
    """Rank places and challenges: those with no intervention of unknown state first, then the most recorded."""
    found: list[_Unserved] = []
    silences: list[Unsaid] = []
    for place, challenge, needs in _asked(scope):
        if challenge not in scope.projection.answerable:
            reason = say("No intervention type addresses this challenge, so none could be found.")
            silences.append(Unsaid(place, challenge, reason))
            continue
        states = {one.iri: one.state(scope.as_of) for one in _answering(scope, place, challenge)}
        if "active" in states.values():
            continue
        covered = coverage.judges(scope.projection, place, challenge)
        until = coverage.latest(covered)
        if coverage.can_be_judged(covered, scope.as_of):
            found.append(_Unserved(place, challenge, needs, states, until))
        else:
            silences.append(Unsaid(place, challenge, _uncovered(until, scope.as_of)))
    name = scope.projection.name
    found.sort(key=lambda one: (*_order(one), name(one.place), one.challenge))
    return Ranking(
        len(found),
        lambda number: (found[number].place, found[number].challenge),
        lambda number: _finding(scope, found[number]),
        tuple(silences),
        tuple(_unjudged(scope)),
    )


def _asked(scope: Scope) -> Iterator[tuple[str, str, list[Need]]]:
    wanted = scope.projection.challenges_of(scope.theme) if scope.theme else None
    for (place, challenge), needs in sorted(scope.standing.items()):
        if scope.projection.lies_in(place, scope.place) and (wanted is None or challenge in wanted):
            yield place, challenge, needs


def _order(one: _Unserved) -> tuple[float, ...]:
    return float(bool(one.unknown)), -float(len(one.needs)), -float(one.years[-1][:4]) if one.years else 0.0


def _answering(scope: Scope, place: str, challenge: str) -> Iterator[Intervention]:
    projection = scope.projection
    for intervention in projection.interventions.values():
        if challenge in projection.answers(intervention) and any(
            projection.lies_in(area, place) for area in intervention.places
        ):
            yield intervention


def _national(scope: Scope, place: str, challenge: str) -> list[Intervention]:
    """Return active interventions recorded for a larger area only: their place within it is not known."""
    projection = scope.projection
    above = projection.places_above(place) - {place}
    return [
        one
        for one in projection.interventions.values()
        if one.places & above
        and not any(projection.lies_in(area, place) for area in one.places)
        and challenge in projection.answers(one)
        and one.state(scope.as_of) == "active"
    ]


def _finding(scope: Scope, one: _Unserved) -> Finding:
    elsewhere = _national(scope, one.place, one.challenge)
    found = coverage.found(
        scope.projection, "participations", one.place, one.challenge, scope.as_of, scope.as_of
    )
    groups = sorted({group for need in one.needs for group in need.groups})
    interventions = scope.projection.interventions
    ordered = sorted(one.states, key=lambda iri: (interventions[iri].dates, iri))
    return Finding(
        KIND,
        tuple(_explanation(scope, one, len(elsewhere))),
        say("Check the record with people there; if the need stands, consider support."),
        "medium" if found == "all" and not one.unknown else "low",
        say("participations recorded up to {date}", date=one.until or "?"),
        (
            *(_need_fact(need) for need in one.needs),
            *(_intervention_fact(interventions[iri], _STATES[one.states[iri]]) for iri in ordered),
            *(_intervention_fact(other, say("active, for a larger area")) for other in elsewhere),
        ),
        places=(one.place,),
        themes=(one.challenge,),
        group=groups[0] if len(groups) == 1 else "",
        period=say("since {year}", year=one.years[0]) if one.years else say("year not stated"),
        scope=(one.place, one.challenge),
        newest_evidence=max((need.date.last for need in one.needs if need.date), default=None),
    )


def _explanation(scope: Scope, one: _Unserved, elsewhere: int) -> Iterator[Sentence]:
    yield count(
        "{number} source records a need in {place} for '{challenge}', and no intervention there for it is known to "
        "be active on {date}.",
        "{number} sources record needs in {place} for '{challenge}', and no intervention there for them is known "
        "to be active on {date}.",
        len(one.needs),
        place=Name(one.place),
        challenge=Name(one.challenge),
        date=scope.as_of,
    )
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
    yield say("Need recorded, size not recorded in people.")


def _need_fact(need: Need) -> Fact:
    whose: tuple[Text, ...] = (Listed(tuple(map(Name, need.groups)), "; "), need.size)
    return Fact(
        need.iri,
        say("need"),
        need.statement or Name(need.iri),
        Listed(whose, "; ", ordered=True),
        need.year or say("year not stated"),
    )


def _intervention_fact(one: Intervention, role: Sentence) -> Fact:
    return Fact(one.iri, role, Name(one.iri), Listed(tuple(map(Name, one.themes))), one.dates)


def _uncovered(until: dt.date | None, as_of: dt.date) -> Sentence:
    if until is None:
        return say("No dated presence is recorded in this country.")
    if as_of < until:
        return say("No source covers {date} here.", date=as_of)
    return say("No presence data after {date}.", date=until)


def _unjudged(scope: Scope) -> Iterator[Sentence]:
    """Say why needs cannot be judged on the day, where they cannot."""
    covered = coverage.sources(scope.projection, scope.place)
    latest = coverage.latest(covered)
    if coverage.can_be_judged(covered, scope.as_of):
        return
    if latest is None:
        yield say("No dated presence is recorded there: unserved needs cannot be judged.")
    elif scope.as_of > latest:
        text = "No presence data after {date}: unserved needs cannot be judged on {day}."
        yield say(text, date=latest, day=scope.as_of)
    else:
        text = "No source covers {day}: unserved needs cannot be judged on it. The newest is {date}."
        yield say(text, date=latest, day=scope.as_of)
