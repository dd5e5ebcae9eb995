"""Compile triples maps to rules: one rule a predicate and object, made of polars expressions.

A rule knows which columns it reads, so its statements are as sensitive as the strictest of them
(conditions and subjects included), and a refused statement can be traced to its row and column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import polars as pl

from asmgraph.descriptions import Source, Table
from asmgraph.errors import MappingError
from asmgraph.mapping import terms
from asmgraph.mapping.functions import FUNCTIONS, Arguments, Kind, local_name
from asmgraph.mapping.yarrrml import Call, ObjectMap, Template, TriplesMap
from asmgraph.records import KEPT, Sensitivity


@dataclass(frozen=True)
class Piece:
    """An expression and the columns it reads."""

    expression: pl.Expr
    columns: frozenset[str]


@dataclass(frozen=True)
class Rule:
    """One statement a row: where the terms come from, and who may see what comes out."""

    mapping: str
    table: str
    subject: pl.Expr
    predicate: str
    object: pl.Expr
    condition: pl.Expr | None
    columns: tuple[str, ...]
    object_columns: tuple[str, ...]
    splits: tuple[tuple[str, str], ...]
    sensitivity: Sensitivity

    def lines(self) -> pl.Expr:
        """Return the N-Triples lines, null where a term or the condition is missing."""
        line = pl.concat_str(self.subject, pl.lit(f" <{self.predicate}> "), self.object, pl.lit(" ."))
        return line if self.condition is None else pl.when(self.condition.fill_null(False)).then(line)


def compile_rules(maps: Iterable[TriplesMap], source: Source) -> tuple[Rule, ...]:
    """Compile ``maps`` for the tables, lookups and sensitivities of ``source``.

    Raises
    ------
    MappingError
        For a table, column, lookup, function or graph that is not there, or an ignored column that is used.
    """
    return tuple(rule for triples_map in maps for rule in _Compiler(triples_map, source).rules())


class _Compiler:
    """Compiles one triples map; holds what its messages and lookups need."""

    def __init__(self, triples_map: TriplesMap, source: Source) -> None:
        self.map = triples_map
        self.source = source
        self.where = f"{source.name}/mapping.yml: {triples_map.name}"
        if triples_map.table not in source.tables:
            raise MappingError(f"{self.where}: source.yml has no table {triples_map.table!r}.")
        self.table: Table = source.tables[triples_map.table]

    def rules(self) -> Iterable[Rule]:
        subject = self.iri_template(self.map.subject)
        for entry in self.map.predicate_objects:
            conditions = [
                self.call(c, "condition") for c in (self.map.condition, entry.condition) if c is not None
            ]
            for object_map in entry.objects:
                value = self.object(object_map)
                used = reduce(
                    frozenset.union, (c.columns for c in conditions), subject.columns | value.columns
                )
                for predicate in entry.predicates:
                    yield Rule(
                        self.map.name,
                        self.map.table,
                        terms.iri(subject.expression),
                        predicate,
                        value.expression,
                        reduce(lambda a, b: a & b, (c.expression for c in conditions))
                        if conditions
                        else None,
                        tuple(sorted(used)),
                        tuple(sorted(value.columns - subject.columns) or sorted(value.columns)),
                        self.splits(used),
                        self.sensitivity(used, (self.map.graph, entry.graph)),
                    )

    def object(self, object_map: ObjectMap) -> Piece:
        if isinstance(object_map.value, Call):
            return self.call(object_map.value, "term")
        if object_map.kind == "iri":
            piece = self.iri_template(object_map.value)
            return Piece(terms.iri(piece.expression), piece.columns)
        text = self.template(object_map.value)
        return Piece(terms.literal(text.expression, object_map.datatype, object_map.language), text.columns)

    def iri_template(self, template: Template) -> Piece:
        """Compile an IRI: a lone reference as it stands, inside a template percent-encoded."""
        return self.template(template, encode=any(template.texts))

    def template(self, template: Template, *, encode: bool = False) -> Piece:
        parts: list[pl.Expr] = []
        for place, text in enumerate(template.texts):
            if text:
                parts.append(pl.lit(text))
            if place < len(template.references):
                column = self.column(template.references[place])
                parts.append(terms.iri_safe(column) if encode else column)
        expression = parts[0] if len(parts) == 1 else pl.concat_str(*parts) if parts else pl.lit("")
        return Piece(expression, frozenset(template.references))

    def column(self, name: str) -> pl.Expr:
        if name == KEPT:
            return pl.col(KEPT)
        if name not in self.table.columns:
            raise MappingError(f"{self.where}: source.yml lists no column {name!r} in {self.map.table}.")
        if self.table.columns[name].ignore:
            raise MappingError(f"{self.where}: uses the column {name!r}, which source.yml says to ignore.")
        return pl.col(name)

    def call(self, call: Call, *kinds: Kind) -> Piece:
        """Compile a function that gives one of ``kinds``."""
        function = FUNCTIONS.get(call.function)
        if function is None or function.kind not in kinds:
            known = sorted(one.name for one in FUNCTIONS.values() if one.kind in kinds)
            raise MappingError(
                f"{self.where}: the function {call.function} is not known here.",
                f"Known: {', '.join(known)}.",
            )
        parameters = {parameter.iri: parameter for parameter in function.parameters}
        needed = {parameter.iri for parameter in function.parameters if not parameter.optional}
        if not needed <= set(call.parameters) <= set(parameters):
            raise MappingError(
                f"{self.where}: {function.name} has the parameters "
                f"{', '.join(sorted(p.name for p in function.parameters))}, "
                f"not {', '.join(sorted(local_name(iri) for iri in call.parameters)) or 'none'}."
            )
        constants, pieces = {}, {}
        for iri, value in call.parameters.items():
            parameter = parameters[iri]
            pieces[parameter.name] = self.template(value)
            if parameter.takes == "constant":
                if value.constant is None:
                    raise MappingError(
                        f"{self.where}: {parameter.name} of {function.name} must be a constant."
                    )
                constants[parameter.name] = value.constant
        expressions = {name: piece.expression for name, piece in pieces.items()}
        given = Arguments(self.source, self.where, expressions, constants)
        columns = frozenset[str]().union(*(piece.columns for piece in pieces.values()))
        return Piece(function.compile(given), columns)

    def splits(self, columns: Iterable[str]) -> tuple[tuple[str, str], ...]:
        known: Mapping[str, str | None] = {name: c.split for name, c in self.table.columns.items()}
        found = [(name, separator) for name in sorted(columns) if (separator := known.get(name))]
        if len(found) > 1:
            raise MappingError(
                f"{self.where}: one statement reads two lists, {found[0][0]} and {found[1][0]}."
            )
        return tuple(found)

    def sensitivity(self, columns: Iterable[str], graphs: Iterable[str | None]) -> Sensitivity:
        levels = [self.source.sensitivity]
        for graph in graphs:
            if graph is not None and graph not in list(Sensitivity):
                raise MappingError(
                    f"{self.where}: the graph {graph!r} is not public, restricted or confidential."
                )
            levels.extend([Sensitivity(graph)] if graph else [])
        for name in columns:
            listed = self.table.columns.values() if name == KEPT else [self.table.columns[name]]
            levels.extend(column.sensitivity for column in listed if column.sensitivity is not None)
        return max(levels, key=lambda level: level.rank)
