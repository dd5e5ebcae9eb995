"""Headings and words in four languages, lists in cells; what no vocabulary knows is kept as text."""

from __future__ import annotations

import pytest

from asmgraph.drafting.headings import cut, role
from tests.drafting.conftest import Steward, columns, described, read_as


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Intitulé", "title"), ("Donateur", "funder"), ("Bailleur", "funder"),
        ("Partenaire d'exécution", "implementer"), ("Sigle", "acronym"), ("Type", "type"),
        ("Province", "adm1"), ("Zone", "area"), ("Territoire", "area"),
        ("Nom", "name"), ("N°", "id"), ("Où", "area"), ("Structure", "org"), ("Depuis", "start"),
        ("Título", "title"), ("Donante", "funder"), ("Financiador", "funder"), ("Ejecutor", "implementer"),
        ("Municipio", "area"), ("Entidad ejecutora", "implementer"), ("Siglas", "acronym"), ("Nombre", "name"),
        ("Título do projeto", "title"), ("Executor", "implementer"), ("Parceiros", "partner"), ("Estado", "adm1"),
        ("Site", "site"), ("Idea", None), ("Idée", None), ("Nom du responsable", "people"), ("Celular", "people"),
    ],
)  # fmt: skip
def test_a_plain_heading_is_known(heading: str, expected: str | None) -> None:
    assert role(heading)[0] == expected


@pytest.mark.parametrize(
    ("heading", "tag", "expected"),
    [
        ("Focal point", "#org+focal", "people"), ("Nom", "#org+contact", "people"),
        ("Armed groups present", "#activity", "sensitive"), ("Military presence", "#status", "sensitive"),
        ("Child labour", "#sector", "sensitive"), ("Children's work", "#activity+description", "sensitive"),
        ("National ID", None, "people"), ("Voter ID", None, "people"), ("Child ID", None, "people"),
        ("Numéro d'identité", None, "people"), ("Police ID", "#meta+id", "sensitive"),
        ("Description of armed groups", None, "sensitive"), ("Descripción de la violencia", None, "sensitive"),
        ("Résumé des violences", None, "sensitive"), ("Descrição da violência", None, "sensitive"),
        ("Mobile No", None, "people"), ("Cell no", None, "people"), ("Numéro de téléphone", None, "people"),
        ("Móvil", None, "people"), ("Contato", None, "people"), ("Propriétaire", None, "people"),
        ("Who", "#org+funding", "funder"), ("Project ID", None, "id"), ("Household ID", None, "people"),
        ("Grant ID", None, "id"),
    ],
)  # fmt: skip
def test_people_and_what_endangers_them_outrank_what_else_a_heading_or_a_tag_says(
    heading: str, tag: str | None, expected: str | None
) -> None:
    assert role(heading, tag)[0] == expected


def test_a_country_is_known_by_the_name_that_people_write(steward: Steward) -> None:
    made = steward.drafts("Projet,Donateur,Pays\nUn,Fonds,RD Congo\nDeux,Fonds,Ghana\n")
    assert described(made)["lookups"]["country"] == {"RD Congo": "place/COD", "Ghana": "place/GHA"}


def test_words_of_a_column_that_no_vocabulary_knows_are_kept_as_text(steward: Steward) -> None:
    report = steward.ingests(
        "Project,Donor,Sector,Status,Zone\nOne,F,cleaner pits,halted,Mwenga\nTwo,F,fences,,\n"
    )
    kept = {(one.column, one.value) for one in report.kept}
    assert kept == {
        ("Sector", "cleaner pits"),
        ("Sector", "fences"),
        ("Status", "halted"),
        ("Zone", "Mwenga"),
    }
    stated = steward.stated(report)
    for text in ("Sector: cleaner pits", "Sector: fences", "Status: halted", "Zone: Mwenga"):
        assert f'unmappedText> "{text}"' in stated


def test_lists_of_unknown_words_do_not_stop_the_file(steward: Steward) -> None:
    report = steward.ingests("Project,Donor,Sector\nOne,F,cleaner pits; fences\nTwo,F,fences; tents\n")
    assert sum(one.count for one in report.kept) == 4


def test_a_column_of_a_role_that_the_rows_have_no_use_for_is_said(steward: Steward) -> None:
    made = steward.drafts("Organisation,Country,Mineral\nA,Ghana,gold\nB,Peru,gold\n")
    assert read_as(made)["Mineral"] == "not mapped"
    assert any("what these columns mean: Mineral" in told for told in made.decisions)


def test_minerals_of_sites_are_stated(steward: Steward) -> None:
    report = steward.ingests("Site,Province,Mineral\nMine A,Ituri,gold\nMine B,Ituri,tourmaline; gold\n")
    assert steward.stated(report).count("/vocab/mineral/gold>") == 2


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["gender, traceability", "formalisation"], ","),
        (["gender; traceability", *["formalisation"] * 20], ";"),
        (["gender / traceability", "formalisation"], "/"),
        (["gender and traceability", "formalisation"], None),
    ],
)
def test_lists_in_cells_are_noticed_by_their_words(
    cells: list[str], sign: str | None, steward: Steward
) -> None:
    rows = "".join(f'Project {number},Fund,"{cell}"\n' for number, cell in enumerate(cells))
    made = steward.drafts(f"Project,Donor,Sector\n{rows}")
    assert columns(made)["Sector"].get("split") == sign
    assert any(told.startswith("Sector: several values in a cell") for told in made.decisions) == bool(sign)


def test_lists_of_organisations_are_noticed_by_those_that_stand_alone(steward: Steward) -> None:
    made = steward.drafts('Project,Partner\nOne,"Aid A, Aid B"\nTwo,Aid A\nThree,Aid B\n')
    assert columns(made)["Partner"]["split"] == ","


def test_a_name_with_a_comma_that_is_known_is_no_list(steward: Steward) -> None:
    made = steward.drafts('Project,Donor,Country\nOne,F,"Congo, Democratic Republic of the"\nTwo,F,Ghana\n')
    assert "split" not in columns(made)["Country"]


def test_an_address_without_its_scheme_is_kept_and_said(steward: Steward) -> None:
    file = steward.saves(
        "Organisation,Country,Website\nA,Ghana,www.example.org\nB,Peru,https://example.org/b\n"
    )
    assert any(told.startswith("Website: texts that do not begin") for told in steward.drafts(file).decisions)
    report = steward.ingests(file, name="again")
    assert [one.value for one in report.kept] == ["www.example.org"]
    assert "<https://example.org/b>" in steward.stated(report)


def test_an_acronym_is_another_name_and_a_type_is_looked_up(steward: Steward) -> None:
    report = steward.ingests("Sigle,Organisation,Type\nAE,Aide Exemple,ONG\nSE,Secours Exemple,coopérative\n")
    stated = steward.stated(report)
    assert 'skos/core#altLabel> "AE"' in stated
    assert stated.count("/ontology#actorType>") == 2


def test_a_long_heading_is_cut_where_it_is_shown_and_works(steward: Steward) -> None:
    heading = "Y" * 20_000
    file = steward.saves(f"Project,Donor,{heading}\nOne,F,a\nTwo,F,b\n")
    made = steward.drafts(file)
    assert all(len(told) < 1_000 for told in made.decisions)
    assert heading in columns(made)
    assert steward.ingests(file, name="again").things["Intervention"] == 2
    assert len(cut(heading)) < 70


def test_many_words_are_counted_where_they_are_not_listed(steward: Steward) -> None:
    rows = "".join(f"Project {number},Fund,word {number}\n" for number in range(55))
    made = steward.drafts(f"Project,Donor,Sector\n{rows}")
    assert "and 15 more" in (made.folder / "source.yml").read_text(encoding="utf-8")


def test_many_columns_are_counted_where_they_are_not_listed(steward: Steward) -> None:
    names = ",".join(f"Q{number}" for number in range(55))
    made = steward.drafts(f"Project,Donor,{names}\nOne,F{',x' * 55}\n")
    assert any("and 15 more" in told for told in made.decisions)


def test_the_title_stands_in_one_place_with_its_accents(steward: Steward) -> None:
    file = steward.saves("Project,Donor\nOne,Fund\n", "liste_des-projets été.csv")
    made = steward.drafts(file)
    assert described(made)["title"] == "Liste des projets été"
    described_in = made.folder / "source.yml"
    described_in.write_text(
        described_in.read_text(encoding="utf-8").replace(
            "title: Liste des projets été", "title: Un autre titre"
        ),
        encoding="utf-8",
    )
    assert "Liste des projets" not in (made.folder / "mapping.yml").read_text(encoding="utf-8")


def test_the_source_document_has_the_title_of_its_description(steward: Steward) -> None:
    report = steward.ingests("Project,Donor\nOne,Fund\n")
    assert '/id/source/list> <http://www.w3.org/2000/01/rdf-schema#label> "List" .' in steward.stated(report)
