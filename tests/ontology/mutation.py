"""Mutants of the shapes: take one thing out of them, and see whether an example notices.

A constraint that no example notices might as well not be there. A mutant lacks one statement of the shapes: a
parameter of a constraint, a link from a node shape to a property shape, a target, a severity; or one member of a list.
It is killed if with it some example holds that must not, fails for something else, or fails that must hold.

``python -m tests.ontology.mutation`` prints how many mutants there are, how many are killed, and which survive.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.term import Node

from asmgraph.ontology import examples, files
from asmgraph.ontology.examples import Example, Objection

Triple = tuple[Node, Node, Node]
Part = tuple[Node, Node]
"""A node shape and one of its property shapes, or twice the node shape, for the constraints of its own."""
Said = tuple[str, Objection]
"""An example and what is said of it."""

KEPT = {
    SH.path, SH.message, SH.name, SH.description, SH.order, SH.group, SH.select, SH.ask, SH.prefixes,
    SH.alternativePath, SH.inversePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath,
}  # fmt: skip
"""What constrains nothing, or without which a shape cannot be read at all; members of lists are still taken out."""


@dataclass(frozen=True)
class Mutant:
    """A name that says what was taken out of which shape, and the shapes of some parts without it."""

    name: str
    parts: frozenset[Part]
    shapes: Graph
    other_path: bool


@dataclass(frozen=True)
class Outcome:
    """How many mutants there are, and which no example noticed."""

    mutants: int
    survivors: tuple[str, ...]


def run(shapes: Graph, shown: Iterable[Example]) -> Outcome:
    """Make every mutant of the shapes and validate the examples with it."""
    data, owners = examples.together(shown)
    parts = dict(split(shapes))

    def said(some: Graph) -> set[Said]:
        found = examples.results(data, some)
        return {(owners.get(focus, examples.AROUND), objection) for focus, objection in found}

    whole = {part: said(graph(triples)) for part, triples in parts.items()}
    givers = Counter(chain.from_iterable(whole.values()))
    made = list(mutants(shapes, parts))
    survivors = []
    for mutant in made:
        before = Counter(chain.from_iterable(whole[part] for part in mutant.parts))
        after = said(mutant.shapes)
        if mutant.other_path:  # which has another name; what counts is of which examples something is said
            spoken, silent = {name for name, _ in after}, {name for name, _ in before}
            after = {one for one in before if one[0] in spoken} | {
                one for one in after if one[0] not in silent
            }
        # What another part says too is said with or without this one.
        if not any(givers[one] == before[one] for one in set(before) ^ after):
            survivors.append(mutant.name)
    return Outcome(len(made), tuple(sorted(survivors)))


def split(shapes: Graph) -> Iterator[tuple[Part, frozenset[Triple]]]:
    """Yield each part of the shapes with its statements: what validates alone as it does among the others."""
    for shape in set(shapes.subjects(RDF.type, SH.NodeShape)):
        own = list(shapes.predicate_objects(shape))
        head = {(shape, p, o) for p, o in own if p in files.TARGETS or p == RDF.type}
        for rule in shapes.objects(shape, SH.property):
            yield (shape, rule), frozenset(head | {(shape, SH.property, rule)} | reach(shapes, rule))
        rest = {(shape, p, o) for p, o in own if p != SH.property}
        if rest != head:
            below = (reach(shapes, o) for p, o in own if p != SH.property and p not in files.TARGETS)
            yield (shape, shape), frozenset(rest.union(*below))


def reach(shapes: Graph, start: Node) -> set[Triple]:
    """Return all statements on a node of the shapes, and on those it leads to."""
    found: set[Triple] = set()
    waiting = [start]
    while waiting:
        for triple in shapes.triples((waiting.pop(), None, None)):
            if triple not in found:
                found.add(triple)
                waiting.append(triple[2])
    return found


def mutants(shapes: Graph, parts: dict[Part, frozenset[Triple]]) -> Iterator[Mutant]:
    """Yield the mutants; each holds only the parts that it concerns."""
    holders: dict[Triple, set[Part]] = {}
    for part, triples in parts.items():
        for triple in triples:
            holders.setdefault(triple, set()).add(part)
    for triple, concerned in holders.items():
        subject, predicate, _ = triple
        whole = graph(chain.from_iterable(parts[part] for part in concerned))
        if str(predicate).startswith(str(SH)) and predicate not in KEPT:
            whole.remove(triple)
        elif predicate != RDF.first or not shortened(whole, subject):
            continue
        name = named(shapes, triple)
        yield Mutant(name, frozenset(concerned), whole, f"sh:{files.local(SH.alternativePath)}" in name)


def shortened(shapes: Graph, cell: Node) -> bool:
    """Take one member out of a list; return whether another is left."""
    rest = shapes.value(cell, RDF.rest)
    ((before, link),) = shapes.subject_predicates(cell)
    assert rest is not None
    if rest == RDF.nil and link != RDF.rest:
        return False
    shapes.remove((cell, None, None))
    shapes.remove((before, link, cell))
    shapes.add((before, link, rest))
    for path, first in shapes.subject_objects(SH.alternativePath):
        if shapes.value(first, RDF.rest) == RDF.nil:  # a choice of one path is none
            for rule in list(shapes.subjects(SH.path, path)):
                shapes.remove((rule, SH.path, path))
                for only in shapes.objects(first, RDF.first):
                    shapes.add((rule, SH.path, only))
    return True


def named(shapes: Graph, triple: Triple) -> str:
    """Name what is taken out: the shape, the way down to it, and the value."""
    subject, predicate, value = triple
    way = [] if predicate == RDF.first else [predicate]
    while isinstance(subject, BNode):
        ((subject, link),) = shapes.subject_predicates(subject)
        way += [] if link in (RDF.rest, RDF.first) else [link]
    last = [shapes.value(value, SH.path), *shapes.objects(value)] if isinstance(value, BNode) else [value]
    text = " ".join(
        written(node) for node in dict.fromkeys(last) if node is not None and not isinstance(node, BNode)
    )
    return " ".join(
        [files.local(subject), *(f"sh:{files.local(link)}" for link in reversed(way)), text]
    ).strip()


def written(node: Node) -> str:
    """Return a value as a reader knows it, long texts cut."""
    return files.local(node) if isinstance(node, URIRef) else str(node).strip().partition("\n")[0]


def graph(triples: Iterable[Triple]) -> Graph:
    """Return the statements as a graph."""
    made = Graph()
    for triple in triples:
        made.add(triple)
    return made


def main() -> None:
    """Print the share of mutants that are killed, and the survivors."""
    started = time.monotonic()
    done = run(files.shapes(), examples.all_of_them())
    for survivor in done.survivors:
        print(survivor)
    killed = done.mutants - len(done.survivors)
    print(f"{killed} of {done.mutants} mutants are killed, in {time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    main()
