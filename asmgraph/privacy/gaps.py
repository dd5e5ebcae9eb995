"""Which findings, and which words on them, go into which dataset of a publication.

The full dataset takes up every run that the home keeps, the public one those that read public data alone. A gap is
taken up while everything that it names is still stated in the dataset: what was taken down, withdrawn or is no longer
public takes with it each gap that names it, whole. What people say of a gap goes where the gap goes: into the public
dataset only where it is public itself.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple
from rdflib import RDF, URIRef

from asmgraph.errors import StoreError
from asmgraph.privacy import statements
from asmgraph.records import ID, VOCAB
from asmgraph.store import gap_reviews, gap_runs, tombstones
from asmgraph.store.building import GraphFile
from asmgraph.store.gap_reviews import Review
from asmgraph.store.guard import GAP_STATUS
from asmgraph.terms import ASM, SENSITIVITY
from asmgraph.terms import GAP_STATUS as STATUSES

GAP = f"{ID}gap/"
_DCTERMS, _PROV = "http://purl.org/dc/terms/", "http://www.w3.org/ns/prov#"
_SOURCE = "gaps"
"""Stands for the source of these graphs where an error names one."""


@dataclass(frozen=True)
class Findings:
    """The graphs to publish beside the data, and what a steward must know of those that are not."""

    graphs: tuple[GraphFile, ...] = ()
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Told:
    """The lines of one graph by dataset, the public one first."""

    public: tuple[str, ...]
    full: tuple[str, ...]


def compose(home: Path, data: Collection[GraphFile], folder: Path) -> Findings:
    """Return the graphs of findings that go beside the graphs of a publication; written into ``folder``."""
    runs, cautions = _sound(home)
    stones = tombstones.read(home)
    reviews = [review for review in gap_reviews.read(home) if review.iri not in stones]
    if not runs:
        return Findings((), cautions)
    named = {iri for lines in runs.values() for line in lines for iri in _named(line)}
    named |= {review.by for review in reviews if review.by_actor}
    stated = {
        public: statements.stated([graph.file for graph in data if graph.public or not public], named)
        for public in (True, False)
    }
    told: dict[str, _Told] = {}
    known: dict[bool, set[str]] = {True: set(), False: set()}
    for run, lines in runs.items():
        public = tuple(_standing(lines, stated[True])) if run.public else ()
        full = tuple(_standing(lines, stated[False]))
        told[run.graph] = _Told(public, full)
        for view, kept in ((True, public), (False, full)):
            known[view] |= {line.split(" ", 1)[0][1:-1] for line in kept if line.startswith(f"<{GAP}")}
    for part in (True, False):
        graph = GAP_STATUS if part else f"{GAP_STATUS}/confidential"
        said = [review for review in reviews if review.public is part]
        of_public, of_full = (
            tuple(_reviews(graph, part, said, known[view], stated[view])) for view in (True, False)
        )
        told[graph] = _Told(of_public if part else (), of_full)
    return Findings(tuple(one for item in told.items() for one in _files(folder, *item)), cautions)


def _sound(home: Path) -> tuple[dict[gap_runs.Kept, list[str]], tuple[str, ...]]:
    """Return the runs with their lines; a damaged one must not keep data from being published or taken down."""
    runs, cautions = {}, []
    for run in gap_runs.listed(home):
        try:
            runs[run] = gap_runs.lines(home, run)
        except StoreError as error:
            cautions.append(f"{error.message} It is left out. {error.hint}")
    listed = {run.name for run in gap_runs.listed(home)}
    cautions += [
        f"The run in {folder} cannot be read and is left out. Remove the folder."
        for folder in gap_runs.damaged(home)
        if folder.name not in listed
    ]
    return runs, tuple(cautions)


def _named(line: str) -> Iterator[str]:
    """Yield the thing or concept that a line about a gap names."""
    if line.startswith(f"<{GAP}"):
        value = line.split(" ", 2)[2].removesuffix(" .")
        if value.startswith((f"<{ID}", f"<{VOCAB}")):
            yield value[1:-1]


def _standing(lines: Iterable[str], stated: Collection[str]) -> Iterator[str]:
    """Yield the lines of a run but for those about gaps that name what is not stated."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        blocks[line.split(" ", 1)[0]].append(line)
    for block in blocks.values():
        if all(thing in stated for line in block for thing in _named(line)):
            yield from block


def _reviews(
    graph: str, public: bool, reviews: Iterable[Review], gaps: Collection[str], stated: Collection[str]
) -> Iterator[str]:
    """Yield the sorted lines of what is said of those gaps; none where nothing is."""
    lines: set[str] = set()
    for review in reviews:
        if (
            review.gap in gaps
            and URIRef(f"{VOCAB}gap-status/{review.status}") in STATUSES
            and (not review.by_actor or review.by in stated)
        ):
            lines.update(_of_a_review(review))
    if lines:
        level = "public" if public else "confidential"
        lines.add(_line(graph, str(RDF.type), NamedNode(f"{_PROV}Entity")))
        lines.add(_line(graph, f"{_DCTERMS}title", Literal("What people say of gaps", language="en")))
        lines.add(_line(graph, str(ASM.sensitivity), NamedNode(str(SENSITIVITY[level]))))
    yield from sorted(lines)


def _of_a_review(review: Review) -> Iterator[str]:
    at = Literal(review.at, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#dateTime"))
    yield _line(review.iri, str(RDF.type), NamedNode(str(ASM.GapReview)))
    yield _line(review.iri, str(ASM.reviewOf), NamedNode(review.gap))
    yield _line(review.iri, str(ASM.gapStatus), NamedNode(str(STATUSES[review.status])))
    yield _line(review.iri, f"{_DCTERMS}description", Literal(review.why))
    yield _line(review.iri, f"{_PROV}generatedAtTime", at)
    if review.by_actor:
        yield _line(review.iri, f"{_PROV}wasAttributedTo", NamedNode(review.by))
    elif review.by:
        yield _line(review.iri, f"{_DCTERMS}creator", Literal(review.by))


def _line(subject: str, predicate: str, value: NamedNode | Literal) -> str:
    return f"{Triple(NamedNode(subject), NamedNode(predicate), value)} ."


def _files(folder: Path, graph: str, told: _Told) -> Iterator[GraphFile]:
    """Yield the files of one graph: one where both datasets hold the same of it."""
    views: Mapping[str, tuple[str, ...]] = {"both": told.full}
    if told.public != told.full:
        views = {"public": told.public, "full": told.full}
    for view, lines in views.items():
        if lines:
            content = "".join(f"{line}\n" for line in lines).encode()
            digest = hashlib.sha256(content).hexdigest()
            file = folder / f"gaps-{view}-{hashlib.sha256(graph.encode()).hexdigest()[:16]}.nt"
            file.write_bytes(content)
            yield GraphFile(
                graph, file, len(lines), digest, view != "full", _SOURCE, "", full=view != "public", merged=False
            )  # fmt: skip
