"""Who is armed at a site is stated where a name or a type of actor is given, and is never public."""

from __future__ import annotations

import pytest

from asmgraph import descriptions, resources
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.records import Sensitivity
from asmgraph.validation.promises import Checker
from tests.mapping.tables import batch

FOLDER = resources.catalogue() / "ipis"
VISIT = "https://w3id.org/asmgraph/id/visit/ipis-7"
TYPE = "Groupe armé local"


def stated(number: int, name: str | None, kind: str | None) -> dict[Sensitivity, set[str]]:
    """Return what is stated of the armed actor of that number, without its subject."""
    source = descriptions.load(FOLDER)
    cells = {"vid": "7", "pcode": "codmine1", "visit_date": "2015-01-01"}
    cells |= {f"taxation_armed_group{number}": "1", f"frequency_armed_group{number}": "Semestrielle"}
    told = {f"armed_group{number}": name, f"type_armed_group{number}": kind}
    rules = compiler.compile_rules(yarrrml.load(FOLDER / "mapping.yml"), source)
    found: dict[Sensitivity, set[str]] = {}
    for part in runner.run(rules, Checker(source).check([batch([{**cells, **told}], table="visits")])):
        for line in part.lines:
            subject, _, rest = line.partition(" ")
            if subject == f"<{VISIT}-armed-{number}>":
                found.setdefault(part.sensitivity, set()).add(rest.replace("https://w3id.org/asmgraph/", ""))
    return found


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize(
    ("name", "kind", "label"),
    [
        ("Raïa Mutomboki", TYPE, '"Raïa Mutomboki"'),
        ("Raïa Mutomboki", None, '"Raïa Mutomboki"'),
        ("Raïa Mutomboki", "0", '"Raïa Mutomboki"'),
        (None, TYPE, f'"{TYPE}"@fr'),
        (None, "Milice", '"Milice"@fr'),
    ],
)
def test_a_name_or_a_type_is_an_observation_that_is_confidential(
    number: int, name: str | None, kind: str | None, label: str
) -> None:
    ((level, lines),) = stated(number, name, kind).items()
    assert level is Sensitivity.CONFIDENTIAL
    assert {line for line in lines if line.startswith("<http://www.w3.org/2000/01/rdf-schema#label>")} == {
        f"<http://www.w3.org/2000/01/rdf-schema#label> {label} ."
    }
    assert "<ontology#taxation> <vocab/observation/yes> ." in lines
    assert "<ontology#pillage> <vocab/observation/not-asked> ." in lines
    assert any(line.startswith("<ontology#armedActor> ") for line in lines) == (name is not None)
    typed = "<ontology#armedActorType> <vocab/armed-actor-type/local-armed-group> ."
    assert (typed in lines) == (kind == TYPE)


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("kind", ["0", None])
def test_where_nobody_is_named_and_the_type_is_none_there_is_no_observation(
    number: int, kind: str | None
) -> None:
    assert stated(number, None, kind) == {}
