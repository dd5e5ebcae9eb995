"""What is found is counted with its first rows, whatever batches it came in."""

from __future__ import annotations

import doctest

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from asmgraph import tallies
from asmgraph.records import ROW


@given(st.lists(st.sampled_from("ab")), st.integers(0, 20))
def test_two_batches_give_the_count_and_the_first_rows_of_one(texts: list[str], cut: int) -> None:
    found = pl.DataFrame(
        {ROW: range(1, len(texts) + 1), "text": texts}, schema={ROW: pl.Int64, "text": pl.String}
    )
    counts: dict[str, int] = {}
    first: dict[str, tuple[int, ...]] = {}
    for batch in (found[:cut], found[cut:]):
        for text, count, rows in tallies.counted(batch, "text").iter_rows():
            counts[text] = counts.get(text, 0) + count
            first[text] = tallies.first(first.get(text, ()), rows)
    rows_of = {text: [row for row, one in enumerate(texts, 1) if one == text] for text in texts}
    assert counts == {text: len(rows) for text, rows in rows_of.items()}
    assert first == {text: tuple(rows[: tallies.FIRST]) for text, rows in rows_of.items()}


def test_the_example_holds() -> None:
    assert doctest.testmod(tallies).failed == 0
