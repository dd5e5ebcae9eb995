"""The same list in every format gives the same statements, and its bad row is named by the number a person sees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asmgraph import pipeline, settings
from asmgraph.records import Sensitivity
from asmgraph.store import staging
from tests.club import MAPPING
from tests.sources.test_sheets import ods, xlsx

ROWS = [("a", "Alpha", "2014"), ("b", "Beta", "soon"), ("c", "#N/A", "2015"), ("d", "Delta", "2016-05")]
HEADER = ("code", "name", "since")
SOURCE = """
name: club
title: A club
publisher: The tests
licence: CC0-1.0
url: https://example.org/
format: {format}
sensitivity: public
tables:
  members:
    {more}
    key: [code]
    columns:
      code: {{ type: identifier, required: true{code} }}
      name: {{ required: true{name} }}
      since: {{ type: date{since} }}
"""


def delimited(file: Path, sign: str, *before: tuple[str, ...]) -> Path:
    file.write_text("".join(sign.join(row) + "\n" for row in (*before, HEADER, *ROWS)), encoding="utf-8")
    return file


def written(folder: Path, format_: str) -> Path:
    records = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    match format_:
        case "csv":
            return delimited(folder / "t.csv", ";")
        case "tsv":
            return delimited(folder / "t.tsv", "\t")
        case "xlsx":
            return xlsx(folder, [["The club"], [], HEADER, *ROWS])
        case "ods":
            return ods(folder, [["The club"], [], HEADER, *ROWS])
        case "hxl":
            lines = [",".join(HEADER), "#org+code,#org+name,#date", *(",".join(row) for row in ROWS)]
            content, name = "\n".join(lines), "t.csv"
        case "json":
            content, name = json.dumps({"club": {"members": records}}), "t.json"
        case "geojson":
            features = [{"type": "Feature", "properties": record, "geometry": None} for record in records]
            content, name = json.dumps({"type": "FeatureCollection", "features": features}), "t.geojson"
        case _:
            cells = ("".join(f"<{key}>{text}</{key}>" for key, text in record.items()) for record in records)
            content, name = f"<club>{''.join(f'<member>{inner}</member>' for inner in cells)}</club>", "t.xml"
    (folder / name).write_text(content, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("format_", "more", "bad"),
    [
        ("csv", "separator: ';'", [2, 3]),
        ("tsv", "file: t.tsv", [2, 3]),
        ("xlsx", "header: 3", [5, 6]),
        ("ods", "header: 3", [5, 6]),
        ("hxl", "file: t.csv", [4, 5]),
        ("json", "records: club/members", [2, 3]),
        ("geojson", "file: t.geojson", [2, 3]),
        ("xml", "records: member", [2, 3]),
    ],
)
def test_a_list_is_staged_whatever_its_format(
    format_: str, more: str, bad: list[int], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    folder = home / "sources" / "club"
    folder.mkdir(parents=True)
    tags = {"code": ", at: '#org+code'", "name": ", at: '#org+name'", "since": ", at: '#date'"}
    at = tags if format_ == "hxl" else dict.fromkeys(tags, "")
    (folder / "source.yml").write_text(SOURCE.format(format=format_, more=more, **at), encoding="utf-8")
    (folder / "mapping.yml").write_text(MAPPING, encoding="utf-8")
    report = pipeline.ingest(settings.load(home=home), "club", written(tmp_path, format_))
    assert report.rows == {"members": 4}
    assert [(one.row, one.column, one.value) for one in report.refused] == [
        (bad[0], "since", "soon"),
        (bad[1], "name", "#N/A"),
    ]
    assert (report.unlisted_columns, report.absent_columns) == ({}, {})
    staged = staging.current(home, "club")
    assert staged is not None
    lines = staged.file(Sensitivity.PUBLIC).read_text(encoding="utf-8")
    assert sorted(
        line.split('"')[1] for line in lines.splitlines() if "actor/" in line and "label" in line
    ) == [
        "Alpha",
        "Delta",
    ]
