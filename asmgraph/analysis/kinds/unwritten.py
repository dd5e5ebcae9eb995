"""Unwritten practice: a kind of intervention and an outcome with several interventions and nothing written on them.

A cell is an intervention type and an area of outcome that results or figures of the interventions state. Interventions
of which no outcome is recorded meet a challenge instead that their type is held to address: that is a judgement of the
editors on what they are for, not a record of what they did, and the row says so; challenges of a type on which the same
is written make one row. Of two cells with the same number of
interventions, one on a broader type or challenge, the narrower counts. An intervention counts whatever its state, but
not before it begins: what was learnt stays unwritten after an end.

Two kinds of gaps, those of the evidence gap maps of 3ie (Snilstveit et al. 2016, 10.1016/j.jclinepi.2016.05.015): an
absolute gap has no study, claim or document at all, or a single one on ten interventions or more; a synthesis gap has
three or more studies and no systematic review dated within five years. All evidence and impact evaluations are counted
apart. What is on the type and states no outcome may be on any, so it counts: a gap is claimed too seldom rather than
too often. What is on a broader type, or on the challenge alone, does not count, and is said.

Only interventions in places count where a source looked for studies on the type. How good a study is, is not weighed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from asmgraph.analysis import coverage, needs
from asmgraph.analysis.evidence import CHALLENGES, TYPES, Written, find_written, shelve
from asmgraph.analysis.facts import COUNTRY, Coverage
from asmgraph.analysis.findings import CONFIDENCE, Fact, Finding, Ranking, Severity, Unsaid, of_actors
from asmgraph.analysis.periods import add_months
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import N_, Listed, Name, Sentence, Text, count, say
from asmgraph.analysis.tables import day

KIND = "unwritten"
FEW, FEW_OF = 1, 10
"""So many studies or documents are few where there are so many interventions."""
MANY = 3
"""From so many studies on a review is missed."""
RECENT_MONTHS = 60


@dataclass(frozen=True)
class _Cell:
    """A type with an area of outcome, or with challenges that are alike; its interventions; what is written on it."""

    type: str
    outcomes: tuple[str, ...]
    interventions: tuple[int, ...]
    written: tuple[Written, ...]
    searches: tuple[Coverage, ...]

    @cached_property
    def studies(self) -> list[Written]:
        """Return what rests on a method."""
        return [one for one in self.written if one.research]

    @cached_property
    def reviewed(self) -> dt.date | None:
        """Return the last day that the newest systematic review may date from."""
        return max((one.date.last for one in self.written if one.review and one.date), default=None)


def rank(scope: Scope) -> Ranking:
    """Rank cells: absolute gaps first; the most severe, unknown needs last; most interventions."""
    every = find_written(scope.projection, scope.as_of)
    written = [one for one in every if _is_there(scope, one)]
    shelves = shelve(written)
    found: list[tuple[_Cell, Severity]] = []
    silences: dict[str, None] = {}
    alike: dict[tuple[str, str, tuple[int, ...], tuple[int, ...]], list[str]] = defaultdict(list)
    for (kind, outcome), interventions in _narrowest(scope, _interventions(scope)).items():
        inside = _searched(scope, interventions, _searches(scope, kind))
        if len(inside) < scope.parameters.min_interventions:
            silences[kind] = None
            continue
        on = shelves.on(kind, outcome)
        area = "" if outcome.startswith(CHALLENGES) else outcome
        alike[kind, area, inside, on].append(outcome)
    for (kind, _, inside, on), outcomes in alike.items():
        works = tuple(written[place] for place in on)
        cell = _Cell(kind, tuple(outcomes), inside, works, _searches(scope, kind))
        if _is_absolute(cell) or _is_unreviewed(scope, cell):
            found.append((cell, _severity(scope, cell)))
    found.sort(key=lambda pair: _order(*pair))
    reason = say("No search for studies is documented.")
    return Ranking(
        len(found),
        lambda number: (found[number][0].type, found[number][0].outcomes),
        lambda number: _finding(scope, every, *found[number]),
        tuple(Unsaid(scope.place or "", kind, reason) for kind in sorted(silences)),
    )


def _order(cell: _Cell, severity: Severity) -> tuple[object, ...]:
    known = severity.value
    return (
        not _is_absolute(cell),
        known is None,
        -(known or 0),
        -len(cell.interventions),
        cell.type,
        cell.outcomes,
    )


def _is_absolute(cell: _Cell) -> bool:
    few = FEW if len(cell.interventions) >= FEW_OF else 0
    return len(cell.written) <= few


def _is_unreviewed(scope: Scope, cell: _Cell) -> bool:
    """Return whether there are many studies and no recent review; one of no recorded date is not known to be recent."""
    newest = cell.reviewed
    return len(cell.studies) >= MANY and (newest is None or newest < _recent(scope))


def _recent(scope: Scope) -> dt.date:
    return add_months(scope.as_of, -RECENT_MONTHS)


def _interventions(scope: Scope) -> dict[tuple[str, str], tuple[int, ...]]:
    """Return the interventions of each type and outcome, or challenge where no outcome is recorded."""
    tables, projection = scope.tables, scope.projection
    begun = tables.periods.group_by("intervention").agg(pl.col("first").min(), pl.col("last").max())
    later = begun.filter(pl.col("first") > day(scope.as_of))
    known = tables.numbers(projection.interventions).implode()  # fewer in a resample than in the tables
    there = tables.themes.filter(pl.col("intervention").is_in(known))
    typed = there.join(later, "intervention", how="anti").join(_types(scope), "theme")
    if scope.since:
        typed = typed.join(begun.filter(pl.col("last") >= day(scope.since)), "intervention", how="semi")
    if scope.place is not None:
        inside = tables.within.filter(area=scope.number(scope.place))
        typed = typed.join(tables.places.join(inside, "place", how="semi"), "intervention", how="semi")
    meant = pl.DataFrame(
        [
            (number, scope.number(challenge))
            for number in typed["theme"].unique()
            for challenge in projection.answer_to(scope.iri(number))
            if challenge.startswith(CHALLENGES)
        ],
        schema={"theme": pl.Int32, "area": pl.Int32},
        orient="row",
    )
    unknown = typed.join(tables.outcomes, "intervention", how="anti").join(meant, "theme")
    cells = pl.concat([typed.join(tables.outcomes, "intervention"), unknown]).unique()
    crowded = cells.filter(pl.len().over("theme", "area") >= scope.parameters.min_interventions)
    return {
        (scope.iri(theme), scope.iri(area)): tuple(sorted(group))
        for theme, area, group in crowded.group_by("theme", "area")
        .agg("intervention")
        .sort("theme", "area")
        .iter_rows()
    }


def _types(scope: Scope) -> pl.DataFrame:
    projection = scope.projection
    depth = scope.parameters.theme_depth
    wanted = projection.addresses if scope.theme is None else projection.types_of(scope.theme)
    types = (
        theme
        for theme in wanted
        if theme.startswith(TYPES) and (depth is None or len(projection.broader.get(theme, ())) <= depth)
    )
    return pl.DataFrame({"theme": scope.tables.numbers(types)})


def _narrowest(
    scope: Scope, cells: dict[tuple[str, str], tuple[int, ...]]
) -> dict[tuple[str, str], tuple[int, ...]]:
    """Return the cells but those of which a narrower one has as many interventions."""
    broader = scope.projection.broader
    wider = {
        (kind, outcome)
        for (narrow, effect), group in cells.items()
        for kind in (narrow, *broader.get(narrow, ()))
        for outcome in (effect, *broader.get(effect, ()))
        if (kind, outcome) != (narrow, effect) and len(cells.get((kind, outcome), ())) == len(group)
    }
    return {cell: group for cell, group in cells.items() if cell not in wider}


def _searches(scope: Scope, kind: str) -> tuple[Coverage, ...]:
    """Return the searches for all studies on a type, everywhere or in some place."""
    places = {entry.place for entry in scope.projection.coverage if entry.covers == "studies"}
    found = {
        entry: None
        for place in sorted(places, key=str)
        for entry in coverage.searches_at(scope.projection, "studies", place, kind, scope.as_of)
    }
    return tuple(found)


def _searched(
    scope: Scope, interventions: tuple[int, ...], searches: tuple[Coverage, ...]
) -> tuple[int, ...]:
    """Return the interventions in places of which a search took in the whole."""
    areas = {entry.place for entry in searches}
    if None in areas:
        return interventions
    projection = scope.projection
    return tuple(
        number
        for number in interventions
        if any(
            projection.lies_in(place, area)
            for place in projection.interventions[scope.iri(number)].places
            for area in areas
        )
    )


def _is_there(scope: Scope, one: Written) -> bool:
    """Return whether something is written on the place asked, on a part of it, on more than it, or on none stated."""
    return scope.place is None or not one.places or any(_meet(scope, place) for place in one.places)


def _meet(scope: Scope, place: str) -> bool:
    projection = scope.projection
    return projection.lies_in(place, scope.place) or projection.lies_in(scope.place or "", place)


def _severity(scope: Scope, cell: _Cell) -> Severity:
    projection = scope.projection
    where = {
        (country, cell.type)
        for number in cell.interventions
        for place in projection.interventions[scope.iri(number)].places
        for country in projection.at_level(place, COUNTRY)
        if projection.lies_in(place, scope.place)
    }
    return Severity(
        needs.share_with_need(scope, where), _missing(cell), of_actors(len(_holders(scope, cell)))
    )


def _missing(cell: _Cell) -> float:
    """Return the share of the studies that no review can have taken in; of an absolute gap all that is missing."""
    if _is_absolute(cell):
        return 1 - len(cell.written) / len(cell.interventions)
    newest = cell.reviewed
    if newest is None:
        return 1.0
    later = sum(one.date is not None and one.date.first > newest for one in cell.studies)
    return later / len(cell.studies)


def _holders(scope: Scope, cell: _Cell) -> list[str]:
    """Return who carries out the interventions, in order: they know what nobody wrote down."""
    projection = scope.projection
    return sorted(
        {
            actor
            for number in cell.interventions
            for iri in [scope.iri(number)]
            for actor in projection.participants.get(iri, ())
            if projection.knowledge.implementing.intersection(projection.participations[actor, iri])
        }
    )


def _finding(scope: Scope, every: tuple[Written, ...], cell: _Cell, severity: Severity) -> Finding:
    holders = _holders(scope, cell)
    named = tuple(filter(scope.projection.may_be_party, holders))
    found = coverage.best(cell.searches)
    return Finding(
        KIND,
        (*_explanation(scope, cell), *_beside(scope, cell, every), *_unnamed(scope, holders)),
        say("Check the record with those who did the work; then interview them and write it up.")
        if _is_absolute(cell)
        else say("Check the record for a review that is not recorded; if there is none, review the studies."),
        CONFIDENCE[found],
        say("studies searched: {found}", found=say(found)),
        tuple(_evidence(scope, cell, named)),
        actors=named,
        places=(scope.place,) if scope.place else (),
        themes=(cell.type,),
        scope=(cell.type, *cell.outcomes, scope.place or ""),
        observed=float(len(cell.written)),
        effect=severity.missing,
        severity=severity,
    )


def _explanation(scope: Scope, cell: _Cell) -> Iterator[Text]:
    text = N_("{number} interventions on {type} have recorded outcomes in: {outcomes}.")
    if cell.outcomes[0].startswith(CHALLENGES):
        text = N_(
            "{number} interventions on {type} have no recorded outcome; the type is held to address: {outcomes}."
        )
    practice = say(text, number=len(cell.interventions), type=Name(cell.type), outcomes=_outcomes(cell))
    yield Listed((practice, _gap(scope, cell)), " ", ordered=True)
    yield say(
        "All evidence: {all}, of it stating such an outcome: {sure}. Impact evaluations: {evaluations}.",
        all=len(cell.written),
        sure=sum(any(one.states(cell.type, outcome) for outcome in cell.outcomes) for one in cell.written),
        evaluations=sum(one.compares for one in cell.written),
    )


def _outcomes(cell: _Cell) -> Text:
    return Listed(tuple(map(Name, cell.outcomes)), "; ")


def _gap(scope: Scope, cell: _Cell) -> Sentence:
    """Say which kind of gap it is."""
    if _is_absolute(cell):
        if cell.written:
            return say("Absolute gap: one study or document stands beside that many interventions.")
        return say("Absolute gap: no study, claim or document is recorded.")
    studies = len(cell.studies)
    if not any(one.review for one in cell.written):
        return say("Synthesis gap: there are {studies} studies and no systematic review.", studies=studies)
    return say(
        "Synthesis gap: there are {studies} studies and no systematic review since {day}; the newest is of {date}.",
        studies=studies,
        day=_recent(scope),
        date=cell.reviewed or say("no recorded date"),
    )


def _unnamed(scope: Scope, holders: list[str]) -> Iterator[Sentence]:
    """Say how many of those who know are not named."""
    if not holders:
        yield say("Who carried the interventions out is not recorded.")
    unnamed = len(holders) - sum(map(scope.projection.may_be_party, holders))
    if unnamed:
        yield count(
            "{number} who carried them out is not named here.",
            "{number} who carried them out are not named here.",
            unnamed,
        )


def _beside(scope: Scope, cell: _Cell, every: tuple[Written, ...]) -> Iterator[Sentence]:
    """Say how much is written near the cell, which does not count."""
    broader = scope.projection.broader.get(cell.type, frozenset())
    wide = sum(bool(one.types & broader) and cell.type not in one.types for one in every)
    if wide:
        yield count(
            "{number} more is on a broader type of intervention.",
            "{number} more are on a broader type of intervention.",
            wide,
        )
    alone = sum(not one.types and not one.outcomes.isdisjoint(cell.outcomes) for one in every)
    if alone:
        yield count(
            "{number} more is on such an outcome and names no type of intervention.",
            "{number} more are on such an outcome and name no type of intervention.",
            alone,
        )


def _evidence(scope: Scope, cell: _Cell, holders: tuple[str, ...]) -> Iterator[Fact]:
    projection = scope.projection
    for number in cell.interventions:
        one = projection.interventions[scope.iri(number)]
        known = [actor for actor in holders if actor in projection.participants.get(one.iri, ())]
        yield Fact(one.iri, say("intervention"), Name(one.iri), Listed(tuple(map(Name, known))), one.dates)
        areas = projection.knowledge.outcomes.get(one.iri, {})
        for stated in sorted(areas.get(cell.outcomes[0], ())):
            yield Fact(stated, say("recorded outcome"), Name(one.iri), _outcomes(cell))
    for work in cell.written:
        methods = Listed(tuple(map(Name, sorted(work.methods))))
        year = str(work.date.first.year) if work.date else say("year not stated")
        yield Fact(work.iri, say("written on it"), Name(work.iri), methods, year)
    for graph, title in dict.fromkeys((entry.graph, entry.title) for entry in cell.searches):
        yield Fact(graph, say("source that searched"), title)
