"""Make the sites of a restricted source coarser, until each looks like at least four others.

What is published is a site in a year: its area, its minerals, and those answers of its last visit in that year
that leave at least five sites alike. The area is the second-level unit, else the first, else the country, the
smallest that holds five such sites which are not told more closely. A site of two years has two addresses, for
the years in which a site was visited would tell it from others; a site that stands alone even in its country is
left out. This is k-anonymity (Sweeney 2002, https://doi.org/10.1142/S0218488502001648) by generalisation and
suppression over everything that is published of a site, with k = 5, so that no join with another list finds a
site with more certainty than one in five. It does not hide what all five have in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import polars as pl

from asmgraph.privacy import pseudonyms, statements
from asmgraph.privacy.areas import LEVELS
from asmgraph.records import ASM, ID, VOCAB

ALIKE = 5
"""How many sites must look the same: k."""
METHOD = (
    "A site in a year, in the smallest area in which at least five have the same minerals in that year. Answers and "
    "counts stand where at least five sites of the area share them. Names, codes, coordinates, days and texts are left "
    "out; the address is another one each year."
)
ANSWERS = ("mercuryObserved", "workers", "womenPresent", "traceability", "stateService", "visitMode")
"""What may be told of a visit, in the order in which it is kept where not all can be."""
BANDS = (0, 1, 10, 50, 100, 500, 1000)
"""The smallest number of workers of each band; the last has no end."""
_MINERAL = f"{ASM}mineral"
_AREA_WORDS = {2: "area-second-level", 1: "area-first-level", 0: "area-country"}
_SITE_NAMES = (("Mine site, name not public", "en"), ("Site minier, nom non public", "fr"),
               ("Sitio minero, nombre no público", "es"), ("Local de mineração, nome não público", "pt"))  # fmt: skip
_VISIT_NAMES = (("Visit in {}", "en"), ("Visite en {}", "fr"), ("Visita en {}", "es"), ("Visita em {}", "pt"))


@dataclass(frozen=True)
class Generalised:
    """The sites that may be published, one row a site and year, and how many sites and years are left out.

    ``sites`` has text columns ``site``, ``year``, ``area``, ``minerals`` (IRIs, space between), one for each of
    :data:`ANSWERS` (null: left out) and the number ``level`` of the area.
    """

    sites: pl.DataFrame
    left_out: int


def generalise(files: Sequence[Path], visits: pl.DataFrame) -> Generalised:
    """Generalise the sites of one version.

    Parameters
    ----------
    files
        What may be used: the restricted part, never the confidential one.
    visits
        As :func:`asmgraph.privacy.visits.read` gives them.
    """
    last = visits.sort("date", "visit").group_by("site", "year", maintain_order=True).last()
    told = last.join(_minerals(files), on="visit", how="left").with_columns(pl.col("minerals").fill_null(""))
    placed = place(told.join(_answers(files), on="visit", how="left"))
    kept = thin(placed)
    return Generalised(kept.sort("site", "year"), told.height - kept.height)


def place(sites: pl.DataFrame) -> pl.DataFrame:
    """Give each site and year the smallest area in which five alike are left; those without one go.

    Only sites that no smaller area tells are counted: what is told more closely does not hide the others.
    """
    left, found = sites, []
    for level in LEVELS:
        alike = pl.len().over(f"area_{level}", "year", "minerals")
        here = left.filter(pl.col(f"area_{level}").is_not_null()).filter(alike >= ALIKE)
        found.append(
            here.with_columns(pl.col(f"area_{level}").alias("area"), pl.lit(level, pl.Int64).alias("level"))
        )
        left = left.join(here.select("site", "year"), on=["site", "year"], how="anti")
    return pl.concat(found)


def thin(sites: pl.DataFrame) -> pl.DataFrame:
    """Leave out answers until at least five sites of an area, mineral and year share all that is told of them.

    An answer is left out of all sites that are alike but for it, so that its absence tells nothing.
    """
    alike = ["area", "level", "year", "minerals"]
    for answer in ANSWERS:
        shared = pl.len().over([*alike, answer]).min().over(alike) >= ALIKE
        sites = sites.with_columns(told=shared).with_columns(
            pl.when("told").then(pl.col(answer).fill_null("")).alias(answer)
        )
        alike = [*alike, answer]
    return sites.drop("told")


def lines(source: str, document: str, secret: bytes, found: Generalised) -> Iterator[str]:
    """Yield N-Triples for generalised sites and their visits.

    Parameters
    ----------
    source
        The source's name; part of what is hashed into the addresses.
    document
        The IRI of the source document that they cite.
    secret
        The home's key.
    """
    for row in found.sites.iter_rows(named=True):
        slug = pseudonyms.slug(secret, source, row["site"], row["year"])
        site, visit = f"<{ID}site/general-{slug}>", f"<{ID}visit/general-{slug}>"
        yield f"{site} <{statements.TYPE}> <{ASM}MineSite> ."
        yield f"{visit} <{statements.TYPE}> <{ASM}SiteVisit> ."
        for name, language in _SITE_NAMES:
            yield f'{site} <{statements.LABEL}> "{name}"@{language} .'
        for name, language in _VISIT_NAMES:
            yield f'{visit} <{statements.LABEL}> "{name.format(row["year"])}"@{language} .'
        yield f"{site} <{ASM}within> <{row['area']}> ."
        for thing in (site, visit):
            yield f"{thing} <{statements.SOURCE}> <{document}> ."
            yield f"{thing} <{ASM}generalisation> <{VOCAB}generalisation/identity-removed> ."
        yield f"{site} <{ASM}generalisation> <{VOCAB}generalisation/{_AREA_WORDS[row['level']]}> ."
        yield f"{visit} <{ASM}site> {site} ."
        yield f'{visit} <{ASM}date> "{row["year"]}"^^<{statements.XSD}gYear> .'
        yield f"{visit} <{ASM}generalisation> <{VOCAB}generalisation/date-to-year> ."
        for mineral in filter(None, row["minerals"].split(" ")):
            yield f"{visit} <{_MINERAL}> <{mineral}> ."
        yield from _told(visit, row)


def _told(visit: str, row: dict[str, str | None]) -> Iterator[str]:
    """Yield the answers of a visit, and that some are left out."""
    for answer in ANSWERS:
        value = row[answer]
        if answer == "workers":
            yield from _band(visit, value)
        else:
            for concept in filter(None, (value or "").split(" ")):
                yield f"{visit} <{ASM}{answer}> <{concept}> ."
    if any(row[answer] is None for answer in ANSWERS):
        yield f"{visit} <{ASM}generalisation> <{VOCAB}generalisation/values-left-out> ."


def _band(visit: str, value: str | None) -> Iterator[str]:
    if not value:
        return
    least = int(value)
    following = dict(pairwise(BANDS)).get(least)
    bounds = {"lower": least} if following is None else {"lower": least, "upper": following - 1}
    for name, bound in bounds.items():
        yield f'{visit} <{ASM}{name}> "{bound}"^^<{statements.XSD}decimal> .'
    yield f'{visit} <{ASM}unit> "workers" .'
    yield f"{visit} <{ASM}generalisation> <{VOCAB}generalisation/count-in-band> ."


def _minerals(files: Sequence[Path]) -> pl.DataFrame:
    return _concepts(files, _MINERAL, "minerals")


def _answers(files: Sequence[Path]) -> pl.DataFrame:
    """Return the answers of each visit as text: concepts in order with a space between, workers as their band."""
    frame = pl.DataFrame(schema={"visit": pl.String})
    for answer in ANSWERS:
        found = _workers(files) if answer == "workers" else _concepts(files, ASM + answer, answer)
        frame = frame.join(found, on="visit", how="full", coalesce=True)
    return frame


def _concepts(files: Sequence[Path], predicate: str, name: str) -> pl.DataFrame:
    """Return what the visits say by one property, only concepts of the vocabularies: nothing else is published."""
    return (
        statements.stating(files, [predicate])
        .select(pl.col("subject").alias("visit"), statements.iri(pl.col("object")).alias(name))
        .filter(pl.col(name).str.starts_with(VOCAB))
        .group_by("visit")
        .agg(pl.col(name).unique().sort().str.join(" "))
    )


def _workers(files: Sequence[Path]) -> pl.DataFrame:
    """Return the band of each visit's number of workers, as the text of its smallest number."""
    number = statements.text(pl.col("object")).cast(pl.Int64, strict=False)
    band = pl.lit(None, pl.Int64)
    for least in BANDS:
        band = pl.when(number >= least).then(least).otherwise(band)
    return (
        statements.stating(files, [f"{ASM}workers"])
        .select(pl.col("subject").alias("visit"), band.cast(pl.String).alias("workers"))
        .drop_nulls()
        .unique("visit", keep="none")
    )
