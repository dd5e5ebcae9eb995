"""How often something was found, and in which rows first: what a steward needs to look at it in the file."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from asmgraph.records import ROW

FIRST = 5
"""How many rows are noted of each thing that is counted."""


def counted(found: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return the columns ``by``, each combination once, in the order they came, with ``count`` and ``rows``.

    Parameters
    ----------
    found
        Has ``_row`` and the columns ``by``, one row each time that something was found.
    """
    groups = found.group_by(by, maintain_order=True)
    return groups.agg(count=pl.len(), rows=pl.col(ROW).head(FIRST)).select(*by, "count", "rows")


def first(noted: Iterable[int], more: Iterable[int]) -> tuple[int, ...]:
    """Return the first of the rows that were noted and those that came after them, each once.

    Examples
    --------
    >>> first((1, 2), [2, 3, 4, 5, 6])
    (1, 2, 3, 4, 5)
    """
    return tuple(dict.fromkeys((*noted, *more)))[:FIRST]
