"""The audit of the starter data: a verdict for every row, and a page whose numbers are those of audit.csv."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from asmgraph import descriptions

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "data" / "starter"
PAGE = ROOT / "docs" / "explanation" / "starter-data-audit.md"
VERDICTS = ("ok", "corrected", "added", "dropped", "weak")
# Why a row may be weak; a row may have other remarks beside these.
REASONS = (
    "read only in a copy or a site that names no publisher",
    "a copy held elsewhere, a collection of excerpts, or a site that names no publisher",
    "no year stated",
    "no time stated",
    "as an inventory quotes it",
    "the list does not separate ASM from other mining",
    "amount without a value date",
)
TABLES = tuple(descriptions.load(STARTER).tables)


@cache
def read(name: str) -> tuple[dict[str, str], ...]:
    with (STARTER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def counted(table: str | None = None) -> Counter[str]:
    return Counter(row["verdict"] for row in read("audit") if table in (None, row["table"]))


def test_the_audit_has_one_row_each_and_known_verdicts() -> None:
    found = [(row["table"], row["slug"]) for row in read("audit")]
    assert found == sorted(set(found))
    assert {row["verdict"] for row in read("audit")} == set(VERDICTS)
    assert [row["slug"] for row in read("audit") if not row["why"]] == []


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_a_verdict_and_dropped_rows_are_gone(table: str) -> None:
    verdicts = {row["slug"]: row["verdict"] for row in read("audit") if row["table"] == table}
    assert {slug for slug, verdict in verdicts.items() if verdict != "dropped"} == {
        row["slug"] for row in read(table)
    }


def test_a_corrected_row_says_what_changed() -> None:
    assert [
        row["slug"] for row in read("audit") if row["verdict"] == "corrected" and not row["what_changed"]
    ] == []


def test_the_audit_repeats_the_best_reliability_of_the_sources() -> None:
    graded = {row["slug"]: row["reliability"] for row in read("sources")}
    order = ("primary", "secondary", "weak")
    audited = {(row["table"], row["slug"]): row["reliability"] for row in read("audit")}
    for table in TABLES:
        for row in read(table):
            cited = (
                [row["slug"]] if table == "sources" else [part for part in row["source"].split(";") if part]
            )
            assert audited[table, row["slug"]] == min((graded[slug] for slug in cited), key=order.index)


def test_a_figure_without_a_year_is_never_called_sound() -> None:
    undated = {(t, row["slug"]) for t in ("estimates", "needs") for row in read(t) if not row["year"]}
    sound = {(row["table"], row["slug"]) for row in read("audit") if row["verdict"] == "ok"}
    assert undated & sound == set()


def verdict_table() -> list[str]:
    lines = ["| table | rows before | checked ok | corrected | dropped | weak | added | rows now |"]
    lines.append("|---|---:|---:|---:|---:|---:|---:|---:|")
    for table in (*TABLES, None):
        found = counted(table)
        before = found.total() - found["added"]
        numbers = [before, found["ok"], found["corrected"], found["dropped"], found["weak"], found["added"]]
        numbers.append(found.total() - found["dropped"])
        lines.append(f"| {table or 'all'} | " + " | ".join(f"{number:,}" for number in numbers) + " |")
    return lines


def source_table() -> list[str]:
    lines = ["| table | primary | secondary | weak only | second source read |", "|---|---:|---:|---:|---:|"]
    for table in TABLES:
        of_table = [row for row in read("audit") if row["table"] == table and row["verdict"] != "dropped"]
        grades = Counter(row["reliability"] for row in of_table)
        second = sum(bool(row["second_source"]) for row in of_table)
        lines.append(
            f"| {table} | {grades['primary']} | {grades['secondary']} | {grades['weak']} | {second} |"
        )
    return lines


def reason_table() -> list[str]:
    weak = [set(row["why"].split("; ")) & set(REASONS) for row in read("audit") if row["verdict"] == "weak"]
    assert all(weak)
    reasons = Counter(why for found in weak for why in found)
    lines = ["| why a row is weak | rows |", "|---|---:|"]
    return lines + [
        f"| {why} | {count} |" for why, count in sorted(reasons.items(), key=lambda x: (-x[1], x[0]))
    ]


@pytest.mark.parametrize("made", [verdict_table, source_table, reason_table])
def test_the_page_states_the_numbers_of_the_audit(made) -> None:  # type: ignore[no-untyped-def]
    table = "\n".join(made())
    assert table in PAGE.read_text(encoding="utf-8"), f"put this table into {PAGE.name}:\n{table}"
