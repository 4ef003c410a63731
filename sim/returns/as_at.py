"""The day on which an extract was taken, and how many months of activity it holds."""

from __future__ import annotations

import statistics
from datetime import date, timedelta

from sim.returns.errors import ReturnsError
from sim.returns.records import Returns

__all__ = ["AgesKnown", "as_at_of", "months_before", "window_of"]

_DAYS_A_YEAR = 365.25
_WINDOWS = (3, 6, 12, 24, 36, 60, 120)
_INSIDE = 0.97
_SLACK_DAYS = 5


class AgesKnown:
    """Decimal ages beside dates of birth: together they tell the day on which the ages were worked out."""

    def __init__(self) -> None:
        self._days: list[int] = []

    def add(self, born: date, age: float) -> None:
        """Note a child's; whole years tell nothing."""
        if age != int(age) and len(self._days) < 2_000:
            self._days.append((born + timedelta(days=round(age * _DAYS_A_YEAR))).toordinal())

    def day(self) -> date | None:
        """The day, if three children or more agree on it within a week."""
        if len(self._days) < 3:
            return None
        middle = statistics.median_low(self._days)
        near = sum(abs(day - middle) <= 7 for day in self._days)
        return date.fromordinal(middle) if near > len(self._days) / 2 else None


def as_at_of(returns: Returns, given: date | None, ages: AgesKnown) -> None:
    """Settle the day of the extract: as given, else as the ages tell, else the end of the week of its last entry.

    Raises:
        ReturnsError: when nothing in it has a date.
    """
    told = ages.day()
    if given is not None:
        returns.as_at, returns.as_at_how = given, "as given with --as-at"
    elif told is not None:
        returns.as_at, returns.as_at_how = told, "as the decimal ages of the children tell"
    else:
        days = _all_days(returns)
        if not days:
            raise ReturnsError("no row of the Annex A workbook has a date; give the day of the extract with --as-at")
        # The 99th percentile: one slip of the pen in the far future must not move it. Sunday, so that no child's own
        # date is written.
        last = days[min(len(days) - 1, round(0.99 * (len(days) - 1)))]
        returns.as_at = last + timedelta(days=6 - last.weekday())
        returns.as_at_how = "the end of the week of its last entries; give --as-at if it was another day"


def _all_days(returns: Returns) -> list[date]:
    rows = (returns.referrals, returns.assessments, returns.enquiries, returns.episodes, returns.protection)
    days = [row.start for part in rows for row in part] + [row.start for row in returns.contacts]
    days += [row.end for row in (*returns.assessments, *returns.episodes, *returns.protection) if row.end is not None]
    return sorted(days)


def window_of(returns: Returns) -> None:
    """Settle the months of activity: the shortest usual span that holds nearly all referrals, or other starts."""
    assert returns.as_at is not None
    as_at = returns.as_at
    days = [row.start for row in returns.referrals] or [row.start for row in returns.contacts]
    days = days or [row.conference or row.start for row in returns.enquiries]
    days = days or [row.end for row in (*returns.assessments, *returns.protection) if row.end is not None]
    days = [day for day in days if day <= as_at]
    if not days:
        returns.window_months = 6
        return
    for months in _WINDOWS:
        first = months_before(as_at, months) - timedelta(days=_SLACK_DAYS)
        if sum(day >= first for day in days) >= _INSIDE * len(days):
            returns.window_months = months
            return
    returns.window_months = _WINDOWS[-1]


def months_before(day: date, months: float) -> date:
    """The day so many months before, by months of 30.44 days."""
    return day - timedelta(days=round(months * _DAYS_A_YEAR / 12))
