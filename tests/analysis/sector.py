"""A small sector in a few lines: written as Turtle, ingested and published for real."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from asmgraph import pipeline, settings
from asmgraph.analysis import GapSet, Parameters, find_gaps
from asmgraph.records import VOCAB
from asmgraph.store import snapshots

PREFIXES = """
@prefix asm: <https://w3id.org/asmgraph/ontology#> .
@prefix id: <https://w3id.org/asmgraph/id/> .
@prefix actor: <https://w3id.org/asmgraph/id/actor/> .
@prefix intervention: <https://w3id.org/asmgraph/id/intervention/> .
@prefix place: <https://w3id.org/asmgraph/id/place/> .
@prefix challenge: <https://w3id.org/asmgraph/vocab/challenge/> .
@prefix impact: <https://w3id.org/asmgraph/vocab/impact/> .
@prefix theme: <https://w3id.org/asmgraph/vocab/intervention-type/> .
@prefix tie: <https://w3id.org/asmgraph/vocab/tie-kind/> .
@prefix kind: <https://w3id.org/asmgraph/vocab/actor-type/> .
@prefix group: <https://w3id.org/asmgraph/vocab/population-group/> .
@prefix value: <https://w3id.org/asmgraph/vocab/value-kind/> .
@prefix role: <https://w3id.org/asmgraph/vocab/participation-role/> .
@prefix item: <https://w3id.org/asmgraph/id/knowledge/> .
@prefix policy: <https://w3id.org/asmgraph/id/policy/> .
@prefix study: <https://w3id.org/asmgraph/id/study/> .
@prefix vocab: <https://w3id.org/asmgraph/vocab/> .
@prefix cito: <http://purl.org/spar/cito/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/asmgraph/id/source/test> a asm:SourceDocument ; rdfs:label "A test page"@en ;
    foaf:page <https://example.org/page> ; asm:accessed "2026-01-01"^^xsd:date .
"""
_SOURCE = "dcterms:source <https://w3id.org/asmgraph/id/source/test>"
ALL = [{"covers": subject, "found": "all"} for subject in ("actors", "participations", "ties", "needs")]
WRITTEN = [{"covers": subject, "found": "all"} for subject in ("studies", "policy-citations")]


@cache
def _reference() -> Path:
    """A home in which the vocabulary and the places are staged; made once a session."""
    folder = Path(tempfile.mkdtemp(prefix="asmgraph-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in pipeline.REFERENCE:
        pipeline.ingest(settings.load(home=folder / "home"), name)
    return folder / "home"


def date(text: str) -> str:
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(text)]
    return f'"{text}"^^xsd:{kind}'


@dataclass
class Sector:
    """Collects statements; :meth:`publish` makes a home of them."""

    turtle: list[str] = field(default_factory=list)
    coverage: list[dict[str, str]] = field(default_factory=lambda: list(ALL))
    _actors: set[str] = field(default_factory=set)

    def actor(self, slug: str, kind: str = "Organisation", more: str = "") -> None:
        if slug not in self._actors:
            self._actors.add(slug)
            self.turtle.append(
                f'id:actor\\/{slug} a asm:{kind} ; rdfs:label "{slug.upper()}" ; {more}{_SOURCE} .'
            )

    def intervention(
        self,
        slug: str,
        actors: str,
        places: str,
        themes: str,
        start: str = "",
        end: str = "",
        planned: str = "",
    ) -> None:
        """Add an intervention; ``actors``, ``places`` and ``themes`` are slugs separated by spaces."""
        parts = [f'intervention:{slug} a asm:Intervention ; rdfs:label "{slug}"']
        parts += [f"asm:place place:{place}" for place in places.split()]
        parts += [f"asm:theme theme:{theme}" for theme in themes.split()]
        dates = (("startDate", start), ("endDate", end), ("plannedEndDate", planned))
        parts += [f"asm:{name} {date(text)}" for name, text in dates if text]
        self.turtle.append(" ; ".join([*parts, _SOURCE]) + " .")
        for actor in actors.split():
            self.actor(actor)
            self.turtle.append(
                f'id:participation\\/{slug}--{actor} a asm:Participation ; rdfs:label "{actor} in {slug}" ; '
                f"asm:participant actor:{actor} ; asm:participatesIn intervention:{slug} ; "
                f"asm:role role:implementing ; {_SOURCE} ."
            )

    def tie(self, a: str, b: str, kind: str = "partnership") -> None:
        self.turtle.append(
            f'id:tie\\/{a}--{b} a asm:CoordinationTie ; rdfs:label "{a} and {b}" ; asm:party actor:{a}, actor:{b} ; '
            f"asm:tieKind tie:{kind} ; {_SOURCE} ."
        )

    def network(
        self, ties: Iterable[tuple[str, str]], kinds: Mapping[str, str] | None = None, theme: str = "mercury"
    ) -> None:
        """Add actors that each do something of their own on one theme in one country, and the ties between them.

        ``kinds`` are types of actors by slug; those that have none there, or are of ``ties`` alone, are donors.
        """
        pairs, of = list(ties), kinds or {}
        for slug in dict.fromkeys([*of, *(end for pair in pairs for end in pair)]):
            self.actor(slug, more=f"asm:actorType kind:{of.get(slug, 'donor')} ; ")
            self.intervention(f"own-{slug}", slug, "COD", theme, "2020", "2024")
        for one, other in pairs:
            self.tie(one, other)

    def need(self, slug: str, place: str, challenge: str, year: str = "", impact: str = "") -> None:
        """Add a need of a challenge or, where ``challenge`` is empty, of an impact."""
        of = f"asm:challenge challenge:{challenge}" if challenge else f"asm:impact impact:{impact}"
        dated = f"asm:date {date(year)} ; " if year else ""
        self.turtle.append(
            f'id:need\\/{slug} a asm:Need ; rdfs:label "{slug}" ; asm:statement "{slug} is needed" ; '
            f"asm:place place:{place} ; {of} ; {dated}{_SOURCE} ."
        )

    def sized_need(
        self,
        slug: str,
        place: str,
        challenge: str,
        year: str,
        size: str,
        group: str = "",
        unit: str = "people",
    ) -> None:
        """Add a need of ``size``: a number, or the lowest and the highest one separated by a hyphen."""
        self.need(slug, place, challenge, year)
        low, _, high = size.partition("-")
        bounds = f"asm:lower {low}.0 ; asm:upper {high}.0" if high else f"asm:value {low}.0"
        whose = "".join(f" ; asm:populationGroup group:{one}" for one in group.split())
        self.turtle.append(f'id:need\\/{slug} {bounds} ; asm:unit "{unit}"{whose} .')

    def reach(
        self,
        intervention: str,
        people: str,
        group: str = "",
        place: str = "",
        when: str = "",
        *,
        kind: str = "actual",
        unit: str = "people",
        number: int = 1,
    ) -> None:
        """Add a figure that a result of an intervention reached so many; ``when``: start and end after a space."""
        result = f"{intervention}-{number}"
        parts = [f'id:indicator-value\\/{result} a asm:IndicatorValue ; rdfs:label "{result}"']
        parts += [f"asm:result id:result\\/{result}", "asm:indicator id:indicator\\/reached"]
        parts += [f"asm:valueKind value:{kind}", f"asm:value {people}.0", f'asm:unit "{unit}"']
        parts += [f"asm:populationGroup group:{one}" for one in group.split()]
        parts += [f"asm:place place:{one}" for one in place.split()]
        parts += [
            f"asm:{name} {date(text)}"
            for name, text in zip(("startDate", "endDate"), when.split(), strict=False)
        ]
        self.turtle += [
            'id:indicator\\/reached a asm:Indicator ; rdfs:label "reached" .',
            f'id:result\\/{result} a asm:Result ; rdfs:label "{result}" ; '
            f"asm:resultOf intervention:{intervention} ; {_SOURCE} .",
            " ; ".join([*parts, _SOURCE]) + " .",
        ]

    def thing(self, iri: str, kind: str, **said: str) -> None:
        """Add a thing with properties of this project; values are Turtle, several separated by spaces."""
        parts = [f'{iri} a asm:{kind} ; rdfs:label "{re.split("[:/]", iri)[-1]}"']
        parts += [f"asm:{name} {', '.join(values.split())}" for name, values in said.items() if values]
        self.turtle.append(" ; ".join([*parts, _SOURCE]) + " .")

    def group(self, slug: str, place: str, control: str = "members", more: str = "") -> None:
        """Add a miners' group, with who controls it, if anybody says so."""
        controlled = f"asm:controlledBy <{VOCAB}controlled-by/{control}> ; " if control else ""
        kind = f"asm:actorType <{VOCAB}actor-type/miners-association> ; "
        self.actor(slug, "MinerGroup", f"asm:basedIn place:{place} ; {controlled}{kind}{more}")

    def body(self, slug: str, place: str, kind: str = "government") -> None:
        """Add an actor of a kind, by default a public body."""
        self.actor(slug, more=f"asm:basedIn place:{place} ; asm:actorType <{VOCAB}actor-type/{kind}> ; ")

    def flow(self, slug: str, stage: str = "received", **said: str) -> None:
        """Add a flow of knowledge."""
        named = {} if "knowledgeItem" in said else {"knowledgeName": f'"{slug}"'}
        step = f"<{VOCAB}uptake-stage/{stage}>"
        self.thing(f"id:knowledge-flow\\/{slug}", "KnowledgeFlow", uptakeStage=step, **named, **said)

    def publish(self, folder: Path, name: str = "sector") -> snapshots.Snapshot:
        """Ingest the sector as a source of the home below ``folder``, publish, return the public snapshot."""
        home = folder / "home"
        if not home.exists():
            shutil.copytree(_reference(), home)
        source = home / "sources" / name
        source.mkdir(parents=True)
        described = {
            "name": name,
            "title": "A sector made for a test",
            "publisher": "The tests",
            "licence": "CC0-1.0",
            "url": "https://example.org/",
            "format": "rdf",
            "sensitivity": "public",
            "coverage": self.coverage,
        }
        (source / "source.yml").write_text(yaml.safe_dump(described))
        (source / f"{name}.ttl").write_text(PREFIXES + "\n".join(self.turtle), encoding="utf-8")
        chosen = settings.load(home=home)
        report = pipeline.ingest(chosen, name, source / f"{name}.ttl")
        assert not report.refused, report.refused
        return pipeline.publish(chosen).snapshot


def pairs(found: GapSet) -> set[str]:
    """Return the pairs of a result as 'a b', by slug."""
    return {
        " ".join(sorted(iri.rsplit("/", 1)[-1] for iri in gap.actors))
        for gap in found.gaps
        if gap.kind == "co-presence"
    }


def needs(found: GapSet) -> set[str]:
    """Return the unserved needs of a result as 'PLACE CHALLENGE'."""
    rows = [gap for gap in found.gaps if gap.kind == "unserved-need"]
    return {f"{gap.place.rsplit('/', 1)[-1]} {gap.theme.rsplit('/', 1)[-1]}" for gap in rows}


def rows(found: GapSet, kind: str) -> list[tuple[str, str]]:
    """Return place and theme of the rows of a kind, by slug, in order."""
    gaps = [gap for gap in found.gaps if gap.kind == kind]
    return [(gap.place.rsplit("/", 1)[-1], gap.theme.rsplit("/", 1)[-1]) for gap in gaps]


def one_overlap(sector: Sector, folder: Path, **given: object) -> GapSet:
    """Return the pairs that share one place and theme or more."""
    chosen = Parameters(kind="co-presence", min_overlap=1, **given)  # type: ignore[arg-type]
    return find_gaps(sector.publish(folder), chosen)
