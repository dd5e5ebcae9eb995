"""Coordinates put things on the map: sites, activities and mere points; they are confidential in a draft."""

from __future__ import annotations

import json

import pytest

from tests.drafting.conftest import Steward, columns, read_as

WGS = "http://www.w3.org/2003/01/geo/wgs84_pos#"


def test_points_are_places_with_their_position(steward: Steward) -> None:
    file = steward.saves("N°,lat,lon,region\n1,1.56,30.24,Ituri\n2,-2.51,28.84,Sud-Kivu\n")
    made = steward.drafts(file)
    assert made.guesses.kind == "places"
    assert columns(made)["lat"] == {"type": "decimal", "on_error": "keep", "sensitivity": "confidential"}
    report = steward.ingests(file, name="again")
    assert report.things == {"Place": 2, "SourceDocument": 1}
    stated = steward.stated(report)
    assert f'<{WGS}lat> "1.56"' in stated
    assert "/ontology#within> <https://w3id.org/asmgraph/id/place/CD-IT>" in stated
    assert '"List 1"' in stated  # a mere number says nothing


def test_the_gazetteer_is_asked_where_a_position_lies(steward: Steward) -> None:
    report = steward.ingests("Site,Country,Lat,Long\nMine A,DRC,1.56,30.24\nMine B,DRC,-2.51,28.84\n")
    assert sum(report.placements.values()) + len(report.unplaced) == 2


def test_an_activity_with_a_position_has_a_place_of_its_own(steward: Steward) -> None:
    report = steward.ingests(
        'Code,Title,Donor,Lat,Long\nP1,One,F,"1,5","30,25"\nP2,Two,F,bad,"28,5"\nP3,Three,F,"2,5","30,5"\n'
    )
    stated = steward.stated(report)
    assert report.things["Place"] == 2
    assert f'<{WGS}long> "30.25"' in stated
    assert "intervention/list-P1> <https://w3id.org/asmgraph/ontology#place>" in stated
    assert [(one.column, one.value) for one in report.kept] == [("Lat", "bad")]


@pytest.mark.parametrize(
    "content",
    [
        "Project,Donor,Lat\nOne,F,1.5\n",
        "Project,Donor,X,Y\nOne,F,500123.5,9812345.1\nTwo,F,500124.5,9812346.1\n",
    ],
    ids=["alone", "metres"],
)
def test_what_is_no_position_is_none(content: str, steward: Steward) -> None:
    made = steward.drafts(content)
    assert not {"latitude", "longitude"} & {guess.role for guess in made.guesses.columns}
    assert "wgs:lat" not in (made.folder / "mapping.yml").read_text(encoding="utf-8")


def test_an_activity_s_position_is_confidential_when_the_rest_is_public(steward: Steward) -> None:
    made = steward.drafts("Code,Title,Donor,Lat,Long\nP1,One,F,1.5,30.25\n")
    assert read_as(made)["Lat"] == "latitude, confidential"


def test_the_geometries_of_geojson_are_positions(steward: Steward) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"tags": ["a", "b"]},
            "geometry": {"type": "Point", "coordinates": point},
        }
        for point in ([30.5, 1.5], [30.25, 1.75])
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features})
    file = steward.saves(content, "list.geojson")
    made = steward.drafts(file)
    assert columns(made)["tags"] == {"split": ";"}
    report = steward.ingests(file, name="again")
    assert report.things == {"Place": 2, "SourceDocument": 1}
    assert f'<{WGS}long> "30.25"' in steward.stated(report)


def test_some_cells_in_another_form_do_not_undo_a_column_of_positions(steward: Steward) -> None:
    good = "".join(f"Mine {number},or,1.{number},30.{number}\n" for number in range(6))
    odd = 'Mine 6,or,"1,290",30.5\nMine 7,or,1°33′36″ N,30.5\nMine 8,or,129.5,30.5\n'
    made = steward.drafts(f"Site,Minerai,Latitude,Longitude\n{good}{odd}")
    assert read_as(made)["Latitude"] == "latitude, confidential"
    assert any("Latitude: 3 of 9 cells are no degrees as -1.55" in told for told in made.decisions)
    assert not any("Longitude: " in told and "no degrees" in told for told in made.decisions)
    assert not any("Remove these" in told for told in made.decisions)


def test_coordinates_that_are_not_understood_are_said_and_no_address_is_asked_to_be_removed(
    steward: Steward,
) -> None:
    made = steward.drafts(
        "Site,Minerai,Latitude,Longitude\nMine A,or,1°33'36\"N,30°14'24\"E\nMine B,or,1°34'36\"N,30°15'24\"E\n"
    )
    assert any(told.startswith("LOOK: Latitude: taken for no position") for told in made.decisions)
    assert not any("Remove these" in told for told in made.decisions)
