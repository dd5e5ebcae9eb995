"""Hide breakdowns by sex or age below ten, in every source: the figure moves; the public reads bounds in its place.

When a version is staged the figure and its name become confidential, and a mark says why. Bounds and another name are
drawn from the mark at publication, for the public dataset alone: the full one has the figure, once.

A figure is part of a breakdown where it names women, men, children or youth. One to nine of them are a group
in which each can be found. Figures of the same indicator, place and time for the other sex or age, or for all
or for a group of other kind (miners), are hidden with it where they would reveal it. Units do not tell tables apart:
"women", "men" and "people" may stand in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from asmgraph.privacy import statements, suppression
from asmgraph.records import ASM, VOCAB

METHOD = (
    "Breakdowns by sex or age: one to nine people are given as bounds; a second figure, from which a small one could "
    "be worked out, as at least one."
)
_MARK, _WHY = f"{ASM}generalisation", f"{VOCAB}generalisation/"
_GROUP, _UNIT = f"{ASM}populationGroup", f"{ASM}unit"
_FIGURES = {f"{ASM}value": "value", f"{ASM}lower": "lower", f"{ASM}upper": "upper"}
_DIMENSIONS = {"women": "sex", "men": "sex", "children": "age", "youth": "age"}
_KEY = tuple(
    ASM + name
    for name in ("indicator", "result", "valueKind", "challenge", "impact", "place", "date", "startDate",
                 "endDate", "periodText", "season", "duringEvent")
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
_SEPARATOR = r"(?<=\d)[.,'’\u00a0\u2009\u202f ](?=\d{3}(?!\d))"
"""What may stand between thousands."""
_NO_COUNT = (
    r"(?i)%|per ?cent|pour ?cent|por ?ciento|por ?cento|\b(rate|ratio|share|taux|part|tasa|taxa|goods)\b"
)
_NAMES = {
    "small-count": (("Figure below ten", "en"), ("Nombre inférieur à dix", "fr"),
                    ("Cifra inferior a diez", "es"), ("Número inferior a dez", "pt")),
    "secondary-count": (("Figure not published", "en"), ("Nombre non publié", "fr"),
                        ("Cifra no publicada", "es"), ("Número não publicado", "pt")),
}  # fmt: skip
"""What a hidden figure is called, by why it is hidden."""


@dataclass(frozen=True)
class Hidden:
    """The lines of one file that must go, and the marks that say instead why they went."""

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
    numbers = {row["subject"]: row["count"] for row in frame.iter_rows(named=True)}
    lines = {
        row["line"]
        for row in about.iter_rows(named=True)
        if row["predicate"] in _FIGURES or _tells(row, numbers[row["subject"]])
    }
    marks = (f"<{subject}> <{_MARK}> <{_WHY}{why}> ." for subject, why in gone.items())
    return Hidden(tuple(sorted(lines)), tuple(sorted(marks)))


def bounds(file: Path) -> Iterator[str]:
    """Yield what the public reads in place of the hidden figures of a public file, sorted, each line once.

    A figure that has a number there, or a name, keeps it: its source gave it so.
    """
    marked = statements.stating([file], [_MARK]).select(
        "subject", statements.iri(pl.col("object")).str.strip_prefix(_WHY).alias("why")
    )
    reasons = dict(marked.filter(pl.col("why").is_in(list(_NAMES))).sort("subject", "why").iter_rows())
    said = statements.about([file], reasons)
    counted = set(said.filter(pl.col("predicate").is_in(list(_FIGURES)))["subject"])
    named = set(said.filter(pl.col("predicate") == statements.LABEL)["subject"])
    lines: set[str] = set()
    for subject, why in reasons.items():
        if subject not in counted:
            lines |= set(_bounds(subject, why))
        if subject not in named:
            lines |= {f'<{subject}> <{statements.LABEL}> "{text}"@{tag} .' for text, tag in _NAMES[why]}
    yield from sorted(lines)


def _figures(file: Path, split: pl.DataFrame) -> pl.DataFrame:
    """Return the counts of people by indicator, place and time.

    Columns: ``subject``, ``group``, ``dimension``, ``count`` and the key.
    ``group`` is empty for a figure of all, or of a group by neither sex nor age, which may be all that are counted;
    such a one stands once in each dimension.
    """
    wanted = statements.stating([file], [*_FIGURES, *_KEY, _UNIT])
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
        wanted.filter(pl.col("predicate").is_in([*_KEY, _UNIT]))
        .group_by("subject", "predicate")
        .agg(pl.col("object").sort().str.join(" "))
        .pivot("predicate", index="subject", values="object")
    )
    keys = keys.with_columns(
        pl.lit(None, pl.String).alias(name) for name in (*_KEY, _UNIT) if name not in keys.columns
    )
    names = split.select(
        "subject", statements.iri(pl.col("object")).str.extract(r"([^/]+)$").alias("group")
    ).with_columns(dimension=pl.col("group").replace_strict(_DIMENSIONS))
    others = counted.join(names, on="subject", how="anti").select("subject", group=pl.lit(""))
    totals = others.join(pl.DataFrame({"dimension": ["sex", "age"]}), how="cross")
    frame = (
        pl.concat([names, totals.select(names.columns)]).join(counted, on="subject").join(keys, on="subject")
    )
    whole = pl.col("count") == pl.col("count").round()
    unit = pl.col(_UNIT).fill_null("")
    people = unit.str.contains(_PEOPLE) & ~unit.str.contains(_NO_COUNT)
    return frame.filter(whole, people | ((pl.col("group") == "") & (unit == "")))


def _judged(cells: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield the figures of one table that must be hidden, and why.

    A group of which the table has more than one figure counts as the smallest of them, as any may be the one that
    adds up; it is hidden with all of them.
    """
    figures = {
        row["subject"]: (row["group"], int(row["count"]))
        for row in cells.filter(pl.col("group") != "").iter_rows(named=True)
    }
    totals = cells.filter(pl.col("group") == "")["subject"].to_list()
    parts: dict[str, int] = {}
    for group, count in figures.values():
        parts[group] = min(count, parts.get(group) or count) if count else parts.get(group, 0)
    first, second = suppression.hidden(parts)
    for subject, (group, count) in sorted(figures.items()):
        if suppression.small(count):
            yield subject, "small-count"
        elif totals and group in first | second:
            yield subject, "secondary-count"
    if totals and suppression.total_hidden(parts):
        for subject in totals:
            yield subject, "secondary-count"


def _tells(row: dict[str, str], count: float) -> bool:
    """Say whether a text is the name of a hidden figure, which may tell it in words, or holds it as a number."""
    literal = row["object"]
    if row["predicate"] == statements.LABEL:
        return True
    plain = re.sub(_SEPARATOR, "", literal)
    return literal.startswith('"') and "^^<" not in literal and f" {int(count)} " in _spaced(plain)


def _spaced(text: str) -> str:
    return " " + "".join(sign if sign.isalnum() else " " for sign in text) + " "


def _bounds(subject: str, why: str) -> Iterator[str]:
    limits = {"lower": 1, "upper": suppression.THRESHOLD - 1} if why == "small-count" else {"lower": 1}
    for name, limit in limits.items():
        yield f'<{subject}> <{ASM}{name}> "{limit}"^^<{statements.XSD}decimal> .'
