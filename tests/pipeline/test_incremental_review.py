"""What an ingestion checks anew after a change, with what it carries over, is what checking everything finds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from asmgraph import pipeline, review, settings
from asmgraph.catalogue import REFERENCE
from asmgraph.records import GRAPH
from asmgraph.settings import Settings
from asmgraph.validation.report import Report

SOURCE = """
name: {name}
title: Organisations and what ties them
publisher: The tests
licence: CC0-1.0
url: https://example.org/
format: csv
sensitivity: public
limits: {{ refused: 1.0 }}
tables:
  things:
    file: things.csv
    key: [slug]
    columns:
      slug: {{ type: identifier, required: true }}
      kind: {{}}
      name: {{}}
  ties:
    file: ties.csv
    key: [slug]
    columns:
      slug: {{ type: identifier, required: true }}
      kind: {{}}
      a: {{ type: identifier, required: true }}
      b: {{ type: identifier, required: true }}
      start: {{}}
      end: {{}}
"""
MAPPING = """
prefixes:
  asm: https://w3id.org/asmgraph/ontology#
  id: https://w3id.org/asmgraph/id/
  vocab: https://w3id.org/asmgraph/vocab/
  rdfs: http://www.w3.org/2000/01/rdf-schema#
  xsd: http://www.w3.org/2001/XMLSchema#
  dcterms: http://purl.org/dc/terms/
sources:
  things: { access: things, referenceFormulation: csv }
  ties: { access: ties, referenceFormulation: csv }
mappings:
  thing:
    sources: things
    subjects: id:actor/$(slug)
    predicateobjects:
      - [a, asm:$(kind)~iri]
      - [rdfs:label, $(name)]
      - [dcterms:source, id:source/iso-3166-1~iri]
  tie:
    sources: ties
    subjects: id:tie/$(slug)
    predicateobjects:
      - [a, asm:CoordinationTie]
      - [rdfs:label, $(slug)]
      - [asm:party, id:actor/$(a)~iri]
      - [asm:party, id:actor/$(b)~iri]
      - [asm:tieKind, vocab:tie-kind/$(kind)~iri]
      - [asm:startDate, $(start), xsd:gYear]
      - [asm:endDate, $(end), xsd:gYear]
      - [dcterms:source, id:source/iso-3166-1~iri]
"""
Things = Mapping[str, tuple[str, str]]
Ties = Mapping[str, tuple[str, str, str, str, str]]
State = tuple[Things, Ties]
THING = st.tuples(st.sampled_from(["Organisation", "Network", "Place", ""]), st.sampled_from(["A name", ""]))
TIE = st.tuples(
    st.sampled_from(["partnership", "network-membership", "network-membership", "no-such-kind"]),
    *(st.sampled_from("abcef"), st.sampled_from("abcef")),
    *(st.sampled_from(["", "2010", "2014"]), st.sampled_from(["", "2012"])),
)
OWN: st.SearchStrategy[State] = st.tuples(
    st.dictionaries(st.sampled_from("abc"), THING), st.dictionaries(st.sampled_from(["t1", "t2", "t3"]), TIE)
)
ELSEWHERE: st.SearchStrategy[State] = st.tuples(st.dictionaries(st.sampled_from("ef"), THING), st.just({}))
SURE = ("Organisation", "Always there")


@pytest.fixture(scope="module")
def staged_references(starter_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the vocabulary and the places are staged, and nothing else is."""
    home = tmp_path_factory.mktemp("references")
    for name in REFERENCE:
        shutil.copytree(starter_home / "staging" / name, home / "staging" / name)
    return home


@contextmanager
def _home(references: Path) -> Iterator[Settings]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(references, Path(folder) / "home")
        yield settings.load(home=Path(folder) / "home")


def _ingested(chosen: Settings, name: str, state: State, mapping: str = MAPPING) -> Report:
    folder = chosen.home / "sources" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.yml").write_text(SOURCE.format(name=name))
    (folder / "mapping.yml").write_text(mapping)
    things, ties = {f"sure-{name}": SURE, **state[0]}, state[1]
    rows = [f"{slug},{','.join(cells)}" for slug, cells in things.items()]
    (folder / "things.csv").write_text("\n".join(["slug,kind,name", *rows, ""]))
    rows = [f"{slug},{','.join(cells)}" for slug, cells in ties.items()]
    (folder / "ties.csv").write_text("\n".join(["slug,kind,a,b,start,end", *rows, ""]))
    return pipeline.ingest(chosen, name, accept_loss=True)


def _found(report: Report) -> tuple[object, ...]:
    return report.version, report.refused, report.violations, report.triples


@contextmanager
def _watched() -> Iterator[list[pl.Series | None]]:
    """Note what each ingestion checks anew."""
    asked: list[pl.Series | None] = []
    answer = review.to_check_again

    def noted(*arguments: Any) -> pl.Series | None:
        asked.append(answer(*arguments))
        return asked[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review, "to_check_again", noted)
        yield asked


@examples(max_examples=10, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # each takes seconds
@given(data=st.data())
def test_an_ingestion_after_changes_finds_what_one_into_an_empty_home_finds(
    staged_references: Path, data: st.DataObject
) -> None:
    with _home(staged_references) as changing, _home(staged_references) as empty, _watched() as asked:
        for _ in range(data.draw(st.integers(1, 3), label="changes before")):
            _ingested(changing, "actors", data.draw(ELSEWHERE, label="elsewhere"))
            _ingested(changing, "club", data.draw(OWN, label="own"))
        elsewhere, own = data.draw(ELSEWHERE, label="elsewhere at last"), data.draw(OWN, label="own at last")
        _ingested(changing, "actors", elsewhere)
        after = _ingested(changing, "club", own)
        assert all(again is not None for again in asked)
        asked.clear()
        _ingested(empty, "actors", elsewhere)
        assert _found(_ingested(empty, "club", own)) == _found(after)
        assert not asked
        reports, _ = pipeline.revalidate(changing)
        again = {one.source: one.violations for one in reports}
        assert again["club"] == [one for one in after.violations if not one.refuses]


MEMBER, PARTNER = ("network-membership", "a", "b", "", ""), ("partnership", "a", "e", "2010", "2012")
BEFORE: State = (
    {"a": SURE, "b": ("Network", "A network"), "c": SURE},
    {"t1": MEMBER, "t2": PARTNER, "t3": PARTNER},
)
STEPS: Mapping[str, State] = {
    "added": (BEFORE[0], {**BEFORE[1], "t4": ("network-membership", "a", "c", "", "")}),
    "changed": (BEFORE[0], {**BEFORE[1], "t2": ("partnership", "a", "e", "2014", "2012")}),
    "removed": (BEFORE[0], {"t1": MEMBER, "t2": PARTNER}),
    "another reference": (BEFORE[0], {**BEFORE[1], "t1": ("network-membership", "a", "c", "", "")}),
    "another class of what is pointed at": ({**BEFORE[0], "b": SURE}, BEFORE[1]),
    "no class of what is pointed at": ({**BEFORE[0], "b": ("", "A network")}, BEFORE[1]),
    "what is pointed at is gone": ({"a": SURE, "c": SURE}, BEFORE[1]),
}


@pytest.mark.parametrize("step", STEPS)
def test_after_a_publication_little_is_checked_anew_and_it_is_enough(
    staged_references: Path, step: str
) -> None:
    there: State = ({"e": SURE, **{f"other-{number}": SURE for number in range(20)}}, {})
    many = {f"more-{number}": SURE for number in range(20)}
    before, after = (({**things, **many}, ties) for things, ties in (BEFORE, STEPS[step]))
    with _home(staged_references) as changing, _home(staged_references) as empty, _watched() as asked:
        for chosen, state in ((changing, before), (empty, after)):
            _ingested(chosen, "actors", there)
            last = _ingested(chosen, "club", state)
        pipeline.publish(changing)
        assert not asked
        changed = _ingested(changing, "club", after)
        assert changed.violations == last.violations
        assert changed.refused == last.refused
        assert changed.version == last.version
        assert not changed.unchanged
        (again, *_) = asked
        assert again is not None
        assert not any("actor/more-" in thing for thing in again)


def test_where_a_thing_of_another_source_loses_its_class_what_points_at_it_is_checked_anew(
    staged_references: Path,
) -> None:
    with _home(staged_references) as chosen, _watched() as asked:
        _ingested(chosen, "actors", ({"e": ("Network", "A network")}, {}))
        first = _ingested(chosen, "club", ({"a": SURE}, {"t1": ("network-membership", "a", "e", "", "")}))
        _ingested(chosen, "actors", ({"e": SURE}, {}))
        asked.clear()
        second = _ingested(chosen, "club", ({"a": SURE}, {"t1": ("network-membership", "a", "e", "", "")}))
        (again,) = asked
        _ingested(chosen, "actors", ({}, {}))
        third = _ingested(chosen, "club", ({"a": SURE}, {"t1": ("network-membership", "a", "e", "", "")}))
    assert again is not None
    assert [thing for thing in again if not thing.startswith(f"<{GRAPH}")] == [
        "<https://w3id.org/asmgraph/id/tie/t1>"
    ]
    assert [one.severity for one in first.violations] == []
    assert [one.severity for one in second.violations] == ["Warning"]
    assert [one.reason for one in third.refused if one.table == "ties"]


def test_where_a_version_says_which_class_lies_below_which_all_of_it_is_checked(
    staged_references: Path,
) -> None:
    label = "- [rdfs:label, $(slug)]"
    below = MAPPING.replace(label, f"{label}\n      - [rdfs:subClassOf, asm:CoordinationTie~iri]")
    assert below != MAPPING
    with _home(staged_references) as chosen, _watched() as asked:
        _ingested(chosen, "actors", ({"e": SURE}, {}))
        _ingested(chosen, "club", BEFORE, below)
        _ingested(chosen, "club", STEPS["added"], below)
        _ingested(chosen, "club", STEPS["added"], MAPPING)
    assert asked
    assert all(again is None for again in asked)


def test_where_the_parts_of_the_version_before_are_not_known_everything_is_checked(
    staged_references: Path,
) -> None:
    with _home(staged_references) as chosen, _watched() as asked:
        _ingested(chosen, "club", BEFORE)
        (parts,) = (chosen.home / "staging" / "club").glob("*/parts.parquet")
        parts.unlink()
        _ingested(chosen, "club", STEPS["changed"])
        assert {again is None for again in asked} == {True}
        asked.clear()
        _ingested(chosen, "club", STEPS["removed"])
        assert {again is None for again in asked} == {False}
