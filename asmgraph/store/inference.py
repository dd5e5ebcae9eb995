"""Draw what follows from the statements of one store into a graph of its own, by the rules of the ontology.

The rules are SPARQL updates in ``ontology/rules/``. They read the merge of the store's graphs and write into
:data:`INFERRED` alone, which stays out of that merge: a query sees it only where it names it. A public store
infers from public statements only, because it holds no others.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store

from asmgraph import resources
from asmgraph.store.guard import BASE

INFERRED = BASE + "graph/inferred"
_NAMES = re.compile(r"\basm:(\w+)")
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_DCTERMS = "http://purl.org/dc/terms/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_PROV = "http://www.w3.org/ns/prov#"


def digest() -> str:
    """Return the SHA-256 over the rules."""
    return hashlib.sha256("\n".join(resources.rules().values()).encode()).hexdigest()


def infer(store: Store, sources: list[str], *, public: bool, at: dt.datetime, folder: Path) -> int:
    """Fill the graph of what follows, and let it say where it comes from.

    Parameters
    ----------
    sources
        The graphs from which it follows, by IRI.
    public
        Whether all of them are public; what follows is else confidential.
    at
        When, with zone.
    folder
        Where a file of what follows may lie on the way; whoever clears the folder clears the file.

    Returns
    -------
    int
        How many statements the graph holds; 0 where nothing follows, and there is no graph.
    """
    graph = NamedNode(INFERRED)
    level = "public" if public else "confidential"
    drawn = _drawn(store)
    if not drawn.contains_named_graph(graph):
        return 0
    said: list[tuple[str, NamedNode | Literal]] = [
        (_TYPE, NamedNode(_PROV + "Entity")),
        (_DCTERMS + "title", Literal("What follows from the statements of all sources", language="en")),
        *((_DCTERMS + "license", licence) for licence in _licences(store, sources)),
        (_PROV + "generatedAtTime", Literal(at.isoformat(), datatype=NamedNode(_XSD + "dateTime"))),
        (BASE + "ontology#sensitivity", NamedNode(f"{BASE}vocab/sensitivity/{level}")),
        *((_PROV + "wasDerivedFrom", NamedNode(source)) for source in sources),
    ]
    drawn.extend(Quad(graph, NamedNode(predicate), value, graph) for predicate, value in said)
    file = folder / "inferred.nt"
    drawn.dump(str(file), RdfFormat.N_TRIPLES, from_graph=graph)
    store.bulk_load(path=str(file), format=RdfFormat.N_TRIPLES, to_graph=graph)
    with file.open("rb") as lines:
        count = sum(1 for _ in lines)
    file.unlink()
    return count


def _licences(store: Store, sources: list[str]) -> list[NamedNode | Literal]:
    """Return the licences of the sources: what follows from them is under each."""
    found = {
        quad.object
        for source in sources
        for quad in store.quads_for_pattern(
            NamedNode(source), NamedNode(_DCTERMS + "license"), None, DefaultGraph()
        )
    }
    return sorted((one for one in found if isinstance(one, NamedNode | Literal)), key=str)


def _drawn(store: Store) -> Store:
    """Return what follows, worked out in memory from what the rules speak of.

    Updates of a store on disk took three times as long as of one in memory.
    """
    names = {name for rule in resources.rules().values() for name in _NAMES.findall(rule)}
    read = Store()
    for term in (NamedNode(f"{BASE}ontology#{name}") for name in sorted(names)):
        read.bulk_extend(store.quads_for_pattern(None, term, None, DefaultGraph()))
        read.bulk_extend(store.quads_for_pattern(None, NamedNode(_TYPE), term, DefaultGraph()))
    for rule in resources.rules().values():
        read.update(rule)
    return read
