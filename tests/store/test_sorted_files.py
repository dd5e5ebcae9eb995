"""What is found by looking into sorted files is what reading them whole finds."""

from __future__ import annotations

import doctest
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.store import sorted_files
from asmgraph.store.sorted_files import beginning_with, differing, opened, place

LINE = st.one_of(
    st.text("ab \r\té\U0001f600", max_size=4).map(str.encode),
    st.integers(0, 30).map(lambda number: b"the same beginning " * 9 + b"%d" % number),
)
LINES = st.sets(LINE, max_size=40)


def _content(lines: set[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in sorted(lines))


@given(LINES, LINE, st.data())
def test_a_line_is_placed_where_sorting_would_put_it(
    lines: set[bytes], wanted: bytes, data: st.DataObject
) -> None:
    held = sorted(lines)
    begin = data.draw(st.integers(0, len(held)))
    before = [line for line in held if line < wanted]
    expected = max(_content(set(before)), _content(set(held[:begin])), key=len)
    assert place(_content(lines), wanted, len(_content(set(held[:begin])))) == len(expected)


@given(LINES, st.sets(st.text("ab é", max_size=2).map(str.encode), max_size=4))
def test_lines_are_found_by_their_beginnings(lines: set[bytes], starts: set[bytes]) -> None:
    apart = {start for start in starts if not any(one != start and start.startswith(one) for one in starts)}
    expected = {line for line in lines if line.startswith(tuple(apart))}
    found = list(beginning_with(_content(lines), sorted(apart)))
    assert b"".join(found) == _content(expected)
    assert all(one.startswith(start) for start, one in zip(sorted(apart), found, strict=True) if one)


@given(LINES, LINES)
def test_the_lines_that_differ_are_those_of_one_alone(one: set[bytes], other: set[bytes]) -> None:
    left, right = _content(one), _content(other)
    found = differing((left, 0, len(left)), (right, 0, len(right)))
    assert found == (sorted(one - other), sorted(other - one))


@given(LINES, LINES, LINE)
def test_spans_are_compared_alone(one: set[bytes], other: set[bytes], end: bytes) -> None:
    left, right = _content(one), _content(other)
    found = differing((left, 0, place(left, end)), (right, 0, place(right, end)))
    assert found == (sorted(i for i in one - other if i < end), sorted(i for i in other - one if i < end))


@given(st.sets(st.integers(0, 99_999), max_size=30), st.sets(st.integers(0, 99_999), max_size=30))
def test_long_files_are_compared_from_disk(left: set[int], right: set[int]) -> None:
    every = {b"%06d a line of some length, as statements have" % number for number in range(0, 100_000, 7)}
    one = every ^ {b"%06d a line of some length, as statements have" % number for number in left}
    other = every ^ {b"%06d a line of some length, as statements have" % number for number in right}
    with tempfile.TemporaryDirectory() as name:
        files = Path(name, "one"), Path(name, "other")
        for file, lines in zip(files, (one, other), strict=True):
            file.write_bytes(_content(lines))
        with opened(files[0]) as mine, opened(files[1]) as theirs:
            found = differing((mine, 0, len(mine)), (theirs, 0, len(theirs)))
    assert found == (sorted(one - other), sorted(other - one))


def test_an_empty_file_has_no_content(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with opened(tmp_path / "empty") as content:
        assert len(content) == 0
        assert place(content, b"a") == 0
        assert list(beginning_with(content, [b"a"])) == [b""]


@pytest.mark.parametrize("content", [b"a", b"a\nb"])
def test_a_last_line_without_its_end_is_a_line(content: bytes) -> None:
    assert place(content, b"z") == len(content)
    assert differing((content, 0, len(content)), (b"", 0, 0))[0] == content.split(b"\n")
    assert differing((content, 0, len(content)), (b"a\n", 0, 2))[0] == content.split(b"\n")[1:]


def test_the_example_holds() -> None:
    assert doctest.testmod(sorted_files).failed == 0
