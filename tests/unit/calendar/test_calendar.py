"""The working-day axis: numbers, dates, months and reporting years."""

from __future__ import annotations

import datetime as dt
import pickle
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from sim.calendar import WorkingDayCalendar, calendar_of

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def croydon() -> WorkingDayCalendar:
    return WorkingDayCalendar(date(2016, 4, 1), date(2020, 3, 31))


@pytest.fixture(scope="module")
def recent() -> WorkingDayCalendar:
    return WorkingDayCalendar(date(2019, 1, 1), date(2024, 12, 31))


def test_day_zero_is_the_first_working_day_on_or_after_the_start(croydon: WorkingDayCalendar) -> None:
    assert croydon.index(date(2016, 4, 1)) == 0
    assert croydon.date(0) == date(2016, 4, 1)
    weekend = WorkingDayCalendar(date(2016, 4, 2), date(2016, 4, 30))
    assert weekend.date(0) == date(2016, 4, 4)
    assert weekend.index(date(2016, 4, 1)) == -1


def test_weekend_goes_to_the_next_working_day(croydon: WorkingDayCalendar) -> None:
    assert croydon.index(date(2016, 4, 2)) == croydon.index(date(2016, 4, 4)) == 1


def test_easter_2017_is_four_days_without_work(croydon: WorkingDayCalendar) -> None:
    thursday, tuesday = date(2017, 4, 13), date(2017, 4, 18)
    assert croydon.index(tuesday) - croydon.index(thursday) == 1
    assert not croydon.is_working_day(date(2017, 4, 14))
    assert not croydon.is_working_day(date(2017, 4, 17))


def test_christmas_2016_has_substitute_days(croydon: WorkingDayCalendar) -> None:
    # Christmas Day 2016 was a Sunday: Monday 26 and Tuesday 27 were free, and Monday 2 January.
    assert croydon.index(date(2016, 12, 28)) - croydon.index(date(2016, 12, 23)) == 1
    assert croydon.index(date(2017, 1, 3)) - croydon.index(date(2016, 12, 30)) == 1


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2022, 6, 2), False),  # the spring bank holiday, moved
        (date(2022, 6, 3), False),  # Platinum Jubilee
        (date(2022, 5, 30), True),
        (date(2022, 9, 19), False),  # state funeral of Queen Elizabeth II
        (date(2023, 5, 8), False),  # coronation
        (date(2020, 5, 8), False),  # early May bank holiday, moved to VE Day
        (date(2020, 5, 4), True),
        (date(2022, 8, 29), False),
        (date(2022, 8, 1), True),  # a bank holiday in Scotland only
        (date(2021, 12, 27), False),
        (date(2021, 12, 28), False),
        (date(2022, 1, 3), False),
    ],
)
def test_bank_holidays_of_england(recent: WorkingDayCalendar, day: date, worked: bool) -> None:
    assert recent.is_working_day(day) is worked


def test_horizon_counts_working_days(croydon: WorkingDayCalendar) -> None:
    assert croydon.index(date(2020, 3, 31)) == croydon.horizon - 1
    assert croydon.date(croydon.horizon) == date(2020, 4, 1)
    year = WorkingDayCalendar(date(2018, 1, 1), date(2018, 12, 31))
    assert year.horizon == 253


def test_index_and_date_agree_with_a_count_day_by_day(croydon: WorkingDayCalendar) -> None:
    day, number = date(2012, 1, 1), croydon.index(date(2012, 1, 1))
    while day < date(2022, 1, 1):
        assert croydon.index(day) == number
        if croydon.is_working_day(day):
            assert croydon.date(number) == day
            number += 1
        day += timedelta(days=1)


def test_reaches_fifteen_years_back_and_ten_on(croydon: WorkingDayCalendar) -> None:
    assert croydon.index(date(2001, 4, 2)) < -3700
    assert croydon.date(croydon.index(date(2030, 3, 29))) == date(2030, 3, 29)
    assert croydon.date(croydon.first_known) <= date(2001, 4, 2)
    with pytest.raises(ValueError, match="outside the calendar"):
        croydon.index(date(1990, 1, 1))
    with pytest.raises(ValueError, match="outside the calendar"):
        croydon.date(10_000)
    with pytest.raises(ValueError, match="outside the calendar"):
        croydon.date(croydon.first_known - 1)


def test_dates_of_an_array(croydon: WorkingDayCalendar) -> None:
    found = croydon.dates(np.array([[0, 1], [-1, 5]], dtype=np.int32))
    assert found.dtype == np.dtype("datetime64[D]")
    assert found.shape == (2, 2)
    assert found[1, 0] == np.datetime64("2016-03-31")
    assert croydon.dates(np.array([], dtype=np.int32)).size == 0
    with pytest.raises(ValueError, match="outside"):
        croydon.dates(np.array([-1_000_000]))


def test_months_added_end_on_the_last_day_of_a_shorter_month(croydon: WorkingDayCalendar) -> None:
    august = croydon.index(date(2016, 8, 31))
    assert croydon.date(croydon.after_months(august, 6)) == date(2017, 2, 28)
    assert croydon.date(croydon.after_months(august, 12)) == date(2017, 8, 31)
    assert croydon.date(croydon.after_months(croydon.index(date(2017, 8, 31)), 6)) == date(2018, 2, 28)
    # 30 June 2018 is a Saturday
    assert croydon.date(croydon.after_months(croydon.index(date(2018, 3, 29)), 3)) == date(2018, 6, 29)
    assert croydon.date(croydon.after_months(croydon.index(date(2018, 3, 28)), 3.05)) == date(2018, 7, 2)
    assert croydon.date(croydon.after_months(august, -6)) == date(2016, 2, 29)
    assert croydon.date(croydon.after_months(august, 0.5)) == date(2016, 9, 15)
    assert croydon.after_months(august, 6) == croydon.after_months(august, 6)


def test_calendar_days_added(croydon: WorkingDayCalendar) -> None:
    friday = croydon.index(date(2016, 4, 1))
    assert croydon.date(croydon.after_days(friday, 1)) == date(2016, 4, 4)
    assert croydon.date(croydon.after_days(friday, 14)) == date(2016, 4, 15)
    assert croydon.date(croydon.after_days(friday, -7)) == date(2016, 3, 29)  # Good Friday and Easter Monday


def test_month_ends_and_months(croydon: WorkingDayCalendar) -> None:
    ends = croydon.month_ends()
    assert len(ends) == 48
    assert ends[0][0] == date(2016, 4, 30)
    assert croydon.date(ends[0][1]) == date(2016, 4, 29)
    months = croydon.months()
    assert [month.label for month in months[:2]] == ["2016-04", "2016-05"]
    assert months[0].first_index == 0
    assert months[-1].last_index == croydon.horizon - 1
    for before, after in pairwise(months):
        assert after.first_index == before.last_index + 1


def test_clipped_run() -> None:
    part = WorkingDayCalendar(date(2016, 12, 31), date(2017, 5, 10))  # the first day is a Saturday
    assert [month.label for month in part.months()] == ["2017-01", "2017-02", "2017-03", "2017-04", "2017-05"]
    assert [end for end, _ in part.month_ends()] == [
        date(2017, 1, 31),
        date(2017, 2, 28),
        date(2017, 3, 31),
        date(2017, 4, 30),
    ]
    years = part.reporting_years()
    assert [(year.label, year.start, year.end) for year in years] == [
        ("2016-17", date(2016, 12, 31), date(2017, 3, 31)),
        ("2017-18", date(2017, 4, 1), date(2017, 5, 10)),
    ]
    assert years[0].last_index + 1 == years[1].first_index
    assert [quarter.label for quarter in part.quarters()] == ["2016-17 Q4", "2017-18 Q1"]


def test_reporting_years_and_quarters_cover_the_run(croydon: WorkingDayCalendar) -> None:
    labels = [year.label for year in croydon.reporting_years()]
    assert labels == ["2016-17", "2017-18", "2018-19", "2019-20"]
    quarters = croydon.quarters()
    assert len(quarters) == 16
    assert quarters[4].label == "2017-18 Q1"
    assert quarters[4].start == date(2017, 4, 1)
    assert sum(quarter.last_index - quarter.first_index + 1 for quarter in quarters) == croydon.horizon
    century = WorkingDayCalendar(date(2099, 4, 1), date(2100, 3, 31))
    assert century.reporting_years()[0].label == "2099-00"


def test_refuses_a_run_that_is_back_to_front_or_empty() -> None:
    with pytest.raises(ValueError, match="before the start"):
        WorkingDayCalendar(date(2017, 1, 1), date(2016, 1, 1))
    with pytest.raises(ValueError, match="no working day"):
        WorkingDayCalendar(date(2016, 4, 2), date(2016, 4, 3))


def test_travels_between_processes(croydon: WorkingDayCalendar) -> None:
    copy = pickle.loads(pickle.dumps(croydon))
    assert copy.horizon == croydon.horizon
    assert len(pickle.dumps(croydon)) < 300


def test_weekday(croydon: WorkingDayCalendar) -> None:
    assert croydon.weekday(0) == 4
    assert all(croydon.weekday(number) < 5 for number in range(-100, 100))
    assert isinstance(croydon.date(3), dt.date)


def test_runs_over_the_same_days_share_a_calendar() -> None:
    shared = calendar_of(date(2016, 4, 1), date(2017, 3, 31))
    assert calendar_of(date(2016, 4, 1), date(2017, 3, 31)) is shared
    other = calendar_of(date(2016, 4, 1), date(2017, 3, 30))
    assert other.horizon == shared.horizon - 1
