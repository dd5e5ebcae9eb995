"""What no file says of itself, and what a draft could only guess: the list that a steward decides."""

from __future__ import annotations

from collections.abc import Iterable

from asmgraph.drafting.guessing import DEGREES, NO_DEGREES, Guesses, Kind
from asmgraph.drafting.headings import cut
from asmgraph.drafting.looking import Looked

SHOWN = 40
"""So many names are listed; the others are counted."""
THINGS: dict[Kind, str] = {
    "activities": "interventions",
    "sites": "mine sites",
    "organisations": "organisations",
    "places": "places",
    "unknown": "things",
}


def decisions(guesses: Guesses, found: Looked) -> list[str]:
    """Return what is left to decide, in sentences, what matters most first."""
    told = [
        "publisher: write who publishes the file, an office or organisation. Until then it is 'not stated'.",
        "licence: write what the publisher states, as an SPDX id (CC-BY-4.0) or the address of its text. Where nothing "
        "is stated leave 'not stated': that is no licence, and who may copy what you publish is then unknown.",
        "url: write the address of the page where the file is found.",
        "sensitivity: left out, so everything is confidential and nothing of it is public.",
        "coverage: what the source searched for, and how much of it it found. Without it, it counts for no gap.",
    ]
    if "encoding" in found.options:
        told.append(
            f"LOOK: the text is not UTF-8; it is read as {found.options['encoding']}. Where accents come out wrong, "
            "correct encoding in source.yml (utf-8, windows-1252, latin-1 or utf-16), or save the file as UTF-8."
        )
    told += _people(guesses)
    if guesses.kind == "unknown":
        told.append("what the rows are about: no heading says it, so only the source itself is stated.")
    told += [*_key(guesses), *_values(guesses)]
    if any(one.role == "org" for one in guesses.columns) and guesses.kind == "activities":
        told.append("the part that organisations play: taken for implementing, as no column says it.")
    if guesses.kind == "places":
        told.append("what lies at each point: nothing says that it is a mine site, so each row is a place.")
    if guesses.of("latitude"):
        told.append(
            "how exact the positions are: nothing says it. State asm:exactness in mapping.yml if you know."
        )
    idle = [
        cut(one.column)
        for one in guesses.columns
        if one.role is None and not one.ignore and one.column not in guesses.key.columns
    ]
    if idle:
        told.append(f"what these columns mean: {some(idle)}. They are listed, but nothing is stated of them.")
    if not found.whole:
        told.append(f"whether what was seen in the first {found.frame.height:,} rows holds for the others.")
    return told


def some(names: Iterable[str]) -> str:
    """Return names for a sentence, not more than can be read, and how many more there are.

    Examples
    --------
    >>> some(["a", "b"]), some(str(number) for number in range(42))[-13:]
    ('a, b', '39 and 2 more')
    """
    every = list(names)
    more = len(every) - SHOWN
    return ", ".join(every[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _people(guesses: Guesses) -> Iterable[str]:
    """Say which columns are left out or confidential, as they may hold what leads to persons or puts them at risk."""
    doubtful = [cut(one.column) for one in guesses.columns if one.personal]
    if doubtful:
        beside = some(cut(one.column) for one in guesses.columns if one.ignore)
        yield (
            f"LOOK: the rows may be persons, as they have {beside}. So {some(doubtful)} is confidential, and all that "
            "it names. Do not publish a register of persons, be they miners, members or staff. If the rows are "
            "something else, take the sensitivity of that column out of source.yml."
        )
    for one in guesses.columns:
        if one.ignore and one.outranked:
            yield f"{cut(one.column)}: left out, for {one.why[0]}."
        elif one.confidential and one.values.traced and NO_DEGREES not in one.why and one.role not in DEGREES:
            yield (
                f"{cut(one.column)}: confidential, as {one.values.traced:,} cells hold a mail address, a telephone "
                "number or coordinates. Remove these from the file before you lift it."
            )
        elif one.sensitive:
            yield f"{cut(one.column)}: confidential, for {one.why[0]}. Nothing is stated of it."


def _key(guesses: Guesses) -> Iterable[str]:
    """Say what tells one thing from another, and what becomes of rows that share it."""
    key, things = guesses.key, THINGS[guesses.kind]
    if not key.columns:
        return
    every = [cut(name) for name in key.columns]
    names = " and ".join([*filter(None, [", ".join(every[:-1])]), every[-1]])
    if len(key.columns) > 1 and not key.told:
        title = "no column has a code or a title of its own for each row"
        yield f"what a row is known by: {title}, so {names} are taken together. --key names others."
    if guesses.keyed[0].numbered:
        yield f"what {names} has: no heading says it; taken for the code of each row, as no two rows have the same."
    if not key.unique:
        yield (
            f"LOOK: {key.rows - key.things:,} of {key.rows:,} rows repeat the {names} of another row. Rows of the same "
            f"{names} are merged into one: {key.rows:,} rows become {key.things:,} {things}. If each row is one of its "
            "own, name in 'subjects' of mapping.yml a column that tells them apart."
        )
    without = guesses.rows - key.rows
    if without > 0:
        yield f"LOOK: {without:,} rows have no {names}, so nothing is stated of them. Fill it in."


def _values(guesses: Guesses) -> Iterable[str]:
    for one in guesses.columns:
        if one.ignore or one.role is None:
            continue
        name, keyed = cut(one.column), one.column in guesses.key.columns
        if "other way round" in one.values.why:
            yield f"{name}: {one.values.why}."
        if guesses.is_split(one):
            yield f"{name}: several values in a cell, between {one.values.split!r}; each is taken for itself."
        elif one.values.split and keyed:
            yield f"{name}: several values in a cell; they are not taken apart, as they name the row."
        if one.unmatched:
            count = len(one.unmatched)
            words, them = (f"{count:,} words", "them") if count > 1 else ("one word", "it")
            yield f"{name}: {words} in no vocabulary, kept as text until the lookup has {them}."
        if one.role == "url" and one.values.type != "iri":
            yield f"{name}: texts that do not begin with http:// or https:// are no web addresses, and kept as text."
