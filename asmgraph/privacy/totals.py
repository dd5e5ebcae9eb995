"""What is confidential at each site, as public yearly totals over at least ten sites of a province.

Each site visited in a province in a year counts once a question, with the gravest answer of that year. The
answers of a question add up to the sites visited, which a reader may know. So small counts are hidden, and with
them those that would reveal them; and where every site has the same answer, nothing is said at all, because the
total would then say it of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote

import polars as pl
from rdflib import Literal, URIRef
from rdflib.namespace import RDFS, SKOS

from asmgraph.ontology import files as ontology
from asmgraph.privacy import statements, suppression
from asmgraph.records import ASM, ID, VOCAB

LEAST_SITES = 10
METHOD = (
    "Sites visited in the province in the year, each counted once for each question with its gravest answer. "
    "Given over at least ten sites; one to nine are given as bounds, a second figure is left out where a small one "
    "could be worked out from it, and a question on which all sites have the same answer is left out."
)
_ANSWERS = tuple(f"{VOCAB}observation/{answer}" for answer in ("yes", "no", "not-asked"))
_OF_VISIT = f"{ASM}ofVisit"
_NONE = ""
QUESTIONS: dict[str, tuple[str, ...]] = {
    **{
        f"{ASM}{name}": _ANSWERS
        for name in (
            "armedPresence", "interference", "childrenPresent", "taxation", "commerceTaxation",
            "entranceTaxation", "monopoly", "buyingMinerals", "digging", "forcedLabour", "pillage",
        )
    },
    f"{ASM}qualification": tuple(
        f"{VOCAB}qualification/{colour}" for colour in ("red", "yellow", "green", "not-classified")
    ),
    f"{ASM}securityService": tuple(
        f"{VOCAB}state-service/{service}"
        for service in ("mines-police", "national-police", "intelligence-agency", "security-service")
    ),
}  # fmt: skip
"""The answers of each question, the gravest first; free texts have no totals."""


def counted(files: Sequence[Path], visits: pl.DataFrame) -> pl.DataFrame:
    """Count the sites of each province and year by their answer.

    Parameters
    ----------
    files
        All parts of one version.
    visits
        As :func:`asmgraph.privacy.visits.read` gives them.

    Returns
    -------
    polars.DataFrame
        Columns ``area``, ``year``, ``question`` and ``answer`` (IRIs; empty for sites of which the source has no
        answer) and ``sites``, their number. Only where at least ten sites were visited and one has an answer.
    """
    placed = visits.drop_nulls("area_1").select("visit", "site", "year", pl.col("area_1").alias("area"))
    enough = placed.with_columns(visited=pl.col("site").n_unique().over("area", "year")).filter(
        pl.col("visited") >= LEAST_SITES
    )
    # Of what is said, memory holds numbers alone: there are some ten answers a visit, each of three long texts.
    sites = enough.select("area", "year", "site").unique().with_row_index("key")
    keys = _whose(files, enough["visit"]).join(
        enough.join(sites, on=["area", "year", "site"]).select("visit", "key"), on="visit"
    )
    said = [
        statements.scan(file)
        .join(_ranks().lazy(), on=["predicate", "object"])
        .join(keys.lazy().select("subject", "key"), on="subject")
        .select("key", "asked", "rank")
        for file in files
    ]
    gravest = pl.concat(said).group_by("key", "asked").agg(pl.col("rank").min()).collect(engine="streaming")
    counts = gravest.join(sites.select("key", "area", "year"), on="key").group_by(
        "area", "year", "asked", "rank"
    )
    tables = counts.agg(pl.len().alias("sites")).join(_ranks(), on=["asked", "rank"])
    rest = (
        tables.group_by("area", "year", "question")
        .agg(pl.col("sites").sum().alias("answered"))
        .join(enough.select("area", "year", "visited").unique(), on=["area", "year"])
        .filter(pl.col("visited") > pl.col("answered"))
        .select(
            "area", "year", "question", pl.lit(_NONE).alias("answer"),
            (pl.col("visited") - pl.col("answered")).alias("sites"),
        )
    )  # fmt: skip
    columns = ["area", "year", "question", "answer", "sites"]
    whole = pl.concat([tables.select(columns).cast({"sites": pl.Int64}), rest.cast({"sites": pl.Int64})])
    return whole.sort("area", "year", "question", "answer")


def _whose(files: Sequence[Path], visits: pl.Series) -> pl.DataFrame:
    """Return of which visit each thing tells: columns ``subject`` (a term) and ``visit``; a visit of itself."""
    stated = statements.terms(files, [_OF_VISIT]).select("subject", visit=statements.iri(pl.col("object")))
    of = stated.unique("subject", keep="none")
    own = pl.DataFrame({"subject": visits, "visit": visits}).join(of, on="subject", how="anti")
    return pl.concat([own, of]).with_columns(subject=pl.format("<{}>", "subject"))


def protected(tables: pl.DataFrame) -> pl.DataFrame:
    """Return what may be published of :func:`counted`, with ``hidden``: why a number is not, empty where it is.

    ``sites`` is null where it is hidden.
    """
    rows = []
    for _, table in tables.group_by("area", "year", "question", maintain_order=True):
        cells = dict(table.select("answer", "sites").iter_rows())
        first, second = suppression.hidden(cells)
        if len(cells) < 2 or suppression.total_hidden(cells):
            continue
        for row in table.filter(pl.col("answer") != _NONE).iter_rows(named=True):
            why = (
                "small-count"
                if row["answer"] in first
                else "secondary-count"
                if row["answer"] in second
                else ""
            )
            rows.append({**row, "sites": None if why else row["sites"], "hidden": why})
    return pl.DataFrame(rows, schema={**tables.schema, "hidden": pl.String})


def lines(source: str, document: str, table: pl.DataFrame) -> Iterator[str]:
    """Yield N-Triples for the rows of :func:`protected`, each an indicator value with its indicator.

    Parameters
    ----------
    source
        The source's name, which tells its totals from those of others.
    document
        The IRI of the source document that they cite.
    """
    indicators: set[str] = set()
    for row in table.iter_rows(named=True):
        question, answer = row["question"].removeprefix(ASM), row["answer"].rsplit("/", 1)[-1]
        area = row["area"].rsplit("/", 1)[-1]
        indicator = f"<{ID}indicator/sites-{question}-{answer}>"
        value = f"<{ID}indicator-value/sites-{question}-{answer}-{quote(source)}-{area}-{row['year']}>"
        names = _names(row["question"], row["answer"])
        if indicator not in indicators:
            indicators.add(indicator)
            yield from _typed(indicator, "Indicator", document)
            yield f'{indicator} <{ASM}unit> "sites" .'
            for language, name in names.items():
                yield f"{indicator} <{statements.LABEL}> {Literal(name, lang=language).n3()} ."
        yield from _typed(value, "IndicatorValue", document)
        for language, name in names.items():
            dated = Literal(f"{name} ({row['year']})", lang=language)
            yield f"{value} <{statements.LABEL}> {dated.n3()} ."
        for predicate, thing in (
            ("indicator", indicator),
            ("valueKind", f"<{VOCAB}value-kind/actual>"),
            ("place", f"<{row['area']}>"),
            ("date", f'"{row["year"]}"^^<{statements.XSD}gYear>'),
            ("unit", '"sites"'),
            ("method", f"{Literal(METHOD, lang='en').n3()}"),
            ("generalisation", f"<{VOCAB}generalisation/sites-summed>"),
        ):
            yield f"{value} <{ASM}{predicate}> {thing} ."
        for name, number in _figures(row["sites"], row["hidden"]).items():
            yield f'{value} <{ASM}{name}> "{number}"^^<{statements.XSD}decimal> .'
        if row["hidden"]:
            yield f"{value} <{ASM}generalisation> <{VOCAB}generalisation/{row['hidden']}> ."


def _figures(sites: int | None, hidden: str) -> dict[str, int]:
    if sites is not None:
        return {"value": sites}
    return {"lower": 1, "upper": suppression.THRESHOLD - 1} if hidden == "small-count" else {"lower": 1}


def _typed(thing: str, kind: str, document: str) -> Iterator[str]:
    yield f"{thing} <{statements.TYPE}> <{ASM}{kind}> ."
    yield f"{thing} <{statements.SOURCE}> <{document}> ."


def _ranks() -> pl.DataFrame:
    """Return every answer and how grave it is, with the terms that state it and a number for the question."""
    rows = [
        (f"<{question}>", f"<{answer}>", question, answer, asked, rank)
        for asked, (question, answers) in enumerate(QUESTIONS.items())
        for rank, answer in enumerate(answers)
    ]
    texts = dict.fromkeys(("predicate", "object", "question", "answer"), pl.String)
    return pl.DataFrame(rows, schema={**texts, "asked": pl.UInt8, "rank": pl.UInt8}, orient="row")


@cache
def _names(question: str, answer: str) -> dict[str, str]:
    """Return the indicator's name by language: the question's label, a colon, and the answer's."""
    asked = {str(label.language): str(label) for label in _labels(question, RDFS.label)}
    answered = {str(label.language): str(label) for label in _labels(answer, SKOS.prefLabel)}
    return {language: f"{asked[language]}: {answered[language]}" for language in sorted(asked)}


def _labels(term: str, predicate: URIRef) -> list[Literal]:
    graph = ontology.modules() if predicate == RDFS.label else ontology.vocabularies()
    return ontology.labels(graph, [URIRef(term)], predicate)
