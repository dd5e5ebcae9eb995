"""Hold a whole file against what ``source.yml`` promises of it: its rows, its filled cells, what may go wrong in it.

Each row has been checked by then (:mod:`asmgraph.validation.promises`). A promise that is broken stops the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from asmgraph.descriptions import Source, Table
from asmgraph.records import Refusal
from asmgraph.validation.promises import Findings


def broken(source: Source, findings: Findings, refused: Iterable[Refusal]) -> list[str]:
    """Return, as sentences, the promises that the file does not keep.

    Parameters
    ----------
    findings
        Of all rows of the file.
    refused
        Every row that was refused, those that the shapes refused too.
    """
    gone = Counter(table for table, _ in {(one.table, one.row) for one in refused})
    return [
        sentence
        for name, table in source.tables.items()
        for sentence in _of_table(source, name, table, findings, gone[name])
    ]


def _of_table(source: Source, name: str, table: Table, findings: Findings, refused: int) -> Iterator[str]:
    rows, promise, limits = findings.rows[name], table.rows, source.limits
    if promise is not None and rows < promise.least:
        yield f"{name} has {rows:,} rows; source.yml expects at least {promise.least:,}."
    if promise is not None and promise.most is not None and rows > promise.most:
        yield f"{name} has {rows:,} rows; source.yml expects at most {promise.most:,}."
    if refused > limits.refused * rows:
        yield f"{refused:,} of {rows:,} rows of {name} are refused; source.yml allows {limits.refused:.0%}."
    unmapped = Counter[str]()
    for (of, column, _), count in findings.kept.items():
        unmapped[column] += count if of == name else 0
    for column, planned in table.columns.items():
        filled = findings.filled[name, column]
        if planned.filled is not None and filled < planned.filled * rows:
            yield (
                f"{column} of {name} is filled in {filled:,} of {rows:,} rows; source.yml expects "
                f"{planned.filled:.0%}."
            )
        # A cell may hold several values, so that there are more of them than cells; a limit of all is none.
        if limits.unmapped < 1 and unmapped[column] > limits.unmapped * filled:
            yield (
                f"{unmapped[column]:,} values in the {filled:,} filled cells of {column} in {name} are not mapped; "
                f"source.yml allows {limits.unmapped:.0%}."
            )
