"""What a source's own words stand for: the lookups of ``source.yml`` as IRIs."""

from __future__ import annotations

from asmgraph.descriptions import Source
from asmgraph.errors import MappingError
from asmgraph.records import ID, VOCAB

_THINGS = frozenset(
    {
        *("actor", "agreement", "event", "indicator", "indicator-value", "intervention", "knowledge"),
        *("knowledge-flow", "need", "participation", "place", "policy", "programme", "result", "site"),
        *("source", "tie", "transaction", "visit"),
    }
)


def lookup_iri(target: str) -> str:
    """Return the IRI of a lookup's target: an IRI, ``{scheme}/{concept}`` or ``{type}/{slug}`` of a thing."""
    if ":" in target:
        return target
    return (ID if target.split("/")[0] in _THINGS else VOCAB) + target


def iris(source: Source, name: str | None, where: str) -> dict[str, str]:
    """Return the lookup ``name`` of ``source``: an IRI by each of the source's own words.

    Raises
    ------
    MappingError
        If the source has no such lookup; ``where`` says who asked.
    """
    if name is None or name not in source.lookups:
        raise MappingError(f"{where}: source.yml has no lookup {name!r}.")
    return {value: lookup_iri(target) for value, target in source.lookups[name].items()}
