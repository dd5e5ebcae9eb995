"""Steps of a clean-up: saved with the source, replayed on the next file, refused where they make no sense."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from asmgraph.cleaning import steps
from asmgraph.cleaning.steps import Cluster, Edit, Replay, Split
from asmgraph.descriptions import Source
from asmgraph.errors import ConfigurationError
from asmgraph.records import ROW, Batch

SOURCE = Source.model_validate(
    {
        "name": "projects", "title": "t", "publisher": "p", "licence": "CC0-1.0", "url": "https://example.org/",
        "format": "csv", "tables": {"projects": {"columns": {"donor": {}, "districts": {}}}},
    }
)  # fmt: skip
MERGE = Cluster(step="cluster", table="projects", column="donor", values={"WORLD  BANK": "World Bank"})


def _replayed(*chosen: steps.Step, **columns: list[str | None]) -> tuple[pl.DataFrame, dict[int, int]]:
    frame = pl.DataFrame({ROW: list(range(1, len(next(iter(columns.values()))) + 1)), **columns})
    replay = Replay(chosen, steps.described(SOURCE, chosen))
    (batch,) = replay.apply([Batch("projects", frame)])
    return batch.frame, dict(replay.changed)


def test_a_cluster_writes_whole_cells_alike_and_counts_them() -> None:
    frame, changed = _replayed(MERGE, donor=["WORLD  BANK", "WORLD  BANK Group", None, "World Bank"])
    assert frame["donor"].to_list() == ["World Bank", "WORLD  BANK Group", None, "World Bank"]
    assert changed == {0: 1}


def test_in_lists_whole_items_are_merged() -> None:
    split = Split(step="split", table="projects", column="donor", separator=";")
    frame, changed = _replayed(split, MERGE, donor=["AfDB ; WORLD  BANK", "AfDB ; EU", None])
    assert frame["donor"].to_list() == ["AfDB;World Bank", "AfDB ; EU", None]
    assert changed == {0: 2, 1: 1}


def test_a_new_spelling_of_a_cluster_is_named_and_not_merged() -> None:
    frame = pl.DataFrame({ROW: [1, 2, 3], "donor": ["world bank", "World Bank", "AfDB"]})
    replay = Replay([MERGE], SOURCE)
    (batch,) = replay.apply([Batch("projects", frame)])
    assert batch.frame["donor"].to_list() == ["world bank", "World Bank", "AfDB"]
    assert replay.variants == {(0, "world bank"): 1}
    assert replay.first == {(0, "world bank"): (1,)}


def test_an_edit_replaces_a_text_as_it_stands() -> None:
    edit = Edit(step="edit", table="projects", column="donor", find="(AfDB", replace="(AfDB)")
    frame, changed = _replayed(edit, donor=["Bank (AfDB", "Bank", None])
    assert frame["donor"].to_list() == ["Bank (AfDB)", "Bank", None]
    assert changed == {0: 1}


def test_an_edit_with_a_regular_expression_keeps_its_groups() -> None:
    edit = Edit(
        step="edit", table="projects", column="donor", find=r"^\d+ - +(.*)$", replace="$1", regex=True
    )
    frame, _ = _replayed(edit, donor=["081 -  Health", "Health"])
    assert frame["donor"].to_list() == ["Health", "Health"]
    assert edit.describe() == r"projects.donor: replace what '^\d+ - +(.*)$' finds by '$1'"


def test_what_an_edit_leaves_blank_is_empty() -> None:
    edit = Edit(step="edit", table="projects", column="donor", find="Unspecified", replace="")
    frame, _ = _replayed(edit, donor=["  Unspecified", "x"])
    assert frame["donor"].to_list() == [None, "x"]


def test_steps_follow_each_other() -> None:
    edit = Edit(step="edit", table="projects", column="donor", find="  ", replace=" ")
    second = Cluster(step="cluster", table="projects", column="donor", values={"WORLD BANK": "World Bank"})
    frame, changed = _replayed(edit, second, donor=["WORLD  BANK"])
    assert frame["donor"].to_list() == ["World Bank"]
    assert changed == {0: 1, 1: 1}


def test_a_split_makes_lists_of_the_column() -> None:
    split = Split(step="split", table="projects", column="districts", separator=";")
    described = steps.described(SOURCE, [split])
    assert described.tables["projects"].columns["districts"].split == ";"
    assert SOURCE.tables["projects"].columns["districts"].split is None


def test_the_cells_that_a_split_cuts_are_counted() -> None:
    cut = steps.Split(step="split", table="projects", column="donor", separator=",")
    assert _replayed(cut, donor=["A, B", "A", None, "C,D,E"])[1] == {0: 2}


@pytest.mark.parametrize(("table", "column"), [("projects", "donors"), ("project", "donor")])
def test_a_step_about_what_is_not_there_is_named_with_its_number(table: str, column: str) -> None:
    wrong = MERGE.model_copy(update={"table": table, "column": column})
    with pytest.raises(ConfigurationError, match=r"Step 2 of projects .*clean undo projects 2"):
        steps.described(SOURCE, [MERGE, wrong])


def test_saved_steps_come_back_in_their_order(tmp_path: Path) -> None:
    chosen: list[steps.Step] = [
        MERGE,
        Edit(step="edit", table="projects", column="donor", find="é+", replace="e", regex=True),
        Split(step="split", table="projects", column="districts", separator=";"),
    ]
    steps.save(tmp_path, chosen)
    assert steps.load(tmp_path) == chosen


def test_without_steps_there_is_no_file(tmp_path: Path) -> None:
    steps.save(tmp_path, [MERGE])
    steps.save(tmp_path, [])
    assert steps.load(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("- {step: merge, table: t, column: c}", "0"),
        ("- {step: cluster, table: t, column: c, values: {}}", "values"),
        ("- {step: edit, table: t, column: c, find: '(', replace: '', regex: true}", "not a regular expression"),
        ("- {step: split, table: t, column: c, separator: ';', spare: 1}", "spare"),
        ("a: [", "YAML"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_of_steps_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / steps.FILE).write_text(text)
    with pytest.raises(ConfigurationError, match=rf"(?s)steps\.yml.*{named}"):
        steps.load(tmp_path)
