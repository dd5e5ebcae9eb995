"""A home for drafts, and what is asked of one again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from asmgraph import pipeline
from asmgraph.drafting import drafts
from asmgraph.drafting.drafts import Draft
from asmgraph.records import Sensitivity
from asmgraph.settings import Settings, load
from asmgraph.validation.report import Report


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(home=tmp_path / "home")


@dataclass(frozen=True)
class Steward:
    """Somebody with a file, who drafts a source of it and ingests it."""

    settings: Settings
    folder: Path

    def saves(self, content: str, name: str = "list.csv") -> Path:
        file = self.folder / name
        file.write_text(content, encoding="utf-8")
        return file

    def saves_sheets(self, sheets: Mapping[str, Sequence[Sequence[object]]], name: str = "list.xlsx") -> Path:
        book = openpyxl.Workbook()
        del book[book.sheetnames[0]]
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        book.save(self.folder / name)
        return self.folder / name

    def drafts(self, file: Path | str, **options: Any) -> Draft:
        return drafts.draft(self.settings, self.saves(file) if isinstance(file, str) else file, **options)

    def ingests(self, file: Path | str, **options: Any) -> Report:
        chosen = self.saves(file) if isinstance(file, str) else file
        return pipeline.ingest(self.settings, self.drafts(chosen, **options).name, chosen)

    def publishes(self, content: str) -> str:
        """Return what would be public if a draft were ingested as it is, but for being public."""
        made = self.drafts(content)
        described_in = made.folder / "source.yml"
        text = described_in.read_text(encoding="utf-8")
        described_in.write_text(
            text.replace("# sensitivity: public", "sensitivity: public"), encoding="utf-8"
        )
        report = pipeline.ingest(self.settings, made.name, self.folder / "list.csv")
        assert report.rows
        file = self.settings.home / "staging" / report.source / report.version / "public.nt"
        return file.read_text(encoding="utf-8")

    def stated(self, report: Report) -> str:
        """Return all that a draft's ingestion states, as N-Triples."""
        folder = self.settings.home / "staging" / report.source / report.version
        return "".join(
            (folder / f"{level}.nt").read_text(encoding="utf-8")
            for level in Sensitivity
            if (folder / f"{level}.nt").is_file()
        )


@pytest.fixture
def steward(settings: Settings, tmp_path: Path) -> Steward:
    return Steward(settings, tmp_path)


def described(made: Draft) -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml.safe_load((made.folder / "source.yml").read_text(encoding="utf-8"))
    return read


def columns(made: Draft) -> Mapping[str, Any]:
    """Return what a draft says of each column."""
    found: Mapping[str, Any] = described(made)["tables"]["rows"]["columns"]
    return found


def read_as(made: Draft) -> dict[str, str]:
    return {guess.column: guess.read_as for guess in made.guesses.columns}
