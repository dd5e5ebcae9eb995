"""The published data as an ``rdflib.Dataset``, with the analyses as methods."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Unpack

import networkx as nx
import pandas as pd
from oxrdflib import OxigraphStore
from rdflib import Dataset
from rdflib.query import Result

from asmgraph.analysis import Asked, Parameters, find_gaps
from asmgraph.analysis.networks.drawing import AskedNetwork, draw_network
from asmgraph.errors import QueryRefusedError
from asmgraph.settings import load
from asmgraph.store import guard, snapshots


class Graph(Dataset):
    """A snapshot, read-only: its default graph is the merge of all its graphs, each triple once.

    Parameters
    ----------
    snapshot
        What to read.

    Notes
    -----
    Pass SPARQL to ``query`` as text: prepared queries fall back to rdflib's own, slow engine.
    """

    def __init__(self, snapshot: snapshots.Snapshot) -> None:
        self.snapshot = snapshot
        super().__init__(store=OxigraphStore(store=snapshot.reading.store), default_union=False)

    def query(self, query_object: Any, *arguments: Any, **named: Any) -> Result:
        """Answer a query; see :meth:`rdflib.Graph.query`.

        Raises
        ------
        QueryRefusedError
            For a FROM clause, which the engine would pass over in silence, and for SERVICE, which would leave
            this machine.
        """
        if isinstance(query_object, str):
            found = guard.inspect(query_object, max_bytes=10_000_000, max_nesting=1_000)
            if found.default_graphs is not None or found.named_graphs is not None:
                raise QueryRefusedError(
                    "FROM is not honoured here.", "Name the graph with GRAPH <...> { ... }."
                )
        return super().query(query_object, *arguments, **named)

    def gaps(self, **asked: Unpack[Asked]) -> pd.DataFrame:
        """Return the coordination gaps, one a row, asked for by the names of :class:`asmgraph.analysis.Parameters`.

        Raises
        ------
        NotFoundError
            For a place, kind, theme, date, source or language that is not known.
        """
        return find_gaps(self.snapshot, Parameters(**asked)).frame()

    def network(self, kind: str = "coordination", **asked: Unpack[AskedNetwork]) -> nx.Graph[str]:
        """Return a network of actors for networkx: see :func:`~asmgraph.analysis.networks.drawing.draw_network`.

        Parameters
        ----------
        kind
            ``coordination``: ties recorded or derived; ``observed``: those recorded; ``co-presence``: who is side
            by side.
        asked
            ``as_of``, ``place``, ``level`` and others of :class:`asmgraph.analysis.networks.drawing.AskedNetwork`.

        Raises
        ------
        NotFoundError
            For a kind, place, theme, date, source or language that is not known.

        Examples
        --------
        >>> graph = asmgraph.open("home").network("coordination", place="COD")  # doctest: +SKIP
        >>> asmgraph.export.networks.write_network(graph, "gexf")  # doctest: +SKIP
        """
        return draw_network(self.snapshot, kind, **asked)


def open_home(home: str | os.PathLike[str] | None = None, *, full: bool = False) -> Graph:
    """Open the published data of a home.

    Parameters
    ----------
    home
        Its folder; without it ``ASMGRAPH_HOME``, else ``.asmgraph``.
    full
        Read the full dataset instead of the public one: with what is restricted or confidential. Keep what
        you print from it to yourself.

    Raises
    ------
    HomeNotFoundError
        If nothing was published there.
    """
    settings = load(home=Path(home) if home is not None else None)
    return Graph(snapshots.current(settings.home, full=full))
