"""The functions of placement in a mapping: what they give, what they refuse, how sensitive the outcome is."""

from __future__ import annotations

from typing import Any

import pytest

from asmgraph.errors import MappingError
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.mapping.placement import Gazetteer
from asmgraph.records import Sensitivity
from tests.mapping.tables import Row, batch, described, document
from tests.mapping.test_placement import AREAS, PLACES

VOCAB = "https://w3id.org/asmgraph/vocab/"
P = "https://w3id.org/asmgraph/id/place/"
ASKED = "asmfn:country=INA, asmfn:name=$(name), asmfn:longitude=$(lon), asmfn:latitude=$(lat)"
ROWS: list[Row] = [
    {"id": "1", "name": "Nord Ouest", "lon": "1.0", "lat": "1.0"},
    {"id": "2", "name": None, "lon": "28.0", "lat": "-2.0"},
    {"id": "3", "name": "Twin", "lon": "x", "lat": None},
    {"id": "4", "name": None, "lon": None, "lat": None},
    {"id": "5", "name": "Sud", "lon": None, "lat": None},
]


def run(*predicate_objects: object, rows: list[Row] = ROWS, secret: str = "", **more: Any) -> list[str]:
    columns = {name: {"sensitivity": "confidential"} if name == secret else {} for name in ROWS[0]}
    maps = yarrrml.parse(document(*predicate_objects, **more))
    known = Gazetteer(PLACES, AREAS)
    rules = compiler.compile_rules(maps, described(columns), lambda: known)
    return [
        f"{part.sensitivity} {line}" if secret else line
        for part in runner.run(rules, [batch(rows)])
        for line in part.lines
    ]


def objects(function: str) -> dict[str, str]:
    lines = run(["ex:p", f"asmfn:{function}({ASKED})"])
    return {line.split(" ")[0][-2]: line.split(" ")[2][1:-1] for line in lines}


def test_a_row_is_put_into_a_place_or_into_none() -> None:
    assert objects("place") == {"1": f"{P}IN-N", "2": f"{P}IN-N", "5": f"{P}IN-S"}


def test_the_method_is_told_for_each_row() -> None:
    method = VOCAB + "placement-method/"
    assert objects("placementMethod") == {"1": f"{method}name", "2": f"{method}nearest", "5": f"{method}name"}


def test_the_exactness_is_told_for_each_row() -> None:
    found = objects("placementExactness")
    assert found == {
        "1": f"{VOCAB}exactness/exact",
        "2": f"{VOCAB}exactness/approximate",
        "5": f"{VOCAB}exactness/approximate",
    }


def test_the_place_of_a_row_can_be_its_subject() -> None:
    lines = run(["ex:p", "$(id)"], subject=f"asmfn:place({ASKED})")
    assert sorted(lines) == [
        f'<{P}IN-N> <http://example.com/p> "1" .',
        f'<{P}IN-N> <http://example.com/p> "2" .',
        f'<{P}IN-S> <http://example.com/p> "5" .',
    ]


def test_rows_in_no_known_place_can_be_chosen() -> None:
    lines = run(
        ["ex:p", "$(id)"], condition=f"grel:boolean_not(grel:bool_b=asmfn:placed({ASKED}))",
        prefixes={"ex": "http://example.com/", "asmfn": "https://w3id.org/asmgraph/function#",
                  "grel": "http://users.ugent.be/~bjdmeest/function/grel.ttl#"},
    )  # fmt: skip
    assert [line.split(" ")[2] for line in lines] == ['"3"', '"4"']


def test_the_place_is_as_sensitive_as_what_it_was_found_by() -> None:
    lines = run(["ex:p", f"asmfn:place({ASKED})"], secret="lat")
    assert {line.split(" ")[0] for line in lines} == {str(Sensitivity.CONFIDENTIAL)}


def test_the_gazetteer_is_made_only_where_a_mapping_asks() -> None:
    def never() -> Gazetteer:
        raise AssertionError("nobody asked")

    maps = yarrrml.parse(document(["ex:p", "$(name)"]))
    rules = compiler.compile_rules(maps, described(list(ROWS[0])), never)
    assert sum(len(part.lines) for part in runner.run(rules, [batch(ROWS)])) == 3


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("asmfn:place(asmfn:country=INA)", "needs a code, a name, or a longitude with a latitude"),
        ("asmfn:place(asmfn:country=INA, asmfn:longitude=$(lon))", "needs a code"),
        ("asmfn:place(asmfn:name=$(name), asmfn:level=7)", "the level '7' is not between 0 and 6"),
        ("asmfn:place(asmfn:name=$(name), asmfn:level=$(lat))", "level of place must be a constant"),
        ("asmfn:place(asmfn:name=$(name), asmfn:km=far)", "the distance 'far' is not above 0"),
        ("asmfn:place(asmfn:name=$(name), asmfn:km=1000)", "the distance '1000' is not above 0"),
        ("asmfn:place(asmfn:nome=$(name))", "has the parameters"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(function: str, words: str) -> None:
    with pytest.raises(MappingError, match=words):
        run(["ex:p", function])
