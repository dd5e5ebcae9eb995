"""Whether shapes judge a thing by its own statements and by the classes of what it points at, and by nothing else.

Only then is it enough to validate again what changed and what points at it (:mod:`asmgraph.validation.incremental`).
What is not known here counts as looking further: then everything is validated, which is slower and never wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import DCTERMS, RDF, SH, Graph, URIRef, Variable
from rdflib.collection import Collection
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from asmgraph.terms import ASM

_LISTS = (SH["or"], SH["and"], SH.xone)
_NOTES = {
    *(RDF.type, SH.message, SH.severity, SH.name, SH.description, SH.order, SH.group, SH.deactivated),
    *(DCTERMS.title, DCTERMS.license, ASM.translationStatus),
}
"""What says nothing of which things hold."""
_OF_A_VALUE = {
    *_NOTES,
    *(SH["not"], *_LISTS),
    *(SH.nodeKind, SH.datatype, SH["class"], SH["in"], SH.hasValue, SH.pattern, SH.flags, SH.languageIn),
    *(SH.minLength, SH.maxLength, SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive),
}
"""What may be asked of a thing that is pointed at: its term and its classes, not its statements."""
_OF_A_PATH = {
    *_OF_A_VALUE,
    *(SH.path, SH.targetClass, SH.targetSubjectsOf, SH.minCount, SH.maxCount, SH.uniqueLang, SH.sparql),
    *(SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals),
}
"""What may be asked of the values of a thing together, or be held against its other values."""
_OF_A_THING = {*_OF_A_PATH, SH.property, SH.closed, SH.ignoredProperties}
"""What may be asked of the thing itself."""
_KNOWN = {
    *_OF_A_THING,
    *(RDF.first, RDF.rest, SH.alternativePath, SH.zeroOrOnePath, SH.select),
}
"""What may stand among shapes at all; what a path or a query says is looked at."""
_PATTERNS = {"SelectQuery", "Project", "Distinct", "Filter", "BGP"}
_UNSTEADY = {f"Builtin_{name}" for name in ("NOW", "RAND", "UUID", "STRUUID", "BNODE")}
"""Functions that do not give the same for the same statements."""
_THIS = Variable("this")


def is_local(shapes: Graph) -> bool:
    """Say whether the shapes judge a thing by its own statements and the classes of what it points at alone."""
    on_paths = set(shapes.subjects(SH.path))
    return (
        set(shapes.predicates()) <= _KNOWN
        and all(_is_one_step(shapes, path) for path in shapes.objects(None, SH.path))
        and all(set(shapes.predicates(shape)) <= _OF_A_PATH for shape in on_paths)
        and all(
            set(shapes.predicates(inner)) <= _OF_A_VALUE
            for shape in on_paths
            for inner in _inside(shapes, shape)
        )
        and all(asks_of_this(str(query)) for query in shapes.objects(None, SH.select))
    )


def asks_of_this(query: str) -> bool:
    """Say whether a query of a SPARQL constraint asks for nothing but statements of the thing that is judged.

    Examples
    --------
    >>> asks_of_this("SELECT $this ?value WHERE { $this $PATH ?value . FILTER (?value > 1) }")
    True
    >>> asks_of_this("SELECT $this WHERE { $this ^<urn:p> ?other }")
    False
    """
    try:
        found = prepareQuery(query.replace("$PATH", "<urn:path>")).algebra
    except Exception:
        return False
    return _asks_of_this(found)


def _asks_of_this(part: object) -> bool:
    """Say so of a part of a query: a pattern, an expression, or a list of them."""
    if isinstance(part, list | tuple):
        return all(_asks_of_this(one) for one in part)
    if not isinstance(part, CompValue):
        return True
    if part.name == "BGP":
        return all(
            thing == _THIS and isinstance(predicate, URIRef | Variable)
            for thing, predicate, _ in part.triples
        )
    if part.name not in _PATTERNS and not _is_expression(part):
        return False
    return all(_asks_of_this(value) for key, value in part.items() if key != "_vars")


def _is_expression(part: CompValue) -> bool:
    """Say whether a part computes with values alone; EXISTS has a pattern in it."""
    known = part.name.endswith("Expression") or part.name.startswith(("Builtin_", "Unary"))
    return known and part.name not in _UNSTEADY and "graph" not in part


def _is_one_step(shapes: Graph, path: Node) -> bool:
    """Say whether a path leads no further than to what the thing itself points at."""
    if isinstance(path, URIRef):
        return True
    if (several := shapes.value(path, SH.alternativePath)) is not None:
        return all(_is_one_step(shapes, one) for one in Collection(shapes, several))
    perhaps = shapes.value(path, SH.zeroOrOnePath)
    return perhaps is not None and _is_one_step(shapes, perhaps)


def _inside(shapes: Graph, shape: Node) -> Iterator[Node]:
    """Yield the shapes that a shape's logic holds its values to, and those inside them."""
    lists = (head for logic in _LISTS for head in shapes.objects(shape, logic))
    inner = [*shapes.objects(shape, SH["not"]), *(one for head in lists for one in Collection(shapes, head))]
    for one in inner:
        yield one
        yield from _inside(shapes, one)
