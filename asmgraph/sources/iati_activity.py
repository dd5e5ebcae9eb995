"""Read what an activity says of itself in one row, and what it lists: sectors, markers, documents, other activities.

``place_scope`` is the narrowest place given: locations, country or none. ``dac`` is the code of a sector or marker
where its vocabulary is the DAC's, ``dac_category`` a sector's first three digits. The ``contact-info`` of an activity
is never looked at: it holds the names, telephones and mail addresses of persons.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from asmgraph import relevance
from asmgraph.sources import iati_cells as cells
from asmgraph.sources.iati_cells import Cells, Row
from asmgraph.sources.iati_parties import name_of, organisation

_CODED = {
    "scope": "activity-scope",
    "collaboration_type": "collaboration-type",
    "default_flow_type": "default-flow-type",
    "default_finance_type": "default-finance-type",
    "default_tied_status": "default-tied-status",
}
_STATED = ("hierarchy", "humanitarian", "budget-not-provided", "linked-data-uri")
TABLES = {
    "activities": f"iati_identifier slug {cells.columns('title')} {cells.columns('description')} status"
    " start_planned start_actual end_planned end_actual reporting_org_name reporting_org_ref"
    " reporting_org_slug reporting_org_type secondary_reporter recipient_countries recipient_regions"
    f" place_scope relevance relevance_reason themes {' '.join(_CODED)} default_aid_types"
    f" {' '.join(_STATED).replace('-', '_')} capital_spend crs_channel crs_flags other_identifiers"
    " default_currency last_updated",
    "sectors": "activity vocabulary code percentage dac dac_category",
    "policy_markers": "activity vocabulary code significance dac",
    "tags": "activity vocabulary vocabulary_uri code text",
    "humanitarian_scopes": "activity type vocabulary code text",
    "conditions": "activity attached type text",
    "legacy": "activity name value iati_equivalent",
    "relations": "activity related identifier type",
    "documents": f"slug activity result url format {cells.columns('title')} description category date"
    " languages",
}
_DATES = {"1": "start_planned", "2": "start_actual", "3": "end_planned", "4": "end_actual"}


def texts(activity: etree._Element) -> list[str]:
    """Return every title and description, in all their languages, each once."""
    elements = (*activity.iterfind("title"), *activity.iterfind("description"))
    return list(dict.fromkeys(text for text, _ in cells.narratives(elements)))


def sector_shares(activity: etree._Element) -> dict[tuple[str, str], str | None]:
    """Return the percentage of each (vocabulary, code); without a vocabulary it is a DAC code."""
    found: dict[tuple[str, str], str | None] = {}
    for sector in (*activity.iterfind("sector"), *activity.iterfind("transaction/sector")):
        if code := cells.attribute(sector, "code"):
            found.setdefault((sector.get("vocabulary") or "1", code), sector.get("percentage"))
    return found


def main_row(activity: etree._Element, found: relevance.Relevance, own: str | None) -> Cells:
    """Return the row of table ``activities``; a description that repeats the title is left empty."""
    identifier = cells.text_of(activity.find("iati-identifier"))
    title = cells.said_at("title", activity, "title", own)
    dates = {one.get("type"): cells.date(one.get("iso-date")) for one in activity.iterfind("activity-date")}
    reporting = activity.find("reporting-org")
    reporter = organisation(reporting, own)
    paths = ("recipient-country", "transaction/recipient-country")
    recipients = [cells.attribute(country, "code") for path in paths for country in activity.iterfind(path)]
    countries = cells.joined(code.upper() for code in recipients if code)
    scope = "locations" if activity.find("location") is not None else "country" if countries else "none"
    regions = (*activity.iterfind("recipient-region"), *activity.iterfind("transaction/recipient-region"))
    return {
        "iati_identifier": identifier,
        "slug": cells.exact_slug(identifier) if identifier else None,
        **title,
        **_description(activity, title, own),
        "status": cells.attribute_at(activity, "activity-status", "code"),
        **{column: dates.get(code) for code, column in _DATES.items()},
        "reporting_org_name": name_of(reporter),
        **{f"reporting_org_{key}": reporter[key] for key in ("ref", "slug", "type")},
        "secondary_reporter": cells.attribute(reporting, "secondary-reporter"),
        "recipient_countries": countries,
        "recipient_regions": cells.joined(cells.attribute(one, "code") for one in regions),
        "place_scope": scope,
        "relevance": found.level,
        "relevance_reason": cells.joined(found.reasons),
        "themes": cells.joined(relevance.themes(texts(activity))),
        **{column: cells.attribute_at(activity, path, "code") for column, path in _CODED.items()},
        "default_aid_types": cells.attributes_at(activity, "default-aid-type", "code"),
        **{name.replace("-", "_"): cells.attribute(activity, name) for name in _STATED},
        "capital_spend": cells.attribute_at(activity, "capital-spend", "percentage"),
        "crs_channel": cells.text_of(activity.find("crs-add/channel-code")),
        "crs_flags": cells.attributes_at(activity, "crs-add/other-flags", "code"),
        "other_identifiers": cells.attributes_at(activity, "other-identifier", "ref"),
        "default_currency": activity.get("default-currency"),
        "last_updated": activity.get("last-updated-datetime"),
    }


def lists(slug: str, activity: etree._Element, own: str | None) -> Iterator[Row]:
    """Yield the rows of what an activity lists, but for its parties, places, money and results."""
    for (vocabulary, code), percentage in sector_shares(activity).items():
        sector: Cells = {"activity": slug, "vocabulary": vocabulary, "code": code, "percentage": percentage}
        dac = code if vocabulary in ("1", "2") else None
        yield "sectors", {**sector, "dac": dac, "dac_category": dac and dac[:3]}
    for one in activity.iterfind("policy-marker"):
        marker = _attributes(slug, one, "vocabulary", "code", "significance")
        dac = marker["code"] if marker["vocabulary"] in (None, "1") else None
        yield "policy_markers", marker | {"dac": dac}
    for one in activity.iterfind("tag"):
        tag = _attributes(slug, one, "vocabulary", "vocabulary-uri", "code")
        yield "tags", tag | {"text": cells.said("text", [one], own)["text"]}
    for one in activity.iterfind("humanitarian-scope"):
        scope = _attributes(slug, one, "type", "vocabulary", "code")
        yield "humanitarian_scopes", scope | {"text": cells.said("text", [one], own)["text"]}
    attached = cells.attribute_at(activity, "conditions", "attached")
    for one in activity.iterfind("conditions/condition"):
        condition = _attributes(slug, one, "type") | {"attached": attached}
        yield "conditions", condition | {"text": cells.said("text", [one], own)["text"]}
    for one in activity.iterfind("legacy-data"):
        yield "legacy", _attributes(slug, one, "name", "value", "iati-equivalent")
    for one in activity.iterfind("related-activity"):
        if ref := cells.attribute(one, "ref"):
            related = {"activity": slug, "related": cells.exact_slug(ref), "identifier": ref}
            yield "relations", {**related, "type": cells.attribute(one, "type")}
    yield from _documents(slug, activity, own)


def document(link: etree._Element, own: str | None) -> Cells:
    """Return what a ``document-link`` says, of an activity or an organisation."""
    return {
        **{"url": cells.attribute(link, "url"), "format": cells.attribute(link, "format")},
        **cells.said_at("title", link, "title", own),
        "description": cells.main_text(link, "description", own),
        "category": cells.attributes_at(link, "category", "code"),
        "date": cells.date_at(link, "document-date"),
        "languages": cells.attributes_at(link, "language", "code"),
    }


def _documents(slug: str, activity: etree._Element, own: str | None) -> Iterator[Row]:
    """Yield the documents of the activity, and those of its results, which name their result."""
    links: list[tuple[str | None, etree._Element]] = [
        (None, link) for link in activity.iterfind("document-link")
    ]
    for ordinal, result in enumerate(activity.iterfind("result"), start=1):
        links += [(f"{slug}-result-{ordinal}", link) for link in result.iterfind(".//document-link")]
    for ordinal, (result_slug, link) in enumerate(links, start=1):
        named = {"slug": f"{slug}-document-{ordinal}", "activity": slug, "result": result_slug}
        yield "documents", named | document(link, own)


def _description(activity: etree._Element, title: Cells, own: str | None) -> Cells:
    """Return the descriptions of every kind, without a text that only repeats the title."""
    told = cells.said("description", activity.findall("description"), own)
    titles = set(title.values())
    return {column: None if text in titles else text for column, text in told.items()}


def _attributes(slug: str, element: etree._Element, *names: str) -> Cells:
    return {"activity": slug, **{name.replace("-", "_"): cells.attribute(element, name) for name in names}}
