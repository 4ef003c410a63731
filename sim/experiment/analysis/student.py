"""Quantiles of Student's t distribution with a whole number of degrees of freedom.

SciPy has them too. Its import takes longer than the tables and the report of a small run together, so that it is left
to analyses that need more of it; a test compares the two.
"""

from __future__ import annotations

import math
from functools import lru_cache

__all__ = ["student_quantile"]


@lru_cache(maxsize=4096)
def student_quantile(probability: float, freedom: int) -> float:
    """Return the quantile of Student's t distribution with a whole number of degrees of freedom.

    Newton's method on the finite series of Abramowitz and Stegun (Handbook of Mathematical Functions, 1964, 26.7.3 and
    26.7.4) in the angle atan(t / sqrt(freedom)). The series is concave there, so that the steps go one way.

    Raises:
        ValueError: when the probability is not between 0 and 1, or freedom is below 1.
    """
    if not 0.0 < probability < 1.0:
        raise ValueError(f"the probability {probability} is not between 0 and 1")
    if freedom < 1:
        raise ValueError(f"{freedom} degrees of freedom are fewer than 1")
    between = abs(2.0 * probability - 1.0)  # the share between minus and plus the quantile
    slope = 2.0 * math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(math.pi)
    angle = 0.0
    for _ in range(200):
        step = (between - _share_within(angle, freedom)) / (slope * math.cos(angle) ** (freedom - 1))
        angle += step
        if step <= 1e-15 * angle:
            break
    quantile = math.sqrt(freedom) * math.tan(angle)
    return quantile if probability >= 0.5 else -quantile


def _share_within(angle: float, freedom: int) -> float:
    """The share of the distribution between minus and plus sqrt(freedom) * tan(angle)."""
    cosine, odd = math.cos(angle), freedom % 2
    term = cosine if odd else 1.0
    series = 0.0 if freedom == 1 else term
    for power in range(2 + odd, freedom, 2):
        term *= cosine * cosine * (power - 1) / power
        series += term
        if term < 1e-18 * series:
            break
    return 2.0 / math.pi * (angle + math.sin(angle) * series) if odd else math.sin(angle) * series
