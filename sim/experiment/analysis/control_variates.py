"""Control variates: taking the chance variation of referrals, whose mean is known, out of means and differences.

A run in which more children happen to be referred than expected ends with more late work. How many are expected is
known exactly, so the part of a figure that goes with this chance variation can be told and taken out: each figure is
regressed on the variation over the replications, and its mean is read off where the variation is zero (S. S. Lavenberg
and P. D. Welch, "A perspective on the use of control variables to increase the efficiency of Monte Carlo simulations",
Management Science 27, 1981; A. M. Law, "Simulation Modeling and Analysis", 5th edition, 2015, section 11.4). For normal
figures the mean is unbiased, and Student's interval with the degrees of freedom that the regression leaves covers
exactly what it says.

The controls of a figure are the chance variation of the twelve months up to the end of its period, and of all months
before: late work owes less to referrals of years ago than to those of the last
(`docs/decisions/0010-controls-on-referrals.md`).
All scenarios of a comparison have the same controls, so that adjusted means differ by exactly the adjusted difference.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.experiment.analysis.student import student_quantile
from sim.experiment.results.replications import Referrals

__all__ = ["LEAST", "Adjusted", "ReferralChance", "adjust", "chance_of", "differences", "levels"]

Floats = NDArray[np.float64]

LEAST: Final = 20
"""Replications below which nothing is adjusted: the regression would cost about what it gains."""
LAST_MONTHS: Final = 12
_ROUNDING: Final = 1e-6


@dataclass(frozen=True)
class ReferralChance:
    """Children referred above the number expected: `children` has shape (replications, months of the run)."""

    months: tuple[str, ...]
    replications: tuple[int, ...]
    children: Floats

    def controls(self, period: str, replications: Sequence[int]) -> Floats:
        """Controls of a period's figures, one row for each replication asked for; NaN in a row that is not known."""
        end = self._end(period)
        first = max(0, end - LAST_MONTHS)
        sums = np.column_stack([self.children[:, first:end].sum(axis=1), self.children[:, :first].sum(axis=1)])
        with_gap = np.concatenate([sums, np.full((1, sums.shape[1]), np.nan)])
        result: Floats = with_gap[[self._place.get(replication, len(sums)) for replication in replications]]
        return result

    @cached_property
    def _place(self) -> dict[int, int]:
        return {replication: place for place, replication in enumerate(self.replications)}

    def _end(self, period: str) -> int:
        """Number of months of the run up to the end of a period (`2016-17`, `2016-17 Q1`, `whole`)."""
        result = re.fullmatch(r"(\d{4})-\d\d(?: Q([1-4]))?", period)
        if result is None:
            return int(self.children.shape[1])
        year, quarter = int(result[1]), int(result[2] or 4)
        last = f"{year + (quarter == 4)}-{(3 * quarter + 2) % 12 + 1:02d}"
        return bisect_right(self.months, last)


def chance_of(referrals: Sequence[Referrals | None], replications: Sequence[Sequence[int]]) -> ReferralChance | None:
    """Return the chance variation that adjusts all scenarios of a comparison, the baseline first; None where unknown.

    It is that of the scenario in which most children are expected: it holds the variation of a surge and of the rest.
    """
    known = [(each, mine) for each, mine in zip(referrals, replications, strict=True) if each is not None and len(mine)]
    if not known:
        return None
    most, mine = max(known, key=lambda pair: float(pair[0].expected.sum(axis=1).mean()))
    return ReferralChance(most.months, tuple(mine), most.children - most.expected)


@dataclass(frozen=True)
class Adjusted:
    """Means of figures with the chance variation taken out: one value a figure.

    `variance` is that of the mean, with `freedom` degrees of freedom, and `plain` what it is without adjustment; where
    `adjusted` is False the mean is the plain one. `skewness` is that of what is left of the runs, `count` their number.
    """

    mean: Floats
    variance: Floats
    plain: Floats
    skewness: Floats
    freedom: NDArray[np.int64]
    count: NDArray[np.int64]
    adjusted: NDArray[np.bool_]

    def half_width(self, confidence: float) -> Floats:
        """Half the width of Student's interval; NaN with too few replications."""
        factors = np.full(self.mean.shape, np.nan)
        for freedom in np.unique(self.freedom):
            if freedom > 0:
                factors[self.freedom == freedom] = student_quantile(0.5 + confidence / 2.0, int(freedom))
        result: Floats = factors * np.sqrt(self.variance)
        return result

    @property
    def gained(self) -> Floats:
        """Variance without the controls over that with them: 1 where nothing is adjusted, NaN where nothing varies."""
        result = np.full(self.mean.shape, np.nan)
        np.divide(self.plain, self.variance, out=result, where=self.variance > 0)
        return np.where(np.isnan(result) | self.adjusted, result, 1.0)


def levels(
    values: Floats, replications: Sequence[int], periods: Sequence[str], chance: ReferralChance | None
) -> Adjusted:
    """Means of one scenario: `values` has shape (replications, figures), each figure that of a period.

    A mean that would lie outside the range of its runs (a share above 100%, fewer children than none) is not adjusted.
    """
    result = _by_period([values], replications, periods, chance)[0]
    return _instead(result, _plain(values), _outside(result, values))


def differences(
    baseline: Floats,
    scenario: Floats,
    replications: Sequence[int],
    periods: Sequence[str],
    chance: ReferralChance | None,
) -> tuple[Adjusted, Adjusted, Adjusted]:
    """Means of the baseline, of the scenario and of the difference; row i of both is the same replication.

    Over the replications in which both have the figure, so that the means differ by exactly the difference. Where a
    mean of either would lie outside the range of its runs, nothing of the figure is adjusted.
    """
    gap = scenario - baseline
    missing = np.isnan(gap)
    three = [np.where(missing, np.nan, baseline), np.where(missing, np.nan, scenario), gap]
    result = _by_period(three, replications, periods, chance)
    outside = _outside(result[0], three[0]) | _outside(result[1], three[1])
    first, other, between = (_instead(f, _plain(v), outside) for f, v in zip(result, three, strict=True))
    return first, other, between


def adjust(values: ArrayLike, controls: ArrayLike) -> Adjusted:
    """Regress figures on controls whose mean is zero, and return their means where the controls are zero.

    `values` has shape (replications, figures) and may hold NaN, `controls` shape (replications, controls). A control
    that never varies, or says only what another says, is left out; with fewer than `LEAST` replications all are.
    """
    runs, given = np.asarray(values, dtype=np.float64), np.asarray(controls, dtype=np.float64)
    floats = np.full((4, runs.shape[1]), np.nan)
    whole = np.zeros((2, runs.shape[1]), dtype=np.int64)
    adjusted = np.zeros(runs.shape[1], dtype=np.bool_)
    controlled = ~np.isnan(given).any(axis=1)
    for known, columns in _alike(~np.isnan(runs)):
        rows = known & controlled
        told = _telling(given[rows]) if rows.sum() >= LEAST else []
        if not told:
            rows = known
        count = int(rows.sum())
        if count:
            floats[:, columns] = _regress(runs[rows][:, columns], given[rows][:, told])
            whole[:, columns] = [[count - 1 - len(told)], [count]]
            adjusted[columns] = bool(told)
    mean, variance, plain, skewness = floats
    return Adjusted(mean, variance, plain, skewness, whole[0], whole[1], adjusted)


def _regress(runs: Floats, controls: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean where controls are nothing, its variance, that of the plain mean, and the skewness of what is left."""
    count, many = controls.shape
    # Shifting by the first value keeps figures that never vary exactly so, whatever their size.
    from_first = runs - runs[0]
    mean, offset = from_first.mean(axis=0), controls.mean(axis=0)
    from_mean, centred = from_first - mean, controls - offset
    inverse = np.linalg.inv(centred.T @ centred)
    slopes = inverse @ (centred.T @ from_mean)
    left = from_mean - centred @ slopes
    squares = left**2
    share = 1.0 / count + float(offset @ inverse @ offset)
    with np.errstate(invalid="ignore", divide="ignore"):  # one run has no variance, equal runs no skewness
        variance = squares.sum(axis=0) / np.float64(count - 1 - many) * share
        plain = (from_mean**2).sum(axis=0) / np.float64(count - 1) / count
        skewness = (squares * left).mean(axis=0) / squares.mean(axis=0) ** 1.5  # a cube by `**` takes far longer
    return runs[0] + mean - offset @ slopes, variance, plain, skewness


def _telling(controls: Floats) -> list[int]:
    """Places of the controls that vary, and say more than those before them."""
    centred = controls - controls.mean(axis=0)
    spread = centred.std(axis=0)
    told: list[int] = []
    for place in np.flatnonzero(spread > _ROUNDING).tolist():
        if np.linalg.matrix_rank(centred[:, [*told, place]] / spread[[*told, place]], tol=_ROUNDING) > len(told):
            told.append(place)
    return told


def _alike(known: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.intp]]]:
    """Columns that are known in the same rows, together with these rows."""
    if known.all():
        yield np.ones(len(known), dtype=np.bool_), np.arange(known.shape[1])
        return
    first, which = np.unique(np.packbits(known, axis=0), axis=1, return_index=True, return_inverse=True)[1:]
    for number, column in enumerate(first):
        yield known[:, column], np.flatnonzero(which.ravel() == number)


def _by_period(
    figures: Sequence[Floats], replications: Sequence[int], periods: Sequence[str], chance: ReferralChance | None
) -> list[Adjusted]:
    """Adjust each array of figures, the columns of each period by its controls."""
    if chance is None:
        return [_plain(values) for values in figures]
    result = [_plain(values[:0]) for values in figures]
    labels = np.array(periods, dtype=object)
    for period in dict.fromkeys(periods):
        mine = labels == period
        controls = chance.controls(period, replications)
        for target, values in zip(result, figures, strict=True):
            for field, part in vars(adjust(values[:, mine], controls)).items():
                getattr(target, field)[mine] = part
    return result


def _plain(values: Floats) -> Adjusted:
    return adjust(values, np.zeros((len(values), 0)))


def _outside(result: Adjusted, values: Floats) -> NDArray[np.bool_]:
    low = np.where(np.isnan(values), np.inf, values).min(axis=0, initial=np.inf)
    high = np.where(np.isnan(values), -np.inf, values).max(axis=0, initial=-np.inf)
    outside: NDArray[np.bool_] = result.adjusted & ((result.mean < low) | (result.mean > high))
    return outside


def _instead(result: Adjusted, plain: Adjusted, where: NDArray[np.bool_]) -> Adjusted:
    return Adjusted(*(np.where(where, b, a) for a, b in zip(vars(result).values(), vars(plain).values(), strict=True)))
