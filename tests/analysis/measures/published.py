"""Networks that others have published results for, restated as facts, each with its source."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from asmgraph.analysis.measures.network import Network, from_graph, from_ties

# Krackhardt (1987), Social Networks 9, 104-134, doi:10.1016/0378-8733(87)90009-8; also Wasserman and Faust (1994),
# tables B.1 to B.3. Whom each of 21 managers of a high-tech company goes to for advice, and names as a friend.
_ADVICE = """
2 4 8 16 18 21|6 7 21|1 2 4 6 7 8 9 10 11 12 14 17 18 20 21|1 2 6 8 10 11 12 16 17 18 20 21|
1 2 6 7 8 10 11 13 14 16 17 18 19 20 21|21|2 6 11 12 14 17 18 21|2 4 6 7 10 11 18 21|
1 2 6 7 8 10 11 12 14 16 17 18 21|1 2 3 4 5 8 11 13 15 16 17 18 19 20|1 2 7|7 21|1 2 5 9 14 18|2 7 18 21|
1 2 3 4 5 6 7 8 9 10 11 12 13 14 16 17 18 19 20 21|1 2 10 18|1 2 4 7 21|
1 2 3 4 5 7 8 9 10 11 13 14 15 16 19 20 21|1 2 3 5 7 10 11 14 15 18 20|1 2 6 8 11 12 14 15 16 17 18 21|
2 3 4 6 7 8 12 14 17 18 20
"""
_FRIENDSHIP = """
2 4 8 12 16|1 18 21|14 19|1 2 8 12 16 17|2 9 11 14 17 19 21|2 7 9 12 17 21||4||3 5 8 9 12 16 20|
1 2 3 4 5 8 9 12 13 15 17 18 19|1 4 17 21|5 11|7 15|1 3 5 6 9 11 14 19|1 2|
1 2 3 4 5 6 7 8 9 10 11 12 14 15 16 19 20 21|2|1 2 3 5 11 12 14 15 20|11 18|2 12 17 18
"""
DEPARTMENTS = (4, 4, 2, 4, 2, 1, 0, 1, 2, 3, 3, 1, 2, 2, 2, 4, 1, 3, 2, 2, 1)

# Borgatti (1997), Connections 20(1), 35-38: the example for Burt's measures
HOLES = ("AB", "AF", "AG", "AE", "EG", "FG", "BG", "BD", "DG", "GC")

# An and Liu (2016), The R Journal 8(1), 257-268, doi:10.32614/RJ-2016-018, and the manual of keyplayer 1.0.4:
# strengths of ties among five
STRENGTHS = ((0, 1, 3, 0, 0), (0, 0, 0, 4, 0), (1, 1, 0, 2, 0), (0, 0, 0, 0, 3), (0, 2, 0, 0, 0))

# Krackhardt (1990), Administrative Science Quarterly 35, 342-369, doi:10.2307/2393394
KITE = ("Andre", "Beverly", "Carol", "Diane", "Ed", "Fernando", "Garth", "Heather", "Ike", "Jane")


def advice() -> Network:
    return _directed(_ADVICE)


def friendship() -> Network:
    return _directed(_FRIENDSHIP)


def _directed(listed: str) -> Network:
    chosen = [[int(one) for one in part.split()] for part in listed.replace("\n", "").split("|")]
    rows = np.repeat(np.arange(len(chosen)), [len(one) for one in chosen])
    columns = np.array([one - 1 for part in chosen for one in part])
    return from_ties(range(1, len(chosen) + 1), rows, columns, np.ones(len(rows)), directed=True)


def holes() -> Network:
    return from_graph(nx.Graph([(pair[0], pair[1]) for pair in HOLES]))


def kite() -> Network:
    """Return the kite; networkx numbers its people in the order of Krackhardt's names."""
    graph: nx.Graph[Any] = nx.krackhardt_kite_graph()
    return from_graph(nx.relabel_nodes(graph, dict(enumerate(KITE))))


def florentine() -> Network:
    """Return marriages of families of Florence without the Pucci, Padgett and Ansell (1993), doi:10.1086/230190."""
    return from_graph(nx.florentine_families_graph())


def club(*, weighted: bool = False) -> tuple[Network, list[str]]:
    """Return the karate club of Zachary (1977), doi:10.1086/jar.33.4.3629752, and the side that each member took."""
    graph: nx.Graph[Any] = nx.karate_club_graph()
    sides = [str(side) for _, side in graph.nodes(data="club")]
    return from_graph(graph, "weight" if weighted else None), sides


def lengths_among_five() -> Network:
    """Return the network of keyplayer's manual, each tie as long as its strength is weak."""
    strengths = np.array(STRENGTHS, dtype=np.float64)
    rows, columns = strengths.nonzero()
    return from_ties(range(1, 6), rows, columns, 1 / strengths[rows, columns], directed=True)
