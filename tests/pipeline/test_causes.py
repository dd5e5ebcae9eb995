"""A row that a shape refuses because a cell could not be read is named with that cell."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from asmgraph import pipeline, settings
from asmgraph.export import geojson
from asmgraph.export.things import Reader
from asmgraph.records import Refusal
from asmgraph.validation.report import Report

SOURCE = """
name: points
title: Points
publisher: The tests
licence: CC0-1.0
url: https://example.org/
format: csv
sensitivity: public
tables:
  rows:
    file: points.csv
    columns:
      site: {}
      lat: { type: decimal, on_error: keep }
      long: { type: decimal, on_error: keep }
      mineral: { lookup: [mineral] }
lookups:
  mineral: { Or: mineral/gold }
"""
MAPPING = """
prefixes:
  asm: https://w3id.org/asmgraph/ontology#
  id: https://w3id.org/asmgraph/id/
  rdfs: http://www.w3.org/2000/01/rdf-schema#
  dcterms: http://purl.org/dc/terms/
  wgs: http://www.w3.org/2003/01/geo/wgs84_pos#
  asmfn: https://w3id.org/asmgraph/function#
sources: { rows: { access: rows, referenceFormulation: csv } }
mappings:
  page:
    sources: rows
    subjects: id:source/points
    predicateobjects: [[a, asm:SourceDocument], [rdfs:label, Points], [asm:accessed, '2026-01-01', xsd:date]]
  site:
    sources: rows
    subjects: id:site/$(site)
    predicateobjects:
      - [a, asm:MineSite]
      - [rdfs:label, $(site)]
      - [wgs:lat, $(lat), xsd:decimal]
      - [wgs:long, $(long), xsd:decimal]
      - [asm:mineral, "asmfn:lookup(table=mineral, value=$(mineral))"]
      - [dcterms:source, id:source/points~iri]
"""


def ingested(home: Path, *lines: str) -> Report:
    folder = home / "sources" / "points"
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(SOURCE)
    (folder / "mapping.yml").write_text(MAPPING)
    (folder / "points.csv").write_text("\n".join(["site,lat,long,mineral", *lines, ""]))
    return pipeline.ingest(settings.load(home=home), "points")


def told(found: Sequence[Refusal]) -> set[tuple[int, str, str]]:
    return {(one.row, one.column, one.value) for one in found}


def test_a_site_whose_latitude_could_not_be_read_names_the_latitude(tmp_path: Path) -> None:
    found = ingested(tmp_path, "a,1.1,28,Or", 'b,"1,290",,Fer', "c,1.2,28.1,Or")
    (refusal,) = found.refused
    assert told([refusal]) == {(2, "lat", "1,290")}
    assert "coordinates" in refusal.reason
    assert "lat is not a number with a decimal point" in refusal.remedy
    assert "decimal=','" in refusal.remedy
    assert "id/site/b>" in refusal.remedy


def test_every_cell_that_could_not_be_read_is_named_and_the_row_counts_once(tmp_path: Path) -> None:
    found = ingested(tmp_path, "a,1.1,28,Or", "b,1.2,north,Or", "c,#N/A,28,Or", "c,1°2',28,Fer")
    assert told(found.refused) == {(2, "long", "north"), (3, "lat", "#N/A"), (4, "lat", "1°2'")}
    assert found.refused_rows == 3


@pytest.mark.parametrize("cells", ["b,,,Or", "b,,,Fer"])
def test_where_no_cell_of_the_statement_was_kept_none_is_named(tmp_path: Path, cells: str) -> None:
    (refusal,) = ingested(tmp_path, "a,1.1,28,Or", cells).refused
    assert (refusal.row, refusal.value) == (2, "")
    assert refusal.remedy.startswith("The row is about")


def test_rows_of_which_nothing_is_stated_are_counted_and_named(tmp_path: Path) -> None:
    found = ingested(tmp_path, "a,1.1,28,Or", ",1.2,28,Or", "c,1.2,28.1,Or", ",,,Fer")
    assert (found.things["MineSite"], found.refused_rows) == (2, 0)
    (told_of,) = [one for one in found.cautions if one.startswith("nothing is stated")]
    assert "of 2 rows of the table rows (rows 2, 4)" in told_of


def test_a_row_that_was_refused_is_not_said_to_state_nothing(tmp_path: Path) -> None:
    found = ingested(tmp_path, "a,1.1,28,Or", 'b,"1,290",,Fer')
    assert (found.refused_rows, found.cautions) == (1, ())


def test_a_site_in_two_spots_is_told_of_and_the_map_names_what_it_leaves_out(tmp_path: Path) -> None:
    found = ingested(tmp_path, "a,1.1,28,Or", "a,1.2,28,Or", "c,1.2,28.1,Or", "c,1.2,28.1,Or")
    (told_of,) = [one for one in found.cautions if "two latitudes" in one]
    assert told_of.startswith("1 thing with two latitudes or longitudes (site/a)")
    chosen = settings.load(home=tmp_path)
    snapshot = pipeline.publish(chosen, ["points"]).snapshot
    content = io.BytesIO()
    geojson.write(Reader(snapshot), content, "sites")
    drawn = json.loads(content.getvalue())
    assert [one["id"].rsplit("/", 1)[1] for one in drawn["features"]] == ["c"]
    assert [one.rsplit("/", 1)[1] for one in drawn["left_out"]] == ["a"]
