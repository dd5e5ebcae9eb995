"""Validating all that is staged again finds what its ingestion found; a version knows what its report rests on."""

from __future__ import annotations

from pathlib import Path

from asmgraph import pipeline, review, settings
from asmgraph.store import staging


def test_a_full_check_of_what_is_staged_finds_what_the_ingestions_found(starter_home: Path) -> None:
    chosen = settings.load(home=starter_home)
    reports, conflicts = pipeline.revalidate(chosen)
    assert reports == pipeline.validate(chosen)
    assert not any(violation.refuses for report in reports for violation in report.violations)
    assert conflicts == sorted(conflicts)


def test_a_version_remembers_the_rules_and_the_versions_around_it(starter_home: Path) -> None:
    staged = staging.all_current(starter_home)
    manifest = staged["starter"].manifest
    assert manifest["rules"] == review.rules()
    assert manifest["others"] == {name: one.version for name, one in staged.items() if name != "starter"}


def test_the_parts_of_a_staged_version_hold_its_files(starter_home: Path) -> None:
    for one in staging.all_current(starter_home).values():
        found = [line for part in one.parts() for line in part.all_lines(one.folder)]
        assert found == sorted(set(one.lines()), key=str.encode)
