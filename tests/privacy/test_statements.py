"""Statements are chosen by their terms, however many are sought and whatever a literal holds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.privacy import areas, statements, takedown
from asmgraph.records import ASM, ID

IRIS = [f"{ID}thing/{name}" for name in "abcd"] + [f"{ASM}name", statements.TYPE]
LITERALS = [f'"see <{IRIS[0]}> ."@en', f'"5"^^<{IRIS[1]}>', '"a \\" b"', '""']
iris = st.sampled_from(IRIS)
triples = st.lists(
    st.tuples(iris, iris, st.one_of(iris.map(lambda iri: f"<{iri}>"), st.sampled_from(LITERALS))), unique=True
)
sought = st.sets(st.sampled_from([*IRIS, f"{ID}thing/none"]))


def written(folder: str, stated: Iterable[tuple[str, str, str]]) -> Path:
    file = Path(folder) / "some.nt"
    file.write_text("".join(f"<{s}> <{p}> {o} .\n" for s, p, o in stated), encoding="utf-8")
    return file


@given(triples, sought)
def test_what_is_found_is_what_a_search_term_by_term_finds(
    stated: list[tuple[str, str, str]], wanted: set[str]
) -> None:
    with TemporaryDirectory() as folder:
        file, missing = written(folder, stated), Path(folder) / "missing.nt"
        terms = {f"<{iri}>" for iri in wanted}
        found = {
            "mentioning": [one for one in stated if {f"<{one[0]}>", f"<{one[1]}>", one[2]} & terms],
            "about": [one for one in stated if one[0] in wanted],
            "stating": [one for one in stated if one[1] in wanted],
            "terms": [one for one in stated if one[1] in wanted],
            "pointing": [one for one in stated if one[2] in terms],
        }
        for name, expected in found.items():
            frame = getattr(statements, name)([missing, file], wanted)
            assert frame.select("subject", "predicate", "object").rows() == expected
            if "line" in frame.columns:
                assert frame["line"].to_list() == [f"<{s}> <{p}> {o} ." for s, p, o in expected]


def test_a_literal_that_names_what_is_gone_is_found_in_the_line() -> None:
    with TemporaryDirectory() as folder:
        file = written(folder, [(IRIS[3], IRIS[4], LITERALS[0])])
        assert statements.holds(file, takedown.naming(pl.col("line"), [IRIS[0]]))
        assert not statements.holds(file, takedown.naming(pl.col("line"), [IRIS[1]]))
        assert not statements.holds(written(folder, []), takedown.naming(pl.col("line"), [IRIS[0]]))


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=15), st.integers(0, 6))
def test_the_units_of_a_place_do_not_depend_on_what_lies_in_it(
    pairs: list[tuple[int, int]], start: int
) -> None:
    """Leaving out the places in which nothing lies changes nothing for a place that lies in another."""
    places = [f"{ID}place/{number}" for number in range(7)]
    stated = [(places[part], f"{ASM}within", f"<{places[whole]}>") for part, whole in pairs]
    levels = [(places[number], f"{ASM}adminLevel", f'"{number % 3}"') for number in range(7)]
    every: dict[str, set[str]] = {}
    for part, larger_one in pairs:
        every.setdefault(places[part], set()).add(places[larger_one])
    whole = areas.Areas(
        {place: frozenset(larger) for place, larger in every.items()},
        {place: int(level[1:-1]) for place, _, level in levels},
    )
    with TemporaryDirectory() as folder:
        known = areas.read([written(folder, [*stated, *levels])])
    larger = every.get(places[start], set())
    assert known.of(larger) == whole.of(larger)
    assert set(known.within) <= {one for of in every.values() for one in of}
