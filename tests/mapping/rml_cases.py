"""The cases of the RML core test suite, restated by hand in YARRRML over tables.

https://kg-construct.github.io/rml-core/test-cases/docs/ gives the numbers. Where a case takes a number's type from
JSON, the mapping names the datatype; where it relies on a base IRI, the template is absolute; where it puts everything
into the default graph by name, the mapping names no graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.mapping.tables import EX, PREFIXES, Row

FOAF = "http://xmlns.com/foaf/0.1/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = PREFIXES["xsd"]
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True)
class Case:
    """One case: mappings, the rows of each table, and the statements expected, as subject, predicate and object.

    ``differs`` says where and why the statements are not those of the suite.
    """

    mappings: Mapping[str, Any]
    rows: Mapping[str, Sequence[Row]]
    expected: Sequence[tuple[str, str, str]] = ()
    splits: Mapping[str, str] = field(default_factory=dict)
    differs: str = ""

    @property
    def content(self) -> dict[str, Any]:
        """Return the whole YARRRML document."""
        prefixes = PREFIXES | {"practice": f"{EX}ontology/"}
        return {"prefixes": prefixes, "sources": {name: {} for name in self.rows}, "mappings": self.mappings}

    @property
    def lines(self) -> list[str]:
        """Return the statements as N-Triples, sorted."""
        return sorted(f"<{s}> <{p}> {o} ." for s, p, o in self.expected)


def _one(subject: object, *entries: object, rows: Sequence[Row], expected: Any = (), **more: Any) -> Case:
    return Case({"m": {"sources": "t", "s": subject, "po": list(entries)}}, {"t": rows}, expected, **more)


def _integer(number: int) -> str:
    return f'"{number}"^^<{XSD}integer>'


_PERSON = ["a", "foaf:Person"]
_NAMED = ["foaf:name", "$(Name)"]
_VENUS: list[Row] = [{"ID": "10", "Name": "Venus"}]
_WILLIAMS: list[Row] = [{"ID": "10", "FirstName": "Venus", "LastName": "Williams"}]
_TENNIS: list[Row] = [{"ID": "10", "Name": "Venus Williams", "Sport": "Tennis"}]
_STUDENT, _FIRST = "ex:Student/$(ID)/$(FirstName)", f"{EX}Student/10/Venus"
_ENCODED = f"{EX}Student/10/Venus%20Williams"
_COUNTRIES: list[Row] = [
    {"Country Code": "1", "Name": "Bolivia, Plurinational State of", "ISO 3166": "BO"},
    {"Country Code": "2", "Name": "Ireland", "ISO 3166": "IE"},
    {"Country Code": "3", "Name": "Saint Martin (French part)", "ISO 3166": "MF"},
]
_ENCODED_COUNTRIES = (
    f"{EX}1/Bolivia%2C%20Plurinational%20State%20of",
    f"{EX}2/Ireland",
    f"{EX}3/Saint%20Martin%20%28French%20part%29",
)
_PERSONS: list[Row] = [
    {"fname": "Bob", "lname": "Smith", "amount": "30"},
    {"fname": "Sue", "lname": "Jones", "amount": "20"},
]
_AMOUNT = ["ex:amount", "$(amount)", "xsd:integer"]


def _based(first: str, second: str) -> Case:
    return Case(
        {
            "one": {"sources": "t", "s": f"{first}$(fname)", "po": [_AMOUNT]},
            "two": {"sources": "t", "s": f"{second}$(lname)", "po": [_AMOUNT]},
        },
        {"t": _PERSONS},
        [
            (f"{first}Bob", f"{EX}amount", _integer(30)),
            (f"{first}Sue", f"{EX}amount", _integer(20)),
            (f"{second}Smith", f"{EX}amount", _integer(30)),
            (f"{second}Jones", f"{EX}amount", _integer(20)),
        ],
    )


def _practises(first: str, second: str, *, graph: str | None = None) -> dict[str, Any]:
    link = {
        "mapping": "sport",
        "condition": {"function": "equal", "parameters": [["str1", first, "s"], ["str2", second, "o"]]},
    }
    entry = {"p": "practice:practises", "o": link} | ({"graphs": graph} if graph else {})
    return {
        "student": {
            "sources": "student",
            "s": f"{EX}resource/student_$(ID)",
            "po": [["a", "practice:Student"], _NAMED, entry],
        },
        "sport": {
            "sources": "sport",
            "s": f"{EX}resource/sport_$(ID)",
            "po": [["a", "practice:Sport"], ["rdfs:label", "$(Name)"]],
        },
    }


_PRACTISING: Mapping[str, Sequence[Row]] = {
    "student": [
        {"ID": "10", "Sport": "100", "Name": "Venus Williams"},
        {"ID": "20", "Sport": "300", "Name": "Demi Moore"},
    ],
    "sport": [{"ID": "100", "Name": "Tennis"}, {"ID": "200", "Name": "Football"}],
}
_PRACTISED = [
    (f"{EX}resource/student_10", TYPE, f"<{EX}ontology/Student>"),
    (f"{EX}resource/student_20", TYPE, f"<{EX}ontology/Student>"),
    (f"{EX}resource/student_10", f"{FOAF}name", '"Venus Williams"'),
    (f"{EX}resource/student_20", f"{FOAF}name", '"Demi Moore"'),
    (f"{EX}resource/student_10", f"{EX}ontology/practises", f"<{EX}resource/sport_100>"),
    (f"{EX}resource/sport_100", TYPE, f"<{EX}ontology/Sport>"),
    (f"{EX}resource/sport_200", TYPE, f"<{EX}ontology/Sport>"),
    (f"{EX}resource/sport_100", f"{RDFS}label", '"Tennis"'),
    (f"{EX}resource/sport_200", f"{RDFS}label", '"Football"'),
]
_FOO: list[Row] = [{"FOO": "1", "BAR": "string"}, {"FOO": "2", "BAR": "int"}]

RESTATED: Mapping[str, Case] = {
    "0000": _one("ex:$(Name)", _NAMED, rows=[]),
    "0001a": _one(
        "ex:$(Name)", _NAMED, rows=[{"Name": "Venus"}], expected=[(f"{EX}Venus", f"{FOAF}name", '"Venus"')]
    ),
    "0002a": _one(
        "ex:$(ID)/$(Name)",
        _PERSON,
        ["ex:id", "$(ID)", "xsd:integer"],
        _NAMED,
        rows=_VENUS,
        expected=[
            (f"{EX}10/Venus", f"{FOAF}name", '"Venus"'),
            (f"{EX}10/Venus", f"{EX}id", _integer(10)),
            (f"{EX}10/Venus", TYPE, f"<{FOAF}Person>"),
        ],
    ),
    "0003c": _one(
        "ex:Student$(ID)",
        ["foaf:name", "$(FirstName) $(LastName)"],
        rows=_WILLIAMS,
        expected=[(f"{EX}Student10", f"{FOAF}name", '"Venus Williams"')],
    ),
    "0004a": Case(
        {
            "student": {
                "sources": "t",
                "s": "ex:$(Student)",
                "po": [["a", "ex:Student"], ["foaf:name", "$(Student)"]],
            },
            "sport": {
                "sources": "t",
                "s": "ex:$(Sport)",
                "po": [["a", "ex:Sport"], ["foaf:name", "$(Sport)"]],
            },
        },
        {"t": [{"Student": "Venus", "Sport": "Tennis"}]},
        [
            (f"{EX}Venus", f"{FOAF}name", '"Venus"'),
            (f"{EX}Venus", TYPE, f"<{EX}Student>"),
            (f"{EX}Tennis", f"{FOAF}name", '"Tennis"'),
            (f"{EX}Tennis", TYPE, f"<{EX}Sport>"),
        ],
    ),
    "0005a": _one(
        f"{EX}$(fname);$(lname)",
        _PERSON,
        ["ex:owes", "$(amount)"],
        rows=[
            {"fname": "Bob", "lname": "Smith", "amount": "30.0E0"},
            {"fname": "Sue", "lname": "Jones", "amount": "20.0E0"},
            {"fname": "Bob", "lname": "Smith", "amount": "30.0E0"},
        ],
        expected=[
            (f"{EX}Bob;Smith", TYPE, f"<{FOAF}Person>"),
            (f"{EX}Bob;Smith", f"{EX}owes", '"30.0E0"'),
            (f"{EX}Sue;Jones", TYPE, f"<{FOAF}Person>"),
            (f"{EX}Sue;Jones", f"{EX}owes", '"20.0E0"'),
        ],
    ),
    "0007a": _one(
        _STUDENT, ["rdf:type", "foaf:Person"], rows=_WILLIAMS, expected=[(_FIRST, TYPE, f"<{FOAF}Person>")]
    ),
    "0007c": _one(
        _STUDENT,
        ["a", ["ex:Student", "foaf:Person"]],
        ["ex:id", "$(ID)", "xsd:integer"],
        ["foaf:name", "$(FirstName)"],
        rows=_WILLIAMS,
        expected=[
            (_FIRST, TYPE, f"<{EX}Student>"),
            (_FIRST, TYPE, f"<{FOAF}Person>"),
            (_FIRST, f"{EX}id", _integer(10)),
            (_FIRST, f"{FOAF}name", '"Venus"'),
        ],
    ),
    "0007d": _one(
        _STUDENT,
        _PERSON,
        ["a", "ex:Student"],
        {"p": "ex:id", "o": {"value": "$(ID)", "datatype": "xsd:integer"}},
        {"p": "foaf:name", "o": "$(FirstName)"},
        rows=_WILLIAMS,
        expected=[
            (_FIRST, TYPE, f"<{EX}Student>"),
            (_FIRST, TYPE, f"<{FOAF}Person>"),
            (_FIRST, f"{EX}id", _integer(10)),
            (_FIRST, f"{FOAF}name", '"Venus"'),
        ],
    ),
    "0007g": _one(
        _STUDENT,
        ["foaf:name", "$(FirstName)"],
        rows=_WILLIAMS,
        expected=[(_FIRST, f"{FOAF}name", '"Venus"')],
    ),
    "0008b": Case(
        {
            "student": {
                "sources": "t",
                "s": "ex:Student/$(ID)/$(Name)",
                "po": [
                    {"p": "ex:Sport", "o": {"mapping": "sport"}},
                    _PERSON,
                    ["ex:id", "$(ID)", "xsd:integer"],
                    _NAMED,
                ],
            },
            "sport": {"sources": "t", "s": "ex:$(Sport)", "po": [["a", "ex:activity/Sport"]]},
        },
        {"t": _TENNIS},
        [
            (_ENCODED, TYPE, f"<{FOAF}Person>"),
            (_ENCODED, f"{FOAF}name", '"Venus Williams"'),
            (_ENCODED, f"{EX}id", _integer(10)),
            (_ENCODED, f"{EX}Sport", f"<{EX}Tennis>"),
            (f"{EX}Tennis", TYPE, f"<{EX}activity/Sport>"),
        ],
    ),
    "0008c": _one(
        "ex:Student/$(ID)/$(Name)",
        [["ex:name", "foaf:name"], "$(Name)"],
        rows=_TENNIS,
        expected=[(_ENCODED, f"{vocabulary}name", '"Venus Williams"') for vocabulary in (EX, FOAF)],
    ),
    "0009a": Case(
        {
            name: {
                **one,
                "po": [entry for entry in one["po"] if entry[0] != "a"] if name == "sport" else one["po"][1:],
            }
            for name, one in _practises("$(Sport)", "$(ID)").items()
        },
        {
            "student": [
                {"ID": "10", "Sport": "100", "Name": "Venus Williams"},
                {"ID": "20", "Sport": None, "Name": "Demi Moore"},
            ],
            "sport": [{"ID": "100", "Name": "Tennis"}],
        },
        [one for one in _PRACTISED if one[1] != TYPE and "200" not in one[0]],
    ),
    "0010a": _one(
        "ex:$(Country Code)",
        ["ex:name", "$(Name)"],
        rows=_COUNTRIES,
        expected=[(f"{EX}{row['Country Code']}", f"{EX}name", f'"{row["Name"]}"') for row in _COUNTRIES],
    ),
    "0010b": _one(
        "ex:$(Country Code)/$(Name)",
        ["ex:name", "$(Name)"],
        rows=_COUNTRIES,
        expected=[
            (thing, f"{EX}name", f'"{row["Name"]}"')
            for thing, row in zip(_ENCODED_COUNTRIES, _COUNTRIES, strict=True)
        ],
    ),
    "0010c": _one(
        "ex:$(Country Code)/$(Name)",
        ["ex:code", "{{{ $(ISO 3166) }}}"],
        rows=_COUNTRIES,
        expected=[
            (thing, f"{EX}code", f'"{{{{{{ {row["ISO 3166"]} }}}}}}"')
            for thing, row in zip(_ENCODED_COUNTRIES, _COUNTRIES, strict=True)
        ],
    ),
    "0011b": Case(
        {
            "link": {
                "sources": "links",
                "s": "ex:student/$(ID_Student)",
                "po": [["ex:plays", "ex:sport/$(ID_Sport)~iri"]],
            },
            "student": {
                "sources": "students",
                "s": "ex:student/$(ID)",
                "po": [["ex:firstName", "$(FirstName)"], ["ex:lastName", "$(LastName)"]],
            },
            "sport": {
                "sources": "sports",
                "s": "ex:sport/$(ID)",
                "po": [["ex:description", "$(Description)"], ["ex:id", "$(ID)", "xsd:integer"]],
            },
        },
        {
            "links": [
                {"ID_Student": student, "ID_Sport": sport}
                for student, sport in (("10", "110"), ("11", "111"), ("11", "112"), ("12", "111"))
            ],
            "students": [
                {"ID": "10", "FirstName": "Venus", "LastName": "Williams"},
                {"ID": "11", "FirstName": "Fernando", "LastName": "Alonso"},
                {"ID": "12", "FirstName": "David", "LastName": "Villa"},
            ],
            "sports": [
                {"ID": "110", "Description": "Tennis"},
                {"ID": "111", "Description": "Football"},
                {"ID": "112", "Description": "Formula1"},
            ],
        },
        [
            *(
                (f"{EX}student/{student}", f"{EX}plays", f"<{EX}sport/{sport}>")
                for student, sport in (("10", "110"), ("11", "111"), ("11", "112"), ("12", "111"))
            ),
            *(
                (f"{EX}student/{number}", f"{EX}{key}", f'"{name}"')
                for number, first, last in (
                    ("10", "Venus", "Williams"),
                    ("11", "Fernando", "Alonso"),
                    ("12", "David", "Villa"),
                )
                for key, name in (("firstName", first), ("lastName", last))
            ),
            *(
                (f"{EX}sport/{number}", f"{EX}{key}", value)
                for number, name in ((110, "Tennis"), (111, "Football"), (112, "Formula1"))
                for key, value in (("description", f'"{name}"'), ("id", _integer(number)))
            ),
        ],
    ),
    "0013a": _one(
        "ex:Person/$(ID)/$(Name)/$(DateOfBirth)",
        ["ex:BirthDay", "$(DateOfBirth)"],
        rows=[
            {"ID": "1", "Name": "Alice", "DateOfBirth": None},
            {"ID": "2", "Name": "Bob", "DateOfBirth": "September, 2010"},
        ],
        expected=[(f"{EX}Person/2/Bob/September%2C%202010", f"{EX}BirthDay", '"September, 2010"')],
    ),
    "0015a": Case(
        {
            language: {
                "sources": language,
                "s": "ex:$(Code)",
                "po": [["rdfs:label", "$(Name)", f"{language}~lang"]],
            }
            for language in ("en", "es")
        },
        {
            "en": [
                {"Code": "BO", "Name": "Bolivia, Plurinational State of"},
                {"Code": "IE", "Name": "Ireland"},
            ],
            "es": [
                {"Code": "BO", "Name": "Estado Plurinacional de Bolivia"},
                {"Code": "IE", "Name": "Irlanda"},
            ],
        },
        [
            (f"{EX}BO", f"{RDFS}label", '"Bolivia, Plurinational State of"@en'),
            (f"{EX}BO", f"{RDFS}label", '"Estado Plurinacional de Bolivia"@es'),
            (f"{EX}IE", f"{RDFS}label", '"Ireland"@en'),
            (f"{EX}IE", f"{RDFS}label", '"Irlanda"@es'),
        ],
    ),
    "0019a": _one(
        "$(FirstName)",
        ["foaf:name", "$(FirstName)"],
        rows=[{"FirstName": "http://example.com/ns#Jhon"}, {"FirstName": "Carlos"}],
        expected=[(f"{EX}ns#Jhon", f"{FOAF}name", '"http://example.com/ns#Jhon"')],
        differs="a cell that is no absolute IRI names nothing, as there is no base to complete it with",
    ),
    "0020a": _one(
        "ex:$(Name)",
        _PERSON,
        rows=[
            {"Name": name}
            for name in (f"{EX}company/Alice", "Bob", "Bob/Charles", "path/../Danny", "Emily Smith")
        ],
        expected=[
            (EX + name, TYPE, f"<{FOAF}Person>")
            for name in (
                "http%3A%2F%2Fexample.com%2Fcompany%2FAlice",
                "Bob",
                "Bob%2FCharles",
                "path%2F..%2FDanny",
                "Emily%20Smith",
            )
        ],
    ),
    "0021a": _one(
        "ex:Student/$(ID)/$(Name)",
        {
            "p": "ex:sameSportAs",
            "o": {"mapping": "m", "condition": "equal(str1=$(Sport), str2=$(Sport))"},
        },
        rows=[
            {"ID": "10", "Name": "Venus Williams", "Sport": "Tennis"},
            {"ID": "20", "Name": "Serena Williams", "Sport": "Tennis"},
            {"ID": "30", "Name": "Loena Hendrickx", "Sport": "Figure skating"},
        ],
        expected=[
            (f"{EX}Student/{one}", f"{EX}sameSportAs", f"<{EX}Student/{other}>")
            for one, other in (
                ("10/Venus%20Williams", "10/Venus%20Williams"),
                ("10/Venus%20Williams", "20/Serena%20Williams"),
                ("20/Serena%20Williams", "10/Venus%20Williams"),
                ("20/Serena%20Williams", "20/Serena%20Williams"),
                ("30/Loena%20Hendrickx", "30/Loena%20Hendrickx"),
            )
        ],
    ),
    "0022a": _one(
        "ex:$(Name)",
        ["foaf:name", "$(Name)", "xsd:string"],
        ["ex:age", "$(Age)", "xsd:int"],
        rows=[{"Name": "Venus", "Age": "21"}],
        expected=[
            (f"{EX}Venus", f"{FOAF}name", '"Venus"'),
            (f"{EX}Venus", f"{EX}age", f'"21"^^<{XSD}int>'),
        ],
    ),
    "0022b": _one(
        "ex:$(FOO)",
        {"p": "ex:x", "o": {"value": "$(FOO)", "datatype": "xsd:$(BAR)"}},
        rows=_FOO,
        expected=[(f"{EX}1", f"{EX}x", '"1"'), (f"{EX}2", f"{EX}x", f'"2"^^<{XSD}int>')],
    ),
    "0022c": _one(
        "ex:$(FOO)",
        {"p": "ex:x", "o": {"value": "$(FOO)", "datatype": "ex:datatype#$(BAR)"}},
        rows=_FOO,
        expected=[
            (f"{EX}1", f"{EX}x", f'"1"^^<{EX}datatype#string>'),
            (f"{EX}2", f"{EX}x", f'"2"^^<{EX}datatype#int>'),
        ],
    ),
    "0022d": _one(
        "ex:$(FOO)",
        ["ex:x", "$(FOO)", "xsd:integer"],
        rows=_FOO,
        expected=[(f"{EX}1", f"{EX}x", _integer(1)), (f"{EX}2", f"{EX}x", _integer(2))],
    ),
    "0022e": _one(
        "ex:$(FOO)",
        {"p": "ex:x", "o": {"value": "$(FOO)", "datatype": "$(BAR)"}},
        rows=[{"FOO": "1", "BAR": f"{XSD}string"}, {"FOO": "2", "BAR": f"{XSD}int"}],
        expected=[(f"{EX}1", f"{EX}x", '"1"'), (f"{EX}2", f"{EX}x", f'"2"^^<{XSD}int>')],
    ),
    "0023f": _one(
        "ex:$({Name})",
        _PERSON,
        rows=[{"{Name}": "Venus"}],
        expected=[(f"{EX}Venus", TYPE, f"<{FOAF}Person>")],
    ),
    "0025a": _one(
        "ex:Student/$(fname)/$(lname)",
        ["ex:amount", "$(amounts)", "xsd:integer"],
        rows=[{"fname": "Bob", "lname": "Smith", "amounts": "30|40|50"}],
        expected=[(f"{EX}Student/Bob/Smith", f"{EX}amount", _integer(amount)) for amount in (30, 40, 50)],
        splits={"amounts": "|"},
    ),
    "0026a": _based(EX, EX),
    "0026b": _based("http://tp1.com/", EX),
    "0026c": _based(EX, EX),
    "0026d": _based("http://example2.com/", "http://example2.com/"),
    "0027c": _one(
        "ex:Person/$(Name)",
        _PERSON,
        rows=[{"Name": "Zoë Krüger"}],
        expected=[(f"{EX}Person/Zoë%20Krüger", TYPE, f"<{FOAF}Person>")],
    ),
    "0028a": _one(
        "https://example.org/instances/$(id)",
        ["http://example.org/ns/p", True, "xsd:boolean"],
        rows=[{"id": "0"}],
        expected=[("https://example.org/instances/0", "http://example.org/ns/p", f'"true"^^<{XSD}boolean>')],
    ),
    "0028c": _one(
        "https://example.org/instances/$(id)",
        ["http://example.org/ns/p", "train", "en~lang"],
        rows=[{"id": "0"}],
        expected=[("https://example.org/instances/0", "http://example.org/ns/p", '"train"@en')],
    ),
    "0029a": _one(
        "ex:example",
        ["ex:x", "$(FOO)"],
        rows=[{"FOO": "one"}, {"FOO": "two"}],
        expected=[(f"{EX}example", f"{EX}x", f'"{text}"') for text in ("one", "two")],
    ),
    "0030a": Case(_practises("$(Sport)", "$(ID)"), _PRACTISING, _PRACTISED),
    "0030b": Case(_practises(f"{EX}$(Sport)", f"{EX}$(ID)"), _PRACTISING, _PRACTISED),
    "0031a": _one(
        "ex:$(ID)",
        {"p": "rdfs:label", "o": {"value": "$(label)", "language": "en"}},
        rows=[{"ID": "10", "label": "apple"}, {"ID": "20", "label": "pear"}],
        expected=[(f"{EX}10", f"{RDFS}label", '"apple"@en'), (f"{EX}20", f"{RDFS}label", '"pear"@en')],
    ),
    "0031b": _one(
        "ex:$(ID)",
        ["rdfs:label", "$(label)", "$(language)~lang"],
        rows=[
            {"ID": "10", "label": "apple", "language": "en"},
            {"ID": "10", "label": "pomme", "language": "fr"},
        ],
        expected=[(f"{EX}10", f"{RDFS}label", '"apple"@en'), (f"{EX}10", f"{RDFS}label", '"pomme"@fr')],
    ),
    "0031c": _one(
        "ex:$(ID)",
        ["rdfs:label", "$(label)", "$(language)-$(region)~lang"],
        rows=[
            {"ID": "10", "label": "aubergine", "language": "en", "region": "GB"},
            {"ID": "10", "label": "eggplant", "language": "en", "region": "US"},
        ],
        expected=[
            (f"{EX}10", f"{RDFS}label", '"aubergine"@en-GB'),
            (f"{EX}10", f"{RDFS}label", '"eggplant"@en-US'),
        ],
    ),
}
"""Cases that give their statements."""


def _graph(name: object, *, entry: bool = False) -> Case:
    inner = {"p": "foaf:name", "o": "$(FirstName)"} | ({"graphs": name} if entry else {})
    outer = {} if entry else {"graphs": name}
    return Case({"m": {"sources": "t", "s": _STUDENT, "po": [inner], **outer}}, {"t": _WILLIAMS})


def _template(subject: str, column: str) -> Case:
    return _one(subject, _PERSON, rows=[{column: "Venus"}])


_BLANK: dict[str, Any] = {"value": "$(Name)", "type": "blank"}

REFUSED: Mapping[str, tuple[Case, str]] = {
    # The suite expects an error too.
    "0002e": (Case({"m": {"sources": "u", "s": "ex:$(ID)", "po": []}}, {"t": _VENUS}), "'u'"),
    "0002g": (
        Case(
            {"m": {"sources": [["student.json~jsonpath", "$.students[*]]"]], "s": "ex:$(ID)"}}, {"t": _VENUS}
        ),
        "student.json",
    ),
    "0004b": (_one({"value": "ex:$(Name)", "type": "literal"}, _NAMED, rows=_VENUS), "an IRI"),
    "0007h": (_graph("$(ID)"), "the graph '$(ID)'"),
    "0012c": (Case({"m": {"sources": "t", "po": [_AMOUNT]}}, {"t": _PERSONS}), "no subject"),
    "0015b": (_one("ex:$(ID)", ["rdfs:label", "$(Name)", "a-english~lang"], rows=_VENUS), "a-english"),
    "0023a": (_template("ex:$($(Name))", "{Name}"), "'$(Name'"),
    "0023b": (_template("ex:$(N\\ame)", "N\\ame"), "N\\ame"),
    "0023c": (_template("ex:$(Name\\)", "Name"), "not closed"),
    "0023d": (_template("ex:$(\\\\(Name\\\\))", "(Name)"), "no column"),
    "0023e": (_template("ex:$(N\\\\\\ame)", "N\\ame"), "N\\\\\\ame"),
    "0024a": (_one({"value": "School", "type": "blank"}, _NAMED, rows=_VENUS), "an IRI"),
    # Blank nodes: a thing without a name cannot be followed from one version of a source to the next.
    "0001b": (_one(_BLANK, _NAMED, rows=_VENUS), "an IRI"),
    "0002b": (_one({"value": "students$(ID)", "type": "blank"}, _NAMED, rows=_VENUS), "an IRI"),
    "0012a": (_one({"value": "$(fname)$(amount)", "type": "blank"}, _AMOUNT, rows=_PERSONS), "an IRI"),
    "0012b": (_one({"value": "$(fname)$(lname)", "type": "blank"}, _AMOUNT, rows=_PERSONS), "an IRI"),
    "0012e": (_one(None, _AMOUNT, rows=_PERSONS), "blank node"),
    # Named graphs: what a source states goes to the source's own graph.
    "0006a": (_graph(f"{EX}graph/student"), "the graph"),
    "0007b": (_graph("ex:PersonGraph"), "the graph 'ex:PersonGraph'"),
    "0007e": (_graph(["ex:PersonGraph"]), "the graph 'ex:PersonGraph'"),
    "0007f": (_graph("ex:PersonGraph", entry=True), "the graph 'ex:PersonGraph'"),
    "0008a": (_graph("ex:graph/Student/$(ID)"), "the graph"),
    "0009b": (Case(_practises("$(Sport)", "$(ID)", graph="ex:graph/practise"), _PRACTISING), "the graph"),
    "0028b": (_graph(["ex:1", "ex:default"]), "one graph"),
    # A join by a constant pairs every row with every other.
    "0030c": (Case(_practises("$(Sport)", "100"), _PRACTISING), "by a constant"),
    "0030d": (Case(_practises(f"{EX}$(Sport)", f"{EX}100"), _PRACTISING), "by a constant"),
    "0030e": (Case(_practises("100", "$(ID)"), _PRACTISING), "by a constant"),
    "0030f": (Case(_practises(f"{EX}100", f"{EX}$(ID)"), _PRACTISING), "by a constant"),
    # Two lists in one statement would pair every item with every other.
    "0025c": (
        _one(
            "ex:Student/$(names)",
            ["ex:amount", "$(amounts)", "xsd:integer"],
            rows=[{"names": "Bob|Smith", "amounts": "30|40|50"}],
            splits={"names": "|", "amounts": "|"},
        ),
        "two lists",
    ),
}
"""Cases that are refused, and what the message names."""

ELSEWHERE: Mapping[str, str] = {
    "0012d": "YARRRML allows several subjects, where RML has one; each states everything.",
    "0019b": "A cell that is no IRI is refused where rows are checked, by 'type: iri' in source.yml.",
    "0025b": "A cell is a text; a reader of JSON decides what it makes of a list.",
    "0027a": "YARRRML has no term type URI; letters beyond ASCII stay as they are in IRIs.",
    "0027b": "YARRRML has no term type UnsafeIRI; values in templates are always encoded.",
}
"""Cases that are not restated, and why."""
