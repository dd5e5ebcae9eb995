"""The examples of the shapes: whole files that hold or fail, and variants of a valid file that differ in one point.

``valid/Need.ttl`` holds. ``invalid/Need-place.ttl`` fails, or is only warned of, for what its first line says:
``# fails: place`` or ``# warns: valueDate``. ``variants/Need.tsv`` has a line for each variant of the first thing in
``valid/Need.ttl``:

========  ===================================================================================================
verdict   ``holds``, ``fails`` or ``warns``
reason    what it fails or is warned of for: the local name of the path, or of the shape where it has no path
without   the predicates of which the thing loses all values, with spaces between
with      what the thing gets: predicates and objects in Turtle, addresses relative to that of asmgraph
what      why it is so, in a few words
========  ===================================================================================================
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from pyoxigraph import parse
from rdflib import RDF, SH, SKOS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from asmgraph import resources
from asmgraph.errors import ConfigurationError
from asmgraph.ontology import files, validator
from asmgraph.ontology.validator import Data
from asmgraph.records import BASE

VERDICTS = {"fails": "Violation", "warns": "Warning"}
AROUND = "neighbours.ttl"
"""The file of the things that the examples refer to."""
COLUMNS = ["verdict", "reason", "without", "with", "what"]
_REASON = re.compile(r"# (fails|warns): (\S+)\n")
_PREFIX = re.compile(r"^@prefix ([a-z]+): <([^>]+)> \.$", re.MULTILINE)

Objection = tuple[str, str]
"""A severity, ``Violation`` or ``Warning``, and the reason: the name of a path, or of a shape without one."""


@dataclass(frozen=True)
class Example:
    """Statements, the shape they are an example of, and what must be said of them: nothing where they hold."""

    name: str
    shape: str
    expected: frozenset[Objection]
    statements: Graph


def all_of_them() -> list[Example]:
    """Return the valid and the invalid files and the variants.

    Raises
    ------
    ConfigurationError
        If a file does not say for what it fails, or a line of a variant cannot be read.
    """
    with _impossible_dates():
        return list(_read())


def _read() -> Iterator[Example]:
    for file in files.examples("valid"):
        yield Example(f"valid/{file.name}", file.stem, frozenset(), Graph().parse(file))
    for file in files.examples("invalid"):
        said = _REASON.match(file.read_text(encoding="utf-8"))
        if said is None:
            raise ConfigurationError(
                f"The invalid example {file.name} does not say for what it fails.",
                "Begin it with a line such as '# fails: place'.",
            )
        expected = frozenset({(VERDICTS[said[1]], said[2])})
        yield Example(f"invalid/{file.name}", file.stem.split("-")[0], expected, Graph().parse(file))
    for file in files.variants():
        yield from _variants(file)


@contextmanager
def _impossible_dates() -> Iterator[None]:
    """Let rdflib read without a warning what some examples hold on purpose."""
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _variants(file: Path) -> Iterator[Example]:
    valid = resources.ontology() / "examples" / "valid" / f"{file.stem}.ttl"
    whole = Graph().parse(valid)
    thing = URIRef(next(parse(path=valid)).subject.value)
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines()[1:], start=2):
        name = f"variants/{file.name}:{number}"
        try:
            line = dict(zip(COLUMNS, text.split("\t"), strict=True))
            yield Example(name, file.stem, _expected(line), _changed(whole, thing, line))
        except (KeyError, SyntaxError, ValueError) as error:
            raise ConfigurationError(
                f"{name} cannot be read: {error}", f"It has the columns {', '.join(COLUMNS)}."
            ) from error


def _expected(line: dict[str, str]) -> frozenset[Objection]:
    return (
        frozenset()
        if line["verdict"] == "holds"
        else frozenset({(VERDICTS[line["verdict"]], line["reason"])})
    )


def _changed(whole: Graph, thing: URIRef, line: dict[str, str]) -> Graph:
    """Return the statements without some predicates of the thing, and with others."""
    gone = {_expanded(name) for name in line["without"].split()}
    if absent := gone - set(whole.predicates(thing)):
        raise ValueError(f"the valid example has no {files.local(min(absent))}")
    prefixes = "".join(f"@prefix {prefix}: <{base}> .\n" for prefix, base in _prefixes().items())
    added = f"<{thing}> {line['with']} ." if line["with"] else ""
    made = Graph().parse(data=f"@base <{BASE}> .\n{prefixes}{added}", format="turtle")
    for subject, predicate, value in whole:
        if subject != thing or predicate not in gone:
            made.add((subject, predicate, value))
    return made


def _expanded(name: str) -> URIRef:
    prefix, _, rest = name.partition(":")
    return URIRef(_prefixes()[prefix] + rest)


@cache
def _prefixes() -> dict[str, str]:
    """Return the prefixes of the shapes; rdflib takes some of them for others."""
    texts = (file.read_text(encoding="utf-8") for file in files.shape_files())
    return dict(chain.from_iterable(_PREFIX.findall(text) for text in texts))


@cache
def surroundings() -> Graph:
    """Return class hierarchy, concepts and the things that the examples refer to."""
    graph = Graph().parse(resources.ontology() / "examples" / AROUND)
    for triple in files.hierarchy():
        graph.add(triple)
    for concept in files.concepts():
        graph.add((concept, RDF.type, SKOS.Concept))
    return graph


def objections(shown: Iterable[Example], shapes: Graph) -> dict[str, set[Objection]]:
    """Return what the shapes say of each example, by its name, and of :data:`AROUND`."""
    shown = list(shown)
    data, owners = together(shown)
    found: dict[str, set[Objection]] = {name: set() for name in (AROUND, *(one.name for one in shown))}
    for focus, objection in results(data, shapes):
        found[owners.get(focus, AROUND)].add(objection)
    return found


def together(shown: Iterable[Example]) -> tuple[Data, dict[Node, str]]:
    """Return one graph of the examples in their surroundings, and of which example each of its nodes is.

    Examples describe the same thing differently, so that the things of each get addresses of their own.
    """
    data, owners = Data(), dict[Node, str]()
    for triple in surroundings():
        data.add(triple)
    known = set(surroundings().subjects())
    for number, example in enumerate(shown):
        own: dict[Node, Node] = {
            node: URIRef(f"{node}/{number}") if isinstance(node, URIRef) else BNode()
            for node in set(example.statements.subjects()) - known
        }
        owners |= dict.fromkeys(own.values(), example.name)
        for subject, predicate, value in example.statements:
            data.add((own.get(subject, subject), predicate, own.get(value, value)))
    return data, owners


def results(data: Data, shapes: Graph) -> Iterator[tuple[Node, Objection]]:
    """Yield what the shapes say, with the node of which they say it."""
    report = validator.validate(data, shapes)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = report.value(result, SH.focusNode)
        assert focus is not None
        yield focus, (files.local(report.value(result, SH.resultSeverity)), _reason(report, result))


def _reason(report: Graph, result: Node) -> str:
    path = report.value(result, SH.resultPath) or report.value(result, SH.sourceShape)
    if isinstance(path, BNode):
        parts = report.value(path, SH.alternativePath)
        assert parts is not None
        return "|".join(files.local(part) for part in Collection(report, parts))
    return files.local(path)
