"""The SPARQL 1.1 Protocol at ``/sparql``: a raw ASGI handler, as the path is hot.

Requests enter as ASGI messages; the query goes to a worker process and comes back as bytes that are sent as
they are. Answers with status 200 are complete: whole, or cut at a limit and saying so in a header.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import unquote_to_bytes

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api import description, errors, results, tags
from api.errors import Problem, problem
from api.routes import examples, language
from asmgraph.settings import Settings
from asmgraph.store import guard
from asmgraph.store.embedded import GRAPH_FORMATS, SOLUTION_FORMATS, Answer, Dataset, negotiate
from asmgraph.store.snapshots import Snapshot
from asmgraph.store.workers import QueryPool, Request

FORMATS: Mapping[str, str] = {
    "html": "text/html",
    "json": "application/sparql-results+json, application/ld+json",
    "xml": "application/sparql-results+xml, application/rdf+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
}
"""What ``format=`` may say, for links and forms that cannot send an Accept header."""

TRUNCATED = "X-Asmgraph-Truncated"
_METHODS = "GET, HEAD, POST, OPTIONS"
_FORM, _QUERY, _UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": f"ETag, {TRUNCATED}, Retry-After",
}
_PREFLIGHT = {
    "Allow": _METHODS,
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_MAX_FIELDS = 1_000


class _ClientGoneError(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True)
class _Asked:
    """What a request asks for; ``None`` where it does not say."""

    query: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    accept: str
    html: bool


async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request, with what :mod:`api.app` puts into the state of the app."""
    try:
        response = await _respond(scope, receive)
    except _ClientGoneError:
        return
    except Exception as error:  # the last place that can turn it into an answer
        response = await errors.answer(HttpRequest(scope), error)
    response.headers.update(_CORS)
    if "vary" not in response.headers:
        response.headers["Vary"] = "Accept"
    await response(scope, receive, send)


async def _respond(scope: Scope, receive: Receive) -> Response:
    state = scope["app"].state
    method, headers = scope["method"], _headers(scope)
    if method == "OPTIONS":
        return Response(status_code=204, headers=_PREFLIGHT)
    if method not in ("GET", "HEAD", "POST"):
        raise Problem(
            405,
            "method-not-allowed",
            f"{method} is not possible here; send queries by GET or POST.",
            headers={"Allow": _METHODS},
        )
    body = await _body(receive, 3 * state.settings.query_max_bytes + 65_536)
    asked = _asked(method, headers, scope["query_string"], body, state.settings)
    snapshot: Snapshot = await state.published()
    if asked.query is None:
        return await _without_query(scope, asked, snapshot)
    tag = tags.tag(snapshot.hash, asked)
    if method != "POST" and tags.names(headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers={"ETag": tag})
    if asked.html:
        return await _page(scope, receive, asked, snapshot)
    answer = await _run(state.pool, _request(asked, snapshot), receive)
    return _answered(answer, tag)


def _request(
    asked: _Asked, snapshot: Snapshot, accept: str | None = None, rows: int | None = None
) -> Request:
    assert asked.query is not None
    dataset = Dataset(snapshot.graphs, asked.default_graphs, asked.named_graphs)
    return Request(snapshot.store, asked.query, asked.accept if accept is None else accept, dataset, rows)


def _answered(answer: Answer, tag: str) -> Response:
    headers = {"Cache-Control": "no-store"} if answer.volatile else {"Cache-Control": "no-cache", "ETag": tag}
    if answer.truncated:
        headers[TRUNCATED] = answer.truncated
    return Response(answer.body, 200, headers, f"{answer.media_type}; charset=utf-8")


async def _without_query(scope: Scope, asked: _Asked, snapshot: Snapshot) -> Response:
    if scope["method"] == "POST":
        raise Problem(400, "query-missing", "There is no query.", "Send it as the parameter 'query'.")
    if asked.html:
        return _rendered(scope, snapshot, {"query": "", "result": None, "problem": None}, 200)
    media_type = negotiate(asked.accept, list(description.FORMATS))
    if media_type is None:
        raise Problem(
            406, "not-acceptable", f"The service description exists as {', '.join(description.FORMATS)}."
        )
    address = description.address(scope)
    body = await asyncio.to_thread(
        description.serialized, address, tuple(sorted(snapshot.counts.items())), media_type
    )
    return Response(body, 200, {"Cache-Control": "no-cache"}, f"{media_type}; charset=utf-8")


async def _page(scope: Scope, receive: Receive, asked: _Asked, snapshot: Snapshot) -> Response:
    """Show the answer, or what is wrong with the query, beneath the query itself."""
    request = _request(asked, snapshot, results.ACCEPT, results.MAX_ROWS)
    try:
        answer = await _run(scope["app"].state.pool, request, receive)
    except _ClientGoneError:
        raise
    except Exception as error:
        found = problem(error)
        context: dict[str, object] = {"query": asked.query, "result": None, "problem": found.as_dict()}
        page = _rendered(scope, snapshot, context, found.status)
        page.headers.update(found.headers)
        return page
    shown: dict[str, object] = {"query": asked.query, "result": results.table(answer), "problem": None}
    page = _rendered(scope, snapshot, shown, 200)
    if answer.truncated:
        page.headers[TRUNCATED] = answer.truncated
    return page


def _rendered(scope: Scope, snapshot: Snapshot, context: dict[str, object], status: int) -> Response:
    request = HttpRequest(scope)
    query = {
        "formats": [name for name in FORMATS if name != "html"],
        "examples": examples.grouped(language.chosen(request), snapshot.published.date()),
    }
    page: Response = scope["app"].state.render(request, "sparql.html", context | query, status)
    page.headers["Cache-Control"] = "no-cache"
    return page


async def _run(pool: QueryPool, request: Request, receive: Receive) -> Answer:
    """Evaluate; give up, and with it end the worker's labour, as soon as the client has gone."""
    running = asyncio.ensure_future(pool.run(request))
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait((running, gone), return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            raise _ClientGoneError
        return running.result()
    finally:
        for task in (running, gone):
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Receive, limit: int) -> bytes:
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _ClientGoneError
        chunk = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > limit:
            raise Problem(
                413, "too-large", f"The request has more than {limit:,} bytes.", "Ask in smaller steps."
            )
        if not message.get("more_body", False):
            return b"".join(chunks)


def _headers(scope: Scope) -> dict[str, str]:
    """Return header fields by name; repeated ones joined as RFC 9110 says."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _asked(method: str, headers: Mapping[str, str], url: bytes, body: bytes, settings: Settings) -> _Asked:
    """Read the parameters of the SPARQL 1.1 Protocol, section 2.1.

    Raises
    ------
    Problem
        400, 403, 413, 414 or 415.
    QueryRefusedError
        If something is not UTF-8.
    """
    fields = _fields(url)
    query: list[str] = []
    if method == "POST":
        kind, _, parameters = headers.get("content-type", "").lower().partition(";")
        charset = parameters.partition("charset=")[2].strip().strip('"') or "utf-8"
        if kind.strip() == _FORM:
            fields += _fields(body)
        elif kind.strip() == _QUERY:
            query.append(guard.decode(body))
        elif kind.strip() == _UPDATE:
            _refuse_update()
        else:
            hint = f"Send the query as {_QUERY}, or as the parameter 'query' of a form ({_FORM})."
            raise Problem(415, "unsupported-media-type", f"A body of type {kind[:80]!r} is not read.", hint)
        if charset not in ("utf-8", "utf8", "us-ascii"):
            raise Problem(
                415, "unsupported-media-type", f"The encoding {charset[:40]!r} is not read.", "Use UTF-8."
            )
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    if "update" in values:
        _refuse_update()
    query += values.get("query", [])
    if len(query) > 1:
        raise Problem(400, "too-many-queries", f"There are {len(query)} queries; send one at a time.")
    _check_length(query, method, settings.query_max_bytes)
    default, named = values.get("default-graph-uri"), values.get("named-graph-uri")
    accept, html = _accepted(values.get("format", []), headers.get("accept", ""))
    return _Asked(
        query[0] if query and not (html and not query[0].strip()) else None,
        tuple(default) if default else None,
        tuple(named) if named else None,
        accept,
        html,
    )


def _fields(encoded: bytes) -> list[tuple[str, str]]:
    parts = [part for part in encoded.split(b"&") if part]
    if len(parts) > _MAX_FIELDS:
        raise Problem(400, "too-many-parameters", f"There are more than {_MAX_FIELDS:,} parameters.")
    pairs = (part.replace(b"+", b" ").partition(b"=") for part in parts)
    return [(guard.decode(unquote_to_bytes(n)), guard.decode(unquote_to_bytes(v))) for n, _, v in pairs]


def _accepted(formats: list[str], header: str) -> tuple[str, bool]:
    if not formats:
        offered = (*SOLUTION_FORMATS, *GRAPH_FORMATS, "text/html")
        return header, negotiate(header, offered) == "text/html"
    if len(formats) > 1 or formats[0] not in FORMATS:
        raise Problem(400, "unknown-format", "This format is not known.", f"Known: {', '.join(FORMATS)}.")
    return FORMATS[formats[0]], formats[0] == "html"


def _check_length(query: list[str], method: str, limit: int) -> None:
    if query and len(query[0].encode()) > limit:
        message = f"The query has {len(query[0].encode()):,} bytes; at most {limit:,} are allowed."
        if method == "POST":
            raise Problem(413, "query-too-long", message, "Ask in smaller steps.")
        raise Problem(414, "query-too-long", message, "Ask in smaller steps.")


def _refuse_update() -> NoReturn:
    raise Problem(
        403, "read-only", "Nothing can be changed here: updates are not accepted.", "Send queries as 'query'."
    )
