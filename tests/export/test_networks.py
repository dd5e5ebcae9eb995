"""Networks as files: each form reads back as the network it was made of, and opens in programs that draw it."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.errors import NotFoundError
from asmgraph.export.networks import NETWORK_FORMS, node_list, write_network

GRAPHML_TYPES = {"string", "long", "int", "double", "float", "boolean"}
GEXF = "{http://www.gexf.net/1.2draft}"


@pytest.fixture
def graph() -> nx.Graph[str]:
    made: nx.Graph[str] = nx.Graph(name="coordination", as_of="2022-01-01", place="")
    made.add_node("id/a", label="=SUM(A1)", kinds="donor; ngo", places="")
    made.add_node("id/b", label="Bureau d'études <é> & Co\x07", kinds="", places="Ghana")
    made.add_node("id/c", label="Alone")
    made.add_edge("id/a", "id/b", relation="observed", n=3, weight=2.5)
    return made


class TestForms:
    def test_graphml_reads_back(self, graph: nx.Graph[str]) -> None:
        read = nx.read_graphml(io.BytesIO(write_network(graph, "graphml")))
        assert read.edges["id/a", "id/b"] == {"relation": "observed", "n": 3, "weight": 2.5}
        assert read.nodes["id/b"] == {"label": "Bureau d'études <é> & Co", "places": "Ghana"}
        assert set(read) == set(graph)

    def test_graphml_declares_plain_types_alone(self, graph: nx.Graph[str]) -> None:
        root = ET.fromstring(write_network(graph, "graphml"))
        types = {key.get("attr.type") for key in root if key.tag.endswith("key")}
        assert types
        assert types <= GRAPHML_TYPES

    def test_gexf_reads_back_with_labels(self, graph: nx.Graph[str]) -> None:
        read = nx.read_gexf(io.BytesIO(write_network(graph, "gexf")))
        assert read.nodes["id/a"]["label"] == "=SUM(A1)"
        held: dict[str, Any] = dict(read.edges["id/a", "id/b"])
        assert (held["relation"], held["n"], held["weight"]) == ("observed", 3, 2.5)

    def test_gexf_names_nodes_as_gephi_shows_them(self, graph: nx.Graph[str]) -> None:
        root = ET.fromstring(write_network(graph, "gexf"))
        assert root.tag == f"{GEXF}gexf"
        labels = {node.get("id"): node.get("label") for node in root.iter(f"{GEXF}node")}
        assert labels["id/c"] == "Alone"

    def test_an_edge_list_runs_in_no_spreadsheet(self, graph: nx.Graph[str]) -> None:
        rows = list(csv.DictReader(io.StringIO(write_network(graph, "csv").decode("utf-8-sig"))))
        assert rows[0]["Source label"] == "'=SUM(A1)"
        assert (rows[0]["Source"], rows[0]["Target"], rows[0]["Type"]) == ("id/a", "id/b", "Undirected")
        assert (rows[0]["relation"], rows[0]["n"]) == ("observed", "3")

    def test_a_node_list_holds_those_without_ties(self, graph: nx.Graph[str]) -> None:
        rows = list(csv.DictReader(io.StringIO(node_list(graph).decode("utf-8-sig"))))
        assert [row["Id"] for row in rows] == ["id/a", "id/b", "id/c"]

    def test_json_reads_back(self, graph: nx.Graph[str]) -> None:
        read = nx.node_link_graph(json.loads(write_network(graph, "json")), edges="edges")
        assert nx.utils.graphs_equal(read, graph)

    @pytest.mark.parametrize("form", NETWORK_FORMS)
    def test_the_same_network_is_the_same_file(self, graph: nx.Graph[str], form: str) -> None:
        assert write_network(graph, form) == write_network(graph.copy(), form)

    @pytest.mark.parametrize("form", NETWORK_FORMS)
    def test_a_network_of_nobody_is_a_file_too(self, form: str) -> None:
        assert write_network(nx.Graph(), form)

    def test_another_form_is_refused(self, graph: nx.Graph[str]) -> None:
        with pytest.raises(NotFoundError, match="no form of network 'pdf'"):
            write_network(graph, "pdf")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_xml_holds_any_label(label: str) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("a", label=label)
    for form in ("graphml", "gexf"):
        ET.fromstring(write_network(graph, form))
