"""A brief on one place for a meeting: who works there, what is missing, whom to introduce, how sure that is.

Nothing is computed here that the gaps do not say; each line names the gap or the thing that it is of.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from asmgraph.analysis.facts import Intervention
from asmgraph.analysis.gaps import find_gaps, scope_of
from asmgraph.analysis.kinds import co_presence
from asmgraph.analysis.periods import add_months
from asmgraph.analysis.records import Gap, GapSet
from asmgraph.analysis.scope import LATEST_COVERED, Parameters, Scope
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot, kept_with_snapshot

ROWS = 5
"""Gaps of each kind in a brief; the list of gaps has all."""
_PAIRS = 10 * ROWS
"""Pairs of strangers among which those of a brief are chosen."""
CONFIRMED_MONTHS = 6
"""How long a confirmed contact counts as confirmed."""


@dataclass(frozen=True)
class Contact:
    """How an organisation is reached in public; empty where it is not recorded."""

    site: str = ""
    office: str = ""
    confirmed: dt.date | None = None

    def is_confirmed(self, day: dt.date) -> bool:
        """Return whether it was confirmed in the six months before a day."""
        return self.confirmed is not None and add_months(self.confirmed, CONFIRMED_MONTHS) >= day


@dataclass(frozen=True)
class Working:
    """An actor with interventions in a place, IRIs; ``newest`` is the day of the newest dated event of them."""

    actor: str
    kinds: frozenset[str]
    interventions: tuple[str, ...]
    themes: frozenset[str]
    newest: dt.date | None
    contact: Contact


@dataclass(frozen=True)
class Brief:
    """What a coordinator takes into a meeting on one place.

    Attributes
    ----------
    place
        Its IRI.
    found
        The first :data:`ROWS` gaps of each kind, what the sources cover, and how many gaps there are in all.
    working
        Who is active there on the day, those with the most interventions first.
    heard_of
        Who takes part there only in what is of unknown state on the day, last heard of first. That is neither presence
        nor absence: it is whom to ask.
    active, unknown
        How many interventions there are active, or of unknown state, on the day.
    """

    place: str
    found: GapSet
    working: tuple[Working, ...]
    heard_of: tuple[Working, ...]
    active: int
    unknown: int

    def gaps(self) -> Iterator[tuple[str, tuple[Gap, ...]]]:
        """Yield each kind that has gaps, with the first of them."""
        kinds: dict[str, list[Gap]] = {}
        for gap in self.found.gaps:
            kinds.setdefault(gap.kind, []).append(gap)
        return ((kind, tuple(gaps)) for kind, gaps in kinds.items())


def brief(snapshot: Snapshot, parameters: Parameters) -> Brief:
    """Make the brief on a place, as of the latest day that a source covers there where no day is asked for.

    Raises
    ------
    NotFoundError
        For a place, theme, date, source or language that is not known, and where no place is given.
    """
    asked = replace(parameters, kind=None, k=ROWS, as_of=parameters.as_of or LATEST_COVERED)
    scope = scope_of(snapshot, replace(asked, place=parameters.place or ""))
    found = find_gaps(snapshot, asked)
    pairs = find_gaps(snapshot, replace(asked, kind=co_presence.KIND, k=_PAIRS))
    states: dict[str, list[Intervention]] = defaultdict(list)
    for one in scope.projection.interventions.values():
        if _is_there(scope, one):
            states[one.state(scope.as_of)].append(one)
    working = tuple(_working(snapshot, scope, states["active"]))
    known = {one.actor for one in working}
    unknown = [one for one in _working(snapshot, scope, states["unknown"]) if one.actor not in known]
    return Brief(
        scope.place or "",
        replace(found, gaps=tuple(_varied(found.gaps, pairs.gaps))),
        working,
        tuple(sorted(unknown, key=lambda one: one.newest or dt.date.min, reverse=True)),
        len(states["active"]),
        len(states["unknown"]),
    )


def _varied(gaps: Iterable[Gap], pairs: tuple[Gap, ...]) -> Iterator[Gap]:
    """Yield the gaps, with pairs of strangers that do not name one actor again before others were named."""
    named: set[str] = set()
    first = []
    for pair in pairs:
        if named.isdisjoint(pair.actors):
            named.update(pair.actors)
            first.append(pair)
    chosen = iter({one.gap_iri: one for one in (*first, *pairs)}.values())
    return (next(chosen) if gap.kind == co_presence.KIND else gap for gap in gaps)


def _is_there(scope: Scope, one: Intervention) -> bool:
    projection = scope.projection
    if scope.theme is not None and one.themes.isdisjoint(projection.types_of(scope.theme)):
        return False
    return any(projection.lies_in(where, scope.place) for where in one.places)


def _working(snapshot: Snapshot, scope: Scope, interventions: list[Intervention]) -> Iterator[Working]:
    projection = scope.projection
    taking: dict[str, list[Intervention]] = defaultdict(list)
    for one in interventions:
        for actor in filter(projection.may_be_party, projection.participants.get(one.iri, ())):
            taking[actor].append(one)
    known = contacts(snapshot)
    for actor, found in sorted(taking.items(), key=lambda pair: (-len(pair[1]), projection.name(pair[0]))):
        yield Working(
            actor,
            projection.actors[actor],
            tuple(sorted(one.iri for one in found)),
            frozenset[str]().union(*(one.themes for one in found)),
            max(filter(None, (one.newest_event for one in found)), default=None),
            known.get(actor, Contact()),
        )


@kept_with_snapshot(1)
def contacts(snapshot: Snapshot) -> Mapping[str, Contact]:
    """Return how organisations are reached in public, by IRI."""
    found: dict[str, Contact] = {}
    rows = select.select(snapshot, "brief-contacts")
    for row in sorted(rows, key=lambda row: [row[name] or "" for name in ("site", "office", "confirmed")]):
        known = found.get(row["actor"] or "", Contact())
        confirmed = dt.date.fromisoformat(row["confirmed"][:10]) if row["confirmed"] else known.confirmed
        found[row["actor"] or ""] = Contact(
            row["site"] or known.site, row["office"] or known.office, confirmed
        )
    return found
