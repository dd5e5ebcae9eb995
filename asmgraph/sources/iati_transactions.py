"""Read the money of an activity: transactions, budgets, planned disbursements, items of a country's budget.

Amounts stay as they are given, each with its own currency or the activity's; nothing is added or converted here. A
planned disbursement is a budget that says from whom and to whom.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from asmgraph.sources import iati_cells as cells
from asmgraph.sources import iati_parties as parties
from asmgraph.sources.iati_cells import Cells, Row

_MONEY = "value currency value_date"
_PARTIES = "provider provider_activity receiver receiver_activity"
TABLES = {
    "transactions": f"slug activity type date {_MONEY} {_PARTIES} ref description disbursement_channel sectors"
    " recipient_country recipient_region flow_type finance_type aid_types tied_status humanitarian",
    "budgets": f"slug activity kind status period_start period_end {_MONEY} {_PARTIES}",
    "budget_items": "activity vocabulary code percentage description",
}
_CODED = (
    *("disbursement-channel", "recipient-country", "recipient-region"),
    *("flow-type", "finance-type", "tied-status"),
)
_BUDGET_KINDS = {None: "original", "1": "original", "2": "revised"}


def transactions(slug: str, activity: etree._Element, own: str | None, known: parties.Said) -> Iterator[Row]:
    """Yield every transaction; those of one type and day are numbered."""
    told: Counter[str] = Counter()
    for one in activity.iterfind("transaction"):
        kind = cells.attribute_at(one, "transaction-type", "code")
        day = cells.date_at(one, "transaction-date")
        name = f"{slug}-{cells.ascii_slug(kind or 'untyped')}-{cells.ascii_slug(day or 'undated')}"
        told[name] += 1
        sides, rows = _sides(one, own, known)
        yield from rows
        yield (
            "transactions",
            {
                **{"slug": f"{name}-{told[name]}", "activity": slug, "type": kind, "date": day},
                **cells.money(one, activity.get("default-currency")),
                **sides,
                "ref": cells.attribute(one, "ref"),
                "description": cells.main_text(one, "description", own),
                "sectors": cells.attributes_at(one, "sector", "code"),
                **_coded(one),
                "humanitarian": cells.attribute(one, "humanitarian"),
            },
        )


def budgets(slug: str, activity: etree._Element, own: str | None, known: parties.Said) -> Iterator[Row]:
    """Yield every budget and planned disbursement, numbered as they stand."""
    for ordinal, one in enumerate(activity.iterfind("budget"), start=1):
        kind = cells.attribute(one, "type")
        yield (
            "budgets",
            {
                **{"slug": f"{slug}-budget-{ordinal}", "activity": slug},
                **{"kind": _BUDGET_KINDS.get(kind, kind), "status": cells.attribute(one, "status")},
                **cells.period(one),
                **cells.money(one, activity.get("default-currency")),
                **dict.fromkeys(_PARTIES.split()),
            },
        )
    for ordinal, one in enumerate(activity.iterfind("planned-disbursement"), start=1):
        sides, rows = _sides(one, own, known)
        yield from rows
        yield (
            "budgets",
            {
                **{"slug": f"{slug}-planned-{ordinal}", "activity": slug},
                **{"kind": "planned-disbursement", "status": None},
                **cells.period(one),
                **cells.money(one, activity.get("default-currency")),
                **sides,
            },
        )


def budget_items(slug: str, activity: etree._Element, own: str | None) -> Iterator[Row]:
    """Yield the items of the recipient country's budget that the activity is spread over."""
    for items in activity.iterfind("country-budget-items"):
        for one in items.iterfind("budget-item"):
            yield (
                "budget_items",
                {
                    **{"activity": slug, "vocabulary": cells.attribute(items, "vocabulary")},
                    **{key: cells.attribute(one, key) for key in ("code", "percentage")},
                    "description": cells.main_text(one, "description", own),
                },
            )


def _sides(one: etree._Element, own: str | None, known: parties.Said) -> tuple[Cells, list[Row]]:
    """Return who gives and who receives, with the activities they name, and the rows that tell who they are."""
    sides: Cells = {}
    rows: list[Row] = []
    for side in ("provider", "receiver"):
        element = one.find(f"{side}-org")
        party = parties.organisation(element, own)
        rows.extend(parties.introduced(party, known))
        sides[side] = party["slug"]
        sides[f"{side}_activity"] = cells.attribute(element, f"{side}-activity-id")
    return sides, rows


def _coded(one: etree._Element) -> Cells:
    """Return what is said of a transaction in a code alone."""
    coded = {name.replace("-", "_"): cells.attribute_at(one, name, "code") for name in _CODED}
    return coded | {"aid_types": cells.attributes_at(one, "aid-type", "code")}
