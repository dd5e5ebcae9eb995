"""Functions on texts: their names, their results, functions within functions, languages and datatypes from a cell."""

from __future__ import annotations

import hashlib
import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.mapping import texts
from asmgraph.mapping.functions import FUNCTIONS
from tests.mapping.tables import EX, PREFIXES, Row, described, objects

XSD = PREFIXES["xsd"]
VOCAB = "https://w3id.org/asmgraph/vocab/"
ROW: list[Row] = [{"id": "1", "x": " Société «Or & Fils» ", "y": "2", "n": None, "l": "fr", "t": f"{XSD}int"}]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("grel:toLowerCase(grel:valueParameter = $(x))", " société «or & fils» "),
        ("grel:toUpperCase(valueParameter = $(x))", " SOCIÉTÉ «OR & FILS» "),
        ("grel:string_trim(valueParameter=$(x))", "Société «Or & Fils»"),
        ("grel:string_replace(valueParameter=$(y), p_string_find=2, p_string_replace=two)", "two"),
        ("grel:string_replace(valueParameter=$(y), p_string_find=., p_string_replace=x)", "2"),
        ("asmfn:replace(value=$(x), pattern=[^A-Z]+, by='')", "SOF"),
        ("asmfn:replace(value=$(x), pattern='(O)(r)', by='$2$1')", " Société «rO & Fils» "),
        ("asmfn:extract(value=$(x), pattern=«(.*?) &)", "Or"),
        ("asmfn:extract(value=$(x), pattern=[A-Z]\\w+)", "Société"),
        ("asmfn:extract(value=$(x), pattern=(?:Or) & (?P<n>\\w+))", "Fils"),
        ("asmfn:extract(value=$(x), pattern=[0-9]+)", None),
        ("asmfn:slug(value=$(x))", "societe-or-fils"),
        ("asmfn:encode(value=$(x))", "%20Société%20«Or%20%26%20Fils»%20"),
        ("asmfn:hash(value=$(y))", "d4735e3a265e16ee"),
        ("asmfn:hash(value=$(y), length=8)", "d4735e3a"),
        ("asmfn:concat(value=$(y), value=$(n), value=b)", "2 b"),
        ("asmfn:concat(value=$(y), value=b, separator=', ')", "2, b"),
        ("asmfn:concat(value=$(n), value=$(n))", None),
        ("asmfn:first(value=$(n), value=$(y), value=z)", "2"),
        ("asmfn:first(value=$(n))", None),
        ("grel:controls_if(bool_b=asmfn:absent(asmfn:value=$(n)), any_true=yes, any_false=no)", "yes"),
        ("grel:controls_if(bool_b=equal(str1=$(n), str2=1), any_true=yes, any_false=no)", "no"),
        ("grel:controls_if(bool_b=equal(str1=$(y), str2=1), any_true=yes)", None),
        ("grel:toLowerCase(valueParameter=grel:string_trim(valueParameter=$(x)))", "société «or & fils»"),
        ("asmfn:concat(value=asmfn:slug(value=$(x)), value=asmfn:hash(value=$(y)), separator=-)",
         "societe-or-fils-d4735e3a265e16ee"),
    ],
)  # fmt: skip
def test_a_function_on_a_text_gives(function: str, expected: str | None) -> None:
    assert objects(["ex:p", function], rows=ROW) == ([] if expected is None else [f'"{expected}"'])


@pytest.mark.parametrize("function", sorted(one.name for one in FUNCTIONS.values() if one.gives == "text"))
def test_a_blank_gives_a_blank(function: str) -> None:
    (found,) = (one for one in FUNCTIONS.values() if one.name == function)
    constants = {"p_string_find": "a", "p_string_replace": "b", "pattern": "a", "by": "b"}
    needed = [p for p in found.parameters if not p.optional]
    given = ", ".join(f"{p.name}={constants.get(p.name, '$(n)')}" for p in needed)
    prefix = "grel" if found.iri.startswith(PREFIXES["grel"]) else "asmfn"
    assert objects(["ex:p", f"{prefix}:{found.name}({given})"], rows=ROW) == []


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        ("asmfn:matches(asmfn:value=$(x), asmfn:pattern=Or)", True),
        ("asmfn:matches(asmfn:value=$(n), asmfn:pattern=Or)", False),
        ("grel:boolean_not(bool_b=equal(str1=$(y), str2=2))", False),
        ("grel:boolean_not(bool_b=equal(str1=$(n), str2=2))", True),
        (
            "grel:boolean_and(param_rep_b=equal(str1=$(y), str2=2), param_rep_b=asmfn:absent(value=$(n)))",
            True,
        ),
        (
            "grel:boolean_and(param_rep_b=equal(str1=$(y), str2=2), param_rep_b=equal(str1=$(n), str2=2))",
            False,
        ),
        ("grel:boolean_or(param_rep_b=equal(str1=$(n), str2=2), param_rep_b=equal(str1=$(y), str2=2))", True),
    ],
)
def test_conditions_are_put_together(condition: str, held: bool) -> None:
    assert objects({"p": "ex:p", "o": "held", "condition": condition}, rows=ROW) == (
        ['"held"'] if held else []
    )


def test_conditions_are_put_together_in_the_long_form() -> None:
    both = {
        "function": "grel:boolean_and",
        "parameters": [
            [
                "grel:param_rep_b",
                [
                    {"function": "equal", "parameters": [["str1", "$(y)"], ["str2", 2]]},
                    {"function": "asmfn:absent", "parameters": [["value", "$(n)"]]},
                ],
            ]
        ],
    }
    assert objects({"p": "ex:p", "o": "held", "condition": both}, rows=ROW) == ['"held"']


def test_a_function_within_a_function_in_the_long_form() -> None:
    inner = {"function": "grel:string_trim", "parameters": [["valueParameter", "$(x)"]]}
    outer = {
        "function": "grel:toUpperCase",
        "parameters": [{"parameter": "grel:valueParameter", "value": inner}],
    }
    assert objects({"p": "ex:p", "o": outer}, rows=ROW) == ['"SOCIÉTÉ «OR & FILS»"']


@pytest.mark.parametrize(
    ("object_map", "expected"),
    [
        ({"function": "asmfn:slug(value=$(x))", "type": "iri"}, []),
        ({"function": f"asmfn:concat(value={EX}, value=$(y), separator='')", "type": "iri"}, [f"<{EX}2>"]),
        ({"function": "asmfn:first(value=$(y))", "datatype": "xsd:integer"}, [f'"2"^^<{XSD}integer>']),
        ({"function": "asmfn:first(value=$(y))", "language": "fr"}, ['"2"@fr']),
        ({"value": "$(y)", "language": "$(l)"}, ['"2"@fr']),
        ({"value": "$(y)", "language": "$(l)-CD"}, ['"2"@fr-CD']),
        ({"value": "$(y)", "language": "$(n)"}, ['"2"']),
        ({"value": "$(y)", "language": "$(x)"}, ['"2"']),
        ({"value": "$(y)", "datatype": "$(t)"}, [f'"2"^^<{XSD}int>']),
        ({"value": "$(y)", "datatype": "ex:$(l)"}, [f'"2"^^<{EX}fr>']),
        ({"value": "$(y)", "datatype": "$(x)"}, ['"2"']),
        ({"value": "$(y)", "datatype": "xsd:string"}, ['"2"']),
    ],
)
def test_a_text_becomes_a_term_of_this_kind(object_map: object, expected: list[str]) -> None:
    assert objects({"p": "ex:p", "o": object_map}, rows=ROW) == expected


def test_a_language_of_the_cell_in_the_short_form() -> None:
    assert objects(["ex:p", "$(y)", "$(l)~lang"], rows=ROW) == ['"2"@fr']


@pytest.mark.parametrize(
    ("value", "expected"),
    [("Or", "mineral/gold"), ("Sable", "mineral/other"), (None, None)],
)
def test_a_lookup_with_a_default_gives_it_for_unknown_words_not_for_blanks(
    value: str | None, expected: str | None
) -> None:
    source = described(["id", "x"], lookups={"mineral": {"Or": "mineral/gold"}})
    function = "asmfn:lookup(table=mineral, value=$(x), default=mineral/other)"
    found = objects(["ex:p", function], rows=[{"id": "1", "x": value}], source=source)
    assert found == ([] if expected is None else [f"<{VOCAB}{expected}>"])


def test_the_first_of_lookups_is_a_term() -> None:
    source = described(["id", "x"], lookups={"a": {"1": "mineral/tin"}, "b": {"2": "mineral/gold"}})
    function = "asmfn:first(value=asmfn:lookup(table=a, value=$(x)), value=asmfn:lookup(table=b, value=$(x)))"
    rows: list[Row] = [{"id": "1", "x": "2"}]
    assert objects(["ex:p", function], rows=rows, source=source) == [f"<{VOCAB}mineral/gold>"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("05/03/2020", f'"2020-03-05"^^<{XSD}date>'),
        ("5/3/2020", f'"2020-03-05"^^<{XSD}date>'),
        ("03/2020", f'"2020-03"^^<{XSD}gYearMonth>'),
        ("2020-03-05", f'"2020-03-05"^^<{XSD}date>'),
        ("31/02/2020", None),
        ("05/03/0020", None),
        ("2020 or so", None),
    ],
)
def test_a_date_is_read_in_these_forms(value: str, expected: str | None) -> None:
    function = "asmfn:date(value=$(x), form=%d/%m/%Y, form=%m/%Y)"
    assert objects(["ex:p", function], rows=[{"id": "1", "x": value}]) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("value", "sign", "expected"),
    [
        ("1,5", ",", "1.5"), ("-1 234,5", ",", "-1234.5"), ("1.234.567,89", ",", "1234567.89"),
        ("1234", ",", "1234"), ("1.5", ",", None), ("12 34", ",", None), ("1,2,3", ",", None), ("1,", ",", None),
        ("1,234.5", ".", "1234.5"), ("1'234", ".", "1234"), ("1,5", ".", None), ("five", ",", None),
    ],
)  # fmt: skip
def test_a_number_is_read_with_this_decimal_sign(value: str, sign: str, expected: str | None) -> None:
    function = f"asmfn:number(value=$(x), decimal='{sign}')"
    found = objects(["ex:p", function], rows=[{"id": "1", "x": value}])
    assert found == ([] if expected is None else [f'"{expected}"^^<{XSD}decimal>'])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ministère des Mines", "ministere-des-mines"),
        ("Großbergbau Øst & Łódź", "grossbergbau-ost-lodz"),
        ("l'Or de l’Ituri", "lor-de-lituri"),
        ("--", None),
        ("", None),
    ],
)
def test_a_slug_is_short_plain_and_telling(text: str, expected: str | None) -> None:
    found = pl.select(texts.slug(pl.lit(text))).item()
    assert found == expected


@pytest.mark.parametrize(
    ("text", "plain"), [("黄金", ""), ("SAESSCAM 黄金", "saesscam-"), ("x" * 81, "x" * 71 + "-")]
)
def test_a_slug_that_loses_letters_ends_in_a_digest(text: str, plain: str) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    assert pl.select(texts.slug(pl.lit(text))).item() == plain + digest


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_slugs_are_ascii_bounded_and_the_same_again(some: list[str]) -> None:
    found = pl.DataFrame({"x": some}).select(texts.slug(pl.col("x"))).to_series()
    assert found.to_list() == [pl.select(texts.slug(pl.lit(text))).item() for text in some]
    for slug in found.drop_nulls():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert len(slug) <= texts.SLUG_SIGNS


@given(st.text(min_size=100), st.text(min_size=100))
def test_long_texts_that_differ_have_slugs_that_differ(one: str, other: str) -> None:
    both = pl.DataFrame({"x": ["a" * 90 + one, "a" * 90 + other]})
    slugs = both.select(texts.slug(pl.col("x"))).to_series()
    assert (slugs[0] == slugs[1]) == (one == other)


@pytest.mark.parametrize(
    "function", ["asmfn:slug(value=The Name)", "asmfn:hash(value=x)", "asmfn:first(value=x)"]
)
def test_a_function_of_constants_says_the_same_of_every_row(function: str) -> None:
    assert len(set(objects(["ex:p", function], rows=[{"id": "1"}, {"id": "2"}]))) == 1
    assert len(objects(["ex:p", function], rows=[{"id": "1"}, {"id": "2"}])) == 2
