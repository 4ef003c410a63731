"""Counting children by period, locality and team: the arithmetic that every measure shares.

Quarters nest in reporting years and in the whole run, so each count and each histogram is made once by
quarter and added up. Stocks are counted with a step up on the day a child joins and a step down on the day
it leaves, summed over the days that are looked at. No loop runs over children or periods.

Results are arrays of shape (periods, columns) or (snapshots, columns). Columns are `all`, then each locality,
then each team; a code of -1 belongs to `all` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.calendar import WorkingDayCalendar

__all__ = ["NEVER_ENDS", "Floats", "Ints", "Layout", "Tally", "percent", "ratio", "sum_by", "until"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
AnyArray = NDArray[Any]

NEVER_ENDS = 2**31 - 1
"""A day after every other: the end of what is still open."""


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


def until(ended: AnyArray) -> Ints:
    """Return end days with -1 (still open) turned into a day after every other."""
    return np.where(ended < 0, NEVER_ENDS, ended).astype(np.int64)


def sum_by(place: AnyArray, weight: AnyArray, size: int) -> Floats:
    """Sum of weights at each place from 0; `numpy.bincount` gives whole numbers where there is nothing."""
    return np.bincount(place, weight, size).astype(np.float64, copy=False)


class Tally:
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
        self._quarters = len(quarters)
        self._quarter_of_day = np.searchsorted(starts, np.arange(self.horizon), side="right") - 1
        self._fold = np.array(
            [[low <= q.first_index <= high for q in quarters] for low, high in zip(first, last, strict=True)],
            dtype=np.float64,
        )
        self.month_ends = [(day, index) for day, index in calendar.month_ends()]
        self._month_starts = np.array([month.first_index for month in calendar.months()], dtype=np.int64)
        self.snapshots = np.unique(np.array([*last, *(index for _, index in self.month_ends)], dtype=np.int64))
        self.last_days = np.array(last, dtype=np.int64)
        self._period_snapshot = np.searchsorted(self.snapshots, self.last_days)
        self._first_snapshot = np.searchsorted(self.snapshots, np.arange(self.horizon + 1)).astype(np.int64)
        self._offset = -calendar.first_known
        known = np.arange(calendar.first_known, self.horizon + 1, dtype=np.int64)
        self._dates = calendar.dates(known).astype("datetime64[D]")
        self._working_days_of = (self._quarter_of_day == np.arange(len(quarters))[:, None]).astype(np.float64)
        begins = np.array([p.start for p in quarters], dtype="datetime64[D]")[:, None]
        ends = np.array([p.end for p in quarters], dtype="datetime64[D]")[:, None] + np.timedelta64(1, "D")
        day = self._dates[self._offset : self._offset + self.horizon + 1]
        shared = np.minimum(day[1:], ends) - np.maximum(day[:-1], begins)
        self._calendar_days_of = np.maximum(shared.astype(np.float64), 0.0)
        self.first_days = np.array(first, dtype=np.int64)
        lengths = [(p.end - p.start).days + 1 for p in (*years, *quarters)]
        lengths.append(sum((p.end - p.start).days + 1 for p in quarters))
        # Length of each period in years, to the hundredth, so that a full year is 1 and a quarter 0.25.
        self.years = np.maximum(np.round(np.array(lengths) / 365.25, 2), 0.01)

    # ---------------------------------------------------------------------------------------------- dates

    def date_of(self, days: AnyArray) -> NDArray[np.datetime64]:
        """Calendar dates of working-day numbers; days further back than the calendar knows take its first."""
        places = np.clip(days.astype(np.int64) + self._offset, 0, len(self._dates) - 1)
        return self._dates[places]

    def on_or_after(self, dates: NDArray[np.datetime64]) -> Ints:
        """First working-day number on or after each date; after the run, a day that never comes."""
        places = np.searchsorted(self._dates, dates, side="left")
        return np.where(places == len(self._dates), NEVER_ENDS, places - self._offset).astype(np.int64)

    def months_later(self, days: AnyArray, months: int) -> NDArray[np.datetime64]:
        """Calendar dates some months after working days; the 31st becomes the last day of a shorter month."""
        dates = self.date_of(days)
        month = dates.astype("datetime64[M]")
        day_of_month = (dates - month.astype("datetime64[D]")).astype(np.int64)
        target = month + np.timedelta64(months, "M")
        first = target.astype("datetime64[D]")
        length = ((target + np.timedelta64(1, "M")).astype("datetime64[D]") - first).astype(np.int64)
        later: NDArray[np.datetime64] = first + np.minimum(day_of_month, length - 1).astype("timedelta64[D]")
        return later

    def calendar_days(self, start: AnyArray, end: AnyArray) -> Ints:
        """Calendar days between two working-day numbers."""
        return (self.date_of(end) - self.date_of(start)).astype(np.int64)

    # ---------------------------------------------------------------------------------------------- flows

    def counts(
        self, day: AnyArray, weight: AnyArray, locality: AnyArray | None = None, team: AnyArray | None = None
    ) -> Floats:
        """Sum of weights of what happened in each period: shape (periods, columns)."""
        inside = (day >= 0) & (day < self.horizon)
        quarter = self._quarter_of_day[day[inside]]
        weight = weight[inside].astype(np.float64)
        cells: list[AnyArray] = [sum_by(quarter, weight, self._quarters)[:, None]]
        for codes, size in ((locality, len(self.layout.localities)), (team, len(self.layout.teams))):
            if codes is None:
                cells.append(np.zeros((self._quarters, size)))
            else:
                place = quarter * (size + 1) + codes[inside] + 1
                grid = sum_by(place, weight, self._quarters * (size + 1))
                cells.append(grid.reshape(self._quarters, size + 1)[:, 1:])
        return np.asarray(self._fold @ np.concatenate(cells, axis=1), dtype=np.float64)

    def quantiles(
        self,
        day: AnyArray,
        value: AnyArray,
        weight: AnyArray,
        wanted: Sequence[float],
        locality: AnyArray | None = None,
        team: AnyArray | None = None,
    ) -> list[Floats]:
        """Quantiles of whole non-negative values, each child counting once: a (periods, columns) each.

        They are `numpy.quantile` (linear between the two nearest children) of the values repeated by weight,
        read from histograms, which add up over quarters where sorted lists do not.
        """
        inside = (day >= 0) & (day < self.horizon)
        quarter = self._quarter_of_day[day[inside]]
        value = np.maximum(value[inside], 0).astype(np.int64)
        weight = weight[inside].astype(np.float64)
        size = int(value.max(initial=0)) + 1
        shape = (self._quarters, len(self.layout.columns), size)
        counted = np.zeros(shape)
        counted[:, 0] = sum_by(quarter * size + value, weight, shape[0] * size).reshape(shape[0], size)
        column = 1
        for codes, many in ((locality, len(self.layout.localities)), (team, len(self.layout.teams))):
            if codes is not None and many:
                place = (quarter * (many + 1) + codes[inside] + 1) * size + value
                grid = sum_by(place, weight, shape[0] * (many + 1) * size)
                counted[:, column : column + many] = grid.reshape(shape[0], many + 1, size)[:, 1:]
            column += many
        running = np.cumsum(np.tensordot(self._fold, counted, axes=1), axis=2)
        return [_quantile(running, share) for share in wanted]

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
        start: AnyArray,
        stop: AnyArray,
        weight: AnyArray,
        locality: AnyArray | None = None,
        team: AnyArray | None = None,
    ) -> Floats:
        """Sum of weights of what stands (start <= day < stop) on each snapshot: (snapshots, columns)."""
        first = self.snapshot_from(start)
        last = np.maximum(self.snapshot_from(stop), first)
        return self._levels(first, last, len(self.snapshots), weight, locality, team)

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
        return np.asarray(self._fold @ (lengths @ level), dtype=np.float64)

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
        weight = weight.astype(np.float64)
        cells: list[AnyArray] = []
        for codes, size in (
            (np.full(len(first), -1), 0),
            (locality, len(self.layout.localities)),
            (team, len(self.layout.teams)),
        ):
            if codes is None:
                cells.append(np.zeros((steps, size)))
                continue
            wide, code = size + 1, codes + 1
            change = sum_by(first * wide + code, weight, (steps + 1) * wide)
            change -= sum_by(last * wide + code, weight, (steps + 1) * wide)
            level = np.cumsum(change.reshape(steps + 1, wide), axis=0)[:-1]
            cells.append(level if size == 0 and not cells else level[:, 1:])
        return np.concatenate(cells, axis=1)

    def snapshot_from(self, day: AnyArray) -> Ints:
        """Position of the first snapshot on or after each day; the number of snapshots when there is none."""
        found: Ints = self._first_snapshot[np.clip(day, 0, self.horizon)]
        return found

    def at_period_end(self, standing: Floats) -> Floats:
        """The stock on the last working day of each period: shape (periods, columns)."""
        return standing[self._period_snapshot]


def _quantile(running: Floats, share: float) -> Floats:
    """Read a quantile from running totals along the last axis; missing where the total is 0."""
    total = running[..., -1]
    position = np.maximum(total - 1.0, 0.0) * share
    low = np.floor(position)
    below = np.sum(running <= low[..., None] + 1e-9, axis=-1)
    above = np.sum(running <= np.minimum(low + 1.0, np.maximum(total - 1.0, 0.0))[..., None] + 1e-9, axis=-1)
    value = below + (position - low) * (above - below)
    return np.where(total > 0, value, np.nan)
