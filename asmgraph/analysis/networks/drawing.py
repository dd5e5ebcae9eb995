"""Networks as ``networkx`` graphs, labelled for a reader: who is tied to whom, and who is side by side.

Enters: a snapshot and a question. Leaves: a graph whose nodes are IRIs of actors that may be a party, each with
``label``, ``kinds`` and ``places``. All attributes are texts and numbers, several values in one text, so that any
program that draws or measures networks reads them. Kinds of networks:

coordination
    Ties that a source records, and ties derived from a shared intervention or network: see
    :mod:`asmgraph.analysis.networks.actors`.
observed
    Only the ties that a source records.
co-presence
    Who works on the same theme in the same place in overlapping periods. That is no tie.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypedDict, Unpack

import networkx as nx
import numpy as np
import polars as pl

from asmgraph.analysis.gaps import scope_of
from asmgraph.analysis.measures.network import Integers
from asmgraph.analysis.naming import kinds_of
from asmgraph.analysis.networks.actors import ActorNetwork, network_of
from asmgraph.analysis.overlaps.presences import Presences, gather_presences, meetings
from asmgraph.analysis.periods import span
from asmgraph.analysis.scope import Parameters, Scope
from asmgraph.errors import NotFoundError
from asmgraph.records import ASM, GRAPH
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot

KINDS = ("coordination", "observed", "co-presence")
_Dates = Mapping[str, Mapping[str, tuple[str, ...]]]


class AskedNetwork(TypedDict, total=False):
    """What a network is of, by the names of :class:`Parameters`; ``level`` is ``place_level``."""

    place: str | None
    theme: str | None
    as_of: str | None
    window: int | None
    level: int | None
    theme_depth: int | None
    tie_kinds: tuple[str, ...]
    min_overlap: int
    max_cell: int
    without: tuple[str, ...]
    language: str


def draw_network(snapshot: Snapshot, kind: str = KINDS[0], **asked: Unpack[AskedNetwork]) -> nx.Graph[str]:
    """Return a network of a snapshot.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    asked
        Where, on what and when. ``tie_kinds`` are of networks of ties; of co-presence are ``max_cell`` and
        ``min_overlap``, here 1 unless given.

    Returns
    -------
    Nodes and edges in order. Attributes of the graph: ``name``, ``as_of``, ``place``, ``theme``. Of edges:

    coordination, observed
        ``relation``: ``observed`` or ``derived``; ``kinds``: of ties, or ``shared intervention``, ``shared network``;
        ``period``, ``sources``: titles of the documents; ``ties``: on how many things it rests. Ties that begin after
        the day asked for are left out.
    co-presence
        ``n``: places and themes shared, of a theme and a broader one the narrower; ``weight``: the same as a number.

    Raises
    ------
    NotFoundError
        For a kind of network, a place, theme, date, source or language that is not known.
    """
    if kind not in KINDS:
        raise NotFoundError(f"There is no kind of network {kind!r}.", f"Kinds: {', '.join(KINDS)}.")
    given: dict[str, Any] = {"min_overlap": 1, **asked}
    scope = scope_of(snapshot, Parameters(place_level=given.pop("level", None), **given))
    graph: nx.Graph[str] = nx.Graph(
        name=kind,
        as_of=scope.as_of.isoformat(),
        place=_name(scope, scope.place),
        theme=_name(scope, scope.theme),
    )
    if kind == "co-presence":
        _add_meetings(graph, scope)
    else:
        _add_ties(graph, scope, _tie_dates(snapshot, scope), observed_only=kind == "observed")
    return graph


def _add_ties(graph: nx.Graph[str], scope: Scope, dates: _Dates, *, observed_only: bool) -> None:
    network = network_of(scope)
    for place, actor in enumerate(network.actors):
        _add_actor(graph, scope, actor, network.places[place])
    rows, columns, _ = network.network.ties
    shared = _shared(network)
    for one, other, observed in zip(rows.tolist(), columns.tolist(), network.observed.tolist(), strict=True):
        pair = network.actors[one], network.actors[other]
        recorded = list(_recorded(scope, frozenset(pair), dates)) if observed else []
        if recorded or (not observed_only and (one, other) in shared):
            graph.add_edge(*pair, **_tie(scope, recorded, dates, shared.get((one, other), ())))


def _recorded(scope: Scope, pair: frozenset[str], dates: _Dates) -> Iterator[tuple[str, str]]:
    """Yield the ties of a pair that are asked for and have begun, with their kinds."""
    wanted = scope.parameters.tie_kinds
    for tie, kind in scope.projection.ties.get(pair, ()):
        begins = [*dates.get(tie, {}).get("startDate", ()), *dates.get(tie, {}).get("date", ())]
        begun = not begins or min(span(text).first for text in begins) <= scope.as_of
        if begun and (not wanted or kind.rsplit("/", 1)[-1] in wanted):
            yield tie, kind


def _shared(network: ActorNetwork) -> Mapping[tuple[int, int], tuple[tuple[str, str], ...]]:
    """Return what tied actors share, by their numbers: interventions and networks."""
    scope = network.scope
    who = pl.DataFrame({"actor": network.numbers.astype(np.int32)}).with_row_index("who")
    found: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for name, table in (("intervention", scope.tables.participations), ("network", scope.tables.members)):
        rows = table.join(who, "actor").sort(name, "who")
        pairs = rows.join(rows, name).filter(pl.col("who") < pl.col("who_right"))
        for one, other, thing in pairs.select("who", "who_right", name).sort(pl.all()).iter_rows():
            found[one, other].append((f"shared {name}", scope.iri(thing)))
    return {pair: tuple(things) for pair, things in found.items()}


def _tie(
    scope: Scope, recorded: list[tuple[str, str]], dates: _Dates, shared: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    things = [*recorded, *((thing, what) for what, thing in shared)]
    periods = [_period(dates[tie]) for tie, _ in recorded if tie in dates]
    periods += [one.dates for thing, _ in things if (one := scope.projection.interventions.get(thing))]
    cited = [scope.projection.citations.get(thing) for thing, _ in things]
    return {
        "relation": "observed" if recorded else "derived",
        "kinds": _joined([_name(scope, kind) for _, kind in recorded] + [what for what, _ in shared]),
        "period": _joined(periods),
        "sources": _joined(one.title for one in cited if one),
        "ties": len(things),
    }


def _tie_dates(snapshot: Snapshot, scope: Scope) -> _Dates:
    """Return the dates of ties by property, without those that cannot be read or that left-out sources state."""
    found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in select.select(snapshot, "network-tie-dates"):
        source = (row["graph"] or "").removeprefix(GRAPH).partition("/")[0]
        name, date = (row["property"] or "").removeprefix(ASM), row["date"] or ""
        if source not in scope.parameters.without and _readable(date):
            dates = found[row["tie"] or ""]
            dates[name] = tuple(sorted({*dates.get(name, ()), date}))
    return dict(found)


def _readable(date: str) -> bool:
    try:
        span(date)
    except ValueError:
        return False
    return True


def _period(dates: Mapping[str, tuple[str, ...]]) -> str:
    begin, end = (" / ".join(dates.get(name, ())) for name in ("startDate", "endDate"))
    return f"{begin or '?'}–{end or '?'}" if begin or end else " / ".join(dates.get("date", ()))


def _add_meetings(graph: nx.Graph[str], scope: Scope) -> None:
    parties = scope.presence.join(scope.tables.parties, "actor", how="semi")
    for (number,), rows in (
        parties.select("actor", "place")
        .unique()
        .sort("actor", "place")
        .group_by("actor", maintain_order=True)
    ):
        _add_actor(graph, scope, scope.iri(int(str(number))), map(scope.iri, rows["place"]))
    actors = list(graph)
    for block in meetings(_presences(scope, parties), scope.parameters.min_overlap):
        for one, other, n in zip(
            block.a.tolist(), block.b.tolist(), np.diff(block.start).tolist(), strict=True
        ):
            graph.add_edge(actors[one], actors[other], n=n, weight=float(n))


def _presences(scope: Scope, parties: pl.DataFrame) -> Presences:
    cells = parties.select("place", "theme").unique().sort("place", "theme").with_row_index("cell")
    broader = cells.join(scope.tables.broader, "theme").join(
        cells, left_on=["place", "above"], right_on=["place", "theme"]
    )
    who = parties.select("actor").unique().sort("actor").with_row_index("who")
    rows = parties.join(who, "actor").join(cells, ["place", "theme"])
    actor, cell, first, last = (_array(rows[name]) for name in ("who", "cell", "first", "last"))
    return gather_presences(
        actor,
        cell,
        first,
        last,
        np.zeros(cells.height, dtype=np.int64),
        who.height,
        scope.parameters.max_cell,
        _array(broader["cell"]),
        _array(broader["cell_right"]),
    )


def _add_actor(graph: nx.Graph[str], scope: Scope, actor: str, places: Iterable[str]) -> None:
    kinds = _joined(sorted(_name(scope, kind) for kind in kinds_of(scope.projection, actor)))
    where = _joined(sorted(_name(scope, place) for place in places))
    graph.add_node(actor, label=_name(scope, actor), kinds=kinds, places=where)


def _name(scope: Scope, iri: str | None) -> str:
    return scope.projection.name(iri, scope.parameters.language) if iri else ""


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _array(column: pl.Series) -> Integers:
    return column.to_numpy().astype(np.int64)
