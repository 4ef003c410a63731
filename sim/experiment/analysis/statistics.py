"""Statistics over replications: means, the range of runs, and intervals of means and of paired differences.

Everything here works on arrays of shape (replications, figures) and leaves missing figures (NaN) out one by
one, so that a measure with an empty denominator in one replication is still told from the others.

`low80` and `high80` are the 10th and 90th percentile of replications: in 8 runs out of 10 the figure lies
between them. `ci95` is Student's interval of the mean, which shrinks with more replications; the range of
runs does not. Where replications went on until intervals were narrow, `confidence` is higher than 95% so that they
still cover 95% (`sim.experiment.analysis.stopping`).

A ratio of two mean differences, what one thing costs in terms of another, has the interval of Fieller (E. C. Fieller,
"Some problems in interval estimation", Journal of the Royal Statistical Society B 16, 1954, pages 175 to 185): all
ratios that a paired Student's test of the replications would not reject. It is bounded exactly where the denominator is
clear of zero; elsewhere there is no ratio to speak of.

Several scenarios against one baseline have simultaneous intervals by Bonferroni's inequality, each at 1 - 5%/k, so
that all k hold together in 95 of 100 studies. Common random numbers make the differences depend on one another in a way
that Dunnett's method does not allow for; Bonferroni's holds whatever it is (A. M. Law, "Simulation Modeling and
Analysis", 5th edition, 2015, section 10.3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.experiment.analysis.student import student_quantile

__all__ = [
    "Paired",
    "Ratio",
    "Spread",
    "clear_of_chance",
    "mean_interval",
    "paired",
    "ratio_of_means",
    "share_interval",
    "spread",
]

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
    """A scenario against its baseline, replication by replication: one value a figure.

    `variance_reduction` is what pairing gains: the variance that a difference of independent runs would have, over
    the variance that it has; so many times the replications would be needed without pairing. NaN where no run differs.
    """

    baseline_mean: Floats
    scenario_mean: Floats
    difference: Floats
    ci95_low: Floats
    ci95_high: Floats
    replications: NDArray[np.int64]
    simultaneous_low: Floats
    simultaneous_high: Floats
    variance_reduction: Floats

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Whether the simultaneous interval leaves zero out; False where there is no interval."""
        return clear_of_chance(self.simultaneous_low, self.simultaneous_high)


def spread(values: ArrayLike, confidence: float = 0.95) -> Spread:
    """Summarise replications: `values` has shape (replications, figures).

    With fewer than two replications of a figure its mean stands alone: ranges and intervals are missing.
    """
    runs = np.asarray(values, dtype=np.float64)
    count, mean, low, high = _mean_and_interval(runs, confidence)
    return Spread(mean, _percentile(runs, count, 0.10), _percentile(runs, count, 0.90), low, high, count)


def paired(baseline: ArrayLike, scenario: ArrayLike, confidence: float = 0.95, comparisons: int = 1) -> Paired:
    """Compare a scenario with its baseline; row i of both is the same replication of the same children.

    Means and counts are of the replications in which both have the figure. `comparisons` is the number of scenarios
    that are compared with the baseline.
    """
    base, other = np.asarray(baseline, dtype=np.float64), np.asarray(scenario, dtype=np.float64)
    difference = other - base
    missing = np.isnan(difference)
    base, other = np.where(missing, np.nan, base), np.where(missing, np.nan, other)
    base_mean, other_mean = _mean_and_interval(base)[1], _mean_and_interval(other)[1]
    count, mean, low, high = _mean_and_interval(difference, confidence)
    _, _, wide_low, wide_high = _mean_and_interval(difference, 1.0 - (1.0 - confidence) / comparisons)
    together = _variance(difference)
    gained = np.full(together.shape, np.nan)
    np.divide(_variance(base) + _variance(other), together, out=gained, where=together > 0)
    return Paired(base_mean, other_mean, mean, low, high, count, wide_low, wide_high, gained)


def _variance(runs: Floats) -> Floats:
    """Variance of each column, leaving NaN out; NaN with fewer than two values."""
    known = ~np.isnan(runs)
    count = known.sum(axis=0).astype(np.int64)
    shifted = np.where(known, runs - _first(runs, known), 0.0)
    from_mean = np.where(known, shifted - np.where(count > 0, _over(shifted.sum(axis=0), count), 0.0), 0.0)
    return _over((from_mean**2).sum(axis=0), count - 1)


def mean_interval(values: Sequence[float] | Floats, confidence: float = 0.95) -> tuple[float, float]:
    """Return the interval of the mean of one figure; NaN twice with fewer than two replications."""
    runs = np.asarray(values, dtype=np.float64).reshape(-1, 1)
    _, _, low, high = _mean_and_interval(runs, confidence)
    return float(low[0]), float(high[0])


def share_interval(successes: int, runs: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's interval of a share (E. B. Wilson, Journal of the American Statistical Association 22, 1927)."""
    from scipy.stats import binomtest

    interval = binomtest(int(successes), int(runs)).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


def clear_of_chance(low: ArrayLike, high: ArrayLike) -> NDArray[np.bool_]:
    """Whether intervals leave zero out; False where an end is missing."""
    return np.asarray((np.asarray(low) > 0) | (np.asarray(high) < 0), dtype=np.bool_)


def _mean_and_interval(runs: Floats, confidence: float = 0.95) -> tuple[NDArray[np.int64], Floats, Floats, Floats]:
    """Count, mean and interval of the mean of each column, leaving NaN out."""
    known = ~np.isnan(runs)
    count = known.sum(axis=0).astype(np.int64)
    # Shifting by the first value keeps figures that never vary exactly so, whatever their size.
    shift = _first(runs, known)
    shifted = np.where(known, runs - shift, 0.0)
    mean = shift + _over(shifted.sum(axis=0), count)
    from_mean = np.where(known, runs - np.where(count > 0, mean, 0.0), 0.0)
    deviation = np.sqrt(_over((from_mean**2).sum(axis=0), count - 1))
    half = _student(count, (1.0 + confidence) / 2.0) * _over(deviation, np.sqrt(np.maximum(count, 1)))
    half = np.where(count > 1, half, np.nan)
    return count, mean, mean - half, mean + half


def _first(runs: Floats, known: NDArray[np.bool_]) -> Floats:
    if not len(runs):
        return np.full(runs.shape[1], np.nan)
    first: Floats = runs[known.argmax(axis=0), np.arange(runs.shape[1])]
    return first


def _student(count: NDArray[np.int64], probability: float) -> Floats:
    factors = np.full(count.shape, np.nan)
    for many in np.unique(count):
        if many > 1:
            factors[count == many] = student_quantile(probability, int(many) - 1)
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
