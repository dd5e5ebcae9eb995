"""Lines of N-Triples cut into their terms: the one place that knows where a term ends.

Enters: statements as everything here writes them, one a line without its end, the terms apart by one space, and `` .``
behind them. Neither an IRI nor a blank node holds a space, and a literal stands only as the object: so the first two
spaces of a line are its borders, whatever a literal holds. Leaves: the terms as they stand in the line.
"""

from __future__ import annotations

from typing import TypeVar

import polars as pl

TERMS = ("subject", "predicate", "object")
Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


def split(frame: Frame) -> Frame:
    """Return a frame with the column ``line`` with ``subject``, ``predicate`` and ``object`` beside it.

    Examples
    --------
    >>> frame = pl.DataFrame({"line": ['<urn:a> <urn:b> "c > . d"@en .']})
    >>> split(frame).row(0)[1:]
    ('<urn:a>', '<urn:b>', '"c > . d"@en')
    """
    cut = pl.col("line").str.splitn(" ", len(TERMS)).struct.rename_fields(list(TERMS)).alias("_terms")
    return frame.with_columns(cut).unnest("_terms").with_columns(pl.col("object").str.head(-2))


def terms(lines: pl.Series) -> pl.DataFrame:
    """Return the terms of each line: columns ``subject``, ``predicate`` and ``object``."""
    return split(lines.alias("line").to_frame()).drop("line")


def subjects(lines: pl.Series) -> pl.Series:
    """Return the subject term of each line."""
    return lines.str.splitn(" ", 2).struct.field("field_0")


def predicates(lines: pl.Series) -> pl.Series:
    """Return the predicate term of each line."""
    return lines.str.splitn(" ", len(TERMS)).struct.field("field_1")


def subject(line: str) -> str:
    """Return the subject term of one line."""
    return line[: line.index(" ")]


def split_line(line: str) -> tuple[str, str, str]:
    """Return subject term, predicate IRI and object term of one line.

    Raises
    ------
    ValueError
        If it is not a line of N-Triples.
    """
    found = line.split(" ", 2)
    if len(found) < len(TERMS) or not found[1].startswith("<") or not found[2].endswith(" ."):
        raise ValueError(f"not an N-Triples line: {line!r}")
    return found[0], found[1][1:-1], found[2][:-2]
