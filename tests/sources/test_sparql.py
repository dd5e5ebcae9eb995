"""An endpoint is asked and answers; whatever it answers, no other host is contacted and nothing grows without end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from asmgraph import pipeline, settings
from asmgraph.errors import AsmgraphError, ConfigurationError
from asmgraph.sources import formats, rdf, sparql
from tests.club import MAPPING
from tests.sources.described import rows, several

SELECT = "SELECT ?code ?name { VALUES (?code ?name) { ('a' 'One, \"1\"') ('b' 'Deux\\né') ('c' UNDEF) } }"
CONSTRUCT = "CONSTRUCT { <http://e/a> <http://e/b> [ <http://e/c> 'é'@fr ] } {}"
Answer = Callable[[BaseHTTPRequestHandler, str], None]


def source(endpoint: str, *, rdf: bool = False) -> Any:
    return several("sparql", {} if rdf else {"t": {}}, endpoint=endpoint, query="ask.rq" if rdf else None)


def fetched(folder: Path, endpoint: str, query: str, *, rdf: bool = False, **limits: Any) -> Path:
    (folder / ("ask.rq" if rdf else "t.rq")).write_text(query, encoding="utf-8")
    into = folder / "answers"
    into.mkdir(exist_ok=True)
    bounds = sparql.Limits(**{"endpoints": (endpoint,), "max_bytes": 1_000_000, "timeout_s": 10.0, **limits})
    sparql.fetch(source(endpoint, rdf=rdf), folder, into, bounds)
    return into


def refused(folder: Path, endpoint: str, query: str = SELECT, **more: Any) -> str:
    with pytest.raises(AsmgraphError) as caught:
        fetched(folder, endpoint, query, **more)
    assert caught.value.hint
    return str(caught.value)


def test_the_answer_to_a_select_is_a_table(live_server: str, tmp_path: Path) -> None:
    endpoint = f"{live_server}/sparql"
    found = rows(fetched(tmp_path, endpoint, SELECT), source(endpoint))
    assert found == [
        {"_row": 1, "code": "a", "name": 'One, "1"'},
        {"_row": 2, "code": "b", "name": "Deux\né"},
        {"_row": 3, "code": "c", "name": None},
    ]


def test_the_answer_to_a_construct_is_rdf(live_server: str, tmp_path: Path) -> None:
    endpoint = f"{live_server}/sparql"
    described = source(endpoint, rdf=True)
    into = fetched(tmp_path, endpoint, CONSTRUCT, rdf=True)
    assert formats.holds_rdf(described)
    (file,) = formats.files(into, described)
    lines = list(rdf.read(file, "s"))
    assert len(lines) == 2
    assert any(line.endswith('<http://e/c> "é"@fr .') for line in lines)


def test_a_query_that_is_wrong_is_refused_in_the_words_of_the_endpoint(
    live_server: str, tmp_path: Path
) -> None:
    said = refused(tmp_path, f"{live_server}/sparql", "SELECT nonsense")
    assert "answers 400" in said


def test_a_construct_for_a_table_is_refused(live_server: str, tmp_path: Path) -> None:
    said = refused(tmp_path, f"{live_server}/sparql", CONSTRUCT)
    assert "answers" in said


@pytest.mark.parametrize(
    "listed", [(), ("http://127.0.0.1:1/",), ("http://127.0.0.1/sparql", "http://e/sparql")]
)
def test_an_endpoint_that_is_not_on_the_list_is_not_asked(listed: tuple[str, ...], tmp_path: Path) -> None:
    said = refused(tmp_path, "http://127.0.0.1:9/sparql", endpoints=listed)
    assert "http://127.0.0.1:9/sparql is not on the list" in said


def test_an_endpoint_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "http://127.0.0.1:9/sparql gives no answer" in refused(tmp_path, "http://127.0.0.1:9/sparql")


def test_an_address_that_is_none_is_named(tmp_path: Path) -> None:
    assert "http://[::/ gives no answer" in refused(tmp_path, "http://[::/")


def test_a_query_that_is_not_there_is_named(tmp_path: Path) -> None:
    limits = sparql.Limits(("http://127.0.0.1:9/",), 1, 1)
    with pytest.raises(ConfigurationError, match=r"t\.rq cannot be read"):
        sparql.fetch(source("http://127.0.0.1:9/"), tmp_path, tmp_path, limits)


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    """Start a server that answers each query as told; gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.close_connection = True
                answer(self, parse_qs(body)["query"][0])

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/sparql"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def answering(content: bytes, kind: str = "text/csv", status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler, _: str) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def test_the_query_arrives_as_it_is(serve: Callable[[Answer], str], tmp_path: Path) -> None:
    asked = []

    def answer(handler: BaseHTTPRequestHandler, query: str) -> None:
        asked.append((query, handler.headers["Accept"], handler.headers["Authorization"]))
        answering(b"a\n1\n")(handler, query)

    endpoint = serve(answer)
    assert rows(fetched(tmp_path, endpoint, SELECT), source(endpoint)) == [{"_row": 1, "a": "1"}]
    assert asked == [(SELECT, "text/csv", None)]


def test_another_host_is_not_contacted(serve: Callable[[Answer], str], tmp_path: Path) -> None:
    reached = []

    def other(handler: BaseHTTPRequestHandler, query: str) -> None:
        reached.append(query)
        answering(b"a\n1\n")(handler, query)

    elsewhere = serve(other)
    for status in (301, 302, 303, 307, 308):
        endpoint = serve(answering(b"", status=status, Location=elsewhere))
        assert f"sends on to another place, {elsewhere}" in refused(tmp_path, endpoint)
    assert reached == []
    assert "another place" in refused(
        tmp_path, serve(answering(b"", status=307, Location="file:///etc/passwd"))
    )


def test_the_same_host_may_send_on(serve: Callable[[Answer], str], tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler, query: str) -> None:
        onward = answering(b"", status=308, Location="/query")
        (answering(b"a\n1\n") if handler.path == "/query" else onward)(handler, query)

    assert (fetched(tmp_path, serve(answer), SELECT) / "t.csv").read_bytes() == b"a\n1\n"
    assert "sends in a circle" in refused(tmp_path, serve(answering(b"", status=307, Location="/sparql")))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (answering(b"x" * 2_000_000), "has more than 1,000,000 bytes"),
        (answering(b"<html>", kind="text/html"), "answers with text/html, not text/csv"),
        (answering(b"a", Content_Encoding="gzip"), "packs its answer"),
        (answering(b"Too\n busy" * 1_000, status=503), "answers 503 Service Unavailable: Too busy"),
        (answering(b"", status=204), "answers 204"),
        (answering(b"a\n1", Content_Length="100"), "gives no answer"),
        (answering(b"a\n1", kind="text/csv; charset=utf-8", Content_Length="x"), "gives no answer"),
    ],
    ids=["too large", "another kind", "packed", "busy", "empty", "cut off", "no HTTP"],
)
def test_an_answer_that_is_none_is_refused(
    answer: Answer, said: str, serve: Callable[[Answer], str], tmp_path: Path
) -> None:
    assert said in refused(tmp_path, serve(answer))


def test_an_endless_answer_is_bounded(serve: Callable[[Answer], str], tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler, _: str) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/csv")
        handler.send_header("Connection", "close")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65_536)
        except OSError:
            return

    assert "has more than 1,000,000 bytes" in refused(tmp_path, serve(answer))
    assert (tmp_path / "answers" / "t.csv").stat().st_size <= 1_000_000


@pytest.mark.parametrize("drips", [True, False])
def test_a_slow_answer_is_given_up(drips: bool, serve: Callable[[Answer], str], tmp_path: Path) -> None:
    done = threading.Event()

    def answer(handler: BaseHTTPRequestHandler, _: str) -> None:
        if drips:
            handler.send_response(200)
            handler.send_header("Content-Type", "text/csv")
            handler.end_headers()
        try:
            while not done.is_set():
                if drips:
                    handler.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            return

    try:
        assert "has not answered within 0.5 seconds" in refused(tmp_path, serve(answer), timeout_s=0.5)
    finally:
        done.set()


@pytest.mark.parametrize(
    ("format_", "endpoint"), [("sparql", None), ("csv", "http://e/sparql"), ("sparql", "file:///etc/passwd")]
)
def test_an_endpoint_belongs_to_its_format(format_: str, endpoint: str | None) -> None:
    with pytest.raises(ValidationError, match="endpoint"):
        several(format_, {}, endpoint=endpoint)


CLUB = """
name: club
title: A club
publisher: The tests
licence: CC0-1.0
url: https://example.org/
format: sparql
endpoint: {endpoint}
sensitivity: public
tables: {{ members: {{ key: [code], columns: {{ code: {{ required: true }}, name: {{}} }} }} }}
"""


def test_a_source_is_ingested_from_its_endpoint(live_server: str, tmp_path: Path) -> None:
    endpoint = f"{live_server}/sparql"
    folder = tmp_path / "home" / "sources" / "club"
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(CLUB.format(endpoint=endpoint), encoding="utf-8")
    (folder / "mapping.yml").write_text(MAPPING, encoding="utf-8")
    (folder / "members.rq").write_text(SELECT.replace("('c' UNDEF)", ""), encoding="utf-8")
    with pytest.raises(AsmgraphError, match="is not on the list"):
        pipeline.ingest(settings.load(home=tmp_path / "home"), "club")
    allowed = settings.load(home=tmp_path / "home", sparql_endpoints=f"http://e/ {endpoint}")
    report = pipeline.ingest(allowed, "club")
    assert (report.rows, report.refused) == ({"members": 2}, [])
    assert report.things["Organisation"] == 2
    assert pipeline.ingest(allowed, "club").unchanged
