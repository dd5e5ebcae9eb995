"""The documentation is true: commands and programs in it run, links lead somewhere, nothing is left out.

A fenced block is marked by the comment before it: ``<!-- run -->`` runs the ``$`` lines of a console block, or
a Python block; ``<!-- file: PATH -->`` writes the block to a file first. Each page starts from its own copy of a
home with the starter data, in a folder where ``docs/`` and ``data/`` are at hand, and runs from top to bottom.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
from starlette.routing import BaseRoute

from api.app import create_app
from asmgraph.analysis import Parameters, find_gaps
from asmgraph.analysis.measures.catalogue import MEASURES
from asmgraph.cli import app
from asmgraph.mapping.functions import ASMFN, FUNCTIONS, GREL, IDLAB
from asmgraph.records import ASM
from asmgraph.settings import PREFIX, Settings, load
from asmgraph.store import select, snapshots

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
REFERENCE = ROOT / "docs" / "reference"
SERVED = "http://127.0.0.1:8000"

_BLOCK = re.compile(r"^(?:<!-- (run|file: \S+) -->\n)?```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_MACHINE = re.compile(r"(?<![\w.:/-])/(?:work|home|root|tmp|Users|mnt|opt)/")


@dataclass(frozen=True)
class Block:
    """A fenced block: ``mark`` is ``run``, ``file: PATH`` or empty."""

    mark: str
    language: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    for mark, language, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        yield Block(mark, language, text)


def commands(block: Block) -> list[str]:
    return [line.removeprefix("$ ") for line in block.text.splitlines() if line.startswith("$ ")]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    """Return the page without its fenced blocks and inline code."""
    return re.sub(r"`[^`\n]*`", "", _BLOCK.sub("", page.read_text(encoding="utf-8")))


def anchors(page: Path) -> set[str]:
    """Return the anchors that headings get, as GitHub and most renderers make them."""
    headings = _HEADING.findall(_BLOCK.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


RUNNING = [page for page in PAGES if any(block.mark for block in blocks(page))]


@pytest.mark.parametrize("page", RUNNING, ids=name)
def test_marked_blocks_run(
    page: Path, starter_home: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shutil.copytree(starter_home, tmp_path / ".asmgraph", symlinks=True)
    for shared in ("docs", "data"):
        (tmp_path / shared).symlink_to(ROOT / shared)
    for block in blocks(page):
        if block.mark.startswith("file: "):
            file = tmp_path / block.mark.removeprefix("file: ")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        elif block.mark == "run" and block.language == "python":
            run([sys.executable, "-c", block.text], tmp_path)
        elif block.mark == "run":
            assert block.language == "console", f"{name(page)}: only console and python blocks run"
            assert commands(block), f"{name(page)}: a console block without a command"
            for command in commands(block):
                run_command(command, tmp_path, request)


def run_command(command: str, folder: Path, request: pytest.FixtureRequest) -> None:
    program, *arguments = shlex.split(command)
    if program == "curl":
        if shutil.which("curl"):
            server = request.getfixturevalue("live_server")
            run(["curl", *(part.replace(SERVED, server) for part in arguments)], folder)
        return
    assert program == "asmgraph", f"cannot run {command!r}"
    run([sys.executable, "-c", "from asmgraph.cli import app; app()", *arguments], folder)


def run(arguments: list[str], folder: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
    paths = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
    done = subprocess.run(
        arguments,
        cwd=folder,
        env={**environment, "PYTHONPATH": paths, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{shlex.join(arguments)}\n{done.stdout}\n{done.stderr}"
    assert done.stdout, f"{shlex.join(arguments)} says nothing"


def test_the_exercise_of_the_tutorial_does_what_it_says(starter_home: Path, tmp_path: Path) -> None:
    page = ROOT / "docs" / "tutorials" / "first-hour.md"
    home = tmp_path / ".asmgraph"
    shutil.copytree(starter_home, home, symlinks=True)
    for block in blocks(page):
        if block.mark.startswith("file: "):
            file = tmp_path / block.mark.removeprefix("file: ")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
    parameters = Parameters(place="COD", kind="co-presence")
    before = find_gaps(snapshots.current(home), parameters).gaps
    cli = [sys.executable, "-c", "from asmgraph.cli import app; app()"]
    run([*cli, "ingest", "first-hour", "ties.csv"], tmp_path)
    run([*cli, "publish"], tmp_path)
    after = find_gaps(snapshots.current(home), parameters).gaps
    gone = {gap.gap_iri for gap in before} - {gap.gap_iri for gap in after}
    assert len(before) - len(after) == len(gone) == 1
    assert "BASF SE and Fairphone" in next(gap.explanation for gap in before if gap.gap_iri in gone)
    for folder in ("sources", "staging"):
        shutil.rmtree(home / folder / "first-hour")
    run([*cli, "publish"], tmp_path)
    assert len(find_gaps(snapshots.current(home), parameters).gaps) == len(before)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_relative_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in _LINK.findall(prose(page)):
        target, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CITATION.cff"], ids=name)
def test_no_page_names_a_path_of_a_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not _MACHINE.search(text)
    assert str(ROOT) not in text


def test_every_page_is_reached_from_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    found, waiting = {index}, [index]
    while waiting:
        page = waiting.pop()
        targets = {(page.parent / link.partition("#")[0]).resolve() for link in _LINK.findall(prose(page))}
        new = {file for file in targets if file.suffix == ".md" and file.is_file()} - found
        found |= new
        waiting += new
    assert {page for page in PAGES if page.is_relative_to(ROOT / "docs")} <= found


def test_every_setting_is_documented_with_its_default() -> None:
    text = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    said = dict(re.findall(r"^\| `(\w+)` \| `([^`]*)` \|", text, re.MULTILINE))
    expected = {PREFIX + key.upper(): field.default for key, field in Settings.model_fields.items()}
    assert said.keys() == expected.keys()
    for variable, default in expected.items():
        shown = f"{default:g}" if isinstance(default, float) else str(default)
        assert said[variable] == shown, variable


def test_every_command_and_option_is_documented_and_no_other() -> None:
    text = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## asmgraph ([\w ]+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    existing = every_command(typer.main.get_command(app))
    assert sections.keys() == existing.keys()
    for command, section in sections.items():
        said = set(re.findall(r"^- `(--[\w-]+)`", section, re.MULTILINE))
        options = {
            option
            for parameter in existing[command].params
            if parameter.param_type_name == "option"
            for option in parameter.opts
            if option.startswith("--") and option != "--help"
        }
        assert said == options, command


def test_every_function_of_a_mapping_is_documented_with_its_parameters() -> None:
    text = (REFERENCE / "mapping-yarrrml.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    prefixes = {ASMFN: "asmfn", GREL: "grel", IDLAB: "idlab-fn"}
    for function in FUNCTIONS.values():
        known_as = f"`{prefixes[function.iri.removesuffix(function.name)]}:{function.name}`"
        (row,) = (line for line in rows if known_as in line.split(" | ")[0])
        parameters = row.split(" | ")[1]
        assert all(f"`{parameter.name}`" in parameters for parameter in function.parameters), function.name


def test_every_measure_is_documented_and_no_other() -> None:
    text = (REFERENCE / "measures.md").read_text(encoding="utf-8")
    table = text.split("## Of each node")[1].split("## Of the whole")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(MEASURES)


def every_command(group: Any, prefix: str = "") -> dict[str, Any]:
    """Return every command by its words; typer types a group as a plain command."""
    found: dict[str, Any] = {}
    for name, one in group.commands.items():
        if not hasattr(one, "commands") or one.invoke_without_command:
            found[f"{prefix}{name}"] = one
        if hasattr(one, "commands"):
            found |= every_command(one, f"{prefix}{name} ")
    return found


def test_every_address_is_documented_and_no_other(tmp_path: Path) -> None:
    text = (REFERENCE / "pages-and-api.md").read_text(encoding="utf-8")
    first_cells = re.findall(r"^\| (`/.*?) \|", text, re.MULTILINE)
    said = {address for cell in first_cells for address in re.findall(r"`(/[^`]*)`", cell)}
    assert said == set(addresses(create_app(load(home=tmp_path)).routes))


def addresses(routes: Iterable[BaseRoute]) -> Iterator[str]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield getattr(route, "path")  # noqa: B009 - routes and mounts have one, their base class has not
        else:
            yield from addresses(included.routes)


def test_numbers_of_the_starter_data_are_those_of_the_pages(starter_home: Path) -> None:
    snapshot = snapshots.current(starter_home)
    rows = select.select(snapshot, "page-counts")
    counts = {(row["class"] or "").removeprefix(ASM): row["things"] for row in rows}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for kind, word in {
        "Intervention": "interventions",
        "Organisation": "organisations",
        "CoordinationTie": "ties",
        "Need": "needs",
    }.items():
        assert f"{counts[kind]} {word}" in readme


def test_numbers_of_decision_0005_are_those_of_the_starter_data(starter_home: Path) -> None:
    text = (ROOT / "docs" / "decisions" / "0005-co-presence-min-overlap.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (\d) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    assert len(table) == 3
    snapshot = snapshots.current(starter_home)
    for overlap, everywhere, congo in table:
        found = [
            len(find_gaps(snapshot, Parameters(place, "co-presence", min_overlap=int(overlap))).gaps)
            for place in (None, "COD")
        ]
        assert found == [int(everywhere), int(congo)]


def test_numbers_of_unserved_needs_are_those_of_the_starter_data(starter_home: Path) -> None:
    found = find_gaps(
        snapshots.current(starter_home), Parameters(kind="unserved-need", as_of="latest-covered")
    )
    unknown = sum("state not known" in {entry.kind for entry in gap.evidence} for gap in found.gaps)
    text = (ROOT / "docs" / "decisions" / "0004-unknown-state.md").read_text(encoding="utf-8")
    assert f"{len(found.gaps)} needs are unserved" in text
    assert f"{unknown} of them beside an intervention of unknown state" in " ".join(text.split())
