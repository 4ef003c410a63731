"""Measures of exposure, continuity, people and cost from recordings made by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

pytestmark = pytest.mark.unit
Start = Callable[..., Any]


def test_exposure_is_counted_in_calendar_days_of_the_period_in_which_they_fall(story: Start) -> None:
    s = story()
    case = s.assessment(s.day(2016, 4, 4), children=2)
    s.need(s.day(2016, 6, 24), case=case, children=2, noticed=s.day(2016, 7, 4), acted=s.day(2016, 7, 11))
    s.need(s.day(2016, 8, 1), ended=s.day(2016, 8, 8), locality=1)  # fell back: 7 days
    s.need(s.day(2017, 3, 27))  # stands at the end of Friday 31 March: 5 days
    m = s.measured()
    assert m.value("exposure_child_days", "2016-17 Q1") == 2 * 7  # 24 to 30 June
    assert m.value("exposure_child_days", "2016-17 Q2") == 2 * 10 + 7  # 1 to 10 July, and the one of August
    assert m.value("exposure_child_days", "2016-17 Q4") == 5
    assert m.value("exposure_child_days") == 2 * 17 + 7 + 5
    assert m.value("exposure_child_days", breakdown="locality:south") == 7


def test_days_of_a_weekend_belong_to_the_period_of_their_date(story: Start) -> None:
    s = story()  # 30 September 2016 is a Friday
    s.need(s.day(2016, 9, 30), acted=s.day(2016, 10, 3))
    m = s.measured()
    assert m.value("exposure_child_days", "2016-17 Q2") == 1
    assert m.value("exposure_child_days", "2016-17 Q3") == 2


def test_exposure_per_100_children_with_a_case_open_in_the_period(story: Start) -> None:
    s = story()
    case = s.assessment(s.day(2016, 4, 4), children=3)
    s.spell("section_47", case=case, entered=s.day(2016, 5, 3), children=3)  # the same children
    s.assessment(s.day(2016, 4, 4), s.day(2016, 6, 1))
    s.referral(s.day(2016, 4, 4), children=9)  # only the front door
    s.need(s.day(2016, 8, 1), case=case, acted=s.day(2016, 8, 11), children=3)
    m = s.measured()
    assert m.value("exposure_per_100_children", "2016-17 Q1") == 0
    assert m.value("exposure_per_100_children", "2016-17 Q2") == pytest.approx(100 * 30 / 3)
    assert m.value("exposure_per_100_children") == pytest.approx(100 * 30 / 4)


def test_delay_of_protective_steps_is_of_steps_taken_in_the_period(story: Start) -> None:
    s = story()
    s.need(s.day(2016, 5, 3), acted=s.day(2016, 5, 10), children=3)  # 7 days
    s.need(s.day(2016, 5, 3), acted=s.day(2016, 5, 20))  # 17 days
    s.need(s.day(2016, 5, 3), ended=s.day(2016, 9, 1), children=9)
    m = s.measured()
    assert m.value("step_up_delay_median_days") == 7
    assert m.value("step_up_delay_p90_days") == pytest.approx(7 + 0.7 * 10)
    assert math.isnan(m.value("step_up_delay_median_days", "2016-17 Q2"))


def test_needs_unnoticed_for_exactly_30_days_are_not_over(story: Start) -> None:
    s = story()  # the last working day is 31 March 2017
    s.need(s.day(2017, 3, 1))  # 30 days
    s.need(s.day(2017, 2, 28), children=2)  # 31 days
    s.need(s.day(2017, 1, 3), noticed=s.day(2017, 3, 30), children=4)
    s.need(s.day(2017, 1, 3), ended=s.day(2017, 3, 30), children=8)
    s.need(s.day(2017, 1, 3), noticed=s.calendar.horizon - 1, children=16)  # noticed on the day itself
    assert s.measured().value("need_rises_unnoticed_30d") == 2


def test_children_on_a_plan_not_visited_for_more_than_20_working_days(story: Start) -> None:
    s = story()
    last = s.calendar.horizon - 1
    seen = s.spell("child_in_need", entered=0, children=1)
    for previous, day in ((0, 15), (15, last - 20)):
        s.visit("child_in_need", seen, previous, day)
    unseen = s.spell("child_in_need", entered=0, children=2)
    s.visit("child_in_need", unseen, 0, last - 21, children=2)
    s.spell("child_in_need", entered=last - 20, children=4)  # began 20 working days ago
    s.spell("child_in_need", entered=last - 21, children=8, locality=1)
    s.spell("child_in_need", entered=0, ended=last, children=16)  # over
    s.spell("child_protection", entered=0, children=32)  # nobody is ever visited there: not simulated
    m = s.measured()
    assert m.value("cases_with_no_visit_20wd") == 2 + 8
    assert m.value("cases_with_no_visit_20wd", breakdown="locality:south") == 8
    q1 = s.calendar.quarters()[0].last_index
    assert q1 > 15 + 20
    assert m.value("cases_with_no_visit_20wd", "2016-17 Q1") == 1 + 2 + 16


def test_the_first_visit_of_the_opening_caseload_counts_from_the_one_before_the_run(story: Start) -> None:
    s = story(date(2016, 4, 1), date(2016, 4, 29))
    last = s.calendar.horizon - 1
    case = s.spell("child_protection", entered=-200)
    s.visit("child_protection", case, -10, last + 5)
    assert last - -10 > 20
    assert s.measured().value("cases_with_no_visit_20wd") == 1


def test_workers_of_open_children_in_the_last_12_months(story: Start) -> None:
    s = story(date(2016, 4, 1), date(2018, 3, 30))
    last, year_ago = s.calendar.horizon - 1, s.day(2017, 3, 29)  # the last day is Maundy Thursday, 29 March
    many = s.spell("child_in_need", entered=0, children=2)
    s.spell("child_protection", case=many, entered=10, children=2, team=1)  # two stages, once
    for worker, start, end in ((1, 0, year_ago + 1), (2, year_ago + 1, 400), (3, 400, -1), (2, 300, 310)):
        s.holding(many, worker, start, end, children=2)
    few = s.spell("child_in_need", entered=0, locality=1)
    for worker, start, end in ((1, 0, year_ago), (2, year_ago, 400), (3, 400, -1)):
        s.holding(few, worker, start, end)
    s.spell("child_in_need", entered=0)  # never had one
    closed = s.spell("child_in_need", entered=0, ended=last)
    s.holding(closed, 9, 0, last)
    m = s.measured()
    assert m.value("children_3plus_workers_pct") == pytest.approx(100 * 2 / 4)
    assert m.value("workers_per_child_mean") == pytest.approx((2 * 3 + 2 + 0) / 4)
    assert m.value("workers_per_child_mean", breakdown="locality:south") == 2


def test_a_handover_is_a_change_of_worker(story: Start) -> None:
    s = story()
    case = s.case(children=3, locality=1)
    s.holding(case, 1, 0, 10, children=3)
    s.holding(case, 1, 10, 20, children=3)  # the same one again
    s.holding(case, 2, 20, 30, children=3)
    s.holding(case, 1, 100, -1, children=3, team=1)
    s.holding(s.case(), 2, 5)
    m = s.measured()
    assert m.value("handovers") == 6
    assert m.value("handovers", "2016-17 Q1", "locality:south") == 3
    assert m.value("handovers", breakdown="team:plans") == 3


def test_agency_vacancies_and_turnover(story: Start) -> None:
    s = story()
    s.worker(1, fte=1.0)
    s.worker(2, fte=0.5, team=1)
    s.worker(3, fte=0.5, grade="agency")
    s.worker(4, fte=0.8, end=s.day(2016, 5, 3), resigned=True)
    s.worker(5, fte=1.0, grade="agency", end=s.day(2016, 5, 3), resigned=True)
    s.worker(6, fte=1.0, end=s.day(2016, 6, 1))  # a team that ended: nobody resigned
    s.post(0, 0, 400, 0)
    s.post(0, 2, 300, 100)
    s.post(1, 2, 100, 0)
    s.post(0, 11, 300, 30)
    m = s.measured()
    assert m.value("agency_pct") == pytest.approx(100 * 0.5 / 2)
    assert m.value("agency_pct", breakdown="team:plans") == 0
    assert m.value("vacancy_pct", "2016-17 Q1") == pytest.approx(100 * 100 / 400)
    assert math.isnan(m.value("vacancy_pct", "2016-17 Q2"))
    assert m.value("vacancy_pct") == pytest.approx(10)
    assert m.value("turnover_pct") == pytest.approx(100 * 0.8 / 1.5)
    assert m.value("turnover_pct", "2016-17 Q1") == pytest.approx(100 * 4 * 0.8 / 1.5)
    assert m.value("turnover_pct", "2016-17 Q2") == 0


def test_sickness_is_of_the_days_in_post(story: Start) -> None:
    s = story()
    days = s.calendar.horizon
    s.worker(4)
    s.worker(2, fte=0.5, team=1, start=0, end=99)  # 100 days
    s.absence(4, 10, 20)
    s.absence(4, 30, 60, kind="leave")
    s.absence(2, 95, 120, team=1)  # in post for 5 of them
    s.absence(77, 0, 50)  # not a social worker
    s.worker(9, grade="agency")
    s.absence(9, 0, 50)  # the official rate is of the council's own social workers
    m = s.measured()
    assert m.value("absence_pct") == pytest.approx(100 * (10 + 0.5 * 5) / (days + 0.5 * 100))
    assert m.value("absence_pct", breakdown="team:plans") == pytest.approx(5)


def test_nqsws_over_the_cap_of_the_day(story: Start) -> None:
    s = story()
    for number, held in ((1, 9), (2, 9), (3, 9), (4, 9)):
        s.worker(number, cap=20, grade="social_worker" if number < 4 else "nqsw")
        s.holding(s.case(children=held), number, children=held)
    s.cap(1, 0, "nqsw", 800)
    s.cap(2, 0, "nqsw", 800)
    s.cap(2, 100, "nqsw", 1200)
    s.cap(3, 0, "nqsw", 800)
    s.cap(3, 150, "social_worker", 700)
    m = s.measured()
    assert m.value("nqsw_over_cap", "2016-17 Q1") == 3
    assert m.value("nqsw_over_cap") == 1
    assert m.value("workers_over_cap_pct") == 50  # the social worker of cap 7 is over it too


def test_supervision_within_5_working_days_of_falling_due(story: Start) -> None:
    s = story()
    last = s.calendar.horizon - 1
    s.supervision(10, 15)
    s.supervision(10, 16)
    s.supervision(10)
    s.supervision(last - 5)  # its days have not run out
    s.supervision(last - 6)
    m = s.measured()
    assert m.value("supervision_on_time_pct") == 25
    assert m.value("supervision_on_time_pct", "2016-17 Q1") == pytest.approx(100 / 3)


def test_held_by_manager_are_those_who_had_a_worker(story: Start) -> None:
    s = story()
    never = s.assessment(100, allocated=-1, children=2)
    between = s.assessment(100, children=3, locality=1)
    s.holding(between, 1, 100, 200, children=3)
    s.holding(s.assessment(100, children=4), 1, 100, children=4)
    m = s.measured()
    assert never != between
    assert (m.value("unallocated"), m.value("held_by_manager")) == (5, 3)
    assert m.value("held_by_manager", "2016-17 Q2") == 0


def test_uncovered_absence(story: Start) -> None:
    s = story()
    s.uncovered(3, 20)
    s.uncovered(90, 5, team=1)
    m = s.measured()
    assert m.value("uncovered_absence_child_days") == 25
    assert m.value("uncovered_absence_child_days", breakdown="team:plans") == 5


def test_targeted_reviews_and_when_they_were_done(story: Start) -> None:
    s = story()  # the run starts on Friday 1 April 2016
    first, second = s.case(locality=1), s.case()
    s.targeted(first, s.day(2016, 5, 3), children=3)
    s.targeted(second, s.day(2016, 8, 1), children=2)
    m = s.measured()
    assert m.value("reviews_done") == 5
    assert m.value("reviews_done", "2016-17 Q1", "locality:south") == 3
    assert math.isnan(m.value("review_completion_date", "2016-17 Q1"))
    days = (date(2016, 8, 1) - date(2016, 4, 1)).days
    assert m.value("review_completion_date", "2016-17 Q2") == m.value("review_completion_date") == days
    s.targeted(s.spell("child_in_need", entered=0, ended=90))  # closed before anybody came to it
    assert s.measured().value("review_completion_date") == days
    s.targeted(s.spell("child_in_need", entered=0))
    assert math.isnan(s.measured().value("review_completion_date"))


def test_second_plans(story: Start) -> None:
    s = story()
    again = s.case(children=2, earlier_plan=True)
    s.spell("child_protection", case=again, entered=5, children=2)
    twice = s.spell("child_protection", entered=6, children=6)
    assert s.measured().value("second_cpp_pct") == 25
    s.spell("child_protection", case=twice, entered=80, children=6)
    assert s.measured().value("second_cpp_pct", "2016-17 Q1") == 25
    assert s.measured().value("second_cpp_pct", "2016-17 Q2") == 100
    assert s.measured().value("second_cpp_pct") == 100 * 8 / 14


def test_money_is_added_up_over_months(story: Start) -> None:
    s = story()
    s.money(0, "staff", 100.0)
    s.money(3, "staff", 50.0)
    s.money(0, "agency_premium", 7.0)
    s.money(1, "lever", 2.5)
    m = s.measured()
    assert (m.value("staff_cost"), m.value("agency_premium"), m.value("lever_cost")) == (150, 7, 2.5)
    assert m.value("cost_total", "2016-17 Q1") == 109.5
    assert m.value("cost_total") == 159.5
    assert math.isnan(m.value("cost_per_delay_day_avoided"))


def test_child_days_of_delay(story: Start) -> None:
    s = story()
    late = s.assessment(0, 50, children=2)  # days 46 to 49
    s.holding(late, 1, 0, 50, children=2)
    waits = s.assessment(60, 80, children=3, locality=1)  # 4 days before, 5 between
    s.holding(waits, 1, 64, 70, children=3)
    s.holding(waits, 2, 75, 80, children=3)
    s.spell("section_47", case=waits, entered=62, ended=90, children=3)  # 10 days more
    s.referral(5, children=50)
    m = s.measured()
    assert m.value("delay_child_days") == 2 * 4 + 3 * (4 + 5 + 10)
    assert m.value("delay_child_days", breakdown="locality:south") == 57
