"""Find coordination gaps in a snapshot: the one door to every kind, for Python, CLI, API and pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asmgraph.analysis import coverage
from asmgraph.analysis.facts import Projection
from asmgraph.analysis.findings import Ranking, Unsaid, in_words, silence
from asmgraph.analysis.kinds import KINDS, Kind
from asmgraph.analysis.projection import project, tabulate
from asmgraph.analysis.records import Gap, GapSet, Silence
from asmgraph.analysis.scope import Parameters, Scope, ask
from asmgraph.analysis.sentences import Sentence, Speaker, Text, count, say
from asmgraph.errors import NotFoundError
from asmgraph.store.snapshots import Snapshot

_ALL = Parameters()


def find_gaps(snapshot: Snapshot, parameters: Parameters = _ALL) -> GapSet:
    """Return the gaps of a snapshot, kind by kind in the order of :data:`KINDS`, the first of each first.

    Raises
    ------
    NotFoundError
        For a place, kind, theme, date, source or language that is not known.
    """
    scope = scope_of(snapshot, parameters)
    speaker = Speaker(scope.projection, parameters.language)
    kinds = _chosen(parameters.kind)
    gaps: list[Gap] = []
    unsaid: list[Unsaid] = []
    notes: list[Text] = []
    totals = {}
    for kind in kinds:
        ranking = kind.rank(scope)
        totals[kind.slug] = ranking.total
        gaps += _first(ranking, parameters.k, speaker)
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
    return ask(project(snapshot, without), tabulate(snapshot, without), parameters, public=snapshot.public)


def _chosen(slug: str | None) -> tuple[Kind, ...]:
    if slug is None:
        return tuple(KINDS.values())
    if slug not in KINDS:
        raise NotFoundError(f"There is no kind of gap {slug!r}.", f"Kinds: {', '.join(KINDS)}.")
    return (KINDS[slug],)


def _first(ranking: Ranking, k: int | None, speaker: Speaker) -> Iterator[Gap]:
    number = ranking.total if k is None else min(k, ranking.total)
    return (in_words(ranking.finding(rank), speaker) for rank in range(number))


def _once(silences: Iterable[Silence]) -> tuple[Silence, ...]:
    """Return them each once, although several kinds have nothing to say for the same reason."""
    found = {(one.place, one.theme, one.group, one.reason): one for one in silences}
    return tuple(found.values())


def _unsearched(projection: Projection, kinds: tuple[Kind, ...]) -> Iterator[Sentence]:
    """Say which searches no source made, so that a list without gaps is not read as good news."""
    said = {
        "ties": say("No source says that it looked for ties: no pair can be named."),
        "needs": say("No source says that it looked for needs: few or none may be recorded."),
        "participations": say(
            "No source says that it looked for participations: no need can be called unserved."
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
