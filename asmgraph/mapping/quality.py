"""State what was measured of a source when it was read, in the words of DQV (https://www.w3.org/TR/vocab-dqv/).

A number on a column is as sensitive as the column: it stands in the graph of that sensitivity, or nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from asmgraph.descriptions import Source
from asmgraph.mapping.provenance import Version
from asmgraph.mapping.terms import XSD, escaped
from asmgraph.records import Sensitivity
from asmgraph.terms import QUALITY_METRIC

_DQV = "http://www.w3.org/ns/dqv#"
_CSVW = "http://www.w3.org/ns/csvw#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_PART = "http://purl.org/dc/terms/isPartOf"
_GENERATED = "http://www.w3.org/ns/prov#wasGeneratedBy"


@dataclass(frozen=True)
class Measured:
    """Shares, 0 to 1: of filled cells by table and column, of refused rows, of values that nobody mapped.

    ``unmapped`` is ``None`` where no column has a list or type that a value could fail.
    """

    filled: Mapping[tuple[str, str], float]
    refused: float
    unmapped: float | None


def describe(source: Source, version: Version, measured: Measured) -> dict[Sensitivity, list[str]]:
    """Return the N-Triples lines of every measurement, by the sensitivity of the graph that they belong into."""
    lines: dict[Sensitivity, list[str]] = defaultdict(list)
    whole = version.graph(source.sensitivity)
    shares = {"refused-rows": measured.refused, "unmapped-values": measured.unmapped}
    for metric, share in shares.items():
        if share is not None:
            lines[source.sensitivity] += _measurement(version, whole, metric, whole, "", share)
    for (table, name), share in sorted(measured.filled.items()):
        stricter = source.tables[table].columns[name].sensitivity or source.sensitivity
        level = max(source.sensitivity, stricter, key=lambda one: one.rank)
        graph = version.graph(level)
        part = f"{quote(table, safe='')}/{quote(name, safe='')}"
        column = f"{graph}/column/{part}"
        lines[level] += [
            f"<{column}> <{_TYPE}> <{_CSVW}Column> .",
            f'<{column}> <{_CSVW}name> "{escaped(name)}" .',
            f'<{column}> <{_LABEL}> "{escaped(f"{table}.{name}")}" .',
            f"<{column}> <{_PART}> <{graph}> .",
            *_measurement(version, graph, "filled-cells", column, f"/{part}", share),
        ]
    return lines


def _measurement(version: Version, graph: str, metric: str, on: str, part: str, share: float) -> list[str]:
    node = f"<{graph}/quality/{metric}{part}>"
    return [
        f"{node} <{_TYPE}> <{_DQV}QualityMeasurement> .",
        f"{node} <{_DQV}isMeasurementOf> <{QUALITY_METRIC[metric]}> .",
        f"{node} <{_DQV}computedOn> <{on}> .",
        f'{node} <{_DQV}value> "{share:.4f}"^^<{XSD}decimal> .',
        f"{node} <{_GENERATED}> <{version.run}> .",
    ]
