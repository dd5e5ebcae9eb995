"""Write a public graph that is drawn from one that is not: its statements, and what it is, from whom and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from rdflib import Literal

from asmgraph.privacy import statements
from asmgraph.records import ASM, ID
from asmgraph.terms import SENSITIVITY

_DCTERMS, _PROV, _DCAT = (
    "http://purl.org/dc/terms/",
    "http://www.w3.org/ns/prov#",
    "http://www.w3.org/ns/dcat#",
)
_KEPT = (
    statements.TYPE, f"{_DCTERMS}publisher", f"{_DCTERMS}license", f"{_DCTERMS}identifier",
    f"{_DCTERMS}bibliographicCitation", f"{_DCAT}landingPage", f"{_DCAT}version", f"{ASM}checksum",
    f"{ASM}retrievedAt", f"{_PROV}generatedAtTime", f"{_PROV}wasGeneratedBy",
)  # fmt: skip
"""What is told of a source that is not public: enough to cite it."""
_RUN, _TITLE, _PAGE = f"{_PROV}wasGeneratedBy", f"{_DCTERMS}title", f"{_DCAT}landingPage"


@dataclass(frozen=True)
class Origin:
    """The graph that something is drawn from: its IRI, its source's name, and what it says of itself."""

    graph: str
    source: str
    described: pl.DataFrame

    @property
    def document(self) -> str:
        """Return the IRI of the source document that drawn statements cite."""
        return f"{ID}source/{self.source}-source"


def origin(graph: str, source: str, file: Path) -> Origin:
    """Read what a staged graph says of itself."""
    described = statements.about([file], [graph])
    runs = described.filter(pl.col("predicate") == _RUN).select(statements.iri(pl.col("object")))
    return Origin(graph, source, pl.concat([described, statements.about([file], runs.to_series().to_list())]))


def write(file: Path, drawn: Iterable[str], target: str, named: str, method: str, of: Origin) -> int:
    """Write a drawn graph; return how many lines, 0 where nothing is drawn.

    Parameters
    ----------
    drawn
        N-Triples lines, each once; written as they come, so that memory does not grow with them.
    target
        The graph's IRI.
    named
        What it is, in English, for its title.
    method
        How it was drawn, in English.
    """
    written = 0
    with file.open("w", encoding="utf-8", newline="\n") as target_file:
        for line in drawn:
            target_file.write(f"{line}\n")
            written += 1
        if written:
            described = sorted(set(_description(target, named, method, of)))
            target_file.writelines(f"{line}\n" for line in described)
            written += len(described)
    return written


def _description(target: str, named: str, method: str, of: Origin) -> Iterable[str]:
    own = of.described.filter(pl.col("subject") == of.graph)
    for predicate, value in own.select("predicate", "object").iter_rows():
        if predicate in _KEPT:
            yield f"<{target}> <{predicate}> {value} ."
    yield from of.described.filter(pl.col("subject") != of.graph)["line"]
    titles = own.filter(pl.col("predicate") == _TITLE).select(statements.text(pl.col("object"))).to_series()
    title = titles[0] if len(titles) else of.source
    for predicate in (_TITLE, statements.LABEL):
        yield f'<{target}> <{predicate}> "{title}: {named}"@en .'
    yield f"<{target}> <{ASM}method> {Literal(method, lang='en').n3()} ."
    yield f"<{target}> <{ASM}sensitivity> <{SENSITIVITY['public']}> ."
    yield f"<{of.document}> <{statements.TYPE}> <{ASM}SourceDocument> ."
    yield f'<{of.document}> <{statements.LABEL}> "{title}"@en .'
    for predicate, value in own.select("predicate", "object").iter_rows():
        if predicate == _PAGE:
            yield f"<{of.document}> <http://xmlns.com/foaf/0.1/page> {value} ."
        if predicate == f"{ASM}retrievedAt":
            yield f'<{of.document}> <{ASM}accessed> "{value[1:11]}"^^<{statements.XSD}date> .'
