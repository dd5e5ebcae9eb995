"""Networks as files for programs that draw or measure them: GraphML, GEXF, a CSV list of edges, JSON.

Enters: a ``networkx`` graph with texts and numbers as attributes. Leaves: bytes, the same for the same graph.
Characters that XML cannot hold are left out of texts.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from asmgraph.errors import NotFoundError
from asmgraph.export import csv

SOURCE, TARGET = "Source", "Target"
"""The columns of the ends of an edge, as Gephi names them."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CELLS = (str, int, float)


@dataclass(frozen=True)
class NetworkForm:
    """A form of files that hold a network: their ending, their media type, and how they are written."""

    ending: str
    media_type: str
    write: Callable[[nx.Graph[str]], bytes]


def write_network(graph: nx.Graph[str], form: str) -> bytes:
    r"""Return a network as a file of one of :data:`NETWORK_FORMS`.

    Raises
    ------
    NotFoundError
        If there is no such form.

    Examples
    --------
    >>> graph = nx.Graph()
    >>> graph.add_edge("a", "=b", relation="observed")
    >>> write_network(graph, "csv").decode("utf-8-sig")
    "Source,Target,Source label,Target label,Type,relation\r\na,'=b,,,Undirected,observed\r\n"
    """
    if form not in NETWORK_FORMS:
        raise NotFoundError(f"There is no form of network {form!r}.", f"Forms: {', '.join(NETWORK_FORMS)}.")
    return NETWORK_FORMS[form].write(graph)


def graphml(graph: nx.Graph[str]) -> bytes:
    """Return a network as GraphML; attributes are strings, longs and doubles."""
    target = io.BytesIO()
    nx.write_graphml_xml(_plain(graph), target, encoding="utf-8")
    return target.getvalue()


def gexf(graph: nx.Graph[str]) -> bytes:
    """Return a network as GEXF 1.2; a node's label is the one Gephi shows."""
    # networkx stamps the day on which it writes: two files of one network would differ.
    text = "\n".join(nx.generate_gexf(_plain(graph), encoding="utf-8"))
    return re.sub(r' lastmodifieddate="[^"]*"', "", text).encode()


def edge_list(graph: nx.Graph[str]) -> bytes:
    """Return the edges of a network as CSV: both ends, their labels, whether directed, attributes; formula-safe."""
    names = sorted({name for *_, data in graph.edges(data=True) for name in data})
    kind = "Directed" if graph.is_directed() else "Undirected"
    labels = {node: data.get("label", "") for node, data in graph.nodes(data=True)}
    columns = [SOURCE, TARGET, f"{SOURCE} label", f"{TARGET} label", "Type", *names]
    rows = (
        [one, other, labels[one], labels[other], kind, *(data.get(name) for name in names)]
        for one, other, data in graph.edges(data=True)
    )
    return csv.table(columns, rows)


def node_list(graph: nx.Graph[str]) -> bytes:
    """Return the nodes of a network as CSV, beside :func:`edge_list`: ``Id``, then attributes."""
    names = sorted({name for _, data in graph.nodes(data=True) for name in data})
    return csv.table(
        ["Id", *names],
        ([node, *(data.get(name) for name in names)] for node, data in graph.nodes(data=True)),
    )


def node_link(graph: nx.Graph[str]) -> bytes:
    """Return a network as JSON: ``directed``, ``graph``, ``nodes``, ``edges`` (networkx's node-link form)."""
    held = nx.node_link_data(graph, edges="edges")
    return (json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


NETWORK_FORMS: Mapping[str, NetworkForm] = {
    "graphml": NetworkForm("graphml", "application/graphml+xml", graphml),
    "gexf": NetworkForm("gexf", "application/gexf+xml", gexf),
    "csv": NetworkForm("csv", "text/csv", edge_list),
    "json": NetworkForm("json", "application/json", node_link),
}
"""The forms by name."""


def _plain(graph: nx.Graph[str]) -> nx.Graph[str]:
    """Return the same network with attributes of texts and numbers alone, without what XML cannot hold."""
    made = graph.__class__()
    made.graph.update(_cells(graph.graph))
    made.add_nodes_from((_clean(node), _cells(data)) for node, data in graph.nodes(data=True))
    made.add_edges_from(
        (_clean(one), _clean(other), _cells(data)) for one, other, data in graph.edges(data=True)
    )
    return made


def _cells(data: Mapping[str, Any]) -> dict[str, str | int | float]:
    """Return attributes that stand: texts, whole numbers and others; an empty one is left out."""
    return {
        str(name): _clean(value) if isinstance(value, str) else value
        for name, value in data.items()
        if isinstance(value, _CELLS) and value != ""
    }


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
