"""pyshacl-turbo, a SHACL engine in Rust, in the place of pySHACL where it is installed in the version that was tested.

It is optional, and pySHACL stays the reference: ``tests/validation/test_accelerator.py`` holds the two against each
other. Both see the same graph, since the statements are first written as rdflib writes them.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from rdflib import Graph, Literal, URIRef

from asmgraph.errors import ConfigurationError

TESTED = "0.6.5"
"""Another version is not used: it may find other things."""
_TYPED = re.compile(r'^(.* )"([^"\\]*)"\^\^<([^>]*)> \.$')


def available() -> bool:
    """Say whether the tested version is installed."""
    try:
        return version("pyshacl-turbo") == TESTED
    except PackageNotFoundError:
        return False


class Accelerator:
    """The shapes, compiled once."""

    def __init__(self, shapes: Graph) -> None:
        import pyshacl_turbo

        try:
            self._program = pyshacl_turbo.compile_shapes(shapes)  # type: ignore[no-untyped-call]
        except (RuntimeError, ValueError) as error:
            raise _refused(error) from None

    def report(self, text: str) -> Graph:
        """Return the SHACL validation report on N-Triples text.

        Raises
        ------
        ConfigurationError
            If the shapes cannot be applied, so that nothing is known of the data.
        """
        from pyshacl_turbo.rdf import Input

        lines = dict.fromkeys(map(_as_rdflib, text.split("\n")))
        given = Input("\n".join(lines), "nt", None, {}, {})
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                _, report, _ = self._program.validate(given)
        except (RuntimeError, ValueError) as error:
            raise _refused(error) from None
        if not isinstance(report, Graph):
            raise _refused(report)
        return report


def _as_rdflib(line: str) -> str:
    """Write a number or a date as rdflib would: ``007`` and ``7`` are one value to it."""
    found = _TYPED.match(line)
    return f"{found[1]}{_normal(found[2], found[3])} ." if found else line


@lru_cache(maxsize=65_536)
def _normal(text: str, datatype: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = Literal(text, datatype=URIRef(datatype))
    return f'"{value!s}"^^<{datatype}>'


def _refused(error: object) -> ConfigurationError:
    return ConfigurationError(
        f"pyshacl-turbo cannot apply the shapes: {error}",
        "Mend what it names in ontology/shapes/, then run asmgraph ontology check.",
    )
