"""The functions that a mapping may call: a table of names, parameters and what each is compiled to.

Adding a function is adding one entry to :data:`FUNCTIONS`. Names are those of FnO libraries where they have one
(GREL, IDLab: https://fno.io/), else ``asmfn:``. A blank in gives a blank out, unless a function says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import polars as pl

from asmgraph.descriptions import Source
from asmgraph.errors import MappingError
from asmgraph.mapping import lookups, placed, terms, texts
from asmgraph.mapping.placement import Gazetteer, Placement
from asmgraph.records import VOCAB

ASMFN = "https://w3id.org/asmgraph/function#"
IDLAB = "https://w3id.org/imec/idlab/function#"
GREL = "http://users.ugent.be/~bjdmeest/function/grel.ttl#"
_ANSWERS = {"1": "yes", "true": "yes", "0": "no", "false": "no"}

Kind = Literal["text", "term", "condition"]
"""What a call gives: a plain text, a finished RDF term, or whether something holds."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function and what it takes.

    A ``constant`` is known when the mapping is compiled, before any row; ``either`` is a text or a term. Of ``many``,
    one or more may be given.
    """

    iri: str
    takes: Literal["text", "constant", "condition", "either"] = "text"
    optional: bool = False
    many: bool = False

    @property
    def name(self) -> str:
        """Return the part of the name that the compile function knows it by."""
        return local_name(self.iri)


@dataclass(frozen=True)
class Arguments:
    """What one call gives its parameters: expressions, and the texts of constants, by short name."""

    source: Source
    where: str
    expressions: Mapping[str, tuple[pl.Expr, ...]]
    constants: Mapping[str, tuple[str, ...]]
    places: Callable[[], Gazetteer] = Gazetteer

    def __getitem__(self, name: str) -> pl.Expr:
        """Return the expression of a parameter that is given."""
        return self.expressions[name][0]

    def all(self, name: str) -> tuple[pl.Expr, ...]:
        """Return every expression that a parameter is given, none where it is left out."""
        return self.expressions.get(name, ())

    def constant(self, name: str, default: str = "") -> str:
        """Return the text of a constant, or ``default`` where it is left out."""
        return self.constants.get(name, (default,))[0]

    def lookup(self) -> dict[str, str]:
        """Return the lookup of the source that the constant ``table`` names."""
        return lookups.iris(self.source, self.constant("table"), self.where)


@dataclass(frozen=True)
class Function:
    """A function by its full name, what it gives, what it takes and how it becomes an expression.

    One that gives ``either`` gives what its parameters of that kind are given: texts or terms.
    """

    iri: str
    gives: Kind | Literal["either"]
    parameters: tuple[Parameter, ...]
    compile: Callable[[Arguments], pl.Expr]

    @property
    def name(self) -> str:
        """Return the name without its namespace."""
        return local_name(self.iri)


def local_name(iri: str) -> str:
    """Return a name without its namespace."""
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def _lookup(given: Arguments) -> pl.Expr:
    known = {value: f"<{iri}>" for value, iri in given.lookup().items() if terms.is_iri(iri)}
    default = given.constant("default")
    if not default:
        return given["value"].replace_strict(known, default=None, return_dtype=pl.String)
    other = lookups.lookup_iri(default)
    if not terms.is_iri(other):
        raise MappingError(f"{given.where}: the default {default!r} of lookup is no IRI.")
    found = given["value"].replace_strict(known, default=f"<{other}>", return_dtype=pl.String)
    return pl.when(given["value"].is_not_null()).then(found)


def _observation(given: Arguments) -> pl.Expr:
    answers = {text: f"<{VOCAB}observation/{slug}>" for text, slug in _ANSWERS.items()}
    known = given["value"].replace_strict(answers, default=None, return_dtype=pl.String)
    blank = pl.lit(f"<{VOCAB}observation/not-asked>")
    return pl.when(given["value"].is_null()).then(blank).otherwise(known)


def _date(given: Arguments) -> pl.Expr:
    forms = given.constants.get("form", ())
    try:
        return terms.dated(given["value"], forms)
    except ValueError as error:
        raise MappingError(
            f"{given.where}: the form of a date {error}.", "Write %d/%m/%Y or the like."
        ) from None


def _number(given: Arguments) -> pl.Expr:
    sign = given.constant("decimal", ".")
    if sign not in (".", ","):
        raise MappingError(f"{given.where}: the decimal sign {sign!r} is neither '.' nor ','.")
    return terms.number(
        texts.decimal(given["value"], sign) if "decimal" in given.constants else given["value"]
    )


def _known(given: Arguments) -> pl.Expr:
    return given["value"].is_in(list(given.lookup()))


def _unknown(given: Arguments) -> pl.Expr:
    return given["value"].is_not_null() & ~given["value"].is_in(list(given.lookup()))


def _placed(part: Callable[[Placement], str | bool | None]) -> Callable[[Arguments], pl.Expr]:
    """Compile a question to the gazetteer that gives one part of the answer."""

    def compiled(given: Arguments) -> pl.Expr:
        level, km = given.constant("level"), given.constant("km")
        return placed.asked(given.expressions, level, km, given.where, given.places, part)

    return compiled


def _extract(given: Arguments) -> pl.Expr:
    pattern = texts.pattern(given.constant("pattern"), given.where)
    return given["value"].str.extract(pattern, 1 if texts.groups(pattern) else 0)


def _replace_pattern(given: Arguments) -> pl.Expr:
    pattern = texts.pattern(given.constant("pattern"), given.where)
    return given["value"].str.replace_all(pattern, given.constant("by"))


def _replace(given: Arguments) -> pl.Expr:
    find, by = given.constant("p_string_find"), given.constant("p_string_replace")
    if not find:
        raise MappingError(f"{given.where}: string_replace has nothing to find.")
    return given["valueParameter"].str.replace_all(find, by, literal=True)


def _hash(given: Arguments) -> pl.Expr:
    length = given.constant("length", "16")
    if not length.isascii() or not length.isdigit() or not 8 <= int(length) <= 64:
        raise MappingError(f"{given.where}: the length {length!r} of a hash is not between 8 and 64.")
    return texts.sha256(given["value"], int(length))


def _if(given: Arguments) -> pl.Expr:
    # A condition that nobody can answer counts as not met.
    chosen = pl.when(given["bool_b"].fill_null(False)).then(given["any_true"])
    return chosen.otherwise(given["any_false"]) if given.all("any_false") else chosen


def _joined(given: Arguments) -> pl.Expr:
    values = given.all("value")
    whole = pl.concat_str(*values, separator=given.constant("separator", " "), ignore_nulls=True)
    return pl.when(pl.any_horizontal(one.is_not_null() for one in values)).then(whole)


def _first(given: Arguments) -> pl.Expr:
    return pl.coalesce(*given.all("value"))


def _all_hold(given: Arguments) -> pl.Expr:
    return reduce(lambda a, b: a & b, (one.fill_null(False) for one in given.all("param_rep_b")))


def _any_holds(given: Arguments) -> pl.Expr:
    return reduce(lambda a, b: a | b, (one.fill_null(False) for one in given.all("param_rep_b")))


def _constant(iri: str, *, many: bool = False) -> Parameter:
    return Parameter(iri, "constant", optional=True, many=many)


_WHERE = (
    *(Parameter(ASMFN + name, optional=True) for name in (*placed.TEXTS, *placed.NUMBERS)),
    *(_constant(ASMFN + name) for name in ("level", "km")),
)
_VALUE = (Parameter(ASMFN + "value"),)
_MANY = Parameter(ASMFN + "value", many=True)
_TABLE = (Parameter(ASMFN + "table", "constant"), *_VALUE)
_PATTERN = (*_VALUE, Parameter(ASMFN + "pattern", "constant"))
_PAIR = (Parameter(IDLAB + "str1"), Parameter(IDLAB + "str2"))
_TEXT = (Parameter(GREL + "valueParameter"),)
_CONDITIONS = (Parameter(GREL + "param_rep_b", "condition", many=True),)

FUNCTIONS: Mapping[str, Function] = {
    function.iri: function
    for function in (
        # terms
        Function(ASMFN + "lookup", "term", (*_TABLE, _constant(ASMFN + "default")), _lookup),
        Function(ASMFN + "date", "term", (*_VALUE, _constant(ASMFN + "form", many=True)), _date),
        Function(ASMFN + "number", "term", (*_VALUE, _constant(ASMFN + "decimal")), _number),
        Function(ASMFN + "observation", "term", _VALUE, _observation),
        Function(ASMFN + "place", "term", _WHERE, _placed(placed.place)),
        Function(ASMFN + "placementMethod", "term", _WHERE, _placed(placed.method)),
        Function(ASMFN + "placementExactness", "term", _WHERE, _placed(placed.exactness)),
        # texts
        Function(
            GREL + "toLowerCase", "text", _TEXT, lambda given: given["valueParameter"].str.to_lowercase()
        ),
        Function(
            GREL + "toUpperCase", "text", _TEXT, lambda given: given["valueParameter"].str.to_uppercase()
        ),
        Function(GREL + "string_trim", "text", _TEXT, lambda given: texts.trimmed(given["valueParameter"])),
        Function(
            GREL + "string_replace",
            "text",
            (
                *_TEXT,
                Parameter(GREL + "p_string_find", "constant"),
                Parameter(GREL + "p_string_replace", "constant"),
            ),
            _replace,
        ),
        Function(ASMFN + "extract", "text", _PATTERN, _extract),
        Function(
            ASMFN + "replace", "text", (*_PATTERN, Parameter(ASMFN + "by", "constant")), _replace_pattern
        ),
        Function(ASMFN + "slug", "text", _VALUE, lambda given: texts.slug(given["value"])),
        Function(ASMFN + "encode", "text", _VALUE, lambda given: terms.iri_safe(given["value"])),
        Function(ASMFN + "hash", "text", (*_VALUE, _constant(ASMFN + "length")), _hash),
        Function(ASMFN + "concat", "text", (_MANY, _constant(ASMFN + "separator")), _joined),
        # texts or terms
        Function(ASMFN + "first", "either", (Parameter(ASMFN + "value", "either", many=True),), _first),
        Function(
            GREL + "controls_if",
            "either",
            (
                Parameter(GREL + "bool_b", "condition"),
                Parameter(GREL + "any_true", "either"),
                Parameter(GREL + "any_false", "either", optional=True),
            ),
            _if,
        ),
        # conditions
        Function(IDLAB + "equal", "condition", _PAIR, lambda given: given["str1"] == given["str2"]),
        Function(IDLAB + "notEqual", "condition", _PAIR, lambda given: given["str1"] != given["str2"]),
        Function(ASMFN + "present", "condition", _VALUE, lambda given: given["value"].is_not_null()),
        Function(ASMFN + "absent", "condition", _VALUE, lambda given: given["value"].is_null()),
        Function(ASMFN + "known", "condition", _TABLE, _known),
        Function(ASMFN + "unknown", "condition", _TABLE, _unknown),
        Function(ASMFN + "placed", "condition", _WHERE, _placed(placed.is_placed)),
        Function(
            ASMFN + "matches",
            "condition",
            _PATTERN,
            lambda given: given["value"].str.contains(texts.pattern(given.constant("pattern"), given.where)),
        ),
        Function(GREL + "boolean_and", "condition", _CONDITIONS, _all_hold),
        Function(GREL + "boolean_or", "condition", _CONDITIONS, _any_holds),
        Function(
            GREL + "boolean_not",
            "condition",
            (Parameter(GREL + "bool_b", "condition"),),
            lambda given: ~given["bool_b"].fill_null(False),
        ),
    )
}
"""Every function by its full name."""
