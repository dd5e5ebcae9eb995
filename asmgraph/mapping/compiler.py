"""Compile triples maps to rules: one rule a predicate and object, made of polars expressions.

A rule knows which columns it reads, so its statements are as sensitive as the strictest of them
(conditions, subjects and joined rows included), and a refused statement can be traced to its row and column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import polars as pl

from asmgraph.descriptions import Source, Table
from asmgraph.errors import MappingError
from asmgraph.mapping import terms
from asmgraph.mapping.document import Call, Link, ObjectMap, PredicateObject, Template, TriplesMap, Value
from asmgraph.mapping.functions import FUNCTIONS, Arguments, Function, Kind, Parameter, local_name
from asmgraph.mapping.placement import Gazetteer
from asmgraph.records import ID, KEPT, Sensitivity

JOINED = "_joined"
"""The column that holds the subject of the joined row."""
TITLE = "_title"
"""What a mapping calls the title of its source."""
URL = "_url"
"""What a mapping calls the web address of its source; empty until somebody writes another than its name here."""


@dataclass(frozen=True)
class Piece:
    """An expression, the columns it reads, and whether it is a text, a finished term or a condition."""

    expression: pl.Expr
    columns: frozenset[str]
    kind: Kind = "text"


@dataclass(frozen=True, eq=False)
class Join:
    """Where an object is the subject of rows with the same key: those rows, their keys, and the keys asked for."""

    mapping: str
    table: str
    keys: tuple[pl.Expr, ...]
    subject: pl.Expr
    only: pl.Expr | None
    columns: tuple[str, ...]
    splits: tuple[tuple[str, str], ...]
    asked: tuple[pl.Expr, ...]


@dataclass(frozen=True, eq=False)
class Rule:
    """One statement a row: where the terms come from, and who may see what comes out.

    ``only`` is the condition of the whole mapping, ``condition`` that of the predicate and object.
    """

    mapping: str
    table: str
    subject: pl.Expr
    predicate: str
    object: pl.Expr
    only: pl.Expr | None
    condition: pl.Expr | None
    join: Join | None
    columns: tuple[str, ...]
    object_columns: tuple[str, ...]
    splits: tuple[tuple[str, str], ...]
    sensitivity: Sensitivity

    def lines(self) -> pl.Expr:
        """Return the N-Triples lines, null where a term or a condition is missing."""
        line = pl.concat_str(self.subject, pl.lit(f" <{self.predicate}> "), self.object, pl.lit(" ."))
        for condition in (self.condition, self.only):
            if condition is not None:
                line = pl.when(condition.fill_null(False)).then(line)
        return line


def compile_rules(
    maps: Iterable[TriplesMap], source: Source, places: Callable[[], Gazetteer] = Gazetteer
) -> tuple[Rule, ...]:
    """Compile ``maps`` for the tables, lookups and sensitivities of ``source``.

    ``places`` gives the known places, and is called, when the mapping is compiled, only where it asks for one.

    Raises
    ------
    MappingError
        For a table, column, lookup, function or graph that is not there, an ignored column that is used, or a link
        that would pair every row with every other.
    """
    by_name: dict[str, list[_Compiler]] = defaultdict(list)
    compilers = [_Compiler(triples_map, source, by_name, places) for triples_map in maps]
    for one in compilers:
        by_name[one.map.name].append(one)
    return tuple(rule for one in compilers for rule in one.rules())


class _Compiler:
    """Compiles one triples map; holds what its messages and lookups need."""

    def __init__(
        self,
        triples_map: TriplesMap,
        source: Source,
        by_name: Mapping[str, Sequence[_Compiler]],
        places: Callable[[], Gazetteer],
    ) -> None:
        self.map = triples_map
        self.source = source
        self.by_name = by_name
        self.places = places
        self.where = f"{source.name}/mapping.yml: {triples_map.name}"
        if triples_map.table not in source.tables:
            raise MappingError(f"{self.where}: source.yml has no table {triples_map.table!r}.")
        self.table: Table = source.tables[triples_map.table]

    def rules(self) -> Iterable[Rule]:
        subject = self.subject()
        only = self.condition(self.map.condition)
        for entry in self.map.predicate_objects:
            condition = self.condition(entry.condition)
            for object_map in entry.objects:
                for value, join, levels in self.objects(object_map):
                    both = [(predicate, subject, value) for predicate in entry.predicates]
                    both += [(predicate, value, subject) for predicate in entry.inverse]
                    used = subject.columns | value.columns
                    used = used.union(*(one.columns for one in (only, condition) if one is not None))
                    for predicate, first, last in both:
                        yield Rule(
                            self.map.name,
                            self.map.table,
                            first.expression,
                            predicate,
                            last.expression,
                            _expression(only),
                            _expression(condition),
                            join,
                            tuple(sorted(used)),
                            tuple(sorted(last.columns - first.columns) or sorted(last.columns)),
                            self.splits(used),
                            self.strictest(used, entry, levels),
                        )

    def subject(self) -> Piece:
        return self.iri(self.map.subject)

    def condition(self, call: Call | None) -> Piece | None:
        return None if call is None else self.call(call, "condition")

    def objects(self, object_map: ObjectMap) -> Iterable[tuple[Piece, Join | None, list[Sensitivity]]]:
        """Give each object with the join it needs and the sensitivities of what is joined."""
        if not isinstance(object_map.value, Link):
            yield self.object(object_map.value, object_map), None, []
            return
        link = object_map.value
        others = self.by_name[link.mapping]
        if not link.keys:
            others = [other for other in others if other.map.table == self.map.table]
            if not others:
                raise MappingError(
                    f"{self.where}: links to {link.mapping} in another table without a condition, which would pair "
                    "every row with every other.",
                    "Join by equal: [str1, $(own column), s], [str2, $(column of the other), o].",
                )
        for other in others:
            if link.keys:
                yield self.joined(link, other)
            else:
                yield self.beside(other)

    def beside(self, other: _Compiler) -> tuple[Piece, Join | None, list[Sensitivity]]:
        """Give another mapping's subject on the same row, where its condition holds."""
        piece, only = other.subject(), other.condition(other.map.condition)
        levels = other.levels((), (other.map.graph,))
        if only is None:
            return piece, None, levels
        held = pl.when(only.expression.fill_null(False)).then(piece.expression)
        return Piece(held, piece.columns | only.columns, "term"), None, levels

    def joined(self, link: Link, other: _Compiler) -> tuple[Piece, Join | None, list[Sensitivity]]:
        asked = [self.text(own) for own, _ in link.keys]
        keys = [other.text(theirs) for _, theirs in link.keys]
        subject, only = other.subject(), other.condition(other.map.condition)
        used = subject.columns.union(*(key.columns for key in keys), only.columns if only else ())
        join = Join(
            other.map.name,
            other.map.table,
            tuple(key.expression for key in keys),
            subject.expression,
            _expression(only),
            tuple(sorted(used)),
            other.splits(used),
            tuple(key.expression for key in asked),
        )
        columns = frozenset[str]().union(*(key.columns for key in asked))
        return Piece(pl.col(JOINED), columns, "term"), join, other.levels(used, (other.map.graph,))

    def object(self, value: Value, object_map: ObjectMap) -> Piece:
        if object_map.kind == "iri":
            return self.iri(value)
        piece = self.value(value)
        datatype, language = object_map.datatype, object_map.language
        if piece.kind == "term":
            if datatype or language:
                raise MappingError(
                    f"{self.where}: a function that gives a finished term has no datatype or language of its own."
                )
            return piece
        if datatype is not None and datatype.constant is None:
            kind = self.template(datatype, encode=any(datatype.texts))
            return Piece(terms.typed(piece.expression, kind.expression), piece.columns | kind.columns, "term")
        if language is not None and language.constant is None:
            tag = self.template(language)
            return Piece(terms.tagged(piece.expression, tag.expression), piece.columns | tag.columns, "term")
        literal = terms.literal(
            piece.expression, datatype.constant if datatype else None, language.constant if language else None
        )
        return Piece(literal, piece.columns, "term")

    def iri(self, value: Value) -> Piece:
        """Compile an IRI: a lone reference as it stands, inside a template percent-encoded."""
        if isinstance(value, Call):
            piece = self.value(value)
            if piece.kind == "term":
                return piece
            return Piece(terms.iri(piece.expression), piece.columns, "term")
        piece = self.template(value, encode=any(value.texts))
        return Piece(terms.iri(piece.expression, sound=terms.is_sound(value.texts)), piece.columns, "term")

    def value(self, value: Value) -> Piece:
        """Compile a text or a term."""
        return self.template(value) if isinstance(value, Template) else self.call(value, "text", "term")

    def text(self, value: Value) -> Piece:
        return self.template(value) if isinstance(value, Template) else self.call(value, "text")

    def template(self, template: Template, *, encode: bool = False) -> Piece:
        parts: list[pl.Expr] = []
        for place, text in enumerate(template.texts):
            if text:
                parts.append(pl.lit(text))
            if place < len(template.references):
                column = self.column(template.references[place])
                parts.append(terms.iri_safe(column) if encode else column)
        expression = parts[0] if len(parts) == 1 else pl.concat_str(*parts) if parts else pl.lit("")
        return Piece(
            expression, frozenset(name for name in template.references if not self.is_of_source(name))
        )

    def is_of_source(self, name: str) -> bool:
        """Say whether a reference means the source's title or address, which stand in source.yml alone."""
        return name in (TITLE, URL) and name not in self.table.columns

    def column(self, name: str) -> pl.Expr:
        if name == KEPT:
            return pl.col(KEPT)
        if self.is_of_source(name):
            written = self.source.url != f"{ID}source/{self.source.name}"
            texts = {TITLE: self.source.title, URL: self.source.url if written else None}
            return pl.lit(texts[name], dtype=pl.String)
        if name not in self.table.columns:
            raise MappingError(f"{self.where}: source.yml lists no column {name!r} in {self.map.table}.")
        if self.table.columns[name].ignore:
            raise MappingError(f"{self.where}: uses the column {name!r}, which source.yml says to ignore.")
        return pl.col(name)

    def call(self, call: Call, *kinds: Kind) -> Piece:
        """Compile a function that gives one of ``kinds``."""
        function = FUNCTIONS.get(call.function)
        can_give: dict[str, set[Kind]] = {"either": {"text", "term"}}
        if function is None or not can_give.get(function.gives, {function.gives}) & set(kinds):
            known = sorted(
                one.name for one in FUNCTIONS.values() if can_give.get(one.gives, {one.gives}) & set(kinds)
            )
            raise MappingError(
                f"{self.where}: the function {call.function} is not known here.",
                f"Known: {', '.join(known)}.",
            )
        pieces, constants = self.arguments(function, call)
        either = {
            piece.kind
            for parameter in function.parameters
            if parameter.takes == "either"
            for piece in pieces.get(parameter.name, ())
        }
        if len(either) > 1:
            raise MappingError(
                f"{self.where}: {function.name} is given texts and terms; give it one or the other."
            )
        kind: Kind = min(either) if function.gives == "either" else function.gives
        if kind not in kinds:
            raise MappingError(f"{self.where}: {function.name} gives a {kind} where a {kinds[0]} is needed.")
        given = Arguments(
            self.source,
            f"{self.where}: {function.name}",
            {name: tuple(piece.expression for piece in some) for name, some in pieces.items()},
            constants,
            self.places,
        )
        columns = frozenset[str]().union(*(piece.columns for some in pieces.values() for piece in some))
        return Piece(function.compile(given), columns, kind)

    def arguments(
        self, function: Function, call: Call
    ) -> tuple[dict[str, tuple[Piece, ...]], dict[str, tuple[str, ...]]]:
        """Compile what each parameter is given, and collect the texts of constants, by short name."""
        parameters = {parameter.iri: parameter for parameter in function.parameters}
        needed = {iri for iri, parameter in parameters.items() if not parameter.optional}
        values: dict[str, list[Value]] = defaultdict(list)
        for iri, value in call.arguments:
            values[iri].append(value)
        if not needed <= set(values) <= set(parameters):
            raise MappingError(
                f"{self.where}: {function.name} has the parameters "
                f"{', '.join(sorted(p.name for p in function.parameters))}, "
                f"not {', '.join(sorted(local_name(iri) for iri in values)) or 'none'}."
            )
        pieces, constants = {}, {}
        for iri, some in values.items():
            parameter = parameters[iri]
            if len(some) > 1 and not parameter.many:
                raise MappingError(f"{self.where}: {function.name} is given {parameter.name} twice.")
            if parameter.takes == "constant":
                constants[parameter.name] = tuple(self.constant(function, parameter, one) for one in some)
            else:
                pieces[parameter.name] = tuple(self.argument(parameter, one) for one in some)
        return pieces, constants

    def constant(self, function: Function, parameter: Parameter, value: Value) -> str:
        if isinstance(value, Call) or value.constant is None:
            raise MappingError(f"{self.where}: {parameter.name} of {function.name} must be a constant.")
        return value.constant

    def argument(self, parameter: Parameter, value: Value) -> Piece:
        if parameter.takes != "condition":
            return self.value(value) if parameter.takes == "either" else self.text(value)
        if isinstance(value, Template):
            raise MappingError(f"{self.where}: {parameter.name} needs a condition, a function.")
        return self.call(value, "condition")

    def splits(self, columns: Iterable[str]) -> tuple[tuple[str, str], ...]:
        known: Mapping[str, str | None] = {name: c.split for name, c in self.table.columns.items()}
        found = [(name, separator) for name in sorted(columns) if (separator := known.get(name))]
        if len(found) > 1:
            raise MappingError(
                f"{self.where}: one statement reads two lists, {found[0][0]} and {found[1][0]}."
            )
        return tuple(found)

    def strictest(
        self, columns: Iterable[str], entry: PredicateObject, others: Iterable[Sensitivity]
    ) -> Sensitivity:
        levels = [*self.levels(columns, (self.map.graph, entry.graph)), *others]
        return reduce(lambda a, b: a if a.rank >= b.rank else b, levels)

    def levels(self, columns: Iterable[str], graphs: Iterable[str | None]) -> list[Sensitivity]:
        levels = [self.source.sensitivity]
        for graph in graphs:
            if graph is not None and graph not in list(Sensitivity):
                raise MappingError(
                    f"{self.where}: the graph {graph!r} is not public, restricted or confidential.",
                    "A source has one graph; 'graphs' says who may see what goes into it.",
                )
            levels.extend([Sensitivity(graph)] if graph else [])
        for name in columns:
            listed = self.table.columns.values() if name == KEPT else [self.table.columns[name]]
            levels.extend(column.sensitivity for column in listed if column.sensitivity is not None)
        return levels


def _expression(piece: Piece | None) -> pl.Expr | None:
    return None if piece is None else piece.expression
