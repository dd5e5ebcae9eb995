"""What a cell should have been, and what a steward can do where it is not: the words of refusals and of kept values."""

from __future__ import annotations

import polars as pl

from asmgraph import dates
from asmgraph.descriptions import Column
from asmgraph.records import DATE_WORDS, DECIMAL_COMMA

_WORDS = {
    "identifier": "an identifier without spaces",
    "integer": "a whole number",
    "decimal": "a number with a decimal point",
    "boolean": "0, 1, true or false",
    "iri": "an address that begins with http:// or https://",
    "date": DATE_WORDS,
}
SPREADSHEET_ERROR = (
    r"^(#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA)|Err:5[0-9]{2})$"
)
"""What a spreadsheet shows in place of a value; saved as CSV or JSON it looks like text."""
_LIKE_ISO = r"^[0-9]{4}(-[0-9]{2}){0,2}$"


def expected(column: Column) -> str:
    """Return what the cells of a column are promised to be; of a date, every form that is tried."""
    kind = ", or as ".join([_WORDS.get(column.type, "text"), *column.dates])
    return kind + (f" of the form {column.pattern}" if column.pattern else "")


def objection(name: str, column: Column) -> pl.Expr:
    """Return what to say against a cell that breaks type or pattern."""
    spreadsheet = pl.when(pl.col(name).str.contains(SPREADSHEET_ERROR))
    return spreadsheet.then(pl.lit("is an error of the spreadsheet")).otherwise(
        pl.lit(f"is not {expected(column)}")
    )


def other(value: pl.Expr, name: str, column: Column) -> pl.Expr:
    """Return how the advice to correct a broken value ends: with what else may help, and its full stop.

    Parameters
    ----------
    value
        The texts that break the promise of the column called ``name``; null where a required one is missing.
    """
    nothing = value.is_null() | value.str.contains(SPREADSHEET_ERROR) | value.str.contains(_LIKE_ISO)
    return pl.when(nothing).then(pl.lit(".")).otherwise(_other(value, name, column))


def _other(value: pl.Expr, name: str, column: Column) -> pl.Expr:
    if column.type == "date":
        forms = dates.fitting(value)
        told = pl.concat_str(
            pl.lit("; or, if the source writes its dates as "),
            forms.list.join(" or "),
            pl.lit(f", add that to dates of {name} in source.yml."),
        )
        untold = f"; or, if it is a date, add its form (as %d/%m/%Y) to dates of {name} in source.yml."
        return pl.when(forms.list.len() > 0).then(told).otherwise(pl.lit(untold))
    if column.type == "decimal":
        hint = "; or make the column text, and let the mapping read it: asmfn:number with decimal=','."
        return pl.when(value.str.contains(DECIMAL_COMMA)).then(pl.lit(hint)).otherwise(pl.lit("."))
    return pl.lit(".")
