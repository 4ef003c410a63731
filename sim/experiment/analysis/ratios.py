"""What one thing costs in terms of another: a ratio of two mean differences, with an interval.

The interval is that of Fieller (E. C. Fieller, "Some problems in interval estimation", Journal of the Royal
Statistical Society B 16, 1954, pages 175 to 185): all ratios that a paired Student's test of the replications would
not reject. It is bounded exactly where the denominator is clear of zero; elsewhere there is no ratio to speak of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.experiment.analysis.student import student_quantile

__all__ = ["Ratio", "ratio_of_means"]


@dataclass(frozen=True)
class Ratio:
    """A ratio of means and its 95% interval; NaN where the denominator is not clear of zero."""

    value: float
    ci95_low: float
    ci95_high: float
    replications: int


def ratio_of_means(numerator: ArrayLike, denominator: ArrayLike, confidence: float = 0.95) -> Ratio:
    """Divide the mean of `numerator` by that of `denominator`; element i of both is the same replication.

    Missing unless the denominator's mean is above zero by more than chance: a saving that may be none has no price.
    """
    top, bottom = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    known = ~(np.isnan(top) | np.isnan(bottom))
    top, bottom, many = top[known], bottom[known], int(known.sum())
    missing = Ratio(math.nan, math.nan, math.nan, many)
    if many < 2:
        return missing
    up, down = float(top.mean()), float(bottom.mean())
    spread = np.cov(top, bottom) * student_quantile((1.0 + confidence) / 2.0, many - 1) ** 2 / many
    square = down**2 - float(spread[1, 1])
    if down <= 0 or square <= 0:
        return missing
    half = up * down - float(spread[0, 1])
    root = math.sqrt(max(half**2 - square * (up**2 - float(spread[0, 0])), 0.0))
    return Ratio(up / down, (half - root) / square, (half + root) / square, many)
