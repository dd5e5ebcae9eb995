"""pySHACL, the reference validator, told to read the query of a SPARQL constraint once instead of once a thing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pyshacl
from pyshacl.errors import ReportableRuntimeError
from rdflib import SH, Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from asmgraph.errors import ConfigurationError


class Data(Graph):
    """A graph whose queries are parsed once: parsing takes far longer than answering for one thing."""

    def query(self, query_object: str | Query, *arguments: Any, **named: Any) -> Result:
        """Answer a query; a text is parsed the first time only."""
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *arguments, **named)


def validate(data: Data, shapes: Graph) -> Graph:
    """Return the SHACL validation report on the data; they and the shapes stay as they are.

    pySHACL gets a copy of the shapes, since it adds statements of its own to those that it is given. It speaks English
    alone (:func:`untranslated`).

    Raises
    ------
    ConfigurationError
        If pySHACL cannot apply the shapes, so that nothing is known of the data.
    """
    try:
        _, report, _ = pyshacl.validate(
            data, shacl_graph=untranslated(shapes), inference="none", inplace=True
        )
    except ReportableRuntimeError as error:  # that a shape cannot be read is raised
        report = error
    if not isinstance(report, Graph):  # that one cannot be applied is returned
        raise ConfigurationError(
            f"pySHACL cannot apply the shapes: {report}",
            "Mend what it names in ontology/shapes/, then run asmgraph ontology check.",
        )
    return report


def untranslated(shapes: Graph) -> Graph:
    """Return shapes that find the same and speak English alone.

    pySHACL goes through every statement on a constraint for each thing that it checks, translations too.
    """
    made = Graph()
    for triple in shapes:
        if triple[1] != SH.message or getattr(triple[2], "language", None) in (None, "en"):
            made.add(triple)
    return made


@lru_cache(maxsize=64)
def _prepared(text: str) -> Query:
    return prepareQuery(text)
