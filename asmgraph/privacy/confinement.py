"""Make confidential what is said of a single mine site and could hurt people there, whatever its source says.

The ontology marks the properties, classes and concepts (``asm:siteSensitivity``), so a source cannot publish
armed presence by stating it in a public graph. Four rules:

- a statement of a marked property is confidential;
- every statement of a thing of a marked class is;
- where a marked concept is said of a site or a visit, that statement is; where it is said of a thing that
  names a site (a need, a role, an event there), every statement of that thing is;
- where every statement of a thing is, so is what points at it, and what cannot stand without it.

What is a site may be said by another source, and later. So they are applied twice: to a version when it is staged,
and to all versions together when they are published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import polars as pl
from rdflib import OWL, RDF, SKOS, URIRef

from asmgraph.ontology import files as ontology
from asmgraph.privacy import breakdowns, statements, takedown
from asmgraph.records import ASM, Sensitivity
from asmgraph.terms import SENSITIVITY

SINGLE = (f"{ASM}MineSite", f"{ASM}SiteVisit")
"""The classes of what is, or tells of, a single site."""
_WHY = {"thing": pl.String, "term": pl.String}


@dataclass(frozen=True)
class Marks:
    """The marked properties, classes and concepts, by IRI."""

    properties: frozenset[str]
    classes: frozenset[str]
    concepts: frozenset[str]


@dataclass(frozen=True)
class Confined:
    """What must move to the confidential part of a version.

    ``moved`` counts statements by the term that moves them; ``lines`` are the N-Triples lines, sorted, and
    ``instead`` those that take their place where they stood.
    """

    moved: Mapping[str, int] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    instead: Mapping[Sensitivity, tuple[str, ...]] = field(default_factory=dict)

    def apply(self, level: Sensitivity, file: Path) -> Iterator[pl.Series]:
        """Yield the lines of one part of the version as they must be, not sorted."""
        if level is Sensitivity.CONFIDENTIAL:
            yield from statements.batches(file)
            yield pl.Series("line", self.lines, dtype=pl.String)
        else:
            yield from statements.batches(file, without=pl.col("line").is_in(list(self.lines)))
            yield pl.Series("line", self.instead.get(level, ()), dtype=pl.String)


@cache
def marks() -> Marks:
    """Return what the ontology marks as confidential at a single site."""
    terms, mark = ontology.modules() + ontology.vocabularies(), URIRef(f"{ASM}siteSensitivity")
    marked = set(terms.subjects(mark, SENSITIVITY[Sensitivity.CONFIDENTIAL]))
    classes = {term for term in marked if (term, RDF.type, OWL.Class) in terms}
    concepts = {term for term in marked if (term, RDF.type, SKOS.Concept) in terms}
    return Marks(
        frozenset(map(str, marked - classes - concepts)),
        frozenset(map(str, classes)),
        frozenset(map(str, concepts)),
    )


@dataclass(frozen=True)
class Judged:
    """What must be confidential in some files.

    ``single`` are those sites and visits of which a concept is said, ``things`` those of which every statement is
    confidential, with the term that makes it so.
    """

    single: frozenset[str]
    things: Mapping[str, str]

    def always(self, file: Path) -> list[str]:
        """Return the marked properties and classes that a file states; none are left when a version is staged."""
        found = _marked(file).filter("always").select("term").unique()
        return sorted(found.collect(engine="streaming")["term"])

    def lines(self, file: Path) -> pl.DataFrame:
        """Return the lines of one file that must move: text columns ``line`` and ``term``, why."""
        alone = pl.col("stated") | (~pl.col("always") & pl.col("subject").is_in(list(self.single)))
        marked = _marked(file).filter(alone).select("line", "term").collect(engine="streaming")
        why = pl.DataFrame(list(self.things.items()), schema=_WHY, orient="row")
        naming = statements.mentioning([file], self.things).with_columns(
            thing=statements.iri(pl.col("object"))
        )
        of = naming.join(why, left_on="subject", right_on="thing")
        at = naming.join(why, on="thing")
        found = [frame.select("line", "term") for frame in (marked, of, at)]
        return pl.concat(found).unique("line", keep="first", maintain_order=True)


def judge(files: Iterable[Path], single: Callable[[], Collection[str]]) -> Judged:
    """Judge files together.

    Parameters
    ----------
    files
        The sorted files of all parts of one version, or of several.
    single
        Gives the IRIs of all sites and visits that are known; asked only where it matters.
    """
    held = list(files)
    # The statements of marked properties are most of a confidential part: none of them tells of another.
    every = pl.concat(
        _marked(file, stated=False).select("subject", "term", "always").unique().collect(engine="streaming")
        for file in held
    )
    whole = every.filter("always").select("subject", "term")
    said = every.filter(~pl.col("always"))
    themselves = frozenset(single()) if said.height else frozenset[str]()
    others = said.filter(~pl.col("subject").is_in(list(themselves)))
    named = statements.about(held, others["subject"].unique().to_list())
    there = named.filter(statements.iri(pl.col("object")).is_in(list(themselves)))["subject"].unique()
    whole = pl.concat([whole, others.filter(pl.col("subject").is_in(there.to_list())).select(whole.columns)])
    terms = dict(whole.sort("subject", "term").unique("subject", keep="first").iter_rows())
    things = {thing: terms[root] for thing, root in takedown.falling(held, terms).items()} if terms else {}
    return Judged(themselves & set(said["subject"]), things)


def find(files: Mapping[Sensitivity, Path], single: Callable[[], Collection[str]]) -> Confined:
    """Find what must be confidential in the other parts of a version.

    Parameters
    ----------
    files
        The sorted file of each sensitivity.
    single
        Gives the IRIs of all sites and visits that are known; asked only where it matters.
    """
    open_files = {level: file for level, file in files.items() if level is not Sensitivity.CONFIDENTIAL}
    judged = judge(files.values(), single)
    every = pl.concat(judged.lines(file) for file in open_files.values())
    counts = {level: breakdowns.small(file) for level, file in open_files.items()}
    hidden = {line for found in counts.values() for line in found.hidden}
    moved = Counter(dict(every.group_by("term").len().sort("term").iter_rows()))
    if hidden:
        moved["breakdown below ten"] = len(hidden)
    return Confined(
        dict(moved),
        tuple(sorted({*every["line"], *hidden})),
        {level: found.instead for level, found in counts.items() if found.instead},
    )


def _marked(file: Path, *, stated: bool = True) -> pl.LazyFrame:
    """Return the statements that use a mark: ``line``, ``subject``, ``term``, and if it ``always`` counts.

    ``stated``: also those of marked properties, with what they are in the column of that name.
    """
    known = marks()
    is_property = _is_one("predicate", known.properties)
    is_class = _is_one("predicate", [statements.TYPE]) & _is_one("object", known.classes)
    is_concept = _is_one("object", known.concepts)
    term = pl.when(is_property).then(pl.col("predicate")).otherwise(pl.col("object"))
    return (
        statements.scan(file)
        .filter(is_property | is_class | is_concept if stated else (is_class | is_concept) & ~is_property)
        .select(
            "line",
            statements.bare("subject"),
            term=statements.iri(term),
            always=is_property | is_class,
            stated=is_property,
        )
    )


def _is_one(column: str, iris: Collection[str]) -> pl.Expr:
    return pl.col(column).is_in([f"<{iri}>" for iri in iris])
