"""Check rows against what ``source.yml`` promises of them: keys, types, patterns, lists of known values.

Enters: a batch. Leaves: the rows that hold, with broken cells emptied and their text kept aside; every
refused row with its column, value and reason; counts of values nobody mapped and columns nobody listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from asmgraph import dates, tallies
from asmgraph.descriptions import Column, Source, Table
from asmgraph.errors import ConfigurationError
from asmgraph.records import DATE, KEPT, ROW, WEB_ADDRESS, Batch, Refusal
from asmgraph.validation import remedies
from asmgraph.validation.keys import Keys

_PATTERNS = {
    "identifier": r"^[^\s\x00-\x1f<>\"{}|\\^`]+$",
    "integer": r"^[+-]?[0-9]{1,18}$",
    "decimal": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$",
    "boolean": r"^(0|1|true|false)$",
    "iri": WEB_ADDRESS,
    "date": DATE,
}
_TEXTS = pl.List(pl.String)


@dataclass
class Findings:
    """What was found over all batches of one source; grows as they pass.

    ``kept`` counts cells by table, column and value, ``first`` has the first rows of each; ``unlisted_columns`` counts
    by table the rows that fill a column which nobody listed.
    """

    rows: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    kept: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    first: dict[tuple[str, str, str], tuple[int, ...]] = field(default_factory=dict)
    filled: Counter[tuple[str, str]] = field(default_factory=Counter)
    unlisted_columns: dict[str, dict[str, int]] = field(default_factory=dict)
    absent_columns: dict[str, list[str]] = field(default_factory=dict)


class Checker:
    """Checks the batches of one run; remembers keys, so that a repeated one is found in any batch.

    Raises
    ------
    ConfigurationError
        If a column names a lookup, or a key a column, that the source does not have.
    """

    def __init__(self, source: Source) -> None:
        for name, table in source.tables.items():
            used = {lookup for column in table.columns.values() for lookup in column.lookup}
            for kind, absent in (
                ("lookup", used - set(source.lookups)),
                ("column", set(table.key) - set(table.columns)),
            ):
                if absent:
                    raise ConfigurationError(
                        f"{source.name}/source.yml: {name} uses the {kind} {min(absent)!r}, which is not listed."
                    )
        self.source = source
        self.findings = Findings()
        self._keys: dict[str, Keys] = {}

    def check(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Yield each batch with only the rows and cells that hold, and the column ``_kept``."""
        for batch in batches:
            table = self.source.tables.get(batch.table)
            if table is not None:
                self.findings.rows[batch.table] += batch.frame.height
                yield Batch(batch.table, self._checked(batch, table))

    def _checked(self, batch: Batch, table: Table) -> pl.DataFrame:
        frame = self._complete(batch, table).with_columns(_dates_read(table))
        for name, column in table.columns.items():
            if not column.ignore:
                self.findings.filled[batch.table, name] += frame.height - frame[name].null_count()
        reasons = [self._reason(name, column) for name, column in table.columns.items() if not column.ignore]
        refused = self._refuse(batch.table, frame, table, reasons)
        refused |= self._repeated(batch.table, frame, table, refused)
        frame = frame.filter(~pl.col(ROW).is_in(list(refused)))
        frame = frame.with_columns(self._note_kept(batch.table, frame, table))
        # A broken answer stays: an empty one would mean that nobody asked.
        emptied = [
            pl.when(~broken(name, column)).then(pl.col(name)).alias(name)
            for name, column in table.columns.items()
            if column.on_error == "keep" and not column.ignore and column.type != "boolean"
        ]
        return frame.with_columns(emptied)

    def _complete(self, batch: Batch, table: Table) -> pl.DataFrame:
        """Note unlisted columns, drop them, and add listed ones that the file lacks as empty."""
        names = [name for name in batch.frame.columns if name != ROW]
        unlisted = [name for name in names if name not in table.columns]
        absent = [name for name in table.columns if name not in names]
        if unlisted:
            counts = self.findings.unlisted_columns.setdefault(batch.table, {})
            for name in unlisted:
                filled = batch.frame.height - batch.frame[name].null_count()
                counts[name] = counts.get(name, 0) + filled
        # The last batch decides: where columns come up one after the other, as in JSON, none goes away again.
        if absent:
            self.findings.absent_columns[batch.table] = absent
        else:
            self.findings.absent_columns.pop(batch.table, None)
        return batch.frame.drop(unlisted).with_columns(pl.lit(None, dtype=pl.String).alias(n) for n in absent)

    def _reason(self, name: str, column: Column) -> tuple[str, pl.Expr]:
        if column.on_error == "keep":
            return name, pl.lit(None, dtype=pl.String)
        missing = pl.when(pl.col(name).is_null() & pl.lit(column.required)).then(pl.lit("is missing"))
        return name, pl.coalesce(
            missing, pl.when(broken(name, column)).then(remedies.objection(name, column))
        )

    def _refuse(
        self, name: str, frame: pl.DataFrame, table: Table, reasons: list[tuple[str, pl.Expr]]
    ) -> set[int]:
        refused = set()
        key = pl.concat_str(table.key, separator=", ", ignore_nulls=True) if table.key else pl.lit("")
        for column, reason in reasons:
            bad = frame.select(ROW, value=column, reason=reason, key=key).drop_nulls("reason")
            if not bad.height:
                continue
            other = remedies.other(pl.col("value"), column, table.columns[column])
            for row, value, why, known_as, or_else in bad.with_columns(other.alias("other")).iter_rows():
                where = f"{row} ({known_as})" if known_as else row
                remedy = f"Correct the cell {column} in row {where}{or_else}"
                self.findings.refused.append(Refusal(name, row, column, value or "", why, remedy))
                refused.add(row)
        return refused

    def _repeated(self, name: str, frame: pl.DataFrame, table: Table, refused: set[int]) -> set[int]:
        if not table.key:
            return set()
        held = frame.filter(~pl.col(ROW).is_in(list(refused))).select(ROW, *table.key)
        seen = self._keys.setdefault(name, Keys())
        hashes = held.select(table.key).hash_rows().to_numpy()
        firsts = pl.Series("_first", seen.firsts(hashes, held[ROW].cast(pl.Int64).to_numpy()))
        repeated = set()
        for row, *key, first in held.with_columns(firsts).filter(pl.col(ROW) != firsts).iter_rows():
            repeated.add(row)
            self.findings.refused.append(
                Refusal(
                    name,
                    row,
                    ", ".join(table.key),
                    ", ".join(part or "" for part in key),
                    f"repeats the key of row {first}",
                    "Keep one of the two rows, or give this one its own key.",
                    "repeats the key of another row",
                )
            )
        return repeated

    def _note_kept(self, name: str, frame: pl.DataFrame, table: Table) -> pl.Series:
        """Count what is kept as text, and return it for each row as a list of ``column: text``."""
        notes = [
            (column, note)
            for column, promised in table.columns.items()
            if not promised.ignore
            for note in self._unknown(column, promised)
        ]
        found = frame.select(ROW, *(note.alias(f"{number}") for number, (_, note) in enumerate(notes)))
        words = []
        for number, (column, _) in enumerate(notes):
            texts = found.select(ROW, text=f"{number}")
            several = texts.schema["text"] == _TEXTS
            self._count_kept(name, column, (texts.explode("text") if several else texts).drop_nulls("text"))
            cell = pl.col(f"{number}")
            words.append(cell.list.eval(_worded(column, pl.element())) if several else _worded(column, cell))
        listed = pl.concat_list(words).list.drop_nulls() if words else pl.lit(None, dtype=_TEXTS)
        return found.select(ROW, listed.alias(KEPT))[KEPT]

    def _count_kept(self, table: str, column: str, texts: pl.DataFrame) -> None:
        for text, count, rows in tallies.counted(texts, "text").iter_rows() if texts.height else ():
            key = (table, column, text)
            self.findings.kept[key] += count
            self.findings.first[key] = tallies.first(self.findings.first.get(key, ()), rows)

    def _unknown(self, name: str, column: Column) -> Iterator[pl.Expr]:
        """Give the text of a cell that breaks its type and is kept, or that no lookup knows."""
        breaks = broken(name, column) if column.on_error == "keep" else pl.lit(False)
        if column.on_error == "keep":
            yield pl.when(breaks).then(pl.col(name))
        if column.lookup:
            known = {value for lookup in column.lookup for value in self.source.lookups[lookup]}
            if column.split:
                strange = _parts(name, column.split).list.eval(
                    pl.when(~pl.element().is_in(list(known))).then(pl.element())
                )
                yield pl.when(~breaks).then(strange.list.drop_nulls()).otherwise(pl.lit([], dtype=_TEXTS))
            else:
                yield pl.when(~breaks & ~pl.col(name).is_in(list(known))).then(pl.col(name))


def _worded(column: str, text: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{column}: "), text)


def _dates_read(table: Table) -> list[pl.Expr]:
    """Give the columns with dates in forms of their own, as ISO text; what is no date stays as it is written."""
    columns = [(name, column) for name, column in table.columns.items() if column.dates and not column.ignore]
    return [_dates_of(name, column).alias(name) for name, column in columns]


def _dates_of(name: str, column: Column) -> pl.Expr:
    if column.split is None:
        return pl.coalesce(dates.iso(pl.col(name), column.dates), pl.col(name))
    item = pl.element().str.strip_chars()
    read = pl.col(name).str.split(column.split).list.eval(pl.coalesce(dates.iso(item, column.dates), item))
    return read.list.join(column.split)


def broken(name: str, column: Column) -> pl.Expr:
    """Return whether a cell that is not empty, or an item of its list, breaks type or pattern; never null."""
    if column.split:
        items = _parts(name, column.split).list.eval(_breaks(pl.element(), column))
        return items.list.any().fill_null(False)
    return _breaks(pl.col(name), column)


def _breaks(text: pl.Expr, column: Column) -> pl.Expr:
    checks = [text.str.contains(remedies.SPREADSHEET_ERROR)]
    checks += [~text.str.contains(p) for p in (_PATTERNS.get(column.type), column.pattern) if p]
    if column.type == "date":
        whole = text.str.len_chars() == 10
        checks.append(whole & text.str.to_date("%Y-%m-%d", strict=False).is_null())
    return pl.any_horizontal(*checks).fill_null(False)


def _parts(name: str, separator: str) -> pl.Expr:
    """Return the items of a list in a cell, stripped; none for an empty cell."""
    items = pl.col(name).fill_null("").str.split(separator).list.eval(pl.element().str.strip_chars())
    return items.list.eval(pl.element().filter(pl.element() != ""))
