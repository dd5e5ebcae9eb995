"""The service on a port of its own, served by uvicorn as in production."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from api.app import create_app
from asmgraph.settings import Settings


@contextmanager
def serving(home: Path, **settings: Any) -> Iterator[httpx.Client]:
    """Serve a home; yield a client of it."""
    given = {"query_workers": 2, "query_timeout_s": 20.0, "worker_memory_mb": 256} | settings
    app = create_app(Settings(home=home, **given))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
