"""Runs in a home: whole or not there, in their order, no more than are wanted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.errors import StoreError
from asmgraph.store import gap_runs, guard
from asmgraph.store.gap_runs import Kept

RUN = Kept(
    "aa", "question", True, "2026-01-01", "2026-01-15T09:00:00+00:00", "2026-01-15T09:00:05+00:00", "0.1.0",
    "0" * 64, ("place=COD",), ("urn:gap",), ("2026-01-15T09:00:05+00:00",), (), 0, "",
)  # fmt: skip
LINES = ["<urn:a> <urn:b> <urn:c> .", '<urn:a> <urn:b> "\u2028 line" .']


def ended(name: str, minute: int, question: str = "question") -> Kept:
    return replace(RUN, name=name, question=question, ended=f"2026-01-15T09:{minute:02}:00+00:00")


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    done = gap_runs.keep(tmp_path, RUN, LINES)
    assert (done.triples, len(done.checksum)) == (2, 64)
    assert gap_runs.listed(tmp_path) == [done]
    assert gap_runs.lines(tmp_path, done) == LINES
    assert gap_runs.damaged(tmp_path) == []


def test_the_same_name_again_replaces_it(tmp_path: Path) -> None:
    gap_runs.keep(tmp_path, RUN, LINES)
    done = gap_runs.keep(tmp_path, RUN, LINES[:1])
    assert gap_runs.listed(tmp_path) == [done]
    assert gap_runs.lines(tmp_path, done) == LINES[:1]


@given(order=st.permutations([("aa", 1), ("bb", 2), ("cc", 3)]))
def test_they_are_listed_by_their_end_and_the_oldest_go(
    tmp_path_factory: pytest.TempPathFactory, order: list[tuple[str, int]]
) -> None:
    home = tmp_path_factory.mktemp("runs")
    for name, minute in order:
        gap_runs.keep(home, ended(name, minute), LINES)
    gap_runs.keep(home, ended("other", 0, "another"), LINES)
    assert [run.name for run in gap_runs.listed(home)] == ["other", "aa", "bb", "cc"]
    assert [run.name for run in gap_runs.prune(home, 2)] == ["aa"]
    assert [run.name for run in gap_runs.listed(home)] == ["other", "bb", "cc"]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"name": "bb"}', "\x00"])
def test_a_manifest_that_is_none_is_damage(tmp_path: Path, content: str) -> None:
    gap_runs.keep(tmp_path, RUN, LINES)
    (tmp_path / "gaps" / "runs" / "aa" / "manifest.json").write_text(content)
    assert gap_runs.listed(tmp_path) == []
    assert [folder.name for folder in gap_runs.damaged(tmp_path)] == ["aa"]


def test_statements_that_changed_are_not_read(tmp_path: Path) -> None:
    done = gap_runs.keep(tmp_path, RUN, LINES)
    gap_runs.file(tmp_path, done).write_text(LINES[0])
    with pytest.raises(StoreError, match="not those that were kept"):
        gap_runs.lines(tmp_path, done)


def test_what_a_dead_run_left_is_no_run_and_goes(tmp_path: Path) -> None:
    left = tmp_path / "gaps" / "runs" / ".draft-bb"
    left.mkdir(parents=True)
    assert not gap_runs.listed(tmp_path)
    assert not gap_runs.damaged(tmp_path)
    gap_runs.keep(tmp_path, RUN, LINES)
    assert not left.exists()


@pytest.mark.parametrize(
    ("graph", "apart"),
    [
        ("gaps/0123", True),
        ("gap-status", True),
        ("gap-status/confidential", True),
        ("inferred", True),
        ("gaps", False),
        ("gap-statusquo/1", False),
        ("gaptest/1", False),
    ],
)
def test_graphs_of_our_own_are_told_from_those_of_sources(graph: str, apart: bool) -> None:
    assert guard.is_apart(f"{guard.BASE}graph/{graph}") is apart
