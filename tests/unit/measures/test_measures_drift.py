"""Measures of plans, proceedings, stock and workload from recordings made by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.measures.bands import BANDS
from sim.measures.definitions import MEASURES

pytestmark = pytest.mark.unit
Start = Callable[..., Any]


def test_an_empty_recording_has_zero_counts_and_missing_rates(story: Start) -> None:
    m = story().measured()
    counted = {"children", "child-days", "days", "social workers", "£"}
    not_counts = {"caseload_p90", "workers_per_child_mean", "cost_per_delay_day_avoided"}
    not_counts |= {measure.id for measure in MEASURES.values() if measure.simulated_in}
    for measure in MEASURES.values():
        for period in m.layout.periods:
            value = m.value(measure.id, period)
            if measure.unit in counted and measure.id not in not_counts:
                assert value == 0, measure.id
            else:
                assert math.isnan(value), measure.id


def test_child_protection_plans_open_and_ended_by_calendar_length(story: Start) -> None:
    s = story(date(2016, 4, 1), date(2019, 3, 31))
    began = s.day(2016, 6, 1)
    lengths = {
        (2016, 8, 31): "up_to_3m", (2016, 9, 1): "3_6m", (2016, 12, 1): "6_12m",
        (2017, 6, 1): "1_2y", (2018, 5, 31): "1_2y", (2018, 6, 1): "2y_plus",
    }  # fmt: skip
    for end in lengths:
        s.spell("child_protection", entered=began, ended=s.day(*end), outcome="child_in_need")
    s.spell("child_protection", entered=began, children=3)  # open at the end
    s.spell("child_protection", entered=s.day(2019, 1, 2), children=2)
    m = s.measured()
    assert (m.value("cpp_started"), m.value("cpp_ended"), m.value("cpp_open")) == (11, 6, 5)
    assert [m.value(key) for key in BANDS["cpp_ended_band"].measures] == [1, 1, 1, 2, 1]
    assert m.value("cpp_ended_2y_pct") == pytest.approx(100 / 6)
    assert m.value("cpp_open_2y_pct") == pytest.approx(100 * 3 / 5)
    assert [m.value(key) for key in BANDS["cpp_open_band"].measures] == [2, 0, 0, 0, 3]
    assert m.value("cpp_open", "2016-17") == 3 + 3
    assert [m.value(key, "2016-17") for key in BANDS["cpp_open_band"].measures] == [0, 0, 6, 0, 0]
    assert math.isnan(m.value("cpp_ended_2y_pct", "2018-19 Q4"))


def test_two_years_to_the_day_is_two_years(story: Start) -> None:
    s = story(date(2017, 4, 3), date(2019, 3, 29))
    s.spell("child_protection", entered=-2, clock_start=s.day(2017, 3, 29))
    s.spell("child_protection", entered=-1, clock_start=s.day(2017, 3, 30))
    assert s.measured().value("cpp_open_2y_pct") == 50


def test_child_in_need_plans_over_9_and_12_months(story: Start) -> None:
    s = story(date(2016, 4, 1), date(2017, 6, 30))  # 30 June 2017 is a Friday
    for began in ((2016, 6, 30), (2016, 6, 29), (2016, 9, 30), (2016, 9, 29)):
        s.spell("child_in_need", entered=s.day(*began))
    m = s.measured()
    assert m.value("cin_plans_started") == m.value("cin_plans_open") == 4
    assert m.value("cin_open_over_9m") == 3  # the one of 30 September is nine months old to the day: not over
    assert m.value("cin_open_over_12m") == 1


def test_pre_proceedings_over_16_weeks_of_those_open_or_ended(story: Start) -> None:
    s = story()
    began = s.day(2016, 5, 3)
    s.spell("pre_proceedings", entered=began, ended=s.day(2016, 8, 23), outcome="court")  # 112 days
    s.spell("pre_proceedings", entered=began, ended=s.day(2016, 8, 24), outcome="court", children=2)  # 113
    s.spell("pre_proceedings", entered=s.day(2017, 3, 1), children=3)  # open, early
    s.spell("pre_proceedings", entered=s.day(2016, 10, 3))  # open, late
    s.spell("pre_proceedings", entered=began, clock_start=-1_000_000)  # open, no letter yet: no clock to be late on
    s.spell("pre_proceedings", entered=began, ended=s.day(2016, 9, 1), clock_start=-1_000_000)  # ended without one
    m = s.measured()
    assert m.value("plo_open") == 5
    assert m.value("plo_over_16w_pct") == pytest.approx(100 * 3 / 7)
    assert m.value("awaiting_letter") == 1


def test_a_letter_is_awaited_from_legal_planning_until_it_goes_out(story: Start) -> None:
    s = story()
    sought = s.day(2016, 5, 3)
    s.spell("pre_proceedings", entered=sought, clock_start=s.day(2016, 7, 4), children=2)
    s.spell("pre_proceedings", entered=sought, ended=s.day(2016, 8, 1), clock_start=-1_000_000, children=4)
    m = s.measured()
    assert [m.value("awaiting_letter", f"2016-17 Q{quarter}") for quarter in (1, 2)] == [6, 0]


def test_proceedings_within_26_weeks_of_issue(story: Start) -> None:
    s = story()
    issue = s.day(2016, 5, 3)
    s.spell("court", entered=issue, ended=s.day(2016, 11, 1), outcome="care")  # 182 days
    s.spell("court", entered=issue, ended=s.day(2016, 11, 2), outcome="care")
    s.spell("court", entered=issue, children=2)
    m = s.measured()
    assert (m.value("court_open"), m.value("proceedings_26w_pct")) == (2, 50)


def test_open_assessments_and_those_over_45_working_days(story: Start) -> None:
    s = story()
    last = s.calendar.horizon - 1
    s.assessment(last - 45, children=2)
    s.assessment(last - 46, children=3)
    s.assessment(0, last)  # authorised on the last day: not open
    s.assessment(0, 70)
    m = s.measured()
    assert (m.value("assessments_open"), m.value("assessments_open_over_45wd")) == (5, 3)
    assert m.value("assessments_open", "2016-17 Q1") == 2
    assert m.value("assessments_open_over_45wd", "2016-17 Q1") == 2


def test_unallocated_are_those_whom_nobody_holds(story: Start) -> None:
    s = story()
    last = s.calendar.horizon - 1
    s.assessment(last - 30, allocated=-1, children=2)  # waits for long
    s.assessment(last - 3, allocated=-1, children=1, locality=1)  # waits for some days
    held = s.spell("child_in_need", entered=last - 20, allocated=-1, children=4, team=1)  # under transfer
    s.holding(held, 1, start=0, children=4)
    left = s.spell("child_in_need", entered=last - 20, allocated=-1, children=8, team=1)  # holder has gone
    s.holding(left, 1, start=0, end=last, children=8)
    today = s.assessment(last - 30, allocated=last, children=16)
    s.holding(today, 1, start=last, children=16)  # allocated on the day itself
    lost = s.assessment(last - 40, allocated=last - 39, children=64)  # its worker left some days ago
    s.holding(lost, 1, start=last - 39, end=last - 5, children=64)
    s.referral(last - 5)  # the front door needs no social worker
    both = s.assessment(last - 30, allocated=-1, children=32)  # waits twice, counts once
    s.spell("section_47", case=both, entered=last - 10, allocated=-1, children=32)
    m = s.measured()
    assert m.value("unallocated") == 2 + 1 + 8 + 32 + 64
    assert m.value("unallocated_over_14d") == 2 + 32
    assert m.value("unallocated", breakdown="locality:south") == 1


def test_unallocated_for_exactly_14_calendar_days_is_not_over(story: Start) -> None:
    s = story()  # the last working day is Friday 31 March 2017
    s.assessment(s.day(2017, 3, 17), allocated=-1)
    s.assessment(s.day(2017, 3, 16), allocated=-1)
    assert s.measured().value("unallocated_over_14d") == 1


def test_referral_to_plan_leaves_out_the_opening_caseload(story: Start) -> None:
    s = story()
    new = s.case(referred=s.day(2016, 5, 3))
    s.spell("child_protection", case=new, entered=s.day(2016, 6, 1))
    old = s.case(referred=-100, opening=True)
    s.spell("child_protection", case=old, entered=s.day(2016, 6, 1))
    assert s.measured().value("referral_to_cpp_median_days") == 29


def test_caseloads_and_caps(story: Start) -> None:
    s = story()
    s.worker(4, team=0, cap=10)
    s.worker(2, team=0, fte=0.5, cap=3)
    s.worker(9, team=1)  # no cap
    s.worker(11, team=1, cap=1, end=50)  # left
    s.worker(13, team=1, cap=4, end=s.calendar.horizon - 1)  # the last day is a day in post
    s.worker(12, team=1, cap=5)  # holds nobody
    for worker, children in ((4, 9), (2, 4), (9, 1), (9, 1), (11, 7)):
        case = s.case(children=children)
        s.holding(case, worker, children=children)
    gone = s.case()
    s.holding(gone, 4, start=0, end=20, children=5)
    m = s.measured()
    assert m.value("caseload_mean") == pytest.approx(15 / 2.5)
    assert m.value("caseload_mean", breakdown="team:duty") == pytest.approx(13 / 1.5)
    assert m.value("caseload_p90") == pytest.approx(np.quantile([9, 4, 2], 0.9))
    assert m.value("workers_over_cap_pct") == pytest.approx(100 / 4)


def test_hours_asked_are_summed_over_months(story: Start) -> None:
    s = story()
    s.recorder.work += [(0, 0, 120.0, 110.0, 100.0), (0, 1, 60.0, 60.0, 100.0), (1, 0, 20.0, 20.0, 100.0)]
    m = s.measured()
    assert m.value("hours_asked_pct", "2016-17 Q1", "team:duty") == pytest.approx(90)
    assert m.value("hours_asked_pct", "2016-17 Q1", "team:plans") == pytest.approx(20)
    assert m.value("hours_asked_pct", "2016-17 Q1") == pytest.approx(100 * 200 / 300)


def test_managers_and_conferences_are_summed_over_months(story: Start) -> None:
    s = story()
    s.recorder.managers += [(0, 0, 100.0, 50.0), (0, 1, 100.0, 90.0), (1, 0, 300.0, 0.0), (0, 3, 10.0, 10.0)]
    s.recorder.conferences += [(0, 10, 4), (2, 10, 8), (3, 0, 0)]
    m = s.measured()
    assert m.value("manager_utilisation", "2016-17 Q1") == pytest.approx(100 * 140 / 500)
    assert m.value("manager_utilisation", "2016-17 Q1", "team:plans") == 0
    assert m.value("manager_utilisation", "2016-17 Q2") == 100
    assert m.value("conference_utilisation", "2016-17 Q1") == 60
    assert math.isnan(m.value("conference_utilisation", "2016-17 Q2"))


def test_month_end_stocks(story: Start) -> None:
    s = story(date(2016, 4, 1), date(2016, 6, 15))
    s.holding(s.assessment(0, children=2, team=0), 1)
    s.holding(s.spell("section_47", clock_start=0, conference=5, children=3, team=1), 11, team=1)
    s.spell("section_47", clock_start=0, children=4, team=1)  # nobody holds them
    table = s.measured().stocks
    rows = {
        (str(month), stage, breakdown): tuple(figures)
        for month, stage, breakdown, figures in zip(
            table.months, table.stages, table.breakdowns, table.figures, strict=True
        )
    }
    assert {month for month, _, _ in rows} == {"2016-04-30", "2016-05-31"}  # June is not over
    assert rows["2016-04-30", "assessment", "all"][:3] == (2, 0, 0)
    assert rows["2016-05-31", "assessment", "team:plans"][::2][:2] == (0, 0)
    assert rows["2016-05-31", "section_47", "team:plans"][::2][:2] == (3, 0)  # its conference was held
    assert rows["2016-05-31", "section_47", "all"][:3] == (7, 4, 4)
    assert np.isnan(rows["2016-05-31", "section_47", "team:plans"][1])
    assert np.isnan(rows["2016-05-31", "all", "all"][:3]).all()


@pytest.mark.parametrize(
    "measure", ["cin_plans_open", "cin_open_over_9m", "cin_open_over_12m", "cases_with_no_visit_20wd"]
)
def test_a_teams_stock_is_whom_it_holds_on_the_day(story: Start, measure: str) -> None:
    """A surge team's cases are its own while it has them, whoever has them when it has gone."""
    s = story(date(2016, 4, 1), date(2016, 12, 31))
    case = s.spell("child_in_need", clock_start=-300, entered=-300, children=3, team=1)
    s.visit("child_in_need", case, previous=-20, day=-1)
    s.holding(case, 4, start=-300, end=40, team=1, children=3)
    s.holding(case, 5, start=40, end=80, team=0, children=3)
    s.holding(case, 4, start=140, team=1, children=3)  # nobody held it from day 80
    m = s.measured()
    found = {
        quarter: tuple(m.value(measure, f"2016-17 {quarter}", of) for of in ("all", "team:duty", "team:plans"))
        for quarter in ("Q1", "Q2", "Q3")
    }
    assert found == {"Q1": (3, 3, 0), "Q2": (3, 0, 0), "Q3": (3, 0, 3)}


def test_the_workers_of_a_teams_children_are_those_of_whom_it_holds_on_the_day(story: Start) -> None:
    s = story(date(2016, 4, 1), date(2016, 12, 31))
    case = s.spell("child_in_need", clock_start=-300, entered=-300, team=1)
    s.holding(case, 5, start=-100, end=80, team=0)
    s.holding(case, 4, start=140, team=1)
    m = s.measured()
    assert m.value("workers_per_child_mean", "2016-17 Q1", "team:duty") == 1
    assert math.isnan(m.value("workers_per_child_mean", "2016-17 Q1", "team:plans"))
    assert m.value("workers_per_child_mean", "2016-17 Q3", "team:plans") == 2


def test_a_run_shorter_than_a_month_is_measured(story: Start) -> None:
    s = story(date(2016, 4, 5), date(2016, 4, 8))
    s.assessment(1, 2)
    m = s.measured()
    assert m.value("assessments_completed") == 1
    assert len(m.stocks.months) == 0
