"""What in the cells of a file looks as if a steward would not want it stated as the draft does.

Lists, sums, notes, coordinates in several forms: they are pointed at, for nobody but the steward knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from asmgraph.drafting.decisions import THINGS, some
from asmgraph.drafting.guessing import DEGREES, NO_DEGREES, ORGANISATIONS, Guesses
from asmgraph.drafting.headings import cut, folded

_LISTED = r"[^,\d],\s*[^,\d]"
_LEAST = 0.1
_MOST = 0.5
_MAYBE_TOTAL = r"(?i)tota"
_TOTAL = re.compile(
    r"((grand|sub|sous|overall|suma|soma) ?)?(total|totals|totaux|totales|totais)"
    r"( (general|generale|geral|global|partiel|parcial|overall))?( (19|20)[0-9]{2})?"
)
"""What a cell of a row of sums says, folded, in English, French, Spanish or Portuguese."""
_TITLES = {"activities": "title", "sites": "site", "organisations": "org", "places": "site"}


def doubts(guesses: Guesses, frame: pl.DataFrame) -> Iterable[str]:
    """Return in sentences what to look at before the draft is ingested; ``frame`` has the cells."""
    yield from _totals(guesses, frame)
    yield from _untitled(guesses, frame)
    yield from _commas(guesses, frame)
    yield from _positions(guesses, frame)


def _totals(guesses: Guesses, frame: pl.DataFrame) -> Iterable[str]:
    """Name rows that look like sums of others; they have the form of rows, so they would be stated as such."""
    if guesses.kind == "unknown":
        return
    said: list[str] = []
    for row in frame.filter(pl.any_horizontal(pl.all().str.contains(_MAYBE_TOTAL))).iter_rows():
        said += [cut(cell) for cell in row if cell is not None and _TOTAL.fullmatch(folded(cell))][:1]
    if said:
        rows = "row looks like a total" if len(said) == 1 else "rows look like totals"
        yield (
            f"LOOK: {len(said):,} {rows} ({some(dict.fromkeys(map(repr, said)))}). Such a row would be stated as one "
            f"of the {THINGS[guesses.kind]}. Delete it in the file."
        )


def _untitled(guesses: Guesses, frame: pl.DataFrame) -> Iterable[str]:
    """Name rows that have a key and no title: notes below a table, as often as things."""
    title = guesses.first(_TITLES.get(guesses.kind, ""))
    if title is None or guesses.key.columns == (title.column,):
        return
    keyed = pl.any_horizontal(pl.col(list(guesses.key.columns)).is_not_null())
    count = frame.filter(keyed & pl.col(title.column).is_null()).height
    if 0 < count <= _MOST * frame.height:
        yield (
            f"LOOK: {count:,} of {frame.height:,} rows have no {cut(title.column)}: sums or notes? Each would be "
            f"stated as one of the {THINGS[guesses.kind]}, called by what else names it, or refused. Fill the title "
            "in, or delete them in the file."
        )


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


def _positions(guesses: Guesses, frame: pl.DataFrame) -> Iterable[str]:
    """Count the cells of coordinates that are written in another way, or lie beyond the globe."""
    for one in guesses.columns:
        name = cut(one.column)
        if one.role in DEGREES:
            cells = frame[one.column].drop_nulls()
            sign = "," if one.values.comma else "."
            plain = cells.str.contains(rf"^[+-]?[0-9]*[{sign}]?[0-9]+$")
            degrees = cells.str.replace(sign, ".", literal=True).cast(pl.Float64, strict=False).abs()
            odd = len(cells) - int((plain & (degrees <= DEGREES[str(one.role)]).fill_null(False)).sum())
            if odd:
                yield (
                    f"LOOK: {name}: {odd:,} of {len(cells):,} cells are no degrees as -1{sign}55: with minutes, with "
                    "another decimal sign, or off the globe. Nothing lies there; write them alike in the file."
                )
        elif NO_DEGREES in one.why:
            yield (
                f"LOOK: {name}: taken for no position, as too few cells are degrees written alike. Write all as -1.55 "
                "in the file, without minutes or metres, and draft again."
            )
