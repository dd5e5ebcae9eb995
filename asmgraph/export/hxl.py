"""Who does what where, as an HXL 1.1 table (https://hxlstandard.org/standard/1-1final/): a 3W sheet.

A row is one participation (an actor in one role in an intervention) in one of the intervention's places on one of
its themes. So a sum over rows counts interventions more than once: count distinct addresses. That an actor of an
intervention works in each of its places and themes is an assumption; the sources seldom say who works in which.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from asmgraph.export.csv import Cell
from asmgraph.export.geojson import points
from asmgraph.export.tables import Table
from asmgraph.export.things import Reader, Thing, counted
from asmgraph.export.whole import Progress, silent
from asmgraph.terms import ASM, PARTICIPATION_ROLE

COLUMNS: tuple[tuple[str, str], ...] = (
    ("Organisation", "#org+name"),
    ("Organisation address", "#org+code+v_iri"),
    ("Type of organisation", "#org+type"),
    ("Role", "#org+role"),
    ("Funding organisation", "#org+funding+name"),
    ("Programming organisation", "#org+prog+name"),
    ("Implementing organisation", "#org+impl+name"),
    ("Activity", "#activity+name"),
    ("Activity address", "#activity+code+v_iri"),
    ("Status", "#status+name"),
    ("Theme", "#subsector+name"),
    ("Theme code", "#subsector+code"),
    ("Country", "#country+name"),
    ("Country code", "#country+code"),
    ("Province", "#adm1+name"),
    ("Province code", "#adm1+code"),
    ("District", "#adm2+name"),
    ("District code", "#adm2+code"),
    ("Place", "#loc+name"),
    ("Latitude", "#geo+lat"),
    ("Longitude", "#geo+lon"),
    ("Participation address", "#meta+id+v_iri"),
    ("Start", "#date+start"),
    ("End", "#date+end"),
    ("Source", "#meta+source+name"),
    ("Source page", "#meta+source+url"),
    ("Source read", "#meta+source+read"),
    ("Data set", "#meta+dataset"),
    ("Publisher", "#meta+publisher"),
    ("Licence", "#meta+licence"),
    ("Retrieved", "#meta+retrieved"),
    ("Graph", "#meta+graph"),
)
"""Heading and tag of each column."""
_ATTRIBUTES = (
    PARTICIPATION_ROLE["funding"], PARTICIPATION_ROLE["extending"], PARTICIPATION_ROLE["implementing"],
)  # fmt: skip
"""Roles that have a column of their own, in the order of the columns: as the alignment to HXL has them."""
_CODE = "http://www.w3.org/2004/02/skos/core#notation"


def table(reader: Reader, progress: Progress = silent) -> Table:
    """Return the 3W sheet; its first row after the headings are the tags."""
    return Table("3w", tuple(heading for heading, _ in COLUMNS), _rows(reader, progress))


def _rows(reader: Reader, progress: Progress) -> Iterator[list[Cell]]:
    yield [tag for _, tag in COLUMNS]
    found = reader.things(["Participation"])
    for iri in counted(found, "3w", progress, len(found)):
        participation = reader.read(iri)
        sourced = reader.sourced(participation)
        for actor, intervention in product(
            participation.texts(str(ASM.participant)), participation.texts(str(ASM.participatesIn))
        ):
            activity = reader.thing(intervention)
            for role, place, theme in product(
                participation.texts(str(ASM.role)) or [""],
                activity.texts(str(ASM.place)) or [""],
                activity.texts(str(ASM.theme)) or [""],
            ):
                yield [
                    *_who(reader, actor, role),
                    *_what(reader, activity, theme),
                    *_where(reader, place),
                    participation.iri,
                    *_when(participation, activity),
                    *sourced,
                ]


def _who(reader: Reader, actor: str, role: str) -> list[Cell]:
    name = reader.name(actor)
    kinds = "; ".join(map(reader.name, reader.thing(actor).texts(str(ASM.actorType))))
    roles = [name if role == str(one) else None for one in _ATTRIBUTES]
    return [name, actor, kinds, reader.name(role) if role else None, *roles]


def _what(reader: Reader, activity: Thing, theme: str) -> list[Cell]:
    status = "; ".join(map(reader.name, activity.texts(str(ASM.status))))
    slug = "/".join(theme.rsplit("/", 2)[1:]) if theme else None
    return [reader.label(activity), activity.iri, status, reader.name(theme) if theme else None, slug]


def _where(reader: Reader, place: str) -> list[Cell]:
    """Return names and codes of a place's country, province and district, its own name and its coordinates."""
    if not place:
        return [None] * 9
    levels: dict[str, Thing] = {}
    waiting, seen = [place], set()
    while waiting:
        thing = reader.thing(waiting.pop(0))
        if thing.iri in seen:
            continue
        seen.add(thing.iri)
        for level in thing.texts(str(ASM.adminLevel)):
            levels.setdefault(level, thing)
        waiting += thing.texts(str(ASM.within))
    cells: list[Cell] = []
    for level in ("0", "1", "2"):
        unit = levels.get(level)
        cells += [reader.label(unit), "; ".join(unit.texts(_CODE))] if unit else [None, None]
    found = points(reader.thing(place))
    longitude, latitude = found[0][0] if len(found) == 1 else (None, None)
    return [*cells, reader.name(place), latitude, longitude]


def _when(participation: Thing, activity: Thing) -> list[Cell]:
    """Return start and end: the participation's own, else the activity's; where sources disagree, none."""
    cells: list[Cell] = []
    for property_ in (str(ASM.startDate), str(ASM.endDate)):
        texts = participation.texts(property_) or activity.texts(property_)
        cells.append(texts[0] if len(texts) == 1 else None)
    return cells
