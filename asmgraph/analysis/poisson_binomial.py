"""Upper tails of the Poisson-binomial distribution: how many of several unequal, independent chances come true.

Enter chances by group of equal ones; leaves the probability that at least so many come true, exactly to rounding
however small it is, or by the refined normal approximation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_SPREAD = 7.0
"""Standard deviations, and whole numbers, kept on each side of the mean: beyond lie less than 1e-12."""
_AT_ONCE = 1 << 16
"""Chances held at once: few enough to stay in the processor's cache."""
_STEPS = 60


def exact_tail(probability: Floats, count: Integers, at_least: Integers) -> Floats:
    """Return P(N >= n) of sums of independent unequal chances, one a row.

    The distribution is shifted so that its mean is n (an exponential tilt, Esscher 1932), its characteristic function,
    a product of powers of two-term polynomials, one for each group of equal chances, is taken at as many points as the
    shifted distribution is wide (Hong 2013), and the tail is summed and shifted back. Nothing is subtracted from one, so
    the far tail has the same relative precision, about 1e-10, as the middle.

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
    certain = (counts * (probability >= 1)).sum(axis=1)
    possible = (counts * (probability > 0)).sum(axis=1)
    tail = np.where(at_least <= certain, 1.0, 0.0)
    open_rows = np.flatnonzero((at_least > certain) & (at_least <= possible))
    # Rows as wide as each other are solved together.
    open_rows = open_rows[np.argsort(at_least[open_rows], kind="stable")]
    rows_at_once = max(1, _AT_ONCE // max(1, probability.shape[1]))
    for start in range(0, open_rows.size, rows_at_once):
        rows = open_rows[start : start + rows_at_once]
        tail[rows] = _tail(probability[rows], counts[rows].astype(np.float64), at_least[rows])
    return tail


def _tail(probability: Floats, count: Floats, at_least: Integers) -> Floats:
    """Return the tails of rows that are neither certain nor impossible."""
    tilt, tilted = _tilt(probability, count, at_least)
    mean = (count * tilted).sum(axis=1)
    deviation = np.sqrt((count * tilted * (1 - tilted)).sum(axis=1))
    reach = _SPREAD * (deviation + 1)
    lowest = np.maximum(0.0, np.floor(mean - reach))
    highest = np.minimum(count.sum(axis=1), np.ceil(mean + reach))
    points = int((highest - lowest).max()) // 2 * 2 + 3
    highest = lowest + points - 1
    first = np.maximum(at_least, lowest)
    terms = highest - first + 1
    total = np.zeros(at_least.size)
    spread = 2 * tilted * (1 - tilted)
    for step in range(points // 2 + 1):
        angle = 2 * np.pi * step / points
        turned, risen = tilted * np.sin(angle), 1 - tilted * (1 - np.cos(angle))
        size = (count * np.log(1 - spread * (1 - np.cos(angle)))).sum(axis=1) / 2
        phase = (count * np.arctan2(turned, risen)).sum(axis=1)
        # The values from the first to the highest, each shifted back, are a geometric series.
        ratio = np.exp(-tilt - 1j * angle)
        still = np.abs(1 - ratio) < 1e-12
        series = np.where(still, terms, (1 - ratio**terms) / np.where(still, 1, 1 - ratio))
        part = np.exp(size + 1j * (phase - angle * first)) * series
        total += part.real * (2 if step else 1)
    scale = (count * np.log1p(probability * np.expm1(tilt)[:, None])).sum(axis=1) - tilt * first
    return np.clip(np.exp(scale) * total / points, 0.0, 1.0)


def _tilt(probability: Floats, count: Floats, at_least: Integers) -> tuple[Floats, Floats]:
    """Return the shift in log odds that brings the mean near n, none where it is above; and the shifted chances."""
    with np.errstate(divide="ignore"):
        odds = logit(probability)
    low, high = np.zeros(at_least.size), np.full(at_least.size, 700.0)
    mean = (count * probability).sum(axis=1)
    wanted = np.maximum(at_least, mean)
    tilt = np.where(wanted > mean, np.log(wanted) - np.log(np.maximum(mean, 1e-300)), 0.0)
    tilted = probability
    for _ in range(_STEPS):
        tilted = expit(odds + tilt[:, None])
        mean = (count * tilted).sum(axis=1)
        slope = (count * tilted * (1 - tilted)).sum(axis=1)
        off = wanted - mean
        if np.all(np.abs(off) <= 0.1 + 0.1 * np.sqrt(slope)):
            break
        low, high = np.where(off > 0, tilt, low), np.where(off < 0, tilt, high)
        with np.errstate(divide="ignore", over="ignore"):
            tilt = tilt + np.where(slope > 0, off / np.maximum(slope, 1e-300), np.inf)
        tilt = np.where((tilt > low) & (tilt < high), tilt, (low + high) / 2)
    return tilt, tilted


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
