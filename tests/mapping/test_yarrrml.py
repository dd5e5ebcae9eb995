"""Every form of YARRRML that is supported does what it says; what is not supported is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from asmgraph.errors import MappingError
from asmgraph.mapping import yarrrml
from asmgraph.mapping.prefixes import PREDEFINED
from tests.mapping.tables import EX, PREFIXES, Row, described, document, lines, objects, rules

XSD = PREFIXES["xsd"]
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ROW: list[Row] = [
    {"id": "1", "name": "Kamituga", "day": "2020-02-29", "site": "a b", "page": "http://a.org/x"}
]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (["ex:p", "$(name)"], ['"Kamituga"']),
        (["ex:p", "constant"], ['"constant"']),
        (["ex:p", "The mine $(name), $(day)"], ['"The mine Kamituga, 2020-02-29"']),
        (["ex:p", "$(name)", "fr~lang"], ['"Kamituga"@fr']),
        (["ex:p", "$(name)", "pt-BR~lang"], ['"Kamituga"@pt-BR']),
        (["ex:p", "$(day)", "xsd:date"], [f'"2020-02-29"^^<{XSD}date>']),
        (["ex:p", 5, "xsd:integer"], [f'"5"^^<{XSD}integer>']),
        (["ex:p", True, "xsd:boolean"], [f'"true"^^<{XSD}boolean>']),
        (["ex:p", "ex:site/$(site)~iri"], [f"<{EX}site/a%20b>"]),
        (["ex:p", "ex:constant~iri"], [f"<{EX}constant>"]),
        (["ex:p", "$(page)~iri"], ["<http://a.org/x>"]),
        (["ex:p", "http://b.org/$(name)~iri"], ["<http://b.org/Kamituga>"]),
        (["a", "ex:Mine"], [f"<{EX}Mine>"]),
        (["rdf:type", "ex:Mine"], [f"<{EX}Mine>"]),
        (["ex:p", ["$(name)", "$(day)"]], ['"2020-02-29"', '"Kamituga"']),
        ([["ex:p", "ex:q"], "$(name)"], ['"Kamituga"', '"Kamituga"']),
        ({"predicates": "ex:p", "objects": "$(name)"}, ['"Kamituga"']),
        (
            {"predicates": "ex:p", "objects": [["$(name)", "en~lang"], ["$(day)"]]},
            ['"2020-02-29"', '"Kamituga"@en'],
        ),
        ({"predicates": "ex:p", "objects": {"value": "$(page)", "type": "iri"}}, ["<http://a.org/x>"]),
        ({"predicates": "ex:p", "objects": {"value": "$(name)", "type": "literal"}}, ['"Kamituga"']),
        ({"predicates": "ex:p", "objects": {"value": "$(name)", "language": "fr"}}, ['"Kamituga"@fr']),
        (
            {"predicates": "ex:p", "objects": {"value": "$(day)", "datatype": "xsd:date"}},
            [f'"2020-02-29"^^<{XSD}date>'],
        ),
        ({"p": "ex:p", "o": {"v": "$(name)", "lang": "fr"}}, ['"Kamituga"@fr']),
        ({"predicate": "ex:p", "object": {"value": "$(page)", "t": "iri"}}, ["<http://a.org/x>"]),
        (["ex:p", "asmfn:date(asmfn:value=$(day))"], [f'"2020-02-29"^^<{XSD}date>']),
        ({"p": "ex:p", "o": {"function": "asmfn:date(asmfn:value=$(day))"}}, [f'"2020-02-29"^^<{XSD}date>']),
        (
            {"p": "ex:p", "o": {"fn": "asmfn:date", "pms": [["asmfn:value", "$(day)"]]}},
            [f'"2020-02-29"^^<{XSD}date>'],
        ),
        (
            {"p": "ex:p", "o": {"f": "asmfn:date", "pms": [{"parameter": "asmfn:value", "value": "$(day)"}]}},
            [f'"2020-02-29"^^<{XSD}date>'],
        ),
    ],
    ids=str,
)
def test_an_object_is_written_in_this_form(entry: object, expected: list[str]) -> None:
    assert objects(entry, rows=ROW) == expected


@pytest.mark.parametrize(
    "condition",
    [
        "idlab-fn:equal(idlab-fn:str1=$(name), idlab-fn:str2=Kamituga)",
        {
            "function": "idlab-fn:equal",
            "parameters": [["idlab-fn:str1", "$(name)"], ["idlab-fn:str2", "Kamituga"]],
        },
    ],
    ids=["inline", "long"],
)
@pytest.mark.parametrize("place", ["entry", "mapping"])
def test_a_condition_keeps_the_rows_that_meet_it(condition: object, place: str) -> None:
    rows: list[Row] = [*ROW, {"id": "2", "name": "Walikale"}, {"id": "3", "name": None}]
    entry: dict[str, Any] = {"p": "ex:p", "o": "$(id)"}
    more: dict[str, Any] = {"condition": condition} if place == "mapping" else {}
    if place == "entry":
        entry["condition"] = condition
    assert objects(entry, rows=rows, **more) == ['"1"']


def test_conditions_of_mapping_and_entry_must_both_hold() -> None:
    rows: list[Row] = [{"id": "1", "a": "x", "b": "x"}, {"id": "2", "a": "x"}, {"id": "3", "b": "x"}]
    entry = {"p": "ex:p", "o": "$(id)", "condition": "asmfn:present(asmfn:value=$(a))"}
    assert objects(entry, rows=rows, condition="asmfn:present(asmfn:value=$(b))") == ['"1"']


def test_short_keys_stand_for_the_long_ones() -> None:
    short = {
        "prefixes": PREFIXES,
        "sources": {"t": {"access": "t"}},
        "m": {"m": {"source": "t", "s": "ex:$(id)", "po": [{"p": "ex:p", "o": "$(name)"}]}},
    }
    assert lines(short, ROW) == [f'<{EX}1> <{EX}p> "Kamituga" .']


@pytest.mark.parametrize(
    "authors", ["Example Office", ["https://example.org/#us"], [{"name": "Example Office"}]]
)
def test_who_wrote_a_mapping_may_be_said(authors: object) -> None:
    assert lines(document(["ex:p", "$(name)"]) | {"authors": authors}, ROW) == [
        f'<{EX}1> <{EX}p> "Kamituga" .'
    ]


@pytest.mark.parametrize(
    "name", ["rdfs:label", "foaf:name", "dcterms:title", "skos:prefLabel", "org:purpose"]
)
def test_prefixes_of_rdfa_need_not_be_declared(name: str) -> None:
    prefix, _, local = name.partition(":")
    found = lines(document([name, "$(name)"], prefixes={"ex": EX}), ROW)
    assert found == [f'<{EX}1> <{PREDEFINED[prefix]}{local}> "Kamituga" .']


def test_a_mapping_on_two_sources_is_a_triples_map_on_each() -> None:
    content = document(["ex:p", "$(name)"], sources=["t", "u"])
    content["sources"]["u"] = {"access": "other"}
    assert [triples_map.table for triples_map in yarrrml.parse(content)] == ["t", "other"]


@pytest.mark.parametrize("name", ["area (ha), net", "a), b", "(", "a, b", "a=b", "ex:a"])
def test_a_column_may_have_a_name_with_signs_of_yarrrml(name: str) -> None:
    rows: list[Row] = [{"id": "1", name: "5"}]
    reference = "$(" + name.replace(")", "\\)") + ")"
    equal = f"idlab-fn:equal(idlab-fn:str1={reference}, idlab-fn:str2=5)"
    assert objects({"p": "ex:p", "o": reference, "condition": equal}, rows=rows) == ['"5"']


def test_an_empty_cell_makes_no_statement() -> None:
    rows: list[Row] = [{"id": "1", "name": None, "day": "2020"}]
    entries = (
        ["ex:p", "$(name)"],
        ["ex:p", "$(day) $(name)"],
        ["ex:p", "ex:x/$(name)~iri"],
        ["ex:p", "$(name)", "en~lang"],
    )
    assert objects(*entries, rows=rows) == []


def test_an_empty_subject_makes_no_statement() -> None:
    assert objects(["ex:p", "constant"], rows=[{"id": None}, {"id": "2"}]) == ['"constant"']


def _without(key: str) -> dict[str, Any]:
    content = document(["ex:p", "$(name)"])
    del content[key]
    return content


def _with(place: str, **more: object) -> dict[str, Any]:
    content = document(["ex:p", "$(name)"])
    {"top": content, "source": content["sources"]["t"], "mapping": content["mappings"]["m"]}[place].update(
        more
    )
    return content


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (_with("mapping", sources=[["people.csv~csv"]]), "people.csv~csv"),
        (_with("mapping", sources="elsewhere"), "elsewhere"),
        (_with("mapping", sources=[]), "no source"),
        (_with("source", referenceFormulation="xpath"), "xpath"),
        (_with("source", iterator="//a"), "iterator"),
        (_with("source", type="mysql", query="SELECT 1"), "query, type"),
        (_with("mapping", subjects=[]), "blank node"),
        (_with("mapping", subjects=None), "blank node"),
        (_with("mapping", subjects={"value": "$(id)", "type": "blank"}), "an IRI"),
        (_with("mapping", subjects=[{"quoted": "m"}]), "quoted"),
        (_with("top", sources={"t": ["people.csv~csv"]}), "people.csv~csv"),
        (_with("mapping", targets="a"), "targets"),
        (_with("mapping", graphs=["public", "confidential"]), "one graph"),
        (_with("top", base="http://example.com/"), "base"),
        (_with("top", external={"a": "b"}), "external"),
        (_without("mappings"), "no mappings"),
        ([], "not a mapping of keys"),
        (document(["nope:p", "$(name)"]), "nope"),
        (document(["ex:p", "nope:$(name)~iri"]), "nope"),
        (document(["ex:p", "$(name)", "nope:type"]), "nope"),
        (document(["ex:p", "nope:date(asmfn:value=$(day))"]), "nope"),
        (document(["ex:p", "$(name)"], subject="nope:$(id)"), "nope"),
        (document(["label", "$(name)"]), "label"),
        (document(["ex:$(name)", "$(name)"]), "ex:$(name)"),
        (document(["ex:p", "$(name)", "date"]), "date"),
        (document(["ex:p", "$(name)", "a-english~lang"]), "a-english"),
        (document(["ex:p", "$(name)", "en_GB~lang"]), "en_GB"),
        (document(["ex:p"]), "not [predicate, object]"),
        (document(["ex:p", "$(name)", "en~lang", "more"]), "not [predicate, object]"),
        (document({"p": "ex:p", "o": [["$(name)", "en~lang", "more"]]}), "not [value]"),
        (document({"o": "$(name)"}), "no predicate"),
        (document({"p": "ex:p"}), "None"),
        (document({"p": "ex:p", "o": {"datatype": "xsd:date"}}), "a value or a function"),
        (
            document({"p": "ex:p", "o": {"value": "x", "function": "asmfn:date(asmfn:value=$(day))"}}),
            "a value or a function",
        ),
        (document({"p": "ex:p", "o": {"value": "$(name)", "type": "blank"}}), "blank"),
        (
            document({"p": "ex:p", "o": {"value": "$(day)", "datatype": "xsd:date", "language": "en"}}),
            "datatype",
        ),
        (document({"p": "ex:p", "o": {"value": "$(page)", "type": "iri", "language": "en"}}), "language"),
        (document(["ex:p", "$(name)"], condition="$(name)"), "not a function"),
        (document(["ex:p", "asmfn:date($(day))"]), "not parameter=value"),
        (document({"p": "ex:p", "o": {"quoted": "m"}}), "quoted"),
        (document({"p": "ex:p", "o": {"value": "ex:a~iri", "targets": "t"}}), "targets"),
        (document({"p": "ex:p", "i": "ex:q", "o": "$(name)"}), "inverse"),
        (document(["ex:p", "asmfn:slug(asmfn:value=" * 20 + "$(name)" + ")" * 20]), "nested deeper"),
        (document([{"p": "ex:p"}, {"value": "$(name)"}, "en~lang"]), "long form"),
        (document({"p": "ex:p", "o": {"f": "asmfn:date", "pms": ["$(day)"]}}), "not [parameter, value]"),
        (document(["ex:p", "the $(name"]), "not closed"),
        (document(["ex:p", "the $()"]), "not closed"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(content: object, named: str) -> None:
    with pytest.raises(MappingError) as caught:
        yarrrml.parse(content)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (document(["ex:p", "$(nmae)"]), "'nmae'"),
        (document(["ex:p", "$(name)"], subject="ex:$(nmae)"), "'nmae'"),
        (document(["ex:p", "$(name)"], condition="asmfn:present(asmfn:value=$(nmae))"), "'nmae'"),
        (document(["ex:p", "$(secret)"]), "'secret'"),
        (document(["ex:p", "asmfn:upper(asmfn:value=$(name))"]), "function#upper"),
        (document(["ex:p", "asmfn:date(asmfn:value=$(day))", "xsd:date"]), "finished term"),
        (document(["ex:p", "asmfn:number(asmfn:value=asmfn:date(asmfn:value=$(day)))"]), "function#date"),
        (document(["ex:p", "asmfn:slug(asmfn:value=asmfn:present(asmfn:value=$(day)))"]), "function#present"),
        (document(["ex:p", "grel:controls_if(bool_b=$(name), any_true=x)"]), "needs a condition"),
        (
            document(["ex:p", "asmfn:first(value=$(name), value=asmfn:date(value=$(day)))"]),
            "texts and terms",
        ),
        (document(["ex:p", "asmfn:slug(value=$(name), value=$(day))"]), "twice"),
        (document(["ex:p", "asmfn:extract(value=$(name), pattern=$(day))"]), "must be a constant"),
        (
            document(
                {"p": "ex:p", "o": {"f": "asmfn:extract", "pms": [["value", "$(name)"], ["pattern", "["]]}}
            ),
            "regular",
        ),
        (document(["ex:p", "asmfn:date(value=$(day), form=%d)"]), "no year"),
        (document(["ex:p", "asmfn:date(value=$(day), form=%Y-%U)"]), "%U"),
        (document(["ex:p", "asmfn:number(value=$(day), decimal=;)"]), "decimal sign"),
        (document(["ex:p", "asmfn:hash(value=$(name), length=4)"]), "length"),
        (document(["ex:p", "asmfn:lookup(table=mineral, value=$(name), default=a:b c)"]), "no IRI"),
        (
            document(
                ["ex:p", "grel:string_replace(valueParameter=$(name), p_string_find='', p_string_replace=x)"]
            ),
            "find",
        ),
        (document(["ex:p", "asmfn:present(asmfn:value=$(name))"]), "function#present"),
        (document(["ex:p", "$(name)"], condition="asmfn:date(asmfn:value=$(day))"), "function#date"),
        (document(["ex:p", "asmfn:date(asmfn:text=$(day))"]), "value, not text"),
        (document(["ex:p", "asmfn:date(asmfn:value=$(day), asmfn:form=x)"]), "form"),
        (document(["ex:p", "asmfn:lookup(asmfn:value=$(name))"]), "table, value"),
        (document(["ex:p", "asmfn:lookup(asmfn:table=metal, asmfn:value=$(name))"]), "'metal'"),
        (document(["ex:p", "asmfn:lookup(asmfn:table=$(name), asmfn:value=$(name))"]), "must be a constant"),
        (document({"p": "ex:p", "o": "$(name)", "graphs": "ex:graph"}), "ex:graph"),
        (document(["ex:p", "$(name)"], graphs="secret"), "secret"),
        (document(["ex:p", "$(list) $(lists)"]), "list and lists"),
        (_with("source", access="http://example.com/sparql"), "http://example.com/sparql"),
    ],
)
def test_what_contradicts_the_source_is_refused_by_name(content: dict[str, Any], named: str) -> None:
    columns: dict[str, dict[str, Any]] = {"id": {}, "name": {}, "day": {}, "secret": {"ignore": "not needed"}}
    source = described(columns | {"list": {"split": ";"}, "lists": {"split": ";"}}, lookups={"mineral": {}})
    with pytest.raises(MappingError) as caught:
        rules(content, source)
    assert named in str(caught.value)


def test_a_message_names_source_file_and_mapping() -> None:
    with pytest.raises(MappingError, match=r"test/mapping\.yml: m: .*'nmae'"):
        rules(document(["ex:p", "$(nmae)"]), described(["id"]))


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (None, "cannot be read"),
        ("a: [", "is not YAML"),
        ("!!python/object/apply:os.getcwd []", "is not YAML"),
        ("a: 2024-02-30", "is not YAML"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(content: str | None, named: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "mapping.yml").write_text(content, encoding="utf-8")
    with pytest.raises(MappingError, match=named):
        yarrrml.load(tmp_path / "mapping.yml")


def test_type_is_known_without_a_declared_prefix() -> None:
    assert lines(document(["a", "http://b.org/Mine"], prefixes={"ex": EX}), [{"id": "1"}]) == [
        f"<{EX}1> <{TYPE}> <http://b.org/Mine> ."
    ]
