"""What a snapshot holds, told by source: what pages, citations, catalogues and exports say of where data come from.

Enters: a snapshot, whose graphs describe themselves. Leaves: :class:`Release`. Of the public snapshot only what is
public can be told, because nothing else is in it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from asmgraph.errors import NotFoundError
from asmgraph.records import VOCAB, WEB_ADDRESS, Sensitivity
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot, kept_with_snapshot

NOT_STATED = "not stated"
METRIC = f"{VOCAB}quality-metric/"
LICENCES: Mapping[str, str] = {
    "Apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-3.0": "https://creativecommons.org/licenses/by/3.0/",
    "CC-BY-3.0-IGO": "https://creativecommons.org/licenses/by/3.0/igo/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-SA-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "ODC-By-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "PDDL-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
}
"""Addresses of licences that sources name by their SPDX identifier."""
_NAMES = {address: name for name, address in LICENCES.items()}
_DATE = re.compile(r"^([12][0-9]{3})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?(?![0-9])")


@dataclass(frozen=True, order=True)
class Coverage:
    """What a source searched for, and how much of it it found; ``place`` and ``theme`` are IRIs, '' for everything.

    ``covers`` and ``found`` are concepts of the schemes coverage-subject and coverage-found, by their slug.
    """

    covers: str
    found: str
    place: str = ""
    theme: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True, order=True)
class Measure:
    """A number on a source: ``metric`` is a concept of quality-metric by its slug, ``column`` '' for the whole."""

    metric: str
    column: str
    value: Decimal


@dataclass(frozen=True)
class Source:
    """One source of a release; what it does not say is ''.

    ``graphs`` are the named graphs that hold its statements, ``statements`` how many there are in them.
    """

    name: str
    graphs: tuple[str, ...]
    title: str
    description: str
    publisher: str
    licence: str
    page: str
    version: str
    checksum: str
    retrieved: str
    written: str
    sensitivities: tuple[str, ...]
    attribution: str
    run: str
    software: str
    statements: int
    coverage: tuple[Coverage, ...]
    measures: tuple[Measure, ...]

    @property
    def licence_address(self) -> str:
        """Return the address of the licence, '' where none is known."""
        return self.licence if re.fullmatch(WEB_ADDRESS, self.licence) else LICENCES.get(self.licence, "")

    @property
    def licence_name(self) -> str:
        """Return the licence by its SPDX identifier where that is known, else as the source names it."""
        return _NAMES.get(self.licence, self.licence)


@dataclass(frozen=True)
class Release:
    """A publication: every source of it, by name."""

    number: int
    published: dt.datetime
    hash: str
    statements: int
    sources: Mapping[str, Source]

    def source(self, name: str) -> Source:
        """Return one source.

        Raises
        ------
        NotFoundError
            If the release holds none of this name.
        """
        if name not in self.sources:
            raise NotFoundError(
                f"The published data hold no source {name!r}.", f"Sources: {', '.join(self.sources)}."
            )
        return self.sources[name]

    def by_graph(self) -> dict[str, Source]:
        """Return the source of each graph."""
        return {graph: source for source in self.sources.values() for graph in source.graphs}


@kept_with_snapshot(1)
def describe(snapshot: Snapshot) -> Release:
    """Return what a snapshot holds."""
    stated: dict[str, list[select.Row]] = defaultdict(list)
    for row in sorted(select.select(snapshot, "release-sources"), key=_values):
        if _graph(row) in snapshot.counts:
            stated[row["name"] or ""].append(row)
    coverage, measures = _coverage(snapshot), _measures(snapshot, stated)
    sources = {
        name: _source(snapshot, name, rows, coverage, measures) for name, rows in sorted(stated.items())
    }
    return Release(snapshot.number, snapshot.published, snapshot.hash, snapshot.triples, sources)


def _values(row: select.Row) -> tuple[str, ...]:
    return tuple(value or "" for value in row.values())


def _graph(row: select.Row) -> str:
    return row["graph"] or ""


def _source(
    snapshot: Snapshot,
    name: str,
    rows: list[select.Row],
    coverage: Mapping[str, set[Coverage]],
    measures: Mapping[str, set[Measure]],
) -> Source:
    first = rows[0]
    graphs = tuple(sorted({_graph(row) for row in rows}))
    levels = {(row["sensitivity"] or "").rsplit("/", 1)[-1] for row in rows}
    return Source(
        name,
        graphs,
        first["title"] or name,
        first["description"] or "",
        first["publisher"] or "",
        first["licence"] or NOT_STATED,
        first["page"] or "",
        first["version"] or "",
        first["checksum"] or "",
        (first["retrieved"] or "")[:10],
        first["written"] or "",
        tuple(level for level in Sensitivity if level in levels),
        first["attribution"] or "",
        first["run"] or "",
        first["software"] or "",
        sum(snapshot.counts[graph] for graph in graphs),
        tuple(sorted(set[Coverage]().union(*(coverage.get(graph, set()) for graph in graphs)))),
        tuple(sorted(set[Measure]().union(*(measures.get(graph, set()) for graph in (*graphs, name))))),
    )


def _coverage(snapshot: Snapshot) -> Mapping[str, set[Coverage]]:
    found: dict[str, set[Coverage]] = defaultdict(set)
    for row in select.select(snapshot, "release-coverage"):
        covers, how_much = ((row[name] or "").rsplit("/", 1)[-1] for name in ("covers", "found"))
        place, theme, start, end = (row[name] or "" for name in ("place", "theme", "start", "end"))
        found[_graph(row)].add(Coverage(covers, how_much, place, theme, start, end))
    return found


def _measures(snapshot: Snapshot, stated: Mapping[str, list[select.Row]]) -> Mapping[str, set[Measure]]:
    """Return what was measured when a source was read, by graph, and what this publication shows, by source."""
    found: dict[str, set[Measure]] = defaultdict(set)
    for row in select.select(snapshot, "release-measurements"):
        metric = (row["metric"] or "").removeprefix(METRIC)
        try:
            found[_graph(row)].add(Measure(metric, row["column"] or "", Decimal(row["value"] or "")))
        except InvalidOperation:
            continue  # what is no number measures nothing
    names = {_graph(row): name for name, rows in stated.items() for row in rows}
    published = snapshot.published.date()
    for name, rows in stated.items():
        retrieved = _last_day(rows[0]["retrieved"] or "", published)
        if retrieved:
            found[name].add(Measure("days-since-retrieval", "", Decimal((published - retrieved).days)))
    newest: dict[str, dt.date] = {}
    for row in select.select(snapshot, "release-dates"):
        day, source = _last_day(row["date"] or "", published), names.get(_graph(row))
        if day and source is not None:
            newest[source] = max(day, newest.get(source, day))
    for name, day in newest.items():
        found[name].add(Measure("days-since-last-dated-statement", "", Decimal((published - day).days)))
    for name, counts in _interventions(snapshot, names).items():
        for what, count in zip(("place", "date", "theme"), counts[1:], strict=True):
            share = Decimal(count) / Decimal(counts[0])
            found[name].add(Measure(f"interventions-with-{what}", "", round(share, 4).normalize() + 0))
    return found


def _interventions(snapshot: Snapshot, names: Mapping[str, str]) -> dict[str, list[int]]:
    """Return by source how many interventions there are, and how many with a place, a date and a theme."""
    counts: dict[str, list[int]] = {}
    for row in select.select(snapshot, "release-interventions"):
        name = names.get(_graph(row))
        found = [int(row[what] or 0) for what in ("all", "places", "dates", "themes")]
        if name is not None and found[0]:
            before = counts.get(name, [0, 0, 0, 0])
            counts[name] = [one + other for one, other in zip(before, found, strict=True)]
    return counts


def _last_day(text: str, latest: dt.date) -> dt.date | None:
    """Return the last day that a date may mean, no later than ``latest``; ``None`` where it lies beyond or is none."""
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        first = dt.date(year, month or 1, day or 1)
    except ValueError:
        return None
    last_month = month or 12
    last = dt.date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    return min(last, latest) if first <= latest else None
