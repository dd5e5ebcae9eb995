"""Tiny tables and mappings for tests: rows in, statements by sensitivity out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
import yaml

from asmgraph.descriptions import Source
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.records import ROW, Batch, Sensitivity

EX = "http://example.com/"
PREFIXES = {
    "ex": EX,
    "id": "https://w3id.org/asmgraph/id/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "asmfn": "https://w3id.org/asmgraph/function#",
    "idlab-fn": "https://w3id.org/imec/idlab/function#",
    "grel": "http://users.ugent.be/~bjdmeest/function/grel.ttl#",
}
Row = Mapping[str, str | None]


def described(
    columns: Iterable[str] | Mapping[str, Mapping[str, Any]],
    *,
    lookups: Mapping[str, Mapping[str, str]] | None = None,
    sensitivity: str = "public",
    tables: Mapping[str, Mapping[str, Any]] | None = None,
) -> Source:
    """Describe a source with one table ``t`` of these columns, or with ``tables``."""
    listed = columns if isinstance(columns, Mapping) else {name: {} for name in columns}
    return Source.model_validate(
        {
            "name": "test",
            "title": "Test",
            "publisher": "Nobody",
            "licence": "CC0-1.0",
            "url": "http://example.com/",
            "format": "csv",
            "sensitivity": sensitivity,
            "tables": tables or {"t": {"columns": listed}},
            "lookups": lookups or {},
        }
    )


def batch(rows: Sequence[Row], *, table: str = "t", first: int = 1) -> Batch:
    """Return rows as a reader gives them."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    texts = {name: pl.Series([row.get(name) for row in rows], dtype=pl.String) for name in columns}
    return Batch(table, pl.DataFrame({ROW: range(first, first + len(rows)), **texts}))


def document(
    *predicate_objects: object,
    subject: str = "ex:$(id)",
    prefixes: Mapping[str, str] = PREFIXES,
    **more: object,
) -> dict[str, Any]:
    """Return a YARRRML document with one mapping ``m`` on the table ``t``, through YAML and back."""
    body = {"sources": "t", "subjects": subject, "predicateobjects": list(predicate_objects), **more}
    whole = {
        "prefixes": dict(prefixes),
        "sources": {"t": {"access": "t", "referenceFormulation": "csv"}},
        "mappings": {"m": body},
    }
    read: dict[str, Any] = yaml.safe_load(yaml.safe_dump(whole, allow_unicode=True))
    return read


def rules(content: Mapping[str, Any], source: Source) -> tuple[compiler.Rule, ...]:
    """Compile a document."""
    return compiler.compile_rules(yarrrml.parse(content), source)


def levels(
    content: Mapping[str, Any], rows: Sequence[Row], source: Source | None = None
) -> dict[Sensitivity, list[str]]:
    """Run a document on rows: sorted lines by sensitivity."""
    known = source or described(list(dict.fromkeys(name for row in rows for name in row)))
    found: dict[Sensitivity, list[str]] = {}
    for part in runner.run(rules(content, known), [batch(rows)]):
        found.setdefault(part.sensitivity, []).extend(part.lines)
    return {level: sorted(lines) for level, lines in found.items()}


def lines(content: Mapping[str, Any], rows: Sequence[Row], source: Source | None = None) -> list[str]:
    """Run a document on rows: all lines, sorted."""
    return sorted(line for part in levels(content, rows, source).values() for line in part)


def objects(
    *predicate_objects: object, rows: Sequence[Row], source: Source | None = None, **more: Any
) -> list[str]:
    """Return the object terms of what predicates and objects state about rows, sorted."""
    return sorted(
        line.split(" ", 2)[2].removesuffix(" .")
        for line in lines(document(*predicate_objects, **more), rows, source)
    )
