"""A draft of a file that nobody has described: guessed, explained, written once, and ready to be ingested."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from asmgraph import descriptions, pipeline
from asmgraph.drafting import drafts
from asmgraph.drafting.drafts import Draft
from asmgraph.errors import ConfigurationError, SourceError
from asmgraph.records import Sensitivity
from asmgraph.settings import Settings
from asmgraph.validation.report import Report
from tests.drafting.conftest import Steward

ENGLISH = (
    "Project code,Project title,Donor,Implementing partner,Sector,Country,Province,Start date,End date,Status,"
    "Contact person,Email,Budget\n"
    "A-1,Safer pits,Example Fund,Example Aid,Formalisation; mercury,Ghana,,05/03/2020,31/12/2021,Closed,A. N. Other,"
    "a@example.org,12000\n"
    "A-2,Fair gold,Example Fund,Example Aid; Example Care,formalisation,DR Congo,Ituri,15/01/2022,soon,"
    "Implementation,B. Other,b@example.org,8000\n"
    'A-3,"Women, savings, gold",Example Trust,Example Care,gender,Peru,,01/02/2023,,Implementation,C. Other,'
    "c@example.org,\n"
)
FRENCH = (
    "Bailleur de fonds;Organisation;Titre du projet;Secteur;Pays;Province;Date de début;Statut;Téléphone\n"
    "Fonds Exemple;Aide Exemple;Or responsable;Formalisation;RDC;Ituri;05.03.2020;Fermé;+243 999 999 999\n"
    "Fonds Exemple;Aide Exemple;Épargne;Genre;RDC;Sud-Kivu;15.01.2022;Mise en œuvre;+243 999 999 998\n"
)
SPANISH = (
    "Donante,Organización,Título del proyecto,Sector,País,Fecha de inicio,Correo\n"
    "Fondo Ejemplo,Ayuda Ejemplo,Oro justo,Formalización,Perú,2020-03,x@example.org\n"
    "Fondo Ejemplo,Ayuda Ejemplo,Ahorro,Género,Bolivia,2021,y@example.org\n"
)
PORTUGUESE = (
    "Doador,Organização,Nome do projeto,Setor,País,Data de início,Situação\n"
    "Fundo Exemplo,Ajuda Exemplo,Ouro justo,formalização,Brasil,05/03/2020,encerrada\n"
    "Fundo Exemplo,Ajuda Exemplo,Poupança,gênero,Angola,25/03/2021,em execução\n"
)


def _file(folder: Path, content: str, name: str = "who-does-what.csv") -> Path:
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return file


def _drafted(settings: Settings, file: Path, name: str | None = None) -> tuple[Draft, Mapping[str, Any]]:
    made = drafts.draft(settings, file, name)
    read: Mapping[str, Any] = yaml.safe_load((made.folder / "source.yml").read_text(encoding="utf-8"))
    return made, read


def _roles(made: Draft) -> dict[str, str]:
    return {guess.column: guess.read_as for guess in made.guesses.columns}


def _ingested(settings: Settings, made: Draft, file: Path) -> Report:
    return pipeline.ingest(settings, made.name, file)


def test_an_ordinary_list_of_who_does_what_where_is_ingested_at_once(
    settings: Settings, tmp_path: Path
) -> None:
    file = _file(tmp_path, ENGLISH)
    made, _ = _drafted(settings, file)
    report = _ingested(settings, made, file)
    assert (report.refused, report.violations) == ([], [])
    assert report.things == {"Intervention": 3, "Organisation": 4, "Participation": 7, "SourceDocument": 1}
    assert set(report.triples) == {Sensitivity.CONFIDENTIAL}


def test_headings_and_values_say_what_columns_are(settings: Settings, tmp_path: Path) -> None:
    made, source = _drafted(settings, _file(tmp_path, ENGLISH))
    assert _roles(made) == {
        "Project code": "id", "Project title": "title", "Donor": "funder", "Implementing partner": "implementer",
        "Sector": "theme", "Country": "country", "Province": "adm1", "Start date": "start", "End date": "end",
        "Status": "status", "Contact person": "ignored", "Email": "ignored", "Budget": "not mapped",
    }  # fmt: skip
    columns = source["tables"]["rows"]["columns"]
    assert columns["Start date"] == {"type": "date", "on_error": "keep", "dates": ["%d/%m/%Y"]}
    assert columns["Sector"] == {"split": ";", "lookup": ["theme"]}
    assert columns["Implementing partner"] == {"split": ";"}
    assert columns["Project title"] == {}
    assert source["tables"]["rows"]["key"] == ["Project code"]
    assert source["lookups"]["country"] == {
        "DR Congo": "place/COD",
        "Ghana": "place/GHA",
        "Peru": "place/PER",
    }
    assert source["lookups"]["status"]["Closed"] == "activity-status/closed"


@pytest.mark.parametrize(
    ("content", "roles"),
    [
        (FRENCH, ["funder", "org", "title", "theme", "country", "adm1", "start", "status", "ignored"]),
        (SPANISH, ["funder", "org", "title", "theme", "country", "start", "ignored"]),
        (PORTUGUESE, ["funder", "org", "title", "theme", "country", "start", "status"]),
    ],
    ids=["fr", "es", "pt"],
)
def test_headings_in_other_languages_are_understood_and_the_draft_is_ingested(
    content: str, roles: list[str], settings: Settings, tmp_path: Path
) -> None:
    file = _file(tmp_path, content)
    made, _ = _drafted(settings, file)
    assert list(_roles(made).values()) == roles
    report = _ingested(settings, made, file)
    assert report.refused == []
    assert report.things["Participation"] == 4


def test_what_a_steward_must_decide_is_left_open(settings: Settings, tmp_path: Path) -> None:
    made, source = _drafted(settings, _file(tmp_path, ENGLISH))
    described = descriptions.load(made.folder)
    assert (described.licence, described.publisher) == ("not stated", "not stated")
    assert "sensitivity" not in source
    assert described.sensitivity is Sensitivity.CONFIDENTIAL
    assert described.coverage == ()
    assert any("licence" in decision for decision in made.decisions)
    assert any("Budget" in decision for decision in made.decisions)


def test_the_page_of_the_file_is_stated_once_its_address_is_written(
    settings: Settings, tmp_path: Path
) -> None:
    file = _file(tmp_path, ENGLISH)
    made, source = _drafted(settings, file)
    written = made.folder / "source.yml"

    def pages() -> list[str]:
        version = _ingested(settings, made, file).version
        lines = (settings.home / "staging" / made.name / version / "confidential.nt").read_text("utf-8")
        return [line for line in lines.splitlines() if "foaf/0.1/page" in line]

    assert pages() == []
    written.write_text(
        written.read_text("utf-8").replace(source["url"], "https://example.org/list"), encoding="utf-8"
    )
    assert pages() == [f"<{source['url']}> <http://xmlns.com/foaf/0.1/page> <https://example.org/list> ."]


def test_each_guess_is_explained_beside_its_line(settings: Settings, tmp_path: Path) -> None:
    made, _ = _drafted(settings, _file(tmp_path, ENGLISH))
    text = (made.folder / "source.yml").read_text(encoding="utf-8")
    for guess in made.guesses.columns:
        assert guess.why
        assert guess.why[0] in text
    assert "# in no vocabulary yet, Sector: 'mercury'" in text or "mercury: " in text


def test_dates_that_could_be_read_the_other_way_round_are_a_decision(
    settings: Settings, tmp_path: Path
) -> None:
    rows = "Project,Donor,Start\nOne,Fund,05/03/2020\nTwo,Fund,06/07/2021\n"
    made, _ = _drafted(settings, _file(tmp_path, rows))
    assert any(
        decision.startswith("Start: ") and "other way round" in decision for decision in made.decisions
    )


def test_american_dates_are_told_by_their_days(settings: Settings, tmp_path: Path) -> None:
    rows = "Project,Donor,Start\nOne,Fund,05/23/2020\nTwo,Fund,06/27/2021\n"
    _, source = _drafted(settings, _file(tmp_path, rows))
    assert source["tables"]["rows"]["columns"]["Start"]["dates"] == ["%m/%d/%Y"]


def test_contacts_are_told_by_their_values_under_any_heading(settings: Settings, tmp_path: Path) -> None:
    rows = "Project,Donor,Xyz,Abc\nOne,Fund,a@example.org,+233 20 000 0000\nTwo,Fund,b@example.org,+233 20 000 0001\n"
    made, _ = _drafted(settings, _file(tmp_path, rows))
    assert _roles(made)["Xyz"] == _roles(made)["Abc"] == "ignored"


def test_sites_are_confidential_where_they_are(settings: Settings, tmp_path: Path) -> None:
    rows = (
        "Code;Site;Province;Latitude;Longitude;Minerai;Groupes armés\n"
        "s1;Mine Exemple A;Ituri;1,5;30,25;or;oui\n"
        "s2;Mine Exemple B;Sud-Kivu;-2,5;28,5;étain;non\n"
    )
    file = _file(tmp_path, rows, "sites.csv")
    made, source = _drafted(settings, file)
    assert made.guesses.kind == "sites"
    columns = source["tables"]["rows"]["columns"]
    assert columns["Latitude"]["sensitivity"] == columns["Longitude"]["sensitivity"] == "confidential"
    assert columns["Groupes armés"]["sensitivity"] == "confidential"
    report = _ingested(settings, made, file)
    assert (report.refused, report.things["MineSite"]) == ([], 2)
    lines = (settings.home / "staging" / "sites" / report.version / "confidential.nt").read_text(
        encoding="utf-8"
    )
    assert '"30.25"^^<http://www.w3.org/2001/XMLSchema#decimal>' in lines


def test_organisations_are_told_from_activities(settings: Settings, tmp_path: Path) -> None:
    rows = "Organisation,Country,Website\nExample Aid,Ghana,https://example.org/\nExample Care,Peru,\n"
    file = _file(tmp_path, rows)
    made, _ = _drafted(settings, file)
    assert made.guesses.kind == "organisations"
    assert _ingested(settings, made, file).things == {"Organisation": 2, "SourceDocument": 1}


def test_of_rows_that_nobody_understands_only_the_source_is_stated(
    settings: Settings, tmp_path: Path
) -> None:
    file = _file(tmp_path, "Colour,Weight\nred,1\nblue,2\n")
    made, _ = _drafted(settings, file)
    assert made.guesses.kind == "unknown"
    assert any("what the rows are about" in decision for decision in made.decisions)
    assert _ingested(settings, made, file).things == {"SourceDocument": 1}


def test_hxl_tags_say_more_than_headings(settings: Settings, tmp_path: Path) -> None:
    rows = (
        "Qui,Quoi,Où,Où (code),Depuis\n#org+impl,#activity+name,#country+name,#country+code,#date+start\n"
        "Aide Exemple,Or responsable,Ghana,GHA,2020-03-05\nAide Exemple,Épargne,Peru,PER,2021\n"
    )
    file = _file(tmp_path, rows)
    made, source = _drafted(settings, file)
    assert source["format"] == "hxl"
    assert _roles(made)["Qui"] == "implementer"
    assert source["tables"]["rows"]["columns"]["Qui"]["at"] == "#org+impl!"
    assert _ingested(settings, made, file).things["Participation"] == 2


def test_a_spreadsheet_is_drafted_and_ingested(settings: Settings, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Project", "Donor", "Country"], ["One", "Fund", "Ghana"], ["Two", "Fund", "Peru"]):
        sheet.append(row)
    file = tmp_path / "list.xlsx"
    book.save(file)
    made, source = _drafted(settings, file)
    assert source["format"] == "xlsx"
    assert _ingested(settings, made, file).things["Intervention"] == 2


@pytest.mark.parametrize(
    ("name", "content", "format_", "records"),
    [
        ("a.json", {"data": {"items": [{"project": "One", "donor": "F"}, {"project": "Two"}]}}, "json", "data/items"),
        ("a.json", [{"project": "One", "donor": "F"}, {"project": "Two", "donor": "F"}], "json", None),
        (
            "a.geojson",
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"project": "One", "donor": "F"},
                        "geometry": {"type": "Point", "coordinates": [30.5, 1.5]},
                    }
                ],
            },
            "geojson",
            None,
        ),
    ],
    ids=["nested", "top", "geojson"],
)  # fmt: skip
def test_records_in_json_are_found(
    name: str, content: object, format_: str, records: str | None, settings: Settings, tmp_path: Path
) -> None:
    file = _file(tmp_path, json.dumps(content), name)
    made, source = _drafted(settings, file)
    assert (source["format"], source["tables"]["rows"].get("records")) == (format_, records)
    assert _ingested(settings, made, file).things["Intervention"] >= 1


def test_the_element_that_repeats_is_found_in_xml(settings: Settings, tmp_path: Path) -> None:
    items = "".join(f"<item><project>{name}</project><donor>Fund</donor></item>" for name in ("One", "Two"))
    file = _file(tmp_path, f"<root><head>x</head><list>{items}</list></root>", "a.xml")
    made, source = _drafted(settings, file)
    assert source["tables"]["rows"]["records"] == "list/item"
    assert _ingested(settings, made, file).things["Intervention"] == 2


def test_nothing_is_overwritten(settings: Settings, tmp_path: Path) -> None:
    file = _file(tmp_path, ENGLISH)
    made, _ = _drafted(settings, file)
    before = {one.name: one.read_bytes() for one in made.folder.iterdir()}
    with pytest.raises(ConfigurationError, match="already"):
        drafts.draft(settings, file)
    assert {one.name: one.read_bytes() for one in made.folder.iterdir()} == before
    assert [one.name for one in made.folder.parent.iterdir()] == [made.name]


@pytest.mark.parametrize("name", ["ipis", "starter", "A b", "../up", ""])
def test_a_name_that_is_taken_or_none_is_refused(name: str, settings: Settings, tmp_path: Path) -> None:
    file = _file(tmp_path, ENGLISH, "-.csv")
    with pytest.raises(ConfigurationError, match=r"already|no name"):
        drafts.draft(settings, file, name)
    assert not (settings.home / "sources").exists() or not list((settings.home / "sources").iterdir())


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("a.ttl", "", "needs no mapping"),
        ("a.pdf", "", "not known"),
        ("a.csv", "Project,Donor\n", "no row"),
        ("a.xml", "<!DOCTYPE a><a/>", "DOCTYPE"),
        ("a.json", "{", "a.json"),
    ],
)
def test_a_file_that_cannot_be_drafted_is_refused(
    name: str, content: str, named: str, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=named):
        drafts.draft(settings, _file(tmp_path, content, name))
    assert not (settings.home / "sources").exists()


HOSTILE = [
    "Project $(Donor)", "a: [b", "'quoted', \"twice\"", "}{", "#comment", "(bracket) \\ slash", "x~iri", "a~lang",
    "- item", "? key", "!!python/name:os.system", "null", "2020", "=cmd()", "<b>", "[red]x[/]", "asmfn:date(value=1)",
]  # fmt: skip


def test_hostile_headings_do_no_harm(settings: Settings, tmp_path: Path) -> None:
    quoted = ",".join('"' + heading.replace('"', '""') + '"' for heading in [*HOSTILE, "Project", "Donor"])
    file = _file(tmp_path, f"{quoted}\n" + ",".join(["a; b"] * (len(HOSTILE) + 2)) + "\n")
    made, source = _drafted(settings, file)
    assert set(source["tables"]["rows"]["columns"]) == {*HOSTILE, "Project", "Donor"}
    assert _ingested(settings, made, file).things["Intervention"] == 1


@pytest.mark.parametrize(
    "heading", ["Donor (name)", "Donor \\ name", "Donor, main", "Donor's name", "Donor = who"]
)
def test_a_heading_with_signs_of_yarrrml_can_be_mapped(
    heading: str, settings: Settings, tmp_path: Path
) -> None:
    file = _file(tmp_path, f'Project,Funder,"{heading}"\nOne,Fund,of that name\n')
    made, _ = _drafted(settings, file)
    text = (made.folder / "mapping.yml").read_text(encoding="utf-8")
    reference = "$(" + heading.replace("\\", "\\\\").replace("(", r"\(").replace(")", r"\)") + ")"
    added = f"      - {yaml.safe_dump(['dcterms:description', reference], default_flow_style=True)}"
    text = text.replace("      - [a, 'asm:Intervention']\n", f"      - [a, 'asm:Intervention']\n{added}")
    (made.folder / "mapping.yml").write_text(text, encoding="utf-8")
    report = _ingested(settings, made, file)
    lines = settings.home / "staging" / made.name / report.version / "confidential.nt"
    assert '/description> "of that name"' in lines.read_text(encoding="utf-8")


@pytest.mark.parametrize(("codec", "encoding"), [("cp1252", "windows-1252"), ("utf-16", "utf-16")])
def test_a_list_that_is_not_utf_8_is_drafted_in_its_encoding_and_that_is_said(
    codec: str, encoding: str, steward: Steward, settings: Settings
) -> None:
    file = steward.folder / "list.csv"
    file.write_bytes("Intitulé;Bailleur\nÉtude des sites;Coopération\nAppui;Coopération\n".encode(codec))
    made = steward.drafts(file)
    assert f"the text is not UTF-8: read as {encoding}" in made.looked.notes
    assert any(f"read as {encoding}" in one and one.startswith("LOOK") for one in made.decisions)
    report = pipeline.ingest(settings, made.name, file)
    assert (report.rows, report.refused_rows) == ({"rows": 2}, 0)
    assert "Étude des sites" in steward.stated(report)
