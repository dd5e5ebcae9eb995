"""Gaps as pages and tables show them: named, linked, in the reader's language.

Enters: the published snapshot and what the reader asks. Leaves: :class:`Found`, kept by snapshot and question.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from api.routes import filters
from api.routes.names import Name, address, projected
from api.routes.words import KINDS as KIND_TITLES
from asmgraph.analysis import KINDS, Gap, GapSet, Parameters, coverage, find_gaps
from asmgraph.analysis.across import Left, without_each
from asmgraph.analysis.kinds import silence
from asmgraph.analysis.projection import Projection, project
from asmgraph.analysis.records import Evidence
from asmgraph.analysis.scope import LATEST_COVERED, find_day
from asmgraph.messages import translations
from asmgraph.records import BASE, GRAPH, ID, VOCAB
from asmgraph.store.snapshots import Snapshot, kept_with_snapshot

_SLUG = re.compile(r"([a-z-]+)-[0-9a-f]{16}")


@dataclass(frozen=True)
class EvidenceView:
    """One statement behind a gap."""

    name: Name
    role: str
    detail: str
    dates: str
    source: Name


@dataclass(frozen=True)
class GapView:
    """One gap."""

    gap: Gap
    who: tuple[Name, ...]
    where: tuple[Name, ...]
    themes: tuple[Name, ...]
    group: Name | None
    evidence: tuple[EvidenceView, ...]

    @property
    def title(self) -> str:
        """Return who it is of where that is one or two, else where and on what."""
        where = ": ".join(
            ", ".join(name.text for name in names) for names in (self.where, self.themes) if names
        )
        who = " · ".join(name.text for name in self.who)
        return who if who and (len(self.who) <= 2 or not where) else where


@dataclass(frozen=True)
class Found:
    """The gaps of one question, and what a reader must know to judge them."""

    set: GapSet
    gaps: tuple[GapView, ...]
    place: Name | None
    current: bool
    counts: Mapping[str, int]
    silences: tuple[tuple[tuple[Name, ...], str], ...]


@kept_with_snapshot(32)
def find(snapshot: Snapshot, parameters: Parameters) -> Found:
    """Find gaps.

    Raises
    ------
    NotFoundError
        For a place, kind, theme or date that is not known.
    """
    return shown(snapshot, find_gaps(snapshot, parameters), parameters.language)


def shown(snapshot: Snapshot, found: GapSet, language: str) -> Found:
    """Return gaps with names and links."""
    projection = project(snapshot)
    return Found(
        found,
        tuple(_view(projection, gap, language) for gap in found.gaps),
        projected(projection, found.place, language) if found.place else None,
        coverage.can_be_judged(found.coverage, found.as_of),
        found.totals,
        tuple(
            (
                tuple(
                    projected(projection, iri, language)
                    for iri in filter(None, (one.place, one.theme, one.group))
                ),
                one.reason,
            )
            for one in found.silences
        ),
    )


def recognise(snapshot: Snapshot, slug: str, asked: Parameters) -> tuple[Found, GapView] | None:
    """Find one gap by the last part of its address: as the reader asks, else as :func:`_known` does."""
    match = _SLUG.fullmatch(slug)
    if match is None or match[1] not in KIND_TITLES or match[1] == silence.KIND:
        return None
    elsewhere = _known(snapshot, match[1]).get(slug)
    for question in (replace(asked, kind=match[1]), elsewhere):
        if question is None:
            continue
        found = find(snapshot, replace(question, language=asked.language))
        for view in found.gaps:
            if view.gap.slug == slug:
                return _at_its_place(snapshot, found, view.gap, asked.language), view
    return None


def across(snapshot: Snapshot, view: GapView, asked: Parameters) -> tuple[tuple[Name, Left], ...]:
    """Return what becomes of a gap without each source that it rests on, with the name of the source."""
    entries = project(snapshot).coverage
    titles = {entry.graph.removeprefix(GRAPH).partition("/")[0]: entry.title for entry in entries}
    return tuple(
        (Name(titles.get(one.source, one.source), "", f"/catalog/{one.source}"), one)
        for one in without_each(snapshot, view.gap, asked)
    )


def day_asked(snapshot: Snapshot, asked: Parameters) -> dt.date | None:
    """Return the day that the reader named, ``None`` where none was."""
    return (
        find_day(project(snapshot), asked.as_of, None)
        if asked.as_of not in (None, "", LATEST_COVERED)
        else None
    )


@kept_with_snapshot(len(KINDS))
def _known(snapshot: Snapshot, kind: str) -> Mapping[str, Parameters]:
    """Return a question that finds each gap of a kind, by slug: for an address alone does not say what was asked.

    That is the one for its own country, on the last day covered there, before that for all countries together; last, a
    pair with a single shared place and theme, the fewest that make a gap.
    """
    places = (choice.value for choice in filters.places(snapshot, "en"))
    questions = [Parameters(place, kind, as_of=LATEST_COVERED) for place in places]
    questions += [Parameters(None, kind, as_of=day) for day in (LATEST_COVERED, None)]
    questions += [Parameters(None, kind, min_overlap=1)]
    known: dict[str, Parameters] = {}
    for question in questions:
        for gap in find_gaps(snapshot, question).gaps:
            known.setdefault(gap.slug, question)
    return known


def _at_its_place(snapshot: Snapshot, found: Found, gap: Gap, language: str) -> Found:
    """Return ``found`` with what the sources cover of the gap's own place, where it has one."""
    if not gap.place:
        return found
    projection = project(snapshot)
    covered = replace(found.set, coverage=coverage.sources(projection, gap.place))
    return replace(found, set=covered, place=projected(projection, gap.place, language))


def table(found: Found, language: str) -> tuple[list[str], Iterator[list[str]]]:
    """Return the header and the rows of all gaps, as the page shows them."""
    _ = translations(language).gettext
    header = [
        _("Kind"), _("Gap"), _("Who"), _("Where"), _("Theme"), _("Group"), _("Period"), _("Observed"), _("Expected"),
        _("Effect"), "p", "q", _("Severity"), _("Severity, need at its highest"), _("Need"), _("Missing"), _("Scale"),
        _("Confidence"), _("Completeness"), _("What to do"), _("Evidence"), _("Address"),
    ]  # fmt: skip
    return header, (_row(view, language) for view in found.gaps)


def as_dict(found: Found) -> dict[str, object]:
    """Return everything by name, for programs: IRIs beside names."""
    known = found.set
    return {
        "as_of": known.as_of,
        "place": known.place,
        "latest_covered": known.latest_covered,
        "current": found.current,
        "total": len(known.gaps),
        "gaps": [{**view.gap.row(), "address": address_of(view.gap), **_named(view)} for view in found.gaps],
        "silences": [
            {
                "place": one.place,
                "theme": one.theme,
                "group": one.group,
                "reason": one.reason,
                "labels": dict(one.labels),
            }
            for one in known.silences
        ],
        "coverage": [
            {
                "graph": one.graph,
                "title": one.title,
                "found": one.found,
                "since": one.since,
                "until": one.until,
            }
            for one in known.coverage
        ],
        "notes": list(known.notes),
    }


def address_of(gap: Gap) -> str:
    """Return the page of a gap."""
    return f"/gaps/{gap.slug}"


def _view(projection: Projection, gap: Gap, language: str) -> GapView:
    places = sorted(iri for iri in gap.labels if iri.startswith(f"{ID}place/"))
    groups = f"{VOCAB}population-group/"
    themes = sorted(iri for iri in gap.labels if iri.startswith(VOCAB) and not iri.startswith(groups))
    return GapView(
        gap,
        tuple(projected(projection, iri, language) for iri in gap.actors),
        tuple(projected(projection, iri, language) for iri in places),
        tuple(projected(projection, iri, language) for iri in themes),
        projected(projection, gap.group, language) if gap.group else None,
        tuple(_evidence(projection, entry, language) for entry in gap.evidence),
    )


def _evidence(projection: Projection, entry: Evidence, language: str) -> EvidenceView:
    known = projected(projection, entry.iri, language)
    lang = known.lang if known.text == entry.label else ""
    page = entry.source_page if entry.source_page.lower().startswith(("http://", "https://")) else ""
    return EvidenceView(
        Name(entry.label, lang, address(entry.iri)),
        entry.kind,
        entry.detail,
        entry.dates,
        Name(entry.source_title or page, "", page),
    )


def _row(view: GapView, language: str) -> list[str]:
    gettext = translations(language).gettext
    gap = view.gap
    evidence = (
        " ".join(
            part
            for part in (
                f"{entry.role}: {entry.name.text}",
                f"({'; '.join(part for part in (entry.dates, entry.detail) if part)})",
                f"[{entry.source.text}]" if entry.source.text else "",
                f"<{entry.source.href}>" if entry.source.href else "",
            )
            if part not in ("", "()")
        )
        for entry in view.evidence
    )
    return [
        gettext(KIND_TITLES[gap.kind]),
        gap.explanation,
        "; ".join(name.text for name in view.who),
        "; ".join(name.text for name in view.where),
        "; ".join(name.text for name in view.themes),
        view.group.text if view.group else "",
        gap.period,
        *(
            "" if number is None else format(number, ".6g")
            for number in (
                gap.observed,
                gap.expected,
                gap.effect,
                gap.p,
                gap.q,
                gap.severity,
                gap.severity_high,
                gap.need,
                gap.missing,
                gap.scale,
            )
        ),
        gettext(gap.confidence),
        gap.completeness,
        gap.action,
        " | ".join(evidence),
        f"{BASE}id/gap/{gap.slug}",
    ]


def _named(view: GapView) -> dict[str, object]:
    return {
        "newest_evidence": view.gap.newest_evidence,
        "labels": dict(view.gap.labels),
        "evidence": [
            {
                "iri": entry.iri,
                "kind": entry.kind,
                "label": entry.label,
                "detail": entry.detail,
                "dates": entry.dates,
                "source_title": entry.source_title,
                "source_page": entry.source_page,
            }
            for entry in view.gap.evidence
        ],
    }


def newest(found: Found) -> dt.date | None:
    """Return the last day that any source covers there, where it lies before the day asked."""
    latest = found.set.latest_covered
    return latest if latest is not None and latest < found.set.as_of else None
