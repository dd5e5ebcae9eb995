"""The whole line: files in, validated statements staged, all published at once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph

import asmgraph
from asmgraph import pipeline, settings
from asmgraph.errors import (
    ConfigurationError,
    QueryRefusedError,
    SnapshotDamagedError,
    SourceError,
    StoreError,
    ValidationError,
)
from asmgraph.ontology import files
from asmgraph.records import Sensitivity
from asmgraph.reporting import shacl
from asmgraph.settings import Settings
from asmgraph.store import snapshots, staging
from asmgraph.store.guard import INFERRED
from asmgraph.validation import report as reports

ASM = "https://w3id.org/asmgraph/ontology#"
SOURCE = """
name: club
title: A club of organisations
publisher: The tests
licence: CC0-1.0
url: https://example.org/
format: csv
sensitivity: public
tables:
  organisations:
    file: organisations.csv
    key: [slug]
    columns:
      slug: { type: identifier, required: true }
      name: {}
  ties:
    file: ties.csv
    key: [slug]
    columns:
      slug: { type: identifier, required: true }
      a: { type: identifier, required: true }
      b: { type: identifier, required: true }
"""
MAPPING = """
prefixes:
  asm: https://w3id.org/asmgraph/ontology#
  id: https://w3id.org/asmgraph/id/
  vocab: https://w3id.org/asmgraph/vocab/
  rdfs: http://www.w3.org/2000/01/rdf-schema#
  dcterms: http://purl.org/dc/terms/
sources:
  organisations: { access: organisations, referenceFormulation: csv }
  ties: { access: ties, referenceFormulation: csv }
mappings:
  organisation:
    sources: organisations
    subjects: id:actor/$(slug)
    predicateobjects:
      - [a, asm:Organisation]
      - [rdfs:label, $(name)]
      - [dcterms:source, id:source/iso-3166-1~iri]
  tie:
    sources: ties
    subjects: id:tie/$(slug)
    predicateobjects:
      - [a, asm:CoordinationTie]
      - [rdfs:label, $(slug)]
      - [asm:party, id:actor/$(a)~iri]
      - [asm:party, id:actor/$(b)~iri]
      - [asm:tieKind, vocab:tie-kind/partnership~iri]
      - [dcterms:source, id:source/iso-3166-1~iri]
"""


@pytest.fixture
def home(starter_home: Path, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    return home


@pytest.fixture
def chosen(home: Path) -> Settings:
    return settings.load(home=home)


def club(home: Path, organisations: str, ties: str) -> Path:
    folder = home / "sources" / "club"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.yml").write_text(SOURCE)
    (folder / "mapping.yml").write_text(MAPPING)
    (folder / "organisations.csv").write_text("slug,name\n" + organisations)
    (folder / "ties.csv").write_text("slug,a,b\n" + ties)
    return folder


def test_the_same_input_is_no_change(chosen: Settings) -> None:
    before = snapshots.current(chosen.home)
    again = pipeline.ingest(chosen, "starter")
    published = pipeline.publish(chosen)
    assert again.unchanged
    assert published.unchanged
    assert published.snapshot is before


def test_changed_input_is_a_new_version_that_replaces_the_old_one(chosen: Settings) -> None:
    folder = club(chosen.home, "a,A\nb,B\n", "a--b,a,b\n")
    first = pipeline.ingest(chosen, "club")
    pipeline.publish(chosen)
    (folder / "organisations.csv").write_text("slug,name\na,A\nb,Another B\n")
    second = pipeline.ingest(chosen, "club")
    snapshot = pipeline.publish(chosen).snapshot
    graphs = [iri for iri in snapshot.graphs if "/graph/club/" in iri]
    assert first.version != second.version
    assert graphs == [f"https://w3id.org/asmgraph/graph/club/{second.version}"]


def test_a_changed_mapping_is_a_new_version(chosen: Settings) -> None:
    folder = club(chosen.home, "a,A\nb,B\n", "a--b,a,b\n")
    first = pipeline.ingest(chosen, "club")
    (folder / "mapping.yml").write_text(MAPPING.replace("tie-kind/partnership", "tie-kind/memorandum"))
    assert pipeline.ingest(chosen, "club").version != first.version


def test_a_refused_row_names_row_column_value_and_takes_what_hangs_on_it(chosen: Settings) -> None:
    club(chosen.home, "a,A\nb,\nc,C\n", "a--b,a,b\na--c,a,c\n")
    found = pipeline.ingest(chosen, "club")
    refused = {(one.table, one.row) for one in found.refused}
    assert refused == {("organisations", 2), ("ties", 1)}
    (tie,) = [one for one in found.refused if one.table == "ties"]
    assert (tie.column, tie.value) == ("b", "b")
    lines = "\n".join(staging.all_current(chosen.home)["club"].lines())
    assert "id/actor/b>" not in lines
    assert "id/tie/a--c>" in lines


def test_a_reference_to_nothing_is_refused_with_what_to_do(chosen: Settings) -> None:
    club(chosen.home, "a,A\nb,B\n", "a--b,a,b\na--z,a,z\n")
    (refusal,) = pipeline.ingest(chosen, "club").refused
    assert (refusal.table, refusal.row, refusal.value) == ("ties", 2, "z")
    assert refusal.reason


def test_when_nothing_is_left_nothing_is_staged(chosen: Settings) -> None:
    club(chosen.home, "a,\n", "")
    with pytest.raises(ValidationError, match="organisations row 1"):
        pipeline.ingest(chosen, "club")
    assert "club" not in staging.all_current(chosen.home)


def test_the_report_is_repeated_as_it_was(chosen: Settings) -> None:
    club(chosen.home, "a,A\nb,\nc,C\n", "a--b,a,b\na--c,a,c\n")
    first = pipeline.ingest(chosen, "club")
    (again,) = pipeline.validate(chosen, "club")
    assert again == reports.from_json(first.as_json())
    assert json.loads(again.as_json())["refused"]


def test_the_report_as_turtle_is_a_shacl_report_that_does_not_conform(chosen: Settings) -> None:
    club(chosen.home, "a,A\nb,B\n", "a--b,a,b\na--z,a,z\n")
    text = shacl.as_turtle(pipeline.ingest(chosen, "club"))
    graph = Graph().parse(data=text, format="turtle")
    ask = "ASK { ?r a <http://www.w3.org/ns/shacl#ValidationReport> ; <http://www.w3.org/ns/shacl#conforms> false }"
    assert graph.query(ask).askAnswer


def test_a_source_that_is_not_known_is_named_with_those_that_are(chosen: Settings) -> None:
    with pytest.raises(SourceError, match="starter"):
        pipeline.ingest(chosen, "nonsense")


def test_a_source_whose_file_is_not_shipped_asks_for_a_path(chosen: Settings) -> None:
    with pytest.raises(SourceError, match="PATH"):
        pipeline.ingest(chosen, "ipis")


def test_a_key_nobody_knows_in_source_yml_is_an_error(chosen: Settings) -> None:
    folder = club(chosen.home, "a,A\n", "")
    (folder / "source.yml").write_text(SOURCE + "colour: red\n")
    with pytest.raises(ConfigurationError, match="colour"):
        pipeline.ingest(chosen, "club")


def test_a_file_over_the_limit_is_refused(home: Path) -> None:
    club(home, "a,A\n", "")
    with pytest.raises(SourceError, match="limit"):
        pipeline.ingest(settings.load(home=home, source_max_bytes=10), "club")


def test_initialising_again_keeps_what_a_steward_added(chosen: Settings) -> None:
    club(chosen.home, "a,A\nb,B\n", "a--b,a,b\n")
    pipeline.ingest(chosen, "club")
    pipeline.publish(chosen)
    pipeline.initialise(chosen)
    assert "club" in snapshots.current(chosen.home).sources


def test_every_graph_says_what_it_is(starter_home: Path) -> None:
    """Every triple belongs to a graph with source, licence, date and sensitivity."""
    graph = asmgraph.open(starter_home)
    query = """
        PREFIX asm: <https://w3id.org/asmgraph/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX prov: <http://www.w3.org/ns/prov#>
        SELECT ?g WHERE { GRAPH ?g { ?g a asm:SourceGraph ; dcterms:publisher ?p ; dcterms:license ?l ;
          asm:checksum ?c ; asm:retrievedAt ?t ; asm:sensitivity ?s ; prov:wasGeneratedBy ?run } }
    """
    described = {str(row[0]) for row in graph.query(query)}  # type: ignore[index]
    assert described | {INFERRED} == set(snapshots.current(starter_home).graphs)


def test_the_starter_data_comes_in_whole(starter_home: Path) -> None:
    staged = pipeline.validate(settings.load(home=starter_home), "starter")[0]
    assert staged.refused_rows == 0
    assert {one.column for one in staged.kept} == {"themes"}
    wanted = {"organisations": 200, "interventions": 120, "participations": 300, "ties": 70, "estimates": 120}
    wanted |= {"needs": 90, "documents": 90, "policies": 50, "results": 60}
    assert all(staged.rows[table] >= number for table, number in wanted.items())


@pytest.fixture(scope="module")
def ipis(starter_home: Path, external_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("ipis") / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    chosen = settings.load(home=home)
    pipeline.ingest(chosen, "ipis", external_data / "ipis-drc-mines" / "ipis_cod_mines.csv")
    pipeline.publish(chosen)
    return home


@pytest.mark.external
def test_ipis_every_visit_goes_in_and_comes_out(ipis: Path) -> None:
    (found,) = pipeline.validate(settings.load(home=ipis), "ipis")
    assert (found.rows["visits"], found.refused_rows) == (4230, 0)
    assert (found.things["SiteVisit"], found.things["MineSite"]) == (4230, 2455)


@pytest.mark.external
def test_ipis_confidential_fields_are_absent_from_the_public_dataset(ipis: Path) -> None:
    closed = {
        "armedPresence", "armedActor", "armedActorType", "interference", "taxation", "pillage", "forcedLabour",
        "childrenPresent", "childrenWork", "qualification", "securityService", "womenWork", "noVisitReason",
        "unmappedText", "ofVisit", "monopoly", "digging", "buyingMinerals", "presenceFrequency",
    }  # fmt: skip
    staged = staging.all_current(ipis)["ipis"]
    public = staged.file(Sensitivity.PUBLIC).read_text(encoding="utf-8")
    held_back = staged.file(Sensitivity.CONFIDENTIAL).read_text(encoding="utf-8")
    assert not [name for name in closed if f"<{ASM}{name}>" in public]
    assert not [name for name in closed if f"<{ASM}{name}>" not in held_back]
    assert not [word for word in ("FARDC", "FDLR", "Maï-Maï", "rostitution") if word in public]


@pytest.mark.external
def test_ipis_a_blank_is_not_asked_and_never_no(ipis: Path) -> None:
    rows = asmgraph.open(ipis).query(
        "SELECT ?o (COUNT(*) AS ?n) { ?v <https://w3id.org/asmgraph/ontology#mercuryObserved> ?o } GROUP BY ?o"
    )
    counts = {str(row[0]).rsplit("/", 1)[-1]: int(str(row[1])) for row in rows}  # type: ignore[index]
    assert counts == {"not-asked": 3376, "no": 685, "yes": 169}


@pytest.mark.external
def test_iati_names_what_it_took_and_why(chosen: Settings, external_data: Path) -> None:
    file = external_data / "aiddata-drc-aims" / "iati_2.03_DRC-AIMS.xml"
    found = pipeline.ingest(chosen, "iati", file)
    assert sum(found.finding_counts.values()) == 2289
    certain = {one.identifier.rsplit("-", 1)[-1] for one in found.findings if one.level == "certain"}
    assert {"112009892813", "11200912519019"} <= certain
    assert all(one.reasons for one in found.findings)
    assert found.things["Intervention"] == len(found.findings)
    assert found.refused_rows == 0


def test_initialising_publishes_nothing_that_a_steward_only_staged(chosen: Settings) -> None:
    club(chosen.home, "a,A\nb,B\n", "a--b,a,b\n")
    pipeline.ingest(chosen, "club")
    assert pipeline.initialise(chosen) is None
    assert "club" not in snapshots.current(chosen.home).sources


def test_initialising_a_home_where_something_is_staged_publishes_the_starter_data_alone(
    tmp_path: Path,
) -> None:
    fresh = settings.load(home=tmp_path / "fresh")
    club(fresh.home, "a,A\nb,B\n", "a--b,a,b\n")
    pipeline.ingest(fresh, "club")
    pipeline.initialise(fresh)
    assert set(snapshots.current(fresh.home).sources) == {"ontology", "places", "starter"}


def test_a_dataset_refuses_from_rather_than_pass_over_it(starter_home: Path) -> None:
    graph = asmgraph.open(starter_home)
    with pytest.raises(QueryRefusedError, match="FROM"):
        graph.query("SELECT * FROM <http://example.org/g> { ?s ?p ?o }")


@pytest.mark.parametrize("damage", ["other format", "file gone"])
def test_initialising_a_damaged_home_brings_back_what_was_published_and_no_more(
    chosen: Settings, damage: str
) -> None:
    club(chosen.home, "a,A\nb,B\n", "a--b,a,b\n")
    pipeline.ingest(chosen, "club")
    before = pipeline.publish(chosen).snapshot
    club(chosen.home, "a,A\nb,B\nc,C\n", "a--b,a,b\n")
    pipeline.ingest(chosen, "club")
    if damage == "other format":
        manifest = before.path / "manifest.json"
        manifest.write_text(manifest.read_text().replace('"format": 3', '"format": 2'))
    else:
        next(before.store.glob("*.sst")).unlink()
    snapshots.release()
    with pytest.raises(SnapshotDamagedError):
        snapshots.current(chosen.home)
    assert pipeline.initialise(chosen) is not None
    after = snapshots.current(chosen.home)
    assert dict(after.sources) == dict(before.sources)
    assert after.hash == before.hash


def test_what_was_staged_under_another_ontology_is_judged_anew(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    club(chosen.home, "a,A\nb,B\n", "a--b,a,b\n")
    pipeline.ingest(chosen, "club")
    assert pipeline.ingest(chosen, "club").unchanged
    steps: list[str] = []
    monkeypatch.setattr(files, "digest", lambda: "another")
    found = pipeline.ingest(chosen, "club", progress=lambda step, *_: steps.append(step))
    assert "validating" in steps
    assert found.unchanged


def test_a_source_that_shrinks_to_less_than_half_is_not_staged_unasked(chosen: Settings) -> None:
    many = [f"m{n},M {n}" for n in range(20)]
    club(chosen.home, "\n".join(many) + "\n", "")
    pipeline.ingest(chosen, "club")
    club(chosen.home, "\n".join(many[:9]) + "\n", "")
    with pytest.raises(ValidationError, match="Of 20 Organisation in club, 9 would be left") as caught:
        pipeline.ingest(chosen, "club")
    assert "--accept-loss" in caught.value.hint
    staged = staging.current(chosen.home, "club")
    assert staged is not None
    assert sum(kind.endswith("#Organisation") for kind in staged.types()["kind"]) == 20
    assert pipeline.ingest(chosen, "club", accept_loss=True).things["Organisation"] == 9


def test_things_that_are_named_anew_are_told_from_things_that_are_gone(chosen: Settings) -> None:
    many = [f"m{n},M {n}" for n in range(10)]
    club(chosen.home, "\n".join(many) + "\n", "")
    pipeline.ingest(chosen, "club")
    club(chosen.home, "\n".join([*many[:3], *(f"x-{one}" for one in many[3:] * 2)]) + "\n", "")
    with pytest.raises(ValidationError) as caught:
        pipeline.ingest(chosen, "club")
    assert "3 would be left: 7 addresses are no longer there, 7 are new." in caught.value.message
    assert "named in another way" in caught.value.hint
    club(chosen.home, "\n".join(many[:3]) + "\n", "")
    with pytest.raises(ValidationError) as caught:
        pipeline.ingest(chosen, "club")
    assert "7 addresses are no longer there, 0 are new." in caught.value.message
    assert "named in another way" not in caught.value.hint


def test_a_stopped_ingestion_leaves_its_report_until_the_next_one_that_is_staged(chosen: Settings) -> None:
    club(chosen.home, "a b,A\nc d,B\n", "")
    with pytest.raises(ValidationError, match="Nothing of club is left"):
        pipeline.ingest(chosen, "club")
    (stopped,) = pipeline.validate(chosen, "club")
    assert stopped.stopped.startswith("Nothing of club is left")
    assert [one.row for one in stopped.refused] == [1, 2]
    club(chosen.home, "a,A\n", "")
    pipeline.ingest(chosen, "club")
    (staged,) = pipeline.validate(chosen, "club")
    assert not staged.stopped


def test_a_source_that_cannot_be_read_leaves_no_folder(chosen: Settings) -> None:
    folder = club(chosen.home, "a,A\n", "")
    (folder / "ties.csv").write_text('slug,a,b\n"')
    with pytest.raises(SourceError, match=r"ties\.csv"):
        pipeline.ingest(chosen, "club")
    assert not (chosen.home / "staging" / "club").exists()


def test_a_broken_description_does_not_hide_the_other_sources(chosen: Settings) -> None:
    club(chosen.home, "a,A\n", "")
    broken = chosen.home / "sources" / "broken"
    broken.mkdir()
    (broken / "source.yml").write_text("name: [")
    shadow = chosen.home / "sources" / "ipis"
    shadow.mkdir()
    (shadow / "source.yml").write_text("name: ipis")
    found = pipeline.catalogue(chosen)
    assert {"club", "starter"} <= set(found.sources)
    assert set(found.problems) == {"broken", "ipis"}


def test_a_kill_while_a_version_is_replaced_is_mended_by_ingesting_again(chosen: Settings) -> None:
    club(chosen.home, "a,A\nb,B\n", "a--b,a,b\n")
    pipeline.ingest(chosen, "club")
    staged = staging.all_current(chosen.home)["club"]
    shutil.rmtree(staged.folder)
    with pytest.raises(StoreError, match="club is not whole"):
        pipeline.publish(chosen)
    assert pipeline.ingest(chosen, "club").things["Organisation"] == 2
    assert "club" in pipeline.publish(chosen).snapshot.sources


def test_initialising_does_not_undo_what_is_published_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = settings.load(home=tmp_path / "fresh")
    club(fresh.home, "a,A\nb,B\n", "a--b,a,b\n")
    given = pipeline.ingest

    def meanwhile(*arguments: Any, **named: Any) -> reports.Report:
        found = given(*arguments, **named)
        if arguments[1] == "starter":
            given(fresh, "club")
            pipeline.publish(fresh)
        return found

    monkeypatch.setattr(pipeline, "ingest", meanwhile)
    assert pipeline.initialise(fresh) is None
    assert "club" in snapshots.current(fresh.home).sources


def test_statements_that_cannot_be_read_are_laid_to_their_source(chosen: Settings) -> None:
    club(chosen.home, "a,A\nb,B\n", "a--b,a,b\n")
    pipeline.ingest(chosen, "club")
    staged = staging.all_current(chosen.home)["club"]
    with staged.file(Sensitivity.PUBLIC).open("a") as lines:
        lines.write("<http://e.org/a b> <http://e.org/p> <http://e.org/o> .\n")
    staging.amend(staged, graphs={"public": {**staged.manifest["graphs"]["public"], "checksum": "other"}})
    before = snapshots.current(chosen.home)
    with pytest.raises(StoreError, match="The staged statements of club cannot be read"):
        pipeline.publish(chosen)
    assert snapshots.current(chosen.home) is before


def test_a_misspelt_term_is_named_with_the_one_that_is_near(chosen: Settings) -> None:
    folder = club(chosen.home, "a,A\nb,B\n", "a--b,a,b\n")
    mapping = (folder / "mapping.yml").read_text()
    (folder / "mapping.yml").write_text(
        mapping.replace("asm:party, id:actor/$(b)", "asm:partys, id:actor/$(b)")
    )
    with pytest.raises(ValidationError, match="no term asm:partys") as caught:
        pipeline.ingest(chosen, "club")
    assert "asm:party?" in caught.value.hint


@pytest.mark.parametrize("named", ["place: XYZ", "theme: challenge/C99", "theme: intervention-type/cooking"])
def test_a_coverage_of_what_nobody_knows_is_refused(chosen: Settings, named: str) -> None:
    folder = club(chosen.home, "a,A\nb,B\n", "a--b,a,b\n")
    with (folder / "source.yml").open("a") as described:
        described.write(f"coverage:\n  - {{ covers: ties, found: some, {named} }}\n")
    with pytest.raises(ConfigurationError, match="is not known"):
        pipeline.ingest(chosen, "club")


def test_a_licence_that_ends_in_a_line_break_is_published(chosen: Settings) -> None:
    folder = club(chosen.home, "a,A\nb,B\n", "a--b,a,b\n")
    text = (folder / "source.yml").read_text()
    licence = "licence: |\n  https://creativecommons.org/publicdomain/zero/1.0/\n"
    (folder / "source.yml").write_text(text.replace("licence: CC0-1.0\n", licence))
    pipeline.ingest(chosen, "club")
    assert "club" in pipeline.publish(chosen).snapshot.sources
