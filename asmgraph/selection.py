"""Take those records of a source that bear on small-scale mining, where its description says by what to tell.

Enters: batches as read, and ``relevance`` of ``source.yml``. Leaves: the batches without the rows of records that are
judged unrelated; those of the judged table with the columns ``relevance``, ``relevance_reason`` and ``themes``.
Readers of IATI judge for themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from asmgraph import relevance
from asmgraph.descriptions import Source
from asmgraph.errors import SourceError
from asmgraph.records import Batch

_STRENGTH = ("unrelated", "probable", "certain")
_SIGN = ";"
"""What separates several values in a cell of the columns that are added."""


@dataclass(frozen=True)
class Verdict:
    """What was judged of one record: its key, its title, how it bears on ASM, and the themes that it names."""

    identifier: str
    title: str
    relevance: relevance.Relevance
    themes: tuple[str, ...]


def judge(batches: Iterable[Batch], source: Source) -> dict[str, Verdict]:
    """Return the verdict on each record of ``source`` by its key; of several rows of one record the strongest.

    Raises
    ------
    SourceError
        If the file lacks a column by which the records are judged.
    """
    found: dict[str, Verdict] = {}
    by = source.relevance
    for batch in batches:
        if by is None or batch.table != by.table:
            continue
        columns = [by.key, *by.texts, *([by.sectors] if by.sectors else [])]
        if missing := sorted(set(columns) - set(batch.frame.columns)):
            raise SourceError(
                f"{by.table} has no column {missing[0]!r}, by which its records are judged.",
                "Is this the right file? If so, mend relevance in source.yml.",
            )
        split = source.tables[by.table].columns[by.sectors].split if by.sectors else None
        for key, *cells in batch.frame.select(columns).iter_rows():
            texts = [text for text in cells[: len(by.texts)] if text]
            judged = relevance.judge(texts, _sectors(cells[len(by.texts) :], split))
            known = found.get(key)
            if key and (known is None or _strength(judged) > _strength(known.relevance)):
                found[key] = Verdict(key, cells[0] or "", judged, relevance.themes(texts))
    return found


def take(
    batches: Iterable[Batch], source: Source, verdicts: Mapping[str, Verdict], *, everything: bool = False
) -> Iterator[Batch]:
    """Yield the batches without the rows of unrelated records, unless ``everything`` is asked for.

    A row that names no judged record stays, for the check to say what is wrong with it. Without verdicts nothing is
    left out.
    """
    by = source.relevance
    left = [key for key, one in verdicts.items() if one.relevance.level == "unrelated" and not everything]
    for batch in batches:
        frame = batch.frame
        if by is not None and verdicts and by.key in frame.columns:
            frame = frame.filter(~pl.col(by.key).is_in(left).fill_null(False))
            if batch.table == by.table:
                frame = frame.with_columns(_said(by.key, verdicts))
        yield Batch(batch.table, frame)


def _said(key: str, verdicts: Mapping[str, Verdict]) -> list[pl.Expr]:
    """Return the columns that say what was judged."""
    columns: dict[str, dict[str, str | None]] = {
        "relevance": {one: verdict.relevance.level for one, verdict in verdicts.items()},
        "relevance_reason": {one: _joined(verdict.relevance.reasons) for one, verdict in verdicts.items()},
        "themes": {one: _joined(verdict.themes) for one, verdict in verdicts.items()},
    }
    return [
        pl.col(key).replace_strict(cells, default=None, return_dtype=pl.String).alias(name)
        for name, cells in columns.items()
    ]


def _joined(values: Iterable[str]) -> str | None:
    return _SIGN.join(value.replace(_SIGN, ",") for value in values) or None


def _sectors(cells: Iterable[str | None], split: str | None) -> list[tuple[str, str]]:
    """Return the codes with their IATI vocabulary: 1 for purposes of five digits, 2 for categories of three."""
    codes = [
        code.strip()
        for cell in cells
        if cell
        for code in (cell.split(split) if split is not None else [cell])
    ]
    return [("1" if len(code) == 5 else "2", code) for code in codes]


def _strength(judged: relevance.Relevance) -> int:
    return _STRENGTH.index(judged.level)
