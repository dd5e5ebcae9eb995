"""Read chosen statements out of sorted N-Triples files into frames, without holding the files in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import polars as pl

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SOURCE = "http://purl.org/dc/terms/source"
XSD = "http://www.w3.org/2001/XMLSchema#"
PARTS = r"^<(?<subject>[^>]*)> <(?<predicate>[^>]*)> (?<object>.*) \.$"
_SCHEMA = {"line": pl.String, "subject": pl.String, "predicate": pl.String, "object": pl.String}


def mentioning(files: Iterable[Path], iris: Collection[str]) -> pl.DataFrame:
    """Return the statements in which one of ``iris`` stands as subject, predicate or object.

    Parameters
    ----------
    files
        Sorted N-Triples; one that is not there, or empty, holds nothing.

    Returns
    -------
    polars.DataFrame
        Text columns ``line`` (as it stands), ``subject`` and ``predicate`` (IRIs) and ``object`` (an N-Triples
        term), in the order of the files. Memory grows with what is found, not with the files.
    """
    wanted = [f"<{iri}>" for iri in sorted(set(iris))]
    found = [
        pl.scan_lines(file, name="line")
        .filter(pl.col("line").str.contains_any(wanted))
        .with_columns(pl.col("line").str.extract_groups(PARTS).alias("parts"))
        .unnest("parts")
        .collect(engine="streaming")
        for file in files
        if wanted and file.is_file() and file.stat().st_size
    ]
    return pl.concat(found) if found else pl.DataFrame(schema=_SCHEMA)


def stating(files: Iterable[Path], predicates: Collection[str]) -> pl.DataFrame:
    """Return the statements of the given predicates, as :func:`mentioning` does."""
    return mentioning(files, predicates).filter(pl.col("predicate").is_in(list(predicates)))


def about(files: Iterable[Path], subjects: Collection[str]) -> pl.DataFrame:
    """Return every statement of the given subjects, as :func:`mentioning` does."""
    return mentioning(files, subjects).filter(pl.col("subject").is_in(list(subjects)))


def typed(files: Iterable[Path], kind: str) -> set[str]:
    """Return the IRIs of the things that are stated to be of a class."""
    found = mentioning(files, [kind])
    return set(found.filter(pl.col("predicate") == TYPE, pl.col("object") == f"<{kind}>")["subject"])


def iri(term: pl.Expr) -> pl.Expr:
    """Return the IRIs that N-Triples terms name; null for literals."""
    return term.str.extract(r"^<(.*)>$")


def text(term: pl.Expr) -> pl.Expr:
    """Return what stands between the quotes of literals, escapes as they are; null for IRIs."""
    return term.str.extract(r'^"(.*)"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?$')


def batches(file: Path, without: pl.Expr | None = None) -> Iterator[pl.Series]:
    """Yield the lines of a file, but those for which ``without``, over ``line``, holds; in order, some at a time."""
    if file.stat().st_size:
        scan = pl.scan_lines(file, name="line")
        for frame in (scan if without is None else scan.filter(~without)).collect_batches(
            maintain_order=True
        ):
            yield frame["line"]
