"""A CSV file to N-Triples: our mapping against morph-kgc, each as a process of its own, with the same YARRRML.

morph-kgc pins libraries that ours does not share, so it lives in an environment of its own, outside the project,
which this script makes at the first run (it needs the network then).

Run: .venv/bin/python -m benchmarks.mapping_morph [rows] [--environment FOLDER]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROUNDS = 3
PEER = "morph-kgc==2.10.0"
MAPPING = """
prefixes:
  asm: https://w3id.org/asmgraph/ontology#
  id: https://w3id.org/asmgraph/id/
  rdfs: http://www.w3.org/2000/01/rdf-schema#
  xsd: http://www.w3.org/2001/XMLSchema#
sources:
  visits: {source}
mappings:
  visit:
    sources: [visits]
    subjects: id:visit/$(id)
    predicateobjects:
      - [a, asm:SiteVisit]
      - [rdfs:label, $(name)]
      - [asm:date, $(date), xsd:date]
      - [asm:workers, $(workers), xsd:integer]
      - [asm:site, id:site/$(site)~iri]
      - [asm:visitedBy, $(by), fr~lang]
"""
SOURCE = """
name: bench
title: Bench
publisher: Nobody
licence: CC0-1.0
url: https://example.org/
format: csv
sensitivity: public
tables:
  visits:
    file: visits.csv
    columns: {id: {}, name: {}, date: {}, workers: {}, site: {}, by: {}}
"""
CONFIGURATION = """
[CONFIGURATION]
output_file: {folder}/peer.nt
output_format: N-TRIPLES
logging_level: ERROR
[bench]
mappings: {folder}/peer.yml
"""
OURS = """
import sys
from pathlib import Path
from asmgraph import descriptions
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.sources import csv
folder = Path(sys.argv[1])
source = descriptions.load(folder)
rules = compiler.compile_rules(yarrrml.load(folder / "mapping.yml"), source)
with (folder / "ours.nt").open("w", encoding="utf-8", newline="") as file:
    for part in runner.run(rules, csv.read(folder / "visits.csv", source)):
        part.lines.to_frame().write_csv(file, include_header=False, quote_style="never")
"""


def environment(folder: Path) -> Path:
    """Return the peer's Python, made if it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"Making {folder} with {PEER} ...", file=sys.stderr)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True)
    return python


def write(folder: Path, rows: int) -> None:
    """Write the table, both mappings and what else the two need."""
    with (folder / "visits.csv").open("w", encoding="utf-8") as file:
        file.write("id,name,date,workers,site,by\n")
        for row in range(rows):
            file.write(
                f"{row},Site n° {row},2015-{row % 12 + 1:02}-03,{row % 500},s{row // 3},Équipe {row % 40}\n"
            )
    (folder / "source.yml").write_text(SOURCE, encoding="utf-8")
    (folder / "mapping.yml").write_text(
        MAPPING.format(source="{access: visits, referenceFormulation: csv}"), encoding="utf-8"
    )
    peer = f"{{access: {folder}/visits.csv, referenceFormulation: csv}}"
    (folder / "peer.yml").write_text(MAPPING.format(source=peer), encoding="utf-8")
    (folder / "peer.ini").write_text(CONFIGURATION.format(folder=folder), encoding="utf-8")


def measure(command: list[str]) -> tuple[float, float]:
    """Return wall and CPU seconds of a process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall_s = time.perf_counter() - began
    return wall_s, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    default = Path(tempfile.gettempdir()) / "asmgraph-bench-morph"
    parser.add_argument("--environment", type=Path, default=default)
    given = parser.parse_args()
    python = environment(given.environment)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, given.rows)
        commands = {
            "ours": [sys.executable, "-c", OURS, str(folder)],
            "morph-kgc": [str(python), "-m", "morph_kgc", str(folder / "peer.ini")],
        }
        times: dict[str, list[tuple[float, float]]] = {who: [] for who in commands}
        for _ in range(ROUNDS):
            for who, command in commands.items():
                times[who].append(measure(command))
        ours, peer = (sorted((folder / file).read_bytes().splitlines()) for file in ("ours.nt", "peer.nt"))
        assert [line.rstrip(b" .") for line in ours] == [line.rstrip(b" .") for line in peer]
    wall_s, cpu_s = (
        {who: statistics.median(t[place] for t in some) for who, some in times.items()} for place in (0, 1)
    )
    print(f"{given.rows:,} rows, {len(ours):,} statements, median of {ROUNDS}, process start included")
    for who in commands:
        print(f"{who:>10} {wall_s[who]:>8.2f} s wall {cpu_s[who]:>8.2f} s CPU")
    wall, cpu = (one["morph-kgc"] / one["ours"] for one in (wall_s, cpu_s))
    print(f"{'ratio':>10} {wall:>7.1f}x wall {cpu:>7.1f}x CPU")


if __name__ == "__main__":
    main()
