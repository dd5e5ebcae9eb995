"""Read the organisations that IATI records name, and who takes part in an activity.

An organisation has no record of its own in an activities file: it is told where it is first named, and told again
where it has another name or type. One that is only ever told by its reference is told at the end, when that is sure. It
goes by its reference where that is one, else by its name; both may be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from asmgraph.sources import iati_cells as cells
from asmgraph.sources.iati_cells import Cells, Row

TABLES = {
    "organisations": f"slug {cells.columns('name')} other_name ref type",
    "unnamed": "slug name ref type",
    "participations": "slug activity activity_title org org_name org_ref org_type role org_activity crs_channel",
}
Said = dict[str, set[tuple[str, str]]]
"""What was said of each organisation before, as (column, text)."""

_REFERENCE = re.compile(r"[A-Za-z]{2,}-\w.*|\d{5}")
_NAMES = tuple(cells.columns("name").split())


def organisation(element: etree._Element | None, own: str | None) -> Cells:
    """Return slug, names, reference and type of an organisation; all null where there is no element."""
    if element is None:
        return dict.fromkeys(("slug", *_NAMES, "ref", "type"))
    names = cells.said("name", [element], own)
    ref = " ".join((element.get("ref") or "").split()) or None
    slug = identity(ref, names["name"])
    return {"slug": slug, **names, "ref": ref, "type": cells.attribute(element, "type")}


def name_of(party: Cells) -> str | None:
    """Return the name of an organisation, or its reference where it is named by that alone."""
    return party["name"] or party["ref"]


def identity(ref: str | None, name: str | None) -> str | None:
    """Return the slug of an organisation: of its reference where that is one, else of its name."""
    known = ref if ref and (_REFERENCE.fullmatch(ref) or not name) else None
    return f"iati-{cells.exact_slug(known)}" if known else f"iati-{cells.name_slug(name)}" if name else None


def introduced(told: Cells, known: Said) -> Iterator[Row]:
    """Yield an organisation that is new, or has another name or type than before; ``unnamed`` until it has a name."""
    slug = told["slug"]
    if slug is None:
        return
    named = {text for column in _NAMES if (text := told[column])}
    if slug not in known and not named:
        yield "unnamed", {"slug": slug, "name": told["ref"], "ref": told["ref"], "type": told["type"]}
        return
    said = {("name", text) for text in named} | {("type", kind) for kind in (told["type"],) if kind}
    before = known.setdefault(slug, set())
    if not before:
        yield "organisations", told | {"other_name": None}
    elif said - before:
        other: list[str | None] = [*sorted(name for name in named if ("name", name) not in before)]
        for another in other or [None]:
            yield "organisations", told | dict.fromkeys(_NAMES) | {"other_name": another}
    before |= said


class Unnamed:
    """Organisations that were told by their reference alone, until the file ends and nobody has named them."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str | None, str | None], tuple[int, Cells]] = {}

    def keep(self, row: Cells, record: int) -> None:
        """Keep a row of ``unnamed``, the first of each organisation and type, with the number of its record."""
        self._rows.setdefault((row["slug"], row["type"]), (record, row))

    def rows(self, known: Said) -> Iterator[tuple[int, Cells]]:
        """Yield what is left to tell: a name if there is none, a type that was not told."""
        for (slug, kind), (record, row) in self._rows.items():
            said = known.get(slug or "", set())
            if not said:
                yield record, row
            elif kind and ("type", kind) not in said:
                yield record, row | {"name": None}


def participations(
    slug: str, title: str | None, activity: etree._Element, own: str | None, known: Said
) -> Iterator[Row]:
    """Yield who takes part and a row a role; the roles of one organisation are one participation."""
    parties = [(organisation(one, own), one) for one in activity.iterfind("participating-org")]
    yield from (row for party, _ in parties for row in introduced(party, known))
    yield from _roles(slug, title, parties)


def _roles(slug: str, title: str | None, parties: Iterable[tuple[Cells, etree._Element]]) -> Iterator[Row]:
    told = set()
    for party, element in parties:
        role = cells.attribute(element, "role")
        if (party["slug"], role) in told:
            continue
        told.add((party["slug"], role))
        name = f"{slug}-{party['slug'].removeprefix('iati-')}" if party["slug"] else None
        org = {"org": party["slug"], "org_name": name_of(party)}
        org |= {"org_ref": party["ref"], "org_type": party["type"]}
        more = {"org_activity": cells.attribute(element, "activity-id")}
        more["crs_channel"] = cells.attribute(element, "crs-channel-code")
        yield (
            "participations",
            {"slug": name, "activity": slug, "activity_title": title, **org, "role": role, **more},
        )
