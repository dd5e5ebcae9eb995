"""Silence: places, population groups and themes with no record at all, and what nobody looked for. Not a gap.

Everything here is said, not ranked: no severity, no row among the gaps. Each axis is looked at alone, so that there
are as many rows as places, groups and themes, and never as many as their products:

- places: the countries of the region asked, or the next smaller areas of a country or province asked, in which nothing
  of any kind is recorded; where a theme is asked, in which no intervention on it and no need of it is recorded;
- themes: the intervention types of which there is no intervention in the place asked, and the challenges and impacts
  of which there is no need: where no need is recorded, none can be called unserved;
- groups: the population groups of whom nothing is recorded in the place asked;
- subjects: what no source says it looked for in the place asked, or only in parts of it.

Each row says which sources looked for it at the whole of the place, and how much they say they found. What other kinds
of gaps cannot be said of is in their own silences. Of a public dataset only what is public counts as recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from asmgraph.analysis.coverage import searches
from asmgraph.analysis.facts import COUNTRY, NEEDED, Coverage
from asmgraph.analysis.findings import Ranking, Unsaid
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import Listed, Name, Sentence, Text, count, say
from asmgraph.records import VOCAB

KIND = "silence"
_TYPES = VOCAB + "intervention-type/"
_GROUPS = VOCAB + "population-group/"
_SUBJECTS = VOCAB + "coverage-subject/"
_FOUND = {"all": say("all"), "some": say("some"), "none": say("none")}


def rank(scope: Scope) -> Ranking:
    """Return what nothing is recorded of: in no order of weight, for none is known."""
    return Ranking(silences=(*_places(scope), *_themes(scope), *_groups(scope), *_subjects(scope)))


def _places(scope: Scope) -> Iterator[Unsaid]:
    projection = scope.projection
    if scope.theme is None:
        spots: Iterable[str] = projection.recorded
        reason = say("Nothing is recorded here.")
        subjects = _known_subjects(scope)
    else:
        types, challenges = projection.types_of(scope.theme), projection.challenges_of(scope.theme)
        spots = {
            *(
                place
                for one in projection.interventions.values()
                if one.themes & types
                for place in one.places
            ),
            *(need.place for need in projection.needs if need.challenge in challenges),
        }
        reason = say("No intervention on this and no need of it is recorded here.")
        subjects = ["needs", "participations"]
    recorded = {area for spot in spots for area in projection.places_above(spot)}
    level = COUNTRY if scope.place is None else projection.levels.get(scope.place, COUNTRY - 1) + 1
    for place, its_level in sorted(projection.levels.items()):
        if its_level == level and place not in recorded and projection.lies_in(place, scope.place):
            yield Unsaid(place, scope.theme or "", _with_search(scope, reason, subjects, place, scope.theme))


def _themes(scope: Scope) -> Iterator[Unsaid]:
    """Yield intervention types without an intervention, challenges and impacts without a need."""
    projection, depth = scope.projection, scope.parameters.theme_depth
    there = _within(scope)
    named: dict[str, int] = defaultdict(int)
    for one in projection.interventions.values():
        if scope.place is None or any(map(there, one.places)):
            for theme in one.themes | projection.answers(one):
                named[theme] += 1
    needed = {need.challenge for need in projection.needs if there(need.place)}
    needed |= {above for challenge in needed for above in projection.broader.get(challenge, ())}
    wanted: frozenset[str] = frozenset(projection.addresses)
    if scope.theme is not None:
        wanted = projection.types_of(scope.theme) | projection.challenges_of(scope.theme)
    for theme in sorted(wanted):
        if depth is not None and len(projection.broader.get(theme, ())) > depth:
            continue
        if theme.startswith(_TYPES) and not named[theme]:
            reason = say("No intervention on this is recorded.")
            yield _unsaid(scope, theme, _with_search(scope, reason, ["participations"], scope.place, theme))
        elif theme.startswith(NEEDED) and theme not in needed:
            subjects = ["needs"] if named[theme] else ["needs", "participations"]
            reason = _not_needed(named[theme])
            yield _unsaid(scope, theme, _with_search(scope, reason, subjects, scope.place, theme))


def _not_needed(answering: int) -> Sentence:
    if not answering:
        return say("Neither a need of this nor an intervention that answers it is recorded.")
    return count(
        "No need of this is recorded, so none can be called unserved; {number} intervention answers it.",
        "No need of this is recorded, so none can be called unserved; {number} interventions answer it.",
        answering,
    )


def _groups(scope: Scope) -> Iterator[Unsaid]:
    there = _within(scope)
    told = {group for group, place in scope.projection.grouped if scope.place is None or there(place)}
    reason = say("Nothing is recorded of this group.")
    for group in sorted(scope.projection.addresses):
        if group.startswith(_GROUPS) and group not in told:
            searched = _with_search(scope, reason, ["needs", "studies"], scope.place)
            yield Unsaid(scope.place or "", "", searched, group)


def _subjects(scope: Scope) -> Iterator[Unsaid]:
    """Yield what no source looked for at the whole of the place asked."""
    for subject in _known_subjects(scope):
        if _searching(scope, subject, scope.place):
            continue
        name = Name(_SUBJECTS + subject)
        there = _within(scope)
        parts = {
            entry.place
            for entry in searches(scope.projection, subject)
            if entry.place is not None and there(entry.place)
        }
        if parts:
            reason = say(
                "Sources looked for this in parts of the place only: {subject}: {parts}.",
                subject=name,
                parts=Listed(tuple(map(Name, sorted(parts)))),
            )
        else:
            reason = say("No source says that it looked for this: {subject}.", subject=name)
        yield Unsaid(scope.place or "", "", reason)


def _known_subjects(scope: Scope) -> list[str]:
    """Return what a source may say that it looked for."""
    return sorted(
        iri.removeprefix(_SUBJECTS) for iri in scope.projection.addresses if iri.startswith(_SUBJECTS)
    )


def _within(scope: Scope) -> Callable[[str], bool]:
    return lambda place: scope.projection.lies_in(place, scope.place)


def _unsaid(scope: Scope, theme: str, reason: Sentence) -> Unsaid:
    return Unsaid(scope.place or "", theme, reason)


def _searching(scope: Scope, subject: str, place: str | None, theme: str | None = None) -> list[Coverage]:
    """Return what the sources say that looked for a subject at the whole of a place, and of a theme."""
    projection = scope.projection
    return [
        entry
        for entry in searches(projection, subject)
        if (entry.place is None if place is None else projection.lies_in(place, entry.place))
        and (
            entry.theme is None
            or (theme is not None and projection.whole(theme) <= projection.types_of(entry.theme))
        )
    ]


def _with_search(
    scope: Scope, reason: Sentence, subjects: Iterable[str], place: str | None, theme: str | None = None
) -> Sentence:
    """Return a reason with the sources that looked there, for what, and how much of it they say they found."""
    searched: dict[tuple[str, str], list[Text]] = defaultdict(list)
    for subject in subjects:
        for entry in _searching(scope, subject, place, theme):
            searched[entry.title, entry.found].append(Name(_SUBJECTS + subject))
    if not searched:
        return say("{reason} No source says that it looked there.", reason=reason)
    sources = tuple(
        say(
            "{source} ({found}: {subjects})", source=title, found=_FOUND[found], subjects=Listed(tuple(names))
        )
        for (title, found), names in sorted(searched.items())
    )
    return say("{reason} Looked there: {sources}.", reason=reason, sources=Listed(sources, "; "))
