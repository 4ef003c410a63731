"""School holidays in England, as most councils set them: close enough to shape leave and schools' referrals.

Councils and academies set their own dates; these are the usual ones (assumption): a week in late October and in
mid-February, two weeks at Christmas and around Easter, the week of the late May bank holiday, and from late July to the
first days of September.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter


def is_school_holiday(day: date) -> bool:
    """Whether schools are usually shut on a weekday because of a holiday."""
    return any(first <= day <= last for first, last in _holidays(day.year))


@lru_cache(maxsize=128)
def _holidays(year: int) -> tuple[tuple[date, date], ...]:
    """First and last days of the holidays that touch a calendar year."""
    good_friday = easter(year) - timedelta(days=2)
    february = _monday_on_or_after(date(year, 2, 11))
    may = _monday_on_or_after(date(year, 5, 25))
    october = _monday_on_or_after(date(year, 10, 22))
    return (
        (date(year, 1, 1), date(year, 1, 3)),
        (february, february + timedelta(days=6)),
        (good_friday - timedelta(days=4), good_friday + timedelta(days=9)),
        (may, may + timedelta(days=6)),
        (date(year, 7, 23), date(year, 9, 2)),
        (october, october + timedelta(days=6)),
        (date(year, 12, 20), date(year, 12, 31)),
    )


def _monday_on_or_after(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)
