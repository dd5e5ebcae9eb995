"""Telephone numbers and mail addresses are left out, whatever stands above them; a few among words are confidential."""

from __future__ import annotations

import pytest

from asmgraph.drafting.drafts import Draft
from tests.drafting.conftest import Steward, columns, read_as

NUMBERS = {
    "with its country": ["+243 991 234 567", "+243 991 234 568", "+243 991 234 569"],
    "as dialled at home": ["0991 234 567", "0991 234 568", "0991-234-569"],
    "without its sign": ["243991234567", "243991234568", "243991234569"],
    "in groups": ["991 23 45 67", "991 23 45 68", "991 23 45 69"],
    "with a word": ["Tél. 0991234567", "Tél. 0991234568", "WhatsApp 0991234569"],
    "of a name": ["A. Nom (+243991234567)", "B. Nom", "C. Nom (+243991234569)"],
    "two in a cell": ["0991234567 / 0811234567", "0991234568 / 0811234568", "0991234569 / 0811234569"],
    "two in some": ["0991234567 / 0811234567", "0991234568 ; 0811234568", "0991234569"],
    "without its zero": ["812345678", "812345679", "991234567"],
    "two without their zero": ["812345678 / 991234567", "812345679 / 991234568", "991234569"],
    "of Brazil": ["(11) 98765-4321", "(11) 98765-4322", "(11) 98765-4323"],
    "of Mali": ["70 12 34 56", "70 12 34 57", "76 12 34 58"],
    "after a name": ["A. Nom 0991234567", "B. Nom 0991234568", "C. Nom"],
    "mail": ["a@example.org", "b@example.org", "c@example.org"],
    "mail in words": ["A. Nom <a@example.org>", "B. Nom <b@example.org>", ""],
}


def _drafted(steward: Steward, heading: str, values: list[str]) -> Draft:
    rows = (f"P{number},{value}\n" for number, value in enumerate(values))
    return steward.drafts(f"Project,Donor,{heading}\n" + "".join(f"x{row[:2]},F,{row[3:]}" for row in rows))


@pytest.mark.parametrize("heading", ["Reference", "Code", "Description", "Xyz", "Partner"])
@pytest.mark.parametrize("kind", NUMBERS)
def test_values_outrank_a_heading_that_sounds_harmless(kind: str, heading: str, steward: Steward) -> None:
    made = _drafted(steward, heading, NUMBERS[kind])
    assert read_as(made)[heading] == "ignored"
    assert columns(made)[heading] == {"ignore": "people's names and contacts are never read"}
    assert any(told.startswith(f"{heading}: left out") for told in made.decisions)


@pytest.mark.parametrize(
    "values",
    [
        ["CD-2010-0042", "CD-2010-0043", "CD-2010-0044"],
        ["1120091052416", "1120091052417", "1120091052418"],
        ["001", "002", "003"],
        ["12 000 000", "20 500 000", "30 000 000"],
        ["2020-03-05", "2021-04-06", "2022-05-07"],
        ["202003051230", "202104061230", "202205071230"],
        ["250000000", "300000000", "125500000"],
        ["12-345-678", "12-345-679", "12-345-680"],
        ["Fund A / Fund B", "Fund B", "Fund C"],
    ],
)
def test_codes_figures_and_dates_are_no_telephone_numbers(values: list[str], steward: Steward) -> None:
    assert read_as(_drafted(steward, "Xyz", values))["Xyz"] != "ignored"


def test_a_few_numbers_among_words_make_a_column_confidential(steward: Steward) -> None:
    texts = [*["Pits are made safe"] * 9, "Ask A. Nom, +243 991 234 567"]
    rows = "".join(f"Project {number},F,{text}\n" for number, text in enumerate(texts)).replace(
        "Nom, ", "Nom "
    )
    made = steward.drafts(f"Project,Donor,Description\n{rows}")
    assert read_as(made)["Description"] == "description, confidential"
    assert columns(made)["Description"]["sensitivity"] == "confidential"
    assert any("Description: confidential, as 1 cells hold" in told for told in made.decisions)


def test_positions_in_words_are_confidential(steward: Steward) -> None:
    made = steward.drafts("Project,Donor,Description\nOne,F,The pit at -2.5123 28.8456\nTwo,F,none\n")
    assert read_as(made)["Description"] == "description, confidential"
