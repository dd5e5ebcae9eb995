"""A mapping that joins two tables, through the whole line: rows that are refused are not linked to."""

from __future__ import annotations

from pathlib import Path

from asmgraph import pipeline
from asmgraph.settings import Settings, load

SOURCE = """
name: joined
title: Two tables
publisher: The tests
licence: CC0-1.0
url: https://example.org/
format: csv
sensitivity: public
tables:
  organisations:
    key: [code]
    columns:
      code: { type: identifier, required: true }
      name: { required: true }
      site: { type: iri }
  projects:
    key: [code]
    columns:
      code: { type: identifier, required: true }
      title: { required: true }
      reporter: {}
"""
MAPPING = """
prefixes:
  asm: https://w3id.org/asmgraph/ontology#
  id: https://w3id.org/asmgraph/id/
  asmfn: https://w3id.org/asmgraph/function#
sources: { organisations: {}, projects: {} }
mappings:
  document:
    sources: projects
    subjects: id:source/joined
    predicateobjects:
      - [a, asm:SourceDocument]
      - [rdfs:label, Two tables]
      - [asm:accessed, '2026-01-01', xsd:date]
  organisation:
    sources: organisations
    subjects:
      function: asmfn:concat
      parameters:
        - [value, https://w3id.org/asmgraph/id/actor/joined]
        - [value, asmfn:slug(value=$(name))]
        - [separator, '-']
    predicateobjects:
      - [a, asm:Organisation]
      - [rdfs:label, $(name)]
      - [dcterms:source, id:source/joined~iri]
  project:
    sources: projects
    subjects: id:intervention/joined-$(code)
    predicateobjects:
      - [a, asm:Intervention]
      - [rdfs:label, $(title)]
      - [dcterms:source, id:source/joined~iri]
      - predicates: asm:reportedBy
        objects: { mapping: organisation, condition: 'equal(str1=$(reporter), str2=$(code))' }
"""


def _staged(settings: Settings, folder: Path) -> tuple[list[str], list[tuple[str, int]]]:
    home = settings.home / "sources" / "joined"
    home.mkdir(parents=True)
    (home / "source.yml").write_text(SOURCE, encoding="utf-8")
    (home / "mapping.yml").write_text(MAPPING, encoding="utf-8")
    report = pipeline.ingest(settings, "joined", folder)
    text = settings.home / "staging" / "joined" / report.version / "public.nt"
    links = [line for line in text.read_text(encoding="utf-8").splitlines() if "reportedBy" in line]
    return links, [(refusal.table, refusal.row) for refusal in report.refused]


def test_rows_are_linked_across_files_but_not_to_refused_ones(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "organisations.csv").write_text(
        "code,name,site\no1,Aide Exemple,https://example.org/\no2,Refused,no address\n", encoding="utf-8"
    )
    (folder / "projects.csv").write_text(
        "code,title,reporter\np1,One,o1\np2,Two,o2\np3,Three,o9\np4,Four,\n", encoding="utf-8"
    )
    links, refused = _staged(load(home=tmp_path / "home"), folder)
    base = "https://w3id.org/asmgraph"
    assert links == [
        f"<{base}/id/intervention/joined-p1> <{base}/ontology#reportedBy> <{base}/id/actor/joined-aide-exemple> ."
    ]
    assert refused == [("organisations", 2)]
