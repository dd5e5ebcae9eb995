"""``asmgraph sources new`` says what it guessed, and ``sources`` alone still lists."""

from __future__ import annotations

import json
import shlex
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


def test_the_next_command_can_be_copied(tmp_path: Path) -> None:
    file, home = tmp_path / "l'été; list $HOME.csv", tmp_path / "the home"
    file.write_text(FILE, encoding="utf-8")
    _, told = _run("sources", "new", file, "--home", home)
    following = next(line for line in told.splitlines() if line.startswith("Next: ")).removeprefix("Next: ")
    assert shlex.split(following) == ["asmgraph", "ingest", "l-ete-list-home", str(file), "--home", str(home)]
    code, told = _run(*shlex.split(following)[1:])
    assert code == 0
    following = next(line for line in told.splitlines() if line.startswith("Next: ")).removeprefix("Next: ")
    assert shlex.split(following) == ["asmgraph", "publish", "--home", str(home)]


def test_a_file_that_is_not_there_does_not_exist(tmp_path: Path) -> None:
    code, told = _run("sources", "new", tmp_path / "none.csv", "--home", tmp_path / "home")
    assert code == 1
    assert "none.csv does not exist." in told
    assert "is not a file." in _run("sources", "new", tmp_path, "--home", tmp_path / "home")[1]


def test_a_long_heading_is_not_echoed_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"Project,Donor,{'y' * 20_000}\nOne,Fund,a\n", encoding="utf-8")
    code, told = _run("sources", "new", file, "--home", tmp_path / "home")
    assert code == 0
    assert "y" * 100 not in told


def test_header_and_sheet_are_options(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("x,y,z\nProject,Donor,Contact\nOne,Fund,A. N. Other\n", encoding="utf-8")
    code, told = _run("sources", "new", file, "--home", tmp_path / "home", "--header", 2, "--json")
    assert code == 0
    assert [column["read_as"] for column in json.loads(told)["columns"]] == ["title", "funder", "ignored"]
    code, told = _run("sources", "new", file, "--home", tmp_path / "home", "--name", "b", "--sheet", "s")
    assert code == 1
    assert "has no sheets" in told


def test_splitting_what_names_a_row_is_warned_of(tmp_path: Path) -> None:
    file, home = tmp_path / "a.csv", tmp_path / "home"
    file.write_text('Project,Partner,Donor\nOne,"Aid, Care",Fund\nOne,Aid,Fund\n', encoding="utf-8")
    options = ("--home", home, "--key", "Project", "--key", "Partner")
    assert _run("sources", "new", file, *options)[0] == 0
    code, told = _run("clean", "split", "a", "rows.Partner", ",", "--home", home)
    assert code == 0
    assert "Look: Partner is part of what names the things of intervention in mapping.yml" in " ".join(
        told.split()
    )
    assert "Look" not in _run("clean", "split", "a", "rows.Donor", ",", "--home", home)[1]


def _public(home: Path, name: str, **facts: str) -> None:
    described = home / "sources" / name / "source.yml"
    text = described.read_text(encoding="utf-8").replace("# sensitivity: public", "sensitivity: public")
    for key, value in facts.items():
        text = text.replace(f"{key}: not stated", f"{key}: {value}")
    described.write_text(text, encoding="utf-8")


def test_a_public_source_without_publisher_or_licence_is_warned_of(tmp_path: Path) -> None:
    file, home = tmp_path / "a.csv", tmp_path / "home"
    file.write_text("Project,Donor\nOne,Fund\n", encoding="utf-8")
    assert _run("sources", "new", file, "--home", home)[0] == 0
    assert "is not stated" not in _run("ingest", "a", file, "--home", home)[1]
    _public(home, "a")
    for told in (_run("ingest", "a", file, "--home", home)[1], _run("publish", "--home", home)[1]):
        assert "its publisher is not stated" in told
        assert "its licence is not stated" in told
    assert "Look" not in _run("publish", "--home", home)[1]  # said once of each version
    _public(home, "a", publisher="Example Office", licence="CC-BY-4.0")
    for told in (_run("ingest", "a", file, "--home", home)[1], _run("publish", "--home", home)[1]):
        assert "is not stated" not in told


def test_an_ingestion_that_states_nothing_of_the_rows_says_so(tmp_path: Path) -> None:
    file, home = tmp_path / "a.csv", tmp_path / "home"
    file.write_text("Colour,Weight\nred,1\nblue,2\n", encoding="utf-8")
    assert _run("sources", "new", file, "--home", home)[0] == 0
    code, told = _run("ingest", "a", file, "--home", home)
    assert code == 0
    assert "Look: nothing is stated of its 2 rows" in told
    assert "nothing is stated of its 2 rows" in _run("validate", "a", "--format", "html", "--home", home)[1]
