"""The working-day axis of a run: numbers for working days, and the calendar's own arithmetic on them.

Working day 0 is the first working day on or after the start of the run; days before it are negative, which is
how the opening caseload is dated. A day that is not worked counts as the next working day.
"""

from __future__ import annotations

import calendar as months_of_the_year
import datetime as dt
import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calendar.bank_holidays import bank_holidays
from sim.calendar.periods import (
    Month,
    Period,
    add_months,
    month_label,
    reporting_year,
    reporting_year_label,
)
from sim.calendar.school_holidays import is_school_holiday

YEARS_BEFORE: Final = 15
YEARS_AFTER: Final = 10
DAYS_IN_A_PART_MONTH: Final = 30.4
"""Calendar days that a whole month stands for when only a part of one is added."""


class WorkingDayCalendar:
    """Working days in England around one run.

    It knows the days from 15 years before the start to 10 years after the end of the run.
    """

    def __init__(self, start: dt.date, end: dt.date) -> None:
        """Make the calendar of a run from `start` to `end`, both included.

        Raises:
            ValueError: when `end` is before `start`, or no working day lies between them.
        """
        if end < start:
            raise ValueError(f"the end, {end}, is before the start, {start}")
        self.start: Final = start
        self.end: Final = end
        first = dt.date(max(start.year - YEARS_BEFORE, 1), 1, 1)
        last = dt.date(min(end.year + YEARS_AFTER, 9998), 12, 31)
        self._origin = first.toordinal()
        days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
        free = np.array(sorted(bank_holidays(first.year, last.year)), dtype="datetime64[D]")
        worked = np.is_busday(days, holidays=free)
        self._dates: NDArray[np.datetime64] = days[worked]
        before = np.concatenate(([0], np.cumsum(worked)))  # working days before each calendar day
        self._zero = int(before[start.toordinal() - self._origin])
        self._next: list[int] = (before[:-1] - self._zero).tolist()
        self._days: list[dt.date] = self._dates.tolist()
        self._worked: list[bool] = worked.tolist()
        self._by_months: dict[tuple[int, float], int] = {}
        self.horizon: Final = int(before[end.toordinal() + 1 - self._origin]) - self._zero
        if self.horizon == 0:
            raise ValueError(f"no working day lies between {start} and {end}")

    def __repr__(self) -> str:
        return f"WorkingDayCalendar({self.start}, {self.end})"

    def __reduce__(self) -> tuple[type[WorkingDayCalendar], tuple[dt.date, dt.date]]:
        """Send only the two dates to another process: the tables are quicker to make than to send."""
        return WorkingDayCalendar, (self.start, self.end)

    @property
    def first_known(self) -> int:
        """The earliest working-day number that the calendar knows (negative)."""
        return -self._zero

    @property
    def last_known(self) -> int:
        """The latest working-day number that the calendar knows."""
        return len(self._days) - 1 - self._zero

    def _offset(self, day: dt.date) -> int:
        offset = day.toordinal() - self._origin
        if not 0 <= offset < len(self._next):
            known = f"{dt.date.fromordinal(self._origin)} to {self._days[-1]}"
            raise ValueError(f"{day} is outside the calendar of this run, which knows {known}")
        return offset

    def index(self, day: dt.date) -> int:
        """Return the working-day number of a date; a weekend or bank holiday gives the next working day's.

        Raises:
            ValueError: when the date is more than 15 years before or 10 years after the run.
        """
        return self._next[self._offset(day)]

    def is_working_day(self, day: dt.date) -> bool:
        """Return whether a date is a working day."""
        return self._worked[self._offset(day)]

    def school_holiday(self, index: int) -> bool:
        """Whether schools are usually shut on a working day (see `school_holidays`)."""
        return is_school_holiday(self.date(index))

    def date(self, index: int) -> dt.date:
        """Return the date of a working-day number.

        Raises:
            ValueError: when the calendar does not reach that far.
        """
        position = index + self._zero
        if not 0 <= position < len(self._days):
            raise ValueError(f"working day {index} is outside the calendar of this run")
        return self._days[position]

    def dates(self, indices: NDArray[np.integer]) -> NDArray[np.datetime64]:
        """Return the dates of an array of working-day numbers as datetime64[D], in the same shape.

        Raises:
            ValueError: when any of them is outside the calendar.
        """
        positions = np.asarray(indices, dtype=np.int64) + self._zero
        if positions.size and not (positions.min() >= 0 and positions.max() < len(self._days)):
            raise ValueError("a working day is outside the calendar of this run")
        return self._dates[positions]

    def weekday(self, index: int) -> int:
        """Return the day of the week of a working-day number: 0 for Monday to 4 for Friday."""
        return self.date(index).weekday()

    def after_days(self, index: int, days: int) -> int:
        """Return the working day `days` calendar days after working day `index` (next working day)."""
        return self.index(dt.date.fromordinal(self.date(index).toordinal() + days))

    def after_months(self, index: int, months: float) -> int:
        """Return the working day `months` calendar months after working day `index` (next working day).

        31 August and six months is 28 or 29 February. A part of a month is that part of 30.4 calendar days.
        """
        later = self._by_months.get((index, months))
        if later is None:
            whole = math.floor(months)
            day = add_months(self.date(index), whole)
            part = round((months - whole) * DAYS_IN_A_PART_MONTH)
            later = self.index(dt.date.fromordinal(day.toordinal() + part))
            self._by_months[(index, months)] = later
        return later

    def month_ends(self) -> list[tuple[dt.date, int]]:
        """Return, for every month that ends inside the run, its last date and the last working day in it.

        A month that ends after the run is left out, and so is one without a working day of the run.
        """
        ends = []
        for year, month in self._months():
            last = dt.date(year, month, months_of_the_year.monthrange(year, month)[1])
            index = self._last_on(last)
            if last <= self.end and index >= 0:
                ends.append((last, index))
        return ends

    def months(self) -> list[Month]:
        """Return the months of the run in order, clipped to it; one without a working day is left out."""
        return [
            Month(part.start.year, part.start.month, part.label, part.first_index, part.last_index)
            for part in self._periods([(month_label(y, m), dt.date(y, m, 1), 1) for y, m in self._months()])
        ]

    def reporting_years(self) -> list[Period]:
        """Return the reporting years (April to March) of the run, labelled `2016-17`, clipped to it."""
        first = reporting_year(self.start)
        years = range(first, self.end.year + 1)
        return self._periods([(reporting_year_label(year), dt.date(year, 4, 1), 12) for year in years])

    def quarters(self) -> list[Period]:
        """Return the quarters of the reporting years, labelled `2016-17 Q1` (April to June), clipped."""
        first = reporting_year(self.start)
        wanted = []
        for year in range(first, self.end.year + 1):
            for quarter in range(4):
                begin = add_months(dt.date(year, 4, 1), 3 * quarter)
                wanted.append((f"{reporting_year_label(year)} Q{quarter + 1}", begin, 3))
        return self._periods(wanted)

    def _periods(self, wanted: list[tuple[str, dt.date, int]]) -> list[Period]:
        """Clip (label, first date, months) to the run and leave out what holds no working day of it."""
        clipped = []
        for label, first, months in wanted:
            start = max(first, self.start)
            end = min(add_months(first, months) - dt.timedelta(days=1), self.end)
            if start <= end and (last := self._last_on(end)) >= (begin := self.index(start)):
                clipped.append(Period(label, start, end, begin, last))
        return clipped

    def _months(self) -> list[tuple[int, int]]:
        first = self.start.year * 12 + self.start.month - 1
        last = self.end.year * 12 + self.end.month - 1
        return [(number // 12, number % 12 + 1) for number in range(first, last + 1)]

    def _last_on(self, day: dt.date) -> int:
        """Return the number of the last working day on or before a date."""
        return self._next[self._offset(day) + 1] - 1


@lru_cache(maxsize=8)
def calendar_of(start: dt.date, end: dt.date) -> WorkingDayCalendar:
    """The calendar of a run from `start` to `end`, shared by all runs over the same days.

    What the calendar works out for one run serves the next; nothing that a run does with it changes its answers.
    """
    return WorkingDayCalendar(start, end)
