"""What a release tells of its sources is what their graphs and their files hold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph import pipeline, resources, settings
from asmgraph.errors import StoreError
from asmgraph.export import downloads, release
from asmgraph.export.release import Release, _last_day
from asmgraph.store import snapshots
from tests.store.homes import GRAPH, published

DAY = dt.date(2026, 6, 15)


@pytest.fixture(scope="module")
def described(starter_home: Path) -> Release:
    return release.describe(snapshots.current(starter_home))


def test_every_statement_belongs_to_a_source(described: Release, starter_home: Path) -> None:
    snapshot = snapshots.current(starter_home)
    held = {graph: count for graph, count in snapshot.counts.items() if not graph.endswith("/inferred")}
    assert set(described.by_graph()) == set(held)
    assert sum(source.statements for source in described.sources.values()) == sum(held.values())


def test_shares_of_filled_cells_are_those_of_the_file(described: Release) -> None:
    frame = pl.read_csv(resources.catalogue() / "starter" / "organisations.csv", infer_schema=False)
    measured = {
        one.column.removeprefix("organisations."): one.value
        for one in described.source("starter").measures
        if one.column.startswith("organisations.")
    }
    assert measured == {
        column: round(Decimal(frame[column].count()) / Decimal(frame.height), 4) for column in frame.columns
    }


def test_shares_of_interventions_are_those_of_the_file(described: Release) -> None:
    frame = pl.read_csv(resources.catalogue() / "starter" / "interventions.csv", infer_schema=False)
    measured = {one.metric: one.value for one in described.source("starter").measures if not one.column}
    dated = frame.filter(pl.col("start").is_not_null() | pl.col("end").is_not_null()).height
    assert measured["interventions-with-date"] == round(Decimal(dated) / Decimal(frame.height), 4)
    assert measured["refused-rows"] == 0


def test_refused_and_unmapped_are_counted_when_a_source_is_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folder = home / "sources" / "small"
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(
        "name: small\ntitle: Small\npublisher: The tests\nlicence: CC0-1.0\nurl: https://example.org/\n"
        "format: csv\nsensitivity: public\nlookups: { kind: { ngo: actor-type/ngo } }\n"
        "tables:\n  rows:\n    file: rows.csv\n    key: [slug]\n    columns:\n"
        "      slug: { type: identifier }\n      name: {}\n      kind: { lookup: [kind] }\n"
        "      note: { ignore: not needed }\n"
    )
    (folder / "mapping.yml").write_text(
        "prefixes: { asm: 'https://w3id.org/asmgraph/ontology#', id: 'https://w3id.org/asmgraph/id/', "
        "rdfs: 'http://www.w3.org/2000/01/rdf-schema#', dcterms: 'http://purl.org/dc/terms/', "
        "asmfn: 'https://w3id.org/asmgraph/function#' }\n"
        "sources: { rows: { access: rows, referenceFormulation: csv } }\n"
        "mappings:\n  actor:\n    sources: rows\n    subjects: id:actor/$(slug)\n    predicateobjects:\n"
        "      - [a, asm:Organisation]\n      - [rdfs:label, $(name)]\n"
        "      - [asm:actorType, 'asmfn:lookup(asmfn:table=kind, asmfn:value=$(kind))']\n"
        "      - [dcterms:source, id:source/iso-3166-1~iri]\n"
    )
    (folder / "rows.csv").write_text(
        "slug,name,kind,note\na,A,ngo,x\nb,B,guild,x\nc,C,ngo,x\nd,,,x\na,Again,ngo,x\n"
    )
    chosen = settings.load(home=home)
    report = pipeline.ingest(chosen, "small")
    assert report.refused_rows == 1 + 1  # the repeated key, and the name that a shape asks for
    pipeline.publish(chosen)
    measures = {
        (one.metric, one.column): one.value
        for one in release.describe(snapshots.current(home)).source("small").measures
        if not one.metric.startswith("days")
    }
    assert measures == {
        ("refused-rows", ""): Decimal("0.4"),
        ("unmapped-values", ""): Decimal("0.25"),
        ("filled-cells", "rows.slug"): Decimal(1),
        ("filled-cells", "rows.name"): Decimal("0.8"),
        ("filled-cells", "rows.kind"): Decimal("0.8"),
    }


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024", dt.date(2024, 12, 31)),
        ("2024-02", dt.date(2024, 2, 29)),
        ("2024-02-03", dt.date(2024, 2, 3)),
        ("2024-02-03T10:00:00Z", dt.date(2024, 2, 3)),
        ("2026", DAY),
        ("2027", None),
        ("2026-06-16", None),
        ("2024-02-30", None),
        ("soon", None),
    ],
)
def test_a_date_counts_by_its_last_day_but_never_beyond_the_publication(
    text: str, day: dt.date | None
) -> None:
    assert _last_day(text, DAY) == day


@given(st.dates(max_value=DAY, min_value=dt.date(1000, 1, 1)))
def test_a_day_that_has_come_is_itself(day: dt.date) -> None:
    assert _last_day(day.isoformat(), DAY) == day


def test_no_graph_speaks_for_another(tmp_path: Path) -> None:
    one, other = f"{GRAPH}one/0123456789ab", f"{GRAPH}other/0123456789ab"

    def said(graph: str, name: str, licence: str) -> str:
        kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/asmgraph/ontology#SourceGraph>"
        texts = {"identifier": name, "title": name, "license": licence}
        lines = [f'<http://purl.org/dc/terms/{key}> "{value}"' for key, value in texts.items()]
        return "".join(f"<{graph}> {line} .\n" for line in [kind, *lines])

    snapshot = published(
        tmp_path / "home",
        {
            one: said(one, "one", "not stated"),
            other: said(other, "other", "CC0-1.0") + said(one, "one", "CC0-1.0"),
        },
    )
    described = release.describe(snapshot)
    assert {name: source.licence for name, source in described.sources.items()} == {
        "one": "not stated",
        "other": "CC0-1.0",
    }


def test_downloads_are_made_once_of_the_public_dataset_alone(survey_home: Path) -> None:
    snapshot = snapshots.current(survey_home)
    made = downloads.make(snapshot)
    assert [one.name for one in downloads.planned(snapshot)] == list(made)
    held = {file.name: file.stat().st_mtime_ns for file in (snapshot.path / downloads.FOLDER).iterdir()}
    assert downloads.make(snapshot) == made == downloads.made(snapshot)
    assert held == {
        file.name: file.stat().st_mtime_ns for file in (snapshot.path / downloads.FOLDER).iterdir()
    }
    assert not list(snapshot.path.glob(".downloads*"))
    assert downloads.made(snapshot, "Somebody else") is None
    with pytest.raises(StoreError):
        downloads.make(snapshots.current(survey_home, full=True))
