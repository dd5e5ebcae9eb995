"""Put headings, tags and values together: what each column is, what the table is about, what a steward must decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from asmgraph.drafting import values as looked
from asmgraph.drafting import words
from asmgraph.drafting.headings import PEOPLE, SENSITIVE, role
from asmgraph.drafting.looking import Looked

Kind = Literal["activities", "sites", "organisations", "unknown"]
ORGANISATIONS: Mapping[str, str] = {
    "funder": "funding",
    "implementer": "implementing",
    "partner": "partner",
    "org": "implementing",
}
"""The role that an organisation in such a column is given, of the scheme ``participation-role``."""
_SINGLE = frozenset(
    {"role", "name", "title", "site", "id", "start", "end", "latitude", "longitude", "country", "adm1"}
)
_CODED = 40


@dataclass(frozen=True)
class Guess:
    """What one column is taken for, and why."""

    column: str
    tag: str | None
    role: str | None
    values: looked.Values
    why: tuple[str, ...]
    ignore: str = ""
    confidential: bool = False
    lookup: Mapping[str, str] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()

    @property
    def read_as(self) -> str:
        """Return in a word or two what is done with the column."""
        if self.ignore:
            return "ignored"
        return f"{self.role}{', confidential' if self.confidential else ''}" if self.role else "not mapped"


@dataclass(frozen=True)
class Guesses:
    """What a file is taken for: the kind of its rows, its columns, and what is left to decide."""

    kind: Kind
    columns: tuple[Guess, ...]
    decisions: tuple[str, ...]

    def of(self, *roles: str) -> list[Guess]:
        """Return the columns that are read in one of these roles, in the order of the roles."""
        return [guess for name in roles for guess in self.columns if guess.role == name and not guess.ignore]

    def first(self, *roles: str) -> Guess | None:
        """Return the first column that is read in one of these roles."""
        return next(iter(self.of(*roles)), None)

    @property
    def title(self) -> Guess | None:
        """Return the column that names what a row of activities is about."""
        return self.first("title", "theme", *ORGANISATIONS)

    @property
    def identifier(self) -> Guess | None:
        """Return the column of codes that no two rows share."""
        found = self.first("id")
        return found if found is not None and found.values.unique and found.values.split is None else None


def guess(found: Looked) -> Guesses:
    """Guess what the columns of a file are, from headings, tags and values."""
    guesses = [_column(found, name) for name in found.frame.columns]
    guesses = _once(guesses)
    kind = _kind({one.role for one in guesses if one.role})
    guesses = [_named(one, kind, guesses) for one in guesses]
    if kind == "sites":
        guesses = [replace(one, confidential=True, why=(*one.why, "where a site is can put people at risk"))
                   if one.role in ("latitude", "longitude") else one for one in guesses]  # fmt: skip
    whole = Guesses(kind, tuple(guesses), ())
    if kind == "sites" and whole.identifier is None and whole.first("site") is None:
        whole = replace(whole, kind="unknown")  # nothing tells one site from another
    return replace(whole, decisions=tuple(_decisions(whole.kind, guesses, found)))


def _column(found: Looked, name: str) -> Guess:
    tag = found.tags.get(name)
    known, why = role(name, tag)
    values = looked.describe(found.frame[name], dated=known in ("start", "end"))
    reasons = [why, values.why]
    if known == PEOPLE or values.contact:
        why = why if known == PEOPLE else "the values are mail addresses or telephone numbers"
        return Guess(name, tag, None, values, (why,), ignore="people's names and contacts are never read")
    if known == SENSITIVE:
        return Guess(
            name, tag, None, values, (f"{why} speaks of what can put people at risk",), confidential=True
        )
    if known in ("latitude", "longitude") and values.type not in ("decimal", "integer") and not values.comma:
        known, reasons = None, [*reasons, "but the values are no coordinates"]
    if known in ("start", "end") and values.type != "date":
        known, reasons = None, [*reasons, "but the values are no dates"]
    lookup: Mapping[str, str] = {}
    unmatched: tuple[str, ...] = ()
    if known is not None and (known in words.SCHEMES or known in words.LEVELS):
        lookup = words.matched(known, values.distinct)
        unmatched = tuple(value for value in values.distinct if value not in lookup)
        reasons.append(f"{len(lookup)} of {len(values.distinct)} different values are known words")
        if not lookup and known in ("status", "role"):
            known = None
    return Guess(name, tag, known, values, tuple(reasons), lookup=lookup, unmatched=unmatched)


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
        kept.append(one if chosen[place] else replace(one, role=None, why=told, lookup={}, unmatched=()))
    return kept


def _kind(roles: set[str]) -> Kind:
    about = roles & {"title", "theme", "funder", "implementer", "start", "status"}
    where = roles & {"latitude", "adm1", "country"}
    if "site" in roles and where and not roles & {"title", "funder", "implementer"}:
        return "sites"
    if about and roles & {"title", "org", "funder", "implementer", "partner"}:
        return "activities"
    if "mineral" in roles and where and roles & {"name", "id"}:
        return "sites"
    return "organisations" if "org" in roles else "unknown"


def _named(one: Guess, kind: Kind, guesses: Sequence[Guess]) -> Guess:
    """Read a column that is headed just 'name' as the name of what the table is about."""
    wanted = {"activities": "title", "sites": "site", "organisations": "org"}.get(kind)
    if one.role == "name":
        free = wanted is not None and all(other.role != wanted for other in guesses)
        return replace(one, role=wanted if free else None)
    return one


def _decisions(kind: Kind, guesses: Sequence[Guess], found: Looked) -> list[str]:
    told = [
        "publisher, licence and url: nothing in the file says them. Until then the licence is 'not stated'.",
        "sensitivity: left out, so everything is confidential and nothing of it is public.",
        "coverage: what the source searched for, and how much of it it found. Without it, it counts for no gap.",
    ]
    if kind == "unknown":
        told.append("what the rows are about: no heading says it, so only the source itself is stated.")
    told += [f"{one.column}: {one.values.why}." for one in guesses if "other way round" in one.values.why]
    told += [
        f"{one.column}: {len(one.unmatched)} words in no vocabulary, kept as text until the lookup has them."
        for one in guesses
        if one.unmatched and one.role and one.role in {*words.SCHEMES, *words.LEVELS}
    ]
    if any(one.role == "org" for one in guesses) and kind == "activities":
        told.append("the part that organisations play: taken for implementing, as no column says it.")
    idle = [one.column for one in guesses if one.role is None and not one.ignore]
    if idle:
        told.append(
            f"what these columns mean: {', '.join(idle)}. They are listed, but nothing is stated of them."
        )
    if not found.whole:
        told.append(f"whether what was seen in the first {found.frame.height:,} rows holds for the others.")
    return told
