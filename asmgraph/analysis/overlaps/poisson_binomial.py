"""Upper tails of the Poisson-binomial distribution: how many of several unequal, independent chances come true.

Enter chances by group of equal ones; leaves the probability that at least so many come true, exactly to rounding
however small it is, or by the refined normal approximation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Complexes = NDArray[np.complex128]

_SPREAD = 7.0
"""Standard deviations, and whole numbers, kept on each side of the mean: beyond lie less than 1e-12."""
_AT_ONCE = 1 << 16
"""Chances held at once: few enough to stay in the processor's cache."""
_STEPS = 60
_MOST_TILT = 600.0
"""Of log odds: tails that would need more are below 1e-250."""
_SMALL_ODDS, _SERIES_ERROR = 0.3, 1e-13


def exact_tail(probability: Floats, count: Integers, at_least: Integers) -> Floats:
    """Return P(N >= n) of sums of independent unequal chances, one a row.

    The distribution is shifted so that its mean is n (an exponential tilt, Esscher 1932), its characteristic function,
    a product of powers of two-term polynomials, one for each group of equal chances, is taken at as many points as the
    shifted distribution is wide (Hong 2013), and the tail is summed and shifted back. Nothing is subtracted from one,
    so the far tail has the same relative precision, about 1e-10, as the middle, down to some 1e-250.

    Parameters
    ----------
    probability
        Shape (rows, groups), each from 0 to 1.
    count
        How many chances each group has; shape (groups,) or (rows, groups).
    at_least
        The n of each row; shape (rows,). At 0 or less the tail is 1.

    Returns
    -------
    numpy.ndarray
        float64, shape (rows,), from 0 to 1.

    References
    ----------
    Hong, Y. (2013). On computing the distribution function for the Poisson binomial distribution.
    Computational Statistics & Data Analysis 59. doi:10.1016/j.csda.2012.10.006

    Examples
    --------
    Two of three coins:

    >>> float(exact_tail(np.array([[0.5]]), np.array([3]), np.array([2])).round(12)[0])
    0.5
    """
    counts = np.broadcast_to(count, probability.shape)
    sure = probability >= 1
    certain = (counts * sure).sum(axis=1)
    possible = (counts * (probability > 0)).sum(axis=1)
    tail = np.where(at_least <= certain, 1.0, 0.0)
    open_rows = np.flatnonzero((at_least > certain) & (at_least <= possible))
    # Rows whose shifted distributions are about as wide are solved together.
    mean = np.einsum("rg,rg->r", counts, probability)
    open_rows = open_rows[np.argsort(np.maximum(at_least, mean)[open_rows], kind="stable")]
    rows_at_once = max(1, _AT_ONCE // max(1, probability.shape[1]))
    for start in range(0, open_rows.size, rows_at_once):
        rows = open_rows[start : start + rows_at_once]
        chance, cells = probability[rows], counts[rows].astype(np.float64)
        if sure[rows].any():
            chance, cells = np.where(sure[rows], 0.0, chance), np.where(sure[rows], 0.0, cells)
        tail[rows] = _tail(chance, cells, at_least[rows] - certain[rows])
    return tail


def _tail(probability: Floats, count: Floats, at_least: Integers) -> Floats:
    """Return the tails of rows that are neither certain nor impossible, and have no certain chance."""
    odds = probability / (1 - probability)
    tilt, mean, variance = _tilt(odds, count, at_least)
    shifted = odds * np.exp(tilt)[:, None]
    reach = _SPREAD * (np.sqrt(variance) + 1)
    lowest = np.maximum(0.0, np.floor(mean - reach))
    highest = np.minimum(count.sum(axis=1), np.ceil(mean + reach))
    # An odd number of points comes in mirrored pairs, but for the first.
    points = int((highest - lowest).max()) // 2 * 2 + 3
    half = np.arange(points // 2 + 1)
    turns = np.exp(2j * np.pi * np.arange(points) / points)
    first = np.maximum(at_least, lowest).astype(np.int64)
    # None where even the largest shift leaves the mean far below n: the tail is 0 to rounding.
    terms = np.maximum((lowest + points).astype(np.int64) - first, 0)
    exponent = _logarithm(shifted, count, turns[half])
    exponent += ((count * np.log1p(-probability)).sum(axis=1) - tilt * first)[:, None]
    # The values from the first to the highest, each shifted back, are a geometric series.
    beside = 1 - np.exp(-tilt)[:, None] * turns[-half]
    whole = np.abs(beside) < 1e-12
    beside[whole] = 1
    series = (1 - np.exp(-tilt * terms)[:, None] * turns[-terms[:, None] * half % points]) / beside
    series[whole] = np.broadcast_to(terms[:, None], whole.shape)[whole]
    size, phase = np.exp(exponent.real), exponent.imag
    series *= turns[-first[:, None] * half % points]
    parts = size * (np.cos(phase) * series.real - np.sin(phase) * series.imag)
    tail: Floats = np.clip((2 * parts.sum(axis=1) - parts[:, 0]) / points, 0.0, 1.0)
    return tail


def _logarithm(odds: Floats, count: Floats, turn: Complexes) -> Complexes:
    """Return the sum of count * log(1 + odds * turn) of each row for each turn, on the circle; shape (rows, turns).

    Small odds go into a power series, of which only the sums of powers depend on the row; large ones are computed.
    """
    large = odds > _SMALL_ODDS
    small = np.where(large, 0.0, odds)
    most = max(float(small.max()), 1e-9)
    powers = int(np.ceil(np.log(_SERIES_ERROR) / np.log(most)))
    sums = np.empty((odds.shape[0], powers))
    term = count * small
    largest, whole = small.max(axis=0), term.max(axis=0)
    begin = 0
    for power in range(powers):
        # The first columns, where cells are small, drop out of the higher powers.
        matters = np.flatnonzero(whole[begin:] * largest[begin:] ** power > _SERIES_ERROR * 1e-3)
        skip = int(matters[0]) if matters.size else 0
        begin, term = begin + skip, term[:, skip:]
        sums[:, power] = term.sum(axis=1) * ((-1) ** power / (power + 1))
        term *= small[:, begin:]
    total: Complexes = sums @ turn ** np.arange(1, powers + 1)[:, None]
    row, column = np.nonzero(large)
    if row.size:
        rows, starts = np.unique(row, return_index=True)
        value = 1 + odds[row, column][:, None] * turn
        logarithm = np.log(np.abs(value)) + 1j * np.angle(value)
        total[rows] += np.add.reduceat(count[row, column][:, None] * logarithm, starts, axis=0)
    return total


def _tilt(odds: Floats, count: Floats, at_least: Integers) -> tuple[Floats, Floats, Floats]:
    """Return the shift of the log odds that brings the mean near n, 0 where it is above; then mean and variance."""
    chance = odds / (1 + odds)
    plain = (count * chance).sum(axis=1)
    wanted = np.maximum(at_least, plain)
    low, high = np.zeros(at_least.size), np.full(at_least.size, _MOST_TILT)
    tilt = np.minimum(np.log(wanted / np.maximum(plain, 1e-300)), _MOST_TILT)
    for _ in range(_STEPS):
        shifted = odds * np.exp(tilt)[:, None]
        chance = shifted / (1 + shifted)
        part = count * chance
        mean = part.sum(axis=1)
        variance = mean - (part * chance).sum(axis=1)
        off = wanted - mean
        far = np.abs(off) > 0.1 + 0.2 * np.sqrt(np.maximum(variance, 0))
        if not far.any():
            break
        # Newton's step, or half-way to where the mean is known to be too high, or too low.
        low, high = np.where(off > 0, tilt, low), np.where(off < 0, tilt, high)
        step = tilt + off / np.maximum(variance, 1e-12)
        step = np.where((step > low) & (step < high), step, (low + high) / 2)
        tilt = np.where(far, step, tilt)
    return tilt, mean, np.maximum(variance, 0)


def refined_normal_tail(probability: Floats, count: Integers, at_least: Integers) -> Floats:
    """Return P(N >= n) by the normal approximation corrected for skewness (Volkova 1996).

    Fast and good in the middle; wrong by orders of magnitude in the far tail. Shapes as in :func:`exact_tail`.

    References
    ----------
    Volkova, A. Y. (1996). A refinement of the central limit theorem for sums of independent random indicators.
    Theory of Probability and its Applications 40(4). doi:10.1137/1140093

    Examples
    --------
    >>> float(refined_normal_tail(np.array([[0.5]]), np.array([100]), np.array([50])).round(3)[0])
    0.54
    """
    variances = count * probability * (1 - probability)
    mean, variance = (count * probability).sum(axis=1), variances.sum(axis=1)
    third = (variances * (1 - 2 * probability)).sum(axis=1)
    deviation = np.sqrt(np.where(variance > 0, variance, 1.0))
    score = (at_least - 0.5 - mean) / deviation
    density = np.exp(-(score**2) / 2) / np.sqrt(2 * np.pi)
    # P(N >= n) = 1 - F(n - 1); the normal's own upper tail is taken, not one less its lower.
    tail = ndtr(-score) - third / deviation**3 * (1 - score**2) * density / 6
    return np.where(variance > 0, np.clip(tail, 0.0, 1.0), np.where(score <= 0, 1.0, 0.0))
