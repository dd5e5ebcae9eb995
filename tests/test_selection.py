"""Of a register of all aid the records on small-scale mining are taken, and what other tables say of them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph import descriptions, pipeline, selection, settings
from asmgraph.descriptions import Source
from asmgraph.errors import ConfigurationError, SourceError
from asmgraph.records import ROW, Batch

DESCRIPTION = """
name: register
title: Register
publisher: The Testers
licence: CC0-1.0
url: https://example.org/register
format: csv
sensitivity: public
relevance: { table: projects, key: id, texts: [title, summary], sectors: sectors }
tables:
  projects:
    key: [id]
    columns:
      id: { at: project no., type: identifier, required: true }
      title: { required: true }
      summary: {}
      sectors: { split: "|" }
      relevance: { required: true, lookup: [relevance] }
      relevance_reason: { split: ";" }
      themes: { split: ";" }
  places:
    columns:
      id: { type: identifier, required: true }
      place: {}
lookups:
  relevance: { certain: relevance/certain, probable: relevance/probable, unrelated: relevance/unrelated }
"""
MAPPING = """
prefixes:
  asm: https://w3id.org/asmgraph/ontology#
  id: https://w3id.org/asmgraph/id/
  asmfn: https://w3id.org/asmgraph/function#
sources:
  projects: { access: projects, referenceFormulation: csv }
  places: { access: places, referenceFormulation: csv }
mappings:
  document:
    sources: projects
    subjects: id:source/register
    predicateobjects:
      - [a, asm:SourceDocument]
      - [rdfs:label, Register]
      - [asm:accessed, '2020-01-01', xsd:date]
  project:
    sources: projects
    subjects: id:intervention/register-$(id)
    predicateobjects:
      - [a, asm:Intervention]
      - [rdfs:label, $(title)]
      - [dcterms:source, id:source/register~iri]
      - [asm:relevance, 'asmfn:lookup(asmfn:table=relevance, asmfn:value=$(relevance))']
      - [asm:relevanceReason, $(relevance_reason)]
      - [asm:unmappedText, 'themes: $(themes)']
  place:
    sources: places
    subjects: id:intervention/register-$(id)
    predicateobjects:
      - [asm:unmappedText, 'place: $(place)']
"""
PROJECTS = """project no.,title,summary,sectors
1,Appui aux creuseurs; phase 2,,
2,Terminer une route,pour la pêche artisanale,210
3,Renforcer la traçabilité,,151|322
4,Renforcer la traçabilité,,151
5,Microfinance,"Loans, some to artisanal gold miners",240
"""
PLACES = "id,place\n1,Hill\n2,Valley\n2,Lake\n3,Ridge\n9,Nowhere\n"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return described(tmp_path, DESCRIPTION)


def described(folder: Path, text: str) -> Source:
    (folder / "source.yml").write_text(text, encoding="utf-8")
    return descriptions.load(folder)


def batch(table: str, *rows: dict[str, str | None]) -> Batch:
    numbers = pl.Series(ROW, range(1, len(rows) + 1), dtype=pl.Int64)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
    return Batch(table, frame.select(numbers, pl.all()))


def project(key: str | None, title: str, summary: str | None = None, sectors: str | None = None) -> Batch:
    return batch("projects", {"id": key, "title": title, "summary": summary, "sectors": sectors})


def test_the_report_says_which_records_were_taken_and_why(tmp_path: Path) -> None:
    chosen, folder = settings.load(home=tmp_path / "home"), tmp_path / "home" / "sources" / "register"
    files = tmp_path / "files"
    for place, name, text in (
        (folder, "source.yml", DESCRIPTION),
        (folder, "mapping.yml", MAPPING),
        (files, "projects.csv", PROJECTS),
        (files, "places.csv", PLACES.replace("9,Nowhere\n", "")),
    ):
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    report = pipeline.ingest(chosen, "register", files)
    assert report.finding_counts == {"certain": 2, "probable": 1, "unrelated": 2}
    assert [(one.identifier, one.title, one.level) for one in report.findings] == [
        ("1", "Appui aux creuseurs; phase 2", "certain"),
        ("5", "Microfinance", "certain"),
        ("3", "Renforcer la traçabilité", "probable"),
    ]
    assert report.findings[1].reasons == ("artisanal or small-scale mining: 'artisanal gold miners'",)
    assert (report.rows, report.refused) == ({"places": 2, "projects": 3}, [])
    assert report.things["Intervention"] == 3
    assert (report.unlisted_columns, report.absent_columns) == ({}, {})
    whole = pipeline.ingest(chosen, "register", files, everything=True)
    assert whole.rows == {"places": 4, "projects": 5}
    assert whole.things["Intervention"] == 5
    assert whole.finding_counts == report.finding_counts


def test_the_judged_table_says_what_was_judged(source: Source) -> None:
    rows = [project("1", "Creuseurs: certification", "galamsey sans mercure")]
    (found,) = selection.take(rows, source, selection.judge(rows, source))
    assert found.frame.select("relevance", "relevance_reason", "themes").rows() == [
        ("certain", "artisanal or small-scale mining: 'Creuseurs', 'galamsey'", "certification;mercury")
    ]


def test_a_sector_stands_in_for_the_mining_word_wherever_it_is_in_the_list(source: Source) -> None:
    for sectors, level in (
        ("151|322", "probable"),
        ("32220", "probable"),
        ("151", "unrelated"),
        (None, "unrelated"),
    ):
        rows = [project("3", "Renforcer la traçabilité", None, sectors)]
        assert selection.judge(rows, source)["3"].relevance.level == level


def test_of_several_rows_of_a_record_the_strongest_counts(source: Source) -> None:
    rows = [project("1", "A road"), project("1", "Galamsey"), project("1", "A road")]
    verdicts = selection.judge(rows, source)
    assert verdicts["1"].relevance.level == "certain"
    assert sum(one.frame.height for one in selection.take(rows, source, verdicts)) == 3


def test_a_row_that_names_no_judged_record_stays_for_the_check(source: Source) -> None:
    projects = [project("2", "A road"), project(None, "A road")]
    places = [
        batch(
            "places", {"id": "2", "place": "Lake"}, {"id": "9", "place": "Hill"}, {"id": None, "place": "Sea"}
        )
    ]
    verdicts = selection.judge(projects, source)
    kept = [one.frame["id"].to_list() for one in selection.take([*projects, *places], source, verdicts)]
    assert kept == [[], [None], ["9", None]]


def test_a_table_without_the_key_is_whole(source: Source) -> None:
    rows = [project("2", "A road"), batch("words", {"word": "road"})]
    *_, words = selection.take(rows, source, selection.judge(rows, source))
    assert words.frame["word"].to_list() == ["road"]


def test_a_file_without_a_judged_column_is_refused_by_its_name(source: Source) -> None:
    with pytest.raises(SourceError, match="projects has no column 'summary'"):
        selection.judge([batch("projects", {"id": "1", "title": "A", "sectors": None})], source)


@pytest.mark.parametrize(
    ("text", "by", "reason"),
    [
        ("table: projects", "table: project", "names the table 'project'"),
        ("texts: [title, summary]", "texts: [name]", "names the column 'name'"),
        ("texts: [title, summary]", "texts: []", "at least 1 item"),
        ("format: csv", "format: iati", "judges itself"),
    ],
)
def test_a_description_that_judges_by_what_is_not_there_is_refused(
    text: str, by: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        described(tmp_path, DESCRIPTION.replace(text, by))


WORDS = st.lists(
    st.sampled_from(["galamsey", "mercury", "gold", "road", "traçabilité", "landmines", ";", "pêche artisanale"]),
    min_size=1, max_size=4,
).map(" ".join)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("abcd"), WORDS), max_size=8))
def test_what_is_taken_is_what_all_has_that_is_not_unrelated(records: list[tuple[str, str]]) -> None:
    by = descriptions.Relevance(table="projects", key="id", texts=("title",))
    source = Source.model_validate(
        {
            **{"name": "s", "title": "S", "publisher": "P", "licence": "CC0-1.0", "format": "csv"},
            **{"url": "https://example.org", "relevance": by},
            "tables": {"projects": {"columns": {"id": {}, "title": {}}}},
        }
    )
    rows = [project(key, title) for key, title in records]
    verdicts = selection.judge(rows, source)

    def taken(everything: bool) -> list[tuple[str, ...]]:
        found = selection.take(rows, source, verdicts, everything=everything)
        return [row for one in found for row in one.frame.select("id", "title", "relevance").rows()]

    assert taken(False) == [row for row in taken(True) if row[2] != "unrelated"]
    assert len(taken(True)) == len(records)
