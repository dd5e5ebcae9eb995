"""Write the ``mapping.yml`` of a draft: what each row states, in YARRRML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from asmgraph.drafting.guessing import ORGANISATIONS, Guess, Guesses
from asmgraph.drafting.notation import TABLE, comment, flow, reference
from asmgraph.mapping.prefixes import PREDEFINED
from asmgraph.records import ASM, ID, VOCAB

_ABOUT = {
    "theme": "asm:theme",
    "country": "asm:place",
    "adm1": "asm:place",
    "area": "asm:place",
    "mineral": "asm:mineral",
    "status": "asm:status",
}
_WITHIN = dict.fromkeys(("country", "adm1", "area"), "asm:within")
_PREFIXES = {
    "asm": ASM,
    "id": ID,
    "vocab": VOCAB,
    "asmfn": "https://w3id.org/asmgraph/function#",
    "grel": "http://users.ugent.be/~bjdmeest/function/grel.ttl#",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    **{prefix: PREDEFINED[prefix] for prefix in ("rdfs", "dcterms", "foaf", "skos", "xsd")},
}
_KINDS = {
    "activities": "Each row is taken for an activity, with the organisations that take part in it.",
    "sites": "Each row is taken for a mine site.",
    "organisations": "Each row is taken for an organisation.",
    "places": "Each row is taken for a place; nothing says that it is a mine site.",
    "unknown": "No heading says what the rows are, so nothing is stated of them. Add a mapping that says it.",
}


def mapping_yml(name: str, guesses: Guesses, day: dt.date) -> str:
    """Return the text of ``mapping.yml``."""
    written = {
        "activities": _activities,
        "sites": _sites,
        "organisations": _organisations,
        "places": _places,
    }.get(guesses.kind)
    lines = [
        f"# A draft. {_KINDS[guesses.kind]}",
        "# Every thing needs a type, an rdfs:label and a dcterms:source. $(_title) and $(_url) stand in source.yml.",
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
                ["rdfs:label", "$(_title)"],
                ["foaf:page", "$(_url)~iri"],
                ["asm:accessed", day.isoformat(), "xsd:date"],
            ],
        ),
        *(written(name, guesses) if written else ()),
    ]
    return "\n".join(lines) + "\n"


def _activities(name: str, guesses: Guesses) -> Iterable[str]:
    label = _label(guesses, "title", "theme", *ORGANISATIONS, "area", "adm1", "country")
    entries: list[object] = [["a", "asm:Intervention"], ["rdfs:label", label], *_identified(guesses)]
    entries += [["dcterms:description", reference(guess)] for guess in guesses.of("description")]
    entries += _looked_up(guesses, _ABOUT)
    for role, predicate in (("start", "asm:startDate"), ("end", "asm:endDate")):
        entries += [[predicate, f"asmfn:date(value={reference(guess)})"] for guess in guesses.of(role)]
    entries += [["foaf:page", f"{reference(guess)}~iri"] for guess in guesses.of("url")]
    positions = guesses.of("latitude", "longitude")
    if positions:
        spot = {"function": _subject("place", name, guesses), "type": "iri"}
        entries.append({"predicates": "asm:place", "objects": spot, "condition": _all(positions)})
    entries += [["asm:unmappedText", "$(_kept)"], _cited(name)]
    yield from _mapping("intervention", _subject("intervention", name, guesses), _named_by(guesses), entries)
    if positions:
        called = f"asmfn:concat(value=Place of, value={label})"
        there: list[object] = [
            ["a", "asm:Place"],
            ["rdfs:label", called],
            *_positioned(guesses),
            _cited(name),
        ]
        yield from _mapping("place", _subject("place", name, guesses), _all(positions), there)
    for number, guess in enumerate(guesses.of(*ORGANISATIONS), start=1):
        part = ORGANISATIONS[str(guess.role)]
        suffix = "" if number == 1 else f"-{number}"
        yield f"  # {comment(guess.column)}: {comment(guess.why[0])}, so its part is {part}."
        told: list[object] = []
        if guess is guesses.described:
            told += [["skos:altLabel", reference(one)] for one in guesses.of("acronym")]
            told += _looked_up(guesses, {"type": "asm:actorType"})
        yield from _mapping(
            f"organisation{suffix}",
            _actor(name, guess),
            _present(guess),
            [["a", "asm:Organisation"], ["rdfs:label", reference(guess)], *told, _cited(name)],
        )
        yield from _participation(name, suffix, part, guess, label, guesses)


def _participation(
    name: str, suffix: str, part: str, who: Guess, label: str, guesses: Guesses
) -> Iterable[str]:
    """Give the part that an organisation takes in an activity; a column of roles says more than a guess."""
    values = [f"value={ID}participation/{name}-{part}", *map("value={}".format, _names(guesses))]
    role = guesses.first("role") if who.role == "org" else None
    told = f"vocab:participation-role/{part}~iri"
    if role is not None:
        told = f"asmfn:lookup(table=role, value={reference(role)}, default=participation-role/{part})"
    yield from _mapping(
        f"participation{suffix}",
        f"asmfn:concat({', '.join([*values, f'value={_named(who)}'])}, separator=-)",
        f"grel:boolean_and(param_rep_b={_named_by(guesses)}, param_rep_b={_present(who)})",
        [
            ["a", "asm:Participation"],
            ["rdfs:label", _titled(who, label, guesses)],
            ["asm:participant", {"function": _actor(name, who), "type": "iri"}],
            ["asm:participatesIn", {"function": _subject("intervention", name, guesses), "type": "iri"}],
            ["asm:role", told],
            _cited(name),
        ],
    )


def _titled(who: Guess, label: str, guesses: Guesses) -> str:
    """Return who and what; a label that says who already is enough."""
    if reference(who) in label:
        return label
    if label.startswith("$("):
        return f"{reference(who)}: {label}"
    return f"asmfn:concat(value={reference(who)}, value={label}, separator=': ')"


def _sites(name: str, guesses: Guesses) -> Iterable[str]:
    entries: list[object] = [["a", "asm:MineSite"], ["rdfs:label", _label(guesses, "site")]]
    entries += [*_identified(guesses), *_described(guesses), *_looked_up(guesses, {"mineral": "asm:mineral"})]
    entries += [*_located(guesses), ["asm:unmappedText", "$(_kept)"], _cited(name)]
    yield from _mapping("site", _subject("site", name, guesses), _named_by(guesses), entries)


def _places(name: str, guesses: Guesses) -> Iterable[str]:
    entries: list[object] = [["a", "asm:Place"], ["rdfs:label", _label(guesses, "site")]]
    entries += [*_identified(guesses), *_described(guesses), *_located(guesses)]
    entries += [["asm:unmappedText", "$(_kept)"], _cited(name)]
    yield from _mapping("place", _subject("place", name, guesses), _named_by(guesses), entries)


def _organisations(name: str, guesses: Guesses) -> Iterable[str]:
    entries: list[object] = [["a", "asm:Organisation"], ["rdfs:label", _label(guesses, "org")]]
    entries += [["skos:altLabel", reference(guess)] for guess in guesses.of("acronym")]
    entries += [*_identified(guesses), *_described(guesses)]
    entries += _looked_up(guesses, {"type": "asm:actorType", "country": "asm:basedIn"})
    entries += [["foaf:homepage", f"{reference(guess)}~iri"] for guess in guesses.of("url")]
    entries += [["asm:unmappedText", "$(_kept)"], _cited(name)]
    yield from _mapping("organisation", _subject("actor", name, guesses), _named_by(guesses), entries)


def _mapping(name: str, subject: str, condition: str | None, entries: Iterable[object]) -> Iterable[str]:
    yield f"  {name}:"
    yield f"    sources: {TABLE}"
    yield f"    subjects: {flow(subject)}"
    if condition is not None:
        yield f"    condition: {flow(condition)}"
    yield "    predicateobjects:"
    yield from (f"      - {flow(entry)}" for entry in entries)


def _label(guesses: Guesses, *roles: str) -> str:
    """Return what to call a thing: its title, else what names it when taken together, else by the source's title."""
    title = guesses.first(roles[0])
    alone = guesses.keyed[0].role == "id" or len(guesses.keyed) == 1
    if title is not None and alone:
        return reference(title)
    parts = [guess for guess in guesses.keyed if guess.role in roles]
    parts = parts or [guess for guess in guesses.of(*roles) if not guesses.is_split(guess)]
    if not parts:  # a code or a position says nothing by itself
        return " ".join(["$(_title)", *map(reference, guesses.keyed)])
    if len(parts) == 1:
        return reference(parts[0])
    values = ", ".join(f"value={reference(guess)}" for guess in parts)
    return f"asmfn:concat({values}, separator=', ')"


def _identified(guesses: Guesses) -> list[object]:
    return [["dcterms:identifier", reference(guess)] for guess in guesses.of("id")]


def _described(guesses: Guesses) -> list[object]:
    return [["dcterms:description", reference(guess)] for guess in guesses.of("description")]


def _looked_up(guesses: Guesses, predicates: Mapping[str, str]) -> list[object]:
    return [
        [predicate, f"asmfn:lookup(table={role}, value={reference(guess)})"]
        for role, predicate in predicates.items()
        for guess in guesses.of(role)
    ]


def _located(guesses: Guesses) -> list[object]:
    """Give what a place lies in by the source's own words, and by its position where that is stated."""
    said = _looked_up(guesses, _WITHIN)
    return [*said, *_positioned(guesses)] if guesses.of("latitude") else said


def _positioned(guesses: Guesses) -> list[object]:
    """Give the position, and the known place that it lies in, with how that was found."""
    latitude, longitude = (_degrees(guesses.of(role)[0]) for role in ("latitude", "longitude"))
    asked = f"longitude={longitude}, latitude={latitude}"
    return [
        ["wgs:lat", f"asmfn:number(value={latitude})"],
        ["wgs:long", f"asmfn:number(value={longitude})"],
        ["asm:within", f"asmfn:place({asked})"],
        ["asm:placementMethod", f"asmfn:placementMethod({asked})"],
        ["asm:placementExactness", f"asmfn:placementExactness({asked})"],
    ]


def _degrees(guess: Guess) -> str:
    if not guess.values.comma:
        return reference(guess)
    return f"grel:string_replace(valueParameter={reference(guess)}, p_string_find=',', p_string_replace=.)"


def _subject(kind: str, name: str, guesses: Guesses) -> str:
    values = ", ".join(f"value={named}" for named in _names(guesses))
    return f"asmfn:concat(value={ID}{kind}/{name}, {values}, separator=-)"


def _actor(name: str, guess: Guess) -> str:
    return f"asmfn:concat(value={ID}actor/{name}, value={_named(guess)}, separator=-)"


def _names(guesses: Guesses) -> list[str]:
    return [_named(guess) for guess in guesses.keyed]


def _named(guess: Guess) -> str:
    """Return what names a thing in its IRI: a code as it is, for two codes are two things; of a name its slug."""
    return f"asmfn:{'encode' if guess.role == 'id' else 'slug'}(value={reference(guess)})"


def _named_by(guesses: Guesses) -> str:
    """Return the condition under which a row names a thing: one part of its key suffices."""
    held = [_present(guess) for guess in guesses.keyed]
    return held[0] if len(held) == 1 else f"grel:boolean_or({', '.join(map('param_rep_b={}'.format, held))})"


def _all(guesses: Iterable[Guess]) -> str:
    held = (f"param_rep_b=asmfn:present(value={reference(guess)})" for guess in guesses)
    return f"grel:boolean_and({', '.join(held)})"


def _present(guess: Guess) -> str:
    """Return the condition under which a cell can name a thing."""
    return f"asmfn:present(value={_named(guess)})"


def _cited(name: str) -> list[str]:
    return ["dcterms:source", f"id:source/{name}~iri"]
