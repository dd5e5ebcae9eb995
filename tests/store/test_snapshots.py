"""Publishing is all or nothing, whatever happens to the process that does it."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from asmgraph import pipeline, settings
from asmgraph.errors import HomeNotFoundError, SnapshotDamagedError, StoreError, StoreLockedError
from asmgraph.store import building, snapshots
from asmgraph.store.reading import Reading


def graph_file(folder: Path, name: str, triples: int, *, public: bool = True) -> building.GraphFile:
    file = folder / f"{name}.nt"
    file.write_text(
        "".join(f"<http://e.org/{name}{n}> <http://e.org/p> <http://e.org/o> .\n" for n in range(triples))
    )
    return building.GraphFile(
        f"http://e.org/graph/{name}", file, triples, f"sum-{name}-{triples}", public, name, "1"
    )


def publish_alone(home: Path, graphs: list[building.GraphFile], keep: int) -> None:
    """Publish as a process of its own does: it leaves nothing open."""
    snapshots.release()
    building.publish(home, graphs, keep)
    snapshots.release()


def test_a_home_without_data_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HomeNotFoundError, match="init"):
        snapshots.current(tmp_path)


def test_the_public_snapshot_holds_the_public_graphs_alone(tmp_path: Path) -> None:
    graphs = [graph_file(tmp_path, "open", 3), graph_file(tmp_path, "closed", 2, public=False)]
    public = building.publish(tmp_path / "home", graphs, keep=3)
    full = snapshots.current(tmp_path / "home", full=True)
    assert dict(public.counts) == {"http://e.org/graph/open": 3}
    assert dict(full.counts) == {"http://e.org/graph/open": 3, "http://e.org/graph/closed": 2}
    assert snapshots.current(tmp_path / "home") is public


def test_publishing_again_replaces_what_is_no_longer_wanted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = building.publish(home, [graph_file(tmp_path, "a", 3)], keep=3)
    second = building.publish(home, [graph_file(tmp_path, "b", 1)], keep=3)
    assert (second.number, list(second.counts)) == (first.number + 1, ["http://e.org/graph/b"])
    assert first.store.is_dir()
    assert second.hash != first.hash


def test_the_same_content_has_the_same_hash(tmp_path: Path) -> None:
    graphs = [graph_file(tmp_path, "a", 3)]
    one = building.publish(tmp_path / "one", graphs, keep=3)
    two = building.publish(tmp_path / "two", graphs, keep=3)
    assert one.hash == two.hash


def test_old_snapshots_are_pruned_to_the_number_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for number in range(1, 5):
        publish_alone(home, [graph_file(tmp_path, "a", number)], keep=2)
    assert sorted(folder.name for folder in (home / "snapshots").iterdir()) == [
        "3",
        "3-public",
        "4",
        "4-public",
    ]


def test_drafts_of_an_unfinished_publish_are_cleared_and_numbers_never_used_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    wanted = graph_file(tmp_path, "a", 5)
    building.publish(home, [graph_file(tmp_path, "a", 2), graph_file(tmp_path, "stray", 9)], keep=3)
    (home / "snapshots" / ".7").mkdir()
    (home / "snapshots" / "8-public").mkdir()
    done = building.publish(home, [graph_file(tmp_path, "a", 5)], keep=3)
    assert dict(done.counts) == {wanted.iri: 5}
    assert done.number == 9
    assert not (home / "snapshots" / ".7").exists()


def test_a_lost_pointer_costs_no_snapshot(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = building.publish(home, [graph_file(tmp_path, "a", 2)], keep=3)
    (home / "public").unlink()
    second = building.publish(home, [graph_file(tmp_path, "a", 3)], keep=3)
    assert (first.store.is_dir(), second.number) == (True, 2)


@pytest.mark.parametrize("kind", ["folder", "leads elsewhere"])
def test_a_pointer_that_is_none_of_ours_is_left_alone(tmp_path: Path, kind: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    if kind == "folder":
        (home / "public").mkdir()
    else:
        (home / "public").symlink_to("elsewhere")
    with pytest.raises(StoreError, match="public"):
        snapshots.current(home)
    with pytest.raises(StoreError, match="public"):
        building.publish(home, [graph_file(tmp_path, "a", 2)], keep=3)


def test_a_snapshot_that_is_read_stays_until_it_is_not(tmp_path: Path) -> None:
    """RocksDB does not survive the loss of a file it has open, so that the loss must not happen."""
    home = tmp_path / "home"
    first = building.publish(home, [graph_file(tmp_path, "a", 1)], keep=2)
    reading = Reading(first.store)
    for number in range(2, 6):
        publish_alone(home, [graph_file(tmp_path, "a", number)], keep=2)
    names = {folder.name for folder in (home / "snapshots").iterdir()}
    assert names == {"1-public", "4", "4-public", "5", "5-public"}
    assert len(reading.store) == 2
    store = first.store
    del reading, first
    publish_alone(home, [graph_file(tmp_path, "a", 6)], keep=2)
    assert not store.exists()
    with pytest.raises(SnapshotDamagedError):
        Reading(store)


def test_failed_publications_cost_no_snapshot_and_leave_one_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk fails each attempt after the full store is built; the next success keeps what was served."""
    home = tmp_path / "home"
    for number in (1, 2):
        publish_alone(home, [graph_file(tmp_path, "a", number)], keep=2)
    built = building._finished

    def full(home: Path, name: str, number: int, at: dt.datetime, *given: Any) -> Path:
        if name.endswith("-public"):
            raise OSError(28, "No space left on device")
        return built(home, name, number, at, *given)

    monkeypatch.setattr(building, "_finished", full)
    for number in (3, 4, 5):
        with pytest.raises(OSError, match="No space left"):
            publish_alone(home, [graph_file(tmp_path, "a", number)], keep=2)
    assert sorted(folder.name for folder in (home / "snapshots").iterdir()) == [
        "1", "1-public", "2", "2-public", "5",
    ]  # fmt: skip
    monkeypatch.undo()
    publish_alone(home, [graph_file(tmp_path, "a", 6)], keep=2)
    assert sorted(folder.name for folder in (home / "snapshots").iterdir()) == [
        "2", "2-public", "6", "6-public",
    ]  # fmt: skip


def test_the_same_content_is_not_published_twice(tmp_path: Path) -> None:
    home = tmp_path / "home"
    graphs = [graph_file(tmp_path, "a", 3)]
    assert building.publish(home, graphs, keep=2) is building.publish(home, graphs, keep=2)


def test_a_home_built_anew_is_not_taken_for_the_former(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = building.publish(home, [graph_file(tmp_path, "a", 3)], keep=2)
    reading = Reading(first.store)
    shutil.rmtree(home)
    second = building.publish(home, [graph_file(tmp_path, "a", 4)], keep=2)
    assert second.path == first.path
    assert second.triples == 4
    assert not reading.is_current()


def test_nothing_withdrawn_is_left_in_the_public_files(tmp_path: Path) -> None:
    """Neither in the store's files, where deleted statements of a database linger, nor in the manifest."""
    home = tmp_path / "home"
    secret, plain = graph_file(tmp_path, "secret", 50), graph_file(tmp_path, "plain", 50)
    building.publish(home, [secret, plain], keep=2)
    done = building.publish(home, [replace(secret, public=False), plain], keep=2)
    held = {file.name for file in done.path.rglob("*") if file.is_file() and b"secret" in file.read_bytes()}
    assert held == set()


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    with snapshots.locked(tmp_path), pytest.raises(StoreLockedError), snapshots.locked(tmp_path):
        pass


@pytest.mark.parametrize(
    "damage", ["truncated manifest of the store", "file gone", "wrong count", "no manifest"]
)
def test_a_damaged_snapshot_is_not_opened(tmp_path: Path, damage: str) -> None:
    home = tmp_path / "home"
    path = building.publish(home, [graph_file(tmp_path, "a", 3)], keep=3).path
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
    snapshots.release()
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
        "pipeline.publish(settings.load(), progress=killed)\n"
    )
    environment = {**os.environ, "ASMGRAPH_HOME": str(home)}
    died = subprocess.run([sys.executable, "-c", script], env=environment, check=False)
    assert died.returncode == -signal.SIGKILL
    snapshots.release()
    after = snapshots.current(home)
    assert (after.number, after.hash, dict(after.counts)) == (before.number, before.hash, dict(before.counts))
    done = pipeline.publish(settings.load(home=home))
    assert done.snapshot.number > before.number
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
    snapshots.release()
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
