"""What happened, by the day on which it did: rows set out once by period, locality and team, then counted at will."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.measures.period_counts import AnyArray, Floats, Ints, PeriodCounts, sum_by

__all__ = ["Flow"]


class Flow:
    """Rows with a day each; those of no day of the run are left out.

    What is counted are whole numbers, of children for the most part, so that the order in which they are added up
    changes nothing. `PeriodCounts.counts` is for all else.
    """

    def __init__(
        self, periods: PeriodCounts, day: AnyArray, locality: AnyArray | None = None, team: AnyArray | None = None
    ):
        self._periods = periods
        self._rows = np.flatnonzero((day >= 0) & (day < periods.horizon))
        quarter = periods.quarter_of_day[day[self._rows]]
        self._locality = None if locality is None else locality[self._rows] + 1
        self._team = None if team is None else team[self._rows] + 1
        self._quarter = quarter
        self._shape = (periods.quarters, 1 + len(periods.layout.localities), 1 + len(periods.layout.teams))
        cell = quarter * self._shape[1]
        if self._locality is not None:
            cell = cell + self._locality
        cell = cell * self._shape[2]
        self._cell: Ints = cell if self._team is None else cell + self._team
        self._cells = self._shape[0] * self._shape[1] * self._shape[2]

    def counts(self, weight: AnyArray) -> Floats:
        """Sum of weights of what happened in each period: shape (periods, columns)."""
        return self._folded(sum_by(self._cell, weight[self._rows], self._cells).reshape(self._shape))

    def bands(self, weight: AnyArray, band: AnyArray, many: int) -> list[Floats]:
        """The same for the rows of each band, numbered from 0."""
        place = band[self._rows] * self._cells + self._cell
        grids = sum_by(place, weight[self._rows], many * self._cells).reshape(many, *self._shape)
        return [self._folded(grid) for grid in grids]

    def _folded(self, grid: Floats) -> Floats:
        by_locality, by_team = grid.sum(axis=2), grid.sum(axis=1)
        cells = [by_team.sum(axis=1)[:, None], by_locality[:, 1:], by_team[:, 1:]]
        return np.asarray(self._periods.fold @ np.concatenate(cells, axis=1), dtype=np.float64)

    def quantiles(self, value: AnyArray, weight: AnyArray, wanted: Sequence[float]) -> list[Floats]:
        """Quantiles of whole non-negative values, each child counting once: a (periods, columns) each.

        They are `numpy.quantile` (linear between the two nearest children) of the values repeated by weight,
        read from histograms, which add up over quarters where sorted lists do not. A histogram has a bar for each value
        that occurs: of some days, there are few among many.
        """
        value = np.maximum(value[self._rows], 0).astype(np.int64)
        weight = weight[self._rows].astype(np.float64)
        occurs = np.zeros(int(value.max(initial=0)) + 2, dtype=np.bool_)
        occurs[value] = True
        # One more after the last, to be read where there is nobody.
        occurs[-1] = True
        bars = np.flatnonzero(occurs)
        bar, size = (np.cumsum(occurs) - 1)[value], len(bars) - 1 or 1
        quarters, layout = self._shape[0], self._periods.layout
        counted = np.zeros((quarters, len(layout.columns), size))
        counted[:, 0] = sum_by(self._quarter * size + bar, weight, quarters * size).reshape(quarters, size)
        column = 1
        for codes, many in ((self._locality, len(layout.localities)), (self._team, len(layout.teams))):
            if codes is not None and many:
                place = (self._quarter * (many + 1) + codes) * size + bar
                grid = sum_by(place, weight, quarters * (many + 1) * size)
                counted[:, column : column + many] = grid.reshape(quarters, many + 1, size)[:, 1:]
            column += many
        running = np.cumsum(self._periods.folded(counted), axis=2)
        return [_quantile(running, share, bars) for share in wanted]


def _quantile(running: Floats, share: float, bars: Ints) -> Floats:
    """Read a quantile from running totals along the last axis; missing where the total is 0."""
    total = running[..., -1]
    position = np.maximum(total - 1.0, 0.0) * share
    low = np.floor(position)
    below = bars.take(np.sum(running <= low[..., None] + 1e-9, axis=-1), mode="clip")
    high = np.minimum(low + 1.0, np.maximum(total - 1.0, 0.0))
    above = bars.take(np.sum(running <= high[..., None] + 1e-9, axis=-1), mode="clip")
    value = below + (position - low) * (above - below)
    return np.where(total > 0, value, np.nan)
