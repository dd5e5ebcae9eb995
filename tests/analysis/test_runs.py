"""What a run states: the same question gives the same run and addresses; each gap is stated whole."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from asmgraph.analysis import Parameters, find_gaps, runs
from asmgraph.analysis.findings import Fact, Finding
from asmgraph.analysis.sentences import Listed, Name, say
from asmgraph.records import ASM
from asmgraph.store.snapshots import Snapshot, current

QUESTION = Parameters(place="COD", as_of="latest-covered")
STARTED = dt.datetime(2026, 1, 15, 9, tzinfo=dt.UTC)
ENDED = dt.datetime(2026, 1, 15, 9, 0, 5, tzinfo=dt.UTC)
PROV = "http://www.w3.org/ns/prov#"


@pytest.fixture(scope="module")
def starter(starter_home: Path) -> Snapshot:
    return current(starter_home)


@pytest.fixture(scope="module")
def found(starter: Snapshot) -> list[runs.Found]:
    return runs.find(starter, QUESTION)


def triples(lines: list[str]) -> list[Triple]:
    return [quad.triple for quad in parse("\n".join(lines).encode(), format=RdfFormat.N_TRIPLES)]


def stated(starter: Snapshot, found: list[runs.Found], vanished: list[str] | None = None) -> list[str]:
    planned = runs.plan(starter, QUESTION, "0.1.0")
    return runs.statements(planned, found, STARTED, ENDED, {}, vanished or [])


def test_a_run_finds_what_the_list_shows(starter: Snapshot, found: list[runs.Found]) -> None:
    listed = find_gaps(starter, QUESTION).gaps
    assert [one.gap.gap_iri for one in found] == [gap.gap_iri for gap in listed]
    assert [one.texts["en"][1] for one in found] == [gap.explanation for gap in listed]


def test_the_texts_of_each_language_are_those_of_the_list(starter: Snapshot, found: list[runs.Found]) -> None:
    for language in ("fr", "es", "pt"):
        asked = Parameters(place="COD", as_of="latest-covered", language=language)
        shown = [(gap.explanation, gap.action) for gap in find_gaps(starter, asked).gaps]
        assert [one.texts[language][1:] for one in found] == shown


def test_every_number_evidence_and_party_of_a_gap_is_stated(
    starter: Snapshot, found: list[runs.Found]
) -> None:
    lines = set(stated(starter, found))
    for one in found:
        for name, predicate in runs.NUMBERS.items():
            value = getattr(one.gap, name)
            if value is not None:
                assert runs.line(one.gap.gap_iri, predicate, Literal(float(value))) in lines
        for evidence in one.gap.evidence_iris:
            assert runs.line(one.gap.gap_iri, f"{PROV}wasDerivedFrom", NamedNode(evidence)) in lines
        for actor in one.gap.actors:
            assert runs.line(one.gap.gap_iri, f"{ASM}party", NamedNode(actor)) in lines


def test_a_gap_that_vanished_has_no_class_and_the_time(starter: Snapshot, found: list[runs.Found]) -> None:
    before = stated(starter, found)
    gone = found[0].gap.gap_iri
    vanished = [line for line in before if line.startswith(f"<{gone}> ")]
    about = [one for one in triples(stated(starter, found[1:], vanished)) if one.subject == NamedNode(gone)]
    predicates = {one.predicate.value for one in about}
    assert runs.RDF_TYPE not in predicates
    assert {f"{PROV}invalidatedAtTime", f"{PROV}wasInvalidatedBy", runs.LABEL} <= predicates
    assert f"{ASM}gapSeverity" not in predicates


def test_a_known_gap_keeps_the_time_at_which_it_was_first_found(
    starter: Snapshot, found: list[runs.Found]
) -> None:
    planned = runs.plan(starter, QUESTION, "0.1.0")
    known = found[0].gap.gap_iri
    lines = runs.statements(planned, found, STARTED, ENDED, {known: "2020-01-01T00:00:00+00:00"}, [])
    first = [line for line in lines if line.startswith(f"<{known}> <{PROV}generatedAtTime>")]
    assert len(first) == 1
    assert "2020-01-01T00:00:00+00:00" in first[0]


@pytest.mark.parametrize(
    "other",
    [
        Parameters(place="COD", as_of="latest-covered", min_overlap=3),
        Parameters(place="COD", as_of="2020-01-01"),
        Parameters(place="GHA", as_of="latest-covered"),
        Parameters(place="COD", as_of="latest-covered", samples=5),
    ],
)
def test_another_question_is_another_run(starter: Snapshot, other: Parameters) -> None:
    asked, also = (runs.plan(starter, one, "0.1.0") for one in (QUESTION, other))
    assert asked.name != also.name
    assert (asked.question == also.question) is (
        other.samples > 0
    )  # stability changes nothing of which there are


def test_the_language_and_a_newer_software_are(starter: Snapshot) -> None:
    asked = runs.plan(starter, QUESTION, "0.1.0")
    french = Parameters(place="COD", as_of="latest-covered", language="fr")
    assert runs.plan(starter, french, "0.1.0").name == asked.name
    newer = runs.plan(starter, QUESTION, "0.2.0")
    assert newer.name != asked.name
    assert newer.question == asked.question


def test_public_and_full_are_different_questions(starter: Snapshot, starter_home: Path) -> None:
    full = runs.plan(current(starter_home, full=True), QUESTION, "0.1.0")
    assert full.question != runs.plan(starter, QUESTION, "0.1.0").question


def test_what_stands_in_a_sentence_is_mentioned_however_deep() -> None:
    deep = say("{a}", a=Listed((Name("urn:network"), say("{b}", b=Name("urn:deep")))))
    fact = Fact("urn:evidence", "role", Name("urn:label"), say("{c}", c=Name("urn:detail")))
    finding = Finding("crowded", (deep,), say("Check {d}.", d=Name("urn:action")), "low", "", (fact,))
    wanted = {"urn:network", "urn:deep", "urn:evidence", "urn:label", "urn:detail", "urn:action"}
    assert set(runs._mentions(finding)) == wanted


@given(
    text=st.text(min_size=1).filter(lambda one: one.isprintable() or "\n" in one)
    | st.sampled_from(['"> <urn:x> <urn:y> .\n<urn:z', "\\u0022", "</script><b>", "{place}", "\r\n\t"])
)
def test_a_parameter_with_any_text_stays_one_literal(text: str) -> None:
    planned = runs.Run(
        "0" * 16, "1" * 16, True, Parameters(place=text), dt.date(2026, 1, 1), "2" * 64, "0.1.0", ("urn:g",)
    )
    lines = runs.statements(planned, [], STARTED, ENDED, {}, [])
    assert all("\n" not in line for line in lines)
    parsed = triples(lines)
    assert len(parsed) == len(lines)
    values = [one.object for one in parsed if one.predicate == NamedNode(f"{ASM}runParameter")]
    assert values == [Literal(f"place={text}")]
