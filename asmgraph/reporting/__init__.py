"""The report of an ingestion in the forms that people and programs open."""

from asmgraph.reporting.forms import FORMS, as_csv, as_html, filled

__all__ = ["FORMS", "as_csv", "as_html", "filled"]
