"""What goes with a thing that is taken down: all that cannot stand without it.

The shapes say what a thing must have. A visit must have its site, a participation its actor and its intervention,
a tie its two parties: whatever would break such a rule once the thing is gone is only about it, and goes as
well. Of everything else only the statements that name it go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
from rdflib import SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDFS
from rdflib.term import Node

from asmgraph.ontology import files as ontology
from asmgraph.privacy import statements

_DEEPEST = 25


@dataclass(frozen=True)
class Requirement:
    """That a thing must have at least ``least`` values over the properties ``paths``."""

    paths: frozenset[str]
    least: int


@cache
def requirements() -> Mapping[str, tuple[Requirement, ...]]:
    """Return what the shapes require of the things of each class, its larger classes' included."""
    shapes, own = ontology.shapes(), dict[Node, set[Requirement]]()
    for shape, kind in shapes.subject_objects(SH.targetClass):
        for rule in shapes.objects(shape, SH.property):
            least, paths = shapes.value(rule, SH.minCount), _paths(shapes, shapes.value(rule, SH.path))
            refuses = shapes.value(rule, SH.severity) in (None, SH.Violation)
            if isinstance(least, Literal) and paths and refuses:
                own.setdefault(kind, set()).add(Requirement(paths, int(least)))
    hierarchy = ontology.hierarchy()
    found = {}
    for kind in {*own, *hierarchy.subjects(RDFS.subClassOf)}:
        larger = [one for one in hierarchy.transitive_objects(kind, RDFS.subClassOf) if one is not None]
        found[str(kind)] = tuple(sorted({rule for one in larger for rule in own.get(one, ())}, key=str))
    return found


def falling(files: Iterable[Path], roots: Iterable[str]) -> dict[str, str]:
    """Return every thing that goes, with the root for which it does; the roots among them.

    Parameters
    ----------
    files
        The N-Triples files of all parts of all sources.
    roots
        The IRIs that are taken down.
    """
    held = list(files)
    gone = {root: root for root in sorted(set(roots))}
    frontier = set(gone)
    for _ in range(_DEEPEST):
        naming = statements.pointing(held, frontier).filter(~pl.col("subject").is_in(list(gone)))
        if naming.is_empty():
            break
        things = naming.select("subject", statements.iri(pl.col("object")))
        because = {subject: gone[thing] for subject, thing in things.iter_rows()}
        frontier = _unsupported(held, because, gone)
        gone |= {thing: because[thing] for thing in sorted(frontier)}
    return gone


def _unsupported(files: list[Path], candidates: Iterable[str], gone: Mapping[str, str]) -> set[str]:
    """Return those candidates that lose what their class requires."""
    found = set()
    every = statements.about(files, list(candidates)).select("subject", "predicate", "object").unique()
    for (subject,), rows in every.group_by("subject", maintain_order=True):
        kinds = rows.filter(pl.col("predicate") == statements.TYPE)["object"].str.strip_chars("<>")
        for rule in {rule for kind in kinds for rule in requirements().get(kind, ())}:
            values = set(rows.filter(pl.col("predicate").is_in(list(rule.paths)))["object"])
            left = {value for value in values if value[1:-1] not in gone}
            if len(left) < rule.least and len(left) < len(values):
                found.add(str(subject))
    return found


def naming(line: pl.Expr, gone: Iterable[str]) -> pl.Expr:
    """Return whether a line names something that is gone, over N-Triples lines."""
    return line.str.contains_any([f"<{iri}>" for iri in sorted(gone)])


def _paths(shapes: Graph, path: Node | None) -> frozenset[str]:
    """Return the properties of a simple path, or of a choice between simple ones; none of any other."""
    if isinstance(path, URIRef):
        return frozenset({str(path)})
    choice = shapes.value(path, SH.alternativePath) if path is not None else None
    parts = list(Collection(shapes, choice)) if choice is not None else []
    return frozenset(map(str, parts)) if all(isinstance(part, URIRef) for part in parts) else frozenset()
