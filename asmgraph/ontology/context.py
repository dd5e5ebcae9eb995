"""The JSON-LD 1.1 context of the ontology, out of modules and shapes (https://www.w3.org/TR/json-ld11/).

Our terms go by their local names; properties of others that we use by prefix and name (``rdfs:label``), so that
a term added later never changes what a word of an older document means. Decided with care:

- A property whose values are things is coerced to ``@id``: its values are written as addresses.
- A property for which the shapes and the axioms leave one datatype is coerced to it. Where they leave several,
  as dates of uneven precision do, the type is written with each value, since none may be assumed.
- No property has a container. A map by language reads as if there were one text a language; two sources may give
  two, and many texts name no language. ``@set``, by which a value is always in an array, is a choice of the reader
  (``compactArrays: false``), and rdflib 7 writes terms that have it and no type as whole addresses.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, XSD, Graph, URIRef

from asmgraph.ontology import constraints, files
from asmgraph.records import ASM, VOCAB

PREFIXES = {
    "asm": ASM,
    "cito": "http://purl.org/spar/cito/",
    "csvw": "http://www.w3.org/ns/csvw#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": str(DCTERMS),
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": str(FOAF),
    "geo": "http://www.opengis.net/ont/geosparql#",
    "org": "http://www.w3.org/ns/org#",
    "owl": str(OWL),
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": str(SKOS),
    "vann": "http://purl.org/vocab/vann/",
    "vocab": VOCAB,
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": str(XSD),
}
"""Prefixes of what we publish. A prefix is written where its namespace is used, in the context and in Turtle."""


def text() -> str:
    """Return the context as a JSON document."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


def document() -> dict[str, object]:
    """Return the context: prefixes, then classes, then properties, each sorted."""
    graph = files.modules()
    own = [str(term) for term in files.terms()]
    classes = [term for term in own if (URIRef(term), RDF.type, OWL.Class) in graph]
    datatypes = _datatypes(graph)
    context: dict[str, object] = {"@version": 1.1, "id": "@id", "type": "@type", **PREFIXES}
    context |= {files.local(iri): compact(iri) for iri in classes}
    for iri in sorted({*own, *_others(graph)} - set(classes), key=lambda one: (not one.startswith(ASM), one)):
        kinds = datatypes.get(iri, frozenset())
        coerced = "@id" if _holds_things(graph, iri) else compact(min(kinds)) if len(kinds) == 1 else ""
        if coerced:
            context[_word(iri)] = {"@id": compact(iri), "@type": coerced}
        elif iri.startswith(ASM):
            context[_word(iri)] = compact(iri)
    return {"@context": context}


def compact(iri: str) -> str:
    """Return an IRI with its prefix, or itself where none is known.

    >>> compact("http://www.w3.org/2000/01/rdf-schema#label"), compact("urn:x")
    ('rdfs:label', 'urn:x')
    """
    for prefix, namespace in PREFIXES.items():
        name = iri.removeprefix(namespace)
        if name != iri and name and "/" not in name and "#" not in name:
            return f"{prefix}:{name}"
    return iri


def _word(iri: str) -> str:
    return files.local(iri) if iri.startswith(ASM) else compact(iri)


def _datatypes(graph: Graph) -> dict[str, frozenset[str]]:
    """Return the datatypes that each property may have; a range that is one leaves no other."""
    found = dict(constraints.datatypes())
    for term, value in graph.subject_objects(RDFS.range):
        if str(value).startswith(str(XSD)):
            found[str(term)] = frozenset({str(value)})
    return found


def _others(graph: Graph) -> Iterator[str]:
    """Yield the properties of others that shapes ask for or modules build on."""
    for ruled in constraints.by_class().values():
        for constraint in ruled:
            yield from (path for path in constraint.paths if not path.startswith(ASM))
    declared = (OWL.ObjectProperty, OWL.DatatypeProperty)
    for kind in declared:
        yield from (str(one) for one in graph.subjects(RDF.type, kind) if not str(one).startswith(ASM))


def _holds_things(graph: Graph, iri: str) -> bool:
    if (URIRef(iri), RDF.type, OWL.ObjectProperty) in graph:
        return True
    asked = [one for one in constraints.on(iri) if one.paths == (iri,)]
    said = [one for one in asked if one.kind or one.classes or one.datatypes]
    return bool(said) and all(one.kind == "IRI" or one.classes for one in said)
