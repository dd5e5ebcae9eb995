"""The service as one application: ``uvicorn api.app:create_app --factory``, or ``asmgraph serve``.

Routes find what they need in ``app.state``: ``settings``, ``pool`` (the query workers), ``published``
(awaited, it gives the current snapshot) and ``render`` (request, template, context, status -> page).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors, routes, sparql
from asmgraph import settings as configuration
from asmgraph.settings import Settings
from asmgraph.store.snapshots import POINTER, Snapshot, current
from asmgraph.store.workers import QueryPool

Render = Callable[[Request, str, MutableMapping[str, Any], int], Response]

POLICY = "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
SECURITY_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_FOLDER = Path(__file__).resolve().parent
_BARE_BASE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{% block title %}asmgraph{% endblock %}</title></head>
<body><main>{% block main %}{% endblock %}</main></body></html>"""
_DOCS = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>asmgraph API</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/static/vendor/swagger-ui/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<noscript>The description of the API is at <a href="/api/openapi.json">/api/openapi.json</a>.</noscript>
<script src="/static/vendor/swagger-ui/swagger-ui-bundle.js"></script><script src="/static/docs.js"></script>
</body></html>"""


class Published:
    """The current snapshot of a home; a new publication is taken up with the next request."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._target = ""
        self._snapshot: Snapshot | None = None
        self._opening = asyncio.Lock()

    async def __call__(self) -> Snapshot:
        """Return it; only the first look at a new one, which checks it, takes time.

        Raises
        ------
        HomeNotFoundError
            If nothing was published yet.
        SnapshotDamagedError
            If the published files are not in order.
        """
        if (found := self._known()) is not None:
            return found
        async with self._opening:
            if (found := self._known()) is not None:
                return found
            target = self._pointer()
            self._snapshot = await asyncio.to_thread(current, self._home)
            self._target = target
            return self._snapshot

    def _known(self) -> Snapshot | None:
        return self._snapshot if self._pointer() == self._target else None

    def _pointer(self) -> str:
        try:
            return str((self._home / POINTER).readlink())
        except OSError:
            return ""


class SecurityHeaders:
    """Puts :data:`SECURITY_HEADERS` on every answer that does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, sending)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; the workers start with its lifespan.

    Parameters
    ----------
    settings
        Taken from the environment where not given.
    """
    chosen = settings or configuration.load()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with QueryPool(chosen) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(
        title="asmgraph",
        version=version("asmgraph"),
        description="Open knowledge graph of artisanal and small-scale mining.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings = chosen
    app.state.published = Published(chosen.home)
    app.state.render = getattr(routes, "render", None) or _renderer()
    app.add_middleware(SecurityHeaders)
    errors.install(app)
    for path in ("/sparql", "/sparql/"):
        app.router.routes.insert(0, Route(path, _Endpoint(), include_in_schema=False))
    app.add_api_route("/health", _health, include_in_schema=False)
    app.add_api_route("/ready", _ready, include_in_schema=False)
    app.add_api_route("/docs", _docs, include_in_schema=False)
    for router in routes.routers:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_FOLDER / "static"), name="static")
    return app


class _Endpoint:
    """Makes the router see an application rather than a function of a request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await sparql.endpoint(scope, receive, send)


async def _health() -> Response:
    return JSONResponse({"status": "alive"})


async def _ready(request: Request) -> Response:
    snapshot = await request.app.state.published()
    return JSONResponse({"status": "ready", "snapshot": snapshot.number, "triples": snapshot.triples})


async def _docs() -> Response:
    # Swagger UI's style sheet holds its icons as data: addresses.
    return HTMLResponse(_DOCS, headers={"Content-Security-Policy": f"{POLICY}; img-src 'self' data:"})


def _renderer() -> Render:
    """Return a renderer of bare pages, for when the routes bring none of their own."""
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(_FOLDER / "templates"), DictLoader({"base.html": _BARE_BASE})]),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]

    def render(request: Request, template: str, context: MutableMapping[str, Any], status: int) -> Response:
        page = environment.get_template(template).render(request=request, **context)
        return HTMLResponse(page, status, {"Vary": "Accept"})

    return render
