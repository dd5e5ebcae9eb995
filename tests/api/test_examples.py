"""The competency questions are served: as a list, a page each, links beside the editor, and SHACL."""

from __future__ import annotations

import datetime as dt
import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rdflib import RDF, RDFS, SH, Graph, URIRef

from api.routes import examples
from asmgraph import resources
from asmgraph.messages import LANGUAGES
from asmgraph.ontology.questions import BASE, questions
from tests.api.reading import document_of
from tests.api.serving import serving

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
        ("/sparql/examples.rdf", "*/*", "xml"),
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


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own JSON-LD reader
@pytest.mark.parametrize(
    "path, accept, form",
    [
        ("/sparql/examples/K14", "text/turtle", "turtle"),
        ("/sparql/examples/K14", "application/ld+json", "json-ld"),
        ("/sparql/examples/K14.rdf", "text/html", "xml"),
    ],
)
def test_programs_get_one_question_whole(client: httpx.Client, path: str, accept: str, form: str) -> None:
    (asked,) = [question for question in QUESTIONS if question.code == "K14"]
    answer = client.get(path, headers={"Accept": accept})
    graph = Graph().parse(data=answer.text, format=form)
    (one,) = graph.subjects(RDF.type, SH.SPARQLSelectExecutable)
    assert (str(one), str(graph.value(one, SH.select))) == (BASE + asked.slug, asked.query)
    declared = {
        str(graph.value(node, SH.prefix)) for node in graph.objects(graph.value(one, SH.prefixes), SH.declare)
    }
    assert declared == set(re.findall(r"PREFIX (\w*):", asked.query))
    assert client.get("/sparql/examples/K14", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/sparql/examples/K14.html", headers={"Accept": accept}).text.startswith(
        "<!doctype html>"
    )


def test_the_description_of_the_api_names_the_questions(client: httpx.Client) -> None:
    described = client.get("/api/openapi.json").json()["paths"]
    for ending in ("ttl", "jsonld", "nt", "rdf"):
        assert f"/sparql/examples.{ending}" in described
        assert f"/sparql/examples/{{slug}}.{ending}" in described


def test_a_changed_question_is_sent_again_though_the_data_are_the_same(
    starter_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = ("/sparql/examples", "/sparql/examples.ttl", "/sparql/examples/K14")
    with serving(starter_home, query_workers=1) as opened:
        held = {address: opened.get(address).headers["etag"] for address in addresses}
    changed = tmp_path / "ontology"
    shutil.copytree(resources.ontology(), changed)
    (file,) = (changed / "competency").glob("14-*.md")
    file.write_text(file.read_text(encoding="utf-8") + "One word more.\n", encoding="utf-8")
    monkeypatch.setattr(resources, "ontology", lambda: changed)
    examples._digest.cache_clear()
    try:
        with serving(starter_home, query_workers=1) as opened:
            for address, tag in held.items():
                answer = opened.get(address, headers={"If-None-Match": tag})
                assert (answer.status_code, answer.headers["etag"] != tag) == (200, True)
    finally:
        monkeypatch.undo()
        examples._digest.cache_clear()


def test_the_examples_are_made_once_a_language_and_day() -> None:
    day = dt.date(2024, 5, 1)
    assert examples.grouped("fr", day) is examples.grouped("fr", dt.date(2024, 5, 1))
    asked = [example.query for _, group in examples.grouped("fr", day) for example in group]
    assert any('VALUES ?asOf { "2024-05-01" }' in query for query in asked)


def test_the_editor_offers_them_by_user_and_stays_light(client: httpx.Client) -> None:
    page = client.get("/sparql?lang=pt")
    document = document_of(page)
    assert len(document.xpath("//details")) == 3
    assert len(document.xpath("//details//a[starts-with(@href, '/sparql?query=')]")) == len(QUESTIONS)
    assert document.xpath("//nav//a[starts-with(@href, '/sparql/examples')]")
    assert len(gzip.compress(page.content)) < 60_000
