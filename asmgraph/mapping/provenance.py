"""Describe a version's graph in the graph itself: publisher, licence, checksum, retrieval, run, coverage.

Follows DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/) and PROV-O (https://www.w3.org/TR/prov-o/).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from asmgraph.descriptions import Coverage, Source
from asmgraph.mapping.lookups import lookup_iri
from asmgraph.mapping.terms import XSD, escaped
from asmgraph.records import GRAPH, WEB_ADDRESS, Sensitivity
from asmgraph.terms import ASM, COVERAGE_FOUND, COVERAGE_SUBJECT, SENSITIVITY

_DCTERMS = "http://purl.org/dc/terms/"
_PROV = "http://www.w3.org/ns/prov#"
_DCAT = "http://www.w3.org/ns/dcat#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@dataclass(frozen=True)
class Version:
    """One version of a source: which bytes, read when, by which software."""

    source: str
    version: str
    checksum: str
    read_at: dt.datetime
    software: str

    def graph(self, level: Sensitivity) -> str:
        """Return the IRI of the part of the version's graph that holds statements of this sensitivity."""
        base = f"{GRAPH}{self.source}/{self.version}"
        return base if level is Sensitivity.PUBLIC else f"{base}/{level}"

    @property
    def run(self) -> str:
        """Return the IRI of the run that wrote the version."""
        return f"{GRAPH}{self.source}/{self.version}/run"


def describe(source: Source, version: Version, level: Sensitivity) -> list[str]:
    """Return the N-Triples lines that describe one part of a version's graph."""
    graph = version.graph(level)
    run = version.run
    read_at = _typed(version.read_at.isoformat(), "dateTime")
    retrieved = _typed(source.retrieved.isoformat(), "date") if source.retrieved else read_at
    licence = _iri(source.licence) if re.fullmatch(WEB_ADDRESS, source.licence) else _text(source.licence)
    lines = [
        (graph, _TYPE, _iri(ASM.SourceGraph)),
        (graph, _TYPE, _iri(_DCAT + "Dataset")),
        (graph, _DCTERMS + "title", _text(source.title, "en")),
        (graph, _LABEL, _text(source.title, "en")),
        (graph, _DCTERMS + "identifier", _text(source.name)),
        (graph, _DCTERMS + "publisher", _text(source.publisher)),
        (graph, _DCTERMS + "license", licence),
        (graph, _DCAT + "landingPage", _iri(source.url)),
        (graph, _DCAT + "version", _text(version.version)),
        (graph, ASM.checksum, _text(f"sha256:{version.checksum}")),
        (graph, ASM.retrievedAt, retrieved),
        (graph, ASM.sensitivity, _iri(SENSITIVITY[level])),
        (graph, _PROV + "generatedAtTime", read_at),
        (graph, _PROV + "wasGeneratedBy", _iri(run)),
        (run, _TYPE, _iri(ASM.PipelineRun)),
        (run, _LABEL, _text(f"Ingestion of {source.name} {version.version}", "en")),
        (run, _PROV + "endedAtTime", read_at),
        (run, ASM.softwareVersion, _text(version.software)),
    ]
    for key, value in (("description", source.description), ("bibliographicCitation", source.attribution)):
        if value:
            lines.append((graph, _DCTERMS + key, _text(value, "en")))
    if level is source.sensitivity:
        for number, coverage in enumerate(source.coverage, start=1):
            lines += _coverage(coverage, f"{graph}/coverage/{number}", graph)
    return [f"<{subject}> <{predicate}> {value} ." for subject, predicate, value in lines]


def _coverage(coverage: Coverage, node: str, graph: str) -> list[tuple[str, str, str]]:
    lines = [
        (node, _TYPE, _iri(ASM.CoverageStatement)),
        (node, ASM.aboutSource, _iri(graph)),
        (node, ASM.covers, _iri(COVERAGE_SUBJECT[coverage.covers])),
        (node, ASM.found, _iri(COVERAGE_FOUND[coverage.found])),
    ]
    for predicate, thing in zip(("place", "theme"), pointed_at(coverage), strict=True):
        if thing:
            lines.append((node, ASM[predicate], _iri(thing)))
    kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
    for predicate, value in (("startDate", coverage.start), ("endDate", coverage.end)):
        if value:
            lines.append((node, ASM[predicate], _typed(value, kinds.get(len(value), "date"))))
    return lines


def pointed_at(coverage: Coverage) -> tuple[str, str]:
    """Return the IRIs of the place and the theme of a coverage statement, empty where it names none."""
    place = coverage.place or ""
    if place and "/" not in place:
        place = f"place/{place}"
    return lookup_iri(place) if place else "", lookup_iri(coverage.theme) if coverage.theme else ""


def _iri(value: str) -> str:
    return f"<{value}>"


def _text(value: str, language: str = "") -> str:
    return f'"{escaped(value.strip())}"' + (f"@{language}" if language else "")


def _typed(value: str, kind: str) -> str:
    return f'"{value}"^^<{XSD}{kind}>'
