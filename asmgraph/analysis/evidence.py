"""What has been written on kinds of intervention and outcomes: studies, claims and documents, each counted once.

A document that reports a study is that study. A claim of a study adds what it speaks of to the study. Policies are
no evidence here.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from asmgraph.analysis.facts import NEEDED, Projection
from asmgraph.analysis.knowledge import Claim, Item, Knowledge, Study
from asmgraph.analysis.periods import Span
from asmgraph.records import VOCAB
from asmgraph.terms import EVIDENCE_TYPE, STUDY_DESIGN

TYPES = VOCAB + "intervention-type/"
AREAS = VOCAB + "outcome-area/"
CHALLENGES = VOCAB + "challenge/"
_OUTCOMES = (AREAS, *NEEDED)
_COMPARING = frozenset(
    {
        str(EVIDENCE_TYPE["impact-evaluation"]),
        *(str(STUDY_DESIGN[design]) for design in ("randomised-trial", "quasi-experiment")),
    }
)
_REVIEW = frozenset({str(EVIDENCE_TYPE["systematic-review"]), str(STUDY_DESIGN["systematic-review"])})
_RESEARCH = frozenset(
    str(EVIDENCE_TYPE[kind])
    for kind in ("systematic-review", "evidence-map", "impact-evaluation", "case-study")
)


@dataclass(frozen=True)
class Written:
    """One study, claim or document.

    Attributes
    ----------
    methods
        Its designs and types of evidence.
    types
        The kinds of intervention that it is on, with all broader ones.
    outcomes
        The areas of outcome, challenges and impacts that it is on, with all broader ones; none where not stated.
    research
        Whether it is a study by a method, and no account or report of which the method is not stated.
    """

    iri: str
    methods: frozenset[str]
    types: frozenset[str]
    outcomes: frozenset[str]
    places: frozenset[str]
    date: Span | None
    research: bool

    @property
    def compares(self) -> bool:
        """Return whether it is an impact evaluation."""
        return bool(self.methods & _COMPARING)

    @property
    def review(self) -> bool:
        """Return whether it is a systematic review."""
        return bool(self.methods & _REVIEW)

    def states(self, kind: str, outcome: str) -> bool:
        """Return whether it says that it is on a kind of intervention and an outcome."""
        return kind in self.types and outcome in self.outcomes


@dataclass(frozen=True)
class Shelves:
    """What is written, by place in the order given: of each kind of intervention and outcome, or no such outcome."""

    stated: Mapping[tuple[str, str], list[int]]
    unstated: Mapping[tuple[str, str], list[int]]

    def on(self, kind: str, outcome: str) -> tuple[int, ...]:
        """Return what is on both, and what is on the kind of intervention with no outcome of that sort stated."""
        found = [*self.stated.get((kind, outcome), ()), *self.unstated.get((kind, _sort(outcome)), ())]
        return tuple(sorted(found))


def shelve(written: Iterable[Written]) -> Shelves:
    """Return where to find what is written on a kind of intervention and an outcome."""
    stated: dict[tuple[str, str], list[int]] = defaultdict(list)
    unstated: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(written):
        missing = {AREAS, CHALLENGES} - {_sort(outcome) for outcome in one.outcomes}
        for kind in one.types:
            for outcome in one.outcomes:
                stated[kind, outcome].append(place)
            for sort in missing:
                unstated[kind, sort].append(place)
    return Shelves(stated, unstated)


def _sort(outcome: str) -> str:
    """Return whether an outcome is an area of outcome, or a challenge or impact."""
    return AREAS if outcome.startswith(AREAS) else CHALLENGES


def find_written(projection: Projection, as_of: dt.date) -> tuple[Written, ...]:
    """Return what there was on a day, undated things included, in order."""
    knowledge = projection.knowledge
    claims: dict[str, list[Claim]] = defaultdict(list)
    for claim in knowledge.claims:
        for study in claim.studies:
            claims[study].append(claim)
    found = [_study(projection, study, claims[study.iri]) for study in knowledge.studies]
    found += [_item(projection, item) for item in _unreported(knowledge)]
    studies = {study.iri for study in knowledge.studies}
    found += [_claim(projection, claim) for claim in knowledge.claims if not claim.studies & studies]
    return tuple(one for one in found if one.date is None or one.date.first <= as_of)


def _unreported(knowledge: Knowledge) -> Iterator[Item]:
    reports = {report for study in knowledge.studies for report in study.reports}
    claims = {claim.iri for claim in knowledge.claims}
    return (item for iri, item in knowledge.items.items() if iri not in reports and iri not in claims)


def _study(projection: Projection, study: Study, claims: list[Claim]) -> Written:
    reports = [projection.knowledge.items[iri] for iri in study.reports if iri in projection.knowledge.items]
    themes = study.themes.union(*(report.themes for report in reports))
    return Written(
        study.iri,
        study.designs.union(*(report.evidence for report in reports)),
        _closed(projection, themes | _of(claims, "causes"), (TYPES,)),
        _closed(projection, themes | study.areas | _of(claims, "effects"), _OUTCOMES),
        study.places.union(*(report.places for report in reports)),
        study.date,
        research=True,
    )


def _item(projection: Projection, item: Item) -> Written:
    return Written(
        item.iri,
        item.evidence,
        _closed(projection, item.themes, (TYPES,)),
        _closed(projection, item.themes, _OUTCOMES),
        item.places,
        item.date,
        research=bool(item.evidence & _RESEARCH),
    )


def _claim(projection: Projection, claim: Claim) -> Written:
    item = projection.knowledge.items.get(claim.iri)
    return Written(
        claim.iri,
        item.evidence if item else frozenset(),
        _closed(projection, claim.causes, (TYPES,)),
        _closed(projection, claim.effects, _OUTCOMES),
        item.places if item else frozenset(),
        item.date if item else None,
        research=False,
    )


def _of(claims: list[Claim], side: str) -> frozenset[str]:
    return frozenset[str]().union(*(getattr(claim, side) for claim in claims))


def _closed(projection: Projection, themes: frozenset[str], schemes: tuple[str, ...]) -> frozenset[str]:
    """Return the themes of some schemes, with all broader ones."""
    found = frozenset(theme for theme in themes if theme.startswith(schemes))
    return found.union(*(projection.broader.get(theme, frozenset()) for theme in found))
