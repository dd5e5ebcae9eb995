"""Fixtures for all tests: the external data, a home with the starter data, a running server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from asmgraph import pipeline, settings

ROOT = Path(__file__).resolve().parents[1]

hypothesis.settings.register_profile("asmgraph", deadline=None)
hypothesis.settings.load_profile("asmgraph")


def external_root() -> Path | None:
    """Return the folder of the external test data, if it is there."""
    given = os.environ.get("TEST_DATA_DIR")
    folder = Path(given) if given else ROOT.parent / "shared"
    return folder if (folder / "data").is_dir() else None


@pytest.fixture(scope="session")
def external_data() -> Path:
    root = external_root()
    if root is None:
        pytest.skip("the external test data is not there (TEST_DATA_DIR)")
    return root / "data"


@pytest.fixture(scope="session")
def conformance() -> Path:
    root = external_root()
    if root is None or not (root / "conformance").is_dir():
        pytest.skip("the external test data is not there (TEST_DATA_DIR)")
    return root / "conformance"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, and count once, the tests of the external data where it is absent."""
    if external_root() is not None:
        return
    left = [item for item in items if "external" in item.keywords]
    if left:
        items[:] = [item for item in items if "external" not in item.keywords]
        config.stash[_LEFT] = len(left)


_LEFT = pytest.StashKey[int]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    left = config.stash.get(_LEFT, 0)
    if left:
        terminalreporter.write_line(
            f"{left} tests of external data left out: set TEST_DATA_DIR to the folder that holds data/."
        )


@pytest.fixture(scope="session")
def starter_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published home with vocabulary, places and starter data; read only, shared by the session."""
    home = tmp_path_factory.mktemp("starter") / "home"
    pipeline.initialise(settings.load(home=home))
    return home


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """A real server process on a free port; stops when closed."""

    def __init__(self, home: Path, **variables: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {**os.environ, "ASMGRAPH_HOME": str(home), "ASMGRAPH_PORT": str(self.port), **variables}
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the server; a pipe would fill up
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from asmgraph.cli import app; app()", "serve"],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=self.log,
        )
        deadline = time.monotonic() + 60
        while True:
            if self.process.poll() is not None:
                self.log.seek(0)
                raise RuntimeError(self.log.read().decode())
            try:
                with urllib.request.urlopen(self.url + "/health", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > deadline:
                    self.close()
                    raise
                time.sleep(0.1)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()


@pytest.fixture(scope="session")
def live_server(starter_home: Path) -> Iterator[str]:
    """The address of a server over the starter data, without a trailing slash."""
    server = Server(starter_home)
    yield server.url
    server.close()
