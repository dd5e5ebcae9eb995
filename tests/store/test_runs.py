"""Sorting on disk gives what sorting in memory gives, in parts of whole subjects."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.records import Sensitivity
from asmgraph.store import parts, staging
from asmgraph.store.ntriples import subjects
from asmgraph.store.runs import Runs, read, text

TERMS = st.sampled_from(["<urn:a>", "<urn:b>", "<urn:bé>", "<urn:b/c>", "<urn:z\U0001f600>", "<urn:z\uffee>"])
WORDS = st.text(st.characters(exclude_characters='\n\r"\\', exclude_categories=["Cs"]), max_size=3)
LINE = st.builds(lambda subject, word: f'{subject} <urn:p> "{word}" .', TERMS, WORDS)
GROUPS = st.lists(
    st.tuples(st.sampled_from(["public", "confidential"]), st.lists(LINE, max_size=8)), max_size=8
)


def _sorted(lines: Iterable[str]) -> list[str]:
    return sorted(set(lines), key=lambda line: line.encode())


@given(GROUPS, st.integers(1, 400), st.integers(1, 9))
def test_parts_hold_every_line_once_in_order_and_never_cut_a_subject(
    groups: list[tuple[str, list[str]]], run_bytes: int, part_lines: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(Path(folder), run_bytes=run_bytes, part_lines=part_lines)
        for group, lines in groups:
            runs.add(group, pl.Series(lines, dtype=pl.String))
        found = list(runs.parts())
        runs.clear()
        assert list(Path(folder).iterdir()) == []
    for name in ("public", "confidential"):
        given = [line for group, lines in groups for line in lines if group == name]
        assert [line for part in found for line in part.get(name, pl.Series())] == _sorted(given)
    seen = [{subject for lines in part.values() for subject in subjects(lines)} for part in found]
    assert sum(map(len, seen)) == len(set[str]().union(*seen))


@given(st.lists(LINE, max_size=8, unique=True))
def test_text_is_read_as_it_was_written(lines: list[str]) -> None:
    content = text(pl.Series(lines, dtype=pl.String))
    assert content == "".join(f"{line}\n" for line in lines).encode()
    assert read(content).to_list() == lines


@given(GROUPS, st.sets(LINE, min_size=1, max_size=5), st.sampled_from(list(Sensitivity)), st.integers(1, 6))
def test_added_lines_stand_where_sorting_would_have_put_them(
    groups: list[tuple[str, list[str]]], extra: set[str], level: Sensitivity, part_lines: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        writer = staging.Writer(folder)
        writer._runs = Runs(folder, run_bytes=99, part_lines=part_lines)
        for group, lines in groups:
            writer.write(Sensitivity(group), lines)
        writer.sort()
        before = {
            of: (folder / f"{of}.nt").read_text(encoding="utf-8").split("\n")[:-1] for of in Sensitivity
        }
        writer.add(level, extra)
        parts.save(folder, writer.parts)
        for of in Sensitivity:
            wanted = _sorted([*before[of], *(extra if of is level else ())])
            assert (folder / f"{of}.nt").read_bytes() == "".join(f"{line}\n" for line in wanted).encode()
            assert [line for part in parts.load(folder) for line in part.lines(folder, of)] == wanted
            assert writer.held[of].lines == len(wanted)
        firsts = [part.first for part in parts.load(folder)]
        assert firsts == sorted(firsts, key=str.encode)


@given(GROUPS, st.sets(LINE, max_size=6), st.integers(1, 6))
def test_what_is_left_is_counted_anew(
    groups: list[tuple[str, list[str]]], gone: set[str], part_lines: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        writer = staging.Writer(Path(name))
        writer._runs = Runs(Path(name), part_lines=part_lines)
        for group, lines in groups:
            writer.write(Sensitivity(group), lines)
        writer.sort()
        left = {}
        for level, file in zip(Sensitivity, writer.files, strict=True):
            left[level] = [line for line in read(file.read_bytes()) if line not in gone]
            file.write_bytes(text(pl.Series(left[level], dtype=pl.String)))
        writer.recount()
        for level, lines in left.items():
            assert [line for part in writer.parts for line in part.lines(Path(name), level)] == lines
            assert writer.held[level].lines == len(lines)
            content = (Path(name) / f"{level}.nt").read_bytes()
            assert writer.held[level].digest == hashlib.sha256(content).hexdigest()


def test_a_class_is_read_only_from_a_statement_of_a_class(tmp_path: Path) -> None:
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    lines = [f"<urn:a> {kind} <urn:K> .", f'<urn:a> <urn:p> "x {kind} <urn:L> ." .']
    found = staging.types_in(pl.Series(lines))
    assert found.rows() == [("urn:a", "urn:K")]
