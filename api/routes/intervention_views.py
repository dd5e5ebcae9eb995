"""Who works where: interventions as rows of a table, filtered and sorted.

Enters: the published snapshot and what the reader asks. Leaves: :class:`Found`, kept by snapshot and question.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from api.routes import filters
from api.routes.names import Name, address, projected
from api.routes.words import STATES
from asmgraph.analysis import coverage
from asmgraph.analysis.periods import State
from asmgraph.analysis.projection import Intervention, Projection, project
from asmgraph.analysis.records import SourceCoverage
from asmgraph.analysis.scope import find_day, find_theme
from asmgraph.errors import NotFoundError
from asmgraph.messages import translations
from asmgraph.records import VOCAB
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot, kept_with_snapshot

SORTS = ("name", "who", "where", "dates", "state")
ACTOR_TYPE = f"{VOCAB}actor-type/"


@dataclass(frozen=True)
class Asked:
    """What to list; empty text asks for all. ``sort`` is one of :data:`SORTS`, with ``-`` for the reverse."""

    place: str = ""
    theme: str = ""
    actor_type: str = ""
    text: str = ""
    as_of: str = ""
    sort: str = "name"
    language: str = "en"


@dataclass(frozen=True)
class Party:
    """An actor of an intervention with its roles."""

    name: Name
    roles: tuple[Name, ...]


@dataclass(frozen=True)
class Row:
    """One intervention."""

    iri: str
    name: Name
    who: tuple[Party, ...]
    where: tuple[Name, ...]
    themes: tuple[Name, ...]
    minerals: tuple[Name, ...]
    dates: str
    state: State
    source: Name


@dataclass(frozen=True)
class Found:
    """The rows of one question, and what a reader must know to judge them."""

    rows: tuple[Row, ...]
    as_of: dt.date
    place: Name | None
    latest: dt.date | None
    current: bool
    coverage: tuple[SourceCoverage, ...]


@dataclass(frozen=True)
class _Details:
    """What the projection of the analyses leaves out."""

    minerals: dict[str, set[str]]
    roles: dict[tuple[str, str], set[str]]


@kept_with_snapshot(32)
def find(snapshot: Snapshot, asked: Asked) -> Found:
    """List interventions.

    Raises
    ------
    NotFoundError
        For a place, theme, actor type, date or order that is not known.
    """
    projection = project(snapshot)
    place = projection.find_place(asked.place) if asked.place else None
    theme = find_theme(projection, asked.theme) if asked.theme else None
    if asked.actor_type and asked.actor_type not in {
        one.value for one in actor_types(snapshot, asked.language)
    }:
        raise NotFoundError(f"There is no type of actor {asked.actor_type!r}.", "Choose one from the list.")
    if asked.sort.removeprefix("-") not in SORTS:
        raise NotFoundError(f"There is no order {asked.sort!r}.", f"Orders: {', '.join(SORTS)}.")
    as_of = find_day(projection, asked.as_of, place)
    chosen = [one for one in projection.interventions.values() if _fits(projection, one, asked, place, theme)]
    details = _details(snapshot)
    rows = [_row(projection, details, one, as_of, asked.language) for one in chosen]
    covered = coverage.sources(projection, place)
    return Found(
        _sorted(rows, chosen, asked.sort),
        as_of,
        projected(projection, place, asked.language) if place else None,
        coverage.latest(covered),
        coverage.can_be_judged(covered, as_of),
        covered,
    )


@kept_with_snapshot(16)
def actor_types(snapshot: Snapshot, language: str) -> tuple[filters.Choice, ...]:
    """Return the types of the actors that take part in anything, by name."""
    projection = project(snapshot)
    kinds = {
        kind
        for actors in projection.participants.values()
        for actor in actors
        for kind in projection.actors.get(actor, frozenset())
        if kind.startswith(ACTOR_TYPE)
    }
    found = (
        filters.Choice(kind.removeprefix(ACTOR_TYPE), projected(projection, kind, language)) for kind in kinds
    )
    return tuple(sorted(found, key=lambda choice: choice.name.text.casefold()))


def table(found: Found, language: str) -> tuple[list[str], Iterator[list[str]]]:
    """Return the header and all rows, as the page shows them."""
    return header(language), (_cells(row, language) for row in found.rows)


def header(language: str) -> list[str]:
    """Return the names of the columns."""
    _ = translations(language).gettext
    return [
        _("Intervention"), _("Who"), _("Where"), _("Theme"), _("Minerals"), _("Dates"), _("State"), _("Source"),
    ]  # fmt: skip


def as_dict(found: Found) -> dict[str, object]:
    """Return everything by name, for programs: IRIs beside names."""
    return {
        "as_of": found.as_of,
        "latest_covered": found.latest,
        "total": len(found.rows),
        "interventions": [
            {
                "iri": row.iri,
                "name": row.name.text,
                "who": [
                    {"actor": one.name.text, "roles": [role.text for role in one.roles]} for one in row.who
                ],
                "where": [name.text for name in row.where],
                "themes": [name.text for name in row.themes],
                "minerals": [name.text for name in row.minerals],
                "dates": row.dates or None,
                "state": row.state,
                "source": {"title": row.source.text or None, "page": row.source.href or None},
                "address": row.name.href,
            }
            for row in found.rows
        ],
    }


@kept_with_snapshot(4)
def _details(snapshot: Snapshot) -> _Details:
    minerals: dict[str, set[str]] = defaultdict(set)
    for row in select.select(snapshot, "page-minerals"):
        minerals[row["intervention"] or ""].add(row["mineral"] or "")
    roles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in select.select(snapshot, "page-roles"):
        if row["role"]:
            roles[row["actor"] or "", row["intervention"] or ""].add(row["role"])
    return _Details(minerals, roles)


def _fits(
    projection: Projection, one: Intervention, asked: Asked, place: str | None, theme: str | None
) -> bool:
    if place is not None and not any(projection.lies_in(area, place) for area in one.places):
        return False
    if theme is not None and one.themes.isdisjoint(projection.types_of(theme)):
        return False
    actors = projection.participants.get(one.iri, frozenset())
    if asked.actor_type:
        wanted = ACTOR_TYPE + asked.actor_type
        if not any(wanted in projection.actors.get(actor, frozenset()) for actor in actors):
            return False
    words = asked.text.casefold().split()
    if not words:
        return True
    texts = [label for iri in (one.iri, *actors) for label in projection.labels.get(iri, {}).values()]
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in words)


def _row(projection: Projection, details: _Details, one: Intervention, as_of: dt.date, language: str) -> Row:
    def names(iris: object) -> tuple[Name, ...]:
        assert isinstance(iris, frozenset | set)
        found = (projected(projection, iri, language) for iri in iris)
        return tuple(sorted(found, key=lambda name: name.text.casefold()))

    parties = (
        Party(projected(projection, actor, language), names(details.roles.get((actor, one.iri), set())))
        for actor in projection.participants.get(one.iri, frozenset())
    )
    citation = projection.citations.get(one.iri)
    page = address(citation.page) if citation else ""
    return Row(
        one.iri,
        projected(projection, one.iri, language),
        tuple(sorted(parties, key=lambda party: party.name.text.casefold())),
        names(one.places),
        names(one.themes),
        names(details.minerals.get(one.iri, set())),
        one.dates,
        one.state(as_of),
        Name((citation.title or citation.page) if citation else "", "", page),
    )


def _sorted(rows: list[Row], interventions: list[Intervention], sort: str) -> tuple[Row, ...]:
    """Sort; rows that lack what is sorted by come last in either direction."""
    begun = {one.iri: one.start.isoformat() if one.start else "" for one in interventions}
    states = list(STATES)

    def value(row: Row) -> str:
        match sort.removeprefix("-"):
            case "who":
                return row.who[0].name.text.casefold() if row.who else ""
            case "where":
                return row.where[0].text.casefold() if row.where else ""
            case "dates":
                return begun[row.iri]
            case "state":
                return str(states.index(row.state))
            case _:
                return row.name.text.casefold()

    by_name = sorted(rows, key=lambda row: (row.name.text.casefold(), row.iri))
    present = sorted((row for row in by_name if value(row)), key=value, reverse=sort.startswith("-"))
    return (*present, *(row for row in by_name if not value(row)))


def _cells(row: Row, language: str) -> list[str]:
    gettext = translations(language).gettext
    return [
        row.name.text,
        "; ".join(
            f"{one.name.text}: {', '.join(role.text for role in one.roles)}" if one.roles else one.name.text
            for one in row.who
        ),
        "; ".join(name.text for name in row.where),
        "; ".join(name.text for name in row.themes),
        "; ".join(name.text for name in row.minerals),
        row.dates,
        gettext(STATES[row.state]),
        f"{row.source.text} <{row.source.href}>" if row.source.href else row.source.text,
    ]
