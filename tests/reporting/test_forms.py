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

NO_LOOKUP = "is in no lookup of z"
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
    kept=[
        Kept("t", "z", "Or", 2, (3, 4), NO_LOOKUP, "Add it."),
        Kept("t", "z", "Sel", 5, (1, 2, 6), NO_LOOKUP, "Add it."),
        Kept("t", "d", "soon", 1, (7,), "is not a date", "Add its form."),
    ],
    unlisted_columns={"t": {"<b>": 6}},
    violations=[WARNING],
    replayed=[Replayed("t.x: cut at ';'", 3)],
    newly_kept=[Kept("t", "z", "Sel", 5, (1, 2, 6))],
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
        (Effect.KEPT, "d", 1),
    ]
    assert groups[0].first == ((1, "value 1"), (2, "value 2"))
    assert groups[0].remedy == "Correct it."
    assert groups[3].first == ((1, "Sel"), (3, "Or"))
    assert (groups[4].rule, groups[4].first) == ("is not a date; 1 different value", ((7, "soon"),))
    assert groups[4].remedy == "Add its form."


def test_each_kept_value_shows_a_row_before_one_shows_a_second() -> None:
    (group,) = (one for one in REPORT.groups(4) if (one.effect, one.column) == (Effect.KEPT, "z"))
    assert group.first == ((1, "Sel"), (3, "Or"), (2, "Sel"), (4, "Or"))


def test_the_page_says_it_all_and_runs_nothing() -> None:
    page = html.fromstring(reporting.as_html(REPORT).decode())
    text = " ".join(" ".join(map(str, page.itertext())).split())
    for part in (
        "9 of 9 rows are refused",
        "Actor 1 0 2",
        "is not a number",
        "Has no start.",
        "cut at ';'",
        "Sel (in 5 cells, rows 1, 2, 6, ...)",
        "row 1: Sel; row 3: Or",
        "<b> (filled in 6 rows)",
    ):
        assert part in text
    assert "<script>alert(1)</script>" in text
    assert not page.xpath("//script | //@src | //@href | //link")


def test_the_table_has_a_row_for_every_finding_and_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(reporting.as_csv(REPORT).decode("utf-8-sig"))))
    assert len(rows) == 1 + 9 + 1 + 3 + 1
    assert rows[0]["effect"] == "stopped"
    assert rows[-1]["reason"] == "is not listed in source.yml; filled in 6 rows"
    assert (rows[-3]["row"], rows[-3]["value"]) == ("1", "Sel")
    assert rows[-3]["reason"] == "is in no lookup of z; in 5 cells, rows 1, 2, 6, ..."
    assert rows[8]["value"] == "'=1+1"
    assert rows[1] == {
        "effect": "refused", "table": "t", "row": "1", "column": "x", "value": "value 1",
        "reason": "is not a number", "what to do": "Correct it.",
    }  # fmt: skip


def test_the_turtle_is_a_shacl_report() -> None:
    graph = Graph().parse(data=reporting.FORMS["turtle"](REPORT).decode(), format="turtle")
    assert len(list(graph.subjects(RDF.type, SH.ValidationResult))) == 1 + 1 + 9 + 3


@pytest.mark.parametrize("form", list(reporting.FORMS))
def test_a_report_without_findings_has_every_form(form: str) -> None:
    assert reporting.FORMS[form](Report("club", "abc", {}, {}, {}))
