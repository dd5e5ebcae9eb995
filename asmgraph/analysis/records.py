"""What an analysis gives back: gaps with their evidence, what the sources cover, what is not a gap."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from asmgraph.records import ID

COLUMNS = (
    "gap_iri", "kind", "actors", "place", "theme", "group", "period", "observed", "expected", "effect", "p", "q",
    "severity", "severity_high", "need", "missing", "scale", "confidence", "stability", "completeness", "sampled",
    "evidence_iris", "action", "explanation",
)  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """Where a thing was read."""

    title: str
    page: str
    accessed: str


@dataclass(frozen=True)
class Evidence:
    """One statement behind a gap: a thing, what it is to the gap, when, and where it was read."""

    iri: str
    kind: str
    label: str
    detail: str = ""
    dates: str = ""
    source_title: str = ""
    source_page: str = ""


@dataclass(frozen=True)
class Gap:
    """One coordination gap. ``None`` in a number means 'not computed' or 'not recorded', never zero.

    ``actors``, ``place``, ``theme`` and ``group`` are IRIs; ``labels`` names them in the reader's language, and
    all places and themes where there are several. ``lead`` is the first sentence of the explanation: what the gap is.
    """

    gap_iri: str
    kind: str
    actors: tuple[str, ...]
    place: str
    theme: str
    group: str
    period: str
    observed: float | None
    expected: float | None
    effect: float | None
    p: float | None
    q: float | None
    severity: float | None
    severity_high: float | None
    need: float | None
    missing: float | None
    scale: float | None
    confidence: str
    stability: float | None
    completeness: str
    sampled: bool
    action: str
    lead: str
    explanation: str
    evidence: tuple[Evidence, ...]
    newest_evidence: dt.date | None
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """Return the last part of the IRI."""
        return self.gap_iri.rsplit("/", 1)[-1]

    @property
    def details(self) -> str:
        """Return what the explanation says after its first sentence."""
        return self.explanation.removeprefix(self.lead).lstrip()

    @property
    def evidence_iris(self) -> list[str]:
        """Return the things behind it."""
        return [entry.iri for entry in self.evidence]

    def row(self) -> dict[str, object]:
        """Return the gap as one row of the frame that every kind shares."""
        row = {column: getattr(self, column) for column in COLUMNS}
        return {**row, "actors": list(self.actors)}


@dataclass(frozen=True)
class SourceCoverage:
    """Between which days one source covers the place asked; none where it dates no participation there."""

    graph: str
    title: str
    found: str
    since: dt.date | None
    until: dt.date | None


@dataclass(frozen=True)
class Silence:
    """Not a gap: a place, theme or group of which nothing can be said, and why; an empty one is every one."""

    place: str
    theme: str
    reason: str
    labels: Mapping[str, str] = field(default_factory=dict)
    group: str = ""


@dataclass(frozen=True)
class GapSet:
    """The answer of an analysis: gaps in order, and what a reader must know to judge them."""

    as_of: dt.date
    place: str | None
    gaps: tuple[Gap, ...]
    silences: tuple[Silence, ...]
    coverage: tuple[SourceCoverage, ...]
    latest_covered: dt.date | None
    notes: tuple[str, ...]
    totals: Mapping[str, int] = field(default_factory=dict)
    """How many gaps of each kind there are, more than ``gaps`` where only the first were asked for."""

    def frame(self) -> pd.DataFrame:
        """Return one row a gap, with the columns :data:`COLUMNS`."""
        return pd.DataFrame([gap.row() for gap in self.gaps], columns=list(COLUMNS))


def gap_iri(kind: str, subjects: Iterable[str], scope: Iterable[str]) -> str:
    """Return the IRI of a gap: the same for the same kind, subjects and scope, whatever the run.

    >>> gap_iri("co-presence", ["b", "a"], []) == gap_iri("co-presence", ["a", "b"], [])
    True
    """
    content = "\n".join([kind, *sorted(subjects), "", *sorted(scope)])
    return f"{ID}gap/{kind}-{hashlib.sha256(content.encode()).hexdigest()[:16]}"
