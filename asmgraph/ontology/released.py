"""What a release promised to keep: one list of terms and concepts a version, in ``ontology/released``.

A line is a kind and an IRI. Nothing on a list may go: a term that is no longer wanted stays, or leaves behind
``owl:deprecated true`` and ``dcterms:isReplacedBy`` a term that is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, Literal, URIRef

from asmgraph import resources
from asmgraph.errors import ConfigurationError
from asmgraph.ontology import files
from asmgraph.ontology.model import KINDS

_KINDS = {**KINDS, SKOS.ConceptScheme: "scheme", SKOS.Concept: "concept"}


def folder() -> Path:
    """Return where the lists are."""
    return resources.ontology() / "released"


def version() -> str:
    """Return the version that all modules and schemes have.

    Raises
    ------
    ConfigurationError
        If they have none, or several.
    """
    found = {str(one) for graph in _graphs() for one in graph.objects(None, OWL.versionInfo)}
    if len(found) != 1:
        raise ConfigurationError(
            f"Modules and schemes have the versions {', '.join(sorted(found)) or '(none)'}.",
            "Give them all the same owl:versionInfo.",
        )
    return found.pop()


def text() -> str:
    """Return the list of what there is now."""
    return "".join(f"{kind} {iri}\n" for kind, iri in sorted(_present()))


def removed() -> Iterator[str]:
    """Name what a release held and is gone, or has become something else."""
    present = _present()
    for file in sorted(folder().glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            kind, _, iri = line.partition(" ")
            if (kind, iri) not in present and not _replaced(URIRef(iri), {one for _, one in present}):
                yield (
                    f"{iri} was released as a {kind} in {file.stem} and is gone. Bring it back, or leave "
                    "owl:deprecated true and dcterms:isReplacedBy a term that there is."
                )


def _present() -> set[tuple[str, str]]:
    return {
        (name, str(thing))
        for graph in _graphs()
        for kind, name in _KINDS.items()
        for thing in graph.subjects(RDF.type, kind)
        if str(thing).startswith("https://w3id.org/asmgraph/")
    }


def _replaced(gone: URIRef, present: set[str]) -> bool:
    """Return whether a term that is not declared any more says what took its place."""
    return any(
        (gone, OWL.deprecated, Literal(True)) in graph
        and any(str(one) in present for one in graph.objects(gone, DCTERMS.isReplacedBy))
        for graph in _graphs()
    )


def _graphs() -> tuple[Graph, Graph]:
    return files.modules(), files.vocabularies()
