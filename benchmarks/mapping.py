"""Rows to N-Triples: our compiled mapping against the same statements made with rdflib, on growing tables.

Run: .venv/bin/python -m benchmarks.mapping [rows ...]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl
from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef

from asmgraph.descriptions import Source
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.records import ID, ROW, VOCAB, Batch
from asmgraph.terms import ASM

ROUNDS = 3
SOURCE = Source.model_validate(
    {
        "name": "bench", "title": "t", "publisher": "p", "licence": "CC0-1.0", "url": "https://example.org/",
        "format": "csv", "sensitivity": "public",
        "tables": {"visits": {"columns": {"id": {}, "name": {}, "date": {}, "workers": {}, "mineral": {}}}},
        "lookups": {"mineral": {"Or": "mineral/gold", "Coltan": "mineral/coltan"}},
    }
)  # fmt: skip
MAPPING = yarrrml.parse(
    {
        "prefixes": {
            "asm": str(ASM), "id": ID, "rdfs": str(RDFS), "asmfn": "https://w3id.org/asmgraph/function#",
        },
        "sources": {"visits": {}},
        "mappings": {
            "visit": {
                "sources": "visits",
                "subjects": "id:visit/$(id)",
                "predicateobjects": [
                    ["a", "asm:SiteVisit"],
                    ["rdfs:label", "$(name)"],
                    ["asm:date", "$(date)", "xsd:date"],
                    ["asm:workers", "$(workers)", "xsd:integer"],
                    ["asm:mineral", "asmfn:lookup(asmfn:table=mineral, asmfn:value=$(mineral))"],
                    ["asm:site", "id:site/$(id)~iri"],
                ],
            }
        },
    }
)  # fmt: skip


def table(rows: int) -> pl.DataFrame:
    numbers = pl.int_range(1, rows + 1, eager=True)
    text = numbers.cast(pl.String)
    return pl.DataFrame(
        {
            ROW: numbers,
            "id": text,
            "name": "Site n° " + text,
            "date": pl.Series(["2015-03-01"]).extend_constant("2016-04-02", rows - 1),
            "workers": (numbers % 500).cast(pl.String),
            "mineral": pl.Series(["Or", "Coltan"])[(numbers % 2).to_list()],
        }
    )


def ours(frame: pl.DataFrame, target: Path) -> int:
    rules = compiler.compile_rules(MAPPING, SOURCE)
    count = 0
    with target.open("w", encoding="utf-8") as file:
        for part in runner.run(rules, [Batch("visits", frame)]):
            count += len(part.lines)
            file.writelines(f"{line}\n" for line in part.lines)
    return count


def peer(frame: pl.DataFrame, target: Path) -> int:
    graph = Graph()
    lookup = {value: URIRef(VOCAB + name) for value, name in SOURCE.lookups["mineral"].items()}
    for row in frame.iter_rows(named=True):
        visit = URIRef(f"{ID}visit/{row['id']}")
        graph.add((visit, RDF.type, ASM.SiteVisit))
        graph.add((visit, RDFS.label, Literal(row["name"])))
        graph.add((visit, ASM.date, Literal(row["date"], datatype=XSD.date)))
        graph.add((visit, ASM.workers, Literal(row["workers"], datatype=XSD.integer)))
        graph.add((visit, ASM.mineral, lookup[row["mineral"]]))
        graph.add((visit, ASM.site, URIRef(f"{ID}site/{row['id']}")))
    graph.serialize(target, format="nt", encoding="utf-8")
    return len(graph)


def cpu_s(work: Callable[[], int]) -> tuple[float, int]:
    before = time.process_time()
    made = work()
    return time.process_time() - before, made


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [1_000, 10_000, 50_000]
    print(f"{'rows':>8} {'triples':>8} {'ours CPU s':>11} {'rdflib CPU s':>13} {'ratio':>7}")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.nt"
        for rows in sizes:
            frame = table(rows)
            ours(frame, target)
            times: dict[str, list[float]] = {"ours": [], "peer": []}
            for _ in range(ROUNDS):
                mine, made = cpu_s(partial(ours, frame, target))
                theirs, same = cpu_s(partial(peer, frame, target))
                assert made == same
                times["ours"].append(mine)
                times["peer"].append(theirs)
            a, b = (statistics.median(times[name]) for name in ("ours", "peer"))
            print(f"{rows:>8,} {made:>8,} {a:>11.3f} {b:>13.3f} {b / a:>6.1f}x")


if __name__ == "__main__":
    main()
