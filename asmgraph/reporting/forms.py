"""A report as a page to read and pass on, as a table for a spreadsheet, as JSON and as a SHACL validation report."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from asmgraph.export import csv
from asmgraph.validation.report import Effect, Report

_COLUMNS = ("effect", "table", "row", "column", "value", "reason", "what to do")
_FIRST = 20
_pages = Environment(
    loader=PackageLoader("asmgraph.reporting", ""),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_html(report: Report) -> bytes:
    """Return the report as one page that stands alone: no script, nothing fetched, fit to print."""
    page = _pages.get_template("report.html").render(
        report=report, groups=report.groups(_FIRST), Effect=Effect
    )
    return page.encode("utf-8", "replace")


def as_csv(report: Report) -> bytes:
    """Return every finding as a row: effect, table, row, column, value, reason, what to do."""
    refused = [
        (Effect.REFUSED, one.table, one.row or None, one.column, one.value, one.reason, one.remedy)
        for one in report.refused
    ]
    warned = [(Effect.WARNED, "", None, one.path, one.focus, one.message, "") for one in report.warnings]
    kept = [
        (Effect.KEPT, one.table, None, one.column, one.value, f"in {one.count} cells", "")
        for one in report.kept
    ]
    traces = [
        ("look", "", None, "", place, f"a public text may hold a {kind}", "")
        for kind, places in report.traces.items()
        for place in places
    ]
    cautions = [("look", "", None, "", report.source, caution, "") for caution in report.cautions]
    return csv.table(_COLUMNS, [*refused, *warned, *kept, *traces, *cautions])


FORMS: Mapping[str, Callable[[Report], bytes]] = {
    "html": as_html,
    "csv": as_csv,
    "turtle": lambda report: report.as_turtle().encode(),
}
"""By name; what :func:`asmgraph.cli.data.validate` writes for one source."""
