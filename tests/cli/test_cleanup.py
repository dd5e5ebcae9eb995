"""The steward's desk: groups are shown, chosen ones saved, replayed on the next file, taken back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_cli import run
from tests.pipeline.test_pipeline import club

NAMES = "a,World Bank\nb,World Bank\nc,WORLD  BANK\nd,UNDP; Unicef\ne,U.N.D.P.\n"


@pytest.fixture
def home(starter_home: Path, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    club(home, NAMES, "")
    return home


def _steps(home: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("clean", "list", "club", "--json", "--home", home).output)
    return found


def test_groups_are_shown_and_nothing_is_saved_unasked(home: Path) -> None:
    result = run("clean", "cluster", "club", "organisations.name", "--home", home)
    assert result.exit_code == 0
    assert "World Bank (2)" in result.output
    assert "WORLD  BANK (1)" in result.output
    assert "Nothing is saved" in result.output
    assert _steps(home) == []


def test_a_chosen_group_is_saved_and_replayed(home: Path) -> None:
    run("clean", "split", "club", "organisations.name", ";", "--home", home)
    assert (
        "Saved: 2"
        in run("clean", "cluster", "club", "organisations.name", "--save", "all", "--home", home).output
    )
    report = json.loads(run("ingest", "club", "--json", "--home", home).output)["report"]
    assert [one["cells"] for one in report["replayed"]] == [1, 2]
    again = run("clean", "cluster", "club", "organisations.name", "--home", home)
    assert "No two values look alike." in again.output


def test_the_steward_chooses_how_a_group_is_written(home: Path) -> None:
    result = run("clean", "cluster", "club", "organisations.name", "--choose", "WORLD  BANK", "--home", home)
    assert result.exit_code == 0, result.output
    assert "Saved: 1" in result.output
    (step,) = _steps(home)
    assert step["values"] == {"World Bank": "WORLD  BANK"}
    report = json.loads(run("ingest", "club", "--json", "--home", home).output)["report"]
    assert [one["cells"] for one in report["replayed"]] == [2]


def test_a_chosen_value_goes_beside_groups_that_are_saved_by_number(home: Path) -> None:
    run("clean", "split", "club", "organisations.name", ";", "--home", home)
    arguments = ("clean", "cluster", "club", "organisations.name", "--save", "all", "--choose", "WORLD  BANK")
    shown = json.loads(run(*arguments, "--json", "--home", home).output)
    assert {one["chosen"] for one in shown} == {"WORLD  BANK", "U.N.D.P."}
    assert _steps(home)[1]["values"] == {"World Bank": "WORLD  BANK", "UNDP": "U.N.D.P."}


def test_an_edit_is_saved_shown_and_taken_back(home: Path) -> None:
    assert (
        run("clean", "edit", "club", "organisations.name", "^U", "u", "--regex", "--home", home).exit_code
        == 0
    )
    assert [step["step"] for step in _steps(home)] == ["edit"]
    assert "Taken back" in run("clean", "undo", "club", "1", "--home", home).output
    assert _steps(home) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("edit", "club", "organisations.name", "(", "x", "--regex"), 1, "not a regular expression"),
        (("edit", "club", "organisations.title", "a", "x"), 1, "'title'"),
        (("cluster", "club", "organisations.title"), 1, "Its columns: slug, name."),
        (("cluster", "club", "name"), 2, "TABLE.COLUMN"),
        (("cluster", "club", "organisations.name", "--save", "7"), 2, "groups"),
        (("cluster", "club", "organisations.name", "--choose", "GIZ"), 1, "'GIZ' is in no group"),
        (
            ("cluster", "club", "organisations.name", "--choose", "World Bank", "--choose", "WORLD  BANK"),
            1,
            "are in one group",
        ),
        (("undo", "club", "1"), 1, "no step 1"),
        (("split", "nobody", "a.b", ";"), 1, "'nobody'"),
    ],
)
def test_what_makes_no_sense_is_refused_and_not_saved(
    home: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    result = run("clean", *arguments, "--home", home)
    assert result.exit_code == code
    assert said in result.output
    assert _steps(home) == []
