"""Who stands between whom: the five roles of a broker (Gould and Fernandez 1989, doi:10.2307/270949).

A broker b has a tie from a and a tie to c, and there is no tie from a to c. The groups of the three give the role. Some
manuals swap gatekeeper and representative; here they are as in the paper: a *gatekeeper* lets an outsider's tie into
its own group, a *representative* carries its own group's tie outside.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from asmgraph.analysis.measures.network import Integers, Matrix, Network
from asmgraph.errors import SourceError

ROLES = ("coordinator", "itinerant", "gatekeeper", "representative", "liaison")


@dataclass(frozen=True)
class Brokerage:
    """How often each node brokers in each role; each (n,), int64.

    Parameters
    ----------
    coordinator
        All three in one group.
    itinerant
        The two others in one group, the broker in another; also called consultant.
    gatekeeper
        The broker and the receiver in one group, the sender in another.
    representative
        The sender and the broker in one group, the receiver in another.
    liaison
        All three in different groups.
    """

    coordinator: Integers
    itinerant: Integers
    gatekeeper: Integers
    representative: Integers
    liaison: Integers

    @property
    def total(self) -> Integers:
        """All roles together."""
        return self.coordinator + self.itinerant + self.gatekeeper + self.representative + self.liaison


def brokerage(network: Network, groups: Sequence[Hashable]) -> Brokerage:
    """Count the Gould-Fernandez roles of each node.

    Parameters
    ----------
    groups
        The group of each of the n nodes, in their order.

    Returns
    -------
    Counts of ordered pairs (a, c); without direction each pair is met twice, once from either side, and gatekeeper
    equals representative. Weights and ties of a node with itself are not looked at.

    Raises
    ------
    SourceError
        If there is not one group for each node.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> line = from_graph(nx.DiGraph([("a", "b"), ("b", "c")]))
    >>> brokerage(line, ["others", "ours", "ours"]).gatekeeper.tolist()
    [0, 1, 0]
    """
    codes = codes_of(network, groups)[1]
    ties = network.simple
    same, other = _split(ties, codes)
    in_same, in_other = (np.asarray(part.sum(axis=0)).ravel() for part in (same, other))
    out_same, out_other = (np.asarray(part.sum(axis=1)).ravel() for part in (same, other))
    back_same, back_other = (np.asarray(part.multiply(part.T).sum(axis=1)).ravel() for part in (same, other))
    membership = sparse.csr_array(
        (np.ones(len(codes)), (np.arange(len(codes)), codes)),
        shape=(len(codes), int(codes.max(initial=-1)) + 1),
    )
    alike = np.asarray((other.T @ membership).multiply(other @ membership).sum(axis=1)).ravel()
    counts = {
        "coordinator": in_same * out_same - back_same - _closed(same, ties, same),
        "gatekeeper": in_other * out_same - _closed(other, ties, same),
        "representative": in_same * out_other - _closed(same, ties, other),
        "itinerant": alike - back_other - _closed(other, same, other),
        "liaison": in_other * out_other - alike - _closed(other, other, other),
    }
    return Brokerage(**{role: found.round().astype(np.int64) for role, found in counts.items()})


def codes_of(network: Network, groups: Sequence[Hashable]) -> tuple[tuple[Hashable, ...], Integers]:
    """Return the groups, sorted, and the number of each node's group among them.

    Raises
    ------
    SourceError
        If there is not one group for each node.
    """
    if len(groups) != len(network):
        raise SourceError(
            f"There are {len(groups)} groups for {len(network)} nodes.",
            "Give the group of each node, in their order.",
        )
    labels = tuple(sorted(set(groups), key=lambda group: (str(type(group)), group)))
    number = {label: place for place, label in enumerate(labels)}
    return labels, np.array([number[group] for group in groups], dtype=np.int64)


def _split(ties: Matrix, codes: Integers) -> tuple[Matrix, Matrix]:
    """Return the ties within groups and those between them."""
    listed = ties.tocoo()
    within = codes[listed.row] == codes[listed.col]
    parts = (
        sparse.csr_array((listed.data[kept], (listed.row[kept], listed.col[kept])), shape=ties.shape)
        for kept in (within, ~within)
    )
    return next(parts), next(parts)


def _closed(
    incoming: Matrix,
    across: Matrix,
    outgoing: Matrix,
) -> Any:
    """Return for each broker b how many a, c have a tie a to b, b to c and a to c, each of the kind given."""
    return np.asarray((incoming.T @ across).multiply(outgoing).sum(axis=1)).ravel()
