"""A disk that takes no more while a source is staged or published: a clear error, and what was there is untouched."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from asmgraph import pipeline, settings
from asmgraph.store import snapshots, staging

ROWS = 20_000
SOURCE = """\
name: visits
title: Visits
publisher: Nobody
licence: CC0-1.0
url: https://example.org/
format: rdf
sensitivity: public
"""


@pytest.fixture
def home(starter_home: Path, tmp_path: Path) -> Path:
    """A home with published starter data, and a source that would fill more than the disk takes."""
    home = tmp_path / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    folder = home / "sources" / "visits"
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(SOURCE)
    lines = (f"<http://e.org/s{n}> <http://e.org/p> <http://e.org/o{n % 97}> .\n" for n in range(ROWS))
    (folder / "visits.nt").write_text("".join(lines))
    return home


def run(home: Path, *arguments: str, file_bytes: int) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process in which no file grows beyond a size: the system refuses to write."""
    return subprocess.run(
        [sys.executable, "-c", "from asmgraph.cli import app; app()", *arguments],
        env={**os.environ, "ASMGRAPH_HOME": str(home)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes)),
        capture_output=True,
        text=True,
        check=False,
    )


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of each file, but for logs and locks."""
    return {
        str(file.relative_to(folder)): (file.stat().st_size, file.stat().st_mtime_ns)
        for file in folder.rglob("*")
        if file.is_file() and not file.name.startswith(("LOG", "LOCK"))
    }


def test_a_full_disk_while_staging_leaves_nothing_half_written(home: Path) -> None:
    before = files(home)
    done = run(home, "ingest", "visits", str(home / "sources/visits/visits.nt"), file_bytes=200_000)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "free space" in done.stderr
    assert files(home) == before
    assert staging.current(home, "visits") is None


@pytest.mark.parametrize("file_bytes", [2_000, 100_000, 600_000])
def test_a_full_disk_while_publishing_leaves_what_is_served(home: Path, file_bytes: int) -> None:
    """The store refuses at its first file, at a later one, or at the last."""
    pipeline.ingest(settings.load(home=home), "visits", home / "sources/visits/visits.nt")
    before, served = files(home / "snapshots"), snapshots.current(home)
    done = run(home, "publish", file_bytes=file_bytes)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "free space" in done.stderr
    assert files(home / "snapshots") == before
    snapshots.release()
    assert snapshots.current(home).hash == served.hash
    assert run(home, "publish", file_bytes=resource.RLIM_INFINITY).returncode == 0
    snapshots.release()
    assert snapshots.current(home).triples > served.triples + ROWS - 1
