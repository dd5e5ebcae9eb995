"""Find coordination gaps in a snapshot: the one door to every kind, for Python, CLI, API and pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asmgraph.analysis import coverage, stability
from asmgraph.analysis.facts import Projection
from asmgraph.analysis.findings import Ranking, Unsaid, in_words, silence
from asmgraph.analysis.kinds import KINDS, Kind
from asmgraph.analysis.kinds import silence as silence_kind
from asmgraph.analysis.projection import project, project_tables
from asmgraph.analysis.records import Gap, GapSet, Silence
from asmgraph.analysis.scope import Parameters, Scope, ask
from asmgraph.analysis.sentences import Listed, Name, Sentence, Speaker, Text, count, say
from asmgraph.errors import NotFoundError
from asmgraph.store.snapshots import Snapshot

_ALL = Parameters()


def find_gaps(snapshot: Snapshot, parameters: Parameters = _ALL) -> GapSet:
    """Return the gaps of a snapshot, kind by kind in the order of :data:`KINDS`, the first of each first.

    Of the kind *silence* there are no gaps, but all silences: of every kind, those of which nothing can be said.

    Raises
    ------
    NotFoundError
        For a place, kind, theme, date, source or language that is not known.
    """
    scope = scope_of(snapshot, parameters)
    speaker = Speaker(scope.projection, parameters.language)
    kinds = _chosen(parameters.kind)
    ranked = parameters.kind != silence_kind.KIND
    gaps: list[Gap] = []
    unsaid: list[Unsaid] = []
    notes: list[Text] = list(_supposed(project(snapshot, parameters.without), parameters))
    totals = {}
    for kind in kinds:
        ranking = kind.rank(scope)
        if ranked and kind.slug != silence_kind.KIND:
            totals[kind.slug] = ranking.total
            gaps += _first(kind, scope, ranking, speaker)
        unsaid += ranking.silences
        notes += ranking.notes
    covered = coverage.sources(scope.projection, scope.place)
    notes += _unsearched(scope.projection, kinds)
    notes += _unread(scope.projection)
    return GapSet(
        scope.as_of,
        scope.place,
        tuple(gaps),
        _once(silence(one, speaker) for one in unsaid),
        covered,
        coverage.latest(covered),
        tuple(dict.fromkeys(map(speaker, notes))),
        totals,
    )


def scope_of(snapshot: Snapshot, parameters: Parameters) -> Scope:
    """Return the question that parameters put to a snapshot.

    Raises
    ------
    NotFoundError
        For a place, theme, date, source or language that is not known.
    """
    without = parameters.without
    return ask(
        project(snapshot, without), project_tables(snapshot, without), parameters, public=snapshot.public
    )


def _chosen(slug: str | None) -> tuple[Kind, ...]:
    """Return the kinds to rank, silence last: for it all of them, for each has its own of which nothing can be said."""
    if slug is None or slug == silence_kind.KIND:
        return tuple(sorted(KINDS.values(), key=lambda kind: kind.slug == silence_kind.KIND))
    if slug not in KINDS:
        raise NotFoundError(f"There is no kind of gap {slug!r}.", f"Kinds: {', '.join(KINDS)}.")
    return (KINDS[slug],)


def _first(kind: Kind, scope: Scope, ranking: Ranking, speaker: Speaker) -> Iterator[Gap]:
    number = ranking.total if scope.parameters.k is None else min(scope.parameters.k, ranking.total)
    stable: list[float | None] = [None] * number
    if scope.parameters.samples:
        stable[:] = stability.shares(kind, scope, ranking, number)
    return (in_words(ranking.finding(row), speaker, stable[row]) for row in range(number))


def _once(silences: Iterable[Silence]) -> tuple[Silence, ...]:
    """Return them each once, although several kinds have nothing to say for the same reason."""
    found = {(one.place, one.theme, one.group, one.reason): one for one in silences}
    return tuple(found.values())


def _supposed(projection: Projection, parameters: Parameters) -> Iterator[Sentence]:
    """Say what is supposed and not recorded."""
    if parameters.leaves:
        gone = Listed(tuple(Name(projection.find_actor(actor)) for actor in parameters.leaves), "; ")
        yield say("Supposed, not recorded: these actors have left: {names}.", names=gone)
    if parameters.meets:
        ends = (
            (Name(projection.find_actor(one)), Name(projection.find_actor(other)))
            for one, other in parameters.meets
        )
        pairs = Listed(tuple(say("{a} and {b}", a=one, b=other) for one, other in ends), "; ")
        yield say("Supposed, not recorded: these are tied: {pairs}.", pairs=pairs)


def _unsearched(projection: Projection, kinds: tuple[Kind, ...]) -> Iterator[Sentence]:
    """Say which searches no source made, so that a list without gaps is not read as good news."""
    said = {
        "ties": say("No source says that it looked for ties: no pair can be named."),
        "needs": say("No source says that it looked for needs: few or none may be recorded."),
        "participations": say(
            "No source says that it looked for participations: no need can be called unserved."
        ),
        "studies": say("No source says that it looked for studies: no practice can be called unwritten."),
        "policy-citations": say(
            "No source says that it looked for what policies cite: no knowledge can be called stuck."
        ),
    }
    made = {entry.covers for entry in projection.coverage if entry.found != "not-searched"}
    wanted = dict.fromkeys(subject for kind in kinds for subject in kind.needs)
    return (said[subject] for subject in wanted if subject not in made)


def _unread(projection: Projection) -> Iterator[Sentence]:
    if projection.notes:
        yield count(
            "{number} date could not be read and is left out: {first}",
            "{number} dates could not be read and are left out: {first} ...",
            len(projection.notes),
            first=projection.notes[0],
        )
