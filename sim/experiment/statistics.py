"""Statistics over replications: means, the range of runs, and intervals of means and of paired differences.

Everything here works on arrays of shape (replications, figures) and leaves missing figures (NaN) out one by
one, so that a measure with an empty denominator in one replication is still told from the others.

`low80` and `high80` are the 10th and 90th percentile of replications: in 8 runs out of 10 the figure lies
between them. `ci95` is Student's interval of the mean, which shrinks with more replications; the range of
runs does not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Paired", "Spread", "clear_of_chance", "mean_interval", "paired", "spread", "student_quantile"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """What the replications of each figure say: arrays of one value a figure, NaN where there is none."""

    mean: Floats
    low80: Floats
    high80: Floats
    ci95_low: Floats
    ci95_high: Floats
    replications: NDArray[np.int64]


@dataclass(frozen=True)
class Paired:
    """A scenario against its baseline, replication by replication: one value a figure."""

    baseline_mean: Floats
    scenario_mean: Floats
    difference: Floats
    ci95_low: Floats
    ci95_high: Floats
    replications: NDArray[np.int64]

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Whether the interval of the difference leaves zero out; False where there is no interval."""
        return clear_of_chance(self.ci95_low, self.ci95_high)


def student_quantile(probability: float, freedom: int) -> float:
    """Return the quantile of Student's t distribution with a whole number of degrees of freedom.

    The distribution function is the exact finite sum for whole degrees of freedom (Abramowitz and Stegun,
    26.7.3 and 26.7.4), inverted by bisection to full double precision in the tail.

    Raises:
        ValueError: when the probability is not between 0 and 1, or freedom is below 1.
    """
    if not 0.0 < probability < 1.0:
        raise ValueError(f"the probability {probability} is not between 0 and 1")
    if freedom < 1:
        raise ValueError(f"{freedom} degrees of freedom are fewer than 1")
    if probability < 0.5:
        return -_upper_quantile(1.0 - probability, freedom)
    return _upper_quantile(probability, freedom)


@lru_cache(maxsize=4096)
def _upper_quantile(probability: float, freedom: int) -> float:
    if probability == 0.5:
        return 0.0
    within = 2.0 * probability - 1.0
    low, high = 0.0, 1.0
    while _within(high, freedom) < within:
        low, high = high, high * 2.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if _within(middle, freedom) < within:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _within(t: float, freedom: int) -> float:
    """Probability that |T| <= t."""
    angle = math.atan2(t, math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    if freedom == 1:
        return 2.0 * angle / math.pi
    odd = freedom % 2 == 1
    term = total = cosine if odd else 1.0
    for step in range(3 if odd else 2, freedom - 1, 2):
        term *= (step - 1) / step * cosine * cosine
        total += term
    if odd:
        return 2.0 / math.pi * (angle + sine * total)
    return sine * total


def spread(values: ArrayLike) -> Spread:
    """Summarise replications: `values` has shape (replications, figures).

    With fewer than two replications of a figure its mean stands alone: ranges and intervals are missing.
    """
    runs = np.asarray(values, dtype=np.float64)
    count, mean, low, high = _mean_and_interval(runs)
    return Spread(mean, _percentile(runs, count, 0.10), _percentile(runs, count, 0.90), low, high, count)


def paired(baseline: ArrayLike, scenario: ArrayLike) -> Paired:
    """Compare a scenario with its baseline; row i of both is the same replication of the same children.

    Means and counts are of the replications in which both have the figure.
    """
    base, other = np.asarray(baseline, dtype=np.float64), np.asarray(scenario, dtype=np.float64)
    difference = other - base
    missing = np.isnan(difference)
    base_mean = _mean_and_interval(np.where(missing, np.nan, base))[1]
    other_mean = _mean_and_interval(np.where(missing, np.nan, other))[1]
    count, mean, low, high = _mean_and_interval(difference)
    return Paired(base_mean, other_mean, mean, low, high, count)


def mean_interval(values: Sequence[float] | Floats) -> tuple[float, float]:
    """Return the 95% interval of the mean of one figure; NaN twice with fewer than two replications."""
    runs = np.asarray(values, dtype=np.float64).reshape(-1, 1)
    _, _, low, high = _mean_and_interval(runs)
    return float(low[0]), float(high[0])


def clear_of_chance(low: ArrayLike, high: ArrayLike) -> NDArray[np.bool_]:
    """Whether intervals leave zero out; False where an end is missing."""
    return np.asarray((np.asarray(low) > 0) | (np.asarray(high) < 0), dtype=np.bool_)


def _mean_and_interval(runs: Floats) -> tuple[NDArray[np.int64], Floats, Floats, Floats]:
    """Count, mean and 95% interval of the mean of each column, leaving NaN out."""
    known = ~np.isnan(runs)
    count = known.sum(axis=0).astype(np.int64)
    # Shifting by the first value keeps figures that never vary exactly so, whatever their size.
    shift = _first(runs, known)
    shifted = np.where(known, runs - shift, 0.0)
    mean = shift + _over(shifted.sum(axis=0), count)
    from_mean = np.where(known, runs - np.where(count > 0, mean, 0.0), 0.0)
    deviation = np.sqrt(_over((from_mean**2).sum(axis=0), count - 1))
    half = _student(count) * _over(deviation, np.sqrt(np.maximum(count, 1)))
    half = np.where(count > 1, half, np.nan)
    return count, mean, mean - half, mean + half


def _first(runs: Floats, known: NDArray[np.bool_]) -> Floats:
    if not len(runs):
        return np.full(runs.shape[1], np.nan)
    found: Floats = runs[known.argmax(axis=0), np.arange(runs.shape[1])]
    return found


def _student(count: NDArray[np.int64]) -> Floats:
    factors = np.full(count.shape, np.nan)
    for many in np.unique(count):
        if many > 1:
            factors[count == many] = student_quantile(0.975, int(many) - 1)
    return factors


def _over(numerator: Floats, denominator: NDArray[Any]) -> Floats:
    missing = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=missing, where=denominator > 0)
    return missing


def _percentile(runs: Floats, count: NDArray[np.int64], share: float) -> Floats:
    """`numpy.percentile` (linear) of each column, leaving NaN out; NaN with fewer than two values."""
    if not len(runs):
        return np.full(runs.shape[1], np.nan)
    ranked = np.sort(runs, axis=0)  # NaN last
    position = np.maximum(count - 1, 0) * share
    low = np.floor(position).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    column = np.arange(runs.shape[1])
    value = ranked[low, column] + (position - low) * (ranked[high, column] - ranked[low, column])
    return np.where(count > 1, value, np.nan)
