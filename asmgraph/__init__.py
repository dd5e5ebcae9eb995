"""asmgraph: the open knowledge graph of artisanal and small-scale mining, and the coordination gaps in it.

>>> import asmgraph
>>> graph = asmgraph.open("home")              # doctest: +SKIP
>>> graph.gaps(place="COD", kind="co-presence")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asmgraph.dataset import Graph
    from asmgraph.dataset import open_home as open

__all__ = ["Graph", "open"]


def __getattr__(name: str) -> Any:
    """Load the analyses only when they are asked for: query workers must stay small and free of threads."""
    if name in __all__:
        from asmgraph import dataset

        return dataset.open_home if name == "open" else dataset.Graph
    raise AttributeError(f"module 'asmgraph' has no attribute {name!r}")
