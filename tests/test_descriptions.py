"""A source.yml is held against its form when it is read; what is wrong in it is named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from asmgraph import descriptions
from asmgraph.descriptions import Source
from asmgraph.errors import ConfigurationError

FACTS: dict[str, Any] = {
    "name": "club",
    "title": "Club",
    "publisher": "The club",
    "licence": "CC0-1.0",
    "url": "https://example.org/club",
    "format": "csv",
}


def read(folder: Path, text: str = "", **more: Any) -> Source:
    (folder / "source.yml").write_text(yaml.safe_dump({**FACTS, **more}) + text, encoding="utf-8")
    return descriptions.load(folder)


def refused(folder: Path, text: str = "", **more: Any) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read(folder, text, **more)
    assert str(folder / "source.yml") in caught.value.message
    return caught.value.message


def test_a_source_is_read(tmp_path: Path) -> None:
    assert read(tmp_path).publisher == "The club"


@pytest.mark.parametrize(
    "pattern", ["[0-9", "(?=a)b", r"(a)\1", "(?<!a)b", "a{4,2}", r"\p{Lu}", "(?<x>a)", "a" + "{999}" * 9]
)
def test_a_pattern_that_python_or_polars_cannot_read_is_refused(pattern: str, tmp_path: Path) -> None:
    message = refused(tmp_path, tables={"people": {"columns": {"code": {"pattern": pattern}}}})
    assert f"tables.people.columns.code.pattern: {pattern!r} is not a regular expression: " in message
    assert "\n" not in message


@pytest.mark.parametrize("pattern", ["^[0-9]+$", "^(a|b)+?$", r"^\w{2,3}\.$", "(?i)^x$", ""])
def test_a_pattern_that_both_read_is_taken(pattern: str, tmp_path: Path) -> None:
    found = read(tmp_path, tables={"people": {"columns": {"code": {"pattern": pattern}}}})
    assert found.tables["people"].columns["code"].pattern == pattern


@pytest.mark.parametrize("text", ["2024-06-30", "'2024-06-30'"])
def test_a_day_of_retrieval_is_read_with_and_without_quotes(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, f"retrieved: {text}\n").retrieved == dt.date(2024, 6, 30)


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "86400",
        "2024",
        "2024-06",
        "'2024-02-30'",
        "30.6.2024",
        "9999-12-31",
        "2024-06-30 12:00:00",
        "true",
    ],
)
def test_a_retrieval_that_is_no_day_is_refused(text: str, tmp_path: Path) -> None:
    assert "retrieved: " in refused(tmp_path, f"retrieved: {text}\n")


@pytest.mark.parametrize("edge", ["from", "to"])
@pytest.mark.parametrize(
    ("text", "date"),
    [("2014", "2014"), ("'2014'", "2014"), ("2014-06", "2014-06"), ("2014-06-30", "2014-06-30")],
)
def test_coverage_is_dated_as_exactly_as_it_is_written(
    edge: str, text: str, date: str, tmp_path: Path
) -> None:
    found = read(tmp_path, f"coverage: [{{ covers: ties, found: all, {edge}: {text} }}]\n")
    assert (found.coverage[0].start, found.coverage[0].end) == (
        (date, None) if edge == "from" else (None, date)
    )


@pytest.mark.parametrize("edge", ["from", "to"])
@pytest.mark.parametrize(
    "text", ["the start", "9999", "0", "2014-13", "'2014-02-30'", "14", "2014/06", "[2014]"]
)
def test_coverage_with_what_is_no_date_is_refused(edge: str, text: str, tmp_path: Path) -> None:
    message = refused(tmp_path, f"coverage: [{{ covers: ties, found: all, {edge}: {text} }}]\n")
    assert f"coverage.0.{edge}: " in message
    assert "is not a date as YYYY-MM-DD, YYYY-MM or YYYY, between 1000 and 2999" in message


@pytest.mark.parametrize("content", [b"retrieved: 2024-02-30", b"title: \xff", b"a: [", b"\x00"])
def test_a_file_that_is_no_yaml_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "source.yml").write_bytes(content)
    with pytest.raises(ConfigurationError, match="is not YAML"):
        descriptions.load(tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("place", "Congo (DRC)"),
        ("place", ""),
        ("place", "https://example.org/COD"),
        ("place", "place/CO/D"),
        ("place", "COD> <x"),
        ("theme", "mercury"),
        ("theme", "mineral/gold"),
        ("theme", "challenge/"),
        ("theme", "intervention-type/safe mining"),
    ],
)
def test_coverage_of_what_is_no_place_or_theme_is_refused(key: str, value: str, tmp_path: Path) -> None:
    message = refused(tmp_path, coverage=[{"covers": "ties", "found": "all", key: value}])
    assert f"coverage.0.{key}: " in message


@pytest.mark.parametrize("place", ["COD", "CD-NK", "place/COD", "gha-ashanti", "côte"])
@pytest.mark.parametrize("theme", ["intervention-type/child-labour", "challenge/C6-finance"])
def test_coverage_of_a_place_and_a_theme_is_read(place: str, theme: str, tmp_path: Path) -> None:
    told = {"covers": "ties", "found": "all", "place": place, "theme": theme}
    assert (read(tmp_path, coverage=[told]).coverage[0].place) == place


@pytest.mark.parametrize("licence", ["", " "])
def test_an_empty_licence_is_refused(licence: str, tmp_path: Path) -> None:
    assert "licence: " in refused(tmp_path, licence=licence)


@pytest.mark.parametrize("url", ["", "example.org", "ask us", "javascript:alert(1)", "https://a.org/> <b"])
def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    assert "url: " in refused(tmp_path, url=url)


@pytest.mark.parametrize(
    ("start", "end"), [("2015", "2014"), ("2015-06", "2015-05-31"), ("2015-01-02", "2014")]
)
def test_a_coverage_that_ends_before_it_begins_is_refused(start: str, end: str, tmp_path: Path) -> None:
    statement = {"covers": "ties", "found": "some", "from": start, "to": end}
    assert "ends" in refused(tmp_path, coverage=[statement])


@pytest.mark.parametrize(
    ("start", "end"), [("2015", "2015"), ("2015-06-01", "2015"), ("2015-06", "2015-06-30")]
)
def test_a_coverage_may_end_in_the_year_in_which_it_begins(start: str, end: str, tmp_path: Path) -> None:
    statement = {"covers": "ties", "found": "some", "from": start, "to": end}
    assert read(tmp_path, coverage=[statement]).coverage[0].end == end


@pytest.mark.parametrize(
    ("column", "named"),
    [
        ({"type": "date", "dates": ["%d.%m"]}, "no year"),
        ({"type": "date", "dates": ["%d %Y"]}, "no month"),
        ({"type": "date", "dates": ["%G"]}, "%G, which is not read"),
        ({"type": "text", "dates": ["%Y"]}, "the type is date"),
    ],
)
def test_a_form_of_dates_that_cannot_be_read_is_refused(
    column: dict[str, Any], named: str, tmp_path: Path
) -> None:
    assert named in refused(tmp_path, tables={"t": {"columns": {"x": column}}})


@pytest.mark.parametrize("name", ["gaps", "gap-status", "inferred"])
def test_a_name_under_which_graphs_of_our_own_stand_is_refused(name: str, tmp_path: Path) -> None:
    assert "names graphs of asmgraph's own" in refused(tmp_path, name=name)
