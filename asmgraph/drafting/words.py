"""Match a source's own words with what the vocabularies and the shipped places call things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

import polars as pl
from rdflib import RDF, SKOS

from asmgraph import resources
from asmgraph.drafting.headings import folded
from asmgraph.ontology import files
from asmgraph.records import VOCAB

SCHEMES: Mapping[str, tuple[str, ...]] = {
    "theme": ("intervention-type", "challenge", "impact"),
    "type": ("actor-type",),
    "status": ("activity-status",),
    "role": ("participation-role",),
    "mineral": ("mineral",),
}
"""The vocabularies that the values of a column of this role may be of."""
LEVELS: Mapping[str, tuple[str, ...]] = {"country": ("0",), "adm1": ("1",), "area": ("1", "2", "3", "4", "")}
"""The administrative levels of columns that name places; empty for places of no known level."""


def matched(role: str, values: Iterable[str]) -> dict[str, str]:
    """Return the targets of the values that are known words of a role's vocabularies or places, as in a lookup."""
    targets = known(role)
    return {value: targets[key] for value in values if (key := folded(value)) in targets}


def known(role: str) -> Mapping[str, str]:
    """Return the targets of all known words of a role, folded."""
    return places(LEVELS[role]) if role in LEVELS else concepts(SCHEMES.get(role, ()))


@cache
def concepts(schemes: tuple[str, ...]) -> Mapping[str, str]:
    """Return ``{scheme}/{concept}`` by every name of a concept, folded; the first scheme that has a name counts."""
    found: dict[str, str] = {}
    for scheme in schemes:
        graph = files.vocabulary(scheme)
        for concept in sorted(graph.subjects(RDF.type, SKOS.Concept), key=str):
            target = str(concept).removeprefix(VOCAB)
            names = [target.rsplit("/", 1)[-1]]
            for predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.notation):
                names += [str(name) for name in graph.objects(concept, predicate)]
            for name in names:
                found.setdefault(folded(name), target)
    return found


@cache
def places(levels: tuple[str, ...]) -> Mapping[str, str]:
    """Return ``place/{slug}`` by every name and code of the shipped places of some levels, but not of names shared."""
    table = pl.read_csv(resources.catalogue() / "places" / "places.csv", infer_schema=False)
    found: dict[str, set[str]] = defaultdict(set)
    for row in table.filter(pl.col("level").fill_null("").is_in(list(levels))).iter_rows(named=True):
        names = [row[name] for name in row if name.startswith("name_")] + (row.get("alt_names") or "").split(
            ";"
        )
        for name in (
            *names,
            row["slug"],
            row.get("notation"),
            row.get("iso3") if row["level"] == "0" else None,
        ):
            if name and folded(name):
                found[folded(name)].add(row["slug"])
    return {name: f"place/{slugs.pop()}" for name, slugs in found.items() if len(slugs) == 1}
