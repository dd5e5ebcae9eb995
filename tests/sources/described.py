"""A source described in a line, and what a reader makes of its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from asmgraph.descriptions import Source
from asmgraph.sources import formats


def described(format_: str, columns: dict[str, Any] | None = None, **table: Any) -> Source:
    """Return a source with the one table ``t``."""
    return several(format_, {"t": {"columns": columns or {}, **table}})


def several(format_: str, tables: dict[str, dict[str, Any]], **more: Any) -> Source:
    return Source.model_validate(
        {
            "name": "test",
            "title": "Test",
            "publisher": "Nobody",
            "licence": "CC0-1.0",
            "url": "http://example.com/",
            "format": format_,
            "tables": tables,
            **more,
        }
    )


def rows(path: Path, source: Source) -> list[dict[str, Any]]:
    """Return every row of every table as the reader of the source's format gives it."""
    reader = formats.READERS[source.format]
    return [row for batch in reader.read(path, source) for row in batch.frame.to_dicts()]
