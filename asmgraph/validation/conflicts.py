"""Where sources contradict each other: one thing, a property that may have one value, and two values of it.

Enters: the staged files of every source. Leaves: each conflict with what each source says. None of them is wrong by
itself, and nothing is refused: a steward decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from rdflib import RDF, RDFS, SH, Literal, URIRef

from asmgraph.ontology import files
from asmgraph.store import ntriples
from asmgraph.store.ntriples import subjects
from asmgraph.store.parts import Part

Versions = Mapping[str, tuple[Path, Sequence[Part]]]
_SCHEMA = {"source": pl.String, "subject": pl.String, "predicate": pl.String, "object": pl.String}


@dataclass(frozen=True, order=True)
class Conflict:
    """What several sources say of one property of one thing.

    ``focus`` and the values are N-Triples terms, ``path`` an IRI; ``said`` has (source, value), sorted.
    """

    focus: str
    path: str
    said: tuple[tuple[str, str], ...]

    def describe(self) -> str:
        """Return one sentence for a person."""
        what = self.path.replace("#", "/").rsplit("/", 1)[-1]
        return f"{self.focus} {what}: " + "; ".join(f"{source} says {value}" for source, value in self.said)


def find(versions: Versions) -> list[Conflict]:
    """Return the conflicts between the versions, given their folders and parts by source; sorted."""
    shared = _shared(versions)
    if not len(shared):
        return []
    said = pl.concat([pl.DataFrame(schema=_SCHEMA), *_statements(versions, shared)])
    kinds = said.filter(pl.col("predicate") == f"<{RDF.type}>").select("subject", kind="object").unique()
    single = [
        said.filter(pl.col("predicate") == f"<{path}>").join(
            kinds.filter(pl.col("kind").is_in(sorted(classes))).select("subject").unique(),
            on="subject",
            how="semi",
        )
        for path, classes in _single_valued().items()
    ]
    rows = (
        pl.concat(single)
        .group_by("subject", "predicate")
        .agg(
            pl.struct("source", "object").unique(),
            values=pl.col("object").n_unique(),
            sources=pl.col("source").n_unique(),
        )
    )
    return sorted(
        Conflict(
            row["subject"],
            row["predicate"][1:-1],
            tuple(sorted((one["source"], one["object"]) for one in row["source"])),
        )
        for row in rows.filter((pl.col("values") > 1) & (pl.col("sources") > 1)).iter_rows(named=True)
    )


def _single_valued() -> dict[str, set[str]]:
    """Return the properties that may have one value, each with the classes, as terms, of which that is so."""
    graph, hierarchy = files.shapes(), files.hierarchy()
    found: dict[str, set[str]] = {}
    for shape in graph.subjects(SH.maxCount, Literal(1)):
        path = graph.value(shape, SH.path)
        if not isinstance(path, URIRef):
            continue
        for node in graph.subjects(SH.property, shape):
            for kind in graph.objects(node, SH.targetClass):
                below = {kind, *hierarchy.transitive_subjects(RDFS.subClassOf, kind)}
                found.setdefault(str(path), set()).update(f"<{one}>" for one in below)
    return found


def _shared(versions: Versions) -> pl.Series:
    """Return the hashes of the subject terms of which more than one source says something.

    Eight bytes a thing are held and not its name. Where two things have the same hash, one too many is looked at.
    """
    own = [pl.Series("subject", [], dtype=pl.UInt64)]
    for folder, parts in versions.values():
        found = (_hashes(subjects(part.all_lines(folder)).unique()) for part in parts)
        own.append(pl.concat([own[0], *found]).unique())
    every = pl.concat(own)
    return every.filter(every.is_duplicated()).unique()


def _hashes(things: pl.Series) -> pl.Series:
    return things.alias("subject").hash()


def _statements(versions: Versions, shared: pl.Series) -> list[pl.DataFrame]:
    wanted = sorted({f"<{path}>" for path in (*_single_valued(), RDF.type)})
    found = []
    for source, (folder, parts) in versions.items():
        for part in parts:
            rows = ntriples.terms(part.all_lines(folder)).filter(pl.col("predicate").is_in(wanted))
            rows = rows.filter(_hashes(rows["subject"]).is_in(shared.implode()))
            found.append(rows.select(pl.lit(source).alias("source"), *ntriples.TERMS))
    return found
