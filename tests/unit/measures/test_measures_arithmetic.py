"""The arithmetic beneath the measures, beside the plain way to do the same."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.calendar import WorkingDayCalendar
from sim.calendar.working_days import add_months
from sim.measures.dates import NEVER_ENDS, NOT_STARTED, Dates
from sim.measures.flow import Flow
from sim.measures.order import Numbered, order, runs
from sim.measures.period_counts import PeriodCounts

pytestmark = pytest.mark.unit

CALENDAR = WorkingDayCalendar(date(2016, 4, 1), date(2017, 3, 31))
WIDE = st.one_of(st.integers(-3, 3), st.integers(-(2**40), 2**40))


@given(arrays(np.int64, st.tuples(st.just(2), st.integers(0, 50)), elements=WIDE))
def test_order_is_that_of_lexsort(keys):
    assert order(*keys).tolist() == np.lexsort(tuple(keys)).tolist()


def test_order_takes_keys_of_any_width():
    narrow, wide = np.array([3, -1, 3, 0], dtype=np.int8), np.array([2**31 - 1, -5, -5, 70_000], dtype=np.int32)
    assert order(narrow, wide).tolist() == np.lexsort((narrow, wide)).tolist()


def test_runs_begin_where_a_value_changes():
    assert runs(np.array([4, 4, 7, 4])).tolist() == [0, 2, 3]
    assert runs(np.zeros(0)).tolist() == []


@given(st.lists(st.one_of(st.integers(0, 200), st.integers(0, 2**45)), unique=True, max_size=300))
def test_each_number_is_found_where_it_is(numbers):
    known = Numbered(np.array(numbers, dtype=np.int64))
    assert len(known) == len(numbers)
    asked = [*range(len(numbers)), *reversed(range(len(numbers)))]
    assert known.find(np.array([numbers[place] for place in asked], dtype=np.int64)).tolist() == asked


@pytest.mark.parametrize("numbers", [[], [5], list(range(7, 700, 10))])
@pytest.mark.parametrize("other", [6, -1, 2**50])
def test_a_number_that_is_not_there_is_refused(numbers, other):
    with pytest.raises(KeyError, match=str(other)):
        Numbered(np.array(numbers, dtype=np.int64)).find(np.array([*numbers, other], dtype=np.int64))


@pytest.mark.parametrize("months", [-12, 3, 9, 24])
@pytest.mark.parametrize("beyond", [False, True])
def test_months_go_by_as_in_the_calendar(months, beyond):
    days = np.arange(-600, CALENDAR.horizon)
    found = Dates(CALENDAR).passed_by(days, months, beyond=beyond)
    expected = []
    for day in days.tolist():
        due = add_months(CALENDAR.date(day), months) + timedelta(days=beyond)
        expected.append(CALENDAR.index(due) if CALENDAR.index(due) <= CALENDAR.horizon else NEVER_ENDS)
    assert found.tolist() == expected


def test_days_go_by_as_in_the_calendar_once_the_clock_has_started():
    found = Dates(CALENDAR).days_gone_by(np.array([0, 100, NOT_STARTED]), 112).tolist()
    assert found == [*(CALENDAR.index(CALENDAR.date(day) + timedelta(days=113)) for day in (0, 100)), NEVER_ENDS]


def test_days_before_all_that_is_known_take_the_first_date():
    dates = Dates(CALENDAR)
    first = CALENDAR.first_known
    assert dates.calendar_days(np.array([first - 1000]), np.array([first])).tolist() == [0]


@given(
    st.lists(
        st.tuples(
            st.integers(-1, CALENDAR.horizon), st.one_of(st.integers(-2, 9), st.integers(0, 4000)), st.integers(0, 4),
            st.integers(-1, 1), st.integers(-1, 2),
        ),
        max_size=60,
    )
)  # fmt: skip
def test_a_flow_counts_and_ranks_children_as_one_by_one(rows):
    periods = PeriodCounts(CALENDAR, ("north", "south"), ("duty", "plans", "court"))
    day, value, children, locality, team = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    flow = Flow(periods, day, locality, team)
    counted, bands = flow.counts(children), flow.bands(children, value % 3, 3)
    half, ninth = flow.quantiles(value, children, (0.5, 0.9))
    codes = [
        ("all", None, 0),
        *(("locality", locality, code) for code in (0, 1)),
        *(("team", team, c) for c in (0, 1, 2)),
    ]
    for period, (first, last) in enumerate(zip(periods.first_days, periods.last_days, strict=True)):
        for column, (_, group, code) in enumerate(codes):
            chosen = (day >= first) & (day <= last) & (True if group is None else group == code)
            assert counted[period, column] == children[chosen].sum()
            for number, band in enumerate(bands):
                assert band[period, column] == children[chosen & (value % 3 == number)].sum()
            each = np.repeat(np.maximum(value[chosen], 0), children[chosen])
            for share, found in ((0.5, half), (0.9, ninth)):
                expected = np.quantile(each, share) if len(each) else np.nan
                assert found[period, column] == pytest.approx(expected, nan_ok=True)


def test_without_codes_a_flow_counts_all_only():
    periods = PeriodCounts(CALENDAR, ("north",), ("duty",))
    counted = Flow(periods, np.array([0, 3])).counts(np.array([2, 5]))
    assert counted[-1].tolist() == [7.0, 0.0, 0.0]
