"""The choices that a form offers for place and theme."""

from __future__ import annotations

from dataclasses import dataclass

from api.routes.names import Name, projected
from asmgraph.analysis.projection import project
from asmgraph.analysis.scope import THEME_SCHEMES, short
from asmgraph.records import ID, VOCAB
from asmgraph.store.snapshots import Snapshot, kept_with_snapshot


@dataclass(frozen=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    name: Name


@kept_with_snapshot(16)
def places(snapshot: Snapshot, language: str) -> tuple[Choice, ...]:
    """Return the countries in which needs or interventions are recorded, by name."""
    projection = project(snapshot)
    recorded = {place for one in projection.interventions.values() for place in one.places}
    recorded |= {need.place for need in projection.needs}
    countries = frozenset[str]().union(*map(projection.countries, recorded))
    found = (
        Choice(iri.removeprefix(ID + "place/"), projected(projection, iri, language)) for iri in countries
    )
    return tuple(sorted(found, key=lambda choice: (choice.name.text.casefold(), choice.value)))


@kept_with_snapshot(16)
def themes(snapshot: Snapshot, language: str) -> dict[str, tuple[Choice, ...]]:
    """Return the recorded concepts of each of :data:`THEME_SCHEMES`, by name; challenges by code."""
    projection = project(snapshot)
    found: dict[str, list[Choice]] = {scheme: [] for scheme in THEME_SCHEMES}
    recorded = {need.challenge for need in projection.needs}
    for intervention in projection.interventions.values():
        recorded |= intervention.themes | projection.answers(intervention)
    for iri in recorded:
        scheme, _, slug = iri.removeprefix(VOCAB).partition("/")
        if scheme in found and slug:
            name = projected(projection, iri, language)
            if scheme == "challenge":
                name = Name(f"{slug} · {name.text}", name.lang, name.href)
            found[scheme].append(Choice(short(iri), name))
    return {
        scheme: tuple(sorted(listed, key=lambda one: one.name.text.casefold()))
        for scheme, listed in found.items()
    }
