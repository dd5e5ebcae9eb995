"""Read where an activity is: its locations, each named by GeoNames where that is given.

``admin`` lists the administrative units that a location is said to lie in, and ``place`` the location itself, in the
same form: ``gn-`` and the number for GeoNames, else vocabulary and code. A location without a gazetteer is the
activity's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from asmgraph.sources import iati_cells as cells
from asmgraph.sources.iati_cells import Row

TABLES = {
    "locations": f"activity place gazetteer code {cells.columns('name')} lat lon exactness class reach feature"
    " admin description activity_description ref",
}


def locations(slug: str, activity: etree._Element, own: str | None) -> Iterator[Row]:
    """Yield every location of an activity once."""
    told = set()
    for ordinal, location in enumerate(activity.iterfind("location"), start=1):
        identifiers = [
            (cells.attribute(one, "vocabulary"), cells.attribute(one, "code"))
            for one in location.iterfind("location-id")
        ]
        gazetteer, code = min(identifiers, key=lambda one: one[0] != "G1", default=(None, None))
        place = _named(gazetteer, code) or f"{slug}-location-{ordinal}"
        if place in told:
            continue
        told.add(place)
        position = (cells.text_of(location.find("point/pos")) or "").split()
        lat, lon = position if len(position) == 2 else (" ".join(position) or None, None)
        units = (
            _named(cells.attribute(one, "vocabulary"), cells.attribute(one, "code"))
            for one in location.iterfind("administrative")
        )
        coded = {"class": "location-class", "reach": "location-reach", "feature": "feature-designation"}
        yield (
            "locations",
            {
                **{"activity": slug, "place": place, "gazetteer": gazetteer, "code": code},
                **cells.said_at("name", location, "name", own),
                **{"lat": lat, "lon": lon},
                "exactness": cells.attribute_at(location, "exactness", "code"),
                **{column: cells.attribute_at(location, path, "code") for column, path in coded.items()},
                "admin": cells.joined(units),
                "description": cells.main_text(location, "description", own),
                "activity_description": cells.main_text(location, "activity-description", own),
                "ref": cells.attribute(location, "ref"),
            },
        )


def _named(vocabulary: str | None, code: str | None) -> str | None:
    if not vocabulary or not code:
        return None
    return f"gn-{code}" if vocabulary == "G1" else cells.exact_slug(f"{vocabulary}-{code}")
