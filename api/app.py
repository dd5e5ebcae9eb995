"""The service as one application: ``uvicorn api.app:create_app --factory``, or ``asmgraph serve``.

Routes find what they need in ``app.state``: ``settings``, ``pool`` (the query workers), ``published``
(awaited, it gives the current snapshot), ``downloads`` (snapshot -> its files) and ``render`` (request, template,
context, status -> page).
"""

from __future__ import annotations

import asyncio
import gc
import logging
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api import errors, routes, sparql, static_files
from api.downloads import Downloads
from api.headers import POLICY, Headers
from api.routes.parameters import refuse_long
from asmgraph import settings as configuration
from asmgraph.errors import AsmgraphError
from asmgraph.settings import Settings
from asmgraph.store.snapshots import POINTER, Snapshot, current
from asmgraph.store.workers import QueryPool

_log = logging.getLogger(__name__)

_LOOK_S = 5.0
"""How often a server looks for a new publication by itself."""
_LONGEST_LOOK_S = 320.0
"""How seldom at most, where the last look failed."""
_PATIENCE_S = 5.0
"""How long requests wait for a new publication to be checked; then they are answered from the former."""


class Published:
    """The current snapshot of a home; a new publication is taken up by itself.

    While a large new one is being checked, and where it turns out not to be in order, the former goes on.
    ``renewed`` is called when another is taken up.
    """

    def __init__(self, home: Path, renewed: Callable[[Snapshot], None]) -> None:
        self._home = home
        self._renewed = renewed
        self._seen: object = None
        self._failed = False
        self._snapshot: Snapshot | None = None
        self._former: Callable[[], Snapshot | None] = lambda: None
        self._opening: asyncio.Task[None] | None = None
        self._patient_until = 0.0

    async def __call__(self) -> Snapshot:
        """Return it; only the first look at a new one, which checks it, takes time.

        Raises
        ------
        HomeNotFoundError
            If nothing was published yet.
        SnapshotDamagedError
            If the published files are not in order, and no former snapshot is open.
        """
        pointer = self._pointer()
        if self._snapshot is not None and pointer == self._seen:
            return self._snapshot
        now = asyncio.get_running_loop().time()
        if self._opening is None:
            self._opening = asyncio.create_task(self._open(pointer))
            self._patient_until = now + _PATIENCE_S
        opening = self._opening
        patience_s = None if self._snapshot is None else max(0.0, self._patient_until - now)
        await asyncio.wait({opening}, timeout=patience_s)
        if self._snapshot is None:
            opening.result()
            return await self()
        return self._snapshot

    async def watch(self) -> None:
        """Look for a new publication from time to time: the former is let go also where nobody asks anything.

        One that was not in order is looked at again, ever more seldom: the server itself may have lacked something.
        """
        wait_s = _LOOK_S
        while True:
            await asyncio.sleep(wait_s)
            if self._failed:
                self._seen = None
            with suppress(AsmgraphError, OSError):
                await self()
            wait_s = min(2 * wait_s, _LONGEST_LOOK_S) if self._failed else _LOOK_S
            if self._former() is not None:  # an answered request may hold itself, and the snapshot with it
                await asyncio.to_thread(gc.collect)

    async def _open(self, pointer: object) -> None:
        former = self._snapshot
        try:
            self._snapshot = await asyncio.to_thread(current, self._home)
            self._failed = False
        except (AsmgraphError, OSError):
            if self._snapshot is None:
                raise
            if not self._failed:
                _log.exception("the new publication is not in order; the former goes on")
            self._failed = True
        finally:
            self._opening = None
        self._seen = pointer
        if self._snapshot is not former:
            self._renewed(self._snapshot)
            if former is not None:
                self._former = weakref.ref(former)

    def _pointer(self) -> object:
        """Return what changes with every publication, also where a home is built anew."""
        link = self._home / POINTER
        try:
            status = link.lstat()
            return str(link.readlink()), status.st_ino, status.st_mtime_ns
        except OSError:
            return None


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
            watching = asyncio.create_task(app.state.published.watch())
            try:
                yield
            finally:
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching

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
    app.state.published = Published(chosen.home, lambda snapshot: app.state.pool.renew(snapshot.store))
    app.state.downloads = Downloads(chosen.publisher)
    app.state.render = routes.render
    app.add_middleware(_Compression, minimum_size=1_000, compresslevel=6)
    app.add_middleware(Headers)
    errors.install(app)
    for path in ("/sparql", "/sparql/"):
        app.router.routes.insert(0, Route(path, _Endpoint(), include_in_schema=False))
    app.add_api_route("/health", _health, include_in_schema=False)
    app.add_api_route("/ready", _ready, include_in_schema=False)
    app.add_api_route("/docs", _docs, include_in_schema=False)
    for router in routes.routers:
        app.include_router(router, dependencies=[Depends(refuse_long)])
    app.mount("/static", static_files.Files(), name="static")
    return app


class _Compression(GZipMiddleware):
    """Compresses answers, but for files to keep: most are compressed, and may be fetched in parts."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        whole = scope["type"] == "http" and scope["path"].startswith("/downloads/")
        await (self.app if whole else super().__call__)(scope, receive, send)


class _Endpoint:
    """Makes the router see an application rather than a function of a request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await sparql.endpoint(scope, receive, send)


async def _health() -> Response:
    return JSONResponse({"status": "alive"})


async def _ready(request: Request) -> Response:
    snapshot = await request.app.state.published()
    return JSONResponse({"status": "ready", "snapshot": snapshot.number, "triples": snapshot.triples})


async def _docs(request: Request) -> Response:
    # Swagger UI's style sheet holds its icons as data: addresses.
    page = routes.render(request, "docs.html", {})
    page.headers.update(
        {"Content-Security-Policy": f"{POLICY}; img-src 'self' data:", "Cache-Control": "no-cache"}
    )
    return page
