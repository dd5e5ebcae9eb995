"""Cases of the RML core test suite that a CSV table can say, restated by hand in YARRRML.

https://kg-construct.github.io/rml-core/test-cases/docs/ gives the numbers. Where a case says a number of
JSON, the cell is text here and the mapping names the datatype; where it drops a base IRI, the template is
absolute.
"""

from __future__ import annotations

from typing import Any

import pytest

from asmgraph.errors import MappingError
from asmgraph.mapping import yarrrml
from tests.mapping.tables import EX, PREFIXES, Row, document, lines

FOAF = "http://xmlns.com/foaf/0.1/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
WITH_FOAF = PREFIXES | {"foaf": FOAF, "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
INTEGER = f"<{PREFIXES['xsd']}integer>"
STUDENT = f"{EX}Student/10/Venus"


def _case(*entries: object, subject: str) -> dict[str, Any]:
    return document(*entries, subject=subject, prefixes=WITH_FOAF)


@pytest.mark.parametrize(
    ("content", "rows", "expected"),
    [
        pytest.param(
            _case(["foaf:name", "$(Name)"], subject="ex:$(Name)"),
            [{"Name": "Venus"}],
            [f'<{EX}Venus> <{FOAF}name> "Venus" .'],
            id="RMLTC0001a",
        ),
        pytest.param(
            _case(
                ["a", "foaf:Person"],
                ["ex:id", "$(ID)", "xsd:integer"],
                ["foaf:name", "$(Name)"],
                subject="ex:$(ID)/$(Name)",
            ),
            [{"ID": "10", "Name": "Venus"}],
            [
                f'<{EX}10/Venus> <{FOAF}name> "Venus" .',
                f'<{EX}10/Venus> <{EX}id> "10"^^{INTEGER} .',
                f"<{EX}10/Venus> {TYPE} <{FOAF}Person> .",
            ],
            id="RMLTC0002a",
        ),
        pytest.param(
            _case(
                ["a", "foaf:Person"], ["ex:owes", "$(amount)"], subject="http://example.com/$(fname);$(lname)"
            ),
            [
                {"fname": "Bob", "lname": "Smith", "amount": "30.0E0"},
                {"fname": "Sue", "lname": "Jones", "amount": "20.0E0"},
                {"fname": "Bob", "lname": "Smith", "amount": "30.0E0"},
            ],
            [
                f"<{EX}Bob;Smith> {TYPE} <{FOAF}Person> .",
                f'<{EX}Bob;Smith> <{EX}owes> "30.0E0" .',
                f"<{EX}Sue;Jones> {TYPE} <{FOAF}Person> .",
                f'<{EX}Sue;Jones> <{EX}owes> "20.0E0" .',
            ],
            id="RMLTC0005a",
        ),
        pytest.param(
            _case(["ex:description", "Bad Student"], subject="ex:BadStudent"),
            [{"ID": "10"}],
            [f'<{EX}BadStudent> <{EX}description> "Bad Student" .'],
            id="RMLTC0006a",
        ),
        pytest.param(
            _case(["rdf:type", "foaf:Person"], subject="ex:Student/$(ID)/$(FirstName)"),
            [{"ID": "10", "FirstName": "Venus"}],
            [f"<{STUDENT}> {TYPE} <{FOAF}Person> ."],
            id="RMLTC0007a",
        ),
        pytest.param(
            _case(
                ["a", ["ex:Student", "foaf:Person"]],
                ["foaf:name", "$(FirstName)"],
                subject="ex:Student/$(ID)/$(FirstName)",
            ),
            [{"ID": "10", "FirstName": "Venus"}],
            [
                f"<{STUDENT}> {TYPE} <{EX}Student> .",
                f"<{STUDENT}> {TYPE} <{FOAF}Person> .",
                f'<{STUDENT}> <{FOAF}name> "Venus" .',
            ],
            id="RMLTC0007c",
        ),
        pytest.param(
            _case([["foaf:name", "ex:name"], "$(Name)"], subject="ex:Student/$(ID)/$(Name)"),
            [{"ID": "10", "Name": "Venus Williams"}],
            [f'<{EX}Student/10/Venus%20Williams> <{p}name> "Venus Williams" .' for p in (EX, FOAF)],
            id="RMLTC0008c",
        ),
        pytest.param(
            _case(["ex:name", "$(Name)"], subject="ex:$(Country Code)/$(Name)"),
            [
                {"Country Code": "1", "Name": "Bolivia, Plurinational State of"},
                {"Country Code": "3", "Name": "Saint Martin (French part)"},
            ],
            [
                f'<{EX}1/Bolivia%2C%20Plurinational%20State%20of> <{EX}name> "Bolivia, Plurinational State of" .',
                f'<{EX}3/Saint%20Martin%20%28French%20part%29> <{EX}name> "Saint Martin (French part)" .',
            ],
            id="RMLTC0010b",
        ),
        pytest.param(
            _case(["ex:code", "{{{ $(ISO 3166) }}}"], subject="ex:$(Country Code)"),
            [{"Country Code": "1", "ISO 3166": "BO"}],
            [f'<{EX}1> <{EX}code> "{{{{{{ BO }}}}}}" .'],
            id="RMLTC0010c",
        ),
        pytest.param(
            _case(
                ["rdfs:label", "$(en)", "en~lang"], ["rdfs:label", "$(es)", "es~lang"], subject="ex:$(Code)"
            ),
            [{"Code": "IE", "en": "Ireland", "es": "Irlanda"}],
            [
                f'<{EX}IE> <http://www.w3.org/2000/01/rdf-schema#label> "Ireland"@en .',
                f'<{EX}IE> <http://www.w3.org/2000/01/rdf-schema#label> "Irlanda"@es .',
            ],
            id="RMLTC0015a",
        ),
        pytest.param(
            _case(["foaf:name", "$(FirstName)"], subject="$(FirstName)"),
            [{"FirstName": "http://example.com/ns#Jhon"}, {"FirstName": "Juan Daniel"}],
            [f'<{EX}ns#Jhon> <{FOAF}name> "http://example.com/ns#Jhon" .'],
            id="RMLTC0019a-b",
        ),
        pytest.param(
            _case(["a", "foaf:Person"], subject="ex:$(Name)"),
            [{"Name": name} for name in ("http://example.com/company/Alice", "Bob/Charles", "path/../Danny")],
            [
                f"<{EX}Bob%2FCharles> {TYPE} <{FOAF}Person> .",
                f"<{EX}http%3A%2F%2Fexample.com%2Fcompany%2FAlice> {TYPE} <{FOAF}Person> .",
                f"<{EX}path%2F..%2FDanny> {TYPE} <{FOAF}Person> .",
            ],
            id="RMLTC0020a",
        ),
    ],
)
def test_case_gives_the_expected_statements(
    content: dict[str, Any], rows: list[Row], expected: list[str]
) -> None:
    assert lines(content, rows) == sorted(expected)


def test_rmltc0015b_an_invalid_language_is_an_error() -> None:
    content = _case(["rdfs:label", "$(Name)", "a-english~lang"], subject="ex:$(Code)")
    with pytest.raises(MappingError, match="a-english"):
        yarrrml.parse(content)


def test_rmltc0002e_a_reference_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(MappingError, match="IDs"):
        lines(_case(["ex:id", "$(IDs)"], subject="ex:$(ID)"), [{"ID": "10"}])
