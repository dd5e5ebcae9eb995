"""Read IATI organisation files, versions 1.0x and 2.0x: who an organisation is and what it plans to spend.

Enters: files that nobody need trust, streamed by ``iati_xml``. Leaves: the tables of ``TABLES``. A row of ``records``
has the 1-based number of its organisation, any other that number and six digits that count. These files say nothing
of single activities, so none of their records is judged to bear on mining or not: all are read. A record without
identifier is passed on alone, for the check to refuse it.

IATI 2.03: https://iatistandard.org/en/iati-standard/203/organisation-standard/
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from asmgraph.descriptions import Source
from asmgraph.records import Batch
from asmgraph.sources import iati_cells as cells
from asmgraph.sources import iati_parties as parties
from asmgraph.sources import iati_tables, iati_xml
from asmgraph.sources.iati_activity import document
from asmgraph.sources.iati_cells import Row

_MONEY = "period_start period_end value currency value_date"
TABLES = iati_tables.columns(
    {
        "records": f"identifier slug {cells.columns('name')} type reported_by secondary_reporter"
        " default_currency last_updated",
        **{table: parties.TABLES[table] for table in ("organisations", "unnamed")},
        "budgets": f"slug organisation organisation_name kind status {_MONEY} recipient recipient_name country"
        " region region_vocabulary",
        "expenditures": f"slug organisation {_MONEY}",
        "lines": "of ref value currency value_date text",
        "documents": f"slug organisation url format {cells.columns('title')} description category date"
        " languages countries",
    }
)
_KINDS = {
    "total-budget": "total",
    "recipient-org-budget": "recipient-organisation",
    "recipient-country-budget": "recipient-country",
    "recipient-region-budget": "recipient-region",
}


def files(path: Path, source: Source) -> list[Path]:
    """Return the files at ``path``: a file, or those of a folder that end in ``.xml``, sorted."""
    return iati_xml.files(path)


def read(path: Path, source: Source, *, everything: bool = False) -> Iterator[Batch]:
    """Yield the tables of the organisations at ``path`` that ``source`` lists; ``everything`` changes nothing.

    Raises
    ------
    SourceError
        If the file is not well-formed, has a document type, or is not an IATI organisation file of version 1.0x or
        2.0x; it names the file and, where there is one, the line.
    """
    gathered = iati_tables.Gathered(source, TABLES, records="records")
    known: parties.Said = {}
    unnamed = parties.Unnamed()
    for number, record in iati_xml.organisations(iati_xml.files(path)):
        for table, row in _flattened(record, known):
            if table == "unnamed":
                unnamed.keep(row, number)
                continue
            gathered.add(table, row, number)
        if gathered.full:
            yield from gathered.batches()
    for number, row in unnamed.rows(known):
        gathered.add("unnamed", row, number)
    yield from gathered.batches()


def _flattened(record: etree._Element, known: parties.Said) -> Iterator[Row]:
    """Yield the rows of one organisation; ``known`` remembers what was said of others before."""
    own = cells.language(record.get(cells.LANG))
    identifier = cells.text_of(record.find("organisation-identifier"))
    names = cells.said_at("name", record, "name", own)
    slug = parties.identity(identifier, names["name"]) if identifier else None
    reporting = record.find("reporting-org")
    reporter = parties.organisation(reporting, own)
    yield (
        "records",
        {
            **{"identifier": identifier, "slug": slug, **names},
            "type": reporter["type"] if reporter["slug"] == slug else None,
            "reported_by": reporter["slug"],
            "secondary_reporter": cells.attribute(reporting, "secondary-reporter"),
            "default_currency": record.get("default-currency"),
            "last_updated": record.get("last-updated-datetime"),
        },
    )
    if slug is None:
        return
    known.setdefault(slug, set()).add(("name", names["name"] or slug))
    if reporter["slug"] != slug:
        yield from parties.introduced(reporter, known)
    yield from _budgets(slug, names["name"] or identifier, record, own, known)
    yield from _expenditures(slug, record, own)
    for ordinal, link in enumerate(record.iterfind("document-link"), start=1):
        named = {"slug": f"{slug}-document-{ordinal}", "organisation": slug}
        countries = cells.attributes_at(link, "recipient-country", "code")
        yield "documents", named | document(link, own) | {"countries": countries}


def _budgets(
    slug: str, name: str | None, record: etree._Element, own: str | None, known: parties.Said
) -> Iterator[Row]:
    for element, kind in _KINDS.items():
        for ordinal, one in enumerate(record.iterfind(element), start=1):
            recipient = parties.organisation(one.find("recipient-org"), own)
            yield from parties.introduced(recipient, known)
            budget = f"{slug}-{element}-{ordinal}"
            yield (
                "budgets",
                {
                    **{"slug": budget, "organisation": slug, "organisation_name": name, "kind": kind},
                    "status": cells.attribute(one, "status"),
                    **cells.period(one),
                    **cells.money(one, record.get("default-currency")),
                    **{"recipient": recipient["slug"], "recipient_name": parties.name_of(recipient)},
                    "country": cells.attribute_at(one, "recipient-country", "code"),
                    "region": cells.attribute_at(one, "recipient-region", "code"),
                    "region_vocabulary": cells.attribute_at(one, "recipient-region", "vocabulary"),
                },
            )
            yield from _lines(budget, one, "budget-line", record, own)


def _expenditures(slug: str, record: etree._Element, own: str | None) -> Iterator[Row]:
    for ordinal, one in enumerate(record.iterfind("total-expenditure"), start=1):
        spent = f"{slug}-total-expenditure-{ordinal}"
        money = cells.money(one, record.get("default-currency"))
        yield "expenditures", {"slug": spent, "organisation": slug, **cells.period(one), **money}
        yield from _lines(spent, one, "expense-line", record, own)


def _lines(
    of: str, parent: etree._Element, path: str, record: etree._Element, own: str | None
) -> Iterator[Row]:
    for line in parent.iterfind(path):
        money = cells.money(line, record.get("default-currency"))
        text = cells.said("text", [line], own)["text"]
        yield "lines", {"of": of, "ref": cells.attribute(line, "ref"), **money, "text": text}
