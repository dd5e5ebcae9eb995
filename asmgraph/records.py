"""What the stages hand to each other: descriptions of sources, batches of rows, rows that were refused.

Knows no file format, no RDF and no store.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

import polars as pl
import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic import ValidationError as PydanticError

from asmgraph.errors import ConfigurationError

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
WEB_ADDRESS = r"^https?://[^\s\x00-\x1f<>\"{}|\\^`]+$"


class Sensitivity(StrEnum):
    """Who may see a statement; a later member is stricter."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"

    @property
    def rank(self) -> int:
        """Return 0 for public, 1 for restricted, 2 for confidential."""
        return list(Sensitivity).index(self)


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


def _regex(pattern: str) -> str:
    """Accept what Python and polars, which checks the cells, both read; polars knows no look-around."""
    try:
        re.compile(pattern)
        pl.Series([""]).str.contains(pattern)
    except (re.error, OverflowError, pl.exceptions.ComputeError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{pattern!r} is not a regular expression: {reason}") from None
    return pattern


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """What a source promises of one column, and how its cells are read.

    ``on_error`` says what a cell that breaks ``type``, ``pattern`` or ``required`` does: refuse its row, or
    keep the row and the text. ``ignore`` gives the reason why a column is not mapped at all.
    """

    type: Literal["text", "identifier", "integer", "decimal", "date", "boolean", "iri"] = "text"
    required: bool = False
    pattern: Annotated[str, AfterValidator(_regex)] | None = None
    split: str | None = None
    lookup: tuple[str, ...] = ()
    sensitivity: Sensitivity | None = None
    on_error: Literal["refuse", "keep"] = "refuse"
    ignore: str | None = None


class Table(_Strict):
    """One table of a source: its file (CSV only), its key and its columns by name."""

    file: str | None = None
    key: tuple[str, ...] = ()
    columns: Mapping[str, Column] = Field(default_factory=dict)


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
    """A source as its ``source.yml`` describes it; a missing sensitivity means confidential."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    publisher: str
    licence: str = Field(pattern=r"\S")
    url: str = Field(pattern=WEB_ADDRESS)
    format: Literal["csv", "iati", "rdf"]
    description: str = ""
    attribution: str = ""
    retrieved: Annotated[dt.date, BeforeValidator(_day)] | None = None
    sensitivity: Sensitivity = Sensitivity.CONFIDENTIAL
    coverage: tuple[Coverage, ...] = ()
    tables: Mapping[str, Table] = Field(default_factory=dict)
    lookups: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)


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
    """A row that was refused, or a value that was kept but not understood: where, what and why."""

    table: str
    row: int
    column: str
    value: str
    reason: str
    remedy: str = ""

    def describe(self) -> str:
        """Return one sentence for a person."""
        return f"{self.table} row {self.row}, {self.column} {self.value!r}: {self.reason}."


def load_source(folder: Path) -> Source:
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
