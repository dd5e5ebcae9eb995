"""The command network: a file of ties in, a table of measures out."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import networkit as nk
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from asmgraph.analysis.measures.catalogue import MEASURES
from asmgraph.cli import app

TIES = "Source,Target,Weight\na,b,2\nb,c,1\nc,c,4\nd,e,1\n"
ASKED = "degree,weighted_degree,betweenness,harmonic_closeness"

# Grandjean (2018), Les réseaux de la coopération intellectuelle, the centralities that his data set comes with:
# surname, first name, degree, weighted degree, harmonic closeness, betweenness
PUBLISHED = (
    ("Oprescu", "Georges", 1141, 3602, 0.698, 899471.7),
    ("Nitobe", "Inazo", 724, 2181, 0.624, 494490.5),
    ("Drummond", "Eric", 629, 1695, 0.608, 452170.2),
    ("Halecki", "Oscar de", 583, 1567, 0.588, 364123.4),
    ("Luchaire", "Julien", 1268, 2663, 0.719, 637005.3),
    ("Bergson", "Henri", 249, 778, 0.539, 36478.5),
    ("Curie Sklodowska", "Marie", 198, 692, 0.528, 10969.4),
    ("Einstein", "Albert", 125, 387, 0.516, 4845.8),
    ("Parry", "John", 25, 83, 0.416, 4839.0),
    ("Mussolini", "Benito", 8, 11, 0.426, 0.3),
    ("Etienne", "Lucien Henri", 3, 9, 0.376, 8.3),
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["network", *map(str, arguments)], env={"COLUMNS": "200"})


def measured(folder: Path, text: str = TIES, *more: str | Path) -> list[dict[str, str]]:
    file = folder / "ties.csv"
    file.write_text(text, encoding="utf-8")
    result = run("--from-edges", file, *more)
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def refused(folder: Path, text: str, *more: str | Path) -> str:
    file = folder / "ties.csv"
    file.write_text(text, encoding="utf-8")
    result = run("--from-edges", file, *more)
    assert result.exit_code == 1, result.output
    return result.output


def test_columns_are_the_name_and_the_measures_in_the_order_asked(tmp_path: Path) -> None:
    (first, *_) = measured(tmp_path, TIES, "--measures", "betweenness,degree")
    assert list(first.items()) == [("name", "a"), ("betweenness", "0"), ("degree", "1")]


def test_a_tie_with_itself_counts_twice(tmp_path: Path) -> None:
    rows = {row["name"]: row for row in measured(tmp_path)}
    assert (rows["c"]["degree"], rows["c"]["weighted_degree"]) == ("3", "9")


def test_closeness_is_blank_outside_the_largest_component(tmp_path: Path) -> None:
    rows = {row["name"]: row["harmonic_closeness"] for row in measured(tmp_path)}
    assert rows == {"a": "0.75", "b": "1.0", "c": "0.75", "d": "", "e": ""}


def test_rows_that_repeat_a_tie_are_one_tie_with_their_weights_together(tmp_path: Path) -> None:
    (tmp_path / "ties.csv").write_text("Source,Target,Weight\na,b,2\nb,a,3\n", encoding="utf-8")
    result = run("--from-edges", tmp_path / "ties.csv", "--measures", "degree,weighted_degree")
    assert result.stdout.split() == ["name,degree,weighted_degree", "a,1,5", "b,1,5"]
    assert "Rows that repeat a tie: 1;" in result.stderr


def test_without_weights_each_tie_weighs_1(tmp_path: Path) -> None:
    rows = measured(tmp_path, "source;target\na;b\na;c\n", "--measures", "weighted_degree")
    assert [row["weighted_degree"] for row in rows] == ["2", "1", "1"]


@pytest.mark.parametrize(
    ("kind", "option", "expected"),
    [
        ("Directed", (), "1"),
        ("Undirected", (), "2"),
        ("Directed", ("--undirected",), "2"),
        ("Undirected", ("--directed",), "1"),
    ],
)
def test_direction_is_as_the_file_says_unless_asked_otherwise(
    tmp_path: Path, kind: str, option: tuple[str, ...], expected: str
) -> None:
    text = f"Source,Target,Type\na,b,{kind}\nb,c,{kind}\n"
    rows = measured(tmp_path, text, "--measures", "in_degree", *option)
    assert rows[1]["in_degree"] == expected


def test_ties_both_with_and_without_direction_need_a_decision(tmp_path: Path) -> None:
    said = refused(tmp_path, "Source,Target,Type\na,b,Directed\nb,c,Undirected\n")
    assert "--directed or --undirected" in said


def test_nodes_of_a_file_are_listed_even_without_ties_and_by_their_labels(tmp_path: Path) -> None:
    (tmp_path / "nodes.csv").write_text(
        "Id,Surname,First\na,Mensah,Ama\nb,Mensah,Ama\nc,Soto,\nz,=1+1,\n", encoding="utf-8"
    )
    chosen = ("--nodes", tmp_path / "nodes.csv", "--label", "surname", "--label", "First")
    rows = measured(tmp_path, "Source,Target\na,b\nb,c\n", "--measures", "degree", *chosen)
    assert [(row["name"], row["degree"]) for row in rows] == [
        ("Mensah Ama (a)", "1"), ("Mensah Ama (b)", "2"), ("Soto", "1"), ("'=1+1", "0")
    ]  # fmt: skip


def test_names_that_a_spreadsheet_would_run_are_made_inert(tmp_path: Path) -> None:
    rows = measured(tmp_path, "Source,Target\n=cmd(),b\n", "--measures", "degree")
    assert rows[0]["name"] == "'=cmd()"


def test_the_file_written_holds_what_is_printed(tmp_path: Path) -> None:
    printed = measured(tmp_path)
    assert run("--from-edges", tmp_path / "ties.csv", "--out", tmp_path / "out.csv").exit_code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == printed


def test_accents_are_marked_for_spreadsheets(tmp_path: Path) -> None:
    (tmp_path / "ties.csv").write_text("Source,Target\nPará,b\n", encoding="utf-8")
    assert run("--from-edges", tmp_path / "ties.csv", "--out", tmp_path / "out.csv").exit_code == 0
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfname,")


def test_every_measure_can_be_asked_for_and_is_explained(tmp_path: Path) -> None:
    (first, *_) = measured(tmp_path, TIES, "--measures", ",".join(MEASURES))
    assert list(first) == ["name", *MEASURES]
    explained = run("--measures", "help").output
    assert all(name in explained for name in MEASURES)


def test_large_networks_are_sampled_with_their_error_unless_asked_otherwise(tmp_path: Path) -> None:
    pairs = "".join(f"a{number},b{number}\n" for number in range(5_001))
    (tmp_path / "ties.csv").write_text(f"Source,Target\n{pairs}", encoding="utf-8")
    asked = ("--from-edges", tmp_path / "ties.csv", "--measures", "betweenness,degree")
    sampled = run(*asked)
    assert sampled.stdout.startswith("name,betweenness,betweenness_standard_error,degree\n")
    assert "estimated from 256 of 10,002 nodes" in sampled.stderr
    assert run(*asked, "--exact").stdout.startswith("name,betweenness,degree\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("From,To\na,b\n", "no column 'Source'; it has 'From', 'To'"),
        ("Source,Target\na,b\n\na,\n", "Row 3, column 'Target': the cell is blank"),
        (
            "Source,Target,Weight\na,b,heavy\n",
            "Row 1, column 'Weight': 'heavy' is not a finite number above zero",
        ),
        ("Source,Target,Weight\na,b,-1\n", "'-1' is not a finite number above zero"),
        ("Source,Target,Weight\na,b,inf\n", "'inf' is not a finite number above zero"),
        ("Source,Target,Weight\na,b,\n", "column 'Weight': the cell is blank"),
        ("Source,Target\na,b,c\n", "line 2: 3 cells where the header has 2"),
        ("Source,Target,Source\na,b,c\n", "two columns have the name 'Source'"),
        ('Source,Target\n"a,b\n', "line 2: unexpected end of data"),
        ("", "has no header"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(tmp_path, text).replace("\n", " ")


def test_text_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ties.csv").write_bytes("Source,Target\nPará,b\n".encode("latin-1"))
    assert "not UTF-8" in run("--from-edges", tmp_path / "ties.csv").output


@pytest.mark.parametrize(
    ("text", "said"),
    [("Name\na\n", "no column 'Id'"), ("Id\na\na\n", "stands in two rows"), ("Id,Label\n,x\n", "is blank")],
)
def test_what_is_wrong_in_the_nodes_is_said(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "nodes.csv").write_text(text, encoding="utf-8")
    assert said in refused(tmp_path, TIES, "--nodes", tmp_path / "nodes.csv")


def test_an_unknown_measure_is_told_with_those_there_are(tmp_path: Path) -> None:
    said = refused(tmp_path, TIES, "--measures", "degree,fame")
    assert "'fame' is no measure" in said
    assert "pagerank" in said


def test_a_file_without_ties_gives_the_header_alone(tmp_path: Path) -> None:
    assert measured(tmp_path, "Source,Target\n", "--measures", ",".join(MEASURES)) == []


@pytest.mark.parametrize("arguments", [(), ("--from-edges", "x.csv", "--label", "Name")])
def test_wrong_usage_exits_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = run("--from-edges", tmp_path / "none.csv")
    assert result.exit_code == 1
    assert "none.csv" in result.output.replace("\n", "")


@pytest.mark.external
def test_centralities_of_the_league_of_nations_are_those_published(
    external_data: Path, tmp_path: Path
) -> None:
    folder = external_data / "network-intellectual-cooperation"
    files = ("--from-edges", folder / "IntellectualCooperation_edges.csv", "--out", tmp_path / "out.csv")
    assert run(*files, "--measures", ASKED).exit_code == 0
    with (folder / "IntellectualCooperation_nodes.csv").open(encoding="utf-8-sig", newline="") as file:
        people = list(csv.DictReader(file))
    id_of = {(one["Nom"], one["Prenom"]): one["Id"] for one in people}
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        found = {row["name"]: row for row in csv.DictReader(file)}
    assert len(found) == 2880
    assert sum(row["harmonic_closeness"] != "" for row in found.values()) == 2864
    for surname, first, degree, weighted, closeness, betweenness in PUBLISHED:
        row = found[id_of[surname, first]]
        assert (int(row["degree"]), int(row["weighted_degree"])) == (degree, weighted), surname
        assert round(float(row["harmonic_closeness"]), 3) == closeness, surname
        assert round(float(row["betweenness"]), 1) == betweenness, surname


@pytest.mark.external
def test_every_node_of_the_league_of_nations_is_as_another_engine_has_it(
    external_data: Path, tmp_path: Path
) -> None:
    """networkit computes both centralities node by node; degrees are counted line by line."""
    source = external_data / "network-intellectual-cooperation" / "IntellectualCooperation_edges.csv"
    result = run("--from-edges", source, "--measures", ASKED)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    with source.open(encoding="utf-8", newline="") as file:
        ties = [(row["Source"], row["Target"], int(row["Weight"])) for row in csv.DictReader(file)]
    degrees: Counter[str] = Counter()
    weights: Counter[str] = Counter()
    for one, other, weight in ties:
        degrees.update([one, other])
        weights.update({one: weight})
        weights.update({other: weight})
    assert {row["name"]: int(row["degree"]) for row in rows} == degrees
    assert {row["name"]: int(row["weighted_degree"]) for row in rows} == weights
    place = {row["name"]: number for number, row in enumerate(rows)}
    graph = nk.Graph(len(rows))
    for one, other, _ in ties:
        if one != other:
            graph.addEdge(place[one], place[other])
    between = nk.centrality.Betweenness(graph).run().scores()
    assert [float(row["betweenness"]) for row in rows] == pytest.approx(np.array(between) / 2, abs=1e-6)
    near = np.array(nk.centrality.HarmonicCloseness(graph, False).run().scores()) / 2863
    inside = [row["harmonic_closeness"] != "" for row in rows]
    shown = [float(row["harmonic_closeness"]) for row in rows if row["harmonic_closeness"]]
    assert shown == pytest.approx(near[inside])
