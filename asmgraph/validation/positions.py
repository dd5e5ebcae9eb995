"""Find the things that a version puts in two spots: no pair of the numbers can be trusted, so no map shows them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

_NUMBER = r"^(<[^>]*> <http://www\.w3\.org/2003/01/geo/wgs84_pos#(?:lat|long)>) "


def ambiguous(files: Iterable[Path]) -> list[str]:
    """Return the things of which one part of a version states two latitudes or two longitudes, as IRIs, sorted.

    Parameters
    ----------
    files
        The parts of a version, as N-Triples, each statement once.
    """
    found: set[str] = set()
    for file in files:
        if file.stat().st_size:
            said = pl.scan_lines(file, name="line").select(said=pl.col("line").str.extract(_NUMBER))
            counts = said.drop_nulls().group_by("said").len().filter(pl.col("len") > 1)
            found |= {text[1:].partition(">")[0] for text in counts.collect(engine="streaming")["said"]}
    return sorted(found)
