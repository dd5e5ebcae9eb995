"""Clear the things that plainly break no shape, column by column, so that the validator sees only the others.

Enters: sorted N-Triples lines of whole subjects, and the classes of what they point at. Leaves: for each line whether
its subject is *suspect*: whether the validator has to look at it. The sieve itself never finds fault: a thing is
cleared only where every constraint that may bear on it is known here and certainly holds; whatever is not known here,
or not certain, makes it suspect. So what is reported is what the validator reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from asmgraph.store import ntriples
from asmgraph.validation import values
from asmgraph.validation.values import Test

Mask = npt.NDArray[np.bool_]
Types = Callable[[pl.Series], pl.DataFrame]
"""Gives the classes, columns ``thing`` and ``kind`` (IRIs), of the things asked for, IRIs too."""
_SILENT = {
    *(
        RDF.type,
        RDFS.label,
        RDFS.comment,
        SH.path,
        SH.message,
        SH.severity,
        SH.name,
        SH.description,
        SH.order,
    ),
    *(SH.property, SH.targetClass, SH.targetSubjectsOf),
}
_TARGETS = {SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode, SH.target}
_COUNTS = {SH.minCount, SH.maxCount, SH.uniqueLang}
_PAIRS = {SH.lessThan, SH.lessThanOrEquals, SH.disjoint}
_LOGIC: dict[Node, Callable[[Sequence[Test]], Test]] = {
    SH["or"]: values.either,
    SH["and"]: values.every,
    SH["not"]: values.inverse,
}
_ON_VALUES = {*values.SIMPLE, *_LOGIC, SH["class"], SH["in"]}
_NEEDS_MORE = {SH.property, SH.hasValue}


class Chunk:
    """Statements column by column; subjects are numbered as they stand, from 0."""

    def __init__(self, lines: pl.Series, types: Types) -> None:
        frame = ntriples.terms(lines)
        self.frame = frame.with_columns(number=frame["subject"].rle_id())
        self.size = int(self.frame["number"][-1]) + 1 if len(lines) else 0
        self._types = types
        self._by_predicate = {
            key[0][1:-1]: rows for key, rows in self.frame.partition_by("predicate", as_dict=True).items()
        }
        self._members: dict[frozenset[str], pl.Series] = {}

    def rows(self, predicates: Iterable[str]) -> pl.DataFrame:
        """Return the statements of any of the predicates."""
        found = [self._by_predicate[one] for one in predicates if one in self._by_predicate]
        return pl.concat(found) if found else self.frame.clear()

    def counts(self, rows: pl.DataFrame) -> npt.NDArray[np.int64]:
        """Return how many of the rows each subject has."""
        return np.bincount(rows["number"].to_numpy(), minlength=self.size)

    def having(self, rows: pl.DataFrame) -> Mask:
        """Return which subjects have one of the rows."""
        return self.counts(rows) > 0

    def members(self, kinds: frozenset[str]) -> pl.Series:
        """Return the things, as terms, of which a class is one of ``kinds``: those that are stated or pointed at."""
        if kinds not in self._members:
            found = self._kinds.filter(pl.col("kind").is_in(list(kinds)))["thing"].unique()
            self._members[kinds] = "<" + found + ">"
        return self._members[kinds]

    @cached_property
    def _kinds(self) -> pl.DataFrame:
        pointed_at = self.frame["object"].unique()
        pointed_at = pointed_at.filter(pointed_at.str.starts_with("<")).str.strip_chars("<>")
        stated = self.rows([str(RDF.type)]).select(
            thing=pl.col("subject").str.strip_chars("<>"), kind=pl.col("object").str.strip_chars("<>")
        )
        return pl.concat([stated, self._types(pointed_at)])


class Sieve:
    """The shapes, read once, and the ``rdfs:subClassOf`` statements between classes."""

    def __init__(self, shapes: Graph, hierarchy: Graph) -> None:
        self._shapes = shapes
        self._below = _below(hierarchy)
        self._classes = {f"<{child}> <{parent}>" for child, _, parent in hierarchy}
        targets = {node for target in _TARGETS for node in shapes.subjects(target)}
        self._nodes = sorted(targets, key=str)
        # A target that is not one of the two that are known here may be any thing; so may a class that is a shape.
        strange = _TARGETS - {SH.targetClass, SH.targetSubjectsOf}
        self._helpless = any((None, target, None) in shapes for target in strange) or any(
            (shape, RDF.type, RDFS.Class) in shapes for shape in shapes.subjects(RDF.type, SH.NodeShape)
        )

    def suspects(self, lines: pl.Series, types: Types) -> pl.Series:
        """Return for each of the sorted lines whether the validator has to look at its subject."""
        chunk = Chunk(lines, types)
        found = np.zeros(chunk.size, dtype=np.bool_)
        if self._helpless or self._redefines(chunk):
            found[:] = True
        done: dict[Node, Mask] = {}
        for node in self._nodes:
            if (focus := self._focus(chunk, node)).any():
                found |= focus & ~self._node(chunk, node, done)
        return pl.Series(found[chunk.frame["number"].to_numpy()])

    def kinds(self, kind: Node) -> frozenset[str]:
        """Return a class and all below it."""
        return self._below.get(str(kind), frozenset({str(kind)}))

    def _redefines(self, chunk: Chunk) -> bool:
        """Say whether the statements themselves put a class below another: then no class here is certain."""
        rows = chunk.rows([str(RDFS.subClassOf)])
        return (
            not {f"{child} {parent}" for child, parent in rows.select("subject", "object").iter_rows()}
            <= self._classes
        )

    def _focus(self, chunk: Chunk, node: Node) -> Mask:
        wanted = [self.kinds(kind) for kind in self._shapes.objects(node, SH.targetClass)]
        typed = chunk.rows([str(RDF.type)])
        of_kind = typed.filter(pl.col("object").is_in([f"<{one}>" for kinds in wanted for one in kinds]))
        with_one = chunk.rows(str(one) for one in self._shapes.objects(node, SH.targetSubjectsOf))
        return chunk.having(of_kind) | chunk.having(with_one)

    def _node(self, chunk: Chunk, node: Node, done: dict[Node, Mask]) -> Mask:
        """Return which subjects certainly conform to a node shape."""
        if node in done:
            return done[node]
        holds = self._holds_logic(chunk, node)
        for shape in self._shapes.objects(node, SH.property):
            if shape not in done:
                done[shape] = self._property(chunk, shape)[0]
            holds &= done[shape]
        done[node] = holds
        return holds

    def _holds_logic(self, chunk: Chunk, node: Node) -> Mask:
        """Return which subjects certainly conform to what a node shape itself says, beside its properties."""
        holds = np.ones(chunk.size, dtype=np.bool_)
        for predicate, value in self._shapes.predicate_objects(node):
            if predicate == SH["or"]:
                holds &= np.logical_or.reduce([self._either(chunk, one)[0] for one in self._listed(value)])
            elif predicate == SH["and"]:
                holds &= np.logical_and.reduce([self._either(chunk, one)[0] for one in self._listed(value)])
            elif predicate == SH["not"]:
                holds &= self._either(chunk, value)[1]
            elif predicate not in _SILENT:
                holds[:] = False
        return holds

    def _either(self, chunk: Chunk, shape: Node) -> tuple[Mask, Mask]:
        """Return which subjects certainly conform to a shape inside another, and which certainly do not."""
        if self._shapes.value(shape, SH.path) is not None:
            return self._property(chunk, shape)
        if set(self._shapes.predicates(shape)) == {SH["not"]} and len(list(self._shapes.objects(shape))) == 1:
            holds, fails = self._either(chunk, next(self._shapes.objects(shape)))
            return fails, holds
        nothing = np.zeros(chunk.size, dtype=np.bool_)
        return nothing, nothing.copy()

    def _property(self, chunk: Chunk, shape: Node) -> tuple[Mask, Mask]:
        """Return which subjects certainly conform to a property shape, and which certainly do not."""
        holds, fails = np.ones(chunk.size, dtype=np.bool_), np.zeros(chunk.size, dtype=np.bool_)
        path = self._shapes.value(shape, SH.path)
        predicates = self._predicates(path)
        if predicates is None:
            return self._itself(chunk, shape, path)
        rows = chunk.rows(predicates)
        counts = chunk.counts(rows)
        for predicate, value in self._shapes.predicate_objects(shape):
            if predicate == SH.minCount:
                least = int(str(value))
                # Two texts may be one value, and two predicates may say the same.
                distinct = counts if least < 2 else chunk.counts(_certainly_distinct(rows, predicates))
                holds &= distinct >= least
                fails |= counts < least
            elif predicate == SH.maxCount:
                holds &= counts <= int(str(value))
                fails |= (counts > 0) if int(str(value)) == 0 else False
            elif predicate == SH.uniqueLang:
                holds &= ~chunk.having(_same_language(rows))
            elif predicate in _PAIRS:
                holds &= ~((counts > 0) & chunk.having(chunk.rows([str(value)])))
            elif predicate == SH.equals:
                holds &= ~((counts > 0) | chunk.having(chunk.rows([str(value)])))
            elif predicate == SH.sparql:
                holds &= self._ordered(chunk, rows, value)
            elif predicate not in _ON_VALUES | _SILENT or predicate in _NEEDS_MORE:
                holds[:] = False
        if len(rows):
            sure, never = self._value(shape)(rows["object"], chunk.members)
            numbers = rows["number"].to_numpy()
            holds[numbers[~sure.to_numpy()]] = False
            fails[numbers[never.to_numpy()]] = True
        return holds, fails

    def _itself(self, chunk: Chunk, shape: Node, path: Node | None) -> tuple[Mask, Mask]:
        """Judge the one rule on a longer path that is known: the thing is among its own values of a predicate."""
        nothing = np.zeros(chunk.size, dtype=np.bool_)
        of = self._shapes.value(path, SH.zeroOrOnePath)
        rules = {pair for pair in self._shapes.predicate_objects(shape) if pair[0] not in _SILENT}
        if not isinstance(of, URIRef) or rules != {(SH.equals, of)}:
            return nothing, nothing.copy()
        rows = chunk.rows([str(of)])
        among = chunk.having(rows.filter(pl.col("subject") == pl.col("object")))
        return among, ~among

    def _ordered(self, chunk: Chunk, rows: pl.DataFrame, rule: Node) -> Mask:
        """Return which subjects certainly pass a SPARQL constraint: those with one date of each, in order."""
        query = " ".join(str(self._shapes.value(rule, SH.select) or "").split())
        first = values.DATE_ORDER.match(query)
        if first is None:
            return np.zeros(chunk.size, dtype=np.bool_)
        starts = chunk.rows([first.group(1)])
        pairs = rows.select("number", end=values.lexical(rows["object"])).join(
            starts.select("number", start=values.lexical(starts["object"])), on="number"
        )
        end, start = pl.col("end"), pl.col("start")
        in_order = end.str.slice(0, start.str.len_chars()) >= start.str.slice(0, end.str.len_chars())
        return ~chunk.having(pairs.filter(~in_order.fill_null(False)))

    def _value(self, shape: Node) -> Test:
        """Return the test that all constraints on single values make."""
        on_path = self._shapes.value(shape, SH.path) is not None
        tests = []
        for predicate, value in self._shapes.predicate_objects(shape):
            if predicate in _LOGIC:
                inner = [value] if predicate == SH["not"] else self._listed(value)
                tests.append(_LOGIC[predicate]([self._inner(one) for one in inner]))
            elif predicate == SH["class"]:
                tests.append(values.of_class(self.kinds(value)))
            elif predicate == SH["in"]:
                tests.append(values.one_of(self._listed(value)))
            elif predicate == SH.hasValue and not on_path:
                tests.append(values.one_of([value]))
            elif predicate in values.SIMPLE:
                flags = (shape, SH.flags, None) in self._shapes
                tests.append(values.unknown if flags else values.SIMPLE[predicate](value))
            elif not (on_path or predicate in _SILENT) or predicate in _NEEDS_MORE:
                tests.append(values.unknown)
        return values.every(tests)

    def _inner(self, shape: Node) -> Test:
        """Return the test of a shape inside another that each value is held to."""
        on_path = self._shapes.value(shape, SH.path) is not None
        return values.unknown if on_path else self._value(shape)

    def _predicates(self, path: Node | None) -> list[str] | None:
        if isinstance(path, URIRef):
            return [str(path)]
        alternatives = self._shapes.value(path, SH.alternativePath)
        listed = self._listed(alternatives) if alternatives is not None else []
        return [str(one) for one in listed] if listed and all(isinstance(o, URIRef) for o in listed) else None

    def _listed(self, head: Node) -> list[Node]:
        return list(Collection(self._shapes, head))


def _certainly_distinct(rows: pl.DataFrame, predicates: list[str]) -> pl.DataFrame:
    if len(predicates) > 1:
        rows = rows.unique(["number", "object"])
    return rows.filter(pl.col("object").str.starts_with("<"))


def _same_language(rows: pl.DataFrame) -> pl.DataFrame:
    tagged = rows.with_columns(tag=pl.col("object").str.extract(r'"@([A-Za-z0-9-]+)$').str.to_lowercase())
    tagged = tagged.drop_nulls("tag")
    return tagged.filter(tagged.select("number", "tag").is_duplicated())


def _below(hierarchy: Graph) -> dict[str, frozenset[str]]:
    """Return each class with all classes below it, itself included."""
    return {
        str(kind): frozenset(map(str, hierarchy.transitive_subjects(RDFS.subClassOf, kind)))
        for kind in set(hierarchy.objects(None, RDFS.subClassOf))
    }
