"""The catalogue as its pages show it: each source with what it says of itself, what it covers, how complete it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal, format_percent

from api.routes.names import Name, address, stored
from asmgraph.export.downloads import Download
from asmgraph.export.release import METRIC, Measure, Source
from asmgraph.records import VOCAB
from asmgraph.store.snapshots import Snapshot

OVERVIEW = ("days-since-retrieval", "days-since-last-dated-statement", "refused-rows", "unmapped-values")
"""Measures that the list of sources shows."""
_DAYS = ("days-since-retrieval", "days-since-last-dated-statement")
_FILLED = "filled-cells"


@dataclass(frozen=True)
class Covered:
    """What a source searched for, where, on what, when, and how much it found; no place or theme means all."""

    covers: Name
    found: str
    place: Name | None
    theme: Name | None
    start: str
    end: str


@dataclass(frozen=True)
class Number:
    """A measure with its value in words of the reader's language."""

    name: Name
    value: str


@dataclass(frozen=True)
class View:
    """A source with its names and numbers."""

    source: Source
    licence: Name
    page: str
    covered: tuple[Covered, ...]
    numbers: tuple[Number, ...]
    overview: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    files: tuple[Download, ...]


def metric(snapshot: Snapshot, name: str, language: str) -> Name:
    """Return the name of a measure, which leads to its definition."""
    return stored(snapshot, METRIC + name, language)


def view(snapshot: Snapshot, source: Source, files: Iterable[Download], language: str) -> View:
    """Return a source for its page."""
    whole = {one.metric: one for one in source.measures if not one.column}
    return View(
        source,
        Name(source.licence_name, "", address(source.licence_address)),
        address(source.page),
        tuple(
            Covered(
                stored(snapshot, f"{VOCAB}coverage-subject/{one.covers}", language),
                one.found,
                stored(snapshot, one.place, language) if one.place else None,
                stored(snapshot, one.theme, language) if one.theme else None,
                one.start,
                one.end,
            )
            for one in source.coverage
        ),
        tuple(
            Number(metric(snapshot, name, language), _value(one, language))
            for name, one in sorted(whole.items(), key=lambda item: (item[0] not in _DAYS, item[0]))
        ),
        tuple(_value(whole[name], language) if name in whole else "" for name in OVERVIEW),
        tuple((one.column, _value(one, language)) for one in source.measures if one.metric == _FILLED),
        tuple(file for file in files if file.source == source.name),
    )


def _value(measure: Measure, language: str) -> str:
    """Return days as a number, shares as a percentage; a share that is not nothing is not shown as nothing."""
    if measure.metric in _DAYS:
        return str(format_decimal(measure.value, locale=language))
    pattern = "0.0%" if 0 < measure.value < Decimal("0.1") or Decimal("0.99") < measure.value < 1 else "0%"
    return str(format_percent(measure.value, format=_localised(pattern, language), locale=language))


def _localised(pattern: str, language: str) -> str:
    return pattern.replace("%", "\u00a0%") if language in ("fr", "es") else pattern
