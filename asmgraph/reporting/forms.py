"""A report as a page to read and pass on, as a table for a spreadsheet, as JSON and as a SHACL validation report."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from asmgraph.export import csv
from asmgraph.reporting import shacl
from asmgraph.validation.report import UNKNOWN, Effect, Report

_COLUMNS = ("effect", "table", "row", "column", "value", "reason", "what to do")
_FIRST = 20
_LIST_IT = "List it in source.yml, or ignore it there with a reason."
_pages = Environment(
    loader=PackageLoader("asmgraph.reporting", ""),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def filled(count: int | None) -> str:
    """Return in words in how many rows an unlisted column is filled."""
    return "rows not counted" if count is None else f"filled in {count:,} row{'' if count == 1 else 's'}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def as_html(report: Report) -> bytes:
    """Return the report as one page that stands alone: no script, nothing fetched, fit to print."""
    page = _pages.get_template("report.html").render(
        report=report, groups=report.groups(_FIRST), Effect=Effect, filled=filled, times=_times
    )
    return page.encode("utf-8", "replace")


def as_csv(report: Report) -> bytes:
    """Return every finding as a row: effect, table, row, column, value, reason, what to do.

    The row of a value that was kept as text is the first that has it.
    """
    stopped = [("stopped", "", None, "", "", report.stopped, "")] if report.stopped else []
    refused = [
        (Effect.REFUSED, one.table, one.row or None, one.column, one.value, one.reason, one.remedy)
        for one in report.refused
    ]
    warned = [(Effect.WARNED, "", None, one.path, one.focus, one.message, "") for one in report.warnings]
    kept = [
        (Effect.KEPT, one.table, (*one.rows, None)[0], one.column, one.value,
         f"{one.reason or UNKNOWN}; {one.places}", one.remedy)
        for one in report.kept
    ]  # fmt: skip
    unread = [
        ("not read", table, None, column, "", f"is not listed in source.yml; {filled(count)}", _LIST_IT)
        for table, columns in report.unlisted_columns.items()
        for column, count in columns.items()
    ]
    absent = [
        ("absent", table, None, column, "", "is listed in source.yml, and the file lacks it", "")
        for table, columns in report.absent_columns.items()
        for column in columns
    ]
    traces = [
        ("look", "", None, "", place, f"a public text may hold a {kind}", "")
        for kind, places in report.traces.items()
        for place in places
    ]
    cautions = [("look", "", None, "", report.source, caution, "") for caution in report.cautions]
    return csv.table(_COLUMNS, [*stopped, *refused, *warned, *kept, *unread, *absent, *traces, *cautions])


FORMS: Mapping[str, Callable[[Report], bytes]] = {
    "html": as_html,
    "csv": as_csv,
    "turtle": lambda report: shacl.as_turtle(report).encode("utf-8", "replace"),
}
"""By name; what :func:`asmgraph.cli.data.validate` writes for one source."""
