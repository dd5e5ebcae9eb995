"""The report of one ingestion: what came in, what was refused and why, what was kept but not understood."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from asmgraph.records import Refusal
from asmgraph.validation.kept import Kept
from asmgraph.validation.shapes import Violation, violation

__all__ = ["UNKNOWN", "Effect", "Finding", "Group", "Kept", "Replayed", "Report", "from_json"]

UNKNOWN = "no type or lookup fits"
"""Why a value was kept as text, where a report does not say."""


class Effect(StrEnum):
    """What a rule did to the rows or statements that it found: the worst first."""

    REFUSED = "refused"
    WARNED = "warned"
    KEPT = "kept as text"


@dataclass(frozen=True)
class Group:
    """All that one rule found in one column: how often, the first places, what to do.

    ``first`` holds (row, value); row 0 where there is no row, and then ``value`` says where it is.
    """

    effect: Effect
    table: str
    column: str
    rule: str
    count: int
    first: tuple[tuple[int, str], ...]
    remedy: str


@dataclass(frozen=True)
class Replayed:
    """A saved step of the clean-up, as it was replayed: in words, and how many cells it changed."""

    step: str
    cells: int


@dataclass(frozen=True)
class Finding:
    """A record that was chosen or judged by its relevance, with the reasons."""

    identifier: str
    title: str
    level: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Everything a steward needs to know of one version.

    ``rows`` counts the data rows read a table, ``unlisted_columns`` the rows a table that fill each column which
    ``source.yml`` does not list (``None`` in the reports of versions that did not count), ``things`` the things stated
    a class, ``triples`` the statements a sensitivity, ``filled`` the cells that are not empty a table and column.
    ``newly_kept`` are those of ``kept`` that the file before did not have, ``variants`` values that look like those
    that a step merges and are not among them. ``difference`` counts things by class and state against the published
    version. ``stopped`` says why nothing was staged, where that is so; ``unchanged`` that this very version was staged
    before. ``placements`` counts by method what was put into a known place, each different wording once;
    ``unplaced`` has those that were not, with the reason. ``confined`` counts
    the statements that were made confidential although the source did not, by the term that makes them so.
    ``traces`` names texts of the public part that may hold a telephone number, an e-mail address or coordinates, by
    kind. ``cautions`` say what of the source as a whole is of no use to readers, though it is staged.
    """

    source: str
    version: str
    rows: Mapping[str, int]
    things: Mapping[str, int]
    triples: Mapping[str, int]
    refused: Sequence[Refusal] = ()
    kept: Sequence[Kept] = ()
    unlisted_columns: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    absent_columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    violations: Sequence[Violation] = ()
    findings: Sequence[Finding] = ()
    finding_counts: Mapping[str, int] = field(default_factory=dict)
    filled: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    replayed: Sequence[Replayed] = ()
    newly_kept: Sequence[Kept] = ()
    variants: Sequence[Kept] = ()
    difference: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    stopped: str = ""
    unchanged: bool = False
    placements: Mapping[str, int] = field(default_factory=dict)
    unplaced: Mapping[str, str] = field(default_factory=dict)
    confined: Mapping[str, int] = field(default_factory=dict)
    traces: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cautions: Sequence[str] = ()

    @property
    def refused_rows(self) -> int:
        """Return the number of distinct rows (or RDF subjects) that were refused."""
        return len(
            {
                (refusal.table, refusal.row, refusal.value if not refusal.row else "")
                for refusal in self.refused
            }
        )

    @property
    def warnings(self) -> list[Violation]:
        """Return what the shapes say without refusing."""
        return [violation for violation in self.violations if not violation.refuses]

    def groups(self, first: int = 5) -> list[Group]:
        """Return the findings by rule, what refused rows first, then those found most often.

        Parameters
        ----------
        first
            How many places each group names.
        """
        found = [*self._refused_groups(first), *self._warned_groups(first), *self._kept_groups(first)]
        order = list(Effect)
        return sorted(found, key=lambda one: (order.index(one.effect), -one.count, one.table, one.column))

    def _refused_groups(self, first: int) -> Iterable[Group]:
        by_rule: dict[tuple[str, str, str], list[Refusal]] = defaultdict(list)
        for one in self.refused:
            by_rule[one.table, one.column, one.rule or one.reason].append(one)
        for (table, column, rule), listed in by_rule.items():
            places = tuple((one.row, one.value) for one in sorted(listed)[:first])
            yield Group(Effect.REFUSED, table, column, rule, len(listed), places, listed[0].remedy)

    def _warned_groups(self, first: int) -> Iterable[Group]:
        by_rule: dict[tuple[str, str], list[Violation]] = defaultdict(list)
        for one in self.warnings:
            by_rule[one.path, one.message].append(one)
        for (path, message), listed in by_rule.items():
            places = tuple((0, one.focus) for one in sorted(listed)[:first])
            name = path.replace("#", "/").rsplit("/", 1)[-1]
            yield Group(Effect.WARNED, "", name, message, len(listed), places, "")

    def _kept_groups(self, first: int) -> Iterable[Group]:
        by_rule: dict[tuple[str, str, str], list[Kept]] = defaultdict(list)
        for one in sorted(self.kept, key=lambda one: -one.count):
            by_rule[one.table, one.column, one.reason or UNKNOWN].append(one)
        for (table, column, reason), listed in by_rule.items():
            rows = [(number, one) for one in listed for number in enumerate(one.rows or (0,))]
            # The first row of every value, then the second, so that each value shows before one repeats.
            rows.sort(key=lambda pair: pair[0][0])
            places = tuple((row, one.value) for (_, row), one in rows[:first])
            number = f"{len(listed):,} different value{'s' if len(listed) > 1 else ''}"
            count = sum(one.count for one in listed)
            yield Group(Effect.KEPT, table, column, f"{reason}; {number}", count, places, listed[0].remedy)

    def as_json(self) -> str:
        """Return the report as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def from_json(text: str) -> Report:
    """Read what :meth:`Report.as_json` wrote."""
    content = json.loads(text)
    content["refused"] = [Refusal(**entry) for entry in content["refused"]]
    content["unlisted_columns"] = {
        table: names if isinstance(names, dict) else dict.fromkeys(names)
        for table, names in content["unlisted_columns"].items()
    }
    content["kept"] = [_kept(entry) for entry in content["kept"]]
    content["violations"] = list(map(violation, content["violations"]))
    content["cautions"] = tuple(content.get("cautions", ()))
    content["newly_kept"] = tuple(map(_kept, content.get("newly_kept", ())))
    content["variants"] = tuple(map(_kept, content.get("variants", ())))
    content["replayed"] = tuple(Replayed(**entry) for entry in content.get("replayed", ()))
    content["findings"] = [
        Finding(**{**entry, "reasons": tuple(entry["reasons"])}) for entry in content["findings"]
    ]
    return Report(**content)


def _kept(entry: Mapping[str, Any]) -> Kept:
    return Kept(**{**entry, "rows": tuple(entry.get("rows", ()))})
