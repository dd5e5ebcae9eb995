"""What looks like a list, a sum or a note is asked about before anything is stated of it."""

from __future__ import annotations

import pytest

from asmgraph import pipeline
from asmgraph.errors import SourceError
from tests.drafting.conftest import Steward, described, read_as

PARTNERS = (
    "Intitulé;Partenaires d'exécution;Territoire\n"
    "Épargne;Aide Exemple, Entraide Exemple, Office Exemple;Mahagi\n"
    "Épargne;Ministère Exemple;Irumu\n"
    "Formation;Entraide Exemple, Aide Exemple;Mahagi\n"
)


def _looks(decisions: tuple[str, ...]) -> list[str]:
    return [told for told in decisions if told.startswith("LOOK")]


def test_commas_between_organisations_are_asked_about(steward: Steward) -> None:
    made = steward.drafts(PARTNERS)
    (told,) = (told for told in _looks(made.decisions) if "commas" in told)
    assert "Partenaires d'exécution: commas in 2 of 3 cells; one organisation or a list?" in told
    assert ("--key" in told) == ("Partenaires d'exécution" in made.guesses.key.columns)


def test_a_comma_in_few_names_is_not_asked_about(steward: Steward) -> None:
    rows = "".join(f"Project {number},Aid {number}\n" for number in range(30))
    made = steward.drafts(f'Title,Organisation\n{rows}Last,"Aid, Inc."\n')
    assert _looks(made.decisions) == []


def test_a_steward_names_the_key(steward: Steward) -> None:
    made = steward.drafts(PARTNERS, key=["Intitulé", "Territoire"])
    assert made.guesses.key.columns == ("Intitulé", "Territoire")
    assert described(made)["tables"]["rows"]["key"] == ["Intitulé", "Territoire"]
    assert not any("taken together" in told for told in made.decisions)
    written = made.folder / "source.yml"
    text = written.read_text(encoding="utf-8")
    assert "Partenaires d'exécution: {}" in text
    cut = text.replace("Partenaires d'exécution: {}", "Partenaires d'exécution: {split: ','}")
    written.write_text(cut, encoding="utf-8")
    report = pipeline.ingest(steward.settings, made.name, steward.folder / "list.csv")
    assert (report.things["Intervention"], report.things["Organisation"]) == (3, 4)


def test_a_column_that_is_named_as_the_key_is_a_code(steward: Steward) -> None:
    file = steward.saves("Title,Donor,Dossier\nOne,Fund,x/1\nOne,Fund,x-1\n")
    made = steward.drafts(file, key=["Dossier"])
    assert read_as(made)["Dossier"] == "id"
    assert steward.ingests(file, key=["Dossier"], name="again").things["Intervention"] == 2


@pytest.mark.parametrize(("key", "named"), [("Titel", "no column 'Titel'"), ("Email", "never read")])
def test_a_key_that_cannot_be_one_is_refused(key: str, named: str, steward: Steward) -> None:
    with pytest.raises(SourceError, match=named):
        steward.drafts("Title,Donor,Email\nOne,Fund,a@example.org\nTwo,Fund,b@example.org\n", key=[key])
    assert not (steward.settings.home / "sources").exists()


def test_a_row_of_sums_is_pointed_at(steward: Steward) -> None:
    rows = "Title;Donor;Budget\nOne;Fund;1\nTwo;Fund;2\n"
    assert not any("total" in told for told in _looks(steward.drafts(rows).decisions))
    for number, word in enumerate(("TOTAL", "Sous-total", "Total général 2024", "Totales")):
        made = steward.drafts(f"{rows}{word};;3\n", name=f"sums-{number}")
        assert any(f"1 row looks like a total ('{word}')" in told for told in _looks(made.decisions))
    made = steward.drafts(f"{rows}Total support to pits;Fund;3\n", name="other")
    assert not any("total" in told for told in _looks(made.decisions))


def test_rows_without_a_title_are_pointed_at_where_something_else_names_them(steward: Steward) -> None:
    rows = "".join(f"{number};Project {number};Fund;Aid {number}\n" for number in range(1, 9))
    made = steward.drafts(f"N°;Title;Donor;Organisation\n{rows}9;;Fund;Aid 9\n")
    assert made.guesses.key.columns == ("N°",)
    (told,) = _looks(made.decisions)
    assert "1 of 9 rows have no Title: sums or notes?" in told
    made = steward.drafts(f"N°;Title;Donor;Organisation\n{rows}", name="whole")
    assert _looks(made.decisions) == []


@pytest.mark.parametrize("heading", ["Type d'organisation", "#org+type"])
def test_a_type_of_organisation_is_said_of_the_organisation(heading: str, steward: Steward) -> None:
    tags = "#org,#activity+name,#org+type\n" if heading.startswith("#") else ""
    headings = f"Organisation,Titre,{'Type' if tags else heading}\n"
    file = steward.saves(f"{headings}{tags}Aide Exemple,Un,ONG\nEntraide Exemple,Deux,coopérative\n")
    made = steward.drafts(file)
    assert made.guesses.kind == "activities"
    assert [*read_as(made).values()][2] == "type"
    stated = steward.stated(steward.ingests(file, name="again"))
    typed = [line for line in stated.splitlines() if "/ontology#actorType>" in line]
    assert len(typed) == 2
    assert all("/id/actor/" in line.split()[0] for line in typed)
    assert "/ontology#theme>" not in stated


def test_a_type_of_nothing_said_is_one_of_activities(steward: Steward) -> None:
    made = steward.drafts("Organisation,Titre,Type\nAide Exemple,Un,formation\nEntraide Exemple,Deux,appui\n")
    assert read_as(made)["Type"] == "theme"


def test_a_type_of_one_of_several_organisations_is_said_of_none(steward: Steward) -> None:
    rows = "Aide Exemple,Fonds Exemple,Un,ONG\nEntraide Exemple,Fonds Exemple,Deux,ONG\n"
    made = steward.drafts(f"Partenaire d'exécution,Bailleur,Titre,Type d'organisation\n{rows}")
    assert read_as(made)["Type d'organisation"] == "not mapped"
