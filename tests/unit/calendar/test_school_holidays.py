"""School holidays: the usual ones, and a calendar that asks by working day."""

from __future__ import annotations

from datetime import date

import pytest

from sim.calendar import WorkingDayCalendar
from sim.calendar.school_holidays import is_school_holiday

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("day", "shut"),
    [
        (date(2018, 8, 6), True),
        (date(2018, 9, 5), False),
        (date(2018, 10, 24), True),
        (date(2018, 11, 14), False),
        (date(2018, 12, 27), True),
        (date(2018, 2, 14), True),
        (date(2018, 4, 3), True),  # Easter Sunday was 1 April 2018
        (date(2019, 4, 23), True),  # and 21 April 2019
        (date(2019, 3, 6), False),
        (date(2018, 5, 30), True),
    ],
)
def test_usual_holidays(day: date, shut: bool) -> None:
    assert is_school_holiday(day) is shut


def test_about_a_quarter_of_the_working_days_of_a_year_lie_in_school_holidays() -> None:
    calendar = WorkingDayCalendar(date(2018, 4, 1), date(2019, 3, 31))
    shut = sum(calendar.school_holiday(day) for day in range(calendar.horizon))
    # Schools are open on 195 weekdays at most; the working-day year has 253.
    assert 50 <= shut <= 66
