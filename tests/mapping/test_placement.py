"""Placements on an invented country: by code, by name, by position; nothing is guessed, and no answer has no reason."""

from __future__ import annotations

import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.mapping.placement import Gazetteer, Placement, Question
from asmgraph.mapping.places import SCHEMA, known_places

P = "https://w3id.org/asmgraph/id/place/"
SPINE = """
INA label Invented Land; identifier iso3166-1:IN; adminLevel 0
INB label Other Land; identifier iso3166-1:IO; adminLevel 0
IN-N label Nord-Ouest; altLabel North West; identifier iso3166-2:IN-N; adminLevel 1; within INA; notation IN-N
IN-S label Sud; adminLevel 1; within INA; startDate 2015; notation IN-S
IN-O label Sud (former); altLabel Sud; altLabel Grand Sud; within INA; endDate 2015; isReplacedBy IN-S; notation O
IN-N-1 label Twin; adminLevel 2; within IN-N
IN-S-1 label Twin; adminLevel 2; within IN-S
IN-S-2 label Sud; adminLevel 2; within IN-S
IO-N label Nord-Ouest; adminLevel 1; within INB
"""
OTHER = """
x1 label Nord Ouest; adminLevel 1; within INA; identifier ocha-pcode:X1
x2 label Somewhere; within x1; lat -2.01; long 28.01
x3 label Somewhere else; within IN-N; lat -2.02; long 28.02
x4 label Far; within IN-S; lat -2.5; long 28.5
x5 label Border; within IN-S; lat -2.09; long 28.0
"""
AREAS = {
    f"{P}INA": shapely.box(26, -6, 30, 0),
    f"{P}INB": shapely.box(30, -6, 34, 0),
    f"{P}IN-S": shapely.box(26, -6, 30, -4),
}


def said(source: str, text: str) -> pl.DataFrame:
    rows = []
    for line in text.strip().splitlines():
        place, _, rest = line.partition(" ")
        for part in rest.split("; "):
            name, _, value = part.partition(" ")
            value = P + value if name in ("within", "isReplacedBy") else value
            rows.append((source, P + place, name, value))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


STATEMENTS = pl.concat([said("places", SPINE), said("another", OTHER)])
PLACES = known_places(STATEMENTS, ("places",))
GAZETTEER = Gazetteer(PLACES, AREAS)


def find(**asked: object) -> Placement:
    return Gazetteer(PLACES, AREAS).find(Question(**asked))  # type: ignore[arg-type]


def answer(**asked: object) -> tuple[str | None, str | None, bool]:
    found = find(**asked)
    return found.place and found.place.removeprefix(P), found.method, found.exact


def test_a_unit_that_two_sources_state_is_one_place_of_the_first() -> None:
    iris = {place.iri for place in PLACES}
    assert f"{P}IN-N" in iris
    assert f"{P}x1" not in iris
    assert answer(code="ocha-pcode:X1") == ("IN-N", "code", True)
    assert f"{P}IN-N" in GAZETTEER.above(f"{P}x2")


@pytest.mark.parametrize("code", ["iso3166-2:IN-N", "IN-N", "in-n", " ocha-pcode:x1 ", "X1"])
def test_a_code_is_found_with_and_without_its_scheme(code: str) -> None:
    assert answer(country="INA", code=code) == ("IN-N", "code", True)


def test_a_code_of_another_scheme_is_no_code() -> None:
    assert find(code="geonames:IN-N").reason == "the code 'geonames:IN-N' is not known"


def test_a_code_in_another_country_is_not_taken() -> None:
    found = find(country="INB", code="IN-N")
    assert (found.place, found.reason) == (None, "the code 'IN-N' lies elsewhere")


@pytest.mark.parametrize("country", ["INA", "IN", "iso3166-1:IN", "Invented Land", "invented  land"])
def test_a_country_is_known_by_code_and_name(country: str) -> None:
    assert answer(country=country, name="nord ouest") == ("IN-N", "name", True)


def test_an_unknown_country_stops_the_search() -> None:
    found = find(country="Atlantis", code="IN-N")
    assert (found.place, found.reason) == (None, "'Atlantis' is no code or name of one known place")


@pytest.mark.parametrize("name", ["NORD-OUEST", "Province du Nord-Ouest", "North West Region", "Nord Ouest"])
def test_a_name_is_found_in_its_country_alone(name: str) -> None:
    assert answer(country="INA", name=name) == ("IN-N", "name", True)
    assert answer(name=name) == (None, None, False)


def test_homonyms_are_named_and_none_is_taken() -> None:
    found = find(country="INA", name="Twin")
    assert (found.place, found.reason) == (None, "the name 'Twin' may be any of IN-N-1, IN-S-1")
    assert answer(country="INA", within="IN-S", name="Twin") == ("IN-S-1", "name", True)


def test_of_a_town_and_the_province_around_it_the_province_holds_either_way() -> None:
    assert answer(country="INA", name="Sud") == ("IN-S", "name", False)
    assert answer(country="INA", name="Sud", level=2) == ("IN-S-2", "name", True)


@pytest.mark.parametrize(
    ("date", "expected"),
    [("2010", "IN-O"), ("2014-12-31", "IN-O"), ("2016", "IN-S"), (None, "IN-S")],
)
def test_a_date_chooses_between_a_former_unit_and_its_successor(date: str | None, expected: str) -> None:
    assert answer(country="INA", name="Sud", level=1, date=date)[0] == expected


def test_in_the_year_of_the_change_nobody_knows() -> None:
    assert answer(country="INA", name="Sud", level=1, date="2015") == (None, None, False)


def test_a_name_that_only_a_former_unit_bears_is_that_unit() -> None:
    assert answer(country="INA", name="Grand Sud") == ("IN-O", "name", True)


def test_coordinates_lie_in_the_deepest_boundary() -> None:
    assert answer(country="INA", longitude=28.0, latitude=-5.0) == ("IN-S", "area", True)
    assert answer(longitude=32.0, latitude=-3.0) == ("INB", "area", True)


def test_near_a_boundary_the_place_is_approximate() -> None:
    assert answer(longitude=32.0, latitude=-0.05) == ("INB", "area", False)


def test_known_places_nearby_tell_the_unit_where_they_agree() -> None:
    assert answer(country="INA", longitude=28.0, latitude=-2.0) == ("IN-N", "nearest", False)
    assert answer(country="INA", longitude=28.5, latitude=-2.51) == ("IN-S", "nearest", False)


def test_known_places_that_disagree_tell_nothing() -> None:
    assert answer(country="INA", longitude=28.0, latitude=-2.05) == (None, None, False)


def test_the_distance_can_be_set() -> None:
    assert answer(country="INA", longitude=28.5, latitude=-2.7) == (None, None, False)
    assert answer(country="INA", longitude=28.5, latitude=-2.7, km=30.0) == ("IN-S", "nearest", False)


def test_before_2015_places_nearby_tell_the_former_unit_only_where_they_state_it() -> None:
    assert answer(country="INA", longitude=28.5, latitude=-2.51, date="2010") == (None, None, False)


@pytest.mark.parametrize(
    ("longitude", "latitude"), [(0.0, 0.0), (28.0, None), (228.0, -2.0), (-2.0, 128.0), (float("nan"), 1.0)]
)
def test_an_empty_or_impossible_position_tells_nothing(longitude: float, latitude: float | None) -> None:
    found = find(country="INA", longitude=longitude, latitude=latitude)
    assert (found.place, found.reason) == (None, "the coordinates are not complete, or not possible")


def test_coordinates_outside_the_country_are_not_used() -> None:
    found = find(country="INB", longitude=28.0, latitude=-2.0)
    assert (found.place, found.reason) == (None, "the coordinates lie outside INB")


def test_a_code_goes_before_a_name_and_a_name_before_a_position() -> None:
    assert answer(country="INA", code="IN-N", name="Sud", longitude=28.0, latitude=-5.0)[1] == "code"
    assert answer(country="INA", code="none", name="Grand Sud", longitude=28.0, latitude=-5.0)[1] == "name"
    assert answer(country="INA", code="none", name="Twin", longitude=28.0, latitude=-5.0)[1] == "area"


def test_without_boundaries_codes_names_and_places_nearby_still_serve() -> None:
    bare = Gazetteer(PLACES)
    assert bare.find(Question("INA", longitude=28.0, latitude=-2.0)).method == "nearest"
    assert bare.find(Question("INA", longitude=28.0, latitude=-5.0)).place is None


def test_a_gazetteer_that_knows_nothing_answers_nothing() -> None:
    assert Gazetteer().find(Question(name="Sud", longitude=1.0, latitude=1.0)).place is None


def test_places_of_no_level_are_never_meant_by_a_name() -> None:
    assert answer(country="INA", name="Somewhere") == (None, None, False)


names = st.sampled_from(["Sud", "Nord-Ouest", "Twin", "Grand Sud", "", "Nowhere", "x1", "IN-N", None])
numbers = st.one_of(st.none(), st.floats(-180, 180), st.floats(26, 34), st.floats(-6, 0))
questions = st.builds(
    Question,
    country=st.sampled_from(["INA", "INB", "Invented Land"]),
    code=names,
    name=names,
    longitude=numbers,
    latitude=numbers,
    date=st.sampled_from([None, "2010", "2015", "2020-05"]),
    level=st.sampled_from([None, 1, 2]),
)


@given(questions)
def test_what_is_found_lies_in_the_country_and_what_is_not_has_a_reason(question: Question) -> None:
    found = GAZETTEER.find(question)
    if found.place is None:
        assert found.reason
        assert found.method is None
    else:
        country = "INB" if question.country == "INB" else "INA"
        assert f"{P}{country}" in GAZETTEER.above(found.place)
        assert found.method is not None


@given(st.permutations(list(STATEMENTS.iter_rows())), questions)
def test_the_order_of_statements_changes_no_answer(rows: list[tuple[str, ...]], question: Question) -> None:
    again = known_places(pl.DataFrame(rows, schema=SCHEMA, orient="row"), ("places",))
    assert again == PLACES
    assert Gazetteer(again, AREAS).find(question) == GAZETTEER.find(question)
