"""Dates of uneven precision, and the rule on when an intervention is active."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.analysis.periods import Span, Timeline, add_months, merged, span, state

DAY = dt.date


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2015", DAY(2015, 1, 1), DAY(2015, 12, 31)),
        ("2016-02", DAY(2016, 2, 1), DAY(2016, 2, 29)),
        ("2016-02-03", DAY(2016, 2, 3), DAY(2016, 2, 3)),
    ],
)
def test_a_date_spans_what_it_may_mean(text: str, first: dt.date, last: dt.date) -> None:
    assert (span(text).first, span(text).last) == (first, last)


@given(st.dates(DAY(1900, 1, 1), DAY(2100, 1, 1)), st.integers(0, 60))
def test_adding_months_moves_the_month_and_never_past_its_end(day: dt.date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@pytest.mark.parametrize(
    ("start", "end", "events", "as_of", "expected"),
    [
        ("2015", "2019", [], "2017-06-01", "active"),
        ("2015", "2019", [], "2019-12-31", "active"),
        ("2015", "2019", [], "2020-01-01", "ended"),
        ("2015", "2019", [], "2014-12-31", "not started"),
        ("2015", "", ["2015-01-01"], "2016-07-01", "active"),
        ("2015", "", ["2015-01-01"], "2016-07-02", "unknown"),
        ("2015", "", ["2015-01-01", "2018-03-01"], "2019-09-01", "active"),
        ("2015", "", ["2015-01-01", "2018-03-01"], "2017-01-01", "active"),
        ("", "2019", [], "2018-01-01", "unknown"),
        ("", "2019", ["2017-01-01"], "2018-01-01", "active"),
        ("", "", [], "2018-01-01", "unknown"),
    ],
)
def test_state_on_a_day(start: str, end: str, events: list[str], as_of: str, expected: str) -> None:
    first, last = (span(text) if text else None for text in (start, end))
    timeline = Timeline(first, last, None, tuple(map(DAY.fromisoformat, events)))
    assert state([timeline], DAY.fromisoformat(as_of)) == expected


def test_what_nothing_dates_has_no_period() -> None:
    assert Timeline().period is None
    assert Timeline(end=span("2019")).period is None


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2009", "not started"),
        ("2011", "active"),
        ("2015", "unknown"),
        ("2019", "active"),
        ("2021", "ended"),
    ],
)
def test_what_two_sources_state_of_two_times_is_not_drawn_together(as_of: str, expected: str) -> None:
    known = [
        Timeline(span(first), span(last), None, (span(first).first, span(last).last))
        for first, last in (("2010", "2012"), ("2018", "2020"))
    ]
    assert state(known, span(as_of).first) == expected


def test_an_event_after_an_end_makes_the_end_doubtful() -> None:
    one = Timeline(span("2010"), span("2012"), None, (DAY(2010, 1, 1), DAY(2012, 12, 31)))
    other = Timeline(events=(DAY(2014, 5, 1),))
    assert state([one, other], DAY(2014, 6, 1)) == "active"
    assert state([one, other], DAY(2020, 1, 1)) == "unknown"
    assert state([one, Timeline()], DAY(2020, 1, 1)) == "ended"


def test_spans_that_touch_are_one() -> None:
    years = [span("2012"), span("2010"), span("2011"), span("2015")]
    assert merged(years) == (Span(DAY(2010, 1, 1), DAY(2012, 12, 31)), span("2015"))


@pytest.mark.parametrize(
    ("events", "as_of", "expected"),
    [
        ([], "2018-12-31", "active"),
        ([], "2019-01-01", "unknown"),
        (["2017-06-01"], "2018-12-31", "active"),
        (["2019-02-01"], "2020-07-31", "active"),
        (["2019-02-01"], "2020-08-02", "unknown"),
    ],
)
def test_a_planned_end_that_has_passed_is_not_an_end(events: list[str], as_of: str, expected: str) -> None:
    days = tuple(DAY.fromisoformat(event) for event in ("2015-01-01", *events))
    timeline = Timeline(span("2015"), None, span("2018"), days)
    assert state([timeline], DAY.fromisoformat(as_of)) == expected


@pytest.mark.parametrize(
    "text", ["", "0000", "0999", "3000", "9999-12-31", "20155", "2015-13", "2015-02-30", "-2015", "MMXV"]
)
def test_what_is_no_date_of_our_times_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        span(text)


def test_a_time_zone_is_passed_over() -> None:
    assert span("2015-03-04Z") == span("2015-03-04+02:00") == span("2015-03-04")
