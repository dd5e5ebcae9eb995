"""Invented visits to invented sites, as an RDF source of any sensitivity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from asmgraph import pipeline, settings
from asmgraph.records import ASM, ID, VOCAB
from asmgraph.settings import Settings

PREFIXES = (
    f"@prefix asm: <{ASM}> . @prefix id: <{ID}> . @prefix vocab: <{VOCAB}> . "
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix dcterms: <http://purl.org/dc/terms/> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . "
    '<https://w3id.org/asmgraph/id/source/closed> a asm:SourceDocument ; rdfs:label "Invented visits"@en ; '
    'asm:accessed "2026-01-01"^^xsd:date . '
)


@dataclass(frozen=True)
class Visit:
    """One visit of one site; ``more`` are further Turtle statements of the visit, each with its semicolon."""

    site: str
    place: str = "CD-SK"
    date: str = "2015-03-02"
    mineral: str = "gold"
    more: str = ""


def turtle(visits: Iterable[Visit]) -> str:
    lines = [PREFIXES]
    for visit in visits:
        slug = f"{visit.site}-{visit.date}"
        lines.append(
            f'<{ID}site/{visit.site}> a asm:MineSite ; rdfs:label "Site {visit.site}" ; '
            f'asm:within <{ID}place/{visit.place}> ; asm:adminName "Village of {visit.site}" ; '
            f"dcterms:source <{ID}source/closed> ."
        )
        lines.append(
            f'<{ID}visit/{slug}> a asm:SiteVisit ; rdfs:label "Visit of {visit.site}" ; '
            f'asm:site <{ID}site/{visit.site}> ; asm:date "{visit.date}"^^xsd:date ; '
            f"asm:mineral <{VOCAB}mineral/{visit.mineral}> ; {visit.more} dcterms:source <{ID}source/closed> ."
        )
    return "\n".join(lines)


def ingest(home: Path, name: str, text: str, sensitivity: str) -> Settings:
    """Describe and stage a source of Turtle text."""
    folder = home / "sources" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.yml").write_text(
        f"name: {name}\ntitle: A source called {name}\npublisher: The tests\nlicence: CC0-1.0\n"
        f"url: https://example.org/{name}\nformat: rdf\n"
        + (f"sensitivity: {sensitivity}\n" if sensitivity else "")
    )
    (folder / "data.ttl").write_text(text)
    chosen = settings.load(home=home)
    pipeline.ingest(chosen, name, folder / "data.ttl", accept_loss=True)
    return chosen
