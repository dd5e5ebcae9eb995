"""What a source's ``source.yml`` says: who publishes it, its tables and columns, its lookups, what it covers.

Enters: a folder of the catalogue. Leaves: a :class:`Source`, checked. Knows no file format but YAML, no RDF and no
store.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

import polars as pl
import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic import ValidationError as PydanticError

from asmgraph import dates
from asmgraph.errors import ConfigurationError
from asmgraph.records import DATE, DATE_WORDS, WEB_ADDRESS, Sensitivity

_TAKEN = frozenset({"gaps", "gap-status", "inferred"})
"""Names under which graphs stand that are no source's."""


def _dated(value: object) -> str:
    """Return a date as text again, where YAML read it as a number or a day."""
    text = str(value)
    if not re.fullmatch(DATE, text) or (len(text) == 10 and not _in_calendar(text)):
        raise ValueError(f"{text!r} is not {DATE_WORDS}")
    return text


def _day(value: object) -> str:
    text = _dated(value)
    if len(text) != 10:
        raise ValueError(f"{text!r} is not a day as YYYY-MM-DD")
    return text


def _in_calendar(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def regular_expression(pattern: str) -> str:
    """Accept what Python and polars, which checks the cells, both read; polars knows no look-around."""
    try:
        re.compile(pattern)
        pl.Series([""]).str.contains(pattern)
    except (re.error, OverflowError, pl.exceptions.ComputeError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{pattern!r} is not a regular expression: {reason}") from None
    return pattern


def _date_form(form: str) -> str:
    dates.length(form)
    return form


Encoding = Literal["utf-8", "windows-1252", "latin-1", "utf-16"]
"""Of delimited text."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """What a source promises of one column, and how its cells are read.

    ``at`` says where the reader finds the cell where that is not the column's own name: another name in the header, an
    HXL tag (``#org+impl``), a path below a record of JSON or XML. ``dates`` are the forms of dates besides the ISO
    ones, as ``strptime`` has them (``%d/%m/%Y``, see :mod:`asmgraph.dates`); a cell in one of them leaves the check
    as ISO text. ``filled`` is the least share of cells that are not empty. ``on_error`` says what a cell that breaks
    ``type``, ``pattern`` or ``required`` does: refuse its row, or keep the row and the text. ``ignore`` gives the
    reason why a column is not mapped at all.
    """

    type: Literal["text", "identifier", "integer", "decimal", "date", "boolean", "iri"] = "text"
    at: str | None = None
    required: bool = False
    filled: float | None = Field(None, ge=0, le=1)
    dates: tuple[Annotated[str, AfterValidator(_date_form)], ...] = ()
    pattern: Annotated[str, AfterValidator(regular_expression)] | None = None
    split: str | None = None
    lookup: tuple[str, ...] = ()
    sensitivity: Sensitivity | None = None
    on_error: Literal["refuse", "keep"] = "refuse"
    ignore: str | None = None

    @model_validator(mode="after")
    def _dated_where_dates(self) -> Self:
        if self.dates and self.type != "date":
            raise ValueError(f"has forms of dates but the type {self.type}; the type is date")
        return self


class Rows(_Strict):
    """How many rows a table should have."""

    least: int = Field(0, ge=0)
    most: int | None = Field(None, ge=0)


class Limits(_Strict):
    """Which share of a table's rows may go wrong before the whole file is refused.

    ``refused`` is of rows refused, ``unmapped`` of rows with a value that nobody mapped.
    """

    refused: Annotated[float, Field(ge=0, le=1)] = 1.0
    unmapped: Annotated[float, Field(ge=0, le=1)] = 1.0


class Table(_Strict):
    """One table of a source: its file, where in it the records are, its key and its columns by name.

    ``sheet`` names the sheet of a spreadsheet, ``header`` is the number of its row of column names; ``separator`` is
    the sign between the columns of delimited text, ``encoding`` its encoding, without it UTF-8; ``records`` is the path
    to the element that repeats in JSON or XML.
    ``rows`` is how many rows the file should have, at least and at most.
    """

    file: str | None = None
    sheet: str | None = None
    header: int | None = Field(None, ge=1)
    separator: Literal[",", ";", "\t", "|"] | None = None
    encoding: Encoding | None = None
    records: str | None = None
    rows: Rows | None = None
    key: tuple[str, ...] = ()
    columns: Mapping[str, Column] = Field(default_factory=dict)


class Relevance(_Strict):
    """By what to tell which records of a source bear on artisanal and small-scale mining.

    ``texts`` are columns of ``table`` that say in words what a record is about, the first of them its title, and
    ``sectors`` the column of its DAC codes. ``key`` is the column that names the record, in this table and in those
    that say more of it.
    """

    table: str
    key: str
    texts: tuple[str, ...] = Field(min_length=1)
    sectors: str | None = None


class Coverage(_Strict):
    """What the source searched for and how much of it it found, where, on what, from when to when."""

    covers: Literal["actors", "participations", "ties", "needs", "studies", "policy-citations"]
    found: Literal["all", "some", "none", "not-searched"]
    place: str | None = Field(None, pattern=r"^(place/)?[\w.~-]+$")
    theme: str | None = Field(None, pattern=r"^(intervention-type|challenge)/[\w-]+$")
    start: Annotated[str, BeforeValidator(_dated)] | None = Field(None, alias="from")
    end: Annotated[str, BeforeValidator(_dated)] | None = Field(None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.end < self.start[: len(self.end)]:
            raise ValueError(f"ends ({self.end}) before it begins ({self.start})")
        return self


class Source(_Strict):
    """A source as its ``source.yml`` describes it; a missing sensitivity means confidential.

    ``endpoint`` is the address of a SPARQL endpoint. Its queries lie in files beside ``source.yml``: a table's ``file``
    holds a SELECT; a source without tables is RDF, and its ``query`` names the file of a CONSTRUCT.
    """

    model_config = ConfigDict(str_strip_whitespace=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    publisher: str
    licence: str = Field(pattern=r"\S")
    url: str = Field(pattern=WEB_ADDRESS)
    format: Literal[
        "csv",
        "tsv",
        "xlsx",
        "ods",
        "hxl",
        "json",
        "geojson",
        "xml",
        "iati",
        "iati-organisations",
        "rdf",
        "sparql",
    ]
    endpoint: str | None = Field(None, pattern=WEB_ADDRESS)
    query: str | None = None
    description: str = ""
    attribution: str = ""
    retrieval: str = ""
    retrieved: Annotated[dt.date, BeforeValidator(_day)] | None = None
    sensitivity: Sensitivity = Sensitivity.CONFIDENTIAL
    limits: Limits = Limits()
    coverage: tuple[Coverage, ...] = ()
    tables: Mapping[str, Table] = Field(default_factory=dict)
    relevance: Relevance | None = None
    lookups: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.name in _TAKEN:
            raise ValueError(f"{self.name!r} names graphs of asmgraph's own")
        return self

    @model_validator(mode="after")
    def _asked(self) -> Self:
        if (self.format == "sparql") != (self.endpoint is not None):
            raise ValueError("the format sparql has an endpoint, and no other has one")
        return self

    @model_validator(mode="after")
    def _judged_by_what_is_listed(self) -> Self:
        if (by := self.relevance) is None:
            return self
        if by.table not in self.tables or self.format.startswith("iati"):
            raise ValueError(
                f"relevance names the table {by.table!r}, which is not listed or judges itself (IATI)"
            )
        used = {by.key, *by.texts, *filter(None, [by.sectors])}
        if missing := sorted(used - set(self.tables[by.table].columns)):
            raise ValueError(f"relevance names the column {missing[0]!r}, which {by.table} does not list")
        return self


def load(folder: Path) -> Source:
    """Read ``folder/source.yml``.

    Raises
    ------
    ConfigurationError
        If the file is missing, is no YAML, or holds a key or value that is not known, naming it.
    """
    path = folder / "source.yml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise ConfigurationError(f"{path} cannot be read.", "Every source has a source.yml.") from None
    except (
        yaml.YAMLError,
        ValueError,
    ) as error:  # a ValueError: a day in no calendar, bytes that are no UTF-8
        raise ConfigurationError(f"{path} is not YAML: {error}.") from None
    try:
        return Source.model_validate(content)
    except PydanticError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        )
        raise ConfigurationError(f"{path}: {problems}.") from None
