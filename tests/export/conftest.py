"""A published home that holds, beside the starter data, sites on the map, hostile names and what is confidential."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from asmgraph import pipeline, settings

CONFIDENTIAL = "CONFIDENTIAL-77d1"
SOURCE = """\
name: survey
title: An invented survey of mine sites
publisher: The invented institute
licence: not stated
url: https://example.org/survey
retrieved: 2026-01-14
format: csv
sensitivity: public
coverage:
  - { covers: actors, found: some, place: COD, from: '2019', to: '2021-06' }
tables:
  sites:
    file: sites.csv
    key: [code]
    columns:
      code: { type: identifier }
      name: {}
      lat: { type: decimal, on_error: keep }
      long: { type: decimal, on_error: keep }
      visited: { type: date }
      guard: { sensitivity: confidential }
"""
MAPPING = """\
prefixes:
  asm: https://w3id.org/asmgraph/ontology#
  id: https://w3id.org/asmgraph/id/
  rdfs: http://www.w3.org/2000/01/rdf-schema#
  dcterms: http://purl.org/dc/terms/
  wgs: http://www.w3.org/2003/01/geo/wgs84_pos#
  foaf: http://xmlns.com/foaf/0.1/
  asmfn: https://w3id.org/asmgraph/function#
sources:
  sites: { access: sites, referenceFormulation: csv }
mappings:
  document:
    sources: sites
    subjects: id:source/survey
    predicateobjects:
      - [a, asm:SourceDocument]
      - [rdfs:label, "The survey's web page", en~lang]
      - [foaf:page, https://example.org/survey~iri]
      - [asm:accessed, '2026-01-14', xsd:date]
  site:
    sources: sites
    subjects: id:site/survey-$(code)
    predicateobjects:
      - [a, asm:MineSite]
      - [rdfs:label, $(name)]
      - [dcterms:identifier, $(code)]
      - [dcterms:source, id:source/survey~iri]
      - [asm:within, id:place/COD~iri]
      - [wgs:lat, 'asmfn:number(asmfn:value=$(lat))']
      - [wgs:long, 'asmfn:number(asmfn:value=$(long))']
      - [asm:exactness, 'https://w3id.org/asmgraph/vocab/exactness/approximate~iri']
      - [asm:adminName, $(guard)]
  visit:
    sources: sites
    subjects: id:visit/survey-$(code)
    predicateobjects:
      - [a, asm:SiteVisit]
      - [rdfs:label, $(name)]
      - [dcterms:source, id:source/survey~iri]
      - [asm:site, id:site/survey-$(code)~iri]
      - [asm:date, 'asmfn:date(asmfn:value=$(visited))']
"""
SITES = f"""\
code,name,lat,long,visited,guard
s1,"=HYPERLINK(""http://evil.example"")",-4.5,28.25,2020-03-04,{CONFIDENTIAL}
s2,@Second site,1.5,30,2021,{CONFIDENTIAL}
s3,Third site,2.5,29.5,2019-11,
"""


@pytest.fixture(scope="session")
def survey_home(starter_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("survey") / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    folder = home / "sources" / "survey"
    folder.mkdir(parents=True)
    for name, text in (("source.yml", SOURCE), ("mapping.yml", MAPPING), ("sites.csv", SITES)):
        (folder / name).write_text(text, encoding="utf-8")
    chosen = settings.load(home=home)
    report = pipeline.ingest(chosen, "survey")
    assert not report.refused, report.refused
    pipeline.publish(chosen)
    return home
