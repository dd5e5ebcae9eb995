"""Versions of a source: what differs, what waits, what is published alone, withdrawn and kept in its history."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from asmgraph import audit, pipeline, settings, versions
from asmgraph.cleaning import steps
from asmgraph.errors import SourceError, StoreError, ValidationError
from asmgraph.records import ID, Sensitivity
from asmgraph.settings import Settings
from asmgraph.store import difference, retention, snapshots, staging
from asmgraph.versions import State
from tests.pipeline.test_pipeline import SOURCE, club

CLI = "from asmgraph.cli import app; app()"
MANY = "".join(f"m{number},M {number}\n" for number in range(8))


@pytest.fixture
def chosen(starter_home: Path, tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    return settings.load(home=home, versions_kept=2)


def _state(chosen: Settings, name: str) -> versions.Status:
    return next(one for one in versions.status(chosen) if one.source == name)


def test_the_difference_names_what_is_added_changed_and_not_repeated(chosen: Settings) -> None:
    club(chosen.home, "a,A\nb,B\nc,C\n", "a--b,a,b\n")
    pipeline.ingest(chosen, "club")
    pipeline.publish(chosen)
    club(chosen.home, "a,A\nb,Bee\nd,D\n", "a--b,a,b\n")
    report = pipeline.ingest(chosen, "club")
    found = {change.thing.removeprefix(ID): change.state for change in versions.diff(chosen, "club")}
    assert found == {
        "actor/b": difference.State.CHANGED,
        "actor/c": difference.State.NOT_REPEATED,
        "actor/d": difference.State.ADDED,
    }
    assert report.difference == {"Organisation": {"added": 1, "changed": 1, "not repeated": 1}}


def test_a_first_version_is_all_addition(chosen: Settings) -> None:
    club(chosen.home, "a,A\n", "")
    pipeline.ingest(chosen, "club")
    assert [change.state for change in versions.diff(chosen, "club")] == [difference.State.ADDED]


def test_a_version_of_the_history_can_be_compared_with(chosen: Settings) -> None:
    club(chosen.home, "a,A\n", "")
    first = pipeline.ingest(chosen, "club").version
    pipeline.publish(chosen)
    club(chosen.home, "a,A\nb,B\n", "")
    pipeline.ingest(chosen, "club")
    pipeline.publish(chosen)
    (change,) = versions.diff(chosen, "club", against=first)
    assert change.thing == f"{ID}actor/b"
    assert list(versions.diff(chosen, "club")) == []
    with pytest.raises(StoreError, match="no longer kept"):
        list(versions.diff(chosen, "club", against="0123456789ab"))


def test_the_state_of_a_source_follows_it(chosen: Settings) -> None:
    assert _state(chosen, "ipis").state is State.NEVER
    assert _state(chosen, "starter").state is State.PUBLISHED
    club(chosen.home, "a,A\n", "")
    pipeline.ingest(chosen, "club")
    assert _state(chosen, "club").state is State.STAGED
    pipeline.publish(chosen)
    assert _state(chosen, "club").state is State.PUBLISHED
    club(chosen.home, "a,A\nb,\n", "")
    pipeline.ingest(chosen, "club")
    newer = _state(chosen, "club")
    assert (newer.state, newer.rows, newer.refused) == (State.NEWER, 2, 1)
    versions.withdraw(chosen, "club")
    assert _state(chosen, "club").state is State.WITHDRAWN


def test_one_source_is_published_while_another_waits(chosen: Settings) -> None:
    club(chosen.home, "a,A\n", "")
    other = chosen.home / "sources" / "other"
    shutil.copytree(chosen.home / "sources" / "club", other)
    (other / "source.yml").write_text(SOURCE.replace("name: club", "name: other"))
    for name in ("club", "other"):
        pipeline.ingest(chosen, name)
    done = pipeline.publish(chosen, ["other"])
    assert set(done.changed) == {"other"}
    assert set(done.snapshot.sources) == {"ontology", "places", "starter", "other"}
    assert _state(chosen, "club").state is State.STAGED
    with pytest.raises(SourceError, match="'none' is not staged"):
        pipeline.publish(chosen, ["none"])


def test_a_withdrawn_source_is_gone_and_stays_gone(chosen: Settings) -> None:
    club(chosen.home, "canary,A\n", "")
    version = pipeline.ingest(chosen, "club").version
    pipeline.publish(chosen)
    done = versions.withdraw(chosen, "club").published
    assert done is not None
    assert done.gone == ["club"]
    assert not [graph for graph in done.snapshot.graphs if "/graph/club/" in graph]
    assert pipeline.publish(chosen).unchanged
    assert any("canary" in line for line in staging.version(chosen.home, "club", version).lines())


def test_a_withdrawn_source_can_come_back(chosen: Settings) -> None:
    club(chosen.home, "a,A\n", "")
    version = pipeline.ingest(chosen, "club").version
    pipeline.publish(chosen)
    versions.withdraw(chosen, "club")
    assert pipeline.ingest(chosen, "club").version == version
    assert "club" in pipeline.publish(chosen).snapshot.sources


def test_forgetting_leaves_nothing_of_it_on_the_disk(chosen: Settings) -> None:
    club(chosen.home, "canaryslug,Canary of the club\n", "")
    for command in (["ingest", "club"], ["publish"], ["withdraw", "club", "--forget"]):
        # each in a process of its own: a snapshot that is still read is left for later
        subprocess.run([sys.executable, "-c", CLI, *command, "--home", chosen.home], check=True)
    shutil.rmtree(chosen.home / "sources")
    held = [file for file in chosen.home.rglob("*") if file.is_file() and b"canaryslug" in file.read_bytes()]
    assert held == []
    assert snapshots.current(chosen.home, full=True).number == snapshots.current(chosen.home).number


def test_a_withdrawn_source_can_be_forgotten_later(chosen: Settings) -> None:
    club(chosen.home, "a,A\n", "")
    pipeline.ingest(chosen, "club")
    pipeline.publish(chosen)
    versions.withdraw(chosen, "club")
    assert versions.withdraw(chosen, "club", forget=True).published is None
    assert staging.versions(chosen.home, "club") == []


def test_forgetting_can_be_repeated_where_it_died(chosen: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    club(chosen.home, "canaryslug,A\n", "")
    pipeline.ingest(chosen, "club")
    pipeline.publish(chosen)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(retention, "condemn", full)
    with pytest.raises(OSError, match="No space left"):
        versions.withdraw(chosen, "club", forget=True)
    monkeypatch.undo()
    assert versions.withdraw(chosen, "club", forget=True).still_read == ()
    for folder in ("snapshots", "staging"):
        for file in (chosen.home / folder).rglob("*"):
            assert not file.is_file() or b"canaryslug" not in file.read_bytes()


def test_what_a_publication_that_died_left_is_swept_and_noted(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It died after the new snapshot was taken up: the next run says so in the log."""
    club(chosen.home, "a,A\n", "")
    pipeline.ingest(chosen, "club")

    def killed(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(audit, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        pipeline.publish(chosen)
    monkeypatch.undo()
    number = snapshots.published_number(chosen.home)
    left = chosen.home / ".derived-left"
    left.mkdir()
    assert pipeline.publish(chosen).unchanged
    noted = [entry for entry in audit.entries(chosen.home) if entry["about"] == str(number)]
    assert [entry.get("noted") for entry in noted] == ["by the next run"]
    assert any("/graph/club/" in graph for graph in noted[0]["graphs"])
    assert not left.exists()
    pipeline.publish(chosen)
    assert noted == [entry for entry in audit.entries(chosen.home) if entry["about"] == str(number)]


@pytest.mark.parametrize(("name", "said"), [("places", "it stays"), ("nobody", "Nothing is kept")])
def test_what_cannot_be_withdrawn_says_so(chosen: Settings, name: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        versions.withdraw(chosen, name)


def test_a_source_that_was_staged_only_is_unstaged(chosen: Settings) -> None:
    club(chosen.home, "a,A\n", "")
    pipeline.ingest(chosen, "club")
    assert versions.withdraw(chosen, "club").published is None
    assert pipeline.publish(chosen).unchanged


def test_old_versions_keep_their_report_and_lose_their_statements(chosen: Settings) -> None:
    made = []
    for number in range(4):
        club(chosen.home, f"a,A {number}\n", "")
        made.append(pipeline.ingest(chosen, "club").version)
        pipeline.publish(chosen)
    kept = staging.versions(chosen.home, "club")
    assert [one.version for one in kept] == made
    assert [one.file(Sensitivity.PUBLIC).is_file() for one in kept] == [False, False, True, True]
    assert [one.version for one in _state(chosen, "club").history] == made
    assert all(one.report() for one in kept)


def test_a_version_that_was_never_published_goes_with_the_next_publication(chosen: Settings) -> None:
    club(chosen.home, "a,A\n", "")
    passed_over = pipeline.ingest(chosen, "club").version
    club(chosen.home, "a,Aa\n", "")
    pipeline.ingest(chosen, "club")
    pipeline.publish(chosen)
    assert passed_over not in [one.version for one in staging.versions(chosen.home, "club")]


def test_saved_steps_are_replayed_and_change_the_version(chosen: Settings) -> None:
    club(chosen.home, "a,WORLD  BANK\nb,World Bank\n", "")
    before = pipeline.ingest(chosen, "club")
    merge = steps.Cluster(
        step="cluster", table="organisations", column="name", values={"WORLD  BANK": "World Bank"}
    )
    steps.save(chosen.home / "sources" / "club", [merge])
    after = pipeline.ingest(chosen, "club")
    assert after.version != before.version
    assert [(one.cells) for one in after.replayed] == [1]
    staged = staging.current(chosen.home, "club")
    assert staged is not None
    assert not [line for line in staged.lines() if "WORLD" in line]


def test_what_is_newly_unmatched_is_listed(chosen: Settings) -> None:
    folder = club(chosen.home, "a,Or\nb,Sel\n", "")
    (folder / "source.yml").write_text(
        SOURCE.replace("name: {}", "name: { lookup: [mineral] }")
        + "lookups: { mineral: { Or: mineral/gold } }\n"
    )
    assert pipeline.ingest(chosen, "club").newly_kept == ()
    (folder / "organisations.csv").write_text("slug,name\na,Or\nb,Sel\nc,Étain\n")
    newer = pipeline.ingest(chosen, "club")
    assert [one.value for one in newer.newly_kept] == ["Étain"]
    assert {one.value for one in newer.kept} == {"Sel", "Étain"}


KEY = "key: [slug]\n    columns:\n      slug"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (KEY, KEY.replace("columns", "rows: { least: 9 }\n    columns"), "at least 9"),
        (KEY, KEY.replace("columns", "rows: { most: 7 }\n    columns"), "at most 7"),
        ("name: {}", "name: { filled: 1 }", "filled in 7 of 8"),
        ("sensitivity: public", "sensitivity: public\nlimits: { refused: 0.1 }", "1 of 8 rows"),
    ],
)
def test_a_file_that_breaks_a_promise_as_a_whole_is_stopped(
    chosen: Settings, old: str, new: str, said: str
) -> None:
    folder = club(chosen.home, MANY.replace("M 3", ""), "")
    (folder / "source.yml").write_text(SOURCE.replace(old, new, 1))
    with pytest.raises(ValidationError, match=said):
        pipeline.ingest(chosen, "club")
    assert staging.current(chosen.home, "club") is None
    assert pipeline.validate(chosen, "club")[0].stopped


def _pointing(chosen: Settings) -> None:
    """Describe a source ``pairs`` whose ties point at the organisations of ``club``."""
    club(chosen.home, "a,A\nb,B\n", "")
    pairs = chosen.home / "sources" / "pairs"
    shutil.copytree(chosen.home / "sources" / "club", pairs)
    (pairs / "source.yml").write_text(SOURCE.replace("name: club", "name: pairs"))
    (pairs / "organisations.csv").write_text("slug,name\nc,C\n")
    (pairs / "ties.csv").write_text("slug,a,b\na--c,a,c\nb--c,b,c\n")
    for name in ("club", "pairs"):
        pipeline.ingest(chosen, name)
    pipeline.publish(chosen)


def _ties(chosen: Settings) -> set[str]:
    store = snapshots.current(chosen.home).reading.store
    found = {quad.subject.value for quad in store if "/id/tie/" in str(quad.subject)}
    return {iri.rpartition("/")[2] for iri in found} & {"a--c", "b--c"}


def test_the_same_file_with_other_results_is_another_version_and_the_published_one_stays(
    chosen: Settings,
) -> None:
    _pointing(chosen)
    before = _state(chosen, "pairs")
    club(chosen.home, "a,A\n", "")
    pipeline.ingest(chosen, "club")
    again = pipeline.ingest(chosen, "pairs")
    assert [one.value for one in again.refused] == ["b--c"] or again.refused_rows == 1
    assert again.version != before.published
    assert _state(chosen, "pairs").state is State.NEWER
    assert [change.state for change in versions.diff(chosen, "pairs")] == [difference.State.NOT_REPEATED]
    pipeline.publish(chosen, ["club"])
    assert _ties(chosen) == {"a--c", "b--c"}  # what waits of pairs is not published on the way
    pipeline.publish(chosen)
    assert _ties(chosen) == {"a--c"}


def test_a_version_that_comes_back_is_pointed_to_and_not_written_again(chosen: Settings) -> None:
    folder = club(chosen.home, "a,A\n", "")
    first = pipeline.ingest(chosen, "club").version
    pipeline.publish(chosen)
    statements = staging.version(chosen.home, "club", first).file(Sensitivity.PUBLIC).read_bytes()
    (folder / "organisations.csv").write_text("slug,name\na,Aa\n")
    pipeline.ingest(chosen, "club")
    (folder / "organisations.csv").write_text("slug,name\na,A\n")
    assert pipeline.ingest(chosen, "club").version == first
    assert staging.version(chosen.home, "club", first).file(Sensitivity.PUBLIC).read_bytes() == statements
    assert pipeline.publish(chosen).unchanged


def test_what_a_change_two_sources_away_breaks_is_found(chosen: Settings) -> None:
    _pointing(chosen)
    last = chosen.home / "sources" / "last"
    shutil.copytree(chosen.home / "sources" / "pairs", last)
    (last / "source.yml").write_text(SOURCE.replace("name: club", "name: last"))
    (last / "organisations.csv").write_text("slug,name\nd,D\n")
    (last / "ties.csv").write_text("slug,a,b\na--d,a,d\nc--d,c,d\n")
    assert not pipeline.ingest(chosen, "last").refused
    (chosen.home / "sources" / "pairs" / "organisations.csv").write_text("slug,name\nc,\ne,E\n")
    pipeline.ingest(chosen, "pairs", accept_loss=True)
    assert pipeline.ingest(chosen, "last", accept_loss=True).refused_rows == 1


def test_a_publication_that_was_not_noted_is_noted_by_the_next(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    club(chosen.home, "a,A\n", "")
    version = pipeline.ingest(chosen, "club").version

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(staging, "published", killed)
        pipeline.publish(chosen)
    assert pipeline.publish(chosen).unchanged
    assert [one.version for one in _state(chosen, "club").history] == [version]
