"""Every form opens in the tool it is for and holds what was published, each row or statement with its source."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import hxl
import openpyxl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from rdflib import Dataset as RdflibDataset
from typer.testing import CliRunner, Result

from asmgraph.cli import app
from asmgraph.export import formats, geojson, rdf, release, tables, whole, xlsx
from asmgraph.export import hxl as hxl_sheet
from asmgraph.export.csv import Cell
from asmgraph.export.formats import Asked
from asmgraph.export.things import Reader
from asmgraph.records import ID
from asmgraph.sources import rdf as rdf_source
from asmgraph.store import snapshots
from asmgraph.store.guard import INFERRED
from asmgraph.store.snapshots import Snapshot
from asmgraph.terms import ASM
from tests.export.conftest import CONFIDENTIAL


@pytest.fixture(scope="module")
def snapshot(survey_home: Path) -> Snapshot:
    return snapshots.current(survey_home)


def written(snapshot: Snapshot, form: str, *what: str) -> bytes:
    target = io.BytesIO()
    formats.FORMS[form].write(Asked(snapshot, what), target, whole.silent)
    return target.getvalue()


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def stored(snapshot: Snapshot) -> set[Quad]:
    graphs = set(snapshot.graphs) - {INFERRED}
    return {
        quad
        for graph in graphs
        for quad in snapshot.reading.store.quads_for_pattern(None, None, None, NamedNode(graph))
    }


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], env={"COLUMNS": "200"})


@pytest.mark.parametrize(("form", "syntax"), [("nquads", RdfFormat.N_QUADS), ("jsonld", RdfFormat.JSON_LD)])
def test_forms_with_graphs_hold_the_published_statements_each_in_its_graph(
    snapshot: Snapshot, form: str, syntax: RdfFormat
) -> None:
    assert set(parse(written(snapshot, form), format=syntax)) == stored(snapshot)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own JSON-LD reader
def test_rdflib_reads_the_json_ld_as_oxigraph_does(snapshot: Snapshot) -> None:
    ours, theirs = RdflibDataset(), RdflibDataset()
    ours.parse(data=written(snapshot, "nquads", "survey"), format="nquads")
    theirs.parse(data=written(snapshot, "jsonld", "survey"), format="json-ld")
    assert set(theirs.quads()) == set(ours.quads())
    assert len(ours) > 20


def test_turtle_holds_the_same_triples_and_names_the_graph_of_each_section(snapshot: Snapshot) -> None:
    content = written(snapshot, "turtle")
    assert {quad.triple for quad in parse(content, format=RdfFormat.TURTLE)} == {
        quad.triple for quad in stored(snapshot)
    }
    for source in release.describe(snapshot).sources.values():
        assert f"# Graph <{source.graphs[0]}>\n# ".encode() in content


@pytest.mark.parametrize(("form", "ending"), [("nquads", "nq"), ("turtle", "ttl"), ("jsonld", "jsonld")])
def test_our_own_reader_takes_the_statements_of_a_source_back(
    snapshot: Snapshot, tmp_path: Path, form: str, ending: str
) -> None:
    file = tmp_path / f"survey.{ending}"
    file.write_bytes(written(snapshot, form, "survey"))
    graph = release.describe(snapshot).source("survey").graphs[0]
    found = {quad.triple for quad in parse("\n".join(rdf_source.read(file, "s")), format=RdfFormat.N_TRIPLES)}
    assert found == {quad.triple for quad in stored(snapshot) if quad.graph_name == NamedNode(graph)}
    assert len(found) > 20


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30), st.sampled_from(["", "en", "fr"])
)
def test_json_ld_keeps_any_text(text: str, language: str) -> None:

    literal = Literal(text, language=language) if language else Literal(text)
    subject, graph = NamedNode("https://example.org/a"), NamedNode("https://example.org/g")
    predicates = (
        "http://www.w3.org/2000/01/rdf-schema#label",
        "https://w3id.org/asmgraph/ontology#place",
        "https://w3id.org/asmgraph/ontology#accessed",
        "https://example.org/unknown",
    )
    quads = [Quad(subject, NamedNode(one), literal, graph) for one in predicates]
    context = rdf._context()
    document = {
        "@context": context.document,
        "@graph": [{"@id": graph.value, "@graph": [context.node(subject, iter(quads))]}],
    }
    assert set(parse(json.dumps(document), format=RdfFormat.JSON_LD)) == set(quads)


def test_what_rules_infer_is_not_exported_as_if_it_were_stated(snapshot: Snapshot) -> None:
    assert INFERRED in snapshot.graphs
    assert INFERRED.encode() not in written(snapshot, "nquads")


@pytest.mark.parametrize("name", tables.NAMES)
def test_every_row_of_every_table_names_its_source(snapshot: Snapshot, name: str) -> None:
    found = rows(written(snapshot, "csv", name))
    assert found
    for row in found:
        assert row["graph"].startswith("https://w3id.org/asmgraph/graph/")
        assert row["licence"]
        if "source" in row and name != "places":
            assert row["source"], row
            assert name == "sources" or row["dataset"]


def test_a_row_holds_names_addresses_numbers_and_where_it_was_read(snapshot: Snapshot) -> None:
    site = next(row for row in rows(written(snapshot, "csv", "sites")) if row["identifier"] == "s3")
    assert site["name"] == "Third site"
    assert site["within"] == "Democratic Republic of the Congo"
    assert site["within_iri"].endswith("/place/COD")
    assert (site["lat"], site["long"]) == ("2.5", "29.5")
    assert (site["source"], site["source_page"]) == ("The survey's web page", "https://example.org/survey")
    assert (site["source_read"], site["retrieved"]) == ("2026-01-14", "2026-01-14")
    assert (site["publisher"], site["licence"]) == ("The invented institute", "not stated")


def test_every_intervention_has_one_row(snapshot: Snapshot) -> None:
    kinds = {
        quad.subject
        for quad in stored(snapshot)
        if getattr(quad.object, "value", "").endswith(("ontology#Intervention", "ontology#Programme"))
        and quad.predicate.value.endswith("#type")
        and "/id/" in str(quad.subject)
    }
    assert len(rows(written(snapshot, "csv", "interventions"))) == len(kinds) > 200


def test_no_spreadsheet_runs_a_name(snapshot: Snapshot) -> None:
    names = [row["name"] for row in rows(written(snapshot, "csv", "sites"))]
    assert names == ['\'=HYPERLINK("http://evil.example")', "'@Second site", "Third site"]
    book = openpyxl.load_workbook(io.BytesIO(written(snapshot, "xlsx", "sites")))
    cells = [row[1] for row in book["sites"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [
        '=HYPERLINK("http://evil.example")',
        "@Second site",
        "Third site",
    ]
    assert [cell.data_type for cell in cells] == ["s", "s", "s"]
    assert [cell.quotePrefix for cell in cells] == [True, True, False]


def test_a_workbook_holds_the_tables_and_always_the_sources(snapshot: Snapshot) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(snapshot, "xlsx")), read_only=True)
    assert book.sheetnames == [*formats.WORKBOOK, "sources"]
    for name in ("participations", "sources"):
        found = list(book[name].iter_rows(values_only=True))
        expected = rows(written(snapshot, "csv", name))
        assert list(found[0]) == list(expected[0])
        assert len(found) - 1 == len(expected)
    amounts = [row[8] for row in book["participations"].iter_rows(min_row=2, values_only=True) if row[8]]
    assert len(amounts) > 50 and all(isinstance(amount, int | float) for amount in amounts)
    assert book.properties.creator == "asmgraph"


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_a_workbook_opens_whatever_a_cell_holds(texts: list[str]) -> None:
    target = io.BytesIO()
    held: list[Cell] = list(texts)
    xlsx.write(
        [("a", [f"c{n}" for n in range(len(texts))], [held])], target, "t", datetime(2026, 1, 1, tzinfo=UTC)
    )
    sheet = openpyxl.load_workbook(target)["a"]
    for text, cell in zip(texts, sheet[2], strict=True):
        assert cell.data_type != "f"
        if text.isprintable() and text:
            assert cell.value == text


def test_geojson_gives_points_that_shapely_reads_with_sources(snapshot: Snapshot) -> None:
    content = json.loads(written(snapshot, "geojson", "sites"))
    assert content["type"] == "FeatureCollection"
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in content["features"]]
    assert [(shape.centroid.x, shape.centroid.y) for shape in shapes] == [
        (28.25, -4.5),
        (30.0, 1.5),
        (29.5, 2.5),
    ]
    for feature in content["features"]:
        assert feature["id"] == feature["properties"]["iri"]
        said = feature["properties"]
        assert (said["dataset"], said["licence"]) == ("An invented survey of mine sites", "not stated")
        assert (said["kind"], said["exactness"]) == ("MineSite", "approximate")
    assert json.loads(written(snapshot, "geojson", "places"))["features"] == []
    assert len(json.loads(written(snapshot, "geojson"))["features"]) == 3


def test_things_are_shown_at_the_points_of_their_places_and_none_is_left_out(snapshot: Snapshot) -> None:
    reader = Reader(snapshot)
    visit, intervention = f"{ID}visit/survey-s1", f"{ID}intervention/fca"
    found = list(geojson.located(reader, [visit], str(ASM.site)))
    assert [one["geometry"] for one in found] == [{"type": "Point", "coordinates": [28.25, -4.5]}]
    assert found[0]["properties"]["place_iri"] == f"{ID}site/survey-s1"
    unknown = list(geojson.located(reader, [intervention], str(ASM.place)))
    assert [one["geometry"] for one in unknown] == [None]
    assert unknown[0]["properties"]["place"] and unknown[0]["properties"]["source"]


def test_the_3w_sheet_climbs_from_a_place_to_its_country_and_gives_its_point(snapshot: Snapshot) -> None:
    cells = hxl_sheet._where(Reader(snapshot), f"{ID}site/survey-s3")
    assert cells[:2] == ["Democratic Republic of the Congo", "COD"]
    assert cells[-3:] == ["Third site", 2.5, 29.5]


def test_whoever_reads_a_part_of_the_output_is_not_told_of_a_broken_disk(survey_home: Path) -> None:
    command = [sys.executable, "-c", "from asmgraph.cli import app; app()", "export", "nquads"]
    with subprocess.Popen(
        [*command, "--home", str(survey_home)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_where_sources_disagree_on_a_place_each_has_its_own_point() -> None:

    from asmgraph.export.geojson import LAT, LONG, points
    from asmgraph.export.things import Thing

    def held(*graphs: str) -> frozenset[str]:
        return frozenset(graphs)

    stated: Any = {
        LAT: {Literal("1.5"): held("a"), Literal("2.5"): held("b", "c"), Literal("99"): held("d")},
        LONG: {Literal("30"): held("a", "b", "d"), Literal("31"): held("c"), Literal("32"): held("c")},
    }
    assert points(Thing("x", stated)) == [((30.0, 1.5), held("a")), ((30.0, 2.5), held("b"))]


def test_the_3w_sheet_is_hxl_that_libhxl_reads_and_finds_valid(snapshot: Snapshot) -> None:
    data = hxl.data(io.BytesIO(written(snapshot, "hxl"))).cache()
    assert "#org+name" in data.display_tags and "#country+code" in data.display_tags
    known = {
        "#org", "#activity", "#status", "#subsector", "#country", "#adm1", "#adm2", "#loc", "#geo", "#date", "#meta",
    }  # fmt: skip
    assert set(data.tags) == known
    wrong: list[Any] = []

    def found(one: Any) -> None:
        if one.rule.severity == "error":
            wrong.append(one)

    hxl.schema(callback=found).validate(data)
    assert not wrong
    here = data.with_rows("#country+code=GHA").with_rows("#org+impl+name is not empty")
    assert "Solidaridad" in {row.get("#org+impl+name") for row in here}
    for row in data:
        assert row.get("#meta+source+name") and row.get("#meta+licence") and row.get("#meta+graph")


def test_the_3w_sheet_has_a_row_for_each_role_place_and_theme(snapshot: Snapshot) -> None:
    found = rows(written(snapshot, "hxl"))[1:]
    addresses = [
        tuple(row[name] for name in ("Participation address", "Role", "Place", "Theme code")) for row in found
    ]
    assert len(set(addresses)) == len(addresses)
    participations = rows(written(snapshot, "csv", "participations"))
    assert {(row["Organisation address"], row["Activity address"]) for row in found} == {
        (row["actor_iri"], row["intervention_iri"]) for row in participations
    }


def test_the_crate_describes_every_file_it_holds(snapshot: Snapshot) -> None:
    archive = zipfile.ZipFile(io.BytesIO(written(snapshot, "rocrate")))
    assert archive.testzip() is None
    assert archive.namelist()[0] == "ro-crate-metadata.json"
    content = json.loads(archive.read("ro-crate-metadata.json"))
    assert content["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    entities = {entity["@id"]: entity for entity in content["@graph"]}
    assert len(entities) == len(content["@graph"])
    descriptor, root = entities["ro-crate-metadata.json"], entities["./"]
    assert descriptor["@type"] == "CreativeWork" and descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert root["@type"] == "Dataset"
    assert all(root[key] for key in ("name", "description", "datePublished", "license"))
    date.fromisoformat(root["datePublished"])
    parts = [part["@id"] for part in root["hasPart"]]
    assert sorted(parts) == sorted(archive.namelist()[1:])
    for name in parts:
        held = archive.read(name)
        assert entities[name]["contentSize"] == str(len(held))
        assert entities[name]["sha256"] == hashlib.sha256(held).hexdigest()
    assert {"CITATION.cff", "LICENCES.txt", "data/statements.nq", "data/3w.hxl.csv"} <= set(parts)
    pointed = [one for entity in content["@graph"] for value in entity.values() for one in _pointers(value)]
    assert set(pointed) - {"https://w3id.org/ro/crate/1.1"} <= set(entities)
    assert "no permission" in entities["#licence-survey"]["description"]


def _pointers(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one["@id"] for one in values if isinstance(one, dict)]


def test_the_same_snapshot_gives_the_same_crate(snapshot: Snapshot) -> None:
    assert written(snapshot, "rocrate") == written(snapshot, "rocrate")


@pytest.mark.parametrize("form", formats.FORMS)
def test_nothing_confidential_leaves_but_when_asked_for(survey_home: Path, tmp_path: Path, form: str) -> None:
    what = {"csv": "statements", "xlsx": "statements"}.get(form)
    asked = ["--what", what] if what else []
    held = {}
    for full in (False, True):
        file = tmp_path / f"{full}.{form}"
        more = ["--full"] if full else []
        done = run("export", form, *asked, "--out", file, "--home", survey_home, *more)
        assert done.exit_code == 0, done.output
        held[full] = _plain(file, form)
    assert CONFIDENTIAL.encode() not in held[False]
    if form not in ("hxl", "geojson"):  # neither has a column for it
        assert CONFIDENTIAL.encode() in held[True]


def _plain(file: Path, form: str) -> bytes:
    if form not in ("xlsx", "rocrate"):
        return file.read_bytes()
    archive = zipfile.ZipFile(file)
    return b"".join(archive.read(name) for name in archive.namelist())


def test_an_export_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("before")
    with pytest.raises(RuntimeError), whole.writing(file) as target:
        target.write(b"half")
        raise RuntimeError
    assert [one.name for one in tmp_path.iterdir()] == ["data.csv"]
    assert file.read_text() == "before"
    with whole.writing(file) as target:
        target.write(b"whole")
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"whole"]


@pytest.mark.parametrize("where", ["no-such-folder/data.csv", "a-folder", "a-file/data.csv"])
def test_an_export_that_cannot_be_written_names_the_file_that_was_asked_for(
    where: str, starter_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "a-folder").mkdir()
    (tmp_path / "a-file").touch()
    done = run("export", "csv", "--out", str(tmp_path / where), "--home", starter_home)
    assert done.exit_code == 1
    assert f"{tmp_path / where}: " in done.stderr
    assert ".part" not in done.stderr
    assert {one.name for one in tmp_path.rglob("*")} == {"a-folder", "a-file"}


def test_the_gaps_can_be_exported_with_their_sources(starter_home: Path) -> None:
    done = run("export", "csv", "--what", "gaps", "--home", starter_home)
    found = list(csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff"), newline="")))
    assert len(found) > 50
    assert all(row["source"] and row["gap_iri"] for row in found)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tables",), "not one of csv"),
        (("csv", "--what", "nothing"), "'nothing' is not one of"),
        (("csv", "--what", "needs", "--what", "ties"), "1 at a time"),
        (("rocrate",), "give a file"),
        (("geojson", "--language", "de"), "'de' is not one of"),
    ],
)
def test_wrong_usage_is_said_and_exits_2(starter_home: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("export", *arguments, "--home", starter_home)
    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", " ").split())


def test_a_source_that_is_not_there_exits_1_and_names_those_that_are(
    starter_home: Path, tmp_path: Path
) -> None:
    done = run("export", "nquads", "--what", "atlantis", "--out", tmp_path / "x.nq", "--home", starter_home)
    assert done.exit_code == 1
    assert "ontology, places, starter" in done.output
    assert not list(tmp_path.iterdir())


def test_a_reader_knows_no_statement_of_another_source(snapshot: Snapshot) -> None:
    assert len(Reader(snapshot, only="survey").graphs) == 1
