"""What the stages hand to each other: batches of rows, rows that were refused, the words they share.

Knows no file format, no RDF and no store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

BASE = "https://w3id.org/asmgraph/"
ASM = BASE + "ontology#"
ID = BASE + "id/"
VOCAB = BASE + "vocab/"
GRAPH = BASE + "graph/"

ROW = "_row"
KEPT = "_kept"
DATE = r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?$"
"""A date of uneven precision. Years beyond these are slips or stand for 'never', and break date arithmetic."""
DATE_WORDS = "a date as YYYY-MM-DD, YYYY-MM or YYYY, between 1000 and 2999"
DECIMAL_COMMA = r"^[+-]?[0-9]{1,3}([ .\u00a0]?[0-9]{3})*,[0-9]+$"
"""A number with a decimal comma, its thousands set off or not."""
WEB_ADDRESS = r"^https?://[^\s\x00-\x1f<>\"{}|\\^`]+$"


Progress = Callable[[str, int, int], None]
"""Called with (step, done, total); total 0 where it is not known."""


class Sensitivity(StrEnum):
    """Who may see a statement; a later member is stricter."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"

    @property
    def rank(self) -> int:
        """Return 0 for public, 1 for restricted, 2 for confidential."""
        return list(Sensitivity).index(self)


@dataclass(frozen=True)
class Batch:
    """Some rows of one table.

    Text columns (null = empty) and ``_row``, a number that no other row of the table has and that a person can
    find it by (CSV: the 1-based data row); once checked also ``_kept``, a list of ``column: text`` for the cells
    that were kept but not understood.
    """

    table: str
    frame: pl.DataFrame


@dataclass(frozen=True, order=True)
class Refusal:
    """A row that was refused: where, what and why; row 0 where the source has no rows.

    ``rule`` is the reason without what differs from row to row; empty where the reason is the rule.
    """

    table: str
    row: int
    column: str
    value: str
    reason: str
    remedy: str = ""
    rule: str = ""

    def describe(self) -> str:
        """Return one sentence for a person."""
        place = f"{self.table} row {self.row}, {self.column}" if self.row else self.column
        return f"{place} {self.value!r}: {self.reason.rstrip('.')}."
