"""What a reader may filter by: place, theme and day, and the choices that a form offers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from api.routes.names import Name, projected
from asmgraph.analysis import coverage
from asmgraph.analysis.gaps import LATEST_COVERED
from asmgraph.analysis.projection import Projection, project
from asmgraph.errors import NotFoundError
from asmgraph.records import ID, VOCAB
from asmgraph.store.snapshots import Snapshot

SCHEMES = ("intervention-type", "challenge")


@dataclass(frozen=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    name: Name


@lru_cache(maxsize=16)
def places(snapshot: Snapshot, language: str) -> tuple[Choice, ...]:
    """Return the countries in which needs or interventions are recorded, by name."""
    projection = project(snapshot)
    recorded = {place for one in projection.interventions.values() for place in one.places}
    recorded |= {need.place for need in projection.needs}
    countries = {country for place in recorded if (country := projection.country(place))}
    found = (
        Choice(iri.removeprefix(ID + "place/"), projected(projection, iri, language)) for iri in countries
    )
    return tuple(sorted(found, key=lambda choice: (choice.name.text.casefold(), choice.value)))


@lru_cache(maxsize=16)
def themes(snapshot: Snapshot, language: str) -> dict[str, tuple[Choice, ...]]:
    """Return the concepts of each of :data:`SCHEMES`, by name; challenges by code."""
    projection = project(snapshot)
    found: dict[str, list[Choice]] = {scheme: [] for scheme in SCHEMES}
    for iri in projection.addresses:
        scheme, _, slug = iri.removeprefix(VOCAB).partition("/")
        if scheme in found and slug:
            name = projected(projection, iri, language)
            if scheme == "challenge":
                name = Name(f"{slug} · {name.text}", name.lang, name.href)
            found[scheme].append(Choice(slug, name))
    return {
        scheme: tuple(sorted(listed, key=lambda one: one.name.text.casefold()))
        for scheme, listed in found.items()
    }


def theme(projection: Projection, text: str) -> str:
    """Return the IRI of an intervention type or challenge given by slug or IRI.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    for candidate in (text, *(f"{VOCAB}{scheme}/{text}" for scheme in SCHEMES)):
        if candidate in projection.addresses:
            return candidate
    known = sorted(iri.rsplit("/", 1)[-1] for iri in projection.addresses if iri.startswith(_prefixes()))
    raise NotFoundError(f"There is no theme {text!r}.", f"Themes: {', '.join(known)}.")


def day(projection: Projection, text: str, place: str | None) -> dt.date:
    """Return the day asked for; the day of publication where none is, or where no day is covered.

    Raises
    ------
    NotFoundError
        If the text is no date.
    """
    if not text:
        return projection.published
    if text == LATEST_COVERED:
        return coverage.latest_covered(projection, place) or projection.published
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise NotFoundError(f"{text!r} is not a date.", f"Give YYYY-MM-DD or {LATEST_COVERED}.") from None


def _prefixes() -> tuple[str, ...]:
    return tuple(f"{VOCAB}{scheme}/" for scheme in SCHEMES)
