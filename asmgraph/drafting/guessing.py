"""Put headings, tags and values together: what each column is, what the table is about, what a steward must decide."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from asmgraph.drafting import keys, words
from asmgraph.drafting.headings import PEOPLE, SENSITIVE, cut, folded, is_blank, role
from asmgraph.drafting.looking import Looked
from asmgraph.drafting.values import Values, describe, in_degrees, listed
from asmgraph.errors import SourceError

Kind = Literal["activities", "sites", "organisations", "places", "unknown"]
ORGANISATIONS: Mapping[str, str] = {
    "funder": "funding",
    "implementer": "implementing",
    "partner": "partner",
    "org": "implementing",
}
"""The role that an organisation in such a column is given, of the scheme ``participation-role``."""
STATED: Mapping[Kind, frozenset[str]] = {
    "activities": frozenset(
        {"id", "title", "description", "theme", "mineral", "status", "start", "end", "url", "role", "acronym"}
        | {"country", "adm1", "area", "latitude", "longitude", "type", *ORGANISATIONS}
    ),
    "sites": frozenset(
        {"id", "site", "description", "country", "adm1", "area", "mineral", "latitude", "longitude"}
    ),
    "organisations": frozenset({"id", "org", "acronym", "type", "description", "country", "url"}),
    "places": frozenset({"id", "site", "description", "country", "adm1", "area", "latitude", "longitude"}),
    "unknown": frozenset(),
}
"""The roles that a mapping of rows of each kind states something of."""
_LISTS = frozenset({"theme", "mineral", "country", "adm1", "area", *ORGANISATIONS})
_SINGLE = frozenset(
    {"role", "name", "title", "site", "id", "start", "end", "latitude", "longitude", "country", "adm1"}
    | {"acronym", "type"}
)
_VAGUE = re.compile(r"t[iy]p(e|o)s?|categor(y|ie|ia)")
NO_DEGREES = "but the values are no degrees"
DEGREES = {"latitude": 90.0, "longitude": 180.0}
"""How many degrees there are at most, of the roles that are positions."""


@dataclass(frozen=True)
class Guess:
    """What one column is taken for, and why; ``outranked`` where its values speak against its heading.

    ``joined`` columns hold lists by their form; ``at`` says where the cells are found, if not by the column's name;
    ``personal`` says that it may name persons, ``sensitive`` that its heading speaks of what can put people at risk,
    ``numbered`` that nothing but its values and place say that it has codes.
    """

    column: str
    tag: str | None
    role: str | None
    values: Values
    why: tuple[str, ...]
    ignore: str = ""
    confidential: bool = False
    outranked: bool = False
    joined: bool = False
    personal: bool = False
    sensitive: bool = False
    numbered: bool = False
    at: str | None = None
    lookup: Mapping[str, str] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()

    @property
    def read_as(self) -> str:
        """Return in a word or two what is done with the column."""
        if self.ignore:
            return "ignored"
        told = self.role or "not mapped"
        return f"{told}, confidential" if self.confidential else told

    @property
    def looked_up(self) -> bool:
        """Return whether its values are words of a lookup, be it one that knows none of them yet."""
        return not self.ignore and self.role is not None and self.role in {*words.SCHEMES, *words.LEVELS}


@dataclass(frozen=True)
class Guesses:
    """What a file is taken for: the kind of its rows, its columns, and what tells one thing from another."""

    kind: Kind
    columns: tuple[Guess, ...]
    key: keys.Key = field(default_factory=keys.Key)
    rows: int = 0

    def of(self, *roles: str) -> list[Guess]:
        """Return the columns that are read in one of these roles, in the order of the roles."""
        return [guess for name in roles for guess in self.columns if guess.role == name and not guess.ignore]

    def first(self, *roles: str) -> Guess | None:
        """Return the first column that is read in one of these roles."""
        return next(iter(self.of(*roles)), None)

    def is_split(self, guess: Guess) -> bool:
        """Say whether the cells of a column are taken apart; what names or tells of a whole thing is not."""
        listed = bool(guess.values.split) and guess.role in _LISTS and guess.column not in self.key.columns
        return listed or guess.joined

    @property
    def described(self) -> Guess | None:
        """Return the column of the organisations that acronyms and types are about; none where it may be any."""
        named = self.of("org") or self.of(*ORGANISATIONS)
        return named[0] if len(named) == 1 and not self.is_split(named[0]) else None

    @property
    def keyed(self) -> list[Guess]:
        """Return the columns of the key, in its order."""
        by_name = {guess.column: guess for guess in self.columns}
        return [by_name[name] for name in self.key.columns]


def guess(found: Looked, key_columns: Sequence[str] = ()) -> Guesses:
    """Guess what the columns of a file are, from headings, tags and values.

    ``key_columns`` are those that tell one row from another, where a steward says so.

    Raises
    ------
    SourceError
        If one of them is not there, is never read, or holds lists by its form.
    """
    read = [replace(_column(found, name), at=_at(found, name)) for name in found.frame.columns]
    guesses = _withheld(_numbered(_coded(_together(_once(read)), key_columns)))
    kind = _kind(guesses)
    guesses = [_said(found, _named(one, kind, guesses)) for one in guesses]
    whole = Guesses(kind, tuple(guesses))
    codes = [one.column for one in guesses if one.role == "id"]
    key = keys.named(tuple(dict.fromkeys(key_columns)), codes, found.frame) if key_columns else None
    key = key or keys.choose(
        kind, {one.column: one for one in guesses if one.role and not one.ignore}, found.frame
    )
    if not key.columns:
        kind = "unknown"  # nothing tells one row from another
    stated = [_stated(one, kind, whole, key) for one in guesses]
    return Guesses(kind, tuple(stated), key, found.frame.height)


def _coded(guesses: Sequence[Guess], key_columns: Sequence[str]) -> list[Guess]:
    """Check the columns that a steward named as the key; one by itself that is nothing else is a code."""
    by_name = {one.column: one for one in guesses}
    for name in key_columns:
        one = by_name.get(name)
        if one is None:
            raise SourceError(f"There is no column {name!r}.", f"Columns: {', '.join(map(cut, by_name))}.")
        if one.ignore or one.joined:
            why = one.ignore or "it holds lists, which name no row"
            raise SourceError(f"The column {name!r} cannot be the key: {why}.", "Give another --key.")
    if len(set(key_columns)) != 1 or by_name[key_columns[0]].role:
        return list(guesses)
    told = "it is named as the key"
    others = [replace(one, role=None) if one.role == "id" else one for one in guesses]
    return [
        replace(one, role="id", why=(*one.why, told)) if one.column == key_columns[0] else one
        for one in others
    ]


def _at(found: Looked, name: str) -> str | None:
    tag = found.tags.get(name)
    return None if tag is None or name in found.headed else f"{tag}!"


def _column(found: Looked, name: str) -> Guess:
    tag = found.tags.get(name)
    known, why = role(name, tag)
    joined = name in found.joined
    dated = known in ("start", "end")
    values = describe(found.frame[name], dated=dated, split=found.joined.get(name))
    reasons = [why, values.why]
    if values.contact or known == PEOPLE:
        told = "the values are mail addresses or telephone numbers"
        if known != PEOPLE:
            why = f"{told}, whatever the heading says" if known else told
        return Guess(
            name, tag, None, values, (why,),
            ignore="people's names and contacts are never read", outranked=known != PEOPLE, joined=joined,
        )  # fmt: skip
    if known == SENSITIVE:
        return Guess(
            name, tag, None, values, (f"{why} speaks of what can put people at risk",),
            confidential=True, sensitive=True, joined=joined,
        )  # fmt: skip
    if known in DEGREES:
        sign = in_degrees(found.frame[name], DEGREES[known])
        values = replace(values, comma=sign == ",")
        if sign is None:
            known, reasons = None, [*reasons, NO_DEGREES]
    if known in ("start", "end") and values.type != "date":
        known, reasons = None, [*reasons, "but the values are no dates"]
    confidential = False
    if known in DEGREES:
        confidential, reasons = True, [*reasons, "where something is can put people at risk"]
    elif values.traced:
        confidential = True
        reasons.append(f"{values.traced:,} cells hold a mail address, a telephone number or coordinates")
    return Guess(name, tag, known, values, tuple(reasons), confidential=confidential, joined=joined)


def _once(guesses: Sequence[Guess]) -> list[Guess]:
    """Leave a role that only one column can have to the first, the fuller one before the emptier."""
    kept: list[Guess] = []
    ranked = sorted(range(len(guesses)), key=lambda place: (-round(guesses[place].values.filled, 1), place))
    taken: set[str] = set()
    chosen = dict.fromkeys(range(len(guesses)), True)
    for place in ranked:
        found = guesses[place].role
        if found in _SINGLE:
            chosen[place] = found not in taken
            taken.add(str(found))
    for place, one in enumerate(guesses):
        told = (*one.why, "another column is taken for that already")
        kept.append(one if chosen[place] else replace(one, role=None, why=told))
    return kept


def _together(guesses: Sequence[Guess]) -> list[Guess]:
    """Take one of latitude and longitude for nothing without the other."""
    if {one.role for one in guesses} & set(DEGREES) in (set(), set(DEGREES)):
        return list(guesses)
    told = "but the other coordinate is in no column"
    return [replace(one, role=None, why=(*one.why, told)) if one.role in DEGREES else one for one in guesses]


def _numbered(guesses: Sequence[Guess]) -> list[Guess]:
    """Take the first column for the code of the rows where none is headed so and its values tell them apart.

    Only one without words above it: a heading that is not understood may say that it is somebody's number or name.
    """
    first = guesses[0]
    numbered = first.values.unique and first.values.type in ("integer", "text") and not first.values.comma
    codes = numbered and all(re.fullmatch(r"(?=.*[0-9])\S{1,40}", value) for value in first.values.distinct)
    taken = (
        first.role or first.ignore or not is_blank(first.column) or any(one.role == "id" for one in guesses)
    )
    if not codes or taken:
        return list(guesses)
    told = "it is the first column, and no two rows have the same"
    return [replace(first, role="id", why=(*first.why, told), numbered=True), *guesses[1:]]


def _withheld(guesses: Sequence[Guess]) -> list[Guess]:
    """Keep confidential what may name persons: beside columns on persons, a name that may be anybody's.

    Where nothing else says what the rows are, their code may be a person's too.
    """
    if not any(one.ignore for one in guesses):
        return list(guesses)
    roles = {one.role for one in guesses}
    saying = {"title", "site"} if "name" in roles else {"title", "site", "acronym", *ORGANISATIONS}
    doubtful = {"name"} if roles & saying else {"name", "id"}
    told = "it may name persons, as other columns speak of persons"
    return [
        replace(one, confidential=True, personal=True, why=(*one.why, told)) if one.role in doubtful else one
        for one in guesses
    ]


def _kind(guesses: Sequence[Guess]) -> Kind:
    roles = {one.role for one in guesses if one.role}
    about = roles & {"title", "theme", "funder", "implementer", "start", "status"}
    where = roles & {"latitude", "adm1", "country"}
    if "site" in roles and where and not roles & {"title", "funder", "implementer"}:
        return "sites"
    if about and roles & {"title", "org", "funder", "implementer", "partner"}:
        return "activities"
    if "mineral" in roles and where and roles & {"name", "id"}:
        return "sites"
    types = [one.values.distinct for one in guesses if one.role == "type"]
    if roles & {"org", "acronym"} or ("name" in roles and any(words.matched("type", one) for one in types)):
        return "organisations"
    return "places" if "latitude" in roles else "unknown"


def _named(one: Guess, kind: Kind, guesses: Sequence[Guess]) -> Guess:
    """Read a heading that says little, as 'name' or 'type', by what the table is about."""
    wanted = {"activities": "title", "sites": "site", "organisations": "org", "places": "site"}.get(kind)
    roles = {other.role for other in guesses}
    if one.role == "name":
        return replace(one, role=wanted if wanted is not None and wanted not in roles else None)
    if one.role == "type" and kind == "activities" and _is_vague(one):
        return replace(one, role="theme")
    if one.role == "acronym" and not roles & {*ORGANISATIONS, "name"}:
        return replace(one, role="org")
    return one


def _is_vague(one: Guess) -> bool:
    """Say whether a column of types does not say of what: 'category', but not 'type of organisation'."""
    return one.tag is None and _VAGUE.fullmatch(folded(one.column)) is not None


def _said(found: Looked, one: Guess) -> Guess:
    """Look the values of a column up, one by one, in what a column of its role speaks of."""
    if one.role in _LISTS and not one.joined:
        known = words.known(one.role) if one.looked_up else {}
        sign = listed(found.frame[one.column], lambda text: folded(text) in known)
        if sign is not None and sign != one.values.split:
            values = describe(found.frame[one.column], split=sign)
            one = replace(one, values=values, why=(one.why[0], values.why, *one.why[2:]))
    if not one.looked_up:
        return one
    lookup = words.matched(str(one.role), one.values.distinct)
    unmatched = tuple(value for value in one.values.distinct if value not in lookup)
    told = f"{len(lookup)} of {len(one.values.distinct)} different values are known words"
    return replace(one, lookup=lookup, unmatched=unmatched, why=(*one.why, told))


def _stated(one: Guess, kind: Kind, whole: Guesses, key: keys.Key) -> Guess:
    """Take a column for nothing where a mapping of this kind would state nothing of it."""
    if one.role is None or one.ignore:
        return one
    why = ""
    if one.role not in STATED[kind]:
        why = "but what the rows are has nothing to say of it" if kind != "unknown" else ""
    elif one.role == "id" and one.column not in key.columns:
        why = "but another key is named" if key.told else "but the values do not tell one row from another"
    elif one.role == "role" and not whole.of("org"):
        why = "but whose part it is, is in no column"
    elif whole.described is None and (one.role == "acronym" or (one.role == "type" and kind == "activities")):
        why = "but no one column has the organisations"
    else:
        return one
    return replace(one, role=None, why=(*one.why, why) if why else one.why, lookup={}, unmatched=())
