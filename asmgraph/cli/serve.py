"""The command that starts the server."""

from __future__ import annotations

import os
import socket
from typing import Annotated

import typer
import uvicorn

from asmgraph.cli.app import Home, app, command, out
from asmgraph.errors import ConfigurationError
from asmgraph.store import snapshots


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Default ASMGRAPH_PORT or 8000.")] = None,
    host: Annotated[str | None, typer.Option(help="Default ASMGRAPH_HOST or 127.0.0.1.")] = None,
    home: Home = None,
) -> None:
    """Serve the published data: pages, API and SPARQL endpoint."""
    with command(home, port=port, host=host) as settings:
        published = snapshots.current(settings.home)
        number, triples = published.number, published.triples
        del published  # the application opens it, and leaves it when there is another
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, settings.port))
            except OSError as error:
                raise ConfigurationError(
                    f"Port {settings.port} of {settings.host} cannot be used: {error.strerror}.",
                    "Another program has it; choose one with PORT=8001 make serve, or --port 8001.",
                ) from None
        address = f"http://{settings.host}:{settings.port}"
        out.print(f"asmgraph serves snapshot {number} ({triples:,} statements) at [bold]{address}/[/]")
        out.print(
            f"Try  {address}/gaps?place=COD&as_of=latest-covered\n"
            f"     {address}/interventions?place=COD\n"
            f"     {address}/sparql\n"
            f"     {address}/docs\n"
            "Stop with Ctrl-C.",
            markup=False,
            soft_wrap=True,
        )
        # The factory builds its own settings; what was given on the command line reaches it here.
        os.environ.update(
            ASMGRAPH_HOME=str(settings.home), ASMGRAPH_HOST=settings.host, ASMGRAPH_PORT=str(settings.port)
        )
        uvicorn.run(
            "api.app:create_app",
            factory=True,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            timeout_keep_alive=10,
            limit_concurrency=512,
            h11_max_incomplete_event_size=131_072,
            server_header=False,
        )
