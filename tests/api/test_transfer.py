"""What crosses the line: compressed, not twice, and kept no longer than it is right."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api import static_files
from api.app import create_app
from asmgraph import settings

QUERY = "/sparql?query=SELECT%20%2A%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%20500&format=csv"
LARGE = ("/gaps", "/gaps.json", "/interventions.csv", "/doc/place/COD.ttl", QUERY, "/static/style.css")


@pytest.fixture(scope="module")
def client(live_server: str) -> Iterator[httpx.Client]:
    headers = {"Accept": "text/html", "Accept-Encoding": "identity"}
    with httpx.Client(base_url=live_server, timeout=60, headers=headers) as opened:
        yield opened


def compressed(client: httpx.Client, address: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """Return an answer and its bytes as they were sent."""
    with client.stream("GET", address, headers={"Accept-Encoding": "gzip", **headers}) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize("address", LARGE)
def test_large_answers_are_compressed_for_those_who_take_it(client: httpx.Client, address: str) -> None:
    plain = client.get(address)
    answer, sent = compressed(client, address)
    assert "content-encoding" not in plain.headers
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(sent) == plain.content
    assert len(sent) < len(plain.content) / 2
    for one in (plain, answer):
        assert one.headers["vary"].split(", ").count("Accept-Encoding") == 1


@pytest.mark.parametrize("address", LARGE)
def test_one_tag_holds_for_every_encoding_and_is_therefore_weak(client: httpx.Client, address: str) -> None:
    tag = client.get(address).headers["etag"]
    answer, _ = compressed(client, address)
    assert tag.startswith('W/"') and answer.headers["etag"] == tag
    for encoding in ("gzip", "identity"):
        again, sent = compressed(client, address, **{"If-None-Match": tag, "Accept-Encoding": encoding})
        assert (again.status_code, sent, again.headers["etag"]) == (304, b"", tag)
        assert "Accept-Encoding" in again.headers["vary"]
        assert "content-encoding" not in again.headers


@pytest.mark.parametrize("address", LARGE[:-1])
def test_head_tells_the_size_of_what_get_would_send(client: httpx.Client, address: str) -> None:
    for encoding in ("gzip", "identity"):
        answer, sent = compressed(client, address, **{"Accept-Encoding": encoding})
        head = client.head(address, headers={"Accept-Encoding": encoding})
        assert head.content == b""
        assert int(head.headers["content-length"]) == len(sent)
        assert {**head.headers, "date": ""} == {**answer.headers, "date": ""}


def test_a_part_of_a_file_is_a_part_of_the_file(client: httpx.Client) -> None:
    whole = client.get("/static/style.css").content
    answer, sent = compressed(client, "/static/style.css", Range="bytes=5-1999")
    assert (answer.status_code, sent) == (206, whole[5:2000])


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_an_unforeseen_error_is_answered_with_the_same_headers_and_tells_nothing(
    tmp_path: Path, accept: str
) -> None:
    def fail() -> None:
        raise RuntimeError("inside")

    app = create_app(settings.load(home=tmp_path))
    app.add_api_route("/fail", fail)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get("/fail", headers={"Accept": accept})

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.headers["cache-control"]) == (500, "no-store")
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert answer.headers["vary"].endswith("Accept-Encoding")
    assert "inside" not in answer.text


def test_small_answers_stay_as_they_are(client: httpx.Client) -> None:
    answer, sent = compressed(client, "/health")
    assert "content-encoding" not in answer.headers and sent == b'{"status":"alive"}'


@pytest.mark.parametrize("address", ["/gaps", "/gaps.json", "/doc/intervention/fca", "/static/style.css"])
def test_a_client_that_wants_only_what_is_new_to_the_world_gets_304(
    client: httpx.Client, address: str
) -> None:
    assert client.get(address, headers={"If-None-Match": "*"}).status_code == 304


@pytest.mark.parametrize(
    "address",
    ["/gaps?place=Atlantis", "/gaps?page=99", "/gaps/co-presence-0", "/doc/actor/nobody", "/static/none.css"],
)
def test_what_does_not_exist_has_not_stayed_the_same(client: httpx.Client, address: str) -> None:
    assert client.get(address, headers={"If-None-Match": "*"}).status_code == 404


def test_pages_ask_for_static_files_by_what_is_in_them_and_may_keep_those(client: httpx.Client) -> None:
    found = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/gaps").text))
    assert len(found) == 3
    for address in found:
        kept = client.get(address).headers
        assert kept["cache-control"] == "public, max-age=31536000, immutable", address
        for other in (address.partition("?")[0], f"{address}0"):
            assert client.get(other).headers["cache-control"] == "no-cache"


def test_a_script_that_was_not_installed_hinders_no_page() -> None:
    assert static_files.address("vendor/none.js") == "/static/vendor/none.js"


@pytest.mark.parametrize("address", ["/gaps", "/gaps.csv", "/sparql", QUERY, "/docs"])
def test_pages_and_tables_are_asked_for_anew_each_time(client: httpx.Client, address: str) -> None:
    assert client.get(address).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_errors_are_not_kept(client: httpx.Client, accept: str) -> None:
    answer = client.get("/gaps?place=Atlantis", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
