"""Measures of demand and delay from recordings whose answers can be worked out on paper."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from sim.measures.bands import BANDS

pytestmark = pytest.mark.unit
Start = Callable[..., Any]


def test_contacts_and_their_decisions(story: Start) -> None:
    s = story()
    last = s.calendar.horizon - 1
    s.contact(10, 10, 3)
    s.contact(10, 11, 2)
    s.contact(10, 12, 4)  # too late
    s.contact(20, -1, 1)  # undecided for long: late
    s.contact(last - 1, -1, 8)  # undecided, but still within its day
    m = s.measured()
    assert m.value("contacts") == 18
    assert m.value("contact_decision_1wd_pct") == pytest.approx(100 * 5 / 10)


def test_referrals_and_rereferrals_count_children_by_period_and_locality(story: Start) -> None:
    s = story()
    back = s.case(referred=5, children=3, locality=1, rereferral=True)
    s.referral(5, case=back, children=3, locality=1)
    s.referral(70, children=1)
    s.referral(-3, children=9)  # before the run
    m = s.measured()
    assert m.value("referrals") == 4
    assert m.value("referrals", "2016-17 Q1") == 3
    assert m.value("referrals", "2016-17 Q2") == 1
    assert m.value("referrals", breakdown="locality:south") == 3
    assert m.value("rereferrals_12m_pct") == 75
    assert m.value("rereferrals_12m_pct", "2016-17 Q2") == 0
    assert math.isnan(m.value("rereferrals_12m_pct", "2016-17 Q3"))


def test_referrals_with_no_further_action_are_a_share_of_those_decided(story: Start) -> None:
    s = story()
    s.referral(5, ended=6, children=3, locality=1, outcome="no_further_action")
    s.referral(5, ended=70, children=1, outcome="no_further_action")  # decided in the second quarter
    s.referral(6, ended=6, children=5, outcome="assessment")
    s.referral(7, ended=7, children=1, outcome="early_help")
    s.referral(8, ended=-1, children=9)  # nobody has decided
    m = s.measured()
    assert m.value("no_further_action_pct") == pytest.approx(100 * 4 / 10)
    assert m.value("no_further_action_pct", "2016-17 Q1") == pytest.approx(100 * 3 / 9)
    assert m.value("no_further_action_pct", "2016-17 Q2") == 100
    assert m.value("no_further_action_pct", breakdown="locality:south") == 100


def test_assessments_at_45_and_46_working_days(story: Start) -> None:
    s = story()
    s.assessment(10, 55, children=2)  # 45
    s.assessment(10, 56)  # 46
    s.assessment(10, 10, outcome="same_day_closure", children=3)
    s.assessment(10, 71)  # 61
    s.assessment(-20, 10)  # referred before the run, 30
    m = s.measured()
    assert m.value("assessments_completed") == 8
    assert m.value("assessments_45wd_pct") == pytest.approx(100 * 6 / 8)
    assert m.value("assessments_45wd_excl_same_day_pct") == pytest.approx(100 * 3 / 5)
    assert m.value("assessment_median_wd") == (30 + 45) / 2  # of 0, 0, 0, 30, 45, 45, 46, 61
    assert m.value("assessments_over_60wd") == 1
    bands = {key: m.value(key) for key in BANDS["assessments_band"].measures}
    assert bands == {
        "assessments_band_same_day": 3, "assessments_band_1_10": 0, "assessments_band_11_20": 0,
        "assessments_band_21_30": 1, "assessments_band_31_40": 0, "assessments_band_41_45": 2,
        "assessments_band_46_50": 1, "assessments_band_51_60": 0, "assessments_band_61_plus": 1,
    }  # fmt: skip


def test_exactly_60_working_days_is_not_over_60(story: Start) -> None:
    s = story()
    s.assessment(0, 60)
    m = s.measured()
    assert (m.value("assessments_over_60wd"), m.value("assessments_band_51_60")) == (0, 1)


def test_the_cohort_counts_open_and_late_ones_against_and_leaves_out_those_with_time_left(
    story: Start,
) -> None:
    s = story()
    last = s.calendar.horizon - 1
    s.assessment(0, 45)  # in time
    s.assessment(0, 46)  # late
    s.assessment(0)  # still open
    s.assessment(last - 45)  # ran out on the last day, open
    s.assessment(last - 44)  # one day left
    s.assessment(last - 20, last - 10)  # finished, but its time has not run out
    m = s.measured()
    assert m.value("referral_cohort_45wd_pct") == pytest.approx(100 * 1 / 4)
    assert m.value("referral_cohort_45wd_pct", "2016-17 Q1") == pytest.approx(100 / 3)


def test_allocation_wait_is_from_referral_in_children_allocated_in_the_period(story: Start) -> None:
    s = story()
    s.assessment(0, allocated=2, children=3, team=0)
    s.assessment(0, allocated=8, team=1, locality=1)
    s.assessment(0, 0, allocated=0, outcome="same_day_closure", children=9)
    s.assessment(0, allocated=-1, children=9)
    m = s.measured()
    assert m.value("allocation_wait_median_wd") == 2
    assert m.value("allocation_wait_p90_wd") == pytest.approx(2 + 0.7 * 6)  # of 2, 2, 2, 8
    assert m.value("allocation_wait_median_wd", breakdown="team:plans") == 8
    assert m.value("allocation_wait_median_wd", breakdown="locality:north") == 2
    assert math.isnan(m.value("allocation_wait_median_wd", "2016-17 Q3"))


def test_conferences_at_15_and_16_working_days(story: Start) -> None:
    s = story()
    s.spell("section_47", clock_start=5, conference=20, ended=20, children=2)
    s.spell("section_47", clock_start=5, conference=21, ended=21)
    s.spell("section_47", clock_start=5, ended=9, outcome="no_further_action", children=5)
    m = s.measured()
    assert (m.value("s47_started"), m.value("icpc_held")) == (8, 3)
    assert m.value("icpc_15wd_pct") == pytest.approx(100 * 2 / 3)
    assert [m.value(key) for key in BANDS["icpc_band"].measures] == [0, 2, 1, 0]


def test_transfers_and_decisions_wait_until_done(story: Start) -> None:
    s = story()
    s.transfer(0, 4, to_team=1, children=2)
    s.transfer(0, 10, to_team=0)
    s.transfer(0, -1, children=9)
    s.decision(3, 3, team=0)
    s.decision(3, 6, team=1, children=3)
    s.decision(3, -1, children=9)
    m = s.measured()
    assert m.value("transfer_wait_median_wd") == 4
    assert m.value("transfer_wait_median_wd", breakdown="team:duty") == 10
    assert m.value("decision_wait_median_wd") == 3
    assert m.value("decision_wait_median_wd", breakdown="team:duty") == 0


def test_visits_and_reviews_on_time(story: Start) -> None:
    s = story()
    case = s.case(locality=1)
    s.visit("child_protection", case, 0, 10)
    s.visit("child_protection", case, 10, 21, children=3)
    s.visit("child_in_need", case, 0, 20, limit=20)
    s.review(case, due=60, day=60)
    s.review(case, due=60, day=61, children=3)
    s.review(case, due=60, day=90, stage="child_in_need", children=5)
    m = s.measured()
    assert m.value("cp_visits_on_time_pct") == 25
    assert m.value("cp_visits_on_time_pct", breakdown="locality:south") == 25
    assert math.isnan(m.value("cp_visits_on_time_pct", breakdown="locality:north"))
    assert m.value("cin_visits_on_time_pct") == 100
    assert m.value("cp_reviews_on_time_pct") == 25


def test_quarters_add_up_to_years_and_the_run(story: Start) -> None:
    s = story()
    for day in range(0, s.calendar.horizon, 3):
        s.referral(day)
    m = s.measured()
    quarters = [m.value("referrals", f"2016-17 Q{n}") for n in (1, 2, 3, 4)]
    assert sum(quarters) == m.value("referrals", "2016-17") == m.value("referrals") == 85
