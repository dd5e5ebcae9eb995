from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from asmgraph.store.snapshots import Snapshot
from tests.api.serving import serving
from tests.store.homes import GRAPH, ID, labels, published

A, B = f"{GRAPH}a", f"{GRAPH}b"
ASK, SELECT, CONSTRUCT = "ASK { ?s ?p ?o }", "SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
HTML = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def snapshot(home: Path) -> Snapshot:
    marked = (
        f'<{ID}actor/x> <http://example.org/p> "{HTML}" .\n'
        '<javascript:alert(1)> <http://example.org/p> "x" .\n'
    )
    return published(
        home, {A: labels("a", 1_200), B: labels("b", 3) + marked}, {f"{GRAPH}secret": labels("s", 9)}
    )


@pytest.fixture(scope="module")
def client(home: Path, snapshot: Snapshot) -> Iterator[httpx.Client]:
    with serving(home) as client:
        yield client


@pytest.fixture(scope="module")
def strict(home: Path, snapshot: Snapshot) -> Iterator[httpx.Client]:
    with serving(home, query_workers=1, query_max_bytes=20_000, result_max_rows=10) as client:
        yield client


def get(client: httpx.Client, query: str, accept: str = "", **parameters: str) -> httpx.Response:
    return client.get(
        "/sparql", params={"query": query, **parameters}, headers={"Accept": accept} if accept else {}
    )


def count(response: httpx.Response) -> int:
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize(
    "query, accept, media_type",
    [
        (ASK, "", "application/sparql-results+json"),
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "text/csv", "text/csv"),
        (SELECT, "text/tab-separated-values;q=0.9, text/csv;q=0.1", "text/tab-separated-values"),
        (SELECT, "application/sparql-results+xml, text/turtle", "application/sparql-results+xml"),
        (CONSTRUCT, "application/sparql-results+xml, text/turtle;q=0.1", "text/turtle"),
        (CONSTRUCT, "", "text/turtle"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (f"DESCRIBE <{ID}actor/x>", "application/n-triples", "application/n-triples"),
    ],
)
def test_the_answer_has_the_type_that_was_accepted(
    client: httpx.Client, query: str, accept: str, media_type: str
) -> None:
    response = get(client, query, accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.headers["vary"] == "Accept, Accept-Encoding"
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("form", ["html", "json", "xml", "csv", "tsv"])
def test_the_format_parameter_wins_over_accept(client: httpx.Client, form: str) -> None:
    response = get(client, SELECT, "image/png", format=form)
    assert response.status_code == 200
    assert form in response.headers["content-type"] or form == "tsv"


def test_all_three_ways_to_send_a_query_answer_alike(client: httpx.Client) -> None:
    direct = {"Content-Type": "application/sparql-query; charset=UTF-8"}
    bodies = {
        get(client, ASK).content,
        client.post("/sparql", data={"query": ASK}).content,
        client.post("/sparql", content=ASK, headers=direct).content,
        client.post("/sparql/", content=ASK, headers=direct).content,
    }
    assert [json.loads(body)["boolean"] for body in bodies] == [True]


@pytest.mark.parametrize(
    "parameters, expected",
    [
        ({}, 1_205),
        ({"default-graph-uri": B}, 5),
        ({"default-graph-uri": [A, B]}, 1_205),
        ({"named-graph-uri": A}, 0),
        ({"default-graph-uri": f"{GRAPH}secret"}, 0),
    ],
)
def test_the_dataset_of_the_protocol_is_honoured(
    client: httpx.Client, parameters: dict[str, str], expected: int
) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert count(client.get("/sparql", params={"query": text, **parameters})) == expected
    assert count(client.post("/sparql", data={"query": text, **parameters})) == expected
    direct = {"Content-Type": "application/sparql-query"}
    assert count(client.post("/sparql", params=parameters, content=text, headers=direct)) == expected


def test_restricted_graphs_are_not_there_at_all(client: httpx.Client) -> None:
    listed = get(client, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").json()["results"]["bindings"]
    assert {row["g"]["value"] for row in listed} == {A, B}
    assert "secret" not in client.get("/sparql").text


@pytest.mark.parametrize(
    "method, kwargs, status, code",
    [
        ("GET", {"params": {"query": "ASK {"}}, 400, "query-syntax"),
        ("GET", {"params": {"query": "ASK { SERVICE <http://e/> {} }"}}, 400, "query-refused"),
        ("GET", {"params": {"query": [ASK, ASK]}}, 400, "too-many-queries"),
        ("GET", {"params": {"query": ASK, "format": "pdf"}}, 400, "unknown-format"),
        ("GET", {"params": {"query": SELECT, "format": "ttl"}}, 406, "not-acceptable"),
        ("GET", {"params": {"query": ASK}, "headers": {"Accept": "image/png"}}, 406, "not-acceptable"),
        ("GET", {"headers": {"Accept": "image/png"}}, 406, "not-acceptable"),
        ("GET", {"params": {"update": "CLEAR ALL"}}, 403, "read-only"),
        ("POST", {"data": {"update": "CLEAR ALL"}}, 403, "read-only"),
        ("POST", {"headers": {"Content-Type": "application/sparql-update"}}, 403, "read-only"),
        ("POST", {"data": {"format": "json"}}, 400, "query-missing"),
        ("POST", {"content": ASK}, 415, "unsupported-media-type"),
        ("POST", {"content": ASK, "headers": {"Content-Type": "text/plain"}}, 415, "unsupported-media-type"),
        ("GET", {"params": {"query": f"#{'x' * 30_000}\n{ASK}"}}, 414, "query-too-long"),
        ("POST", {"data": {"query": f"#{'x' * 30_000}\n{ASK}"}}, 413, "query-too-long"),
        ("POST", {"data": {"query": "x" * 300_000}}, 413, "too-large"),
        ("POST", {"content": b"&".join([b"a=1"] * 1_001), "headers": FORM}, 400, "too-many-parameters"),
        ("PUT", {"content": ASK}, 405, "method-not-allowed"),
        ("DELETE", {}, 405, "method-not-allowed"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_in_words(
    strict: httpx.Client, method: str, kwargs: dict[str, Any], status: int, code: str
) -> None:
    response = strict.request(method, "/sparql", **kwargs)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    details = response.json()
    assert (details["status"], details["code"]) == (status, code)
    assert details["detail"].endswith(".")
    assert status != 405 or response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_cut_answer_says_so_in_a_header(strict: httpx.Client) -> None:
    response = get(strict, SELECT, "text/csv")
    assert response.headers["x-asmgraph-truncated"] == "rows"
    assert response.text.count("\r\n") == 11
    assert "x-asmgraph-truncated" not in get(strict, ASK).headers


def test_an_answer_known_to_the_client_is_not_sent_again(client: httpx.Client) -> None:
    tag = get(client, SELECT, "text/csv").headers["etag"]
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        again = client.get(
            "/sparql", params={"query": SELECT}, headers={"Accept": "text/csv", "If-None-Match": known}
        )
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert get(client, SELECT, "text/tab-separated-values").headers["etag"] != tag
    assert get(client, SELECT, "text/csv", **{"default-graph-uri": A}).headers["etag"] != tag


def test_an_answer_that_changes_from_run_to_run_is_not_stored(client: httpx.Client) -> None:
    response = get(client, "SELECT (NOW() AS ?now) {}")
    assert "etag" not in response.headers
    assert response.headers["cache-control"] == "no-store"


def test_head_sends_the_same_headers_and_no_body(client: httpx.Client) -> None:
    head, whole = client.head("/sparql", params={"query": SELECT}), get(client, SELECT)
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**whole.headers, "date": ""}


def test_scripts_of_other_sites_may_ask(client: httpx.Client) -> None:
    response = client.options("/sparql", headers={"Origin": "https://example.org"})
    assert response.status_code == 204
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "X-Asmgraph-Truncated" in response.headers["access-control-expose-headers"]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own JSON-LD reader
@pytest.mark.parametrize("media_type", ["text/turtle", "application/ld+json", "application/n-triples"])
def test_a_client_without_a_query_gets_the_service_description(client: httpx.Client, media_type: str) -> None:
    response = client.get("/sparql", headers={"Accept": media_type})
    assert response.headers["content-type"].startswith(media_type)
    graph = Graph().parse(data=response.text, format=media_type)
    sd = Namespace("http://www.w3.org/ns/sparql-service-description#")
    service = graph.value(predicate=RDF.type, object=sd.Service)
    assert str(service) == f"{client.base_url}/sparql".replace("//sparql", "/sparql")
    assert (service, sd.supportedLanguage, sd.SPARQL11Query) in graph
    assert set(graph.objects(predicate=sd.name)) == {URIRef(A), URIRef(B)}


def test_a_host_that_is_none_is_not_repeated(client: httpx.Client) -> None:
    response = client.get("/sparql", headers={"Host": "x> <http://evil.example/"})
    assert "evil" not in response.text


def test_a_browser_without_a_query_gets_the_editor(client: httpx.Client) -> None:
    page = client.get("/sparql", headers=BROWSER)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    for part in ("<textarea", 'method="get"', "Questions of a researcher"):
        assert part in page.text


def test_every_example_of_the_editor_is_answered(client: httpx.Client) -> None:
    page = client.get("/sparql", headers=BROWSER).text
    links = [part.partition('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
    examples = [link for link in links if link.startswith("/sparql?query=")]
    assert len(examples) == 25
    for link in examples:
        assert client.get(link).status_code == 200


def test_a_browser_sees_at_most_1000_rows_and_is_told(client: httpx.Client) -> None:
    page = get(client, SELECT, BROWSER["Accept"])
    assert page.text.count("<tr>") == 1_001
    assert "Cut:" in page.text
    assert page.headers["x-asmgraph-truncated"] == "rows"


def test_values_are_shown_as_text_and_only_web_addresses_are_links(client: httpx.Client) -> None:
    page = get(
        client, 'SELECT * { ?s <http://example.org/p> ?o . BIND("</textarea>" AS ?q) }', format="html"
    ).text
    assert HTML not in page
    assert "&lt;script&gt;" in page
    assert 'href="javascript:' not in page
    assert 'href="/doc/actor/x"' in page
    assert page.count("</textarea>") == 1


def test_ask_and_construct_are_shown_too(client: httpx.Client) -> None:
    assert "<p>Yes</p>" in get(client, ASK, format="html").text
    assert "<pre" in get(client, CONSTRUCT, format="html").text


def test_a_browser_sees_what_is_wrong_beneath_its_query(client: httpx.Client) -> None:
    page = get(client, "SELECT * WHERE", BROWSER["Accept"])
    assert page.status_code == 400
    assert "SELECT * WHERE</textarea>" in page.text
    assert "Line 1, column" in page.text


def test_a_client_that_goes_away_frees_its_worker(strict: httpx.Client) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with pytest.raises(httpx.ReadTimeout):
        strict.get("/sparql", params={"query": endless}, timeout=0.5)
    assert get(strict, ASK).json()["boolean"] is True  # its only worker


def test_a_home_without_data_says_so_and_takes_the_first_publication_up(tmp_path: Path) -> None:
    with serving(tmp_path, query_workers=1) as client:
        response = get(client, ASK)
        assert (response.status_code, response.json()["code"]) == (503, "home-not-found")
        assert str(tmp_path) not in response.text
        assert client.get("/ready").status_code == 503
        assert client.get("/health").status_code == 200
        published(tmp_path, {A: labels("a", 1)})
        assert get(client, ASK).json()["boolean"] is True
        assert client.get("/ready").json() == {"status": "ready", "snapshot": 1, "triples": 1}


def test_a_new_publication_changes_answers_and_tags_while_queries_run(tmp_path: Path) -> None:
    published(tmp_path, {A: labels("a", 5)})
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    with serving(tmp_path) as client:
        seen: list[int] = []
        stop = threading.Event()

        def ask() -> None:
            while not stop.is_set():
                seen.append(count(get(client, text)))

        asking = threading.Thread(target=ask)
        asking.start()
        tag = get(client, text).headers["etag"]
        published(tmp_path, {A: labels("a", 8)})
        assert count(get(client, text)) == 8
        stop.set()
        asking.join()
        assert set(seen) <= {5, 8}
        assert get(client, text).headers["etag"] != tag


def test_every_answer_carries_the_security_headers(client: httpx.Client) -> None:
    for path in ("/sparql", "/sparql?query=x", "/health", "/docs", "/none", "/static/docs.js"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith(
            "default-src 'self'; object-src 'none'; frame-anc"
        )
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_the_api_is_described_without_inline_script_or_other_hosts(client: httpx.Client) -> None:
    page = client.get("/docs").text
    assert "//" not in page.replace("<!doctype", "")
    assert "<script>" not in page
    assert client.get("/api/openapi.json").json()["info"]["title"] == "asmgraph"
