"""Print reports of ingestions, differences and states for a person."""

from __future__ import annotations

import json
import sys
from itertools import islice

from rich.markup import escape
from rich.table import Column

from asmgraph.cli.app import out, print_json, row, table
from asmgraph.reporting import FORMS, filled
from asmgraph.validation.report import Group, Report

FORMATS = ("table", "json", *FORMS)
_SHOWN = 20
_VALUE = 60


def show(reports: list[Report], form: str) -> None:
    """Print reports in one of :data:`FORMATS`; all but table and json are of one report."""
    for report in reports:
        if form == "json":
            print_json({"report": _content(report)})
        elif form == "table":
            _show_table(report)
        else:
            sys.stdout.buffer.write(FORMS[form](report))


def _content(report: Report) -> object:
    """Return a report with one message a violation; the SHACL report has them in every language."""
    content = json.loads(report.as_json())
    for violation in content["violations"]:
        del violation["messages"]
    return content


def _show_table(report: Report) -> None:
    rows = ", ".join(f"{count:,} {name}" for name, count in report.rows.items())
    out.print(f"[bold]{escape(report.source)}[/] version {report.version}")
    if report.stopped:
        out.print(f"[bold red]Stopped, nothing was staged:[/] {escape(report.stopped)}")
    if rows:
        out.print(f"rows in: {rows}; refused: {report.refused_rows}", markup=False)
    for title, numbers in (("things out", report.things), ("statements", report.triples)):
        counted = [f"{count:,} {name}" for name, count in numbers.items()]
        out.print(f"{title}: {', '.join(counted) or 'none'}", markup=False)
    for kind, states in report.difference.items():
        counts = ", ".join(f"{count:,} {state}" for state, count in states.items())
        out.print(f"against the published version: {kind}: {counts}", markup=False)
    for name, unlisted in report.unlisted_columns.items():
        for column, count in unlisted.items():
            out.print(
                f"not read: {name}: {column} is not listed in source.yml; {filled(count)}", markup=False
            )
    for name, names in report.absent_columns.items():
        out.print(f"columns of {name} listed but absent from the file: {', '.join(names)}", markup=False)
    for term, count in report.confined.items():
        out.print(
            f"made confidential, because it is said of a single site: {count:,} by {term}", markup=False
        )
    for caution in report.cautions:
        out.print(f"[bold]Look:[/] {escape(caution)}.")
    for kind, places in report.traces.items():
        more = f" and {len(places) - 1:,} more" if len(places) > 1 else ""
        out.print(f"[bold]Look:[/] a public text may hold a {escape(kind)}: {escape(places[0])}{more}")
    for one in report.replayed:
        out.print(f"step {one.step}: {one.cells:,} cells changed", markup=False)
    _show_judged(report)
    _show_places(report)
    _show_groups(report)
    _show_rows(report)
    _show_kept(report)
    _show_new(report)


def _show_judged(report: Report) -> None:
    if report.finding_counts:
        out.print(
            "judged: " + ", ".join(f"{count:,} {level}" for level, count in report.finding_counts.items())
        )
    if report.findings:
        chosen = table(
            "judged",
            Column("identifier", overflow="fold"),
            "title",
            "because",
            title="Records taken, and why",
        )
        for finding in report.findings:
            row(chosen, finding.level, finding.identifier, finding.title, "; ".join(finding.reasons))
        out.print(chosen)


def _show_places(report: Report) -> None:
    if report.placements or report.unplaced:
        methods = [f"{count:,} by {method}" for method, count in report.placements.items()]
        out.print(f"put into known places: {', '.join([*methods, f'{len(report.unplaced):,} not'])}")
    if report.unplaced:
        missed = table("said", "why", title="Not put into a known place")
        for said, why in islice(report.unplaced.items(), _SHOWN):
            row(missed, said, why)
        out.print(missed)
    if len(report.unplaced) > _SHOWN:
        out.print(f"... and {len(report.unplaced) - _SHOWN:,} more places; --format json lists all.")


def _show_groups(report: Report) -> None:
    """Print what refused, warned or kept, by rule; the rows that were refused follow one by one."""
    groups = report.groups(3)
    if groups:
        found = table(
            "effect", Column("times", justify="right"), "column", "rule", "first", title="Findings by rule"
        )
        for group in groups:
            column = ": ".join(filter(None, (group.table, group.column)))
            row(found, group.effect.value, f"{group.count:,}", column, group.rule, _places(group))
        out.print(found)


def _places(group: Group) -> str:
    shown = [
        (f"row {number}: " if number else "") + (value or "(empty)")[:_VALUE] for number, value in group.first
    ]
    return "; ".join(shown) + (" ..." if group.count > len(shown) else "")


def _show_rows(report: Report) -> None:
    if report.refused:
        refused = table("table", "row", "column", "value", "reason", "remedy", title="Refused rows")
        for one in islice(report.refused, _SHOWN):
            row(refused, one.table, one.row or "", one.column, one.value, one.reason, one.remedy)
        out.print(refused)
    if len(report.refused) > _SHOWN:
        out.print(
            f"... and {len(report.refused) - _SHOWN:,} more refusals; "
            f"'asmgraph validate {report.source} --format csv' lists all."
        )


def _show_kept(report: Report) -> None:
    if report.kept:
        kept = table("table", "column", "value", "where", "remedy", title="Values kept as text")
        for one in islice(report.kept, _SHOWN):
            row(kept, one.table, one.column, one.value[:_VALUE], one.places, one.remedy)
        out.print(kept)
    if len(report.kept) > _SHOWN:
        out.print(
            f"... and {len(report.kept) - _SHOWN:,} more values; "
            f"'asmgraph validate {report.source} --format csv' lists all."
        )


def _show_new(report: Report) -> None:
    for title, values in (("New values that nothing matches", report.newly_kept),
                          ("New spellings of merged values, left as they are", report.variants)):  # fmt: skip
        if values:
            texts = table("table", "column", "value", "where", title=title)
            for kept in islice(values, _SHOWN):
                row(texts, kept.table, kept.column, kept.value, kept.places)
            out.print(texts)
        if len(values) > _SHOWN:
            out.print(f"... and {len(values) - _SHOWN:,} more.")
