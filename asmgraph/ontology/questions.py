"""The competency questions: what they ask, in four languages, their queries, and whether these answer as they must."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Store
from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, XSD, BNode, Graph, Literal, URIRef

from asmgraph import resources

BASE = "https://w3id.org/asmgraph/question/"
ONTOLOGY_GRAPH = "https://w3id.org/asmgraph/graph/ontology/000000000001"
"""The graph in which modules and vocabularies stand beside the example data, which describe it."""

_NUMERIC = {
    str(XSD[name])
    for name in (
        "decimal", "double", "float", "integer", "long", "int", "short", "byte", "nonNegativeInteger",
        "positiveInteger", "nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort",
        "unsignedByte",
    )
}  # fmt: skip
_SHARED = "## What all queries share\n"
_EXECUTABLE = SH.SPARQLSelectExecutable
_PREFIX = re.compile(r"^PREFIX ([\w-]+): <([^>]+)>$", re.MULTILINE)
_LANGUAGE = re.compile(r'VALUES \?lang \{ "\w+" \}')
_DAY = re.compile(r'VALUES \?asOf \{ "[\d-]+" \}')


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    slug
        Name of its files; the number in front gives the order.
    code
        As the mission numbers it: ``R1``.
    user
        ``researcher``, ``coordinator`` or ``steward``.
    names, descriptions
        By language.
    query
        SPARQL 1.1, as it stands in its file.
    """

    slug: str
    code: str
    user: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    query: str

    @property
    def explanation(self) -> str:
        """Return what the question means and its answer cannot say, as Markdown in English."""
        return (folder() / f"{self.slug}.md").read_text(encoding="utf-8")

    def asked(self, language: str, day: dt.date) -> str:
        """Return the query for names in ``language`` and, where it asks about a day, for ``day``."""
        chosen = _LANGUAGE.sub(f'VALUES ?lang {{ "{language}" }}', self.query)
        return _DAY.sub(f'VALUES ?asOf {{ "{day.isoformat()}" }}', chosen)


def folder() -> Path:
    """Return the folder of the questions."""
    return resources.ontology() / "competency"


@cache
def shared() -> str:
    """Return what all queries share, as Markdown in English."""
    return (folder() / "README.md").read_text(encoding="utf-8").partition(_SHARED)[2]


@cache
def questions() -> tuple[Question, ...]:
    """Return the questions in order."""
    return tuple(_question(iri) for iri in sorted(_described().subjects(RDF.type, _EXECUTABLE), key=str))


@cache
def description() -> Graph:
    """Return the questions as SHACL executables, each with its query and the prefixes this uses."""
    graph = Graph()
    for prefix, namespace in _described().namespaces():
        graph.bind(prefix, namespace)
    for triple in _described():
        graph.add(triple)
    for question in questions():
        iri = URIRef(BASE + question.slug)
        prefixes = URIRef(f"{iri}/prefixes")
        graph.add((iri, SH.select, Literal(question.query)))
        graph.add((iri, SH.prefixes, prefixes))
        for prefix, namespace in _PREFIX.findall(question.query):
            declared = BNode(f"{question.slug}-{prefix}")
            graph.add((prefixes, SH.declare, declared))
            graph.add((declared, SH.prefix, Literal(prefix)))
            graph.add((declared, SH.namespace, Literal(namespace, datatype=XSD.anyURI)))
    return graph


def example() -> Store:
    """Return the example data with modules and vocabularies, as any home holds them beside each other."""
    store = Store()
    for file in sorted((folder() / "data").glob("*.trig")):
        store.load(path=str(file), format=RdfFormat.TRIG)
    for pattern in ("*.ttl", "vocab/*.ttl"):
        for file in sorted(resources.ontology().glob(pattern)):
            store.load(path=str(file), format=RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY_GRAPH))
    return store


def answer(store: Store, query: str) -> list[list[str]]:
    """Return the answer of a SELECT query as :func:`rows`."""
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return rows(found.serialize(format=QueryResultsFormat.JSON) or b"")


def expected(slug: str) -> list[list[str]]:
    """Return the answer that a question must have on the example data, as :func:`rows` writes it."""
    with (folder() / f"{slug}.expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def rows(results: str | bytes) -> list[list[str]]:
    """Read SPARQL results in JSON as rows of text, the names of their columns first.

    A number is written as a decimal without needless zeros, for stores write ``1.5`` and ``1.50``. What has no
    numeric datatype stays as it is: ``007`` is a code.
    """
    read = json.loads(results)
    names = read["head"]["vars"]
    return [names, *([_cell(one.get(name)) for name in names] for one in read["results"]["bindings"])]


def unanswered() -> Iterator[str]:
    """Name questions that are not whole, and those whose answer on the example data is not the expected one."""
    numbers = [int(question.slug[:2]) for question in questions()]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"The numbers of the questions have gaps: {numbers}."
    files = {file.name.partition(".")[0] for file in folder().glob("[0-9]*")}
    yield from (
        f"{slug} is not described in questions.ttl."
        for slug in sorted(files - {one.slug for one in questions()})
    )
    store = example()
    for question in questions():
        yield from (f"{question.slug} {problem}" for problem in _problems(question, store))


def _problems(question: Question, store: Store) -> Iterator[str]:
    for language in ("en", "fr", "es", "pt"):
        if not question.names.get(language) or not question.descriptions.get(language):
            yield f"has no name or no description in {language}."
    missing = [
        ending for ending in ("md", "expected.csv") if not (folder() / f"{question.slug}.{ending}").is_file()
    ]
    yield from (f"has no file .{ending}." for ending in missing)
    if not _LANGUAGE.search(question.query):
        yield 'has no line VALUES ?lang { "en" }.'
    if "expected.csv" not in missing and answer(store, question.query) != expected(question.slug):
        yield "is not answered as expected."


@cache
def _described() -> Graph:
    return Graph().parse(folder() / "questions.ttl", format="turtle")


def _question(iri: object) -> Question:
    graph, subject = _described(), URIRef(str(iri))
    slug = str(iri).removeprefix(BASE)
    return Question(
        slug,
        str(graph.value(subject, SKOS.notation)),
        str(graph.value(subject, DCTERMS.audience)),
        _texts(subject, RDFS.label),
        _texts(subject, RDFS.comment),
        (folder() / f"{slug}.rq").read_text(encoding="utf-8"),
    )


def _texts(subject: URIRef, predicate: URIRef) -> dict[str, str]:
    found = _described().objects(subject, predicate)
    return {str(text.language): str(text) for text in found if isinstance(text, Literal)}


def _cell(found: Mapping[str, str] | None) -> str:
    """Return one value, empty where there is none."""
    text = found["value"] if found else ""
    if not found or found.get("datatype") not in _NUMERIC:
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return f"{number.normalize():f}" if number.is_finite() else text
