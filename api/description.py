"""The SPARQL 1.1 Service Description of ``/sparql``: what a client that sends no query is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import VOID
from starlette.types import Scope

FORMATS: Mapping[str, str] = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}
"""Names of rdflib's serialisers by media type, the preferred first."""

_SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_RESULTS = Namespace("http://www.w3.org/ns/formats/")
_RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)
_HOST = re.compile(r"^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$")


def address(scope: Scope) -> str:
    """Return the endpoint's own address as the client used it; a Host that is none does not count."""
    host: str = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"host"), "")
    if not _HOST.match(host):
        host = "{}:{}".format(*(scope.get("server") or ("localhost", 80)))
    return f"{scope['scheme']}://{host}/sparql"


@lru_cache(maxsize=32)
def serialized(endpoint: str, graphs: tuple[tuple[str, int], ...], media_type: str) -> bytes:
    """Describe the service.

    Parameters
    ----------
    graphs
        IRI and number of triples of each named graph.
    media_type
        One of :data:`FORMATS`.
    """
    graph = Graph()
    graph.bind("sd", _SD)
    graph.bind("void", VOID)
    service, dataset, default = URIRef(endpoint), BNode("dataset"), BNode("default")
    graph.add((service, RDF.type, _SD.Service))
    graph.add((service, _SD.endpoint, service))
    graph.add((service, _SD.supportedLanguage, _SD.SPARQL11Query))
    graph.add((service, _SD.feature, _SD.UnionDefaultGraph))
    for name in _RESULT_FORMATS:
        graph.add((service, _SD.resultFormat, _RESULTS[name]))
    graph.add((service, _SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, _SD.Dataset))
    graph.add((dataset, _SD.defaultGraph, default))
    graph.add((default, RDF.type, _SD.Graph))
    for number, (iri, triples) in enumerate(graphs):
        named, content = BNode(f"named{number}"), BNode(f"graph{number}")
        graph.add((dataset, _SD.namedGraph, named))
        graph.add((named, RDF.type, _SD.NamedGraph))
        graph.add((named, _SD.name, URIRef(iri)))
        graph.add((named, _SD.graph, content))
        graph.add((content, RDF.type, _SD.Graph))
        graph.add((content, VOID.triples, Literal(triples)))
    return graph.serialize(format=FORMATS[media_type], encoding="utf-8")
