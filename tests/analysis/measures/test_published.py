"""Every measure against numbers that others have printed, to the printed digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import networkx as nx
import numpy as np
import pytest

from asmgraph.analysis.measures import from_graph
from asmgraph.analysis.measures.backbone import disparity
from asmgraph.analysis.measures.betweenness import betweenness
from asmgraph.analysis.measures.brokerage import ROLES, brokerage
from asmgraph.analysis.measures.centrality import closeness, degree
from asmgraph.analysis.measures.cohesion import communities, modularity
from asmgraph.analysis.measures.cuts import minimum_cut
from asmgraph.analysis.measures.fragmentation import (
    articulation_points,
    distance_weighted_fragmentation,
    fragmentation,
    fragmentation_by_node,
    key_players,
)
from asmgraph.analysis.measures.holes import constraint, effective_size
from asmgraph.analysis.measures.mixing import assortativity, external_internal, permuted_external_internal
from asmgraph.analysis.measures.network import Network
from asmgraph.analysis.measures.two_mode import (
    projection,
    two_mode_betweenness,
    two_mode_closeness,
    two_mode_degree,
)
from tests.analysis.measures.published import (
    DEPARTMENTS,
    advice,
    club,
    florentine,
    friendship,
    holes,
    kite,
    lengths_among_five,
)


def printed(network: Network, values: Any, digits: int) -> dict[Any, float]:
    return dict(
        zip(network.names, np.round(np.asarray(values, dtype=np.float64), digits).tolist(), strict=True)
    )


def women_and_events() -> tuple[Network, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Return who of 18 women came to which of 14 events: Davis, Gardner and Gardner (1941), Deep South."""
    graph: nx.Graph[Any] = nx.davis_southern_women_graph()
    return from_graph(graph), np.array([str(side) == "0" for _, side in graph.nodes(data="bipartite")])


def test_southern_women_have_18_members_14_events_89_ties_and_139_pairs() -> None:
    network, women = women_and_events()
    assert (women.sum(), (~women).sum(), network.tie_count) == (18, 14, 89)
    assert projection(network, women).tie_count == 139


@pytest.mark.parametrize(
    ("measure", "expected"),
    [(two_mode_degree, 0.78), (two_mode_betweenness, 0.24), (two_mode_closeness, 0.85)],
)
def test_event_8_of_the_southern_women(measure: Any, expected: float) -> None:
    """Borgatti and Halgin (2011), Analyzing affiliation networks."""
    network, women = women_and_events()
    assert printed(network, measure(network, women), 2)["E8"] == expected


def test_betweenness_of_florentine_families() -> None:
    found = printed(florentine(), betweenness(florentine(), normalised=True), 3)
    assert (found["Medici"], found["Guadagni"]) == (0.522, 0.255)


def test_constraint_of_the_medici() -> None:
    assert printed(florentine(), constraint(florentine()), 4)["Medici"] == 0.2099


def test_cut_points_of_florentine_families() -> None:
    marks = articulation_points(florentine())
    cut = {name for name, mark in zip(florentine().names, marks, strict=True) if mark}
    assert cut == {"Albizzi", "Guadagni", "Medici", "Salviati"}


def test_the_weighted_cut_of_the_club_misplaces_member_9_alone() -> None:
    network, sides = club(weighted=True)
    cut = minimum_cut(network, 0, 33)
    assert cut.weight == 22
    near = {name: sides[place] for place, name in enumerate(network.names) if name in cut.near}
    far = {name: sides[place] for place, name in enumerate(network.names) if name in cut.far}
    assert set(near.values()) == {"Mr. Hi"}
    assert [name for name, side in far.items() if side != "Officer"] == [8]


def test_mixing_of_the_club() -> None:
    network, sides = club()
    assert external_internal(network, sides) == pytest.approx((11 - 67) / (11 + 67), abs=1e-12)
    assert round(external_internal(network, sides), 3) == -0.718
    assert round(assortativity(network, sides), 4) == 0.7175


def test_modularity_of_the_club() -> None:
    network, sides = club()
    assert round(modularity(network, sides), 4) == 0.3582
    best = communities(network).tolist()
    assert round(modularity(network, best), 4) == 0.4198


@pytest.mark.parametrize(
    ("name", "measure", "expected"),
    [
        ("Diane", lambda network: degree(network) / 9, 0.667),
        ("Heather", lambda network: betweenness(network, normalised=True), 0.389),
        ("Fernando", closeness, 0.643),
        ("Garth", closeness, 0.643),
    ],
)
def test_the_kite_has_another_centre_for_each_measure(name: str, measure: Any, expected: float) -> None:
    values = printed(kite(), measure(kite()), 3)
    assert values[name] == expected == max(values.values())


@pytest.mark.parametrize(
    ("size", "players", "expected"), [(1, ("Heather",), 0.389), (2, ("Fernando", "Garth"), 0.536)]
)
def test_key_players_of_the_kite(size: int, players: Sequence[str], expected: float) -> None:
    """Borgatti (2006): whose leaving fragments most."""
    found, score = key_players(kite(), size)
    assert found == players
    assert round(score, 3) == round(fragmentation(kite(), players), 3) == expected


def test_one_by_one_heather_fragments_the_kite_most() -> None:
    assert printed(kite(), fragmentation_by_node(kite()), 3)["Heather"] == 0.389


def test_structural_holes_of_borgatti_1997() -> None:
    found = printed(holes(), constraint(holes()), 3)
    assert (found["G"], found["A"], found["C"]) == (0.4, 0.595, 1)
    assert printed(holes(), effective_size(holes()), 3)["G"] == 4.667


def test_brokers_among_managers() -> None:
    """As ``brokerage`` of the R package sna 2.7.1 counts them, with roles named as by Gould and Fernandez."""
    found = brokerage(advice(), DEPARTMENTS)
    totals = {role: int(getattr(found, role).sum()) for role in ROLES}
    assert totals == {
        "coordinator": 28, "itinerant": 69, "gatekeeper": 62, "representative": 95, "liaison": 246
    }  # fmt: skip
    assert found.total.sum() == 500
    assert found.liaison[advice().position[18]] == 74


@pytest.mark.parametrize(
    ("leaving", "expected"),
    [([1], 0.6365), ([2], 0.7446), ([3], 0.6733), ([4], 0.8333), ([5], 0.7250), ([2, 3], 0.875)],
)
def test_distance_weighted_fragmentation_as_keyplayer_prints_it(leaving: list[int], expected: float) -> None:
    """Of node 3 the manual prints .6733 for .67335, so one unit of the last digit is allowed."""
    found = distance_weighted_fragmentation(lengths_among_five(), leaving)
    assert found == pytest.approx(expected, abs=1e-4)


def test_advice_leaves_departments() -> None:
    assert round(external_internal(advice(), DEPARTMENTS), 3) == 0.516


def test_friendship_leaves_departments_less_than_chance_would() -> None:
    """The mean over all permutations is .55238; 50,000 of them come within .002 of it and of the printed .553."""
    found = permuted_external_internal(friendship(), DEPARTMENTS, permutations=50_000)
    assert round(found.observed, 3) == 0.255
    assert found.mean == pytest.approx(1 - 2 * 94 / 420, abs=0.002)
    assert found.mean == pytest.approx(0.553, abs=0.002)
    assert found.below == pytest.approx(0.0004, abs=0.0003)


def test_the_disparity_of_three_equal_ties() -> None:
    found = disparity(from_graph(nx.star_graph(3)))
    assert found.toarray()[0, 1:].round(3).tolist() == [0.444, 0.444, 0.444]
