"""What pySHACL cannot apply is an error that says so, never a report that finds nothing; shapes stay as they are."""

from __future__ import annotations

import pytest
from rdflib import Graph

from asmgraph.errors import ConfigurationError
from asmgraph.ontology import files
from asmgraph.ontology.validator import Data, validate

SHAPE = """
@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:Thing a sh:NodeShape ; sh:targetNode ex:one ; {constraint} .
"""
BROKEN = {
    "applied": (
        'sh:sparql [ sh:select "SELECT $this { $this ?p ?o MINUS { $this ?p ex:two } }" ]',
        "must not contain a MINUS clause",
    ),
    "read": ("sh:property [ sh:path ex:p ; sh:minCount 1 , 2 ]", "minCount"),
}


@pytest.mark.parametrize(("constraint", "said"), BROKEN.values(), ids=BROKEN)
def test_a_shape_that_cannot_be_used_is_named(constraint: str, said: str) -> None:
    data = Data().parse(data="<https://example.org/one> a <https://example.org/Two> .", format="turtle")
    assert isinstance(data, Data)
    with pytest.raises(ConfigurationError, match=said) as caught:
        validate(data, Graph().parse(data=SHAPE.format(constraint=constraint), format="turtle"))
    assert "ontology/shapes" in caught.value.hint


def test_the_shapes_stay_as_they_are() -> None:
    shapes, before = files.shapes(), set(files.shapes())
    validate(Data(), shapes)
    assert set(shapes) == before
