"""Write a draft down: ``source.yml`` and ``mapping.yml`` with the reason of each guess beside it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import yaml

from asmgraph.drafting.guessing import ORGANISATIONS, Guess, Guesses
from asmgraph.drafting.looking import Looked
from asmgraph.mapping.prefixes import PREDEFINED
from asmgraph.records import ASM, ID, VOCAB

TABLE = "rows"
_ABOUT = {
    "theme": "asm:theme",
    "country": "asm:place",
    "adm1": "asm:place",
    "mineral": "asm:mineral",
    "status": "asm:status",
}
_WHOLE = {"id", "title", "site", "name", "description", "start", "end", "url"}
_TYPED = {"start", "end", "latitude", "longitude", "url"}
_PREFIXES = {
    "asm": ASM,
    "id": ID,
    "vocab": VOCAB,
    "asmfn": "https://w3id.org/asmgraph/function#",
    "grel": "http://users.ugent.be/~bjdmeest/function/grel.ttl#",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    **{prefix: PREDEFINED[prefix] for prefix in ("rdfs", "dcterms", "foaf", "xsd")},
}


def source_yml(name: str, file_name: str, found: Looked, guesses: Guesses) -> str:
    """Return the text of ``source.yml``."""
    lines = [
        f"# A draft, made from {_comment(file_name)} by 'asmgraph sources new'. Each line is a guess until you say so.",
        "# To decide:",
        *(f"# - {_comment(decision)}" for decision in guesses.decisions),
        f"name: {_flow(name)}",
        f"title: {_flow(name.replace('-', ' ').capitalize())}",
        "publisher: not stated  # who publishes the file",
        "licence: not stated  # an SPDX id (CC-BY-4.0) or the address of the licence",
        f"url: {ID}source/{name}  # the page where the file is found; until then the source's own name in this graph",
        f"format: {found.format}",
        "# sensitivity: public  # public, restricted or confidential; without this line confidential",
        "# coverage:  # what was searched for and how much of it was found",
        "#   - { covers: participations, found: some, place: COD, from: '2020' }",
        "tables:",
        f"  {TABLE}:",
        *(f"    {key}: {_flow(value)}" for key, value in {"file": file_name, **found.options}.items()),
    ]
    if guesses.identifier is not None and found.whole:
        lines.append(f"    key: {_flow([guesses.identifier.column])}  # no two rows have the same")
    lines.append("    columns:")
    for guess in guesses.columns:
        lines.append(f"      # {_comment('; '.join(guess.why))}")
        lines.append(f"      {_flow(guess.column)}: {_flow(_column(guess, guesses))}")
    looked_up = [guess for guess in guesses.columns if guess.lookup]
    if looked_up:
        lines.append("lookups:")
    for role in dict.fromkeys(str(guess.role) for guess in looked_up):
        lines.append(f"  {role}:")
        for guess in looked_up:
            if guess.role == role:
                if guess.unmatched:
                    told = ", ".join(map(repr, guess.unmatched[:40]))
                    lines.append(f"    # in no vocabulary yet, {_comment(guess.column)}: {_comment(told)}")
                lines += _targets(role, guess, looked_up)
    return "\n".join(lines) + "\n"


def mapping_yml(name: str, guesses: Guesses, day: dt.date) -> str:
    """Return the text of ``mapping.yml``."""
    written = {"activities": _activities, "sites": _sites, "organisations": _organisations}.get(guesses.kind)
    about = {
        "activities": "Each row is taken for an activity, with the organisations that take part in it.",
        "sites": "Each row is taken for a mine site.",
        "organisations": "Each row is taken for an organisation.",
        "unknown": "No heading says what the rows are, so nothing is stated of them. Add a mapping that says it.",
    }[guesses.kind]
    lines = [
        f"# A draft. {about}",
        "# Every thing needs a type, an rdfs:label and a dcterms:source.",
        "prefixes:",
        *(f"  {prefix}: {iri}" for prefix, iri in _PREFIXES.items()),
        "sources:",
        f"  {TABLE}: {{ access: {TABLE}, referenceFormulation: csv }}",
        "mappings:",
        *_mapping(
            "document",
            f"id:source/{name}",
            None,
            [
                ["a", "asm:SourceDocument"],
                ["rdfs:label", name.replace("-", " ").capitalize()],
                ["asm:accessed", day.isoformat(), "xsd:date"],
            ],
        ),
        *(written(name, guesses) if written else ()),
    ]
    return "\n".join(lines) + "\n"


def _activities(name: str, guesses: Guesses) -> Iterable[str]:
    title = guesses.title
    assert title is not None  # the kind says that there is one of them
    identifier = guesses.identifier
    key = identifier or title
    entries: list[object] = [["a", "asm:Intervention"], ["rdfs:label", _reference(title)]]
    if identifier is not None:
        entries.append(["dcterms:identifier", _reference(identifier)])
    for guess in guesses.of("description"):
        entries.append(["dcterms:description", _reference(guess)])
    entries += _looked_up(guesses, _ABOUT)
    for role, predicate in (("start", "asm:startDate"), ("end", "asm:endDate")):
        entries += [[predicate, f"asmfn:date(value={_reference(guess)})"] for guess in guesses.of(role)]
    for guess in guesses.of("url"):
        entries.append(["foaf:page", f"{_reference(guess)}~iri"])
    entries += [["asm:unmappedText", "$(_kept)"], _cited(name)]
    yield from _mapping("intervention", _subject("intervention", name, key), _present(key), entries)
    for number, guess in enumerate(guesses.of(*ORGANISATIONS), start=1):
        part = ORGANISATIONS[str(guess.role)]
        suffix = "" if number == 1 else f"-{number}"
        yield f"  # {_comment(guess.column)}: {_comment(guess.why[0])}, so its part is {part}."
        yield from _mapping(
            f"organisation{suffix}",
            _subject("actor", name, guess),
            _present(guess),
            [["a", "asm:Organisation"], ["rdfs:label", _reference(guess)], _cited(name)],
        )
        yield from _participation(name, suffix, part, guess, key, title, guesses)


def _participation(
    name: str, suffix: str, part: str, who: Guess, key: Guess, title: Guess, guesses: Guesses
) -> Iterable[str]:
    """Give the part that an organisation takes in an activity; a column of roles says more than a guess."""
    subject = f"value={ID}participation/{name}-{part}, value={_named(key)}, value={_named(who)}"
    role = guesses.first("role") if who.role == "org" else None
    told = f"vocab:participation-role/{part}~iri"
    if role is not None:
        told = f"asmfn:lookup(table=role, value={_reference(role)}, default=participation-role/{part})"
    yield from _mapping(
        f"participation{suffix}",
        f"asmfn:concat({subject}, separator=-)",
        f"grel:boolean_and(param_rep_b={_present(key)}, param_rep_b={_present(who)})",
        [
            ["a", "asm:Participation"],
            ["rdfs:label", _reference(who) if title is who else f"{_reference(who)}: {_reference(title)}"],
            ["asm:participant", {"function": _subject("actor", name, who), "type": "iri"}],
            ["asm:participatesIn", {"function": _subject("intervention", name, key), "type": "iri"}],
            ["asm:role", told],
            _cited(name),
        ],
    )


def _sites(name: str, guesses: Guesses) -> Iterable[str]:
    key = guesses.identifier or guesses.first("site")
    label = guesses.first("site") or key
    assert key is not None  # the kind says that there is one of them
    assert label is not None
    entries: list[object] = [["a", "asm:MineSite"], ["rdfs:label", _reference(label)]]
    if key is not label:
        entries.append(["dcterms:identifier", _reference(key)])
    entries += _looked_up(guesses, {"country": "asm:within", "adm1": "asm:within"})
    for role, predicate in (("latitude", "wgs:lat"), ("longitude", "wgs:long")):
        for guess in guesses.of(role):
            decimal = ", decimal=','" if guess.values.comma else ""
            entries.append([predicate, f"asmfn:number(value={_reference(guess)}{decimal})"])
    entries += [["asm:unmappedText", "$(_kept)"], _cited(name)]
    yield from _mapping("site", _subject("site", name, key), _present(key), entries)


def _organisations(name: str, guesses: Guesses) -> Iterable[str]:
    label = guesses.first("org")
    assert label is not None  # the kind says that there is one
    key = guesses.identifier or label
    entries: list[object] = [["a", "asm:Organisation"], ["rdfs:label", _reference(label)]]
    entries += _looked_up(guesses, {"country": "asm:basedIn"})
    entries += [["foaf:homepage", f"{_reference(guess)}~iri"] for guess in guesses.of("url")]
    entries += [["asm:unmappedText", "$(_kept)"], _cited(name)]
    yield from _mapping("organisation", _subject("actor", name, key), _present(key), entries)


def _mapping(name: str, subject: str, condition: str | None, entries: Iterable[object]) -> Iterable[str]:
    yield f"  {name}:"
    yield f"    sources: {TABLE}"
    yield f"    subjects: {_flow(subject)}"
    if condition is not None:
        yield f"    condition: {_flow(condition)}"
    yield "    predicateobjects:"
    yield from (f"      - {_flow(entry)}" for entry in entries)


def _looked_up(guesses: Guesses, predicates: dict[str, str]) -> list[object]:
    return [
        [predicate, f"asmfn:lookup(table={role}, value={_reference(guess)})"]
        for role, predicate in predicates.items()
        for guess in guesses.of(role)
        if guess.lookup
    ]


def _subject(kind: str, name: str, key: Guess) -> str:
    return f"asmfn:concat(value={ID}{kind}/{name}, value={_named(key)}, separator=-)"


def _named(guess: Guess) -> str:
    """Return what names a thing in its IRI: a code as it is, for two codes are two things; of a name its slug."""
    return f"asmfn:{'encode' if guess.role == 'id' else 'slug'}(value={_reference(guess)})"


def _present(guess: Guess) -> str:
    """Return the condition under which a cell can name a thing."""
    return f"asmfn:present(value={_named(guess)})"


def _cited(name: str) -> list[str]:
    return ["dcterms:source", f"id:source/{name}~iri"]


def _column(guess: Guess, guesses: Guesses) -> dict[str, object]:
    told: dict[str, object] = {}
    if guess.tag is not None:
        told["at"] = f"{guess.tag}!"
    if guess.ignore:
        return told | {"ignore": guess.ignore}
    values = guess.values
    typed = guess.role in _TYPED or values.type == "date"
    if typed and values.type != "text":
        told["type"] = "decimal" if guess.role in ("latitude", "longitude") else values.type
        told["on_error"] = "keep"
    if values.forms:
        told["dates"] = list(values.forms)
    whole = guess.role in _WHOLE or (guesses.kind == "activities" and guess is guesses.title)
    if values.split and not whole:
        told["split"] = values.split
    if guess.lookup:
        told["lookup"] = [guess.role]
    if guess.confidential:
        told["sensitivity"] = "confidential"
    return told


def _targets(role: str, guess: Guess, others: Iterable[Guess]) -> Iterable[str]:
    """Give a lookup's lines, each word once, whichever column of the role has it."""
    for other in others:
        if other is guess:
            break
        if other.role == role:
            guess = Guess(
                guess.column, guess.tag, role, guess.values, guess.why,
                lookup={word: target for word, target in guess.lookup.items() if word not in other.lookup},
            )  # fmt: skip
    yield from (f"    {_flow(word)}: {_flow(target)}" for word, target in sorted(guess.lookup.items()))


def _reference(guess: Guess) -> str:
    return "$(" + re.sub(r"([()\\])", r"\\\1", guess.column) + ")"


def _flow(value: object) -> str:
    text: str = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False
    )
    return text.removesuffix("...\n").strip()


def _comment(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
