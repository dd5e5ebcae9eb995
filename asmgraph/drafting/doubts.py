"""What in the cells of a file looks as if a steward would not want it stated as the draft does: lists, sums, notes."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from asmgraph.drafting.guessing import ORGANISATIONS, Guesses
from asmgraph.drafting.headings import cut

_LISTED = r"[^,\d],\s*[^,\d]"
_LEAST = 0.1


def doubts(guesses: Guesses, frame: pl.DataFrame) -> Iterable[str]:
    """Return in sentences what to look at before the draft is ingested; ``frame`` has the cells."""
    yield from _commas(guesses, frame)


def _commas(guesses: Guesses, frame: pl.DataFrame) -> Iterable[str]:
    """Ask of commas between names of organisations, which may also belong to one name."""
    for one in guesses.of(*ORGANISATIONS):
        cells = frame[one.column].drop_nulls()
        count = int(cells.str.contains(_LISTED).sum())
        if guesses.is_split(one) or one.values.split or count < max(_LEAST * len(cells), 1):
            continue
        told = f"LOOK: {cut(one.column)}: commas in {count:,} of {len(cells):,} cells; one organisation or a list?"
        if one.column in guesses.key.columns:
            told += (
                " For a list draft again with another --key first: it is part of what tells one row from another, and "
                "a row would become as many things as it names. Then"
            )
        else:
            told += " For a list"
        yield f"{told} write split: ',' at the column in source.yml."
