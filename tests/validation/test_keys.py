"""A key that comes again is found, in whichever batch, and no other is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.validation.keys import Keys
from asmgraph.validation.promises import Checker
from tests.mapping.tables import batch, described

KEYS = st.lists(st.lists(st.integers(0, 12), max_size=8), max_size=5)
CELL = st.sampled_from([None, "", "a", "b", "ab", "1", "01"])
PAIRS = st.lists(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6), max_size=4)


@given(KEYS)
def test_each_row_is_told_the_first_with_its_key(batches: Sequence[Sequence[int]]) -> None:
    seen, expected, row = Keys(), dict[int, int](), 0
    for one in batches:
        rows = list(range(row, row + len(one)))
        row += len(one)
        firsts = [expected.setdefault(key, number) for key, number in zip(one, rows, strict=True)]
        found = seen.firsts(np.array(one, dtype=np.uint64), np.array(rows, dtype=np.int64))
        assert found.tolist() == firsts


@given(PAIRS)
def test_a_row_that_repeats_a_key_is_refused_with_the_first_named(
    batches: Sequence[Sequence[tuple[str | None, str | None]]],
) -> None:
    source = described([], tables={"t": {"key": ["x", "y"], "columns": {"x": {}, "y": {}}}})
    checker = Checker(source)
    given_batches, first = [], dict[tuple[str | None, str | None], int]()
    expected, row = [], 1
    for one in batches:
        given_batches.append(batch([{"x": x, "y": y} for x, y in one], first=row))
        for pair in one:
            if first.setdefault(pair, row) != row:
                expected.append((row, f"repeats the key of row {first[pair]}"))
            row += 1
    for _ in checker.check(given_batches):
        pass
    assert [(one.row, one.reason) for one in checker.findings.refused] == expected
