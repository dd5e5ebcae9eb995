"""Read IATI activities, versions 1.0x and 2.0x: XML in, batches of text rows out, one activity after the other.

Enters: files that nobody need trust, streamed by ``iati_xml``. Leaves: the tables of ``TABLES``, for the
activities that :mod:`asmgraph.relevance` judges certain or probable. A row of ``activities`` has the
1-based number of its activity, any other that number and six digits that count: row 3000002 is the second of
the third activity. So a row can be refused alone, and its number still says where to look.

An activity without identifier is passed on alone, for the check to refuse it. Activities that others name as
their parent or child and that are not among those read are rows of ``mentioned``, and organisations that nobody
names rows of ``unnamed``, after all others. What is read of which element, and what is not:
``docs/reference/iati.md``.

IATI 2.03: https://iatistandard.org/en/iati-standard/203/activity-standard/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from asmgraph import relevance
from asmgraph.descriptions import Source
from asmgraph.records import Batch
from asmgraph.sources import (
    iati_activity,
    iati_parties,
    iati_places,
    iati_results,
    iati_tables,
    iati_transactions,
    iati_xml,
)
from asmgraph.sources import iati_cells as cells

TABLES = iati_tables.columns(
    iati_activity.TABLES,
    iati_parties.TABLES,
    iati_places.TABLES,
    iati_transactions.TABLES,
    iati_results.TABLES,
    {"mentioned": "slug identifier reported_by"},
)
"""The columns of every table, as the modules that read them name them."""

_NAMED = ("1", "2")
"""The kinds of relation whose other side is an activity of its own right: parent and child."""


@dataclass(frozen=True)
class Verdict:
    """What was judged of one activity: its number in the file, who it is, and how it bears on ASM."""

    row: int
    identifier: str
    title: str
    relevance: relevance.Relevance


def files(path: Path, source: Source) -> list[Path]:
    """Return the files at ``path``: a file, or those of a folder that end in ``.xml``, sorted."""
    return iati_xml.files(path)


def read(path: Path, source: Source, *, everything: bool = False) -> Iterator[Batch]:
    """Yield the tables of the activities at ``path``, of those that ``source`` lists.

    Parameters
    ----------
    everything
        Also the activities judged unrelated.

    Raises
    ------
    SourceError
        If the file is not well-formed, has a document type, or is not an IATI activities file of version 1.0x or
        2.0x; it names the file and, where there is one, the line.
    """
    gathered = iati_tables.Gathered(source, TABLES, records="activities")
    known: iati_parties.Said = {}
    unnamed = iati_parties.Unnamed()
    taken: set[str | None] = set()
    mentioned: dict[str, tuple[int, cells.Cells]] = {}
    for number, activity in iati_xml.activities(iati_xml.files(path)):
        found = _judged(activity)
        if not everything and found.level == "unrelated":
            continue
        reporter = None
        for name, row in _flattened(activity, found, known):
            if name == "unnamed":
                unnamed.keep(row, number)
                continue
            gathered.add(name, row, number)
            if name == "activities":
                taken.add(row["slug"])
                reporter = row["reporting_org_slug"]
            elif name == "relations" and row["type"] in _NAMED and row["related"]:
                told = {"slug": row["related"], "identifier": row["identifier"], "reported_by": reporter}
                mentioned.setdefault(row["related"], (number, told))
        if gathered.full:
            yield from gathered.batches()
    for number, row in unnamed.rows(known):
        gathered.add("unnamed", row, number)
    for slug, (number, row) in mentioned.items():
        if slug not in taken:
            gathered.add("mentioned", row, number)
    yield from gathered.batches()


def judge(path: Path) -> Iterator[Verdict]:
    """Yield the verdict on every activity at ``path``, unrelated or not; raises as :func:`read` does."""
    for number, activity in iati_xml.activities(iati_xml.files(path)):
        title = cells.main_text(activity, "title", cells.language(activity.get(cells.LANG)))
        identifier = cells.text_of(activity.find("iati-identifier")) or ""
        yield Verdict(number, identifier, title or "", _judged(activity))


def _judged(activity: etree._Element) -> relevance.Relevance:
    sectors = list(iati_activity.sector_shares(activity))
    return relevance.judge(iati_activity.texts(activity), sectors)


def _flattened(
    activity: etree._Element, found: relevance.Relevance, known: iati_parties.Said
) -> Iterator[cells.Row]:
    """Yield the rows of one activity; ``known`` remembers what was said of organisations before."""
    own = cells.language(activity.get(cells.LANG))
    main = iati_activity.main_row(activity, found, own)
    slug = main["slug"]
    yield "activities", main
    if slug is None:
        return
    yield from iati_parties.introduced(iati_parties.organisation(activity.find("reporting-org"), own), known)
    title = main["title"] or main["iati_identifier"]
    yield from iati_parties.participations(slug, title, activity, own, known)
    yield from iati_activity.lists(slug, activity, own)
    yield from iati_places.locations(slug, activity, own)
    yield from iati_transactions.transactions(slug, activity, own, known)
    yield from iati_transactions.budgets(slug, activity, own, known)
    yield from iati_transactions.budget_items(slug, activity, own)
    yield from iati_results.results(slug, activity, own)
