"""The ontology's files as graphs, each read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"


def _read(*patterns: str) -> Graph:
    graph = Graph()
    for pattern in patterns:
        for file in sorted(ONTOLOGY.glob(pattern)):
            graph.parse(file, format="turtle")
    return graph


@pytest.fixture(scope="session")
def ontology() -> Path:
    return ONTOLOGY


@pytest.fixture(scope="session")
def modules() -> Graph:
    return _read("*.ttl")


@pytest.fixture(scope="session")
def vocabulary() -> Graph:
    return _read("vocab/*.ttl")


@pytest.fixture(scope="session")
def shapes() -> Graph:
    return _read("shapes/*.ttl")
