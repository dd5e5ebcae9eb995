"""What is staged of places: who says what of their names, codes, levels, containment and position.

Leaves: a table of statements (``source``, ``place``, ``property``, ``value``), of public statements alone, so that no
record is put into a place that the public does not know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import polars as pl

from asmgraph.records import ID, Sensitivity
from asmgraph.store.staging import Staged

_LINE = rf'^<({ID}(?:place|site)/[^>]+)> <[^>]*[/#](\w+)> (?:<([^>]*)>|"((?:[^"\\]|\\.)*)"\S*) \.$'
_ESCAPES = {'\\"': '"', "\\n": "\n", "\\r": "\r", "\\t": "\t", "\\\\": "\\"}


def statements(staged: Iterable[Staged], properties: Collection[str]) -> pl.DataFrame:
    """Return what the staged versions state of places and mine sites by these properties (local names).

    Returns
    -------
    polars.DataFrame
        Text columns ``source``, ``place`` (IRI), ``property`` (local name) and ``value`` (plain text or IRI). Names
        and codes of mine sites are left out.
    """
    parts = [_of(one, properties) for one in staged]
    schema = dict.fromkeys(("source", "place", "property", "value"), pl.String)
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _of(staged: Staged, properties: Collection[str]) -> pl.DataFrame:
    file = staged.file(Sensitivity.PUBLIC)
    if not file.stat().st_size:
        return pl.DataFrame(schema=dict.fromkeys(("source", "place", "property", "value"), pl.String))
    lines = pl.scan_lines(file, name="line").filter(
        pl.col("line").str.starts_with(f"<{ID}place/") | pl.col("line").str.starts_with(f"<{ID}site/")
    )
    parts = lines.with_columns(pl.col("line").str.extract_groups(_LINE).alias("part")).select(
        pl.lit(staged.source).alias("source"),
        pl.col("part").struct[0].alias("place"),
        pl.col("part").struct[1].alias("property"),
        pl.coalesce(pl.col("part").struct[2], pl.col("part").struct[3]).alias("value"),
    )
    of_site = pl.col("place").str.starts_with(f"{ID}site/")
    kept = pl.col("property").is_in(list(properties)) & (
        ~of_site | pl.col("property").is_in(["within", "lat", "long"])
    )
    plain = pl.col("value").str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    return parts.filter(kept).with_columns(plain).collect()
