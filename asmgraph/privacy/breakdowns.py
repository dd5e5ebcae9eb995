"""Hide breakdowns by sex or age below ten, in every source: the figure moves, its bounds take its place.

A figure is part of a breakdown where it names women, men, children or youth. One to nine of them are a group
in which each can be found. Figures of the same indicator, place and time for the other sex or age, or for all,
are hidden with it where they would reveal it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from asmgraph.privacy import statements, suppression
from asmgraph.records import ASM, VOCAB

_GROUP = f"{ASM}populationGroup"
_FIGURES = {f"{ASM}value": "value", f"{ASM}lower": "lower", f"{ASM}upper": "upper"}
_DIMENSIONS = {"women": "sex", "men": "sex", "children": "age", "youth": "age"}
_KEY = tuple(
    ASM + name
    for name in ("indicator", "result", "valueKind", "challenge", "impact", "place", "date", "startDate",
                 "endDate", "periodText", "season", "duringEvent", "unit")
)  # fmt: skip
_PEOPLE = (
    r"(?i)\b(people|persons?|individuals?|wom[ae]n|m[ae]n|girls?|boys?|child(ren)?|youths?|adults?|workers?|"
    r"(?:\w+ )?miners?|diggers?|members?|participants?|beneficiar\w*|trainees?|pupils?|students?|victims?|survivors?|"
    r"patients?|cases?|households?|famil\w+|personnes?|femmes?|hommes?|filles?|garçons?|enfants?|jeunes|"
    r"travailleu\w+|creuseurs?|orpailleu\w+|membres?|participant\w*|bénéficiaires?|élèves?|victimes?|ménages?|"
    r"personas?|mujer(es)?|hombres?|niñ[oa]s?|jóvenes|trabajador\w*|miner[oa]s?|miembros?|víctimas?|hogares|"
    r"pessoas?|mulher(es)?|homens?|meninas?|meninos?|crianças?|jovens|trabalhador\w*|garimpeir\w*|vítimas?|"
    r"famílias?)\b"
)
"""Units that count people; a share of them, or their goods, is no such unit."""
_NO_COUNT = (
    r"(?i)%|per ?cent|pour ?cent|por ?ciento|por ?cento|\b(rate|ratio|share|taux|part|tasa|taxa|goods)\b"
)
_NAMES = (("Figure below ten", "en"), ("Nombre inférieur à dix", "fr"), ("Cifra inferior a diez", "es"),
          ("Número inferior a dez", "pt"))  # fmt: skip


@dataclass(frozen=True)
class Hidden:
    """The lines of one file that must go, and those that say instead what may be said."""

    hidden: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()


def small(file: Path) -> Hidden:
    """Find the figures of a file that must be hidden.

    Parameters
    ----------
    file
        Sorted N-Triples of one sensitivity.
    """
    groups = [f"{VOCAB}population-group/{name}" for name in _DIMENSIONS]
    split = statements.stating([file], [_GROUP]).filter(statements.iri(pl.col("object")).is_in(groups))
    if split.is_empty():
        return Hidden()
    frame = _figures(file, split)
    gone: dict[str, str] = {}
    for _, cells in frame.group_by("dimension", *_KEY, maintain_order=True):
        gone |= dict(_judged(cells.sort("group", "subject")))
    if not gone:
        return Hidden()
    about = statements.about([file], gone)
    lines, instead = [], []
    numbers = {row["subject"]: row["count"] for row in frame.iter_rows(named=True)}
    for row in about.iter_rows(named=True):
        if row["predicate"] in _FIGURES or _tells(row, numbers[row["subject"]]):
            lines.append(row["line"])
            if row["predicate"] == statements.LABEL:
                instead += [
                    f'<{row["subject"]}> <{statements.LABEL}> "{text}"@{tag} .' for text, tag in _NAMES
                ]
    for subject, why in gone.items():
        instead += _bounds(subject, why)
    return Hidden(tuple(sorted(set(lines))), tuple(sorted(set(instead))))


def _figures(file: Path, split: pl.DataFrame) -> pl.DataFrame:
    """Return the counts of people by indicator, place and time.

    Columns: ``subject``, ``group``, ``dimension``, ``count`` and the key.
    ``group`` is empty for a figure of all; such a one stands once in each dimension.
    """
    wanted = statements.stating([file], [*_FIGURES, *_KEY])
    figures = wanted.filter(pl.col("predicate").is_in(list(_FIGURES))).select(
        "subject",
        pl.col("predicate").replace_strict(_FIGURES).alias("kind"),
        statements.text(pl.col("object")).cast(pl.Float64, strict=False).alias("number"),
    )
    # A figure is as small as the largest that the source holds possible.
    counted = figures.group_by("subject").agg(
        pl.col("number").filter(pl.col("kind") == "value").max().alias("value"),
        pl.col("number").max().alias("most"),
    )
    counted = counted.with_columns(count=pl.col("value").fill_null(pl.col("most"))).drop_nulls("count")
    keys = (
        wanted.filter(pl.col("predicate").is_in(list(_KEY)))
        .group_by("subject", "predicate")
        .agg(pl.col("object").sort().str.join(" "))
        .pivot("predicate", index="subject", values="object")
    )
    keys = keys.with_columns(pl.lit(None, pl.String).alias(name) for name in _KEY if name not in keys.columns)
    names = split.select(
        "subject", statements.iri(pl.col("object")).str.extract(r"([^/]+)$").alias("group")
    ).with_columns(dimension=pl.col("group").replace_strict(_DIMENSIONS))
    others = counted.join(names, on="subject", how="anti").select("subject", group=pl.lit(""))
    named = statements.stating([file], [_GROUP])["subject"]
    totals = others.filter(~pl.col("subject").is_in(named.to_list())).join(
        pl.DataFrame({"dimension": ["sex", "age"]}), how="cross"
    )
    frame = (
        pl.concat([names, totals.select(names.columns)]).join(counted, on="subject").join(keys, on="subject")
    )
    whole = pl.col("count") == pl.col("count").round()
    unit = pl.col(f"{ASM}unit").fill_null("")
    return frame.filter(whole, unit.str.contains(_PEOPLE), ~unit.str.contains(_NO_COUNT))


def _judged(cells: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield the figures of one table that must be hidden, and why."""
    parts = {
        row["subject"]: int(row["count"]) for row in cells.filter(pl.col("group") != "").iter_rows(named=True)
    }
    totals = cells.filter(pl.col("group") == "")["subject"].to_list()
    first, second = suppression.hidden(parts)
    for subject in sorted(first):
        yield subject, "small-count"
    if totals and first:
        for subject in sorted(second):
            yield subject, "secondary-count"
        if suppression.total_hidden(parts):
            for subject in totals:
                yield subject, "secondary-count"


def _tells(row: dict[str, str], count: float) -> bool:
    """Say whether a text holds the hidden figure as a word."""
    literal = row["object"]
    return literal.startswith('"') and "^^<" not in literal and f" {int(count)} " in _spaced(literal)


def _spaced(text: str) -> str:
    return " " + "".join(sign if sign.isalnum() else " " for sign in text) + " "


def _bounds(subject: str, why: str) -> Iterator[str]:
    bounds = {"lower": 1, "upper": suppression.THRESHOLD - 1} if why == "small-count" else {"lower": 1}
    for name, bound in bounds.items():
        yield f'<{subject}> <{ASM}{name}> "{bound}"^^<{statements.XSD}decimal> .'
    yield f"<{subject}> <{ASM}generalisation> <{VOCAB}generalisation/{why}> ."
