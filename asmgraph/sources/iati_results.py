"""Read the results of an activity: results, their indicators, and baselines, targets and actual values.

A value in words, or one that only its comment says, has no figure; it is a row all the same. A dimension is
``name=value`` in small letters (``sex=female``): a figure of a part must never pass as one of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from asmgraph.sources import iati_cells as cells
from asmgraph.sources.iati_cells import Cells, Row

TABLES = {
    "results": f"slug activity type aggregation {cells.columns('title')} {cells.columns('description')} ref",
    "indicators": f"slug result {cells.columns('title')} {cells.columns('description')} unit ascending"
    " aggregation ref",
    "indicator_values": "slug result indicator indicator_title kind value unit date period_start period_end"
    " dimensions comment locations",
}
_UNITS = {"1": "unit", "2": "percent", "3": "nominal", "4": "ordinal", "5": "qualitative"}


def results(slug: str, activity: etree._Element, own: str | None) -> Iterator[Row]:
    """Yield every result, its indicators and their values."""
    for ordinal, result in enumerate(activity.iterfind("result"), start=1):
        name = f"{slug}-result-{ordinal}"
        title = cells.said_at("title", result, "title", own)
        yield (
            "results",
            {
                **{"slug": name, "activity": slug, "type": cells.attribute(result, "type")},
                "aggregation": cells.attribute(result, "aggregation-status"),
                **title,
                **cells.said_at("description", result, "description", own),
                "ref": _references(result),
            },
        )
        for number, indicator in enumerate(result.iterfind("indicator"), start=1):
            yield from _indicator(f"{name}-indicator-{number}", name, title, indicator, own)


def _indicator(
    name: str, result: str, above: Cells, indicator: etree._Element, own: str | None
) -> Iterator[Row]:
    """Yield an indicator, which has the title of its result where it has none, and its values."""
    measured = cells.said_at("title", indicator, "title", own)
    title = measured if measured["title"] else above
    unit = _UNITS.get(indicator.get("measure") or "")
    yield (
        "indicators",
        {
            **{"slug": name, "result": result},
            **title,
            **cells.said_at("description", indicator, "description", own),
            **{"unit": unit, "ascending": cells.attribute(indicator, "ascending")},
            "aggregation": cells.attribute(indicator, "aggregation-status"),
            "ref": _references(indicator),
        },
    )
    about = {"result": result, "indicator": name, "indicator_title": title["title"], "unit": unit}
    for number, value in enumerate(_values(indicator, own), start=1):
        yield "indicator_values", {"slug": f"{name}-{number}", **about, **value}


def _values(indicator: etree._Element, own: str | None) -> Iterator[Cells]:
    """Yield every baseline, target and actual value that says something, with its date or period."""
    for baseline in indicator.iterfind("baseline"):
        day = cells.date(baseline.get("iso-date") or baseline.get("year"))
        yield from _given("baseline", baseline, {"date": day}, own)
    for period in indicator.iterfind("period"):
        for kind in ("target", "actual"):
            for given in period.iterfind(kind):
                yield from _given(kind, given, cells.period(period), own)


def _given(kind: str, given: etree._Element, when: Cells, own: str | None) -> Iterator[Cells]:
    value, comment = cells.attribute(given, "value"), cells.main_text(given, "comment", own)
    if value or comment:
        dimensions = (
            f"{one.get('name', '')}={one.get('value', '')}".casefold() for one in given.iterfind("dimension")
        )
        yield {
            **{"kind": kind, "value": value, **when, "dimensions": cells.joined(dimensions)},
            **{"comment": comment, "locations": cells.attributes_at(given, "location", "ref")},
        }


def _references(element: etree._Element) -> str | None:
    """Return the entries of other lists that a result or an indicator stands for, as ``vocabulary:code``."""
    return cells.joined(
        f"{one.get('vocabulary', '')}:{one.get('code', '')}" for one in element.iterfind("reference")
    )
