"""Publishing is all or nothing, whatever happens to the process that does it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from asmgraph import pipeline, settings
from asmgraph.errors import HomeNotFoundError, SnapshotDamagedError, StoreLockedError
from asmgraph.store import snapshots


def graph_file(folder: Path, name: str, triples: int, *, public: bool = True) -> snapshots.GraphFile:
    file = folder / f"{name}.nt"
    file.write_text(
        "".join(f"<http://e.org/{name}{n}> <http://e.org/p> <http://e.org/o> .\n" for n in range(triples))
    )
    return snapshots.GraphFile(f"http://e.org/graph/{name}", file, triples, f"sum-{name}-{triples}", public)


def test_a_home_without_data_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HomeNotFoundError, match="init"):
        snapshots.current(tmp_path)


def test_the_public_snapshot_holds_the_public_graphs_alone(tmp_path: Path) -> None:
    graphs = [graph_file(tmp_path, "open", 3), graph_file(tmp_path, "closed", 2, public=False)]
    public = snapshots.publish(tmp_path / "home", graphs, {"s": "1"}, keep=3)
    full = snapshots.current(tmp_path / "home", full=True)
    assert dict(public.counts) == {"http://e.org/graph/open": 3}
    assert dict(full.counts) == {"http://e.org/graph/open": 3, "http://e.org/graph/closed": 2}
    assert snapshots.current(tmp_path / "home") is public


def test_publishing_again_replaces_what_is_no_longer_wanted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = snapshots.publish(home, [graph_file(tmp_path, "a", 3)], {"s": "1"}, keep=3)
    second = snapshots.publish(home, [graph_file(tmp_path, "b", 1)], {"s": "2"}, keep=3)
    assert (second.number, list(second.counts)) == (first.number + 1, ["http://e.org/graph/b"])
    assert first.store.is_dir()
    assert second.hash != first.hash


def test_the_same_content_has_the_same_hash(tmp_path: Path) -> None:
    graphs = [graph_file(tmp_path, "a", 3)]
    one = snapshots.publish(tmp_path / "one", graphs, {"s": "1"}, keep=3)
    two = snapshots.publish(tmp_path / "two", graphs, {"s": "1"}, keep=3)
    assert one.hash == two.hash


def test_old_snapshots_are_pruned_to_the_number_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for number in range(1, 5):
        snapshots.publish(home, [graph_file(tmp_path, "a", number)], {"s": str(number)}, keep=2)
    assert sorted(folder.name for folder in (home / "snapshots").iterdir()) == [
        "3",
        "3-public",
        "4",
        "4-public",
    ]


def test_what_an_unfinished_publish_left_in_the_writer_is_mended(tmp_path: Path) -> None:
    home = tmp_path / "home"
    wanted = graph_file(tmp_path, "a", 5)
    snapshots.publish(
        home, [graph_file(tmp_path, "a", 2), graph_file(tmp_path, "stray", 9)], {"s": "1"}, keep=3
    )
    (home / "snapshots" / ".7").mkdir()
    (home / "snapshots" / "8-public").mkdir()
    done = snapshots.publish(home, [graph_file(tmp_path, "a", 5)], {"s": "2"}, keep=3)
    assert dict(done.counts) == {wanted.iri: 5}
    assert done.number == 2
    assert not (home / "snapshots" / "8-public").exists()


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    with snapshots.locked(tmp_path), pytest.raises(StoreLockedError), snapshots.locked(tmp_path):
        pass


@pytest.mark.parametrize(
    "damage", ["truncated manifest of the store", "file gone", "wrong count", "no manifest"]
)
def test_a_damaged_snapshot_is_not_opened(tmp_path: Path, damage: str) -> None:
    home = tmp_path / "home"
    path = snapshots.publish(home, [graph_file(tmp_path, "a", 3)], {"s": "1"}, keep=3).path
    manifest = path / "manifest.json"
    if damage == "truncated manifest of the store":
        next((path / "store").glob("MANIFEST-*")).write_bytes(b"")
    elif damage == "file gone":
        next((path / "store").glob("*.sst")).unlink()
    elif damage == "wrong count":
        content = json.loads(manifest.read_text())
        content["graphs"]["http://e.org/graph/a"] = 4
        manifest.write_text(json.dumps(content))
    else:
        manifest.unlink()
    snapshots._opened.cache_clear()
    with pytest.raises(SnapshotDamagedError):
        snapshots.current(home)


@pytest.mark.parametrize("step", range(1, 6))
def test_kill_during_a_publish_leaves_the_former_state_whole(
    starter_home: Path, tmp_path: Path, step: int
) -> None:
    """The process is killed with SIGKILL as it begins each of the five steps of a publish."""
    home = tmp_path / "home"
    subprocess.run(["cp", "-a", str(starter_home), str(home)], check=True)
    before = snapshots.current(home)
    stage_demo(home)
    script = (
        "import os, signal\n"
        "from asmgraph import pipeline, settings\n"
        f"def killed(_, done, total):\n    if done == {step}: os.kill(os.getpid(), signal.SIGKILL)\n"
        "pipeline.publish(settings.load(), killed)\n"
    )
    environment = {**os.environ, "ASMGRAPH_HOME": str(home)}
    died = subprocess.run([sys.executable, "-c", script], env=environment, check=False)
    assert died.returncode == -signal.SIGKILL
    snapshots._opened.cache_clear()
    after = snapshots.current(home)
    assert (after.number, after.hash, dict(after.counts)) == (before.number, before.hash, dict(before.counts))
    done = pipeline.publish(settings.load(home=home))
    assert done.snapshot.number == before.number + 1
    assert done.snapshot.triples > before.triples
    assert pipeline.publish(settings.load(home=home)).unchanged


@pytest.mark.parametrize("delay_s", [0.2, 0.5, 0.9, 1.4])
def test_kill_at_any_moment_of_a_large_publish_leaves_a_whole_state(
    starter_home: Path, tmp_path: Path, delay_s: float
) -> None:
    home = tmp_path / "home"
    subprocess.run(["cp", "-a", str(starter_home), str(home)], check=True)
    before = snapshots.current(home)
    folder = home / "sources" / "big"
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(
        "name: big\ntitle: Big\npublisher: Nobody\nlicence: CC0-1.0\nurl: https://example.org/\n"
        "format: rdf\nsensitivity: public\n"
    )
    lines = (f"<http://e.org/s{n}> <http://e.org/p> <http://e.org/o{n % 97}> .\n" for n in range(150_000))
    (folder / "big.nt").write_text("".join(lines))
    pipeline.ingest(settings.load(home=home), "big", folder / "big.nt")
    script = (
        "from asmgraph import pipeline, settings; print('go', flush=True); pipeline.publish(settings.load())"
    )
    environment = {**os.environ, "ASMGRAPH_HOME": str(home)}
    process = subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(delay_s)
    process.kill()
    process.communicate()
    snapshots._opened.cache_clear()
    after = snapshots.current(home)
    if after.number == before.number:
        assert dict(after.counts) == dict(before.counts)
    else:
        assert after.triples > before.triples + 149_999


def stage_demo(home: Path) -> None:
    """Stage one more source, described in the home, with one statement and its description."""
    folder = home / "sources" / "demo"
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(
        "name: demo\ntitle: Demo\npublisher: Nobody\nlicence: CC0-1.0\nurl: https://example.org/\n"
        "format: rdf\nsensitivity: public\n"
    )
    (folder / "demo.ttl").write_text("<http://e.org/s> <http://e.org/p> <http://e.org/o> .\n")
    pipeline.ingest(settings.load(home=home), "demo", folder / "demo.ttl")
