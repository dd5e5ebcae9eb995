"""The report in the forms that people and programs open: complete, grouped, and inert."""

from __future__ import annotations

import csv
import io

import pytest
from lxml import html
from rdflib import RDF, SH, Graph

from asmgraph import reporting
from asmgraph.records import Refusal
from asmgraph.validation.report import Effect, Kept, Replayed, Report
from asmgraph.validation.shapes import Violation

REPEATED = "repeats the key of another row"
WARNING = Violation(
    "Warning",
    "https://w3id.org/asmgraph/ontology#startDate",
    "<urn:a>",
    '"1"',
    "urn:c",
    "urn:s",
    "Has no start.",
)
REPORT = Report(
    "club", "abc", {"t": 9}, {"Actor": 4}, {"public": 7},
    refused=[
        *(Refusal("t", row, "x", f"value {row}", "is not a number", "Correct it.") for row in range(1, 8)),
        Refusal("t", 8, "y", "=1+1", "repeats the key of row 2", "", REPEATED),
        Refusal("t", 9, "y", "<script>alert(1)</script>", "repeats the key of row 3", "", REPEATED),
    ],
    kept=[Kept("t", "z", "Or", 2), Kept("t", "z", "Sel", 5)],
    unlisted_columns={"t": ["<b>"]},
    violations=[WARNING],
    replayed=[Replayed("t.x: cut at ';'", 3)],
    newly_kept=[Kept("t", "z", "Sel", 5)],
    difference={"Actor": {"added": 1, "not repeated": 2}},
    stopped="9 of 9 rows are refused.",
)  # fmt: skip


def test_findings_are_grouped_by_rule_with_count_first_rows_and_remedy() -> None:
    groups = REPORT.groups(2)
    assert [(one.effect, one.column, one.count) for one in groups] == [
        (Effect.REFUSED, "x", 7),
        (Effect.REFUSED, "y", 2),
        (Effect.WARNED, "startDate", 1),
        (Effect.KEPT, "z", 7),
    ]
    assert groups[0].first == ((1, "value 1"), (2, "value 2"))
    assert groups[0].remedy == "Correct it."
    assert groups[3].first == ((0, "Sel"), (0, "Or"))


def test_the_page_says_it_all_and_runs_nothing() -> None:
    page = html.fromstring(reporting.as_html(REPORT).decode())
    text = " ".join(" ".join(map(str, page.itertext())).split())
    for part in (
        "9 of 9 rows are refused",
        "Actor 1 0 2",
        "is not a number",
        "Has no start.",
        "cut at ';'",
        "Sel (5)",
    ):
        assert part in text
    assert "<script>alert(1)</script>" in text
    assert not page.xpath("//script | //@src | //@href | //link")


def test_the_table_has_a_row_for_every_finding_and_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(reporting.as_csv(REPORT).decode("utf-8-sig"))))
    assert len(rows) == 9 + 1 + 2
    assert rows[7]["value"] == "'=1+1"
    assert rows[0] == {
        "effect": "refused", "table": "t", "row": "1", "column": "x", "value": "value 1",
        "reason": "is not a number", "what to do": "Correct it.",
    }  # fmt: skip


def test_the_turtle_is_a_shacl_report() -> None:
    graph = Graph().parse(data=reporting.FORMS["turtle"](REPORT).decode(), format="turtle")
    assert len(list(graph.subjects(RDF.type, SH.ValidationResult))) == 1


@pytest.mark.parametrize("form", list(reporting.FORMS))
def test_a_report_without_findings_has_every_form(form: str) -> None:
    assert reporting.FORMS[form](Report("club", "abc", {}, {}, {}))
