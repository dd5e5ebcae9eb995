"""A new file in which a few rows differ: what it costs to validate what that can have touched, against all of it.

Two homes are made once: one with the rows before, one with the rows after. Then each round starts a process, which
opens the version after as an ingestion would have left it for validation, and validates it against the home before.
Counted is the processor from the first line that needs the ontology to the last violation, and apart from it what the
process takes to start; the peer is the validation of the whole version, in one process with the same shapes.

Run: .venv/bin/python -m benchmarks.changes [--visits N] [--changed N] [--rounds N] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HUGE = 10**11


def processor_s() -> float:
    """Return the seconds of processor of this process and those it has waited for."""
    used = (resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def prepare(base: Path, visits: int, changed: int) -> None:
    """Leave the homes ``before`` and ``after``, of which some rows differ."""
    from asmgraph import pipeline, settings
    from benchmarks import generated

    for name in ("before", "after"):
        (base / name).mkdir(parents=True)
        generated.write_visits(base / name / "ipis_cod_mines.csv", visits)
    file = base / "after" / "ipis_cod_mines.csv"
    with file.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        rows, columns = list(reader), list(reader.fieldnames or ())
    # A third each: another number, a mineral that nobody knows, gone.
    step = max(1, len(rows) // changed)
    for number, row in enumerate(rows[::step][:changed]):
        row["workers_numb"] = "7777" if number % 3 == 0 else row["workers_numb"]
        row["mineral1"] = "Kryptonite" if number % 3 == 1 else row["mineral1"]
        row["FID"] = "" if number % 3 == 2 else row["FID"]
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns)
        writer.writeheader()
        writer.writerows(row for row in rows if row["FID"])
    for name in ("before", "after"):
        chosen = settings.load(home=base / name / "home", source_max_bytes=HUGE)
        pipeline.ingest(chosen, "ipis", base / name)


def check(base: Path, case: str) -> dict[str, float]:
    """Validate the version after, in this process."""
    begun = processor_s()
    import polars as pl

    from asmgraph import review
    from asmgraph.store import staging
    from asmgraph.validation import incremental, report, structure

    started = processor_s()
    home = base / "before" / "home"
    after = staging.all_current(base / "after" / "home")["ipis"]
    others = list(staging.all_current(home, without="ipis").values())
    with staging.writing(home, "ipis") as writer:
        writer.folder, own = after.folder, writer.folder
        writer.parts, writer.types = after.parts(), after.types()
        try:
            known = pl.concat([writer.types, *(one.types() for one in others)]).unique()
            again = None
            if case == "changed":
                staged = staging.before(home, "ipis")
                assert staged is not None
                again = review.to_check_again(home, writer, staged, others)
                assert again is not None
                carried = incremental.carried(report.from_json(staged.report()).violations, again)
            counted = processor_s()
            found = structure.validate(writer.folder, writer.parts, known, only=again, processes=1)
            if again is not None:
                found = sorted([*found, *carried])
        finally:
            writer.folder = own
    done = processor_s()
    return {
        "start": started - begun,
        "compare": counted - started,
        "judge": done - counted,
        "whole": done - started,
        "things": len(again) if again is not None else 0,
        "lines": sum(end - begin for part in writer.parts for begin, end in part.spans.values()),
        "found": len(found),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=32_000, help="32,000 make a million statements")
    parser.add_argument("--changed", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="where the homes lie, or are made if they are not there")
    parser.add_argument("--case", default="")
    chosen = parser.parse_args()
    if chosen.case:
        print(json.dumps(check(chosen.keep, chosen.case)))
        return
    with tempfile.TemporaryDirectory() as folder:
        base = chosen.keep or Path(folder) / "homes"
        if not base.exists():
            prepare(base, chosen.visits, chosen.changed)
        print(
            f"{'case':9}{'start':>8}{'compare':>9}{'judge':>8}{'whole':>8}{'MiB':>7}{'things':>8}{'found':>7}"
        )
        rounds: dict[str, list[dict[str, float]]] = {"changed": [], "all": []}
        for _ in range(chosen.rounds):
            for case, told in rounds.items():
                command = [sys.executable, __file__, "--case", case, "--keep", str(base)]
                said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                told.append(json.loads(said.splitlines()[-1]))
        for case, told in rounds.items():
            of = {key: statistics.median(one[key] for one in told) for key in told[0]}
            print(
                f"{case:9}{of['start']:>8.2f}{of['compare']:>9.2f}{of['judge']:>8.2f}{of['whole']:>8.2f}"
                f"{of['memory_mb']:>7,.0f}{of['things']:>8,.0f}{of['found']:>7,.0f}"
            )


if __name__ == "__main__":
    main()
