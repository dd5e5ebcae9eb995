"""Make confidential what is said of a single mine site and could hurt people there, whatever its source says.

The ontology marks the properties, classes and concepts (``asm:siteSensitivity``), so a source cannot publish
armed presence by stating it in a public graph. Three rules, over the statements of one version:

- a statement of a marked property is confidential;
- every statement of a thing of a marked class is;
- where a marked concept is said of a site or a visit, that statement is; where it is said of a thing that
  names a site (a need, a role, an event there), every statement of that thing is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import polars as pl
from rdflib import OWL, RDF, SKOS, URIRef

from asmgraph.ontology import files as ontology
from asmgraph.privacy import breakdowns, statements
from asmgraph.records import ASM, Sensitivity
from asmgraph.terms import SENSITIVITY

_SITE, _VISIT = f"{ASM}MineSite", f"{ASM}SiteVisit"


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


def find(files: Mapping[Sensitivity, Path], sites: Callable[[], Collection[str]]) -> Confined:
    """Find what must be confidential in the other parts of a version.

    Parameters
    ----------
    files
        The sorted file of each sensitivity.
    sites
        Gives the IRIs of the mine sites that other sources state; asked only where it matters.
    """
    open_files = {level: file for level, file in files.items() if level is not Sensitivity.CONFIDENTIAL}
    reasons = {level: _found(file, files, sites) for level, file in open_files.items()}
    counts = {level: breakdowns.small(file) for level, file in open_files.items()}
    every = pl.concat(reasons.values())
    hidden = {line for found in counts.values() for line in found.hidden}
    moved = Counter(dict(every.group_by("term").len().sort("term").iter_rows()))
    if hidden:
        moved["breakdown below ten"] = len(hidden)
    return Confined(
        dict(moved),
        tuple(sorted({*every["line"], *hidden})),
        {level: found.instead for level, found in counts.items() if found.instead},
    )


def held(file: Path) -> list[str]:
    """Return the marked properties and classes that a file that is to be public states, as a defence at publishing."""
    found = _marked(file)
    return sorted(found.filter(pl.col("always"))["term"].unique())


def _found(
    file: Path, files: Mapping[Sensitivity, Path], sites: Callable[[], Collection[str]]
) -> pl.DataFrame:
    """Return the lines of one file that must move: text columns ``line`` and ``term``, why."""
    marked = _marked(file)
    if marked.is_empty():
        return marked.select("line", "term")
    whole = marked.filter(pl.col("predicate") == statements.TYPE).select("subject", "term")
    single = marked.filter(pl.col("always"), pl.col("predicate") != statements.TYPE).select("line", "term")
    said = marked.filter(~pl.col("always"))
    if said.height:
        places = set(sites()) | statements.typed(files.values(), _SITE)
        themselves = places | statements.typed(files.values(), _VISIT)
        single = pl.concat(
            [single, said.filter(pl.col("subject").is_in(list(themselves))).select("line", "term")]
        )
        others = said.filter(~pl.col("subject").is_in(list(themselves)))
        named = statements.about(files.values(), others["subject"].unique().to_list())
        there = named.filter(statements.iri(pl.col("object")).is_in(list(themselves)))["subject"].unique()
        whole = pl.concat(
            [whole, others.filter(pl.col("subject").is_in(there.to_list())).select("subject", "term")]
        )
    whole = whole.unique("subject", keep="first", maintain_order=True)
    all_of_it = statements.about([file], whole["subject"].to_list()).join(whole, on="subject", how="inner")
    return pl.concat([single, all_of_it.select("line", "term")]).unique("line", maintain_order=True)


def _marked(file: Path) -> pl.DataFrame:
    """Return the statements that use a mark: as in ``statements``, with ``term`` and whether it ``always`` counts."""
    known = marks()
    found = statements.mentioning([file], known.properties | known.classes | known.concepts)
    value = statements.iri(pl.col("object"))
    is_property = pl.col("predicate").is_in(list(known.properties))
    is_class = (pl.col("predicate") == statements.TYPE) & value.is_in(list(known.classes))
    is_concept = value.is_in(list(known.concepts)).fill_null(False)
    return found.with_columns(
        term=pl.when(is_property).then(pl.col("predicate")).when(is_class | is_concept).then(value),
        always=(is_property | is_class).fill_null(False),
    ).drop_nulls("term")
