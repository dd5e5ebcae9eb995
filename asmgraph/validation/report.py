"""The report of one ingestion: what came in, what was refused and why, what was kept but not understood."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from asmgraph.records import Refusal
from asmgraph.validation.shapes import Violation, as_turtle


@dataclass(frozen=True)
class Kept:
    """A text that was kept as it stands because no lookup or type fits it."""

    table: str
    column: str
    value: str
    count: int


@dataclass(frozen=True)
class Finding:
    """A record that a reader chose or judged, with its reasons (IATI relevance)."""

    identifier: str
    title: str
    level: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Everything a steward needs to know of one version.

    ``rows`` counts the data rows read a table, ``things`` the things stated a class, ``triples`` the
    statements a sensitivity. ``unchanged`` says that this very version was staged before. ``confined`` counts the
    statements that were made confidential although the source did not, by the term that makes them so. ``traces``
    names texts of the public part that may hold a telephone number, an e-mail address or coordinates, by kind.
    """

    source: str
    version: str
    rows: Mapping[str, int]
    things: Mapping[str, int]
    triples: Mapping[str, int]
    refused: Sequence[Refusal] = ()
    kept: Sequence[Kept] = ()
    unlisted_columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    absent_columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    violations: Sequence[Violation] = ()
    findings: Sequence[Finding] = ()
    finding_counts: Mapping[str, int] = field(default_factory=dict)
    unchanged: bool = False
    confined: Mapping[str, int] = field(default_factory=dict)
    traces: Mapping[str, Sequence[str]] = field(default_factory=dict)

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

    def as_json(self) -> str:
        """Return the report as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    def as_turtle(self) -> str:
        """Return the shapes' results as a SHACL validation report."""
        return as_turtle(self.violations)


def from_json(text: str) -> Report:
    """Read what :meth:`Report.as_json` wrote."""
    content = json.loads(text)
    content["refused"] = [Refusal(**entry) for entry in content["refused"]]
    content["kept"] = [Kept(**entry) for entry in content["kept"]]
    content["violations"] = [
        Violation(**{**entry, "messages": tuple(map(tuple, entry.get("messages", ())))})
        for entry in content["violations"]
    ]
    content["findings"] = [
        Finding(**{**entry, "reasons": tuple(entry["reasons"])}) for entry in content["findings"]
    ]
    return Report(**content)
