"""Validation in chunks finds what validation at once finds, and says it as SHACL does."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path

import pyshacl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store
from rdflib import RDF, SH, Graph, URIRef
from rdflib.namespace import SKOS

from asmgraph import resources
from asmgraph.ontology import files
from asmgraph.records import ASM, ID, VOCAB, Refusal
from asmgraph.store import ntriples
from asmgraph.validation import report, shapes
from asmgraph.validation.shapes import Violation

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TYPE = str(RDF.type)
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def ontology() -> tuple[Graph, Graph]:
    return files.shapes(), files.hierarchy()


@pytest.fixture(scope="module")
def small() -> Graph:
    """Two shapes: a mine has one name and a size in whole numbers, and lies in a place."""
    return Graph().parse(
        data=f"""
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix a: <{ASM}> . @prefix x: <{XSD}> .
        @prefix s: <https://w3id.org/asmgraph/shape#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        s:Mine a sh:NodeShape ; sh:targetClass a:Mine ; sh:property s:name, s:size, s:place, s:note .
        s:name sh:path rdfs:label ; sh:minCount 1 ; sh:maxCount 1 ; sh:message "Name it once."@en .
        s:size sh:path a:size ; sh:datatype x:integer ; sh:maxInclusive 9 ; sh:message "Ein Fehler"@de, "A size."@en .
        s:place sh:path a:place ; sh:class a:Place ; sh:message "A place."@en .
        s:note sh:path a:note ; sh:maxLength 3 ; sh:severity sh:Warning ; sh:message "Long."@en .
        """,
        format="turtle",
    )


def _no_types(_: set[str]) -> Iterable[tuple[str, str]]:
    return ()


def _line(subject: str, predicate: str, value: str) -> str:
    return f"<{ID}site/{subject}> <{predicate}> {value} ."


def _mine(name: str, *more: tuple[str, str]) -> list[str]:
    own = [(TYPE, f"<{ASM}Mine>"), (LABEL, f'"{name}"'), *((ASM + path, value) for path, value in more)]
    return sorted(_line(name, predicate, value) for predicate, value in own)


def _found(
    lines: Iterable[str], graph: Graph, hierarchy: Graph | None = None, *, size: int = 20_000
) -> list[Violation]:
    return sorted(shapes.validate(sorted(lines), graph, hierarchy or Graph(), _no_types, size=size))


GROUPS = st.lists(st.integers(1, 6), max_size=12)


@given(GROUPS, st.integers(1, 20))
def test_chunks_never_cut_a_subject_and_lose_no_line(groups: list[int], size: int) -> None:
    lines = [_line(f"{g:02}", LABEL, f'"{n}"') for g, count in enumerate(groups) for n in range(count)]
    parts = list(shapes.chunks(lines, size))
    assert [line for part in parts for line in part] == lines
    subjects = [{ntriples.subject(line) for line in part} for part in parts]
    assert sum(map(len, subjects)) == len(groups)


@given(GROUPS, st.integers(1, 20))
def test_a_chunk_ends_with_the_subject_that_fills_it(groups: list[int], size: int) -> None:
    lines = [_line(f"{g:02}", LABEL, f'"{n}"') for g, count in enumerate(groups) for n in range(count)]
    parts = list(shapes.chunks(lines, size))
    assert all(len(part) >= size for part in parts[:-1])
    assert all(len(part) < size + max(groups) for part in parts)


def test_no_line_gives_no_chunk() -> None:
    assert list(shapes.chunks([])) == []


NAMES = st.sampled_from(["a", "b", "c", "d"])
PROPERTIES = st.one_of(
    st.tuples(st.just(LABEL), st.sampled_from(['"a"', '"b"@fr', '"a\\nb"'])),
    st.tuples(
        st.just(ASM + "size"),
        st.sampled_from([f'"{n}"^^<{XSD}integer>' for n in ("5", "05", "12")] + ['"five"']),
    ),
    st.tuples(st.just(ASM + "place"), NAMES.map(lambda name: f"<{ID}site/{name}>")),
    st.tuples(st.just(TYPE), st.sampled_from([f"<{ASM}Mine>", f"<{ASM}Place>", f"<{ASM}Goldmine>"])),
)
LINES = st.sets(st.builds(lambda name, rest: _line(name, *rest), NAMES, PROPERTIES), min_size=1, max_size=14)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, size=st.integers(1, 6))
def test_chunks_of_any_size_give_the_violations_of_the_whole(
    lines: set[str], size: int, small: Graph
) -> None:
    hierarchy = Graph().add((URIRef(ASM + "Goldmine"), SUBCLASS, URIRef(ASM + "Mine")))

    def types(things: set[str]) -> list[tuple[str, str]]:
        parts = (ntriples.split_line(line) for line in lines)
        return [(s[1:-1], o[1:-1]) for s, p, o in parts if p == TYPE and s[1:-1] in things]

    def found(chunk: int) -> list[Violation]:
        return sorted(shapes.validate(sorted(lines), small, hierarchy, types, size=chunk))

    assert found(size) == found(1_000)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_the_whole_gives_what_the_reference_gives(lines: set[str], small: Graph) -> None:
    data = Graph().parse(data="\n".join(sorted(lines)), format="nt")
    _, results, _ = pyshacl.validate(data, shacl_graph=small, inference="none")
    assert isinstance(results, Graph)
    expected = len(list(results.subjects(RDF.type, SH.ValidationResult)))

    def types(things: set[str]) -> list[tuple[str, str]]:
        return []

    assert len(list(shapes.validate(sorted(lines), small, Graph(), types))) == expected


SUBCLASS = URIRef("http://www.w3.org/2000/01/rdf-schema#subClassOf")


def test_a_thing_of_another_source_has_the_type_it_has_there(small: Graph) -> None:
    lines = _mine("a", ("place", f"<{ID}place/COD>"))
    elsewhere = [(f"{ID}place/COD", f"{ASM}Place")]
    assert list(shapes.validate(lines, small, Graph(), lambda _: elsewhere)) == []


def test_a_thing_that_no_source_knows_is_a_violation(small: Graph) -> None:
    (violation,) = _found(_mine("a", ("place", f"<{ID}place/XXX>")), small)
    assert (violation.path, violation.value) == (ASM + "place", f"<{ID}place/XXX>")


def test_types_are_asked_of_what_is_pointed_at(small: Graph) -> None:
    asked: set[str] = set()

    def types(things: set[str]) -> list[tuple[str, str]]:
        asked.update(things)
        return [(f"{ID}place/COD", f"{ASM}Place")]

    lines = _mine("a", ("place", f"<{ID}place/COD>"), ("page", "<http://a.org/>"))
    assert list(shapes.validate(lines, small, Graph(), types)) == []
    assert asked == {f"{ID}place/COD", f"{ASM}Mine", "http://a.org/"}


def test_a_fault_of_another_source_is_not_reported_again(small: Graph) -> None:
    elsewhere = [(f"{ID}site/bad", f"{ASM}Mine"), (f"{ID}site/bad", f"{ASM}Place")]
    assert (
        list(shapes.validate(_mine("a", ("place", f"<{ID}site/bad>")), small, Graph(), lambda _: elsewhere))
        == []
    )


def test_a_subclass_is_held_to_the_shape_of_its_class(small: Graph) -> None:
    hierarchy = Graph().add((URIRef(ASM + "Goldmine"), SUBCLASS, URIRef(ASM + "Mine")))
    (violation,) = _found([_line("a", TYPE, f"<{ASM}Goldmine>")], small, hierarchy)
    assert violation.message == "Name it once."


@pytest.mark.parametrize(
    "value", ['"a\\nb \\"c\\""', f'"007"^^<{XSD}integer>', '"x"@fr-CD', f'"12"^^<{XSD}decimal>']
)
def test_a_value_is_given_in_the_words_of_its_statement(value: str, small: Graph) -> None:
    found = _found(_mine("a", ("size", value), ("size", f'"99"^^<{XSD}integer>')), small)
    wrong = {violation.value for violation in found}
    assert wrong - {value} == {f'"99"^^<{XSD}integer>'}


def test_a_message_is_english_where_there_is_one(small: Graph) -> None:
    found = _found(_mine("a", ("size", '"x"')), small)
    assert {violation.message for violation in found} == {"A size."}


def test_all_messages_are_kept_beside_the_one_shown(small: Graph) -> None:
    (violation,) = _found(_mine("a", ("size", f'"12"^^<{XSD}integer>')), small)
    assert violation.messages == (("de", "Ein Fehler"), ("en", "A size."))


DAYS = st.dates(dt.date(2017, 11, 1), dt.date(2019, 2, 28))


@settings(max_examples=60, deadline=None)
@given(start=DAYS, end=DAYS, lengths=st.tuples(*[st.sampled_from([4, 7, 10])] * 2))
def test_an_end_is_refused_where_both_dates_as_far_as_given_say_so(
    start: dt.date, end: dt.date, lengths: tuple[int, int], ontology: tuple[Graph, Graph]
) -> None:
    kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
    first, last = start.isoformat()[: lengths[0]], end.isoformat()[: lengths[1]]
    common = min(lengths)
    lines = [
        _line("a", ASM + "startDate", f'"{first}"^^<{XSD}{kinds[lengths[0]]}>'),
        _line("a", ASM + "endDate", f'"{last}"^^<{XSD}{kinds[lengths[1]]}>'),
    ]
    found = {
        (violation.path, violation.value[1:-1].split('"')[0]) for violation in _found(lines, ontology[0])
    }
    assert found == (
        {(ASM + "endDate", last)} if end.isoformat()[:common] < start.isoformat()[:common] else set()
    )


def test_a_warning_does_not_refuse(small: Graph) -> None:
    (violation,) = _found(_mine("a", ("note", '"much too long"')), small)
    assert (violation.severity, violation.refuses) == ("Warning", False)


def test_progress_tells_every_triple_once(small: Graph) -> None:
    told: list[int] = []
    lines = sorted(_mine("a") + _mine("b") + _mine("c"))
    list(shapes.validate(lines, small, Graph(), _no_types, told.append, size=2))
    assert told == [2, 2, 2]


def test_the_ontology_shapes_find_the_same_in_chunks_of_one_thing(ontology: tuple[Graph, Graph]) -> None:
    graph, hierarchy = ontology
    invalid = (resources.ontology() / "examples" / "invalid").glob("*.ttl")
    store = Store()
    for file in invalid:
        store.load(path=file, format=RdfFormat.TURTLE)
    lines = sorted(
        {f"{q.subject} {q.predicate} {q.object} ." for q in store if str(q.subject).startswith("<")}
    )
    concepts = {term for line in lines if (term := line.split(" ", 2)[2][1:-3]).startswith(VOCAB)}

    def types(things: set[str]) -> list[tuple[str, str]]:
        own = [
            (s[1:-1], o[1:-1])
            for s, p, o in map(ntriples.split_line, lines)
            if p == TYPE and s[1:-1] in things
        ]
        return own + [(concept, str(SKOS.Concept)) for concept in concepts & things]

    whole = sorted(shapes.validate(lines, graph, hierarchy, types))
    assert len(whole) > 20
    assert sorted(shapes.validate(lines, graph, hierarchy, types, size=1)) == whole


def _violation(value: str = "", *, severity: str = "Violation", path: str = LABEL) -> Violation:
    constraint = "http://www.w3.org/ns/shacl#MinCountConstraintComponent"
    return Violation(
        severity, path, f"<{ID}site/a>", value, constraint, "https://w3id.org/asmgraph/shape#name", "Name it."
    )


def test_shapes_are_read_from_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shapes").mkdir()
    for name in ("a", "b"):
        (tmp_path / "shapes" / f"{name}.ttl").write_text(f"<urn:{name}> <urn:p> 1 .", encoding="utf-8")
    monkeypatch.setattr(resources, "ontology", lambda: tmp_path)
    assert {str(s) for s in files.shapes.__wrapped__().subjects()} == {"urn:a", "urn:b"}


def test_the_hierarchy_holds_no_restrictions(ontology: tuple[Graph, Graph]) -> None:
    _, hierarchy = ontology
    assert (URIRef(ASM + "Organisation"), SUBCLASS, URIRef(ASM + "Actor")) in hierarchy
    assert all(isinstance(parent, URIRef) for parent in hierarchy.objects())


REPORT = report.Report(
    "test",
    "abc",
    {"t": 3},
    {"Mine": 1},
    {"public": 7},
    refused=[
        Refusal("t", 1, "x", "é", "is not a number"),
        Refusal("t", 1, "y", "", "is missing"),
        Refusal("t", 2, "y", "", "is missing"),
    ],
    kept=[report.Kept("t", "x", "Or", 2, (1, 3), "is in no lookup", "Add it.")],
    unlisted_columns={"t": {"z": 2}},
    violations=[_violation('"x"'), _violation(severity="Warning")],
    findings=[report.Finding("a", "A", "certain", ("why", "also"))],
    finding_counts={"certain": 1},
)


def test_a_report_comes_back_from_json() -> None:
    assert report.from_json(REPORT.as_json()) == REPORT


def test_a_report_of_a_version_without_messages_in_languages_is_read() -> None:
    content = json.loads(REPORT.as_json())
    for violation in content["violations"]:
        del violation["messages"]
    assert report.from_json(json.dumps(content)).violations[0].messages == ()


def test_a_report_of_a_version_without_rows_and_counts_is_read() -> None:
    content = json.loads(REPORT.as_json())
    content["unlisted_columns"] = {"t": ["z"]}
    content["kept"] = [{"table": "t", "column": "x", "value": "Or", "count": 2}]
    read = report.from_json(json.dumps(content))
    assert read.unlisted_columns == {"t": {"z": None}}
    assert [one.places for one in read.kept] == ["in 2 cells"]
    assert [one.rule for one in read.groups() if one.effect is report.Effect.KEPT] == [
        "no type or lookup fits; 1 different value"
    ]


def test_a_row_refused_twice_counts_once() -> None:
    assert REPORT.refused_rows == 2


def test_warnings_are_what_does_not_refuse() -> None:
    assert [violation.severity for violation in REPORT.warnings] == ["Warning"]
