"""One frozen picture of a snapshot for all analyses: who takes part in what, where, on what, when.

Enters: a snapshot, by one query for each kind of statement. Leaves: :class:`Projection`, computed once a
snapshot and shared.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import networkx as nx

from asmgraph.analysis.periods import Span, State, period, span, state
from asmgraph.errors import NotFoundError
from asmgraph.records import ASM, ID, VOCAB
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot

LANGUAGE = "en"
NEVER_PARTIES = frozenset({ASM + "PopulationGroup", ASM + "Community"})


@dataclass(frozen=True)
class Citation:
    """Where a thing was read."""

    title: str
    page: str
    accessed: str


@dataclass(frozen=True)
class Intervention:
    """One intervention with everything that places it in time, space and theme.

    Where sources state several dates, ``start`` is the earliest and ``end`` the latest (a planned end counts
    where no end is recorded); ``dates`` shows them all.
    """

    iri: str
    graph: str
    start: Span | None
    end: Span | None
    events: tuple[dt.date, ...]
    places: frozenset[str]
    themes: frozenset[str]
    dates: str

    @property
    def period(self) -> Span | None:
        """Return when it is known to have been active."""
        return period(self.start, self.end, self.events)

    def state(self, as_of: dt.date) -> State:
        """Return whether it is active on a day."""
        return state(self.start, self.end, self.events, as_of)


@dataclass(frozen=True)
class Need:
    """One recorded need."""

    iri: str
    place: str
    challenge: str
    group: str
    date: Span | None
    year: str
    statement: str
    size: str


@dataclass(frozen=True)
class Coverage:
    """One coverage statement of one source graph."""

    graph: str
    title: str
    read: dt.date
    covers: str
    found: str
    place: str | None
    theme: str | None
    start: Span | None
    end: Span | None


@dataclass(frozen=True)
class Projection:
    """What the analyses read; every mapping is by IRI."""

    published: dt.date
    interventions: Mapping[str, Intervention]
    participants: Mapping[str, frozenset[str]]
    participations: Mapping[tuple[str, str], tuple[str, ...]]
    ties: Mapping[frozenset[str], tuple[tuple[str, str], ...]]
    needs: tuple[Need, ...]
    actors: Mapping[str, frozenset[str]]
    within: Mapping[str, frozenset[str]]
    levels: Mapping[str, int]
    codes: Mapping[str, str]
    addresses: Mapping[str, frozenset[str]]
    coverage: tuple[Coverage, ...]
    labels: Mapping[str, Mapping[str, str]]
    citations: Mapping[str, Citation]
    _above: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def name(self, iri: str, language: str = LANGUAGE) -> str:
        """Return the label in ``language``, else in English, else in any, else the IRI's last part."""
        labels = self.labels.get(iri, {})
        found = labels.get(language) or labels.get(LANGUAGE) or labels.get("")
        return found or next(iter(labels.values()), iri.rsplit("/", 1)[-1])

    def places_above(self, place: str) -> frozenset[str]:
        """Return the place and every place it lies within."""
        if place not in self._above:
            found, waiting = {place}, [place]
            while waiting:
                new = self.within.get(waiting.pop(), frozenset()) - found
                found |= new
                waiting += new
            self._above[place] = frozenset(found)
        return self._above[place]

    def lies_in(self, place: str, area: str | None) -> bool:
        """Return whether ``place`` is ``area`` or lies within it; everything lies in ``None``."""
        return area is None or area in self.places_above(place)

    def country(self, place: str) -> str | None:
        """Return the country a place is or lies in, ``None`` for regions above countries."""
        return next((area for area in sorted(self.places_above(place)) if self.levels.get(area) == 0), None)

    def find_place(self, text: str) -> str:
        """Return the IRI of a place given by its code, slug, IRI or name in any language.

        Raises
        ------
        NotFoundError
            If no place or several places answer to it.
        """
        wanted = text.strip().casefold()
        by_code = [
            p for p in self.within if wanted in (p.casefold(), p.removeprefix(ID + "place/").casefold())
        ]
        by_code = by_code or [place for place, code in self.codes.items() if code.casefold() == wanted]
        by_name = [
            p
            for p in self.within
            if wanted in {label.casefold() for label in self.labels.get(p, {}).values()}
        ]
        found = by_code or by_name
        if len(found) != 1:
            several = ", ".join(sorted(p.removeprefix(ID + "place/") for p in found))
            raise NotFoundError(
                f"{'Several places answer to' if found else 'No place is recorded as'} {text!r}"
                f"{': ' + several if found else ''}.",
                "Give a country as ISO code (COD) or a place by its code.",
            )
        return found[0]

    def answer_to(self, theme: str | None) -> frozenset[str]:
        """Return the challenges that a theme addresses, itself if it is one."""
        return self.addresses.get(theme or "", frozenset())

    def answers(self, intervention: Intervention) -> frozenset[str]:
        """Return the challenges that an intervention's themes address."""
        return frozenset[str]().union(*map(self.answer_to, intervention.themes))

    @cached_property
    def answerable(self) -> frozenset[str]:
        """Return the challenges that some intervention type addresses."""
        types = (theme for theme in self.addresses if theme.startswith(VOCAB + "intervention-type/"))
        return frozenset[str]().union(*map(self.answer_to, types))

    @cached_property
    def tie_graph(self) -> nx.Graph[str]:
        """Return who is tied to whom: ``observed`` by a source, else derived from a shared intervention or network."""
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(self.actors)
        for parties in (*self.participants.values(), *self._members()):
            graph.add_edges_from(_pairs(parties), observed=False)
        for pair in self.ties:
            graph.add_edge(*pair, observed=True)
        return graph

    def _members(self) -> Iterator[frozenset[str]]:
        members: dict[str, set[str]] = defaultdict(set)
        for pair, ties in self.ties.items():
            if any(kind.endswith("/network-membership") for _, kind in ties):
                for network in pair:
                    if ASM + "Network" in self.actors.get(network, ()):
                        members[network] |= pair - {network}
        yield from (frozenset(group) for _, group in sorted(members.items()))


@lru_cache(maxsize=4)
def project(snapshot: Snapshot) -> Projection:
    """Pull the projection of a snapshot."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    coverage = tuple(_coverage(snapshot))
    within, levels, codes = _geography(snapshot, labels)
    participants, participations, dated = _participations(snapshot)
    return Projection(
        snapshot.published.date(),
        _interventions(snapshot, labels, dated, {entry.graph: entry.read for entry in coverage}),
        participants,
        participations,
        _ties(snapshot),
        tuple(_needs(snapshot)),
        _actors(snapshot, labels),
        within,
        levels,
        codes,
        _addresses(snapshot, labels),
        coverage,
        dict(labels),
        {
            row["thing"] or "": Citation(row["title"] or "", row["page"] or "", row["accessed"] or "")
            for row in select.select(snapshot, "projection-citations")
        },
    )


def _interventions(
    snapshot: Snapshot,
    labels: dict[str, dict[str, str]],
    dated: Mapping[str, list[str]],
    read: Mapping[str, dt.date],
) -> dict[str, Intervention]:
    places, themes = (
        _grouped(select.select(snapshot, f"projection-{name}s"), "intervention", name)
        for name in ("place", "theme")
    )
    money = {row["intervention"]: row for row in select.select(snapshot, "projection-transactions")}
    texts: dict[str, dict[str, set[str]]] = {}
    graphs: dict[str, str] = {}
    for row in select.terms(snapshot, "projection-interventions"):
        iri = _value(row["intervention"])
        _label(labels, iri, row["label"])
        graphs[iri] = _value(row["graph"])
        stated = texts.setdefault(iri, {"start": set(), "end": set(), "plannedEnd": set()})
        for name, values in stated.items():
            values |= {_value(row[name])} - {""}
    found = {}
    for iri, stated in texts.items():
        paid = [str(money[iri][name]) for name in ("oldest", "newest")] if iri in money else []
        limit = read.get(graphs[iri], snapshot.published.date())
        starts = sorted(span(text) for text in stated["start"])
        ends = sorted(span(text) for text in stated["end"])
        planned = sorted(span(text) for text in stated["plannedEnd"])
        events = [span(text).first for text in (*dated.get(iri, ()), *paid)]
        events += [start.first for start in starts]
        events += [min(end.last, limit) for end in ends if end.first <= limit]
        found[iri] = Intervention(
            iri,
            graphs[iri],
            starts[0] if starts else None,
            (ends or planned)[-1] if ends or planned else None,
            tuple(sorted({day for day in events if day <= limit})),
            places.get(iri, frozenset()),
            themes.get(iri, frozenset()),
            _dates(stated),
        )
    return found


def _participations(
    snapshot: Snapshot,
) -> tuple[dict[str, frozenset[str]], dict[tuple[str, str], tuple[str, ...]], dict[str, list[str]]]:
    actors: dict[str, set[str]] = defaultdict(set)
    nodes: dict[tuple[str, str], set[str]] = defaultdict(set)
    dated: dict[str, list[str]] = defaultdict(list)
    for row in select.select(snapshot, "projection-participations"):
        actor, intervention = row["actor"] or "", row["intervention"] or ""
        actors[intervention].add(actor)
        nodes[actor, intervention].add(row["participation"] or "")
        if row["date"]:
            dated[intervention].append(row["date"])
    return (
        {iri: frozenset(group) for iri, group in actors.items()},
        {key: tuple(sorted(group)) for key, group in nodes.items()},
        dated,
    )


def _ties(snapshot: Snapshot) -> dict[frozenset[str], tuple[tuple[str, str], ...]]:
    ties: dict[frozenset[str], set[tuple[str, str]]] = defaultdict(set)
    for row in select.select(snapshot, "projection-ties"):
        ties[frozenset((row["a"] or "", row["b"] or ""))].add((row["tie"] or "", row["kind"] or ""))
    return {pair: tuple(sorted(found)) for pair, found in ties.items()}


def _needs(snapshot: Snapshot) -> Iterator[Need]:
    seen = set()
    for row in sorted(select.select(snapshot, "projection-needs"), key=lambda row: row["need"] or ""):
        if row["need"] in seen:
            continue
        seen.add(row["need"])
        yield Need(
            row["need"] or "",
            row["place"] or "",
            row["challenge"] or "",
            row["group"] or "",
            span(row["date"]) if row["date"] else None,
            (row["date"] or "")[:10],
            row["statement"] or "",
            " ".join(part for part in (row["value"], row["unit"]) if part),
        )


def _actors(snapshot: Snapshot, labels: dict[str, dict[str, str]]) -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in select.terms(snapshot, "projection-actors"):
        iri = _value(row["actor"])
        _label(labels, iri, row["label"])
        kinds[iri] |= {_value(row[name]) for name in ("class", "type") if row[name] is not None}
    return {iri: frozenset(found) for iri, found in kinds.items()}


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


def _addresses(snapshot: Snapshot, labels: dict[str, dict[str, str]]) -> dict[str, frozenset[str]]:
    addresses: dict[str, set[str]] = defaultdict(set)
    broader: dict[str, set[str]] = defaultdict(set)
    for row in select.terms(snapshot, "projection-concepts"):
        concept = _value(row["concept"])
        _label(labels, concept, row["label"])
        addresses[concept] |= {_value(row["addresses"])} - {""}
        broader[concept] |= {_value(row["broader"])} - {""}
        if concept.startswith(VOCAB + "challenge/"):
            addresses[concept].add(concept)
    return {
        concept: frozenset(found).union(*(broader.get(challenge, set()) for challenge in found))
        for concept, found in addresses.items()
    }


def _coverage(snapshot: Snapshot) -> Iterator[Coverage]:
    rows = select.select(snapshot, "projection-coverage")
    for row in sorted(rows, key=lambda row: (row["title"] or "", row["covers"] or "", row["place"] or "")):
        yield Coverage(
            row["graph"] or "",
            row["title"] or "",
            dt.datetime.fromisoformat(row["read"] or "").date(),
            (row["covers"] or "").rsplit("/", 1)[-1],
            (row["found"] or "").rsplit("/", 1)[-1],
            row["place"],
            row["theme"],
            span(row["start"]) if row["start"] else None,
            span(row["end"]) if row["end"] else None,
        )


def _grouped(rows: Iterable[select.Row], key: str, value: str) -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        groups[row[key] or ""].add(row[value] or "")
    return {name: frozenset(group) for name, group in groups.items()}


def _pairs(parties: Iterable[str]) -> Iterator[tuple[str, str]]:
    ordered = sorted(parties)
    yield from ((a, b) for place, a in enumerate(ordered) for b in ordered[place + 1 :])


def _label(labels: dict[str, dict[str, str]], iri: str, label: select.Term | None) -> None:
    language = getattr(label, "language", None) or ""
    labels[iri].setdefault(language, _value(label))


def _value(term: select.Term | None) -> str:
    return "" if term is None else str(getattr(term, "value", term))


def _dates(stated: Mapping[str, set[str]]) -> str:
    """Return the stated dates for a reader; contradicting ones side by side."""
    start = " / ".join(sorted(stated["start"])) or "?"
    end = " / ".join(sorted(stated["end"]))
    planned = " / ".join(sorted(stated["plannedEnd"]))
    if start == "?" and not end and not planned:
        return ""
    return f"{start}–{end or (f'{planned} (planned)' if planned else '?')}"
