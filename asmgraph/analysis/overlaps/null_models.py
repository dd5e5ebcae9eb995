"""Null models of two-mode networks: how much two rows would share by chance.

Enter the degrees of rows (actors) and columns (cells); leaves how likely each row is in each column, and from these
how likely an overlap is. Pure arithmetic: knows neither places nor people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, stats
from scipy.special import expit

from asmgraph.analysis.overlaps.poisson_binomial import Floats, Integers
from asmgraph.errors import AnalysisError

_TOLERANCE = 1e-9
"""How far an expected degree may be from the observed one, relative to it."""
_STEPS = 200


@dataclass(frozen=True)
class BiCM:
    """A fitted bipartite configuration model, by class of rows and of columns of equal degree.

    Attributes
    ----------
    row_degrees, column_degrees
        int64, ascending, each once: shapes (r,) and (c,).
    row_counts, column_counts
        int64: how many rows and columns have each degree.
    probability
        float64, shape (r, c): how likely a row of one degree is in a column of another.
    """

    row_degrees: Integers
    row_counts: Integers
    column_degrees: Integers
    column_counts: Integers
    probability: Floats


def fit_bicm(row_degrees: Integers, column_degrees: Integers) -> BiCM:
    """Fit the bipartite configuration model: of all random matrices whose expected degrees are these, the most random.

    A row i is in a column c with probability x_i y_c / (1 + x_i y_c), independently. The x and y are those of greatest
    likelihood, by Newton's method in their logarithms, one unknown for each distinct degree: so the size of the
    matrix does not matter, only how many different degrees there are. Empty rows and columns are in none; full ones
    are in all and are set aside first, as no finite x would do.

    Parameters
    ----------
    row_degrees, column_degrees
        int64, the degree of each row and of each column, in any order; their sums are equal.

    Raises
    ------
    AnalysisError
        Where the sums differ, a degree is negative or larger than the other side, or no matrix has these degrees.

    References
    ----------
    Squartini, T. and Garlaschelli, D. (2011). Analytical maximum-likelihood method to detect patterns in real
    networks. New Journal of Physics 13. doi:10.1088/1367-2630/13/8/083001

    Saracco, F., Di Clemente, R., Gabrielli, A. and Squartini, T. (2015). Randomizing bipartite networks: the case of
    the World Trade Web. Scientific Reports 5. doi:10.1038/srep10595

    Examples
    --------
    >>> fit_bicm(np.array([1, 1, 2]), np.array([1, 1, 2])).probability.round(3).tolist()
    [[0.216, 0.568], [0.568, 0.863]]
    """
    if row_degrees.sum() != column_degrees.sum():
        raise AnalysisError(
            f"The rows have {row_degrees.sum()} entries, the columns {column_degrees.sum()}.",
            "Count both degrees in the same matrix.",
        )
    for name, degrees, most in (
        ("row", row_degrees, column_degrees.size),
        ("column", column_degrees, row_degrees.size),
    ):
        wrong = np.flatnonzero((degrees < 0) | (degrees > most))
        if wrong.size:
            raise AnalysisError(
                f"Degree {degrees[wrong[0]]} of {name} {wrong[0]} is not from 0 to {most}.",
                "Count each pair of row and column once.",
            )
    rows, row_counts = np.unique(row_degrees, return_counts=True)
    columns, column_counts = np.unique(column_degrees, return_counts=True)
    probability = np.zeros((rows.size, columns.size))
    left, right, row_rest, column_rest = _set_aside(rows, row_counts, columns, column_counts, probability)
    if left.size and right.size:
        probability[np.ix_(left, right)] = _solve(
            row_rest[left].astype(np.float64),
            row_counts[left].astype(np.float64),
            column_rest[right].astype(np.float64),
            column_counts[right].astype(np.float64),
        )
    return BiCM(rows, row_counts, columns, column_counts, probability)


def _set_aside(
    rows: Integers, row_counts: Integers, columns: Integers, column_counts: Integers, probability: Floats
) -> tuple[Integers, Integers, Integers, Integers]:
    """Fill in what is certain; return the classes left of rows and of columns, and the degrees left to them."""
    row_rest, column_rest = rows.copy(), columns.copy()
    row_open, column_open = np.ones(rows.size, dtype=bool), np.ones(columns.size, dtype=bool)
    changed = True
    while changed:
        changed = False
        for rest, counts, mine, other_rest, other_counts, other, chances in (
            (row_rest, row_counts, row_open, column_rest, column_counts, column_open, probability),
            (column_rest, column_counts, column_open, row_rest, row_counts, row_open, probability.T),
        ):
            most = other_counts[other].sum()
            full = mine & (rest == most)
            chances[np.ix_(full, other)] = 1.0
            other_rest[other] -= counts[full].sum()
            gone = full | (mine & (rest == 0))
            mine[gone] = False
            changed |= bool(gone.any())
            if (other_rest[other] < 0).any() or (rest[mine] > most).any():
                raise _impossible()
    return np.flatnonzero(row_open), np.flatnonzero(column_open), row_rest, column_rest


def _impossible() -> AnalysisError:
    return AnalysisError(
        "No matrix of noughts and ones has these degrees.", "Count both degrees in the same matrix."
    )


def _solve(row_degrees: Floats, row_counts: Floats, column_degrees: Floats, column_counts: Floats) -> Floats:
    """Return the probabilities of greatest likelihood, classes of rows by classes of columns."""
    total = (row_degrees * row_counts).sum()
    row, column = np.log(row_degrees / np.sqrt(total)), np.log(column_degrees / np.sqrt(total))
    weight = row_counts[:, None] * column_counts[None, :]
    reached = _likelihood(row, column, row_degrees, row_counts, column_degrees, column_counts, weight)
    for _ in range(_STEPS):
        chance = expit(row[:, None] + column[None, :])
        row_off = row_degrees - chance @ column_counts
        column_off = column_degrees - row_counts @ chance
        if max(np.abs(row_off / row_degrees).max(), np.abs(column_off / column_degrees).max()) < _TOLERANCE:
            solved: Floats = chance
            return solved
        row_slope, column_slope = row_counts * row_off, column_counts * column_off
        bend = weight * chance * (1 - chance)
        # The rows are eliminated; the small ridge fixes what the data leave free, the scale of x against y.
        diagonal = np.maximum(bend.sum(axis=1), 1e-300)
        reduced = np.diag(bend.sum(axis=0)) - bend.T @ (bend / diagonal[:, None])
        reduced[np.diag_indices_from(reduced)] += 1e-11 * np.trace(bend.T @ bend / diagonal.max()) + 1e-12
        change = linalg.lstsq(reduced, column_slope - bend.T @ (row_slope / diagonal), check_finite=False)[0]
        row_change = (row_slope - bend @ change) / diagonal
        gain = float(row_slope @ row_change + column_slope @ change)
        step = 1.0
        while True:
            new_row, new_column = row + step * row_change, column + step * change
            found = _likelihood(
                new_row, new_column, row_degrees, row_counts, column_degrees, column_counts, weight
            )
            if found >= reached + 1e-4 * step * gain - 1e-11 * abs(reached) or step < 1e-9:
                break
            step /= 2
        row, column, reached = new_row, new_column, found
    raise _impossible()


def _likelihood(
    row: Floats,
    column: Floats,
    row_degrees: Floats,
    row_counts: Floats,
    column_degrees: Floats,
    column_counts: Floats,
    weight: Floats,
) -> float:
    """Return the logarithm of the likelihood of the degrees."""
    linear = row @ (row_counts * row_degrees) + column @ (column_counts * column_degrees)
    return float(linear - (weight * np.logaddexp(0.0, row[:, None] + column[None, :])).sum())


def hypergeometric_tail(columns: int, degree: Integers, other: Integers, at_least: Integers) -> Floats:
    """Return P(N >= n) of the columns that two rows share, where only the degrees of the rows are held.

    The simpler null model: all columns are alike, so it finds meaning in meetings where everybody was.

    Parameters
    ----------
    columns
        How many there are.
    degree, other, at_least
        int64, shape (pairs,): the degrees of both rows, and n.

    Examples
    --------
    >>> float(hypergeometric_tail(4, np.array([2]), np.array([2]), np.array([2]))[0].round(6))
    0.166667
    """
    tail: Floats = np.asarray(stats.hypergeom.sf(at_least - 1, columns, degree, other), dtype=np.float64)
    return tail


def benjamini_hochberg(p: Floats, hypotheses: int | None = None) -> Floats:
    """Return the q of each p: the least false discovery rate at which it would be called significant.

    Parameters
    ----------
    p
        float64, shape (n,), in any order.
    hypotheses
        How many were tested in all, at least n; those not among ``p`` count as not rejected. Default: n.

    Returns
    -------
    numpy.ndarray
        float64, shape (n,), from 0 to 1, in the order of ``p``.

    Raises
    ------
    AnalysisError
        Where fewer hypotheses are said to be tested than there are p.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical
    Society B 57(1). doi:10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.04, 0.01, 0.03])).round(3).tolist()
    [0.04, 0.03, 0.04]
    """
    tested = p.size if hypotheses is None else hypotheses
    if tested < p.size:
        raise AnalysisError(
            f"{p.size} p-values, but {tested} hypotheses.", "Count every hypothesis that was tested."
        )
    order = np.argsort(p, kind="stable")
    steps = p[order] * tested / np.arange(1, p.size + 1)
    q = np.empty_like(p)
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return q
