"""Turn a record of IATI 1.0x into the elements of 2.03, in place, so that one code reads both.

What changed with 2.01, and is undone here: texts stand in the element itself, which is repeated for another language;
dates, roles, transaction types and vocabularies have words or letters for codes; places have ``coordinates``,
``gazetteer-entry`` and ``location-type``; a web page of the activity is an element of its own; an organisation has
an ``iati-identifier``. A code that 2.01 gave no successor stays as it is, and the check names it.

Codes and elements: IATI, 2.01 Changelog and Migrating from 1.x to 2.01,
https://iatistandard.org/en/iati-standard/upgrades/upgrade-changelogs/integer-upgrade-to-2-01/2-01-changes/ (``Q3`` in
it is a slip for ``QS``); places: IATI, Location: summary of changes in version 1.04. The changelog's table of sector
vocabularies is not that of the code list that 2.0x has; the numbers here are those of the list,
https://iatistandard.org/en/iati-standard/203/codelists/sectorvocabulary/ .
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from asmgraph.sources.iati_cells import LANG, text_of

_ORGANISATIONS = ("reporting-org", "participating-org", "provider-org", "receiver-org", "recipient-org")
_CODED = ("activity-date", "recipient-country", "recipient-region", "sector", "policy-marker")
_REPEATED = ("title", "description", "name", "activity-description", "comment")
"""Elements that 1.0x repeats for each language and 2.01 does not."""

_TEXTS = frozenset({*_ORGANISATIONS, *_CODED, *_REPEATED, "condition"})
"""Elements whose own text 2.01 moved into a narrative, wherever they stand."""

CODES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("activity-date", "type"): {
        "start-planned": "1",
        "start-actual": "2",
        "end-planned": "3",
        "end-actual": "4",
    },
    ("participating-org", "role"): {
        "funding": "1",
        "accountable": "2",
        "extending": "3",
        "implementing": "4",
    },
    ("transaction-type", "code"): {
        **{"if": "1", "c": "2", "d": "3", "e": "4", "ir": "5"},
        **{"lr": "6", "r": "7", "qp": "8", "qs": "9", "cg": "10"},
    },
    ("sector", "vocabulary"): {
        **{"dac": "1", "dac-3": "2", "cofog": "3", "nace": "4", "ntee": "5", "adt": "6"},
        **{"ro": "99", "ro2": "98"},
    },
    ("policy-marker", "vocabulary"): {"dac": "1", "ro": "99"},
}
"""By element and attribute: codes of 1.0x, in small letters, and those of 2.03."""

_GAZETTEERS = {"geo": "G1", "osm": "G2"}
_DATED = ("activity-date", "transaction-date", "period-start", "period-end")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WEB_PAGE = "A12"


def normalise(record: etree._Element) -> None:
    """Rewrite a record, an activity or an organisation, as 2.03 has it.

    Examples
    --------
    >>> activity = etree.fromstring('<iati-activity><title xml:lang="fr">Or</title></iati-activity>')
    >>> normalise(activity)
    >>> etree.tostring(activity).decode()
    '<iati-activity><title><narrative xml:lang="fr">Or</narrative></title></iati-activity>'
    """
    for contact in record.findall("contact-info"):  # holds persons, and nobody reads it
        record.remove(contact)
    for element in list(record.iter(etree.Element)):
        tag = str(element.tag)
        if tag in _DATED:
            _date(element)
        _recode(tag, element)
        if tag in _TEXTS:
            _narrate(element)
        if tag == "location":
            _locate(element)
        if tag == "document-link" and (code := str(element.attrib.pop("language", ""))):
            etree.SubElement(element, "language", code=code)
    for parent in list(record.iter(etree.Element)):
        _merge(parent)
    _rename(record)


def _date(element: etree._Element) -> None:
    """Take a date from the text where there is no attribute, which only 2.01 asks for."""
    if not element.get("iso-date") and (found := _DAY.match(text_of(element) or "")):
        element.set("iso-date", found.group())


def _recode(tag: str, element: etree._Element) -> None:
    for (owner, name), codes in CODES.items():
        if tag == owner and (code := element.get(name)):
            element.set(name, codes.get(code.strip().casefold(), code))


def _narrate(element: etree._Element) -> None:
    """Move an element's own text and language into a narrative, unless the file has narratives already."""
    if element.find("narrative") is not None:
        return
    text, tag = text_of(element), str(element.attrib.pop(LANG, ""))
    if text:
        del element[:]
        element.text = None
        etree.SubElement(element, "narrative", {LANG: tag} if tag else {}).text = text


def _merge(parent: etree._Element) -> None:
    """Put the narratives of an element that is repeated for its languages into the first of its kind."""
    first: dict[tuple[str, str | None], etree._Element] = {}
    for element in [one for one in parent if one.tag in _REPEATED]:
        kept = first.setdefault((str(element.tag), element.get("type")), element)
        if kept is not element:
            kept.extend(list(element))
            parent.remove(element)


def _locate(location: etree._Element) -> None:
    for at in location.findall("coordinates"):
        if location.find("point") is None:
            point = etree.SubElement(location, "point")
            pair = f"{at.get('latitude', '')} {at.get('longitude', '')}"
            etree.SubElement(point, "pos").text = pair
        if (precision := at.get("precision")) and location.find("exactness") is None:
            etree.SubElement(location, "exactness", code="1" if precision.strip() == "1" else "2")
    for entry in location.findall("gazetteer-entry"):
        agency = (entry.get("gazetteer-ref") or entry.get("gazeteer-ref") or "").strip()
        if code := text_of(entry):
            vocabulary = _GAZETTEERS.get(agency.casefold(), agency)
            etree.SubElement(location, "location-id", vocabulary=vocabulary, code=code)
    for kind in location.findall("location-type"):
        if code := kind.get("code"):
            etree.SubElement(location, "feature-designation", code=code)
    for unit in location.findall("administrative"):
        if country := unit.get("country"):
            etree.SubElement(location, "administrative", vocabulary="A4", level="0", code=country)


def _rename(record: etree._Element) -> None:
    for page in record.findall("activity-website"):
        if url := text_of(page):
            link = etree.SubElement(record, "document-link", url=url)
            etree.SubElement(link, "category", code=_WEB_PAGE)
    for identifier in record.findall("other-identifier"):
        if not identifier.get("ref") and (text := text_of(identifier)):
            identifier.set("ref", text)
    for flag in record.findall("crs-add/aid-type-flag"):
        flag.tag = "other-flags"
    if record.tag == "iati-organisation":
        for identifier in record.findall("iati-identifier"):
            identifier.tag = "organisation-identifier"
