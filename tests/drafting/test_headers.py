"""The names of the columns are found below titles, or where a steward says."""

from __future__ import annotations

import pytest

from asmgraph.errors import SourceError
from tests.drafting.conftest import Steward, described, read_as

ROWS = [
    ["Code", "Intitulé", "Donateur", "Pays"],
    ["P1", "Or propre", "Fonds Exemple", "RDC"],
    ["P2", "Épargne", "Fonds Exemple", "RD Congo"],
]
TITLES = [["Liste de projets"], ["Mise à jour : mars 2024", None, None, "Unité X"]]


@pytest.mark.parametrize(
    "above", [[], TITLES[:1], TITLES, [[], *TITLES, []]], ids=["none", "one", "two", "blank"]
)
def test_titles_above_the_names_are_passed_over(above: list[list[object]], steward: Steward) -> None:
    file = steward.saves_sheets({"Feuille": [*above, *ROWS]})
    made = steward.drafts(file)
    assert list(read_as(made)) == ROWS[0]
    assert described(made)["tables"]["rows"].get("header") == (len(above) + 1 if above else None)
    assert steward.ingests(file, name="again").things["Intervention"] == 2


def test_titles_above_the_names_of_a_csv_file_are_passed_over(steward: Steward) -> None:
    lines = (
        "Liste de projets;;;\n\nCode;Intitulé;Donateur;Pays\nP1;Or propre;Fonds;RDC\nP2;Épargne;Fonds;RDC\n"
    )
    file = steward.saves(lines)
    made = steward.drafts(file)
    assert described(made)["tables"]["rows"]["header"] == 3
    assert steward.ingests(file, name="again").things["Intervention"] == 2


def test_a_steward_says_where_the_names_are(steward: Steward) -> None:
    file = steward.saves_sheets({"Feuille": [["Project", "Donor", "Country"], *ROWS]})
    assert list(read_as(steward.drafts(file, name="found"))) == ["Project", "Donor", "Country", "(column D)"]
    made = steward.drafts(file, name="said", header=2)
    assert list(read_as(made)) == ROWS[0]
    assert described(made)["tables"]["rows"]["header"] == 2


def test_a_steward_says_which_sheet(steward: Steward) -> None:
    file = steward.saves_sheets({"Lisez-moi": [["Ce fichier liste des projets."]], "Données 2024": ROWS})
    with pytest.raises(SourceError, match="--sheet"):
        steward.drafts(file)
    made = steward.drafts(file, sheet="Données 2024")
    assert described(made)["tables"]["rows"]["sheet"] == "Données 2024"
    assert steward.ingests(file, name="again", sheet="Données 2024").things["Intervention"] == 2


@pytest.mark.parametrize(
    ("name", "options"), [("a.csv", {"sheet": "x"}), ("a.json", {"header": 2}), ("a.json", {"sheet": "x"})]
)
def test_what_a_format_has_not_cannot_be_said(
    name: str, options: dict[str, object], steward: Steward
) -> None:
    content = "Project,Donor\nOne,F\n" if name.endswith("csv") else '[{"project": "One", "donor": "F"}]'
    with pytest.raises(SourceError, match="--"):
        steward.drafts(steward.saves(content, name), **options)


def test_a_first_row_of_known_names_is_the_header_though_rows_are_wider(steward: Steward) -> None:
    file = steward.saves_sheets(
        {"A": [["Project", "Donor"], ["One", "Fund", "a", "b", "c"], ["Two", "Fund"]]}
    )
    made = steward.drafts(file)
    assert "header" not in described(made)["tables"]["rows"]


@pytest.mark.parametrize("names", ["Nom,Nom,Lieu", "Nom,Lieu,Nom,Date", "Nom,Nom"])
def test_a_name_that_stands_twice_among_few_is_said_to(names: str, steward: Steward) -> None:
    cells = ["Or propre,Fonds,Ituri,2020", "Épargne,Banque,Tshopo,2021"]
    rows = [",".join(line.split(",")[: names.count(",") + 1]) for line in cells]
    for some in (rows[:1], rows):
        with pytest.raises(SourceError, match="the column 'Nom' twice"):
            steward.drafts("\n".join([names, *some, ""]))
