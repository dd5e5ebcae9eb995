"""Check a staged version against the shapes, part by part, in as many processes as there are processors.

Enters: the folder of sorted files, its parts, and the classes of everything that may be pointed at. Leaves: what the
shapes object to, sorted. Each process holds one part at a time, so memory does not grow with the source.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import polars as pl

from asmgraph import errors
from asmgraph.errors import AsmgraphError, ValidationError
from asmgraph.ontology import files
from asmgraph.records import Sensitivity
from asmgraph.store import parts as staged_parts
from asmgraph.store.parts import Part
from asmgraph.store.runs import PART_LINES, merged, read
from asmgraph.store.sorted_files import beginning_with, opened
from asmgraph.validation import shapes
from asmgraph.validation.shapes import Violation, violation
from asmgraph.validation.sieve import Sieve

_WORTH = 4
"""From so many parts on it is worth to start processes, which takes each a second or two."""
_WORTH_THINGS = 50_000
"""And from so many things on, where only some are to be checked."""
_WORTH_READING = 50_000
"""So many bytes are read whole in the time in which one thing is sought."""


class Judge:
    """The shapes, read once, and the classes of what may be pointed at, as :func:`brief` has them."""

    def __init__(self, classes: pl.DataFrame) -> None:
        self._classes = classes
        self._shapes, self._hierarchy = files.shapes(), files.hierarchy()
        self._sieve = Sieve(self._shapes, self._hierarchy)
        self._engine = shapes.chosen(self._shapes)

    def violations(self, lines: pl.Series) -> list[Violation]:
        """Return what the shapes object to in the sorted lines of whole subjects."""
        suspects = lines.filter(self._sieve.suspects(lines, self._kinds)) if len(lines) else lines
        if not len(suspects):
            return []
        found = shapes.validate(suspects, self._shapes, self._hierarchy, self._pairs, engine=self._engine)
        return list(found)

    def _kinds(self, things: pl.Series) -> pl.DataFrame:
        asked = things.to_frame("thing").with_columns(_hash=pl.col("thing").hash())
        found = asked.join(self._classes, left_on="_hash", right_on="thing")
        return found.select("thing", pl.col("kind").cast(pl.String))

    def _pairs(self, things: set[str]) -> Iterable[tuple[str, str]]:
        return self._kinds(pl.Series(sorted(things), dtype=pl.String)).iter_rows()


def validate(
    folder: Path,
    parts: Sequence[Part],
    known: pl.DataFrame,
    progress: Callable[[int], None] = lambda _: None,
    *,
    only: pl.Series | None = None,
    processes: int | None = None,
) -> list[Violation]:
    """Return what the shapes object to, sorted.

    Parameters
    ----------
    known
        The classes of the version's own things and of those it may point at: columns ``thing`` and ``kind``, IRIs.
    progress
        Called with the number of lines that were checked since the last call.
    only
        The subject terms to check, sorted; without it all are.
    processes
        How many work side by side; without it as many as there are processors.
    """
    if only is not None and len(only) * _WORTH_READING < _bytes(parts):
        judge = Judge(brief(known))
        return _told((_judged([lines], judge) for lines in sought(folder, only)), progress)
    numbers = list(range(len(parts))) if only is None else _holding(parts, only)
    worth = len(numbers) >= _WORTH and (only is None or len(only) >= _WORTH_THINGS)
    many = processes or (len(os.sched_getaffinity(0)) if worth else 1)
    if min(many, len(numbers)) > 1:
        done: Iterable[tuple[int, list[Violation]]] = _side_by_side(folder, parts, numbers, known, only, many)
    else:
        done = judged(folder, [parts[number] for number in numbers], Judge(brief(known)), only)
    return _told(done, progress)


def brief(known: pl.DataFrame) -> pl.DataFrame:
    """Return a table of ``thing`` and ``kind`` in twelve bytes a row: a hash for the thing, a number for the class.

    Of a million things and as many that are pointed at, one is taken for another in less than one run in ten million.
    """
    return known.select(pl.col("thing").hash(), pl.col("kind").cast(pl.Categorical))


def _told(done: Iterable[tuple[int, list[Violation]]], progress: Callable[[int], None]) -> list[Violation]:
    found: list[Violation] = []
    for lines, violations in done:
        found += violations
        progress(lines)
    return sorted(found)


def judged(
    folder: Path, parts: Iterable[Part], judge: Judge, only: pl.Series | None
) -> Iterator[tuple[int, list[Violation]]]:
    """Yield how many lines were checked and what the shapes object to in them, part by part.

    Where only some things are checked, several parts are checked at a time.
    """
    left: list[pl.Series] = []
    for part in parts:
        left.append(part.all_lines(folder) if only is None else part.lines_of(folder, only))
        if only is None or sum(map(len, left)) > PART_LINES:
            yield _judged(left, judge)
            left = []
    if left:
        yield _judged(left, judge)


def _judged(lines: Sequence[pl.Series], judge: Judge) -> tuple[int, list[Violation]]:
    whole = pl.concat(lines)
    return len(whole), judge.violations(whole)


def work() -> None:
    """Check the parts that are named on standard input; write one line of JSON a part: the life of a process."""
    task = json.loads(sys.stdin.readline())
    folder = Path(task["folder"])
    try:
        parts = staged_parts.load(folder)
        only = pl.read_parquet(task["only"])["subject"] if task["only"] else None
        judge = Judge(pl.read_parquet(task["known"]))
        for lines, violations in judged(folder, [parts[n] for n in task["parts"]], judge, only):
            print(json.dumps({"lines": lines, "violations": [asdict(one) for one in violations]}), flush=True)
        print(json.dumps({"done": True}), flush=True)
    except AsmgraphError as error:
        print(json.dumps({"error": [type(error).__name__, error.message, error.hint]}), flush=True)


def _bytes(parts: Iterable[Part]) -> int:
    return sum(end - begin for part in parts for begin, end in part.spans.values())


def sought(folder: Path, things: pl.Series) -> Iterator[pl.Series]:
    """Yield the lines about some sorted subject terms without reading the files whole: about a part at a time.

    Each time whole subjects, their lines sorted, each once.
    """
    with ExitStack() as stack:
        files = [stack.enter_context(opened(folder / f"{level}.nt")) for level in Sensitivity]
        found = (beginning_with(content, (f"{thing} ".encode() for thing in things)) for content in files)
        held: list[tuple[bytes, ...]] = []
        lines = 0
        for of_a_thing in zip(*found, strict=True):
            held.append(of_a_thing)
            lines += sum(content.count(b"\n") for content in of_a_thing)
            if lines >= PART_LINES:
                yield _in_order(held)
                held, lines = [], 0
        if held:
            yield _in_order(held)


def _in_order(held: Iterable[tuple[bytes, ...]]) -> pl.Series:
    """Return the lines of each file, thing by thing, in one order."""
    return merged([read(b"".join(of_a_file)) for of_a_file in zip(*held, strict=True)])


def _holding(parts: Sequence[Part], only: pl.Series) -> list[int]:
    """Return the numbers of the parts in which the subjects lie, if they are there."""
    firsts = [part.first for part in parts]
    found = {bisect_right(firsts, subject) - 1 for subject in only}
    return sorted(number for number in found if number >= 0)


def _side_by_side(
    folder: Path,
    parts: Sequence[Part],
    numbers: Sequence[int],
    known: pl.DataFrame,
    only: pl.Series | None,
    many: int,
) -> Iterator[tuple[int, list[Violation]]]:
    """Share the parts among processes.

    Not by ``multiprocessing``, which would run the caller's main program again in each of them.
    """
    staged_parts.save(folder, parts)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        here = Path(name)
        brief(known).write_parquet(here / "known.parquet")
        if only is not None:
            only.to_frame("subject").write_parquet(here / "only.parquet")
        answers: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        running: list[subprocess.Popen[str]] = []
        listening: list[Thread] = []
        try:
            for share in range(many):
                task = {
                    "folder": str(folder),
                    "known": str(here / "known.parquet"),
                    "only": str(here / "only.parquet") if only is not None else "",
                    "parts": numbers[share::many],
                }
                running.append(_started())
                listener = Thread(target=_listen, args=(running[-1], answers), daemon=True)
                listener.start()
                listening.append(listener)
                _tell(running[-1], task)
            yield from _collected(answers, many)
        finally:
            for process in running:
                process.kill()
                process.wait()
            for listener in listening:
                listener.join()


def _started() -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from asmgraph.validation.structure import work; work()"]
    return subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )


def _tell(process: subprocess.Popen[str], task: dict[str, Any]) -> None:
    assert process.stdin is not None
    with process.stdin as given, suppress(BrokenPipeError):  # it died: what it does not answer is missed
        given.write(json.dumps(task) + "\n")


def _listen(process: subprocess.Popen[str], answers: SimpleQueue[dict[str, Any] | None]) -> None:
    assert process.stdout is not None
    try:
        with process.stdout as lines, suppress(ValueError):  # half a line: the process died
            for line in lines:
                answers.put(json.loads(line))
    finally:
        answers.put(None)


def _collected(
    answers: SimpleQueue[dict[str, Any] | None], processes: int
) -> Iterator[tuple[int, list[Violation]]]:
    unfinished = processes
    while processes:
        answer = answers.get()
        if answer is None:
            processes -= 1
        elif "error" in answer:
            kind, message, hint = answer["error"]
            raise getattr(errors, kind)(message, hint)
        elif "done" in answer:
            unfinished -= 1
        else:
            yield answer["lines"], [violation(entry) for entry in answer["violations"]]
    if unfinished:
        raise ValidationError(
            "A process that checked statements died before it was done.",
            "Most likely memory ran out: free some, then ingest again. What was staged before stays.",
        )
