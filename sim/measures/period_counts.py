"""Counting children by period, locality and team: the arithmetic that every measure shares.

Quarters nest in reporting years and in the whole run, so each count is made once by quarter and added up. Stocks
are counted with a step up on the day a child joins and a step down on the day it leaves, summed over the days that
are looked at. No loop runs over children or periods.

Results are arrays of shape (periods, columns) or (snapshots, columns). Columns are `all`, then each locality,
then each team; a code of -1 belongs to `all` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.measures.dates import Dates

if TYPE_CHECKING:
    from sim.calendar import WorkingDayCalendar

__all__ = ["AnyArray", "Floats", "Ints", "Layout", "PeriodCounts", "percent", "period_counts_of", "ratio", "sum_by"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
AnyArray = NDArray[Any]


@dataclass(frozen=True)
class Layout:
    """The labels of the two axes: period labels and breakdown names, with the places of each sort."""

    periods: tuple[str, ...]
    localities: tuple[str, ...]
    teams: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Breakdown of each column: `all`, `locality:<name>`, `team:<name>`."""
        return (
            "all",
            *(f"locality:{name}" for name in self.localities),
            *(f"team:{name}" for name in self.teams),
        )

    @property
    def first_team(self) -> int:
        """Position of the first team's column."""
        return 1 + len(self.localities)

    def chosen(self, breakdowns: Sequence[str]) -> list[int]:
        """Positions of the columns that a measure with these breakdowns has."""
        first_team = self.first_team
        chosen = [0]
        if "locality" in breakdowns:
            chosen += range(1, first_team)
        if "team" in breakdowns:
            chosen += range(first_team, first_team + len(self.teams))
        return chosen


def percent(numerator: Floats, denominator: Floats) -> Floats:
    """Return 100 x numerator / denominator, missing where there is nothing to divide by."""
    return ratio(100.0 * numerator, denominator)


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Return numerator / denominator, missing where there is nothing to divide by."""
    missing = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    np.divide(numerator, denominator, out=missing, where=denominator > 0)
    return missing


def sum_by(place: AnyArray, weight: AnyArray, size: int) -> Floats:
    """Sum of weights at each place from 0; `numpy.bincount` gives whole numbers where there is nothing."""
    return np.bincount(place.astype(np.intp, copy=False), weight, size).astype(np.float64, copy=False)


class PeriodCounts:
    """Counts by period and column for one run of the calendar, its localities and its teams."""

    def __init__(self, calendar: WorkingDayCalendar, localities: Sequence[str] = (), teams: Sequence[str] = ()) -> None:
        years, quarters = calendar.reporting_years(), calendar.quarters()
        self.horizon = calendar.horizon
        self.layout = Layout(
            (*(p.label for p in years), *(p.label for p in quarters), "whole"),
            tuple(localities),
            tuple(teams),
        )
        last = [*(p.last_index for p in years), *(p.last_index for p in quarters), self.horizon - 1]
        first = [*(p.first_index for p in years), *(p.first_index for p in quarters), 0]
        starts = np.array([p.first_index for p in quarters], dtype=np.int64)
        self.quarters = len(quarters)
        self.quarter_of_day = np.searchsorted(starts, np.arange(self.horizon), side="right") - 1
        self.fold = np.array(
            [[low <= q.first_index <= high for q in quarters] for low, high in zip(first, last, strict=True)],
            dtype=np.float64,
        )
        self.month_ends = [(day, index) for day, index in calendar.month_ends()]
        self._month_starts = np.array([month.first_index for month in calendar.months()], dtype=np.int64)
        self.snapshots = np.unique(np.array([*last, *(index for _, index in self.month_ends)], dtype=np.int64))
        self.last_days = np.array(last, dtype=np.int64)
        self._period_snapshot = np.searchsorted(self.snapshots, self.last_days)
        self._first_snapshot = np.searchsorted(self.snapshots, np.arange(self.horizon + 1)).astype(np.int64)
        self.dates = Dates(calendar)
        self._working_days_of = (self.quarter_of_day == np.arange(len(quarters))[:, None]).astype(np.float64)
        begins = np.array([p.start for p in quarters], dtype="datetime64[D]")[:, None]
        ends = np.array([p.end for p in quarters], dtype="datetime64[D]")[:, None] + np.timedelta64(1, "D")
        day = self.dates.of_run
        shared = np.minimum(day[1:], ends) - np.maximum(day[:-1], begins)
        self._calendar_days_of = np.maximum(shared.astype(np.float64), 0.0)
        self.first_days = np.array(first, dtype=np.int64)
        lengths = [(p.end - p.start).days + 1 for p in (*years, *quarters)]
        lengths.append(sum((p.end - p.start).days + 1 for p in quarters))
        # Length of each period in years, to the hundredth, so that a full year is 1 and a quarter 0.25.
        self.years = np.maximum(np.round(np.array(lengths) / 365.25, 2), 0.01)

    # ---------------------------------------------------------------------------------------------- flows

    def counts(
        self, day: AnyArray, weight: AnyArray, locality: AnyArray | None = None, team: AnyArray | None = None
    ) -> Floats:
        """Sum of weights of what happened in each period: shape (periods, columns)."""
        inside = (day >= 0) & (day < self.horizon)
        quarter = self.quarter_of_day[day[inside]]
        weight = weight[inside].astype(np.float64)
        cells: list[AnyArray] = [sum_by(quarter, weight, self.quarters)[:, None]]
        for codes, size in ((locality, len(self.layout.localities)), (team, len(self.layout.teams))):
            if codes is None:
                cells.append(np.zeros((self.quarters, size)))
            else:
                place = quarter * (size + 1) + codes[inside] + 1
                grid = sum_by(place, weight, self.quarters * (size + 1))
                cells.append(grid.reshape(self.quarters, size + 1)[:, 1:])
        return np.asarray(self.fold @ np.concatenate(cells, axis=1), dtype=np.float64)

    def folded(self, counted: Floats) -> Floats:
        """Whole numbers by quarter, added up by period: along the first axis, whatever the others.

        Differences of running totals. To multiply by `fold` would set numpy's threads to work for what is hardly any.
        """
        totals = np.zeros((self.quarters + 1, *counted.shape[1:]))
        np.cumsum(counted, axis=0, out=totals[1:])
        begins = self.fold.argmax(axis=1)
        sums: Floats = totals[begins + self.fold.sum(axis=1).astype(np.int64)] - totals[begins]
        return sums

    def months(self, month: AnyArray, amount: AnyArray, team: AnyArray | None = None) -> Floats:
        """Sum of monthly amounts over the months that begin in each period; month 0 begins on day 0."""
        return self.counts(self._month_starts[month], amount, None, team)

    def at_month_end(self, month: AnyArray, amount: AnyArray, team: AnyArray | None = None) -> Floats:
        """Sum of what was noted at the last month end of each period, 0 where none was: (periods, columns)."""
        many, teams = len(self._month_starts), len(self.layout.teams)
        code = np.full(len(month), -1) if team is None else team
        grid = sum_by(month.astype(np.int64) * (teams + 1) + code + 1, amount.astype(np.float64), many * (teams + 1))
        by_team = grid.reshape(many, teams + 1)
        blank = np.zeros((many, len(self.layout.localities)))
        sums = np.concatenate([by_team.sum(axis=1)[:, None], blank, by_team[:, 1:]], axis=1)
        known = np.concatenate([[-1], np.unique(month)])
        days = np.stack([self.first_days, self.last_days])
        first, last = np.searchsorted(self._month_starts, days, side="right") - 1
        row = known[np.searchsorted(known, last, side="right") - 1]
        return np.where((row >= first)[:, None], sums[row], 0.0)

    # --------------------------------------------------------------------------------------------- stocks

    def standing(
        self,
        first: Ints,
        last: Ints,
        weight: AnyArray,
        locality: AnyArray | None = None,
        team: AnyArray | None = None,
    ) -> Floats:
        """Sum of weights of what stands on the snapshots from `first` to the one before `last`: (snapshots, columns).

        Positions of snapshots, as of `snapshot_from`; weights are whole numbers, and only one of the two codes may be
        given.
        """
        rows = np.flatnonzero(first < last)
        wide = 1 + len(self.layout.localities if team is None else self.layout.teams)
        codes = locality if team is None else team
        level = self._level(
            first[rows], last[rows], len(self.snapshots), weight[rows], None if codes is None else codes[rows] + 1, wide
        )
        sums = np.zeros((len(level), len(self.layout.columns)))
        sums[:, 0] = level.sum(axis=1)
        begins = 1 if team is None else self.layout.first_team
        sums[:, begins : begins + wide - 1] = level[:, 1:]
        return sums

    def days(
        self,
        start: AnyArray,
        stop: AnyArray,
        weight: AnyArray,
        locality: AnyArray | None = None,
        team: AnyArray | None = None,
        *,
        calendar: bool = False,
    ) -> Floats:
        """Weight times the days of each period from `start` to the day before `stop`: shape (periods, columns).

        Working days, or, `calendar`, all days: those between two working days belong to the period of their date.
        """
        first = np.clip(start, 0, self.horizon).astype(np.int64)
        last = np.maximum(np.clip(stop, 0, self.horizon).astype(np.int64), first)
        level = self._levels(first, last, self.horizon, weight, locality, team)
        lengths = self._calendar_days_of if calendar else self._working_days_of
        return np.asarray(self.fold @ (lengths @ level), dtype=np.float64)

    def _levels(
        self,
        first: Ints,
        last: Ints,
        steps: int,
        weight: AnyArray,
        locality: AnyArray | None,
        team: AnyArray | None,
    ) -> Floats:
        """Sum of weights of what stands (first <= step < last) on each step: (steps, columns)."""
        cells = [self._level(first, last, steps, weight, None, 1)]
        for codes, size in ((locality, len(self.layout.localities)), (team, len(self.layout.teams))):
            if codes is None:
                cells.append(np.zeros((steps, size)))
            else:
                cells.append(self._level(first, last, steps, weight, codes + 1, size + 1)[:, 1:])
        return np.concatenate(cells, axis=1)

    @staticmethod
    def _level(first: Ints, last: Ints, steps: int, weight: AnyArray, codes: AnyArray | None, wide: int) -> Floats:
        """The same for one sort of code below `wide`: (steps, wide)."""
        begins, ends = first * wide, last * wide
        if codes is not None:
            begins, ends = begins + codes, ends + codes
        change = sum_by(begins, weight, (steps + 1) * wide)
        change -= sum_by(ends, weight, (steps + 1) * wide)
        level: Floats = np.cumsum(change.reshape(steps + 1, wide), axis=0)[:-1]
        return level

    def snapshot_from(self, day: AnyArray) -> Ints:
        """Position of the first snapshot on or after each day; the number of snapshots when there is none."""
        places: Ints = self._first_snapshot.take(day, mode="clip")
        return places

    def at_period_end(self, standing: Floats) -> Floats:
        """The stock on the last working day of each period: shape (periods, columns)."""
        return standing[self._period_snapshot]


@lru_cache(maxsize=8)
def period_counts_of(calendar: WorkingDayCalendar, localities: tuple[str, ...], teams: tuple[str, ...]) -> PeriodCounts:
    """The periods of all replications of a scenario: what it knows comes from the calendar and the names alone."""
    return PeriodCounts(calendar, localities, teams)
