"""The competency questions are served: as a list, a page each, links beside the editor, and SHACL."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import httpx
import pytest
from rdflib import RDF, RDFS, SH, Graph, URIRef

from asmgraph.messages import LANGUAGES
from asmgraph.ontology.questions import BASE, questions
from tests.api.reading import document_of

QUESTIONS = questions()


@pytest.fixture(scope="module")
def client(live_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live_server, timeout=60, headers={"Accept": "text/html"}) as opened:
        yield opened


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_is_in_the_readers_language(client: httpx.Client, language: str) -> None:
    document = document_of(client.get("/sparql/examples", headers={"Accept-Language": language}))
    assert document.get("lang") == language
    names = [link.text for link in document.xpath("//h3/a")]
    assert names == [question.names[language] for question in QUESTIONS]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.slug)
def test_each_question_has_a_page_and_its_query_runs(client: httpx.Client, question: object) -> None:
    slug = getattr(question, "slug")  # noqa: B009
    document = document_of(client.get(f"/sparql/examples/{slug}?lang=es"))
    assert "What it cannot say" in document.xpath("//div[@lang='en']/h3/text()")
    (run,) = document.xpath("//a[starts-with(@href, '/sparql?query=')]/@href")
    answered = client.get(run)
    assert answered.status_code == 200
    assert 'VALUES ?lang { "es" }' in document_of(answered).xpath("string(//textarea)")


def test_an_unknown_question_or_form_is_said_to_be_unknown(client: httpx.Client) -> None:
    assert client.get("/sparql/examples/99-none").status_code == 404
    assert client.get("/sparql/examples.pdf").status_code == 404
    assert client.get("/sparql/examples", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own JSON-LD reader
@pytest.mark.parametrize(
    "path, accept, form",
    [
        ("/sparql/examples", "text/turtle", "turtle"),
        ("/sparql/examples", "application/ld+json", "json-ld"),
        ("/sparql/examples.ttl", "text/html", "turtle"),
        ("/sparql/examples.nt", "*/*", "nt"),
    ],
)
def test_programs_get_shacl_executables(client: httpx.Client, path: str, accept: str, form: str) -> None:
    response = client.get(path, headers={"Accept": accept})
    graph = Graph().parse(data=response.text, format=form)
    found = set(graph.subjects(RDF.type, SH.SPARQLSelectExecutable))
    assert found == {URIRef(BASE + question.slug) for question in QUESTIONS}
    for one in found:
        assert {label.language for label in graph.objects(one, RDFS.label)} == set(LANGUAGES)  # type: ignore[attr-defined]
        assert str(graph.value(one, SH.select)).count("SELECT") >= 1


def test_the_editor_offers_them_by_user_and_stays_light(client: httpx.Client) -> None:
    page = client.get("/sparql?lang=pt")
    document = document_of(page)
    assert len(document.xpath("//details")) == 3
    assert len(document.xpath("//details//a[starts-with(@href, '/sparql?query=')]")) == len(QUESTIONS)
    assert document.xpath("//nav//a[starts-with(@href, '/sparql/examples')]")
    assert len(gzip.compress(page.content)) < 60_000
