"""The SHACL report says all that a report says of rows and things, and conforms only where it says nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, RDFS, SH, XSD, Graph, Literal, Namespace, URIRef

from asmgraph import reporting
from asmgraph.records import ID, Refusal
from asmgraph.reporting import shacl
from asmgraph.validation.report import Kept, Report
from asmgraph.validation.shapes import Violation

LABEL = str(RDFS.label)
CSVW = Namespace("http://www.w3.org/ns/csvw#")
EMPTY = Report("club", "abc", {"t": 9}, {}, {})
BROKEN = Refusal("my table", 7, "a/b", 'say "x"', "is not a number", "Correct it.")
OR = Kept("t", "z", "Or", 3, (2, 5), "is in no lookup", "Add it.")


def _violation(value: str = "", *, severity: str = "Violation", path: str = LABEL) -> Violation:
    constraint = "http://www.w3.org/ns/shacl#MinCountConstraintComponent"
    return Violation(
        severity, path, f"<{ID}site/a>", value, constraint, "https://w3id.org/asmgraph/shape#name", "Name it."
    )


def _turtle(*violations: Violation) -> str:
    return shacl.as_turtle(replace(EMPTY, violations=violations))


def _graph(report: Report) -> Graph:
    return Graph().parse(data=shacl.as_turtle(report), format="turtle")


@pytest.mark.parametrize(
    ("violations", "conforms"),
    [([], True), ([_violation()], False), ([_violation(severity="Warning")], False)],
    ids=["nothing", "violation", "warning"],
)
def test_a_report_conforms_only_without_any_result(violations: list[Violation], conforms: bool) -> None:
    graph = Graph().parse(data=_turtle(*violations), format="turtle")
    (said,) = graph.objects(None, SH.conforms)
    assert said == Literal(conforms)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"<{ID}site/é>", URIRef(f"{ID}site/é")),
        ('"a \\"b\\"\\nc"', Literal('a "b"\nc')),
        ('"or"@fr', Literal("or", lang="fr")),
        (f'"2020-01-01"^^<{XSD}date>', Literal("2020-01-01", datatype=URIRef(XSD + "date"))),
    ],
)
def test_a_report_gives_a_value_as_the_term_it_is(text: str, value: URIRef | Literal) -> None:
    graph = Graph().parse(data=_turtle(_violation(text)), format="turtle")
    assert list(graph.objects(None, SH.value)) == [value]


def test_a_report_holds_one_whole_result_for_each_violation() -> None:
    graph = Graph().parse(data=_turtle(_violation(), _violation('"x"', severity="Warning")), format="turtle")
    assert len(list(graph.subjects(RDF.type, SH.ValidationResult))) == 2
    for result in graph.objects(None, SH.result):
        assert graph.value(result, SH.focusNode) == URIRef(f"{ID}site/a")
        assert graph.value(result, SH.resultPath) == URIRef(LABEL)
        assert graph.value(result, SH.sourceShape) == URIRef("https://w3id.org/asmgraph/shape#name")
        assert graph.value(result, SH.resultMessage) == Literal("Name it.")
    assert {graph.value(r, SH.resultSeverity) for r in graph.objects(None, SH.result)} == {
        SH.Violation,
        SH.Warning,
    }


def test_a_result_has_the_message_in_each_language() -> None:
    violation = replace(_violation(), messages=(("en", "Name it."), ("fr", "Nommez-le.")))
    graph = Graph().parse(data=_turtle(violation), format="turtle")
    told = {Literal("Name it.", lang="en"), Literal("Nommez-le.", lang="fr")}
    assert set(graph.objects(None, SH.resultMessage)) == told


@pytest.mark.parametrize(
    "report",
    [
        replace(EMPTY, refused=[BROKEN]),
        replace(EMPTY, kept=[OR]),
        replace(EMPTY, stopped="t has 9 rows; source.yml expects at least 10."),
    ],
    ids=["refused", "kept", "stopped"],
)
def test_what_only_source_yml_objects_to_does_not_conform(report: Report) -> None:
    graph = _graph(report)
    assert list(graph.objects(None, SH.conforms)) == [Literal(False)]
    (result,) = graph.objects(None, SH.result)
    for mandatory in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.resultMessage):
        assert len(list(graph.objects(result, mandatory))) == 1


def test_a_refused_row_is_a_violation_with_its_number_column_and_value() -> None:
    graph = _graph(replace(EMPTY, refused=[BROKEN]))
    (result,) = graph.objects(None, SH.result)
    row = graph.value(result, SH.focusNode)
    assert str(row).endswith("/graph/club/abc#my%20table/row=7")
    assert list(graph.objects(row, CSVW.rownum)) == [Literal(7)]
    assert str(graph.value(result, SH.resultPath)).endswith("#my%20table/a%2Fb")
    assert graph.value(result, SH.value) == Literal('say "x"')
    assert graph.value(result, SH.resultSeverity) == SH.Violation
    assert str(graph.value(result, SH.resultMessage)) == "a/b: is not a number. Correct it."


def test_a_kept_value_is_an_information_with_its_first_rows() -> None:
    graph = _graph(replace(EMPTY, kept=[OR, Kept("t", "z", "Sel", 1)]))
    results = {str(graph.value(result, SH.value)): result for result in graph.objects(None, SH.result)}
    assert graph.value(results["Or"], SH.resultSeverity) == SH.Info
    assert str(graph.value(results["Or"], SH.focusNode)).endswith("#t/row=2")
    assert "in 3 cells, rows 2, 5, ..." in str(graph.value(results["Or"], SH.resultMessage))
    assert str(graph.value(results["Sel"], SH.focusNode)).endswith("#t")


def test_a_row_that_a_shape_refused_is_told_of_once() -> None:
    refusal = Refusal("t", 3, "label", "", "Name it.", "The row is about it.")
    graph = _graph(replace(EMPTY, violations=[_violation()], refused=[refusal]))
    assert len(list(graph.objects(None, SH.result))) == 1


TEXTS = st.text(max_size=30) | st.sampled_from(
    ['"""', "\\", "a\nb\r", "> <b", "\0", "\ud800", "{}", '"@en .']
)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_whatever_stands_in_a_cell_the_report_is_turtle(
    table: str, column: str, value: str, reason: str
) -> None:
    report = replace(
        EMPTY,
        refused=[Refusal(table, 7, column, value, reason, value)],
        kept=[Kept(table, column, value, 1, (3,), reason, value)],
        stopped=reason,
    )
    text = reporting.FORMS["turtle"](report)
    results = [quad for quad in parse(text, RdfFormat.TURTLE) if str(quad.predicate.value) == str(SH.result)]
    assert len(results) == 2 + bool(reason)
    assert len(Graph().parse(data=text, format="turtle"))


def test_two_reports_after_each_other_are_two_in_one_graph() -> None:
    text = _turtle(_violation()) + shacl.as_turtle(EMPTY)
    graph = Graph().parse(data=text, format="turtle")
    assert sorted(map(str, graph.objects(None, SH.conforms))) == ["false", "true"]
