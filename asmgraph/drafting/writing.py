"""Write the ``source.yml`` of a draft, with the reason of each guess beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asmgraph.drafting.decisions import some
from asmgraph.drafting.guessing import DEGREES, Guess, Guesses
from asmgraph.drafting.headings import cut
from asmgraph.drafting.looking import Looked
from asmgraph.drafting.notation import TABLE, comment, flow
from asmgraph.records import ID

_DEGREES_WITH_COMMA = r"^[+-]?[0-9]+(,[0-9]+)?$"
_SHORT = 120


def source_yml(
    name: str, title: str, file_name: str, found: Looked, guesses: Guesses, open_: Sequence[str]
) -> str:
    """Return the text of ``source.yml``; ``open_`` is what is left to decide."""
    lines = [
        f"# A draft, made from {comment(file_name)} by 'asmgraph sources new'. Each line is a guess until you say so.",
        "# To decide:",
        *(f"# - {comment(decision)}" for decision in open_),
        f"name: {flow(name)}",
        f"title: {flow(title)}  # what readers see",
        "publisher: not stated  # fill in: who publishes the file, an office or organisation",
        "licence: not stated  # fill in: an SPDX id (CC-BY-4.0), or the address of the licence",
        f"url: {ID}source/{name}  # fill in: the page where the file is found; until then the source's own name here",
        f"format: {found.format}",
        "# sensitivity: public  # public, restricted or confidential; without this line confidential",
        "# coverage:  # what was searched for and how much of it was found",
        "#   - { covers: participations, found: some, place: COD, from: '2020' }",
        "tables:",
        f"  {TABLE}:",
        *(f"    {key}: {flow(value)}" for key, value in {"file": file_name, **found.options}.items()),
    ]
    key = guesses.keyed
    if found.whole and guesses.key.unique and (len(key) > 1 or any(one.role == "id" for one in key)):
        lines.append(f"    key: {flow([one.column for one in key])}  # no two rows have the same")
    lines.append("    columns:")
    for guess in guesses.columns:
        lines.append(f"      # {comment('; '.join(guess.why))}")
        lines += _entry(guess.column, flow(_column(guess, guesses)))
    return "\n".join([*lines, *_lookups(guesses)]) + "\n"


def _entry(column: str, told: str) -> Iterable[str]:
    """Give the line of a column; YAML wants one of a long name in another form."""
    if len(column) <= _SHORT:
        yield f"      {flow(column)}: {told}"
    else:
        yield from (f"      ? {flow(column)}", f"      : {told}")


def _lookups(guesses: Guesses) -> Iterable[str]:
    looked_up = [guess for guess in guesses.columns if guess.looked_up]
    if looked_up:
        yield "lookups:"
    for role in dict.fromkeys(str(guess.role) for guess in looked_up):
        words: dict[str, str] = {}
        strange: list[str] = []
        for guess in looked_up:
            if guess.role == role:
                words |= guess.lookup
                if guess.unmatched:
                    told = some(repr(cut(word)) for word in guess.unmatched)
                    strange.append(
                        f"    # in no vocabulary yet, {comment(cut(guess.column))}: {comment(told)}"
                    )
        yield f"  {role}:" if words else f"  {role}: {{}}"
        yield from strange
        yield from (f"    {flow(word)}: {flow(target)}" for word, target in sorted(words.items()))


def _column(guess: Guess, guesses: Guesses) -> dict[str, object]:
    told: dict[str, object] = {}
    if guess.at is not None:
        told["at"] = guess.at
    if guess.ignore:
        return told | ({"split": guess.values.split} if guess.joined else {}) | {"ignore": guess.ignore}
    values = guess.values
    if guess.role == "url" or (guess.role in DEGREES and not values.comma) or values.type == "date":
        told["type"] = {"url": "iri"}.get(str(guess.role)) or ("decimal" if guess.role in DEGREES else "date")
        told["on_error"] = "keep"
    elif guess.role in DEGREES:
        told |= {"pattern": _DEGREES_WITH_COMMA, "on_error": "keep"}
    if values.forms:
        told["dates"] = list(values.forms)
    if guesses.is_split(guess):
        told["split"] = values.split
    if guess.looked_up:
        told["lookup"] = [guess.role]
    if guess.confidential:
        told["sensitivity"] = "confidential"
    return told
