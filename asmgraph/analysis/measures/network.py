"""A network as the measures take it: names in order, and a sparse matrix of the weights of ties.

Enters: a table of ties, or a networkx graph. Leaves: a frozen :class:`Network`. Nothing here knows what the nodes
are. Parallel ties between the same two nodes become one tie that has their weights together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import networkx as nx
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from asmgraph.errors import SourceError

SOURCE, TARGET, WEIGHT = "Source", "Target", "Weight"
Matrix: TypeAlias = "sparse.csr_array[Any, tuple[int, int]]"
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes and their ties.

    Parameters
    ----------
    names
        Of the n nodes, each another one; their order is that of every array a measure returns.
    adjacency
        (n, n), float64: in row i and column j the weight of the tie from i to j, above zero and finite; where there
        is no tie, nothing is stored. Without direction the matrix is symmetric. A tie of a node with itself stands
        on the diagonal, once.
    directed
        Whether ties have a direction.

    Raises
    ------
    SourceError
        If names repeat, the matrix has another size, or a weight is not a finite number above zero.

    Examples
    --------
    >>> from scipy import sparse
    >>> network = Network(("a", "b"), sparse.csr_array([[0.0, 2.0], [2.0, 0.0]]))
    >>> len(network), network.tie_count, network.weighted
    (2, 1, True)
    """

    names: tuple[Hashable, ...]
    adjacency: Matrix
    directed: bool = False
    position: dict[Hashable, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        count = len(self.names)
        matrix: Matrix = self.adjacency.astype(np.float64, copy=True)
        if matrix.shape != (count, count):
            raise SourceError(
                f"The matrix has the shape {matrix.shape}, for {count} names.",
                "Give a square matrix, one row and column for each name.",
            )
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        wrong = ~(np.isfinite(matrix.data) & (matrix.data > 0))
        if wrong.any():
            raise SourceError(
                f"A tie has the weight {matrix.data[wrong][0]}.",
                "Weights are finite numbers above zero; leave out what is no tie.",
            )
        position = {name: place for place, name in enumerate(self.names)}
        if len(position) < count:
            twice = sorted(str(name) for name, times in Counter(self.names).items() if times > 1)
            raise SourceError(f"Two nodes have the name {twice[0]!r}.", "Give each node another name.")
        if not self.directed and (matrix - matrix.T).data.any():
            raise SourceError(
                "The matrix is not symmetric, so ties have a direction.",
                "Say directed=True, or give each tie in both directions.",
            )
        object.__setattr__(self, "adjacency", matrix)
        object.__setattr__(self, "position", position)

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def ties(self) -> tuple[Integers, Integers, Floats]:
        """Rows, columns and weights of the m ties, each once; without direction the row is never above the column."""
        matrix = (self.adjacency if self.directed else sparse.triu(self.adjacency)).tocoo()
        order = np.lexsort((matrix.col, matrix.row))
        return (
            matrix.row[order].astype(np.int64),
            matrix.col[order].astype(np.int64),
            matrix.data[order].astype(np.float64),
        )

    @property
    def tie_count(self) -> int:
        """The number of ties, those of a node with itself among them."""
        return len(self.ties[0])

    @property
    def weighted(self) -> bool:
        """Whether a tie has another weight than 1."""
        return bool((self.adjacency.data != 1).any())

    @cached_property
    def loops(self) -> Floats:
        """(n,), float64: the weight of each node's tie with itself, 0 where there is none."""
        return np.asarray(self.adjacency.diagonal(), dtype=np.float64)

    @cached_property
    def simple(self) -> Matrix:
        """The matrix of ones where two different nodes have a tie, in its direction."""
        matrix = self.adjacency.tocoo()
        apart = matrix.row != matrix.col
        ones = np.ones(int(apart.sum()))
        return sparse.csr_array((ones, (matrix.row[apart], matrix.col[apart])), shape=matrix.shape)

    @cached_property
    def incoming(self) -> Matrix:
        """:attr:`simple` the other way round: in row i and column j a one where there is a tie from j to i."""
        return self.simple.T.tocsr() if self.directed else self.simple

    @cached_property
    def mutual(self) -> Matrix:
        """The weights of both directions together, without ties of a node with itself; symmetric."""
        matrix = self.adjacency.tocoo()
        apart = matrix.row != matrix.col
        rows, columns, weights = matrix.row[apart], matrix.col[apart], matrix.data[apart]
        if self.directed:
            rows, columns = np.concatenate([rows, columns]), np.concatenate([columns, rows])
            weights = np.concatenate([weights, weights])
        return sparse.csr_array((weights, (rows, columns)), shape=matrix.shape)

    def places(self, names: Iterable[Hashable]) -> Integers:
        """Return the positions of these nodes.

        Raises
        ------
        SourceError
            If one of them is no node.
        """
        asked = list(names)
        unknown = [name for name in asked if name not in self.position]
        if unknown:
            raise SourceError(f"{unknown[0]!r} is no node of this network.", "Look how it is written there.")
        return np.array([self.position[name] for name in asked], dtype=np.int64)

    def restricted_to(self, kept: Booleans) -> Network:
        """Return the network of the nodes that (n,) ``kept`` marks, and the ties among them."""
        chosen = np.flatnonzero(kept)
        names = tuple(self.names[place] for place in chosen)
        return Network(names, self.adjacency[chosen][:, chosen], self.directed)


def from_ties(
    names: Sequence[Hashable], rows: Integers, columns: Integers, weights: Floats, *, directed: bool = False
) -> Network:
    """Return the network of ties given by the positions of their ends; those between the same two add up.

    Examples
    --------
    >>> import numpy as np
    >>> from_ties("abc", np.array([0, 1]), np.array([1, 0]), np.array([1.0, 2.0])).adjacency[[0], [1]]
    array([3.])
    """
    shape = (len(names), len(names))
    if not directed:  # one triangle first, so that both hold the same sums to the last digit
        rows, columns = np.minimum(rows, columns), np.maximum(rows, columns)
        upper = sparse.csr_array((weights, (rows, columns)), shape=shape).tocoo()
        apart = upper.row != upper.col
        rows, columns = (
            np.concatenate([upper.row, upper.col[apart]]),
            np.concatenate([upper.col, upper.row[apart]]),
        )
        weights = np.concatenate([upper.data, upper.data[apart]])
    matrix = sparse.csr_array((weights, (rows, columns)), shape=shape)
    return Network(tuple(names), matrix, directed)


def from_table(
    table: pl.DataFrame,
    *,
    source: str = SOURCE,
    target: str = TARGET,
    weight: str = WEIGHT,
    directed: bool = False,
    nodes: Sequence[str] = (),
    rows: Sequence[int] = (),
) -> Network:
    """Return the network of a table of ties, one a row.

    Parameters
    ----------
    table
        Columns ``source`` and ``target``, read as text; ``weight``, where there is one, as numbers. Parallel ties are
        added up; without direction a-b and b-a are parallel.
    nodes
        Names that are nodes even without a tie; they come first. The others follow as they are met in the table.
    rows
        The number of each row, for messages; without them they count from 1.

    Raises
    ------
    SourceError
        If a column is missing, a cell is blank, or a weight is not a finite number above zero; it names the column,
        the row and the value.

    Examples
    --------
    >>> import polars as pl
    >>> from_table(pl.DataFrame({"Source": ["a", "b"], "Target": ["b", "a"]})).adjacency.toarray().tolist()
    [[0.0, 2.0], [2.0, 0.0]]
    """
    for column in (source, target):
        if column not in table.columns:
            raise SourceError(
                f"The table of ties has no column {column!r}; it has {', '.join(map(repr, table.columns))}.",
                f"Name the columns of the two ends of a tie {source!r} and {target!r}.",
            )
        blank = table[column].cast(pl.String).fill_null("").str.strip_chars() == ""
        if blank.any():
            at = int(blank.arg_max() or 0)
            raise _refused(at, rows, column, "the cell is blank", "Name both ends of each tie.")
    ends = [table[column].cast(pl.String).str.strip_chars() for column in (source, target)]
    met = pl.concat(
        [
            pl.Series("name", list(nodes), dtype=pl.String),
            *(
                pl.DataFrame({"a": ends[0], "b": ends[1]})
                .select(pl.concat_list("a", "b").explode().alias("name"))
                .get_columns()
            ),
        ]
    ).unique(maintain_order=True)
    numbers = pl.DataFrame({"name": met, "place": np.arange(len(met))})
    starts, ends_at = (
        pl.DataFrame({"name": end})
        .join(numbers, on="name", how="left", maintain_order="left")["place"]
        .to_numpy()
        for end in ends
    )
    weights = _weights(table, weight, rows) if weight in table.columns else np.ones(table.height)
    return from_ties(met.to_list(), starts, ends_at, weights, directed=directed)


def _weights(table: pl.DataFrame, column: str, rows: Sequence[int]) -> Floats:
    given = table[column]
    numbers = given.cast(pl.Float64, strict=False)
    wrong = (~(numbers.is_finite() & (numbers > 0))).fill_null(value=True)
    if wrong.any():
        at = int(wrong.arg_max() or 0)
        what = (
            "the cell is blank"
            if given[at] in (None, "")
            else f"{given[at]!r} is not a finite number above zero"
        )
        raise _refused(
            at, rows, column, what, "Write it with a decimal point; leave the row out if it is no tie."
        )
    return numbers.to_numpy().astype(np.float64)


def _refused(at: int, rows: Sequence[int], column: str, what: str, hint: str) -> SourceError:
    return SourceError(f"Row {rows[at] if len(rows) else at + 1}, column {column!r}: {what}.", hint)


def from_graph(graph: nx.Graph[Any], weight: str | None = "weight") -> Network:
    """Return the network of a networkx graph; in a multigraph parallel ties are added up.

    Parameters
    ----------
    weight
        The attribute of ties that holds their weight, 1 where a tie has none; ``None``: all ties weigh 1.

    Raises
    ------
    SourceError
        If a weight is not a finite number above zero.

    Examples
    --------
    >>> import networkx as nx
    >>> from_graph(nx.path_graph(3)).adjacency.toarray().tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    names = tuple(graph)
    position = {name: place for place, name in enumerate(names)}
    if weight is None:
        ends = list(graph.edges())
        weights = np.ones(len(ends))
    else:
        listed = list(graph.edges(data=weight, default=1))
        ends = [(one, other) for one, other, _ in listed]
        weights = _numbers([value for _, _, value in listed])
        wrong = np.flatnonzero(~(np.isfinite(weights) & (weights > 0)))
        if wrong.size:
            one, other, value = listed[wrong[0]]
            raise SourceError(
                f"The tie of {one!r} and {other!r} has the {weight} {value!r}.",
                "Weights are finite numbers above zero; leave out what is no tie.",
            )
    rows = np.fromiter((position[one] for one, _ in ends), np.int64, len(ends))
    columns = np.fromiter((position[other] for _, other in ends), np.int64, len(ends))
    return from_ties(names, rows, columns, weights, directed=graph.is_directed())


def _numbers(values: list[Any]) -> Floats:
    """Return the values that are numbers; others are not a number."""
    if {*map(type, values)} <= {int, float}:
        return np.array(values, dtype=np.float64)
    return np.array(
        [value if isinstance(value, int | float | np.number) else np.nan for value in values],
        dtype=np.float64,
    )
