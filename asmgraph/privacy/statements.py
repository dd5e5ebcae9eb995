"""Read chosen statements out of sorted N-Triples files into frames, without holding the files in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import polars as pl

from asmgraph.store import ntriples

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SOURCE = "http://purl.org/dc/terms/source"
XSD = "http://www.w3.org/2001/XMLSchema#"
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
    return _found(
        files, iris, _is_one("subject", iris) | _is_one("predicate", iris) | _is_one("object", iris)
    )


def pointing(files: Iterable[Path], things: Collection[str]) -> pl.DataFrame:
    """Return what points at some things: the statements with one of them as object, without the lines."""
    return _found(files, things, _is_one("object", things), "subject", "predicate", "object")


def stating(files: Iterable[Path], predicates: Collection[str]) -> pl.DataFrame:
    """Return the statements of the given predicates, as :func:`mentioning` does."""
    return _found(files, predicates, _is_one("predicate", predicates))


def terms(files: Iterable[Path], predicates: Collection[str]) -> pl.DataFrame:
    """Return the statements of the given predicates, as :func:`stating` does, without the lines."""
    kept = _is_one("predicate", predicates)
    return _found(files, predicates, kept, "subject", "predicate", "object")


def about(files: Iterable[Path], subjects: Collection[str]) -> pl.DataFrame:
    """Return every statement of the given subjects, as :func:`mentioning` does."""
    return _found(files, subjects, _is_one("subject", subjects))


def stated(files: Iterable[Path], things: Collection[str]) -> set[str]:
    """Return those of some things of which anything is stated."""
    return set(_found(files, things, _is_one("subject", things), "subject")["subject"].unique())


def typed(files: Iterable[Path], kind: str) -> set[str]:
    """Return the IRIs of the things that are stated to be of a class."""
    return set(things(files, kind))


def things(files: Iterable[Path], kind: str) -> pl.Series:
    """Return the IRIs of the things that are stated to be of a class, each once, as a series ``subject``."""
    stated = _is_one("predicate", [TYPE]) & _is_one("object", [kind])
    return _found(files, [kind], stated, "subject")["subject"].unique()


def holds(file: Path, line: pl.Expr) -> bool:
    """Say whether an expression over ``line`` holds of a line of a file."""
    return bool(file.stat().st_size) and (
        pl.scan_lines(file, name="line").select(line.any()).collect(engine="streaming").item()
    )


def scan(file: Path) -> pl.LazyFrame:
    """Return the lines of a file, with ``subject``, ``predicate`` and ``object`` (terms) beside them."""
    empty = not (file.is_file() and file.stat().st_size)
    lines = pl.LazyFrame(schema={"line": pl.String}) if empty else pl.scan_lines(file, name="line")
    return ntriples.split(lines)


def split(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Return lines with ``subject`` and ``predicate`` (IRIs) and ``object`` (a term) beside them."""
    return ntriples.split(lines).with_columns(bare("subject"), bare("predicate"))


def _found(files: Iterable[Path], iris: Collection[str], kept: pl.Expr, *columns: str) -> pl.DataFrame:
    """Return the statements for which ``kept`` holds, over terms and by ``iris``; only some ``columns``.

    Every line is cut and its terms are looked up: searching lines for many texts took a hundred times as long. What is
    not kept is gone before the next lines are read.
    """
    names = columns or tuple(_SCHEMA)
    wanted = [bare(name) if name in ("subject", "predicate") else pl.col(name) for name in names]
    found = [scan(file).filter(kept).select(wanted).collect(engine="streaming") for file in files if iris]
    return pl.concat(found) if found else pl.DataFrame(schema={name: _SCHEMA[name] for name in names})


def _is_one(column: str, iris: Collection[str]) -> pl.Expr:
    return pl.col(column).is_in([f"<{iri}>" for iri in iris])


def bare(column: str) -> pl.Expr:
    """Return the IRIs of a column of terms that are not literals."""
    return pl.col(column).str.strip_prefix("<").str.strip_suffix(">")


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
