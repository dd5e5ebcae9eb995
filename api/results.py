"""A query's answer as the page shows it: rows of cells, or Turtle."""

from __future__ import annotations

import json
from dataclasses import dataclass

from api.routes.names import address
from asmgraph.store.embedded import Answer

ACCEPT = "application/sparql-results+json, text/turtle"
"""What to ask a worker for."""

MAX_ROWS = 1_000
"""How many rows a page shows; the formats for programs have more."""


@dataclass(frozen=True)
class Cell:
    """One value: its text, where it leads to ('' nowhere), its language, the local name of its datatype."""

    text: str
    href: str = ""
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class Table:
    """An answer to show: ``boolean`` of ASK, or ``turtle`` of CONSTRUCT, or ``columns`` and ``rows``."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    boolean: bool | None = None
    turtle: str = ""
    truncated: str = ""

    @property
    def formats(self) -> tuple[str, ...]:
        """Return the values of ``format=`` in which this answer exists."""
        return ("ttl", "nt", "jsonld", "xml") if self.turtle else ("json", "xml", "csv", "tsv")


def table(answer: Answer) -> Table:
    """Read an answer in one of the formats of :data:`ACCEPT`."""
    if answer.media_type == "text/turtle":
        return Table(turtle=answer.body.decode(), truncated=answer.truncated)
    content = json.loads(answer.body)
    if "boolean" in content:
        return Table(boolean=content["boolean"])
    columns = tuple(content["head"]["vars"])
    rows = tuple(
        tuple(_cell(binding.get(name)) for name in columns) for binding in content["results"]["bindings"]
    )
    return Table(columns, rows, truncated=answer.truncated)


def _cell(term: dict[str, object] | None) -> Cell:
    if term is None:
        return Cell("")
    if term["type"] == "triple":
        return Cell(json.dumps(term["value"], ensure_ascii=False))
    value = str(term["value"])
    if term["type"] == "uri":
        return Cell(value, address(value))
    if term["type"] == "bnode":
        return Cell(f"_:{value}")
    datatype = str(term.get("datatype", "")).rpartition("#")[2].rpartition("/")[2]
    return Cell(value, language=str(term.get("xml:lang", "")), datatype=datatype)
