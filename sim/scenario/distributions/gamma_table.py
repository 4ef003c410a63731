"""Quantiles of the gamma distribution without SciPy: a table for each shape, read by interpolation.

The distribution function is integrated with Gauss-Legendre nodes over the logarithm of time, where the
integrand is smooth for every shape; the table holds the logarithm of the quantile at even steps of the log
odds of u, which keeps both tails accurate.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np

POINTS: Final = 4097
_REACH: Final = 36.0
_STEP: Final = 2.0 * _REACH / (POINTS - 1)
_CELLS: Final = 65536


@lru_cache(maxsize=256)
def _table(shape: float) -> tuple[float, ...]:
    """Return log quantiles of the gamma distribution (scale 1) at POINTS even steps of log(u / (1 - u))."""
    low = (math.lgamma(shape + 1.0) - _REACH - 2.0) / shape
    high = math.log(shape + 9.0 * math.sqrt(shape) + _REACH + 10.0)
    edges = np.linspace(low, high, _CELLS + 1)
    nodes, weights = np.polynomial.legendre.leggauss(3)
    half = (edges[1] - edges[0]) / 2.0
    points = (edges[:-1, None] + half) + half * nodes[None, :]
    density = np.exp(shape * points - np.exp(points) - math.lgamma(shape))
    mass = density @ weights * half
    # What lies below the first edge: the distribution function there is x^shape / gamma(shape + 1).
    start = math.exp(shape * low - math.lgamma(shape + 1.0))
    below = start + np.concatenate(([0.0], np.cumsum(mass)))
    above = np.concatenate((np.cumsum(mass[::-1])[::-1], [0.0])) + math.exp(-_REACH - 12.0)
    odds = np.maximum.accumulate(np.log(below) - np.log(above))
    wanted = np.linspace(-_REACH, _REACH, POINTS)
    return tuple(np.interp(wanted, odds, edges).tolist())


def gamma_quantile(shape: float, u: float) -> float:
    """Return the quantile at u of a gamma distribution with scale 1; u is kept inside (1e-15, 1 - 1e-15)."""
    u = 1e-15 if u < 1e-15 else 1.0 - 1e-15 if u > 1.0 - 1e-15 else u
    table = _table(shape)
    place = (math.log(u / (1.0 - u)) + _REACH) / _STEP
    cell = int(place)
    cell = 0 if cell < 0 else POINTS - 2 if cell > POINTS - 2 else cell
    low = table[cell]
    return math.exp(low + (place - cell) * (table[cell + 1] - low))
