"""The visits of one version of a source, with their site, year and areas, whatever graph each fact lies in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from asmgraph.privacy import statements
from asmgraph.privacy.areas import LEVELS, Areas
from asmgraph.records import ASM

SITE, VISIT = f"{ASM}MineSite", f"{ASM}SiteVisit"
_SITE, _DATE, _WITHIN = f"{ASM}site", f"{ASM}date", f"{ASM}within"


def read(files: Iterable[Path], areas: Areas) -> pl.DataFrame:
    """Return the visits.

    Parameters
    ----------
    files
        The parts of one version.

    Returns
    -------
    polars.DataFrame
        Text columns ``visit`` and ``site`` (IRIs), ``date`` (as stated), ``year``, and ``area_2``, ``area_1`` and
        ``area_0`` (the site's unit of each level; null where none or more than one is known). One row a visit
        that names one site and one date; sorted.
    """
    held = list(files)
    visits = statements.things(held, VISIT)
    stated = statements.terms(held, [_SITE, _DATE]).filter(pl.col("subject").is_in(visits.implode()))
    sites = stated.filter(pl.col("predicate") == _SITE).select(
        "subject", statements.iri(pl.col("object")).alias("site")
    )
    dates = stated.filter(pl.col("predicate") == _DATE).select(
        "subject", statements.text(pl.col("object")).alias("date")
    )
    frame = (
        sites.unique().join(dates.unique(), on="subject").filter(pl.len().over("subject") == 1).drop_nulls()
    ).select(pl.col("subject").alias("visit"), "site", "date", pl.col("date").str.slice(0, 4).alias("year"))
    return frame.join(_places(held, frame["site"].unique(), areas), on="site", how="left").sort("visit")


def _places(files: list[Path], sites: pl.Series, areas: Areas) -> pl.DataFrame:
    """Return the unit of each level in which each site lies."""
    within = (
        statements.terms(files, [_WITHIN])
        .filter(pl.col("subject").is_in(sites.implode()))
        .select(pl.col("subject").alias("site"), statements.iri(pl.col("object")).alias("place"))
        .drop_nulls()
        .group_by("site")
        .agg(pl.col("place").unique().sort().str.join(" "))
    )
    rows: list[dict[str, str | None]] = []
    for together in within["place"].unique().sort():  # sites are many, places few
        found = areas.of(together.split(" "))
        rows.append({"place": together, **{f"area_{level}": found.get(level) for level in LEVELS}})
    known = pl.DataFrame(rows, schema=dict.fromkeys(["place", *(f"area_{one}" for one in LEVELS)], pl.String))
    return within.join(known, on="place").drop("place")
