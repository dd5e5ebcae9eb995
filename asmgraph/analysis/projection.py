"""Pull one frozen picture of a snapshot for all analyses, by one query for each kind of statement.

Computed once a snapshot and shared; what is held, and how to ask it, is in :mod:`asmgraph.analysis.facts`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from asmgraph.analysis.facts import CHALLENGE, Citation, Coverage, Intervention, Need, Projection
from asmgraph.analysis.periods import Span, span
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot

__all__ = ["Intervention", "Projection", "project"]


@lru_cache(maxsize=4)
def project(snapshot: Snapshot) -> Projection:
    """Pull the projection of a snapshot."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    dates = _Dates()
    coverage = tuple(_coverage(snapshot, dates))
    within, levels, codes = _geography(snapshot, labels)
    participants, participations, dated = _participations(snapshot)
    actors, not_introduced = _actors(snapshot, labels)
    return Projection(
        snapshot.published.date(),
        _interventions(snapshot, labels, dated, {entry.graph: entry.read for entry in coverage}, dates),
        participants,
        participations,
        _ties(snapshot),
        tuple(_needs(snapshot, dates)),
        actors,
        not_introduced,
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
        tuple(sorted(dates.unread)),
    )


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
    snapshot: Snapshot,
    labels: dict[str, dict[str, str]],
    dated: Mapping[str, set[str]],
    read: Mapping[str, dt.date],
    dates: _Dates,
) -> dict[str, Intervention]:
    places, themes = (
        _grouped(select.select(snapshot, f"projection-{name}s"), "intervention", name)
        for name in ("place", "theme")
    )
    money = {row["intervention"] or "": row for row in select.select(snapshot, "projection-transactions")}
    graphs: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in select.terms(snapshot, "projection-interventions"):
        iri = _value(row["intervention"])
        _label(labels, iri, row["label"])
        graphs[iri].add(_value(row["graph"]))
        for name in ("start", "end", "plannedEnd"):
            texts[iri][name] |= {_value(row[name])} - {""}
    found = {}
    for iri, stated in texts.items():
        limit = max(read.get(graph, snapshot.published.date()) for graph in graphs[iri])
        starts, ends, planned = (dates.spans(iri, stated[name]) for name in ("start", "end", "plannedEnd"))
        paid = money.get(iri, {})
        others = dates.spans(iri, (*dated.get(iri, ()), paid.get("oldest"), paid.get("newest")))
        events = [event.first for event in (*starts, *others)]
        # Of an end in the year of reading only its beginning is known to have come to pass.
        events += [end.last if end.last <= limit else end.first for end in ends]
        found[iri] = Intervention(
            iri,
            frozenset(graphs[iri]),
            starts[0] if starts else None,
            _latest(ends),
            _latest(planned),
            tuple(sorted({day for day in events if day <= limit})),
            places.get(iri, frozenset()),
            themes.get(iri, frozenset()),
            _dates(stated),
        )
    return found


def _latest(spans: Iterable[Span]) -> Span | None:
    return max(spans, key=lambda one: (one.last, one.first), default=None)


def _participations(
    snapshot: Snapshot,
) -> tuple[dict[str, frozenset[str]], dict[tuple[str, str], tuple[str, ...]], dict[str, set[str]]]:
    actors: dict[str, set[str]] = defaultdict(set)
    nodes: dict[tuple[str, str], set[str]] = defaultdict(set)
    dated: dict[str, set[str]] = defaultdict(set)
    for row in select.select(snapshot, "projection-participations"):
        actor, intervention = row["actor"] or "", row["intervention"] or ""
        actors[intervention].add(actor)
        nodes[actor, intervention].add(row["participation"] or "")
        if row["date"]:
            dated[intervention].add(row["date"])
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


def _needs(snapshot: Snapshot, dates: _Dates) -> Iterator[Need]:
    """Yield each need once a place and challenge, whatever several sources say of its year and size."""
    rows: dict[tuple[str, str, str], list[select.Row]] = defaultdict(list)
    for row in select.select(snapshot, "projection-needs"):
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
        )


def _side_by_side(texts: Iterable[str]) -> str:
    return " / ".join(sorted(set(texts) - {""}))


def _actors(
    snapshot: Snapshot, labels: dict[str, dict[str, str]]
) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Return classes and types of each actor, and the actors that are not to be introduced to anybody."""
    kinds: dict[str, set[str]] = defaultdict(set)
    alone = set()
    for row in select.terms(snapshot, "projection-actors"):
        iri = _value(row["actor"])
        _label(labels, iri, row["label"])
        kinds[iri] |= {_value(row[name]) for name in ("class", "type") if row[name] is not None}
        if _value(row["alone"]) in ("true", "1"):
            alone.add(iri)
    return {iri: frozenset(found) for iri, found in kinds.items()}, frozenset(alone)


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
        if concept.startswith(CHALLENGE):
            addresses[concept].add(concept)
    return {
        concept: frozenset(found).union(*(broader.get(challenge, set()) for challenge in found))
        for concept, found in addresses.items()
    }


def _coverage(snapshot: Snapshot, dates: _Dates) -> Iterator[Coverage]:
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


def _dates(stated: Mapping[str, set[str]]) -> str:
    """Return the stated dates for a reader; contradicting ones side by side."""
    start = _side_by_side(stated["start"]) or "?"
    end = _side_by_side(stated["end"])
    planned = _side_by_side(stated["plannedEnd"])
    if start == "?" and not end and not planned:
        return ""
    return f"{start}–{end or (f'{planned} (planned)' if planned else '?')}"
