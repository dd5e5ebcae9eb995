"""A report as a SHACL validation report, https://www.w3.org/TR/shacl/#validation-report, in Turtle.

What the shapes object to are results about things. What ``source.yml`` refuses or keeps as text are results about
rows, ``csvw:Row`` with their number (https://www.w3.org/ns/csvw); their constraint is that of ``sh:node``: the row is
not as it is described. What is refused is an ``sh:Violation``, what is kept as text ``sh:Info``. As the recommendation
says, data conform only where there is no result at all, of whatever severity.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from rdflib import SH, Literal, URIRef

from asmgraph.records import GRAPH, Refusal
from asmgraph.validation.report import UNKNOWN, Kept, Report
from asmgraph.validation.shapes import Violation

_PREFIXES = """\
@prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

"""
_NODE = SH.NodeConstraintComponent.n3()


def as_turtle(report: Report) -> str:
    """Return the report as Turtle; several, one after the other, are Turtle too."""
    version = f"{GRAPH}{report.source}/{report.version}"
    told = {violation.message for violation in report.violations if violation.refuses}
    # A row that a shape refused is told of once: in the result about the thing that the row states.
    refused = [one for one in report.refused if one.reason not in told]
    results = [
        *([_result(f"<{version}>", "Violation", [_text(report.stopped)])] if report.stopped else []),
        *map(_of_shape, report.violations),
        *(_of_refusal(version, one) for one in refused),
        *(_of_kept(version, one) for one in report.kept),
    ]
    rows = {(one.table, one.row) for one in refused} | {
        (one.table, row) for one in report.kept for row in one.rows[:1]
    }
    whole = [f"[] a sh:ValidationReport ;\n  sh:conforms {'false' if results else 'true'}"]
    whole += [f"  sh:result [ a sh:ValidationResult ;\n    {result} ]" for result in results]
    numbers = [
        f"{_row(version, table, row)} a csvw:Row ; csvw:rownum {row} .\n"
        for table, row in sorted(rows)
        if row
    ]
    return "".join([_PREFIXES, " ;\n".join(whole), " .\n\n", *numbers])


def _of_shape(violation: Violation) -> str:
    messages = violation.messages or (("", violation.message),)
    more = [f"sh:resultPath {URIRef(violation.path).n3()}"] if violation.path else []
    more += [f"sh:value {violation.value}"] if violation.value else []
    more += [f"sh:sourceShape {URIRef(violation.shape).n3()}"] if violation.shape else []
    texts = [Literal(text, lang=language or None).n3() for language, text in messages]
    return _result(violation.focus, violation.severity, texts, URIRef(violation.constraint).n3(), more)


def _of_refusal(version: str, one: Refusal) -> str:
    message = _text(f"{one.column}: {one.reason.rstrip('.')}. {one.remedy}".strip())
    return _of_row(version, one.table, one.row, "Violation", one.column, one.value, message)


def _of_kept(version: str, one: Kept) -> str:
    message = _text(f"{one.column}: {one.reason or UNKNOWN}; {one.places}. {one.remedy}".strip())
    return _of_row(version, one.table, (*one.rows, 0)[0], "Info", one.column, one.value, message)


def _of_row(version: str, table: str, row: int, severity: str, column: str, value: str, message: str) -> str:
    more = [f"sh:resultPath <{version}#{_name(table)}/{_name(column)}>"] if column else []
    more += [f"sh:value {Literal(value).n3()}"] if value else []
    return _result(_row(version, table, row), severity, [message], more=more)


def _row(version: str, table: str, row: int) -> str:
    """Return the address of a row, or of its table where the row is not known."""
    return f"<{version}#{_name(table)}/row={row}>" if row else f"<{version}#{_name(table)}>"


def _name(text: str) -> str:
    return quote(text, safe="", errors="replace")


def _text(text: str) -> str:
    return Literal(text, lang="en").n3()


def _result(
    focus: str, severity: str, texts: Iterable[str], constraint: str = _NODE, more: Iterable[str] = ()
) -> str:
    parts = [
        f"sh:focusNode {focus}",
        f"sh:resultSeverity sh:{severity}",
        f"sh:resultMessage {', '.join(texts)}",
        f"sh:sourceConstraintComponent {constraint}",
        *more,
    ]
    return " ;\n    ".join(parts)
