"""From working days to dates and back, by tables that are made once for a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.calendar import WorkingDayCalendar

__all__ = ["NEVER_ENDS", "NOT_STARTED", "Dates", "until"]

AnyArray = NDArray[Any]
Ints = NDArray[np.int64]

NEVER_ENDS = 2**31 - 1
"""A day after every other: the end of what is still open."""

NOT_STARTED = -1_000_000
"""Clock start of pre-proceedings before the letter has gone out."""


def until(ended: AnyArray) -> Ints:
    """Return end days with -1 (still open) turned into a day after every other."""
    return np.where(ended < 0, NEVER_ENDS, ended).astype(np.int64)


class Dates:
    """The dates of one run's working days. Days further back than the calendar knows take its first date."""

    def __init__(self, calendar: WorkingDayCalendar) -> None:
        self._offset = -calendar.first_known
        known = np.arange(calendar.first_known, calendar.horizon + 1, dtype=np.int64)
        self._dates: NDArray[np.datetime64] = calendar.dates(known).astype("datetime64[D]")
        self._numbers = self._dates.astype(np.int64)
        self._by_months: dict[tuple[int, bool], Ints] = {}
        self._by_days: dict[int, Ints] = {}
        self.of_run = self._dates[self._offset :]
        """Dates of the days from 0 to the one after the last of the run."""

    def _look_up(self, table: AnyArray, days: AnyArray) -> AnyArray:
        values: AnyArray = table.take(days.astype(np.int64) + self._offset, mode="clip")
        return values

    def on_or_after(self, dates: NDArray[np.datetime64]) -> Ints:
        """First working-day number on or after each date; after the run, a day that never comes."""
        places = np.searchsorted(self._dates, dates, side="left")
        return np.where(places == len(self._dates), NEVER_ENDS, places - self._offset).astype(np.int64)

    def months_later(self, days: AnyArray, months: int) -> NDArray[np.datetime64]:
        """Calendar dates some months after working days; the 31st becomes the last day of a shorter month."""
        return _months_later(self._look_up(self._dates, days), months)

    def calendar_days(self, start: AnyArray, end: AnyArray) -> Ints:
        """Calendar days between two working-day numbers."""
        between: Ints = self._look_up(self._numbers, end) - self._look_up(self._numbers, start)
        return between

    def passed_by(self, start: AnyArray, months: int, *, beyond: bool) -> Ints:
        """First working day on which months have gone by since `start`, or, `beyond`, more than them."""
        if (months, beyond) not in self._by_months:
            anniversary = _months_later(self._dates, months)
            self._by_months[months, beyond] = self.on_or_after(
                anniversary + np.timedelta64(1, "D") if beyond else anniversary
            )
        return self._look_up(self._by_months[months, beyond], start)

    def days_gone_by(self, start: AnyArray, days: int) -> Ints:
        """First working day more than some calendar days after `start`; never while the clock has not started."""
        if days not in self._by_days:
            self._by_days[days] = self.on_or_after(self._dates + np.timedelta64(days + 1, "D"))
        return np.where(start <= NOT_STARTED, NEVER_ENDS, self._look_up(self._by_days[days], start))


def _months_later(dates: NDArray[np.datetime64], months: int) -> NDArray[np.datetime64]:
    month = dates.astype("datetime64[M]")
    day_of_month = (dates - month.astype("datetime64[D]")).astype(np.int64)
    target = month + np.timedelta64(months, "M")
    first = target.astype("datetime64[D]")
    length = ((target + np.timedelta64(1, "M")).astype("datetime64[D]") - first).astype(np.int64)
    later: NDArray[np.datetime64] = first + np.minimum(day_of_month, length - 1).astype("timedelta64[D]")
    return later
