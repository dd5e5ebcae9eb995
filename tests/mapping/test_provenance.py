"""The description of a graph is N-Triples, whatever the words of its source.yml."""

from __future__ import annotations

import datetime as dt

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from asmgraph.mapping.provenance import Version, describe
from asmgraph.records import Sensitivity
from tests.mapping.tables import described

VERSION = Version("test", "0123456789ab", "0" * 64, dt.datetime(2024, 6, 30, tzinfo=dt.UTC), "asmgraph")


@pytest.mark.parametrize(
    ("licence", "stated"),
    [
        ("https://example.org/licence", NamedNode("https://example.org/licence")),
        ("CC-BY-4.0", Literal("CC-BY-4.0")),
        ("CC BY 4.0 (https://example.org/licence)", Literal("CC BY 4.0 (https://example.org/licence)")),
    ],
)
def test_a_licence_is_an_address_only_where_it_is_one_as_a_whole(
    licence: str, stated: NamedNode | Literal
) -> None:
    source = described(["id"]).model_copy(update={"licence": licence})
    text = "\n".join(describe(source, VERSION, Sensitivity.PUBLIC))
    quads = list(parse(text, format=RdfFormat.N_TRIPLES))
    assert [q.object for q in quads if q.predicate.value.endswith("/license")] == [stated]
