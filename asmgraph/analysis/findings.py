"""What an analysis finds, in no language yet: findings in their order, made one by one when they are asked for."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from asmgraph.analysis.records import Evidence, Gap, Silence, gap_iri
from asmgraph.analysis.sentences import Listed, Name, Sentence, Speaker, Text

CONFIDENCE = {"all": "medium", "some": "low"}
"""How sure a gap is where a source found all, or some, of what it looked for: never high, unless it confirms it."""
PEOPLE = 10_000_000
"""So many people make a scale of 1; the estimates of all of artisanal mining reach from 13 to 45 million."""
ACTORS = 1_000
"""So many actors make a scale of 1."""


@dataclass(frozen=True)
class Fact:
    """One statement behind a finding: a thing, what it is to the finding, more of it, and when."""

    iri: str
    role: Text
    label: Text
    detail: Text = ""
    dates: Text = ""


@dataclass(frozen=True)
class Severity:
    """How severe a gap is: three parts between 0 and 1; ``None`` is a part that is not recorded.

    Attributes
    ----------
    need
        How far a recorded need stands behind it.
    missing
        How much is missing of what the need asks for; ``missing_high`` where the need is put highest.
    scale
        Logarithm of the people or actors concerned, see :func:`of_people` and :func:`of_actors`.
    """

    need: float | None = None
    missing: float | None = None
    scale: float | None = None
    missing_high: float | None = None
    scale_high: float | None = None

    @property
    def value(self) -> float | None:
        """Return 100 times the geometric mean of the parts; ``None`` where one of them is not recorded."""
        return _mean(self.need, self.missing, self.scale)

    @property
    def high(self) -> float | None:
        """Return the same for the need as it is put highest."""
        return _mean(
            self.need,
            self.missing if self.missing_high is None else self.missing_high,
            self.scale if self.scale_high is None else self.scale_high,
        )


def _mean(*parts: float | None) -> float | None:
    known = [part for part in parts if part is not None]
    return 100 * math.prod(known) ** (1 / 3) if len(known) == len(parts) else None


def of_people(number: float) -> float:
    """Return the scale of a number of people: 0 for none, 1 for :data:`PEOPLE` and more.

    >>> round(of_people(1_000), 2)
    0.43
    """
    return min(1.0, math.log1p(max(number, 0)) / math.log1p(PEOPLE))


def of_actors(number: float) -> float:
    """Return the scale of a number of actors: 0 for none, 1 for :data:`ACTORS` and more."""
    return min(1.0, math.log1p(max(number, 0)) / math.log1p(ACTORS))


@dataclass(frozen=True)
class Finding:
    """One gap, in no language yet; ``None`` in a number is 'not computed' or 'not recorded', never zero.

    Its address follows from ``kind``, ``subjects`` and ``scope`` alone, so that the same gap is known again. The first
    part of ``explanation`` says what the gap is; a brief shows it alone.
    """

    kind: str
    explanation: tuple[Text, ...]
    action: Sentence
    confidence: str
    completeness: Text
    evidence: tuple[Fact, ...]
    actors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    group: str = ""
    period: Text = ""
    subjects: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    observed: float | None = None
    expected: float | None = None
    effect: float | None = None
    p: float | None = None
    q: float | None = None
    severity: Severity = Severity()
    sampled: bool = False
    newest_evidence: dt.date | None = None

    @property
    def iri(self) -> str:
        """Return its address."""
        return gap_iri(self.kind, self.subjects, self.scope)


@dataclass(frozen=True)
class Ranking:
    """The findings of one kind in their order, the first the one to look at first.

    Attributes
    ----------
    total
        How many there are.
    key
        Gives what tells one from the others, by its number: the same in a resample of the record.
    finding
        Makes one, by its number: that takes longer than to count them.
    silences, notes
        Of what nothing can be said; what a reader must know beside them.
    stability
        Gives the stability of so many of the first rows by a faster way than ranking resamples; ``None`` where there
        is none.
    """

    total: int = 0
    key: Callable[[int], Hashable] = lambda number: number
    finding: Callable[[int], Finding] = field(default=lambda number: _none(number))
    silences: tuple[Unsaid, ...] = ()
    notes: tuple[Text, ...] = ()
    stability: Callable[[int], list[float] | None] = lambda number: None


@dataclass(frozen=True)
class Unsaid:
    """A place and theme of which nothing can be said, and why; empty where it is all of them."""

    place: str
    theme: str
    reason: Text
    group: str = ""


def _none(number: int) -> Finding:
    raise IndexError(number)


def in_words(found: Finding, speaker: Speaker, stability: float | None = None) -> Gap:
    """Return a finding as a row in a reader's language."""
    named = (*found.actors, *found.places, *found.themes, *filter(None, [found.group]))
    severity = found.severity
    return Gap(
        gap_iri=found.iri,
        kind=found.kind,
        actors=found.actors,
        place=found.places[0] if len(found.places) == 1 else "",
        theme=found.themes[0] if len(found.themes) == 1 else "",
        group=found.group,
        period=speaker(found.period),
        observed=found.observed,
        expected=found.expected,
        effect=found.effect,
        p=found.p,
        q=found.q,
        severity=severity.value,
        severity_high=severity.high,
        need=severity.need,
        missing=severity.missing,
        scale=severity.scale,
        confidence=found.confidence,
        stability=stability,
        completeness=speaker(found.completeness),
        sampled=found.sampled,
        action=speaker(found.action),
        lead=speaker(found.explanation[0]),
        explanation=speaker(Listed(found.explanation, " ", ordered=True)),
        evidence=tuple(_evidence(fact, speaker) for fact in found.evidence),
        newest_evidence=found.newest_evidence,
        labels={iri: speaker(Name(iri)) for iri in named},
    )


def silence(unsaid: Unsaid, speaker: Speaker) -> Silence:
    """Return in a reader's language of what nothing can be said."""
    things = filter(None, (unsaid.place, unsaid.theme, unsaid.group))
    labels = {iri: speaker(Name(iri)) for iri in things}
    return Silence(unsaid.place, unsaid.theme, speaker(unsaid.reason), labels, unsaid.group)


def _evidence(fact: Fact, speaker: Speaker) -> Evidence:
    citation = speaker.projection.citations.get(fact.iri)
    title, page = (citation.title, citation.page) if citation else ("", "")
    role, label, detail, dates = map(speaker, (fact.role, fact.label, fact.detail, fact.dates))
    return Evidence(fact.iri, role, label, detail, dates, title, page)
