"""What each error means in HTTP: status, RFC 9457 problem details, or a page for a browser.

The only place that knows. What a 5xx says of the inside of the service is written here; the original goes to
the log.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.headers import complete
from asmgraph.errors import (
    AsmgraphError,
    GoneError,
    HomeNotFoundError,
    NotAcceptableError,
    NotFoundError,
    QueryError,
    QueryRefusedError,
    QuerySyntaxError,
    StoreError,
)
from asmgraph.store.embedded import negotiate

STATUS: Mapping[type[AsmgraphError], int] = {
    GoneError: 410,
    NotFoundError: 404,
    QuerySyntaxError: 400,
    QueryRefusedError: 400,
    NotAcceptableError: 406,
    QueryError: 503,
    StoreError: 503,
    AsmgraphError: 500,
}
"""Status by error; the nearest base class counts."""

RETRY_AFTER_S = 5
PROBLEM = "application/problem+json"
DATA_ENDINGS = (
    ".json", ".jsonld", ".csv", ".xlsx", ".geojson", ".ttl", ".nt", ".rdf", ".svg", ".txt", ".bib", ".csl", ".cff",
    ".zip", ".gz",
)  # fmt: skip
"""Ends of the addresses that programs read, and browsers save: a page there would pass for data."""

# Errors whose words name folders or the state of the machine: what strangers read in their place.
_OUTWARD: Mapping[type[AsmgraphError], tuple[str, str]] = {
    HomeNotFoundError: ("Nothing has been published here yet.", "Come back later."),
    StoreError: ("The published data cannot be read at the moment.", "Try again later."),
    AsmgraphError: ("Something went wrong on this side.", "Try again later."),
}
_MEANT_FOR_CLIENTS = (NotFoundError, QueryError)

_log = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818 - named as in RFC 9457
    """An answer that is not 2xx, raised by code that speaks HTTP.

    Parameters
    ----------
    code
        Stable word for programs.
    headers
        Header fields to send along, such as Allow.
    """

    def __init__(
        self, status: int, code: str, message: str, hint: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.headers = dict(headers or {})

    def as_dict(self) -> dict[str, str | int]:
        """Return the problem details object."""
        details: dict[str, str | int] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.message,
        }
        return details | ({"hint": self.hint} if self.hint else {})

    def response(self) -> Response:
        """Return the problem as JSON."""
        body = json.dumps(self.as_dict(), ensure_ascii=False).encode()
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **self.headers}
        return Response(body, self.status, headers, PROBLEM)


def problem(error: Exception) -> Problem:
    """Say what any error means; log those that are the service's own fault."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        phrase = HTTPStatus(error.status_code).phrase
        return Problem(
            error.status_code, phrase.lower().replace(" ", "-"), str(error.detail), headers=error.headers
        )
    if isinstance(error, RequestValidationError):
        return Problem(422, "invalid-parameter", _invalid(error.errors()))
    if not isinstance(error, AsmgraphError):
        _log.error("unforeseen error", exc_info=error)
        return Problem(500, AsmgraphError.code, *_OUTWARD[AsmgraphError])
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    message, hint = error.message, error.hint
    if not isinstance(error, _MEANT_FOR_CLIENTS):
        message, hint = next(_OUTWARD[kind] for kind in type(error).__mro__ if kind in _OUTWARD)
        _log.error("%s: %s", error.code, error)
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Problem(status, error.code, message, hint, headers)


def install(app: FastAPI) -> None:
    """Answer every error of the routes as a problem, or as a page where a browser asks."""
    for kind in (AsmgraphError, Problem, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, answer)


async def answer(request: Request, error: Exception) -> Response:
    """Return the response to an error: problem details, or a page where a browser asks for one."""
    found = problem(error)
    response = _page(request, found) if _page_wanted(request) else found.response()
    # What nobody foresaw is answered outside of the middleware that does this.
    complete(response.headers, request.scope["path"])
    return response


def _page(request: Request, found: Problem) -> Response:
    page: Response = request.app.state.render(
        request, "error.html", {"problem": found.as_dict()}, found.status
    )
    page.headers.update({"Cache-Control": "no-store", **found.headers})
    return page


def _page_wanted(request: Request) -> bool:
    if request.scope["path"].endswith(DATA_ENDINGS):
        return False
    return negotiate(request.headers.get("accept", ""), (PROBLEM, "text/html")) == "text/html"


def _invalid(errors: Sequence[Mapping[str, object]]) -> str:
    """Name each parameter and what is wrong with it; the value sent is not repeated."""
    parts = []
    for error in errors:
        location = error["loc"]
        assert isinstance(location, tuple)
        parts.append(f"{'.'.join(str(part) for part in location[1:])}: {error['msg']}")
    return "; ".join(parts) + "."
