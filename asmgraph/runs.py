"""Write the gaps of the published data back beside it, run by run; keep what people say of them.

Enters: a home with published data, and a question. Leaves: a run that the home keeps, with the gaps found and those of
the last run on the same question that are no more; the next publication takes it up. No run and no publication touches
what people say.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import version

from pyoxigraph import NamedNode
from rdflib.namespace import RDFS

from asmgraph import audit
from asmgraph.analysis import runs as analysis
from asmgraph.analysis.runs import Run
from asmgraph.analysis.scope import Parameters
from asmgraph.errors import ConfigurationError, NotFoundError, StoreError, ValidationError
from asmgraph.ontology import files as ontology
from asmgraph.records import ID, Progress, Sensitivity
from asmgraph.settings import Settings
from asmgraph.store import gap_reviews, gap_runs, snapshots
from asmgraph.store.gap_reviews import Review
from asmgraph.store.gap_runs import Kept
from asmgraph.store.snapshots import Snapshot
from asmgraph.terms import ASM
from asmgraph.validation import shapes

_GAP = f"{ID}gap/"
_LONGEST_REASON = 2_000


@dataclass(frozen=True)
class Done:
    """What a run did: the run as it is kept, which gaps are new since the last run on the same question, which closed.

    ``unchanged`` says that the same run was kept already, so that nothing was written.
    """

    run: Kept
    new: tuple[str, ...]
    closed: tuple[str, ...]
    unchanged: bool = False
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What the runs of a home know of one gap: since when, until when, and what was said of it, the last last.

    ``first`` and ``last`` are when a run found it first and last, ``closed`` when the newest run on the same question
    did not find it any more, each ISO 8601 with zone; empty where it never was.
    """

    iri: str
    runs: tuple[Kept, ...]
    first: str
    last: str
    closed: str
    reviews: tuple[Review, ...]

    @property
    def newest(self) -> Kept:
        """Return the last run that found it."""
        return self.runs[-1]


def run(
    settings: Settings,
    parameters: Parameters,
    *,
    full: bool = False,
    progress: Progress = lambda *_: None,
) -> Done:
    """Compute the gaps of a question and keep them; the same run again changes nothing.

    Parameters
    ----------
    full
        Read the full dataset: such a run is never published in the public one.

    Raises
    ------
    HomeNotFoundError
        If nothing is published.
    NotFoundError
        For a place, kind, theme, date, source or language that is not known.
    ValidationError
        If what was found breaks a shape; nothing is kept then.
    """
    snapshot = snapshots.current(settings.home, full=full)
    planned = analysis.plan(snapshot, parameters, version("asmgraph"))
    if (same := _kept(settings, planned)) is not None:
        return Done(same, (), same.closed, unchanged=True)
    started = _now()
    found = analysis.find(snapshot, parameters, progress)
    with snapshots.locked(settings.home):
        _make_up(settings)
        if (same := _kept(settings, planned)) is not None:  # by somebody else, meanwhile
            return Done(same, (), same.closed, unchanged=True)
        before = [one for one in gap_runs.listed(settings.home) if one.question == planned.question]
        ended = _now()
        kept = _describe(planned, started, ended, [one.gap.gap_iri for one in found], before)
        lines = analysis.statements(
            planned,
            found,
            started,
            ended,
            dict(zip(kept.gaps, kept.since, strict=True)),
            _about(settings, before[-1], kept.closed) if before else (),
        )
        progress("checking them against the shapes", 0, 0)
        _check(lines, snapshot)
        done = gap_runs.keep(settings.home, kept, lines)
        audit.record(settings.home, "gaps", done.graph, {}, {done.graph: done.triples})
        removed = gap_runs.prune(settings.home, settings.gap_runs_kept)
    last = set(before[-1].gaps) if before else set()
    new = tuple(iri for iri in done.gaps if iri not in last)
    return Done(done, new, done.closed, removed=tuple(one.name for one in removed))


def history(settings: Settings, gap: str, *, full: bool = True) -> Known:
    """Return what the runs know of a gap, by its address or the last part of it.

    Parameters
    ----------
    full
        Take runs over the full dataset, and what was said in confidence, into account.

    Raises
    ------
    NotFoundError
        If no run that is kept found it.
    """
    kept = [one for one in gap_runs.listed(settings.home) if full or one.public]
    iri = find(gap, {iri for one in kept for iri in one.gaps})
    runs = tuple(one for one in kept if iri in one.gaps)
    questions = {one.question for one in runs}
    newest = {one.question: one for one in kept if one.question in questions}
    open_in = [one for one in newest.values() if iri in one.gaps]
    after = [one.ended for one in kept[kept.index(runs[-1]) + 1 :] if one.question in questions]
    reviews = tuple(one for one in gap_reviews.read(settings.home) if one.gap == iri and (full or one.public))
    return Known(iri, runs, _first_found(runs)[iri], runs[-1].ended, "" if open_in else after[0], reviews)


def find(gap: str, known: Iterable[str]) -> str:
    """Return the IRI of a gap given by its address, or by the beginning of the last part of it.

    Raises
    ------
    NotFoundError
        If there is none, or more than one; with the nearest.
    """
    slugs = {iri.removeprefix(_GAP): iri for iri in known}
    wanted = gap.strip().removeprefix(_GAP)
    fitting = sorted(slug for slug in slugs if wanted and slug.startswith(wanted))
    if wanted in slugs or len(fitting) == 1:
        return slugs[wanted if wanted in slugs else fitting[0]]
    nearest = fitting or get_close_matches(wanted, slugs, n=3, cutoff=0.5)
    raise NotFoundError(
        f"More than one gap begins with {wanted!r}."
        if fitting
        else f"No run found the gap {wanted[:100]!r}.",
        (f"Nearest: {', '.join(nearest[:3])}. " if nearest else "")
        + "'asmgraph gaps list' shows the gaps of now, and 'asmgraph gaps run' keeps them.",
    )


def review(
    settings: Settings,
    gap: str,
    status: str,
    why: str,
    by: str = "",
    sensitivity: str = "",
) -> Review:
    """Keep what somebody says of a gap; it is published with the next publication.

    Parameters
    ----------
    gap
        The address of a gap that a run found, or the last part of it.
    status
        An entry of the scheme gap-status.
    by
        The address of an actor, whose reply it is then, or the name of an office. Never a person.
    sensitivity
        ``public`` shows it to everybody; else, and without it, only the full dataset has it.

    Raises
    ------
    NotFoundError
        If no run found the gap, there is no such status, or no such actor.
    ConfigurationError
        If the reason is missing or too long, a person's address stands for an office, or the sensitivity is none.
    """
    if status not in _statuses():
        raise NotFoundError(f"There is no status {status!r}.", f"One of {', '.join(_statuses())}.")
    _refuse_texts(why, by)
    if sensitivity and sensitivity not in set(Sensitivity):
        raise ConfigurationError(
            f"{sensitivity!r} is no sensitivity.",
            f"One of {', '.join(Sensitivity)}; without it {Sensitivity.CONFIDENTIAL}.",
        )
    level = sensitivity or Sensitivity.CONFIDENTIAL
    with snapshots.locked(settings.home):
        iri = history(settings, gap).iri
        if by.startswith(ID):
            _refuse_unknown(snapshots.current(settings.home, full=True), by)
        done = Review(iri, status, why.strip(), by.strip(), _now().isoformat(), str(level))
        gap_reviews.append(settings.home, done)
        audit.record(settings.home, "gap status", iri, status=status, sensitivity=str(level))
    return done


def statements(settings: Settings, known: Known) -> list[str]:
    """Return the N-Triples lines that the last run that found a gap wrote about it."""
    return sorted(_about(settings, known.newest, (known.iri,)))


def _statuses() -> list[str]:
    return sorted(
        ontology.local(concept) for concept in ontology.concepts() if "/gap-status/" in str(concept)
    )


def _refuse_texts(why: str, by: str) -> None:
    if not why.strip() or len(why) > _LONGEST_REASON:
        raise ConfigurationError(
            "A status needs a reason"
            + (f" of at most {_LONGEST_REASON:,} characters." if why.strip() else "."),
            "Say why in a sentence: --why TEXT.",
        )
    if "@" in by or len(by) > 200:
        raise ConfigurationError(
            f"{by[:80]!r} is no name of an office.",
            "Name an office or give an actor's address; never a person.",
        )


def _refuse_unknown(snapshot: Snapshot, actor: str) -> None:
    """Stop at an address that is none of an actor, or that of a person."""
    kinds = _classes(snapshot, actor)
    if not kinds & _actor_classes() or str(ASM.NamedAuthor) in kinds:
        raise NotFoundError(
            f"{actor} is no actor of the published data.",
            "Copy the address from the page of the actor, or give the name of an office.",
        )


def _actor_classes() -> set[str]:
    return {str(one) for one in ontology.hierarchy().transitive_subjects(RDFS.subClassOf, ASM.Actor)}


def _kept(settings: Settings, planned: Run) -> Kept | None:
    """Return the run where it is kept whole, as the last on its question: what came between would else be the state."""
    of_question = [one for one in gap_runs.listed(settings.home) if one.question == planned.question]
    broken = {folder.name for folder in gap_runs.damaged(settings.home)}
    last = of_question[-1] if of_question else None
    return last if last is not None and last.name == planned.name and last.name not in broken else None


def _describe(
    planned: Run, started: dt.datetime, ended: dt.datetime, gaps: Iterable[str], before: list[Kept]
) -> Kept:
    found = tuple(dict.fromkeys(gaps))
    last = before[-1].gaps if before else ()
    first = _first_found(before)
    return Kept(
        planned.name,
        planned.question,
        planned.public,
        planned.as_of.isoformat(),
        started.isoformat(),
        ended.isoformat(),
        planned.software,
        planned.data,
        tuple(analysis.described(planned.parameters)),
        found,
        tuple(first.get(iri, ended.isoformat()) for iri in found),
        tuple(sorted(set(last) - set(found))),
        0,
        "",
    )


def _first_found(before: Iterable[Kept]) -> Mapping[str, str]:
    """Return when each gap was first found, by the runs on the same question that are kept, the oldest first."""
    first: dict[str, str] = {}
    for one in before:
        for iri, since in zip(one.gaps, one.since, strict=True):
            first[iri] = min(since, first.get(iri, since))
    return first


def _about(settings: Settings, kept: Kept, gaps: Iterable[str]) -> list[str]:
    """Return the lines of a run about some gaps; none where its file is damaged."""
    subjects = {f"<{iri}>" for iri in gaps}
    with suppress(StoreError):
        return [line for line in gap_runs.lines(settings.home, kept) if line.split(" ", 1)[0] in subjects]
    return []


def _check(lines: list[str], snapshot: Snapshot) -> None:
    """Hold what was found to the shapes, before anything is kept.

    Raises
    ------
    ValidationError
        At the first statement that breaks one.
    """
    own: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        subject, predicate, value = line.removesuffix(" .").split(" ", 2)
        if predicate == f"<{analysis.RDF_TYPE}>":
            own[subject[1:-1]].add(value[1:-1])

    def types(things: set[str]) -> Iterable[tuple[str, str]]:
        return ((thing, kind) for thing in things for kind in own.get(thing) or _classes(snapshot, thing))

    broken = [
        one for one in shapes.validate(lines, ontology.shapes(), ontology.hierarchy(), types) if one.refuses
    ]
    if broken:
        first = broken[0]
        raise ValidationError(
            f"{first.focus} breaks a rule at {first.path}: {first.message} Value: {first.value or 'none'}.",
            "Nothing was kept. This is a fault of the analyses: please report it.",
        )


def _classes(snapshot: Snapshot, thing: str) -> set[str]:
    pattern = NamedNode(thing), NamedNode(analysis.RDF_TYPE), None, None
    found = (quad.object for quad in snapshot.reading.store.quads_for_pattern(*pattern))
    return {kind.value for kind in found if isinstance(kind, NamedNode)}


def _make_up(settings: Settings) -> None:
    """Clear away what a run that died has left, and note one that died before it was noted."""
    gap_runs.sweep(settings.home)
    with suppress(StoreError):  # a log that was changed is told by whoever reads it
        noted = {entry["about"] for entry in audit.entries(settings.home) if entry["action"] == "gaps"}
        for one in gap_runs.listed(settings.home):
            if one.graph not in noted:
                audit.record(
                    settings.home, "gaps", one.graph, {}, {one.graph: one.triples}, noted="by the next run"
                )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
