"""What follows from growing data: our rules in the store against the OWL 2 RL closure of owlrl.

Both end with the same containment, parts of programmes and inverses; ties, which owlrl cannot infer, are ours besides.
Run: .venv/bin/python -m benchmarks.inference [sites ...]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import NamedNode, Store
from rdflib import RDF, Graph, URIRef

from asmgraph.ontology import rules
from asmgraph.records import ASM, ID
from asmgraph.store import loading
from asmgraph.store.guard import INFERRED
from asmgraph.store.inference import draw

ROUNDS = 3
PEER_UP_TO = 4_000
"""Sites; beyond, owlrl takes minutes."""


def sector(sites: int) -> Graph:
    """Return sites in villages in provinces, and projects of three actors each in programmes: 3 triples a site."""
    graph = Graph()

    def add(kind: str, number: int, predicate: str, other: str, of: int) -> None:
        graph.add((URIRef(f"{ID}{kind}/{number}"), URIRef(ASM + predicate), URIRef(f"{ID}{other}/{of}")))

    for site in range(sites):
        add("site", site, "within", "village", site // 5)
    for village in range(sites // 5):
        add("village", village, "within", "province", village // 50)
    for province in range(sites // 250):
        add("province", province, "within", "country", province // 10)
    for number in range(sites // 2):
        participation = URIRef(f"{ID}participation/{number}")
        graph.add((participation, RDF.type, URIRef(ASM + "Participation")))
        add("participation", number, "participatesIn", "intervention", number // 3)
        add("participation", number, "participant", "actor", number % (sites // 8))
    for number in range(sites // 6):
        add("intervention", number, "programme", "programme", number // 20)
        add("result", number, "resultOf", "intervention", number)
    return graph


@contextmanager
def ours(lines: bytes) -> Iterator[Store]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = Store(f"{folder}/store")
        stated, drawn = Path(folder) / "stated.nt", Path(folder) / "drawn.nt"
        stated.write_bytes(lines)
        before = time.process_time()
        draw([stated], drawn)
        loading.load(store, [loading.Content(INFERRED, drawn, "the rules", merged=False)])
        ours_s.append(time.process_time() - before)
        yield store


def peer(graph: Graph) -> int:
    before = time.process_time()
    found = rules.by_owlrl(graph, rules.inverse_or_transitive())
    peer_s.append(time.process_time() - before)
    return len(found - rules.statements(graph, rules.inverse_or_transitive()))


ours_s: list[float] = []
peer_s: list[float] = []


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [1_000, 4_000, 40_000, 100_000]
    print(f"{'triples':>10} {'inferred':>10} {'ours CPU s':>11} {'owlrl CPU s':>12} {'ratio':>8}")
    for size in sizes:
        graph = sector(size)
        lines = graph.serialize(format="nt", encoding="utf-8")
        ours_s.clear()
        peer_s.clear()
        for _ in range(ROUNDS):
            with ours(lines) as store:
                held = Counter(
                    quad.predicate.value
                    for quad in store.quads_for_pattern(None, None, None, NamedNode(INFERRED))
                )
            if size <= PEER_UP_TO:
                assert peer(graph) == sum(held[str(one)] for one in rules.inverse_or_transitive())
        inferred = held.total()
        mine = statistics.median(ours_s)
        theirs = (
            f"{statistics.median(peer_s):>12.1f} {statistics.median(peer_s) / mine:>7.0f}x"
            if peer_s
            else f"{'-':>12}"
        )
        print(f"{len(graph):>10,} {inferred:>10,} {mine:>11.3f} {theirs}")


if __name__ == "__main__":
    main()
