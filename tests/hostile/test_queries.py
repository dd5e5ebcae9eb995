"""Hostile and unlucky queries, sent over HTTP to a real server: it refuses, survives and serves the others."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.api.serving import serving
from tests.store.homes import GRAPH, labels, published

ASK = "ASK { ?s ?p ?o }"
CROSS_JOIN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PATTERNS = "ASK {" + " . ".join(f"?x{n} ?p ?x{n + 1}" for n in range(500)) + "}"  # endless to plan

BOMBS = {
    "4,000 groups": "ASK {" + "{" * 4_000 + "}" * 4_000 + "}",
    "8,000 parentheses": "ASK { FILTER(" + "(" * 8_000 + "1" + ")" * 8_000 + ") }",
    "8,000 UNION": "ASK {" + "UNION".join(["{}"] * 8_000) + "}",
    "8,000 +": "ASK { FILTER(" + "+".join(["1"] * 8_000) + ") }",
    "16,000 !": "ASK { FILTER(" + "!" * 16_000 + "1) }",
    "20,000 ||": "ASK { FILTER(" + "||".join(["1"] * 20_000) + ") }",
    "3,000 OPTIONAL": "ASK {" + "OPTIONAL{?s ?p ?o}" * 3_000 + "}",
    "500 nested []": "ASK { ?s ?p " + "[ ?p " * 500 + "1" + " ]" * 500 + " }",
    "10,000 nested <<": "ASK { " + "<< " * 10_000 + ">> " * 10_000 + " ?p ?o }",
    "900 NOT EXISTS": "ASK {" + "FILTER NOT EXISTS{" * 900 + "}" * 900 + "}",
    "20,000 steps of a path": "ASK { ?s " + "/".join(["a"] * 20_000) + " ?o }",
    "2,000 subqueries": "ASK {" + "{SELECT*{" * 2_000 + "}}" * 2_000 + "}",
    "unclosed quotes": 'ASK { "' + '\\"' * 30_000,
    "a name of dots": "ASK { " + "a." * 30_000,
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("home")
    published(home, {f"{GRAPH}a": labels("a", 300)}, {f"{GRAPH}b": labels("secret", 3)})
    with serving(home, query_timeout_s=1.0) as client:
        yield client


def send(client: httpx.Client, query: str | bytes) -> httpx.Response:
    return client.post("/sparql", content=query, headers={"Content-Type": "application/sparql-query"})


def serves(client: httpx.Client) -> bool:
    """Say whether both workers answer."""
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: send(client, ASK).json().get("boolean"), range(8)))
    return answers == [True] * 8


@pytest.mark.parametrize("query", [CROSS_JOIN, PATTERNS], ids=["cross join", "500 patterns"])
def test_an_endless_query_ends_at_the_limit_and_holds_nobody_up(client: httpx.Client, query: str) -> None:
    with ThreadPoolExecutor(1) as threads:
        endless = threads.submit(send, client, query)
        others = []
        while not endless.done():
            others.append(send(client, ASK).status_code)
    response = endless.result()
    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert "1 seconds" in response.json()["detail"]
    assert response.json()["code"] == "query-timeout"
    assert set(others) == {200}
    assert serves(client)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_or_stopped_and_the_service_goes_on(client: httpx.Client, name: str) -> None:
    response = send(client, BOMBS[name])
    assert response.status_code in (200, 400, 413, 503)
    assert response.status_code == 200 or response.json()["code"].startswith("query-")
    assert serves(client)


def test_many_endless_queries_are_turned_away_in_words_and_the_service_recovers(client: httpx.Client) -> None:
    with ThreadPoolExecutor(12) as threads:
        responses = list(threads.map(lambda _: send(client, CROSS_JOIN), range(12)))
    assert {response.status_code for response in responses} == {503}
    assert {response.json()["code"] for response in responses} <= {"query-timeout", "query-busy"}
    assert serves(client)


def test_a_query_that_eats_memory_is_stopped(client: httpx.Client) -> None:
    text = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
    response = send(client, text)
    assert response.status_code == 503
    assert response.json()["code"] in ("query-failed", "query-timeout")
    assert serves(client)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """Listen for calls that must never come."""
    calls: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append(self.path)
            self.send_error(500)

        do_GET = do_POST  # noqa: N815 - the name is http.server's

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", calls
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "template",
    [
        "ASK {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "ASK {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
        "ASK {{ VALUES ?x {{ <{0}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
        "PREFIX : <{0}> ASK {{ SERVICE:x {{ ?s ?p ?o }} }}",
        "ASK {{ SERVICESILENT<{0}>{{ ?s ?p ?o }} }}",
        "ASK {{ ?s ?p trueSERVICE<{0}>{{ ?s ?p ?o }} }}",
        "ASK {{ FILTER(?a<'>' ) SERVICE <{0}> {{ ?s ?p '' }} }}",
        "ASK {{ FILTER(?a<<http://x'>) SERVICE <{0}> {{ ?s ?p '' }} }}",
        "ASK FROM <{0}> {{ ?s ?p ?o }}",
        "ASK FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "LOAD <{0}>",
        "LOAD SILENT <{0}> INTO GRAPH <http://example.org/>",
    ],
)
def test_no_query_makes_the_service_call_another(
    client: httpx.Client, listener: tuple[str, list[str]], template: str
) -> None:
    address, calls = listener
    response = send(client, template.format(address))
    assert response.status_code in (200, 400)
    assert response.status_code == 400 or response.json()["boolean"] is False
    assert calls == []


@pytest.mark.parametrize("clause", ["FROM <file:///etc/passwd>", "FROM NAMED <file:///etc/passwd>"])
def test_files_cannot_be_read_as_graphs(client: httpx.Client, clause: str) -> None:
    response = send(client, f"SELECT * {clause} {{ ?s ?p ?o }}")
    assert (response.status_code, response.json()["code"]) == (400, "query-refused")
    parameters = {"query": ASK, "default-graph-uri": "file:///etc/passwd"}
    assert client.get("/sparql", params=parameters).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        b"ASK { ?s ?p '\xff' }",
        b"ASK { ?s ?p '\xed\xa0\x80' }",
        b"ASK { ?s ?p '\x00' }",
        b"ASK { <http://example.org/" + b"x" * 10_240 + b"> ?p ?o }",
        "ASK {}".encode("utf-16"),
        b"\x80" * 1_000,
        b"",
    ],
    ids=["invalid UTF-8", "lone surrogate", "NUL", "10 kB IRI", "UTF-16", "continuation bytes", "empty"],
)
def test_malformed_text_is_a_client_error_by_every_way_in(client: httpx.Client, query: bytes) -> None:
    encoded = "".join(f"%{byte:02x}" for byte in query)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for response in (
        send(client, query),
        client.get(f"/sparql?query={encoded}"),
        client.post("/sparql", content=f"query={encoded}", headers=form),
    ):
        assert response.status_code == 400
        assert response.headers["content-type"] == "application/problem+json"


def test_overlong_and_malformed_graph_names_are_client_errors(client: httpx.Client) -> None:
    for name in ("http://example.org/" + "x" * 10_240, "\x00", "../../etc/passwd", "%2e%2e", ""):
        response = client.get("/sparql", params={"query": ASK, "named-graph-uri": name})
        assert response.status_code == 400


def test_a_text_that_runs_right_to_left_is_only_text(client: httpx.Client) -> None:
    response = send(client, "SELECT ('\u202etxt' AS ?x) {}")
    assert response.json()["results"]["bindings"][0]["x"]["value"] == "\u202etxt"


def test_a_body_without_end_is_cut_off(client: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(10_000):
            yield b"#" * 65_536

    try:
        response = client.post(
            "/sparql", content=endless(), headers={"Content-Type": "application/sparql-query"}
        )
    except httpx.TransportError:  # the server may have hung up while the client was still sending
        pass
    else:
        assert response.status_code == 413
    assert serves(client)


def test_no_way_of_asking_shows_a_restricted_graph(client: httpx.Client) -> None:
    secret = f"{GRAPH}b"
    for query in (
        "SELECT * { ?s ?p ?o }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        f"SELECT * {{ GRAPH <{secret}> {{ ?s ?p ?o }} }}",
        f"SELECT * FROM <{secret}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{secret}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "CONSTRUCT WHERE { ?s ?p ?o }",
    ):
        for parameters in ({}, {"default-graph-uri": secret}, {"named-graph-uri": secret}):
            response = client.get("/sparql", params={"query": query, **parameters})
            assert response.status_code == 200
            assert "secret" not in response.text
