"""The commands on runs of the gap analyses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from typer.testing import CliRunner, Result

from asmgraph.cli import app
from asmgraph.records import ID

ASKED = ("--place", "COD", "--kind", "unserved-need", "--as-of", "latest-covered")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def home(starter_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("gaps") / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    return home


@pytest.fixture(scope="module")
def gap(home: Path) -> str:
    result = run("gaps", "run", *ASKED, "--json", "--home", home)
    assert result.exit_code == 0, result.output
    done = json.loads(result.output)
    assert done["new"] == done["gaps"]
    return str(done["gaps"][0])


def test_the_same_again_says_so(home: Path, gap: str) -> None:
    result = run("gaps", "run", *ASKED, "--home", home)
    assert "Nothing changed" in result.output


def test_publish_takes_it_up_at_once(home: Path, gap: str) -> None:
    result = run("gaps", "run", *ASKED, "--publish", "--home", home)
    assert "is published" in result.output
    query = f"SELECT ?p {{ GRAPH ?g {{ <{gap}> a ?p }} }}"
    assert "CoordinationGap" in run("query", query, "--home", home).output
    assert "CoordinationGap" not in run("query", f"SELECT ?p {{ <{gap}> a ?p }}", "--home", home).output


def test_a_gap_is_shown_whole(home: Path, gap: str) -> None:
    slug = gap.removeprefix(f"{ID}gap/")
    shown = run("gaps", "show", slug, "--home", home).output
    assert gap in shown
    assert "Evidence: " in shown
    assert "First found" in shown
    content = json.loads(run("gaps", "show", gap, "--language", "fr", "--json", "--home", home).output)
    assert content["label"].startswith("besoin non couvert")
    assert content["evidence"]
    assert all(entry["source_title"] for entry in content["evidence"])
    assert content["runs"][0]["parameters"] == ["place=COD", "kind=unserved-need", "as_of=latest-covered"]


def test_its_linked_data_is_turtle(home: Path, gap: str) -> None:
    text = run("gaps", "show", gap, "--turtle", "--home", home).output
    subjects = {quad.subject.value for quad in parse(text.encode(), format=RdfFormat.TURTLE)}
    assert subjects == {gap}


def test_what_is_said_is_kept_and_shown_where_it_may_be(home: Path, gap: str) -> None:
    said = run(
        "gaps", "status", gap, "disputed", "--why", "[b]We[/b] help.", "--by", "The office", "--home", home
    )
    assert said.exit_code == 0, said.output
    assert "full dataset" in said.output
    assert "[b]We[/b] help." not in run("gaps", "show", gap, "--home", home).output
    assert "[b]We[/b] help. (The office)" in run("gaps", "show", gap, "--full", "--home", home).output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "unserved-need-"), "More than one gap"),
        (("show", "silly"), "asmgraph gaps list"),
        (("run", "--place", "XYZ"), "No place"),
        (("run", "--tie-kind", "[red]silly"), "no kind of tie"),
        (("status", "silly", "resolved", "--why", "x"), "No run found"),
        (("status", "unserved-need", "gone", "--why", "x"), "no status"),
    ],
)
def test_what_is_wrong_is_said(home: Path, gap: str, arguments: tuple[str, ...], said: str) -> None:
    result = run("gaps", *arguments, "--home", home)
    assert result.exit_code == 1
    assert said in result.output


def test_a_home_without_data_says_what_to_do(tmp_path: Path) -> None:
    result = run("gaps", "run", "--home", tmp_path / "none")
    assert result.exit_code == 1
    assert "asmgraph init" in result.output
