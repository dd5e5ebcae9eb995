"""The functions that a mapping may call: a table of names, parameters and what each is compiled to.

Adding a function is adding one entry to :data:`FUNCTIONS`. Names are those of FnO libraries where they have one
(GREL, IDLab: https://fno.io/), else ``asmfn:``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from asmgraph.descriptions import Source
from asmgraph.mapping import lookups, terms
from asmgraph.records import VOCAB

ASMFN = "https://w3id.org/asmgraph/function#"
IDLAB = "https://w3id.org/imec/idlab/function#"
_ANSWERS = {"1": "yes", "true": "yes", "0": "no", "false": "no"}

Kind = Literal["text", "term", "condition"]
"""What a call gives: a plain text, a finished RDF term, or whether something holds."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function; a ``constant`` is known when the mapping is compiled, before any row."""

    iri: str
    takes: Literal["text", "constant"] = "text"
    optional: bool = False

    @property
    def name(self) -> str:
        """Return the part of the name that the compile function knows it by."""
        return local_name(self.iri)


@dataclass(frozen=True)
class Arguments:
    """What one call gives its parameters: an expression each, or the text of a constant, by short name."""

    source: Source
    where: str
    expressions: Mapping[str, pl.Expr]
    constants: Mapping[str, str]

    def __getitem__(self, name: str) -> pl.Expr:
        """Return the expression of a parameter that is given."""
        return self.expressions[name]

    def lookup(self) -> dict[str, str]:
        """Return the lookup of the source that the constant ``table`` names."""
        return lookups.iris(self.source, self.constants.get("table"), self.where)


@dataclass(frozen=True)
class Function:
    """A function by its full name, what it gives, what it takes and how it becomes an expression."""

    iri: str
    kind: Kind
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
    return terms.iri(given["value"].replace_strict(given.lookup(), default=None, return_dtype=pl.String))


def _observation(given: Arguments) -> pl.Expr:
    slug = given["value"].replace_strict(_ANSWERS, default=None, return_dtype=pl.String)
    blank = pl.when(given["value"].is_null()).then(pl.lit("not-asked")).otherwise(slug)
    return terms.iri(pl.concat_str(pl.lit(VOCAB + "observation/"), blank))


def _known(given: Arguments) -> pl.Expr:
    return given["value"].is_in(list(given.lookup()))


def _unknown(given: Arguments) -> pl.Expr:
    return given["value"].is_not_null() & ~given["value"].is_in(list(given.lookup()))


_VALUE = (Parameter(ASMFN + "value"),)
_TABLE = (Parameter(ASMFN + "table", "constant"), *_VALUE)
_PAIR = (Parameter(IDLAB + "str1"), Parameter(IDLAB + "str2"))

FUNCTIONS: Mapping[str, Function] = {
    function.iri: function
    for function in (
        Function(ASMFN + "lookup", "term", _TABLE, _lookup),
        Function(ASMFN + "date", "term", _VALUE, lambda given: terms.dated(given["value"])),
        Function(ASMFN + "number", "term", _VALUE, lambda given: terms.number(given["value"])),
        Function(ASMFN + "observation", "term", _VALUE, _observation),
        Function(IDLAB + "equal", "condition", _PAIR, lambda given: given["str1"] == given["str2"]),
        Function(IDLAB + "notEqual", "condition", _PAIR, lambda given: given["str1"] != given["str2"]),
        Function(ASMFN + "present", "condition", _VALUE, lambda given: given["value"].is_not_null()),
        Function(ASMFN + "absent", "condition", _VALUE, lambda given: given["value"].is_null()),
        Function(ASMFN + "known", "condition", _TABLE, _known),
        Function(ASMFN + "unknown", "condition", _TABLE, _unknown),
    )
}
"""Every function by its full name."""
