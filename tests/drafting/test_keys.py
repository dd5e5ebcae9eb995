"""What tells one thing from another is what the values bear out; rows that are merged are counted and said."""

from __future__ import annotations

import pytest

from tests.drafting.conftest import Steward, columns, described, read_as

WITHOUT_TITLES = (
    "Organisation,Cluster,Region,Targeted\n#org,#sector,#adm1,#targeted\n"
    "Example Aid,Health,Kayes,120\nExample Aid,Health,Mopti,90\nExample Care,Health,Kayes,300\n"
    "Example Care,Protection,Mopti,40\n"
)


def test_without_titles_who_does_what_where_makes_rows_distinct(steward: Steward) -> None:
    file = steward.saves(WITHOUT_TITLES)
    made = steward.drafts(file)
    assert made.guesses.key.columns == ("Cluster", "Organisation", "Region")
    assert described(made)["tables"]["rows"]["key"] == ["Cluster", "Organisation", "Region"]
    assert any("Cluster, Organisation and Region are taken together" in told for told in made.decisions)
    assert not any("merged" in told for told in made.decisions)
    report = steward.ingests(file, name="again")
    assert report.things["Intervention"] == 4
    assert '"Health, Example Aid, Kayes"' in steward.stated(report)


def test_rows_that_nothing_tells_apart_are_counted(steward: Steward) -> None:
    file = steward.saves(WITHOUT_TITLES + "Example Care,Protection,Mopti,55\n")
    made = steward.drafts(file)
    assert "key" not in described(made)["tables"]["rows"]
    told = next(told for told in made.decisions if told.startswith("LOOK"))
    assert "1 of 5 rows repeat the Cluster, Organisation and Region of another row" in told
    assert "5 rows become 4 interventions" in told
    assert steward.ingests(file, name="again").things["Intervention"] == 4


def test_a_date_is_added_to_the_key_where_it_helps(steward: Steward) -> None:
    made = steward.drafts(
        "Organisation,Sector,Province,Start\nA,Health,Ituri,2020\nA,Health,Ituri,2021\nB,Health,Ituri,2020\n"
    )
    assert made.guesses.key.columns == ("Sector", "Organisation", "Province", "Start")


def test_codes_that_repeat_are_merged_and_said(steward: Steward) -> None:
    file = steward.saves("Code,Title,Donor\nP1,One,Fund A\nP1,One,Fund B\nP2,Two,Fund A\n")
    made = steward.drafts(file)
    assert made.guesses.key.columns == ("Code",)
    assert "key" not in described(made)["tables"]["rows"]
    assert any("3 rows become 2 interventions" in told for told in made.decisions)
    assert steward.ingests(file, name="again").things["Intervention"] == 2


def test_a_code_that_says_something_else_is_no_key(steward: Steward) -> None:
    made = steward.drafts("Code,Title,Donor\nCD,One,Fund\nCD,Two,Fund\nCD,Three,Fund\nGH,Four,Fund\n")
    assert made.guesses.key.columns == ("Title",)
    assert read_as(made)["Code"] == "not mapped"
    assert any("Code" in told and "nothing is stated" in told for told in made.decisions)


def test_titles_that_repeat_are_said(steward: Steward) -> None:
    made = steward.drafts("Title,Donor,Province\nOne,Fund,Ituri\nOne,Fund,Sud-Kivu\nTwo,Fund,Ituri\n")
    assert made.guesses.key.columns == ("Title",)
    assert any("1 of 3 rows repeat the Title" in told for told in made.decisions)


def test_a_title_that_many_organisations_share_is_none_of_an_activity(steward: Steward) -> None:
    rows = "".join(f"Training,Org {number},Ituri\nSupport,Org {number},Ituri\n" for number in range(4))
    made = steward.drafts(f"Activity,Organisation,Province\n{rows}")
    assert made.guesses.key.columns == ("Activity", "Organisation", "Province")
    assert made.guesses.key.unique


def test_rows_without_a_title_are_counted(steward: Steward) -> None:
    rows = "".join(f"Project {number},Fund\n" for number in range(19))
    made = steward.drafts(f"Title,Donor\n{rows},Fund\n")
    assert any("1 rows have no Title, so nothing is stated of them" in told for told in made.decisions)


@pytest.mark.parametrize(
    ("first", "codes", "key"),
    [
        ("", ("7", "8"), ("(column A)",)),
        ("", ("7.5", "8.5"), ("lat", "lon")),
        ("", ("Nom", "Autre"), ("lat", "lon")),
        ("Owner code", ("7", "8"), ("lat", "lon")),
    ],
)
def test_points_are_known_by_a_first_column_of_codes_or_by_where_they_are(
    first: str, codes: tuple[str, str], key: tuple[str, ...], steward: Steward
) -> None:
    made = steward.drafts(f"{first},lat,lon\n{codes[0]},1.5,30.25\n{codes[1]},1.5,30.5\n")
    assert made.guesses.key.columns == key
    told = any(one.startswith("what (column A) has: no heading says it") for one in made.decisions)
    assert told == (key == ("(column A)",))


def test_columns_of_one_tag_are_told_apart_by_their_headings(steward: Steward) -> None:
    file = steward.saves(
        "Who,Sector,Second sector,Where\n#org,#sector,#sector,#adm1\nExample Aid,formalisation,gender,Ituri\n"
        "Example Care,traceability,,Ituri\n"
    )
    made = steward.drafts(file)
    assert columns(made)["Second sector"] == {"lookup": ["theme"]}
    assert steward.stated(steward.ingests(file, name="again")).count("/ontology#theme>") == 3


def test_organisations_in_lists_name_rows_that_would_be_merged_without_them(steward: Steward) -> None:
    rows = "".join(f"Health,Aid {number},Ituri\n" for number in range(9))
    made = steward.drafts(f"Sector,Organisation,Province\n{rows}Health,Aid 1 / Aid 2,Ituri\n")
    assert made.guesses.key.unique
    assert any(
        "Organisation: several values in a cell; they are not taken apart" in told for told in made.decisions
    )


def test_columns_of_one_tag_and_heading_are_read_as_one_list(steward: Steward) -> None:
    file = steward.saves(
        "Who,Sector,Sector,Where\n#org,#sector,#sector,#adm1\nExample Aid,formalisation,gender,Ituri\n"
        "Example Care,traceability,,Ituri\n"
    )
    made = steward.drafts(file)
    assert columns(made)["Sector"]["split"] == ";"
    assert steward.stated(steward.ingests(file, name="again")).count("/ontology#theme>") == 3
