"""Read IATI activities, version 2.0x: XML in, batches of text rows out, one activity after the other.

Enters: files that nobody need trust, streamed by ``iati_xml``. Leaves: the tables of ``TABLES``, for the
activities that :mod:`asmgraph.sources.relevance` judges certain or probable. A row of ``activities`` has the
1-based number of its activity, any other that number and six digits that count: row 3000002 is the second of
the third activity. So a row can be refused alone, and its number still says where to look.

A title's language is given only where the narrative states it: publishers leave the file's default language
at English whatever they write. A description that repeats the title is left empty. An activity without
identifier is passed on alone, for the check to refuse it. Not read: budgets, contacts, conditions, documents,
related activities, policy markers, regions, the parties of single transactions.

IATI 2.03: https://iatistandard.org/en/iati-standard/203/activity-standard/
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from lxml import etree

from asmgraph.descriptions import Source
from asmgraph.records import ROW, Batch
from asmgraph.sources import iati_xml, relevance

BATCH_ROWS = 50_000
TABLES: Mapping[str, tuple[str, ...]] = {
    table: tuple(columns.split())
    for table, columns in {
        "activities": "iati_identifier slug title title_lang description description_lang status"
        " start_planned start_actual end_planned end_actual reporting_org_name reporting_org_ref"
        " reporting_org_slug reporting_org_type recipient_countries place_scope relevance relevance_reason"
        " themes default_currency last_updated",
        "organisations": "slug name other_name ref type",
        "participations": "slug activity activity_title org org_name org_ref org_type role",
        "sectors": "activity vocabulary code percentage dac dac_category",
        "locations": "activity place gazetteer code name lat lon exactness class",
        "transactions": "slug activity type date value currency value_date",
        "results": "slug activity type title",
        "indicators": "slug result title unit",
        "indicator_values": "slug result indicator indicator_title kind value unit date"
        " period_start period_end",
    }.items()
}
"""The columns of every table. ``place_scope`` is the narrowest place given: locations, country or none;
``dac`` is a sector's code where its vocabulary is the DAC's, ``dac_category`` its first three digits."""

_ROWS_OF_ONE = 1_000_000
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ORGANISATION_REF = re.compile(r"[A-Za-z]{2,}-\w.*|\d{5}")
_DATES = {"1": "start_planned", "2": "start_actual", "3": "end_planned", "4": "end_actual"}
_UNITS = {"1": "unit", "2": "percent", "3": "nominal", "4": "ordinal", "5": "qualitative"}

_Cells = dict[str, str | None]
_Row = tuple[str, _Cells]
_Party = tuple[_Cells, str | None]
_Rows = dict[str, list[dict[str, str | int | None]]]
_Said = dict[str, set[tuple[str, str]]]


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
        If the file is not well-formed, has a document type, or is not an IATI 2.0x activities file; it names
        the file and, where there is one, the line.
    """
    rows: _Rows = {table: [] for table in TABLES if table in source.tables}
    last: Counter[str] = Counter()
    known: _Said = {}
    for number, activity in iati_xml.activities(iati_xml.files(path)):
        found = _judged(activity)
        if not everything and found.level == "unrelated":
            continue
        for table, cells in _flattened(activity, found, known):
            if table in rows:
                own = number * _ROWS_OF_ONE + 1
                last[table] = number if table == "activities" else max(own, last[table] + 1)
                rows[table].append({ROW: last[table], **cells})
        if max(map(len, rows.values()), default=0) >= BATCH_ROWS:
            yield from _batches(rows)
    yield from _batches(rows)


def judge(path: Path) -> Iterator[Verdict]:
    """Yield the verdict on every activity at ``path``, unrelated or not; raises as :func:`read` does."""
    for number, activity in iati_xml.activities(iati_xml.files(path)):
        title, _ = _narrative(activity, "title", activity)
        identifier = _text(activity.find("iati-identifier")) or ""
        yield Verdict(number, identifier, title or "", _judged(activity))


def _batches(rows: _Rows) -> Iterator[Batch]:
    """Give away and forget the rows gathered so far."""
    for table, gathered in rows.items():
        schema = {ROW: pl.Int64, **dict.fromkeys(TABLES[table], pl.String)}
        frame = pl.DataFrame(gathered, schema=schema, orient="row")
        yield from (Batch(table, part) for part in frame.iter_slices(BATCH_ROWS))
        gathered.clear()


def _judged(activity: etree._Element) -> relevance.Relevance:
    return relevance.judge(_texts(activity), list(_sectors(activity)))


def _texts(activity: etree._Element) -> list[str]:
    """Return every title and description, in all their languages, each once."""
    narratives = (*activity.iterfind("title/narrative"), *activity.iterfind("description/narrative"))
    return list(dict.fromkeys(text for one in narratives if (text := _text(one))))


def _flattened(activity: etree._Element, found: relevance.Relevance, known: _Said) -> Iterator[_Row]:
    """Yield the rows of one activity; ``known`` remembers what was said of organisations before."""
    main = _activity(activity, found)
    slug = main["slug"]
    yield "activities", main
    if slug is None:
        return
    parties = [(_organisation(one), one.get("role")) for one in activity.iterfind("participating-org")]
    for organisation in (_organisation(activity.find("reporting-org")), *(party for party, _ in parties)):
        yield from _introduced(organisation, known)
    yield from _participations(slug, main["title"] or main["iati_identifier"], parties)
    for (vocabulary, code), percentage in _sectors(activity).items():
        cells = {"activity": slug, "vocabulary": vocabulary, "code": code, "percentage": percentage}
        dac = code if vocabulary in ("1", "2") else None
        yield "sectors", cells | {"dac": dac, "dac_category": dac and dac[:3]}
    yield from _locations(slug, activity)
    yield from _transactions(slug, activity)
    for ordinal, result in enumerate(activity.iterfind("result"), start=1):
        yield from _results(slug, f"{slug}-result-{ordinal}", activity, result)


def _activity(activity: etree._Element, found: relevance.Relevance) -> _Cells:
    identifier = _text(activity.find("iati-identifier"))
    title, title_lang = _narrative(activity, "title", activity)
    description, description_lang = _narrative(activity, "description", activity)
    same = description == title
    dates = {one.get("type"): _date(one.get("iso-date")) for one in activity.iterfind("activity-date")}
    reporter = _organisation(activity.find("reporting-org"))
    paths = ("recipient-country", "transaction/recipient-country")
    recipients = [country.get("code") for path in paths for country in activity.iterfind(path)]
    countries = dict.fromkeys(code.strip().upper() for code in recipients if code)
    scope = "locations" if activity.find("location") is not None else "country" if countries else "none"
    return {
        "iati_identifier": identifier,
        "slug": _exact_slug(identifier) if identifier else None,
        "title": title,
        "title_lang": title_lang,
        "description": None if same else description,
        "description_lang": None if same else description_lang,
        "status": _attribute(activity, "activity-status", "code"),
        **{column: dates.get(code) for code, column in _DATES.items()},
        **{f"reporting_org_{key}": value for key, value in reporter.items()},
        "recipient_countries": ";".join(countries) or None,
        "place_scope": scope,
        "relevance": found.level,
        "relevance_reason": ";".join(reason.replace(";", ",") for reason in found.reasons) or None,
        "themes": ";".join(relevance.themes(_texts(activity))) or None,
        "default_currency": activity.get("default-currency"),
        "last_updated": activity.get("last-updated-datetime"),
    }


def _organisation(element: etree._Element | None) -> _Cells:
    """Name an organisation by its reference where that is one, else by its name; both may be wrong."""
    if element is None:
        return dict.fromkeys(("slug", "name", "ref", "type"))
    name, ref = _text(element.find("narrative")), " ".join((element.get("ref") or "").split()) or None
    known = ref if ref and (_ORGANISATION_REF.fullmatch(ref) or not name) else None
    slug = f"iati-{_exact_slug(known)}" if known else f"iati-{_name_slug(name)}" if name else None
    return {"slug": slug, "name": name or ref, "ref": ref, "type": element.get("type")}


def _introduced(organisation: _Cells, known: _Said) -> Iterator[_Row]:
    """Yield an organisation when it is new, or has another name or type than before."""
    slug, name = organisation["slug"], organisation["name"]
    if slug is None:
        return
    before = known.setdefault(slug, set())
    said = {(key, value) for key in ("name", "type") if (value := organisation[key])}
    if said - before:
        other = {"name": None, "other_name": None if ("name", name) in before else name} if before else {}
        before |= said
        yield "organisations", organisation | other


def _participations(slug: str, title: str | None, parties: Iterable[_Party]) -> Iterator[_Row]:
    """Yield a row a role; the roles of one organisation are one participation, a repeated role is one."""
    told = set()
    for party, role in parties:
        if (party["slug"], role) in told:
            continue
        told.add((party["slug"], role))
        name = f"{slug}-{party['slug'].removeprefix('iati-')}" if party["slug"] else None
        org = {"org": party["slug"], **{f"org_{key}": party[key] for key in ("name", "ref", "type")}}
        yield "participations", {"slug": name, "activity": slug, "activity_title": title, **org, "role": role}


def _sectors(activity: etree._Element) -> dict[tuple[str, str], str | None]:
    """Return the percentage of each (vocabulary, code); without a vocabulary it is a DAC code."""
    found: dict[tuple[str, str], str | None] = {}
    for sector in (*activity.iterfind("sector"), *activity.iterfind("transaction/sector")):
        if code := (sector.get("code") or "").strip():
            found.setdefault((sector.get("vocabulary") or "1", code), sector.get("percentage"))
    return found


def _locations(slug: str, activity: etree._Element) -> Iterator[_Row]:
    """Name a place by its GeoNames number, else by another gazetteer, else as the activity's own."""
    told = set()
    for ordinal, location in enumerate(activity.iterfind("location"), start=1):
        identifiers = [(one.get("vocabulary"), one.get("code")) for one in location.iterfind("location-id")]
        gazetteer, code = min(identifiers, key=lambda one: one[0] != "G1", default=(None, None))
        place = f"{slug}-location-{ordinal}"
        if gazetteer and code:
            place = f"gn-{code}" if gazetteer == "G1" else _exact_slug(f"{gazetteer}-{code}")
        if place in told:
            continue
        told.add(place)
        position = (_text(location.find("point/pos")) or "").split()
        lat, lon = position if len(position) == 2 else (" ".join(position) or None, None)
        cells = {"activity": slug, "place": place, "gazetteer": gazetteer, "code": code}
        cells |= {"name": _narrative(location, "name", activity)[0], "lat": lat, "lon": lon}
        cells |= {"class": _attribute(location, "location-class", "code")}
        yield "locations", cells | {"exactness": _attribute(location, "exactness", "code")}


def _transactions(slug: str, activity: etree._Element) -> Iterator[_Row]:
    told: Counter[str] = Counter()
    for one in activity.iterfind("transaction"):
        kind = _attribute(one, "transaction-type", "code")
        date = _date(_attribute(one, "transaction-date", "iso-date"))
        name = f"{slug}-{_ascii(kind or 'untyped')}-{_ascii(date or 'undated')}"
        told[name] += 1
        currency = _attribute(one, "value", "currency") or activity.get("default-currency")
        cells = {"slug": f"{name}-{told[name]}", "activity": slug, "type": kind, "date": date}
        cells |= {"value": _text(one.find("value")), "currency": currency}
        yield "transactions", cells | {"value_date": _date(_attribute(one, "value", "value-date"))}


def _results(slug: str, own: str, activity: etree._Element, result: etree._Element) -> Iterator[_Row]:
    title = _narrative(result, "title", activity)[0]
    yield "results", {"slug": own, "activity": slug, "type": result.get("type"), "title": title}
    for ordinal, indicator in enumerate(result.iterfind("indicator"), start=1):
        name = f"{own}-indicator-{ordinal}"
        unit = _UNITS.get(indicator.get("measure") or "")
        measured = _narrative(indicator, "title", activity)[0]
        yield "indicators", {"slug": name, "result": own, "title": measured or title, "unit": unit}
        for number, cells in enumerate(_values(indicator), start=1):
            about = {"result": own, "indicator": name, "indicator_title": measured or title, "unit": unit}
            yield "indicator_values", {"slug": f"{name}-{number}", **about, **cells}


def _values(indicator: etree._Element) -> Iterator[_Cells]:
    """Yield every baseline, target and actual value that is given, with its date or period."""
    for baseline in indicator.iterfind("baseline"):
        if value := baseline.get("value"):
            date = _date(baseline.get("iso-date") or baseline.get("year"))
            yield {"kind": "baseline", "value": value, "date": date}
    for period in indicator.iterfind("period"):
        start, end = (_date(_attribute(period, f"period-{edge}", "iso-date")) for edge in ("start", "end"))
        for kind in ("target", "actual"):
            for given in period.iterfind(kind):
                if value := given.get("value"):
                    yield {"kind": kind, "value": value, "period_start": start, "period_end": end}


def _narrative(element: etree._Element, path: str, activity: etree._Element) -> tuple[str | None, str | None]:
    """Return the text in the activity's own language, and its language where it is stated with the text."""
    parent = element.find(path)
    if parent is None:
        return None, None
    own = _language(activity.get(_LANG))
    stated = [(_text(one), one.get(_LANG) or parent.get(_LANG)) for one in parent.iterfind("narrative")]
    given = [(text, _language(tag)) for text, tag in stated if text]
    return min(given, key=lambda one: (one[1] != own, one[1] is not None), default=(None, None))


def _language(tag: str | None) -> str | None:
    return tag.split("-")[0].strip().lower() or None if tag else None


def _text(element: etree._Element | None) -> str | None:
    return None if element is None else " ".join("".join(map(str, element.itertext())).split()) or None


def _attribute(element: etree._Element, path: str, name: str) -> str | None:
    child = element.find(path)
    return None if child is None else (child.get(name) or "").strip() or None


def _date(text: str | None) -> str | None:
    """Drop the time zone that XML dates may have; what else it says is for the check to judge."""
    return re.sub(r"(?<=\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)$", "", text.strip()) or None if text else None


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


def _exact_slug(text: str) -> str:
    """Make an identifier fit for an address; where more than capitals is lost, a hash keeps it apart."""
    return _hashed(text, lost=_ascii(text) != text.lower())


def _name_slug(name: str) -> str:
    """Make a name fit for an address; a hash stands for letters and signs that have no ASCII."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    lost = any(not c.isascii() and unicodedata.category(c)[0] in "LNS" for c in plain)
    return _hashed(name, lost=lost or not _ascii(name))


def _hashed(text: str, *, lost: bool) -> str:
    tail = f"-{hashlib.sha256(text.encode()).hexdigest()[:8]}" if lost else ""
    return (_ascii(text) + tail).strip("-")
