"""The rows of one input on their way to the mapping: read, cleaned up, held to what ``source.yml`` promises of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

import polars as pl

from asmgraph import selection
from asmgraph.catalogue import Given
from asmgraph.cleaning.steps import Replay
from asmgraph.mapping import compiler, quality, runner, yarrrml
from asmgraph.mapping.placement import Gazetteer, Placement, Question
from asmgraph.records import ROW, Batch, Progress, Refusal
from asmgraph.sources import formats, iati
from asmgraph.validation import kept, promises, report


class CheckedRows:
    """The checked rows of one input; reads the file anew each time it is iterated, without those in ``without``.

    What was found counts for the last pass over the file.

    Parameters
    ----------
    gazetteer
        Makes what other sources say of places; called when a mapping first asks.
    """

    def __init__(self, given: Given, gazetteer: Callable[[], Gazetteer], progress: Progress) -> None:
        self.given = given
        self.make_gazetteer = gazetteer
        maps = yarrrml.load(given.folder / "mapping.yml")
        self.rules = compiler.compile_rules(maps, given.source, lambda: self.gazetteer)
        self.progress = progress
        self.without: set[tuple[str, int]] = set()
        self.findings = promises.Findings()
        self.silent: dict[str, list[int]] = {}
        self.verdicts: Mapping[str, selection.Verdict] = {}
        self.chosen: list[report.Finding] = []
        self.chosen_counts: dict[str, int] = {}
        self.replay = Replay(given.steps, given.source)

    def __iter__(self) -> Iterator[Batch]:
        checker = promises.Checker(self.given.source)
        self.replay = Replay(self.given.steps, self.given.source)
        silent: dict[str, list[int]] = {}
        done = 0
        for batch in checker.check(self.replay.apply(self._read())):
            gone = [row for table, row in self.without if table == batch.table]
            done += batch.frame.height
            self.progress("reading", done, 0)
            silent.setdefault(batch.table, []).extend(runner.silent(self.rules, batch))
            yield Batch(batch.table, batch.frame.filter(~pl.col(ROW).is_in(gone)) if gone else batch.frame)
        self.findings, self.silent = checker.findings, silent

    def _read(self) -> Iterable[Batch]:
        given = self.given
        rows = formats.READERS[given.source.format].read(
            given.path, given.source, everything=given.everything
        )
        return selection.take(rows, given.source, self.verdicts, everything=given.everything)

    def judge(self) -> None:
        """Note which records are taken and why, where the reader (IATI) or the description says by what to tell."""
        verdicts: Iterable[iati.Verdict | selection.Verdict]
        if self.given.source.format == "iati":
            verdicts = iati.judge(self.given.path)
        elif self.given.source.relevance is not None:
            self.verdicts = selection.judge(self._read(), self.given.source)
            verdicts = self.verdicts.values()
        else:
            return
        counts: Counter[str] = Counter()
        for verdict in verdicts:
            found = verdict.relevance
            counts[found.level] += 1
            if found.level != "unrelated":
                self.chosen.append(
                    report.Finding(verdict.identifier, verdict.title, found.level, tuple(found.reasons))
                )
        self.chosen.sort(key=lambda finding: (finding.level, finding.identifier))
        self.chosen_counts = dict(sorted(counts.items()))

    @property
    def rows(self) -> dict[str, int]:
        """Count the rows read a table."""
        return dict(sorted(self.findings.rows.items()))

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """What other sources say of places."""
        return self.make_gazetteer()

    @property
    def placements(self) -> dict[str, int]:
        """Count by method the different questions that the gazetteer answered."""
        found = (answer.method for answer in self._answers().values())
        return dict(sorted(Counter(method for method in found if method is not None).items()))

    @property
    def unplaced(self) -> dict[str, str]:
        """Return each question without an answer, with the reason."""
        answers = self._answers().items()
        return dict(sorted((q.describe(), a.reason) for q, a in answers if a.place is None and q.says))

    def _answers(self) -> Mapping[Question, Placement]:
        return self.gazetteer.answers if "gazetteer" in self.__dict__ else {}

    @property
    def kept(self) -> list[report.Kept]:
        """Return the values kept as text, those in most cells first."""
        return kept.listed(self.findings, self.given.source)

    @property
    def filled(self) -> dict[str, dict[str, int]]:
        """Count the filled cells a table and column."""
        counts = self.findings.filled
        return {
            table: {column: count for (of, column), count in counts.items() if of == table}
            for table in self.rows
        }

    @property
    def replayed(self) -> tuple[report.Replayed, ...]:
        """Return the steps of the clean-up, and how many cells each changed."""
        steps = enumerate(self.given.steps)
        return tuple(report.Replayed(step.describe(), self.replay.changed[number]) for number, step in steps)

    @property
    def variants(self) -> tuple[report.Kept, ...]:
        """Return values that look like those that a step merges, and are not among them."""
        steps = self.given.steps
        return tuple(
            report.Kept(
                steps[number].table, steps[number].column, value, count, self.replay.first[number, value]
            )
            for (number, value), count in sorted(self.replay.variants.items())
        )

    def measured(self, refused: Iterable[Refusal]) -> quality.Measured | None:
        """Return how complete the input is, where it has rows; ``refused`` are all rows that were refused."""
        found, tables = self.findings, self.given.source.tables
        total = found.rows.total()
        if not total:
            return None
        shares = {
            (table, column): count / found.rows[table]
            for (table, column), count in found.filled.items()
            if found.rows[table]
        }
        readable = sum(
            count
            for (table, name), count in found.filled.items()
            if (column := tables[table].columns[name]).lookup or column.on_error == "keep"
        )
        gone = len({(refusal.table, refusal.row) for refusal in refused})
        unmapped = min(1.0, found.kept.total() / readable) if readable else None
        return quality.Measured(shares, gone / total, unmapped)
