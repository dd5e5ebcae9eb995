"""Placements as expressions over rows: the place, the method, the exactness, or whether there is a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from asmgraph.errors import MappingError
from asmgraph.mapping.placement import NEAR_KM, Gazetteer, Placement, Question
from asmgraph.records import VOCAB

TEXTS = ("country", "within", "code", "name", "date")
NUMBERS = ("longitude", "latitude")
_WORDS = {True: "exact", False: "approximate"}


def place(found: Placement) -> str | None:
    """Return the place as an N-Triples term."""
    return None if found.place is None else f"<{found.place}>"


def method(found: Placement) -> str | None:
    """Return the concept of the method as an N-Triples term."""
    return None if found.method is None else f"<{VOCAB}placement-method/{found.method}>"


def exactness(found: Placement) -> str | None:
    """Return the concept of the exactness as an N-Triples term."""
    return None if found.place is None else f"<{VOCAB}exactness/{_WORDS[found.exact]}>"


def is_placed(found: Placement) -> bool:
    """Return whether there is a place."""
    return found.place is not None


def asked(
    said: Mapping[str, Sequence[pl.Expr]],
    level: str,
    km: str,
    where: str,
    places: Callable[[], Gazetteer],
    part: Callable[[Placement], str | bool | None],
) -> pl.Expr:
    """Ask the gazetteer about each row and give a part of each answer.

    Parameters
    ----------
    said
        The texts of a row by name: those of :data:`TEXTS`, and :data:`NUMBERS` as decimal degrees.
    level, km
        The level of the unit that is meant and how near known places must be, as written in the mapping; empty where
        they are not.

    Raises
    ------
    MappingError
        If nothing is said that a place could be found by, or level or distance are not possible.
    """
    columns = {name: some[0] for name, some in said.items()}
    if not {"code", "name", "longitude"} & set(columns) or len(set(NUMBERS) & set(columns)) == 1:
        raise MappingError(
            f"{where} needs a code, a name, or a longitude with a latitude.",
            "The larger place alone needs no search: use lookup.",
        )
    depth, near = _level(level, where), _km(km, where)
    texts = [columns[name].alias(name) for name in TEXTS if name in columns]
    numbers = [
        columns[name].cast(pl.Float64, strict=False).alias(name) for name in NUMBERS if name in columns
    ]
    kind = pl.Boolean if part is is_placed else pl.String
    known = places()  # here, not among the threads of polars: making it needs them, and would wait for itself

    def answer(rows: pl.Series) -> pl.Series:
        found = [part(known.find(Question(**row, level=depth, km=near))) for row in rows.to_list()]
        return pl.Series(rows.name, found, dtype=kind)

    return pl.struct([*texts, *numbers]).map_batches(answer, return_dtype=kind)


def _level(text: str, where: str) -> int | None:
    if text and text not in ("0", "1", "2", "3", "4", "5", "6"):
        raise MappingError(f"{where}: the level {text!r} is not between 0 and 6.")
    return int(text) if text else None


def _km(text: str, where: str) -> float:
    try:
        km = float(text or NEAR_KM)
    except ValueError:
        km = 0.0
    if not 0 < km <= 100:
        raise MappingError(f"{where}: the distance {text!r} is not above 0 and at most 100 km.")
    return km
