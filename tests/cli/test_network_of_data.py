"""Networks of the published data, by command and by address."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import httpx
import networkx as nx
import pytest
from typer.testing import CliRunner

from asmgraph.cli import app

CONGO = ["network", "coordination", "--place", "COD"]


def run(home: Path, *arguments: str) -> str:
    done = CliRunner().invoke(app, [*arguments, "--home", str(home)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_network_is_written_in_the_form_that_the_ending_names(starter_home: Path, tmp_path: Path) -> None:
    for form, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        file = tmp_path / f"congo.{form}"
        assert "nodes" in run(starter_home, *CONGO, "--out", str(file))
        graph = read(file)
        assert len(graph) > 20
        assert all(data["label"] for _, data in graph.nodes(data=True))
    run(starter_home, *CONGO, "--out", str(tmp_path / "congo.json"))
    assert json.loads((tmp_path / "congo.json").read_text())["edges"]


def test_the_measures_of_a_network_name_its_actors(starter_home: Path) -> None:
    text = run(starter_home, *CONGO, "--measures", "degree,betweenness")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == ["name", "degree", "betweenness"]
    assert "Fairphone" in {row["name"] for row in rows}


def test_a_network_is_of_the_data_or_of_a_file(starter_home: Path) -> None:
    for arguments in ([], ["coordination", "--from-edges", "x.csv"]):
        done = CliRunner().invoke(app, ["network", *arguments, "--home", str(starter_home)])
        assert done.exit_code == 2
    done = CliRunner().invoke(app, ["network", "friendship", "--home", str(starter_home)])
    assert done.exit_code != 0
    assert "There is no kind of network" in done.output


def test_two_days_are_compared(starter_home: Path) -> None:
    asked = ["gaps", "compare", "2015-01-01", "--place", "COD", "--as-of", "2020-01-01", "--json"]
    found = json.loads(run(starter_home, *asked))
    assert (found["before"], found["after"]) == ("2015-01-01", "2020-01-01")
    assert found["new"]
    assert not {gap["gap_iri"] for gap in found["new"]} & {gap["gap_iri"] for gap in found["closed"]}


def test_a_tie_that_is_supposed_ends_a_gap(starter_home: Path) -> None:
    asked = ["gaps", "list", "--place", "COD", "--kind", "co-presence", "--json"]
    gaps = json.loads(run(starter_home, *asked))["gaps"]
    pair = ", ".join(iri.rsplit("/", 1)[-1] for iri in gaps[0]["actors"])
    supposed = json.loads(run(starter_home, *asked, "--if-meets", pair))["gaps"]
    assert gaps[0]["gap_iri"] not in {gap["gap_iri"] for gap in supposed}
    done = CliRunner().invoke(app, [*asked, "--if-meets", "alone", "--home", str(starter_home)])
    assert done.exit_code == 2


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("graphml", "application/graphml+xml"), ("gexf", "application/gexf+xml"), ("csv", "text/csv")],
)
def test_an_address_gives_the_same_network(live_server: str, form: str, media_type: str) -> None:
    found = httpx.get(f"{live_server}/network.{form}", params={"place": "COD"}, timeout=60)
    assert found.status_code == 200
    assert found.headers["content-type"].startswith(media_type)
    assert b"Fairphone" in found.content
    assert httpx.get(f"{live_server}/network.docx", timeout=60).status_code == 404
