"""Measures of drift as the sector has them, from recordings made by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from sim.model.recording import STAGES
from sim.model.recording.names import PUT_DOWN, REVIEW, WORK

pytestmark = pytest.mark.unit
Start = Callable[..., Any]
CIN, CPP = STAGES.index("child_in_need"), STAGES.index("child_protection")


def test_intervals_are_counted_by_the_year_of_the_later_event(story: Start) -> None:
    s = story(date(2016, 4, 1), date(2018, 3, 30))
    referred, began = s.day(2016, 6, 1), s.day(2017, 6, 1)
    for days_later, children in ((20, 1), (40, 2), (60, 1)):
        case = s.case(referred=began - days_later, children=children)
        s.spell("child_protection", case, entered=began, children=children)
    case = s.case(referred=referred)
    s.spell("child_protection", case, entered=s.day(2016, 9, 1), ended=s.day(2017, 9, 1), outcome="court")
    s.spell("court", case, entered=s.day(2017, 9, 1))
    m = s.measured()
    assert m.value("referral_to_cpp_children", "2016-17") == 1
    assert m.value("referral_to_cpp_children", "2017-18") == 4
    # Of one child: 1 June to 1 September 2016, 92 days.
    assert m.value("referral_to_cpp_median_days", "2016-17") == 92
    # Of four children after 20, 40, 40 and 60 working days, of which those to the quartiles lie between 20 and 60.
    low, high = (m.value(f"referral_to_cpp_{name}_days", "2017-18") for name in ("p25", "p75"))
    assert 28 < low < m.value("referral_to_cpp_median_days", "2017-18") < high < 86
    assert m.value("referral_to_care_median_days", "2017-18") == (date(2017, 9, 1) - date(2016, 6, 1)).days
    assert m.value("cpp_to_care_median_days", "2017-18") == 365
    assert m.value("cpp_to_care_children", "2017-18") == 1
    assert math.isnan(m.value("cpp_to_care_median_days", "2016-17"))


def test_care_without_a_plan_has_no_interval_from_a_plan(story: Start) -> None:
    s = story()
    s.spell("court", s.case(referred=0), entered=10)
    s.spell("court", s.case(referred=-5, opening=True), entered=10, clock_start=-5)
    m = s.measured()
    assert (m.value("cpp_to_care_children"), m.value("referral_to_care_children")) == (0, 1)


def test_long_plans_are_counted_and_shared_and_reckoned_by_the_year_of_referral(story: Start) -> None:
    s = story(date(2016, 4, 1), date(2018, 3, 30))
    began = s.day(2016, 6, 1)
    s.spell("child_protection", s.case(referred=began, children=2), entered=began, children=2)
    ended = s.day(2017, 9, 4)  # more than 15 months later
    s.spell("child_protection", s.case(referred=began), entered=began, ended=ended, outcome="close")
    s.spell("child_protection", s.case(referred=s.day(2018, 1, 2)), entered=s.day(2018, 1, 2))
    s.case(referred=began)
    m = s.measured()
    assert (m.value("cpp_open_over_15m"), m.value("cpp_open_over_18m")) == (2, 2)
    assert m.value("cpp_open_over_15m_pct") == pytest.approx(100 * 2 / 3)
    # Of those referred in 2016-17 two children reached 15 months open and one just before the plan ended, of four.
    assert m.value("referral_cohort_cpp_over_15m", "2016-17") == 3
    assert m.value("referral_cohort_cpp_over_15m_pct", "2016-17") == pytest.approx(100 * 3 / 4)
    assert m.value("referral_cohort_cpp_over_15m", "2017-18") == 0


def test_pre_proceedings_over_sixteen_weeks_are_counted(story: Start) -> None:
    s = story()
    s.spell("pre_proceedings", entered=0, ended=90, children=2)  # 18 weeks of five days
    s.spell("pre_proceedings", entered=0, ended=50)
    s.spell("pre_proceedings", entered=100)
    assert s.measured().value("plo_over_16w") == 2 + 1


def test_a_plan_without_visit_or_work_for_more_than_twenty_days_has_stalled(story: Start) -> None:
    s = story()
    last = s.calendar.horizon - 1
    still = s.spell("child_protection", entered=0, team=1, children=2)
    works = s.spell("child_protection", entered=0, team=1)
    visited = s.spell("child_in_need", entered=0, team=1, children=4)
    for case, stage, until in ((still, CPP, last - 21), (works, CPP, last + 1), (visited, CIN, last - 60)):
        s.holding(case, worker=3, team=1, children=1)
        s.recorder.states.add((case, stage, 0, 0, WORK, 3, 0, -1))
        if until <= last:
            s.recorder.states.add((case, stage, 0, until, REVIEW, 3, 1000 * until, last + 5))
        else:
            s.recorder.states.add((case, stage, 0, until, PUT_DOWN, 3, 1000 * until, -1))
    s.visit("child_in_need", visited, previous=0, day=last - 20)
    s.review(still, due=last, day=last, children=2)
    s.review(works, due=last, day=last)
    m = s.measured()
    # Worked on up to the day last - 22, which is more than 20 days ago; visited 20 days ago, which is not.
    assert m.value("plans_stalled") == 2
    assert m.value("plans_stalled_pct") == pytest.approx(100 * 2 / 7)
    assert m.value("reviews_without_progress") == 2


def test_changes_of_worker_are_those_during_the_plan(story: Start) -> None:
    s = story()
    case = s.spell("child_protection", entered=10, ended=100, outcome="close", children=2)
    for worker, start, end in ((1, 0, 10), (2, 10, 40), (2, 40, 50), (3, 60, 90), (1, 90, -1)):
        s.holding(case, worker, start, end, children=2)
    s.spell("child_protection", entered=10, ended=100, outcome="close")
    # To worker 3 and back to 1; the takeover on the first day is the plan's beginning.
    assert s.measured().value("cpp_worker_changes_mean") == pytest.approx((2 * 2 + 0) / 3)
