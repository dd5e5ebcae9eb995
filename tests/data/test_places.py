"""The places that asmgraph ships: codes, regions, the provinces of the DRC before and after 2015, subdivisions."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"
OLD = {
    "CD-BANDUNDU-OLD": "CD-KG CD-KL CD-MN",
    "CD-EQUATEUR-OLD": "CD-EQ CD-MO CD-NU CD-SU CD-TU",
    "CD-KASAI-OCCIDENTAL-OLD": "CD-KC CD-KS",
    "CD-KASAI-ORIENTAL-OLD": "CD-KE CD-LO CD-SA",
    "CD-KATANGA-OLD": "CD-HK CD-HL CD-LU CD-TA",
    "CD-ORIENTALE-OLD": "CD-BU CD-HU CD-IT CD-TO",
}
UNCHANGED = {"CD-BC", "CD-KN", "CD-MA", "CD-NK", "CD-SK"}


def table(source: str, name: str) -> dict[str, dict[str, str]]:
    with (DATA / source / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    key = next(iter(rows[0]))
    found = {row[key]: row for row in rows}
    assert len(found) == len(rows)
    return found


PLACES = table("places", "places")
COUNTRIES = {slug: row for slug, row in PLACES.items() if row["kind"] == "country"}
REGIONS = {slug: row for slug, row in PLACES.items() if row["kind"] == "region" and row["m49"]}


@pytest.mark.parametrize(
    ("column", "form"),
    [
        ("alpha2", "[A-Z]{2}"),
        ("m49", "[0-9]{3}"),
        ("geonames", "[0-9]+"),
        ("iso_3166_2", "[A-Z]{2}-[A-Z0-9]+"),
    ],
)
def test_no_two_places_share_a_code(column: str, form: str) -> None:
    codes = [row[column] for row in PLACES.values() if row[column]]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if not re.fullmatch(form, code)] == []


def test_every_country_has_its_codes() -> None:
    for column in ("alpha2", "m49", "geonames"):
        assert [slug for slug, row in COUNTRIES.items() if not row[column]] == []
    # The table that is restated has none for Namibia.
    assert [slug for slug, row in COUNTRIES.items() if not row["wikidata"]] == ["NAM"]


def test_the_codes_of_a_country_are_its_own() -> None:
    drc = COUNTRIES["COD"]
    assert (drc["alpha2"], drc["m49"], drc["geonames"], drc["wikidata"]) == ("CD", "180", "203312", "Q974")


def test_the_regions_are_those_of_un_m49_with_four_names() -> None:
    codes = "001 002 005 009 011 013 014 015 017 018 019 021 029 030 034 035 039 053 054 057 061 142 143 145"
    assert {row["m49"] for row in REGIONS.values()} == {
        *codes.split(),
        "150",
        "151",
        "154",
        "155",
        "202",
        "419",
    }
    assert [
        s for s, row in REGIONS.items() if not all(row[f"name_{tag}"] for tag in ("en", "fr", "es", "pt"))
    ] == []


def test_every_country_but_antarctica_lies_in_a_region_of_un_m49() -> None:
    assert [slug for slug, row in COUNTRIES.items() if row["within"] == "world"] == ["ATA"]
    assert [slug for slug, row in COUNTRIES.items() if row["within"] not in REGIONS] == []


def test_the_six_provinces_that_were_divided_name_what_replaced_them() -> None:
    found = {slug: row for slug, row in PLACES.items() if row["kind"] == "former-province"}
    assert {slug: row["replaced_by"].replace(";", " ") for slug, row in found.items()} == OLD
    assert {(row["from"], row["until"], row["level"]) for row in found.values()} == {("", "2015", "")}


def test_of_the_26_provinces_21_are_new_and_each_replaces_one() -> None:
    provinces = {slug: row for slug, row in PLACES.items() if row["kind"] == "province"}
    new = Counter(slug for successors in OLD.values() for slug in successors.split())
    assert set(new.values()) == {1}
    assert {slug for slug, row in provinces.items() if row["from"] == "2015"} == set(new)
    assert set(provinces) - set(new) == UNCHANGED


def test_every_province_of_before_2015_can_be_found_by_its_number_in_geonames() -> None:
    assert len([slug for slug in (*OLD, *UNCHANGED) if PLACES[slug]["geonames"]]) == 11


def test_subdivisions_lie_in_countries_and_repeat_no_place() -> None:
    units = table("subdivisions", "subdivisions")
    assert len(units) == 869
    assert {row["within"] for row in units.values()} <= set(COUNTRIES)
    assert len({row["within"] for row in units.values()}) == 54
    assert [code for code, row in units.items() if COUNTRIES[row["within"]]["alpha2"] != code[:2]] == []
    assert {row["iso_3166_2"] for row in PLACES.values()}.isdisjoint(units)


def test_no_two_subdivisions_of_a_country_share_a_name() -> None:
    names = Counter((row["within"], row["name_en"]) for row in table("subdivisions", "subdivisions").values())
    assert [name for name, count in names.items() if count > 1] == []
