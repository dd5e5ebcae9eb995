"""Measures of social network analysis on any network: pure functions that know neither data nor language.

A :class:`~asmgraph.analysis.measures.network.Network` is made of a table of ties or of a networkx graph. Functions take
it and return values in the order of its nodes: ``centrality``, ``betweenness``, ``holes``, ``brokerage``,
``fragmentation``, ``mixing``, ``cohesion``, ``backbone``, ``cuts``, ``reach``, ``efficiency``, ``two_mode``.
``changes`` puts two networks side by side; ``catalogue`` knows the measures of nodes by name; ``backend`` gives the
engines to networkx.
"""

from asmgraph.analysis.measures.network import Network, from_graph, from_table, from_ties

__all__ = ["Network", "from_graph", "from_table", "from_ties"]
