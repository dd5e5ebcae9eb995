"""Pull one frozen picture of a snapshot for all analyses, by one query for each kind of statement.

Computed once a snapshot and shared; what is held, and how to ask it, is in :mod:`asmgraph.analysis.facts`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from asmgraph.analysis.facts import NEEDED, Coverage, Intervention, Need, Projection
from asmgraph.analysis.knowledge import Knowledge, read_knowledge
from asmgraph.analysis.periods import Span, Timeline, span
from asmgraph.analysis.reach import PEOPLE_UNITS, read_reaches
from asmgraph.analysis.records import Citation
from asmgraph.analysis.tables import Tables, tabulate
from asmgraph.errors import NotFoundError
from asmgraph.records import ASM, GRAPH, Sensitivity
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot, kept_with_snapshot

__all__ = ["Intervention", "Projection", "project", "project_tables"]

_Stated = dict[str, set[str]]
"""Dates as written, by the property that states them."""
_PARTS = tuple(f"/{level}" for level in Sensitivity)


@kept_with_snapshot(4)
def project(snapshot: Snapshot, without: tuple[str, ...] = ()) -> Projection:
    """Pull the projection of a snapshot, less what the sources of some names state.

    Raises
    ------
    NotFoundError
        If the snapshot has no source of such a name.
    """
    for name in without:
        if name not in snapshot.sources:
            raise NotFoundError(
                f"There is no source {name!r}.", f"Sources: {', '.join(sorted(snapshot.sources))}."
            )
    pull = _Pull(snapshot, frozenset(without))
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    dates = _Dates()
    coverage = tuple(_coverage(pull, dates))
    within, levels, codes = _geography(snapshot, labels)
    participants, participations = _participations(pull)
    read = {entry.graph: entry.read for entry in coverage}
    actors, not_introduced, seats = _actors(snapshot, labels)
    interventions = _interventions(pull, labels, read, dates)
    needs = tuple(_needs(pull, dates))
    reaches = tuple(read_reaches(pull("projection-reaches"), dates.spans))
    knowledge = _knowledge(pull, labels, dates)
    return Projection(
        snapshot.published.date(),
        interventions,
        participants,
        participations,
        _ties(pull),
        needs,
        actors,
        not_introduced,
        seats,
        within,
        levels,
        codes,
        *_concepts(snapshot, labels),
        coverage,
        dict(labels),
        {
            row["thing"] or "": Citation(row["title"] or "", row["page"] or "", row["accessed"] or "")
            for row in select.select(snapshot, "projection-citations")
        },
        tuple(sorted(dates.unread)),
        reaches,
        frozenset(row["place"] or "" for row in pull("projection-recorded")),
        frozenset((row["group"] or "", row["place"] or "") for row in pull("projection-groups")),
        knowledge,
    )


@kept_with_snapshot(4)
def project_tables(snapshot: Snapshot, without: tuple[str, ...] = ()) -> Tables:
    """Return the projection of a snapshot as tables."""
    return tabulate(project(snapshot, without))


@dataclass(frozen=True)
class _Pull:
    """Asks a snapshot, less what some sources state: queries name the graph of each statement as ``graph``."""

    snapshot: Snapshot
    without: frozenset[str]

    def __call__(self, query: str) -> Iterator[select.Row]:
        return (row for row in select.select(self.snapshot, query) if self.reads(row["graph"] or ""))

    def terms(self, query: str) -> Iterator[dict[str, select.Term | None]]:
        return (row for row in select.terms(self.snapshot, query) if self.reads(_value(row["graph"])))

    def reads(self, graph: str) -> bool:
        return graph.removeprefix(GRAPH).partition("/")[0] not in self.without


def source_graph(graph: str) -> str:
    """Return the graph of a source's version, of which ``graph`` may be the part of one sensitivity."""
    for part in _PARTS:
        graph = graph.removesuffix(part)
    return graph


class _Dates:
    """Reads dates; remembers those that are none, which RDF from elsewhere may hold, and goes on."""

    def __init__(self) -> None:
        self.unread: set[str] = set()

    def spans(self, thing: str, texts: Iterable[str | None]) -> list[Span]:
        """Return what the texts may mean, the earliest first."""
        found = []
        for text in filter(None, texts):
            try:
                found.append(span(text))
            except ValueError:
                self.unread.add(f"{thing}: {text}")
        return sorted(found)


def _interventions(
    pull: _Pull, labels: dict[str, dict[str, str]], read: Mapping[str, dt.date], dates: _Dates
) -> dict[str, Intervention]:
    places, themes = (
        _grouped(pull(f"projection-{name}s"), "intervention", name) for name in ("place", "theme")
    )
    stated: dict[str, dict[str, _Stated]] = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    for named in pull.terms("projection-interventions"):
        iri = _value(named["intervention"])
        _label(labels, iri, named["label"])
        stated[iri].setdefault(source_graph(_value(named["graph"])), defaultdict(set))
    for row in pull("projection-dates"):
        name = (row["property"] or "").removeprefix(ASM)
        stated[row["intervention"] or ""][source_graph(row["graph"] or "")][name].add(row["date"] or "")
    for graph, intervention, date in _events(pull):
        stated[intervention][graph]["event"].add(date)
    return {
        iri: Intervention(
            iri,
            {
                graph: _timeline(iri, said, read.get(graph, pull.snapshot.published.date()), dates)
                for graph, said in sorted(sources.items())
            },
            places.get(iri, frozenset()),
            themes.get(iri, frozenset()),
            _in_words(sources.values()),
        )
        for iri, sources in stated.items()
        if iri in labels
    }


def _timeline(iri: str, said: _Stated, read: dt.date, dates: _Dates) -> Timeline:
    """Return what one source, read on a day, states of the time of an intervention."""
    starts, ends, planned, others = (
        dates.spans(iri, said.get(name, ())) for name in ("startDate", "endDate", "plannedEndDate", "event")
    )
    events = {event.first for event in (*starts, *others)}
    # Of an end in the year of reading only its beginning is known to have come to pass.
    events |= {end.last if end.last <= read else end.first for end in ends}
    known = tuple(sorted(day for day in events if day <= read))
    return Timeline(starts[0] if starts else None, _latest(ends), _latest(planned), known)


def _latest(spans: Iterable[Span]) -> Span | None:
    return max(spans, key=lambda one: (one.last, one.first), default=None)


def _participations(
    pull: _Pull,
) -> tuple[dict[str, frozenset[str]], dict[tuple[str, str], tuple[str, ...]]]:
    actors: dict[str, set[str]] = defaultdict(set)
    nodes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in pull("projection-participations"):
        actor, intervention = row["actor"] or "", row["intervention"] or ""
        actors[intervention].add(actor)
        nodes[actor, intervention].add(row["participation"] or "")
    return (
        {iri: frozenset(group) for iri, group in actors.items()},
        {key: tuple(sorted(group)) for key, group in nodes.items()},
    )


def _events(pull: _Pull) -> Iterator[tuple[str, str, str]]:
    """Yield source graph, intervention and date of what is dated: participations, and money by its extremes."""
    for row in pull("projection-events"):
        for name in ("oldest", "newest"):
            yield source_graph(row["graph"] or ""), row["intervention"] or "", row[name] or ""


def _ties(pull: _Pull) -> dict[frozenset[str], tuple[tuple[str, str], ...]]:
    ties: dict[frozenset[str], set[tuple[str, str]]] = defaultdict(set)
    for row in pull("projection-ties"):
        ties[frozenset((row["a"] or "", row["b"] or ""))].add((row["tie"] or "", row["kind"] or ""))
    return {pair: tuple(sorted(found)) for pair, found in ties.items()}


def _needs(pull: _Pull, dates: _Dates) -> Iterator[Need]:
    """Yield each need once a place and challenge, whatever several sources say of its year and size."""
    rows: dict[tuple[str, str, str], list[select.Row]] = defaultdict(list)
    for row in pull("projection-needs"):
        rows[row["need"] or "", row["place"] or "", row["challenge"] or ""].append(row)
    for (need, place, challenge), said in sorted(rows.items()):
        known = dates.spans(need, {row["date"] for row in said})
        sizes = {" ".join(part for part in (row["value"], row["unit"]) if part) for row in said}
        yield Need(
            need,
            place,
            challenge,
            frozenset(row["group"] for row in said if row["group"]),
            known[0] if known else None,
            _side_by_side((row["date"] or "")[:10] for row in said),
            _side_by_side(row["statement"] or "" for row in said),
            _side_by_side(sizes),
            _people(said),
        )


def _people(said: Iterable[select.Row]) -> tuple[float, float] | None:
    """Return the lowest and the highest number of people that the rows state; values in other units are none."""
    sizes = [
        float(row[name] or "nan")
        for row in said
        for name in ("lower", "value", "upper")
        if row["unit"] in PEOPLE_UNITS and row[name]
    ]
    return (min(sizes), max(sizes)) if sizes else None


def _side_by_side(texts: Iterable[str]) -> str:
    return " / ".join(sorted(set(texts) - {""}))


def _knowledge(pull: _Pull, labels: dict[str, dict[str, str]], dates: _Dates) -> Knowledge:
    stated: dict[str, _Stated] = defaultdict(lambda: defaultdict(set))
    for row in pull.terms("projection-knowledge"):
        thing, name = _value(row["thing"]), re.split("[#/]", _value(row["property"]))[-1]
        if name == "label":
            _label(labels, thing, row["value"])
        else:
            stated[thing][name].add(_value(row["value"]))
    outcomes: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for outcome in pull("projection-outcomes"):
        areas, area = outcomes[outcome["intervention"] or ""], outcome["area"] or ""
        areas[area] = areas.get(area, frozenset()) | {outcome["stated"] or ""}
    implementing = frozenset(row["participation"] or "" for row in pull("projection-implementing"))
    return read_knowledge(stated, dates.spans, dict(outcomes), implementing)


def _actors(
    snapshot: Snapshot, labels: dict[str, dict[str, str]]
) -> tuple[dict[str, frozenset[str]], frozenset[str], dict[str, frozenset[str]]]:
    """Return classes and types of each actor, those not to be introduced to anybody, and where each is based."""
    kinds: dict[str, set[str]] = defaultdict(set)
    seats: dict[str, set[str]] = defaultdict(set)
    alone = set()
    for row in select.terms(snapshot, "projection-actors"):
        iri = _value(row["actor"])
        _label(labels, iri, row["label"])
        kinds[iri] |= {_value(row[name]) for name in ("class", "type") if row[name] is not None}
        seats[iri] |= {_value(row["seat"])} - {""}
        if _value(row["alone"]) in ("true", "1"):
            alone.add(iri)
    return (
        {iri: frozenset(found) for iri, found in kinds.items()},
        frozenset(alone),
        {iri: frozenset(found) for iri, found in seats.items()},
    )


def _geography(
    snapshot: Snapshot, labels: dict[str, dict[str, str]]
) -> tuple[dict[str, frozenset[str]], dict[str, int], dict[str, str]]:
    within: dict[str, set[str]] = defaultdict(set)
    levels: dict[str, int] = {}
    codes: dict[str, str] = {}
    for row in select.terms(snapshot, "projection-geography"):
        place = _value(row["place"])
        _label(labels, place, row["label"])
        within[place] |= {_value(row["within"])} - {""}
        if row["level"] is not None:
            levels[place] = int(_value(row["level"]))
        if row["code"] is not None:
            codes[place] = _value(row["code"])
    return {place: frozenset(above) for place, above in within.items()}, levels, codes


def _concepts(
    snapshot: Snapshot, labels: dict[str, dict[str, str]]
) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return what each concept addresses, and its broader concepts up to the top."""
    addresses: dict[str, set[str]] = defaultdict(set)
    broader: dict[str, set[str]] = defaultdict(set)
    for row in select.terms(snapshot, "projection-concepts"):
        concept = _value(row["concept"])
        _label(labels, concept, row["label"])
        addresses[concept] |= {_value(row["addresses"])} - {""}
        broader[concept] |= {_value(row["broader"])} - {""}
        if concept.startswith(NEEDED):
            addresses[concept].add(concept)
    above = {concept: _above(concept, broader) for concept in addresses}
    return {
        concept: frozenset(found).union(*(above.get(one, frozenset()) for one in found))
        for concept, found in addresses.items()
    }, above


def _above(concept: str, broader: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = {concept}
    while waiting:
        waiting = {above for one in waiting for above in broader.get(one, ())} - found
        found |= waiting
    return frozenset(found)


def _coverage(pull: _Pull, dates: _Dates) -> Iterator[Coverage]:
    rows = pull("projection-coverage")
    order = ("title", "covers", "place", "graph")  # two sources may have one title
    for row in sorted(rows, key=lambda row: [row[name] or "" for name in order]):
        yield Coverage(
            source_graph(row["graph"] or ""),
            row["title"] or "",
            dt.datetime.fromisoformat(row["read"] or "").date(),
            (row["covers"] or "").rsplit("/", 1)[-1],
            (row["found"] or "").rsplit("/", 1)[-1],
            row["place"],
            row["theme"],
            next(iter(dates.spans(row["graph"] or "", [row["start"]])), None),
            next(iter(dates.spans(row["graph"] or "", [row["end"]])), None),
        )


def _grouped(rows: Iterable[select.Row], key: str, value: str) -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        groups[row[key] or ""].add(row[value] or "")
    return {name: frozenset(group) for name, group in groups.items()}


def _label(labels: dict[str, dict[str, str]], iri: str, label: select.Term | None) -> None:
    language = getattr(label, "language", None) or ""
    labels[iri].setdefault(language, _value(label))


def _value(term: select.Term | None) -> str:
    return "" if term is None else str(getattr(term, "value", term))


def _in_words(sources: Collection[_Stated]) -> str:
    """Return the stated dates for a reader; contradicting ones side by side."""
    start, end, planned = (
        _side_by_side(date for said in sources for date in said.get(name, ()))
        for name in ("startDate", "endDate", "plannedEndDate")
    )
    if not start and not end and not planned:
        return ""
    return f"{start or '?'}–{end or (f'{planned} (planned)' if planned else '?')}"
