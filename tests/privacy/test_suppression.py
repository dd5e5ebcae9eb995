"""No small count can be worked out from what is published and the total."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from asmgraph.privacy.suppression import THRESHOLD, hidden, small, total_hidden

tables = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 60), min_size=1, max_size=6)


@given(tables)
def test_every_small_count_is_hidden_and_no_zero_is(cells: dict[str, int]) -> None:
    first, second = hidden(cells)
    assert first == {name for name, count in cells.items() if 1 <= count <= 9}
    assert not {name for name in second if not cells[name]}
    assert not first & second


@given(tables)
def test_the_hidden_counts_can_be_told_neither_alone_nor_together(cells: dict[str, int]) -> None:
    first, second = hidden(cells)
    out = first | second
    if not first or total_hidden(cells):
        return
    rest = sum(cells.values()) - sum(count for name, count in cells.items() if name not in out)
    assert len(out) > 1
    assert rest >= THRESHOLD


@given(tables)
def test_no_more_is_hidden_than_protection_needs(cells: dict[str, int]) -> None:
    first, second = hidden(cells)
    if not second:
        return
    largest = max(second, key=lambda name: (cells[name], name))
    fewer = {name: cells[name] for name in (first | second) - {largest}}
    assert len(fewer) < 2 or sum(fewer.values()) < THRESHOLD


@given(tables)
def test_the_same_table_in_another_order_gives_the_same_answer(cells: dict[str, int]) -> None:
    assert hidden(cells) == hidden(dict(reversed(cells.items())))


def test_the_second_cell_is_the_smallest_by_count_then_name() -> None:
    assert hidden({"yes": 3, "no": 40, "not-asked": 12, "red": 12})[1] == {"not-asked"}


def test_a_total_goes_where_nothing_can_protect_a_small_count() -> None:
    assert total_hidden({"women": 3})
    assert total_hidden({"women": 3, "men": 4})
    assert not total_hidden({"women": 3, "men": 40})
    assert not total_hidden({"women": 30, "men": 40})


def test_small_is_one_to_nine() -> None:
    assert [number for number in range(12) if small(number)] == list(range(1, 10))
