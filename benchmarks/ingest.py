"""A source from its file to both published snapshots: rows a second, seconds of processor, memory, stage by stage.

The whole line is measured in a process of its own, as a steward runs it, and its memory is that of the process and all
it starts. The peers get the same rows and the plain part of the same mapping, since neither knows the functions of
ours; they neither check nor validate nor store what they make.

Run: .venv/bin/python -m benchmarks.ingest [--visits N ...] [--activities N ...] [--morph PYTHON] [--peers N] [--slow]

``--morph`` is the Python of an environment that has morph-kgc; ``--slow`` also runs pySHACL alone, without the sieve.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
import yaml
from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from asmgraph import catalogue, descriptions, pipeline, resources, settings
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.ontology import files
from asmgraph.records import ID
from asmgraph.sources import formats
from asmgraph.store import staging
from asmgraph.terms import ASM
from asmgraph.validation import shapes, structure
from asmgraph.validation.promises import Checker
from benchmarks import generated

HUGE = 10**11
T = TypeVar("T")
PLAIN: dict[str, Any] = {
    "prefixes": {"asm": str(ASM), "id": ID, "rdfs": str(RDFS), "dcterms": str(DCTERMS), "xsd": str(XSD)},
    "mappings": {
        "site": {
            "subjects": "id:site/ipis-$(pcode)",
            "predicateobjects": [
                ["a", "asm:MineSite"],
                ["rdfs:label", "$(name)"],
                ["dcterms:identifier", "$(pcode)"],
                ["asm:adminName", "$(territoire)"],
                ["asm:adminName", "$(village)"],
            ],
        },
        "visit": {
            "subjects": "id:visit/ipis-$(vid)",
            "predicateobjects": [
                ["a", "asm:SiteVisit"],
                ["rdfs:label", "$(name) $(visit_date)"],
                ["dcterms:identifier", "$(vid)"],
                ["asm:visitedBy", "$(source)"],
                ["dcterms:isPartOf", "$(project)"],
                ["asm:date", "$(visit_date)", "xsd:date"],
                ["asm:workers", "$(workers_numb)", "xsd:integer"],
                ["asm:site", "id:site/ipis-$(pcode)~iri"],
            ],
        },
    },
}
"""The part of the mapping of the visits that needs no function."""


def processor_s() -> float:
    """Return the seconds of processor of this process and those it has waited for."""
    used = (resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


class Stages:
    """Seconds by the clock and of processor for each stage; a stream's stage is what its ``next`` takes."""

    def __init__(self) -> None:
        self.clock: dict[str, float] = {}
        self.processor: dict[str, float] = {}

    def run(self, name: str, work: Callable[[], T]) -> T:
        """Do the work and count what it took."""
        clock, processor = time.perf_counter(), processor_s()
        try:
            return work()
        finally:
            self.clock[name] = self.clock.get(name, 0.0) + time.perf_counter() - clock
            self.processor[name] = self.processor.get(name, 0.0) + processor_s() - processor

    def stream(self, name: str, items: Iterable[T], inner: str = "") -> Iterator[T]:
        """Pass items on, without what the stage ``inner`` took to make what they are made of."""
        left = iter(items)
        end = object()
        while True:
            before = (self.clock.get(inner, 0.0), self.processor.get(inner, 0.0))
            item: Any = self.run(name, lambda: next(left, end))
            self.clock[name] -= self.clock.get(inner, 0.0) - before[0]
            self.processor[name] -= self.processor.get(inner, 0.0) - before[1]
            if item is end:
                return
            yield item


def stages(home: Path, name: str, path: Path) -> dict[str, Any]:
    """Take a source through the stages one by one, and publish it."""
    chosen = settings.load(home=home, source_max_bytes=HUGE)
    pipeline.initialise(chosen)
    taken = Stages()
    given = catalogue.given(chosen, name, path, everything=True)
    rules = compiler.compile_rules(yarrrml.load(given.folder / "mapping.yml"), given.source)
    reader, checker = formats.READERS[given.source.format], Checker(given.source)
    rows = taken.stream("read", reader.read(path, given.source, everything=True))
    checked = taken.stream("check", checker.check(rows), "read")
    others = [one.types() for one in staging.all_current(home, without=name).values()]
    with staging.writing(home, name) as writer:
        # What comes before is counted when it happens: a stream's time is in the stage that asks for it.
        inner = Stages()
        for part in taken.stream("map and before", runner.run(rules, checked)):
            inner.run("sort", lambda: writer.write(part.sensitivity, part.lines))  # noqa: B023
        inner.run("sort", writer.sort)
        for spent in (taken.clock, taken.processor):
            spent["map"] = spent.pop("map and before") - spent["check"] - spent["read"]
        taken.clock |= inner.clock
        taken.processor |= inner.processor
        known = pl.concat([writer.types, *others]).unique()
        taken.run("validate", lambda: structure.validate(writer.folder, writer.parts, known))
        lines = sum(held.lines for held in writer.held.values())
    pipeline.ingest(chosen, name, path, everything=True, accept_loss=True)
    taken.run("publish", lambda: pipeline.publish(chosen))
    return {"lines": lines, "clock": taken.clock, "processor": taken.processor}


def whole(home: Path, name: str, path: Path) -> dict[str, Any]:
    """Ingest and publish, as ``asmgraph ingest`` and ``asmgraph publish`` do."""
    chosen = settings.load(home=home, source_max_bytes=HUGE)
    pipeline.initialise(chosen)
    taken = Stages()
    report = taken.run("ingest", lambda: pipeline.ingest(chosen, name, path, everything=True))
    taken.run("publish", lambda: pipeline.publish(chosen))
    return {
        "lines": sum(report.triples.values()),
        "refused": report.refused_rows,
        "warnings": len(report.warnings),
        "clock": taken.clock,
        "processor": taken.processor,
    }


def reference(home: Path, name: str, path: Path) -> dict[str, Any]:
    """Validate all statements with pySHACL alone, and with the sieve and without the accelerator."""
    chosen = settings.load(home=home, source_max_bytes=HUGE)
    pipeline.initialise(chosen)
    pipeline.ingest(chosen, name, path, everything=True)
    staged = staging.all_current(home)
    known = pl.concat([one.types() for one in staged.values()]).unique()
    lines = list(staged[name].lines())
    engine = shapes.reference(files.shapes())

    def types(things: set[str]) -> Iterable[tuple[str, str]]:
        return known.filter(pl.col("thing").is_in(list(things))).iter_rows()

    taken = Stages()
    taken.run(
        "pySHACL alone",
        lambda: list(shapes.validate(lines, files.shapes(), files.hierarchy(), types, engine=engine)),
    )
    shapes.chosen = shapes.reference
    taken.run(
        "sieve and pySHACL",
        lambda: structure.validate(staged[name].folder, staged[name].parts(), known, processes=1),
    )
    return {"lines": len(lines), "clock": taken.clock, "processor": taken.processor}


def plain(home: Path, _: str, path: Path) -> dict[str, Any]:
    """Read, check and map with the plain part of the mapping, and leave sorted N-Triples."""
    source = descriptions.load(resources.catalogue() / "ipis")
    maps = {name: {"sources": "visits", **one} for name, one in PLAIN["mappings"].items()}
    rules = compiler.compile_rules(
        yarrrml.parse({**PLAIN, "sources": {"visits": {}}, "mappings": maps}), source
    )
    taken = Stages()

    def work() -> int:
        rows = Checker(source).check(formats.READERS["csv"].read(path, source))
        with staging.writing(home, "plain") as writer:
            for part in runner.run(rules, rows):
                writer.write(part.sensitivity, part.lines)
            writer.sort()
            return sum(held.lines for held in writer.held.values())

    lines = taken.run("map", work)
    return {"lines": lines, "clock": taken.clock, "processor": taken.processor}


def loop(home: Path, _: str, path: Path) -> dict[str, Any]:
    """Make the same statements row by row with rdflib."""
    taken = Stages()
    home.mkdir(parents=True)

    def work() -> int:
        graph = Graph()
        with (path / "ipis_cod_mines.csv").open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                _add(graph, row)
        graph.serialize(home / "out.nt", format="nt", encoding="utf-8")
        return len(graph)

    lines = taken.run("map", work)
    return {"lines": lines, "clock": taken.clock, "processor": taken.processor}


def _add(graph: Graph, row: dict[str, str]) -> None:
    site, visit = URIRef(f"{ID}site/ipis-{row['pcode']}"), URIRef(f"{ID}visit/ipis-{row['vid']}")
    texts = [
        (site, RDFS.label, row["name"]),
        (site, DCTERMS.identifier, row["pcode"]),
        (site, ASM.adminName, row["territoire"]),
        (site, ASM.adminName, row["village"]),
        (visit, RDFS.label, f"{row['name']} {row['visit_date']}"),
        (visit, DCTERMS.identifier, row["vid"]),
        (visit, ASM.visitedBy, row["source"]),
        (visit, DCTERMS.isPartOf, row["project"]),
    ]
    for subject, predicate, text in texts:
        if text:
            graph.add((subject, predicate, Literal(text)))
    graph.add((site, RDF.type, ASM.MineSite))
    graph.add((visit, RDF.type, ASM.SiteVisit))
    graph.add((visit, ASM.site, site))
    graph.add((visit, ASM.date, Literal(row["visit_date"], datatype=XSD.date)))
    if row["workers_numb"]:
        graph.add((visit, ASM.workers, Literal(row["workers_numb"], datatype=XSD.integer)))


def morph(python: str, home: Path, path: Path) -> dict[str, Any]:
    """Make the same statements with morph-kgc, in its own environment."""
    home.mkdir(parents=True)
    file = path / "ipis_cod_mines.csv"
    maps = {name: {"sources": [[f"{file}~csv"]], **one} for name, one in PLAIN["mappings"].items()}
    (home / "mapping.yml").write_text(yaml.safe_dump({**PLAIN, "mappings": maps}), encoding="utf-8")
    (home / "morph.ini").write_text(
        f"[CONFIGURATION]\noutput_file={home / 'out.nt'}\nnumber_of_processes=2\n"
        f"[visits]\nmappings={home / 'mapping.yml'}\n",
        encoding="utf-8",
    )
    clock, processor = time.perf_counter(), processor_s()
    subprocess.run([python, "-m", "morph_kgc", str(home / "morph.ini")], check=True, capture_output=True)
    spent = {"clock": {"map": time.perf_counter() - clock}, "processor": {"map": processor_s() - processor}}
    with (home / "out.nt").open("rb") as lines:
        return {"lines": sum(1 for line in lines if line.strip()), **spent}


def apart(case: str, home: Path, name: str, path: Path, *more: str) -> dict[str, Any]:
    """Run a case in a process of its own; add the most memory that it and its children held at a time, in MiB."""
    command = [sys.executable, __file__, "--case", case, str(home), name, str(path), *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    held = [0.0]

    def watch() -> None:
        while process.poll() is None:
            held[0] = max(held[0], _memory_mb(process.pid))
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    said, _ = process.communicate()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{case} of {path} failed")
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return {**found, "memory_mb": held[0]}


def _memory_mb(pid: int) -> float:
    """Return the memory that a process and its children hold."""
    held = 0.0
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                held += int(line.split()[1]) / 1024
        for task in Path(f"/proc/{pid}/task").iterdir():
            held += sum(_memory_mb(int(child)) for child in (task / "children").read_text().split())
    return held


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--activities", type=int, nargs="*", default=[50_000])
    parser.add_argument(
        "--peers", type=int, default=80_000, help="visits for the peers: some 900,000 statements"
    )
    parser.add_argument("--morph", default="")
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--case", nargs="+", default=[])
    chosen = parser.parse_args()
    if chosen.case:
        case, home, name, path, *more = chosen.case
        cases = {"stages": stages, "whole": whole, "plain": plain, "loop": loop, "reference": reference}
        done = (
            morph(more[0], Path(home), Path(path))
            if case == "morph"
            else cases[case](Path(home), name, Path(path))
        )
        print(json.dumps(done))
        return
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        sizes = [("ipis", n) for n in chosen.visits] + [("iati", n) for n in chosen.activities]
        print(
            f"{'source':8}{'rows':>10}{'statements':>12}  {'case':9}{'clock s':>9}{'cpu s':>9}{'rows/s':>8}{'MiB':>7}"
        )
        for number, (name, rows) in enumerate(sizes):
            _line(base / str(number), name, rows)
        if chosen.peers:
            _peers(base, chosen.peers, chosen.morph)
        if chosen.slow:
            path = _written(base / "slow", "ipis", 20_000)
            _tell("ipis", 20_000, apart("reference", base / "slow" / "home", "ipis", path))


def _line(base: Path, name: str, rows: int) -> None:
    path = _written(base, name, rows)
    for case in ("whole", "stages"):
        _tell(name, rows, apart(case, base / case, name, path))
        shutil.rmtree(base / case)


def _written(base: Path, name: str, rows: int) -> Path:
    base.mkdir()
    if name == "iati":
        generated.write_activities(base / "activities.xml", rows)
        return base / "activities.xml"
    generated.write_visits(base / "ipis_cod_mines.csv", rows)
    return base


def _tell(name: str, rows: int, found: dict[str, Any]) -> None:
    if {"ingest", "publish"} <= found["clock"].keys():
        for spent in (found["clock"], found["processor"]):
            spent["whole"] = spent["ingest"] + spent["publish"]
    for case, clock in found["clock"].items():
        print(
            f"{name:8}{rows:>10,}{found['lines']:>12,}  {case:9}{clock:>9.1f}{found['processor'][case]:>9.1f}"
            f"{rows / clock:>8,.0f}{found['memory_mb']:>7,.0f}",
            flush=True,
        )


def _peers(base: Path, rows: int, python: str) -> None:
    path = _written(base / "peers", "ipis", rows)
    found = {"asmgraph": apart("plain", base / "plain", "ipis", path)}
    found["rdflib"] = apart("loop", base / "loop", "ipis", path)
    if python:
        found["morph-kgc"] = apart("morph", base / "morph", "ipis", path, python)
    own = found["asmgraph"]["processor"]["map"]
    print(f"\n{rows:,} visits, the plain part of the mapping, file to N-Triples")
    print(f"{'':10}{'statements':>12}{'clock s':>9}{'cpu s':>9}{'MiB':>7}{'ratio':>8}")
    for name, one in found.items():
        spent = one["processor"]["map"]
        print(
            f"{name:10}{one['lines']:>12,}{one['clock']['map']:>9.1f}{spent:>9.1f}{one['memory_mb']:>7,.0f}"
            f"{spent / own:>7.1f}x"
        )


if __name__ == "__main__":
    main()
