"""Draw what follows from the statements of one dataset into a graph of its own, by the rules of the ontology.

The rules are SPARQL updates in ``ontology/rules/``. They read the merge of the dataset's graphs and write into
:data:`INFERRED` alone, which stays out of that merge: a query sees it only where it names it. A public store
infers from public statements only, because it holds no others.

They are worked out in memory, from what they speak of and nothing else: updates of a store on disk took three times
as long. Of places most lie in others while nothing lies in them, such as mine sites. What follows of these is worked
out some at a time, so that memory does not grow with them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import polars as pl
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store

from asmgraph import resources
from asmgraph.store import ntriples, runs
from asmgraph.store.guard import BASE, INFERRED

PLACES = frozenset({"within", "contains"})
"""The terms of the rules of which :func:`drawn_by_place` holds."""
AT_A_TIME = 20_000
"""Statements of places in which nothing lies that are worked out together."""
_NAMES = re.compile(r"\basm:(\w+)")
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_DCTERMS = "http://purl.org/dc/terms/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_PROV = "http://www.w3.org/ns/prov#"
_TERMS = BASE + "ontology#"
_BLOCK_BYTES = 16 * 2**20


def digest() -> str:
    """Return the SHA-256 over the rules."""
    return hashlib.sha256("\n".join(resources.rules().values()).encode()).hexdigest()


def describe(store: Store, sources: list[str], count: int, *, public: bool, at: dt.datetime) -> int:
    """Let the graph of what follows say where it comes from.

    Parameters
    ----------
    sources
        The graphs from which it follows, by IRI.
    count
        How many statements :func:`draw` has found.
    public
        Whether all of them are public; what follows is else confidential.
    at
        When, with zone.

    Returns
    -------
    int
        How many statements the graph holds; 0 where nothing follows, and there is no graph.
    """
    graph = NamedNode(INFERRED)
    level = "public" if public else "confidential"
    if not count:
        return 0
    said: list[tuple[str, NamedNode | Literal]] = [
        (_TYPE, NamedNode(_PROV + "Entity")),
        (_DCTERMS + "title", Literal("What follows from the statements of all sources", language="en")),
        *((_DCTERMS + "license", licence) for licence in _licences(store, sources)),
        (_PROV + "generatedAtTime", Literal(at.isoformat(), datatype=NamedNode(_XSD + "dateTime"))),
        (BASE + "ontology#sensitivity", NamedNode(f"{BASE}vocab/sensitivity/{level}")),
        *((_PROV + "wasDerivedFrom", NamedNode(source)) for source in sources),
    ]
    store.extend(Quad(graph, NamedNode(predicate), value, graph) for predicate, value in said)
    return count + len(said)


def draw(files: Sequence[Path], target: Path) -> int:
    """Write what follows from the statements of all files, as N-Triples for :data:`INFERRED`; return how many."""
    places = [rule for rule in resources.rules().values() if _named(rule) <= PLACES]
    others = [rule for rule in resources.rules().values() if not _named(rule) <= PLACES]
    count = 0
    with target.open("wb") as drawn:
        for lines in (
            *([follow(others, _stated(files, others))] if others else ()),
            *drawn_by_place(places, _stated(files, places), AT_A_TIME),
        ):
            count += drawn.write(lines) and lines.count(b"\n")
    return count


def speaks(file: Path) -> bool:
    """Say whether a file of N-Triples names a term of the rules: if not, nothing follows from it."""
    names = sorted({name for rule in resources.rules().values() for name in _named(rule)})
    term = re.compile(f"<{re.escape(_TERMS)}(?:{'|'.join(names)})>".encode())
    with file.open("rb") as content:
        while block := content.read(_BLOCK_BYTES):
            if term.search(block + content.readline()):
                return True
    return False


def follow(rules: Sequence[str], lines: bytes) -> bytes:
    """Return what rules draw from N-Triples lines, as N-Triples lines, each once."""
    read_in = Store()
    read_in.bulk_load(lines, format=RdfFormat.N_TRIPLES)
    for rule in rules:
        read_in.update(rule)
    return read_in.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(INFERRED)) or b""


def drawn_by_place(rules: Sequence[str], lines: bytes, at_a_time: int) -> Iterator[bytes]:
    """Yield what rules about :data:`PLACES` draw, a part of the places at a time.

    A place in which nothing lies is on no way from another to a third: what follows of it follows from its own
    statements and those of places in which something lies, and nothing of others follows from it.

    Parameters
    ----------
    lines
        All statements of :data:`PLACES`, as N-Triples.
    at_a_time
        How many statements of places in which nothing lies are taken together, at least.
    """
    within, trunk, larger = f"<{_TERMS}within>".encode(), list[bytes](), set[bytes]()
    inner = list[tuple[bytes, bytes]]()
    for line in lines.splitlines(keepends=True):
        subject, predicate, rest = line.split(b" ", 2)
        larger.add(rest.removesuffix(b" .\n"))
        if predicate == within:
            inner.append((subject, line))
        else:
            larger.add(subject)
            trunk.append(line)
    trunk += [line for subject, line in inner if subject in larger]
    ends = sorted(one for one in inner if one[0] not in larger)
    known = follow(rules, b"".join(trunk))
    yield known
    of_the_trunk = set(known.splitlines(keepends=True))
    begin, step = 0, max(at_a_time, len(trunk))
    while begin < len(ends):
        end = min(begin + step, len(ends))
        while end < len(ends) and ends[end][0] == ends[end - 1][0]:
            end += 1
        drawn = follow(rules, b"".join([*trunk, *(line for _, line in ends[begin:end])]))
        yield b"".join(line for line in drawn.splitlines(keepends=True) if line not in of_the_trunk)
        begin = end


@cache
def _named(rule: str) -> frozenset[str]:
    """Return the names of the ontology's terms of which a rule speaks."""
    return frozenset(_NAMES.findall(rule))


def _stated(files: Sequence[Path], rules: Sequence[str]) -> bytes:
    """Return the statements of files of which rules speak, as N-Triples, each once."""
    terms = [f"<{_TERMS}{name}>" for name in sorted({name for rule in rules for name in _named(rule)})]
    kind = (pl.col("predicate") == f"<{_TYPE}>") & pl.col("object").is_in(terms)
    found = [
        ntriples.split(pl.scan_lines(file, name="line"))
        .filter(pl.col("predicate").is_in(terms) | kind)
        .select("line")
        .collect(engine="streaming")["line"]
        for file in files
        if file.stat().st_size
    ]
    return runs.text(runs.merged(found, sort=True))


def _licences(store: Store, sources: list[str]) -> list[NamedNode | Literal]:
    """Return the licences of the sources: what follows from them is under each."""
    found = {
        quad.object
        for source in sources
        for quad in store.quads_for_pattern(
            NamedNode(source), NamedNode(_DCTERMS + "license"), None, DefaultGraph()
        )
    }
    return sorted((one for one in found if isinstance(one, NamedNode | Literal)), key=str)
