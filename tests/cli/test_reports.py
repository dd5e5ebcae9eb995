"""A steward reads the same in every form of a report: which rows, why, and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.test_cli import run
from tests.pipeline.test_pipeline import MAPPING, SOURCE

FORMS = ("table", "json", "html", "csv", "turtle")
COLUMNS = """      name: {}
      kind: { lookup: [kind] }
      since: { type: date, dates: ['%d/%m/%Y'], on_error: keep }
"""
ROWS = """slug,name,kind,since,secretary
a,A,public,05/03/2020,somebody
b,B,Verein,31.12.2021,
c,C,public,2020,somebody
d,D,Verein,2021,
e,,public,2021,
"""


@pytest.fixture
def home(starter_home: Path, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    folder = home / "sources" / "club"
    folder.mkdir(parents=True)
    text = SOURCE.replace("      name: {}\n", COLUMNS, 1)
    (folder / "source.yml").write_text(text + "lookups: { kind: { public: actor-type/government } }\n")
    (folder / "mapping.yml").write_text(MAPPING)
    (folder / "organisations.csv").write_text(ROWS)
    (folder / "ties.csv").write_text("slug,a,b\n")
    assert run("ingest", "club", "--home", home).exit_code == 3
    return home


@pytest.mark.parametrize("form", FORMS)
def test_every_form_names_rows_reasons_and_what_to_do(home: Path, form: str) -> None:
    result = run("validate", "club", "--format", form, "--home", home)
    assert result.exit_code == 3
    said = " ".join(result.stdout.replace("│", " ").split())
    assert "31.12.2021" in said
    assert "%d.%m.%Y" in said, "the form that reads the broken date"
    assert "%d/%m/%Y" in said, "the forms that were tried"
    assert "is in no lookup of kind" in said
    rows = {
        "table": ("row 2: Verein; row 4: Verein", "in 2 cells, rows 2, 4"),
        "json": ('"rows": [ 2, 4 ]',),
        "html": ("row 2: Verein; row 4: Verein",),
        "csv": ("in 2 cells, rows 2, 4",),
        "turtle": ("in 2 cells, rows 2, 4", "organisations/row=2>"),
    }
    for place in rows[form]:
        assert place in said
    if form == "turtle":
        assert "sh:conforms false" in said
    else:  # a column that nobody planned for is no fault of a row
        assert "secretary" in said


@pytest.mark.parametrize("form", ["table", "html", "csv"])
def test_the_rows_that_fill_an_unplanned_column_are_counted(home: Path, form: str) -> None:
    assert "filled in 2 rows" in run("validate", "club", "--format", form, "--home", home).stdout


def test_a_stopped_ingestion_is_told_of_by_what_speaks_of_the_version_before(home: Path) -> None:
    assert "was stopped" not in run("diff", "club", "--home", home).output
    (home / "sources" / "club" / "organisations.csv").write_text("slug,name,kind,since\ne,,public,2021\n")
    assert run("ingest", "club", "--home", home).exit_code == 1
    found = run("diff", "club", "--home", home)
    assert found.exit_code == 0
    assert "the last ingestion of club was stopped" in " ".join(found.output.split())
    assert run("validate", "club", "--home", home).exit_code == 1
