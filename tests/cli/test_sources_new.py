"""``asmgraph sources new`` says what it guessed, and ``sources`` alone still lists."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from asmgraph.cli import app

FILE = "Project,Donor,Contact\n[red]One[/],Fund,A. N. Other\nTwo,Fund,B. Other\n"


def _run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(map(str, arguments)))
    return result.exit_code, result.output


def test_a_draft_is_explained_and_named_among_the_sources(tmp_path: Path) -> None:
    file, home = tmp_path / "list of work.csv", tmp_path / "home"
    file.write_text(FILE, encoding="utf-8")
    code, told = _run("sources", "new", file, "--home", home)
    assert code == 0
    for words in ("funder", "the heading 'Donor'", "ignored", "To decide:", "asmgraph ingest list-of-work"):
        assert words in told
    assert (home / "sources" / "list-of-work" / "mapping.yml").is_file()
    assert "list-of-work" in _run("sources", "--home", home)[1]


def test_a_draft_is_explained_to_programs(tmp_path: Path) -> None:
    file, home = tmp_path / "a.csv", tmp_path / "home"
    file.write_text(FILE, encoding="utf-8")
    code, told = _run("sources", "--home", home, "new", file, "--name", "mine", "--json")
    assert code == 0
    content = json.loads(told)
    assert (content["name"], content["rows"], content["format"]) == ("mine", "activities", "csv")
    assert [column["read_as"] for column in content["columns"]] == ["title", "funder", "ignored"]


def test_a_second_draft_of_the_name_is_refused(tmp_path: Path) -> None:
    file, home = tmp_path / "a.csv", tmp_path / "home"
    file.write_text(FILE, encoding="utf-8")
    assert _run("sources", "new", file, "--home", home)[0] == 0
    code, told = _run("sources", "new", file, "--home", home)
    assert code == 1
    assert "There is a source 'a' already." in told
