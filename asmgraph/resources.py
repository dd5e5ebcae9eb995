"""Where the ontology and the source catalogue lie: in a checkout beside the package, in a wheel inside it.

This module alone knows both locations.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    installed = _PACKAGE / "_resources" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def ontology() -> Path:
    """Return the folder of the ontology: modules, ``vocab/``, ``shapes/``, ``rules/``, ``examples/``."""
    return _folder("ontology")


@cache
def rules() -> Mapping[str, str]:
    """Return the texts of the rules of inference in ``ontology/rules/``, by name."""
    found = sorted((ontology() / "rules").glob("*.rq"))
    return MappingProxyType({file.stem: file.read_text(encoding="utf-8") for file in found})


def catalogue() -> Path:
    """Return the folder of the source catalogue: one folder a source."""
    return _folder("data")


@cache
def query(name: str) -> str:
    """Return the text of the SPARQL query ``asmgraph/queries/<name>.rq``."""
    return (_PACKAGE / "queries" / f"{name}.rq").read_text(encoding="utf-8")
