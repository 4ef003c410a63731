"""Causes of waiting on small services, each answer worked out by hand.

The service has no referrals: it begins with children of whom everything is known. Assessments opened a day ago take 20
working days of work, of which 19 are left. With 3.5 hours a week each and 27 hours a worker, up to seven go on at full
pace at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.measures.waiting.causes import CAUSE_NAMES
from sim.measures.waiting.days import cause_days
from sim.model.recording import STAGES, Recording

pytestmark = pytest.mark.unit

LEFT = 19
"""Working days of work that are left of each assessment."""


def service(**changes: Any) -> dict[str, Any]:
    """Changes to the teaching scenario: assessments alone, one by one, with nothing else on anybody's hands."""
    workers = {"count": 1, "cap": 5, "cap_policy": "strict", "leaks": "none"}
    everything = {
        "period": {"start": "2016-04-01", "end": "2017-03-31"},
        "demand.referrals_a_year": 0,
        "demand.contacts_per_referral": 1,
        "demand.sibling_groups": {1: "100%"},
        "demand.rereferral": {"mode": "label", "share": 0},
        "stages.assessment": {
            "habit": "none",
            "work": {"distribution": "fixed", "value": "20 working days"},
            "outcomes": {"close": "100%"},
        },
        "teams.locality team.workers": [workers],
        "sign_off": "none",
        "practice": "none",
        "opening": {"assessment": {"children": 5, "ages": {"distribution": "fixed", "value": "1 working days"}}},
    }
    return everything | changes


def workers(**changes: Any) -> list[dict[str, Any]]:
    return [{"count": 1, "cap": 5, "cap_policy": "strict", "leaks": "none", **changes}]


def days(town: Any, changes: dict[str, Any], stage: str = "assessment") -> dict[str, Any]:
    """Child-days of a stage by cause, those of none left out."""
    recording: Recording = town.recording(changes)
    found = cause_days(recording)
    assert found is not None
    mine = recording.spells["stage"][found.spell] == STAGES.index(stage)
    sums = np.bincount(found.cause[mine], (found.days * found.children)[mine], len(CAUSE_NAMES))
    return {
        name: pytest.approx(float(number), abs=0.01) for name, number in zip(CAUSE_NAMES, sums, strict=True) if number
    }


def of_team(**changes: Any) -> dict[str, Any]:
    return {"teams.locality team.workers": workers(**changes)}


def fixed(amount: str) -> dict[str, str]:
    return {"distribution": "fixed", "value": amount}


def opening(stage: str, children: int) -> dict[str, Any]:
    return {stage: {"children": children, "ages": fixed("1 working days")}}


# No worker


def test_five_assessments_under_a_cap_of_two_wait_for_a_worker(town: Any) -> None:
    # Two begin at once, two after 19 days, the fifth after 38.
    found = days(town, service(**of_team(cap=2)))
    assert found == {"cap_full": 0 + 0 + 19 + 19 + 38, "work": 5 * LEFT}


def test_nobody_at_work_keeps_all_waiting_to_the_end(town: Any) -> None:
    changes = service(**of_team(count=0))
    assert days(town, changes) == {"nobody_at_work": 5 * town.recording(changes).horizon}


def test_a_sibling_group_waits_for_room_for_all_of_it(town: Any) -> None:
    # The first three children leave room for one under the cap of four; the second three wait until they have gone.
    changes = service(**of_team(cap=4), **{"demand.sibling_groups": {3: "100%"}, "opening": opening("assessment", 6)})
    assert days(town, changes) == {"group_too_large": 3 * LEFT, "work": 6 * LEFT}


# Transfer


PLAN = {
    "visit_interval": "none",
    "intervention": fixed("30 working days"),
    "first_review": "none",
    "step_up_a_year": 0,
    "other_exits_a_year": 0,
    "outcomes": {"close": "100%"},
}


def two_teams(**care_planning: Any) -> dict[str, Any]:
    late = ["child_in_need", "child_protection", "pre_proceedings", "court"]
    changes = service(opening=opening("assessment", 2))
    changes["stages.assessment"] = changes["stages.assessment"] | {"outcomes": {"close": 0, "child_in_need": "100%"}}
    changes["stages.child_in_need"] = PLAN
    changes["teams.locality team"] = {
        "stages": ["assessment", "section_47"], "workers": workers(), "managers": 1, "background_hours_a_week": 0
    }  # fmt: skip
    changes["teams.care planning"] = {
        "stages": late, "workers": workers(**care_planning), "managers": 1, "background_hours_a_week": 0
    }  # fmt: skip
    return changes


def test_the_second_child_waits_with_the_sending_worker_until_the_other_team_has_room(town: Any) -> None:
    changes = two_teams(cap=1)
    assert days(town, changes) == {"work": 2 * LEFT}
    assert days(town, changes, "child_in_need") == {"transfer": 30, "work": 2 * 30}


def test_a_team_that_serves_both_stages_transfers_nobody(town: Any) -> None:
    changes = two_teams(cap=1)
    del changes["teams.locality team"], changes["teams.care planning"]
    assert days(town, changes, "child_in_need") == {"work": 2 * 30}


def test_a_case_put_down_before_it_may_be_taken_over_is_in_transfer(town: Any) -> None:
    changes = two_teams() | {"transfer": {"delay": fixed("5 working days"), "sending_worker": "puts_down"}}
    assert days(town, changes, "child_in_need") == {"transfer": 2 * 5, "work": 2 * 30}


# Managers


def test_a_lag_of_three_days_is_three_days_of_decision_each(town: Any) -> None:
    found = days(town, service(sign_off={"lag_from": 3, "lag_to": 3}))
    assert found == {"decision": 5 * 3, "work": 5 * LEFT}


def test_a_decision_waits_to_be_carried_out_for_its_lag_and_its_place_in_the_queue(town: Any) -> None:
    # All five are decided on one day and may be carried out four days later. With a queue of one a week one is carried
    # out then, on a fifth of an action in hand; each of the others waits until its debt is paid back, five days.
    lag = {"lag_from": 4, "lag_to": 4}
    plain = days(town, service(sign_off={"lag_from": 0, "lag_to": 0, "carrying_out": lag}))
    assert plain == {"carrying_out": 5 * 4, "work": 5 * LEFT}
    slow = days(town, service(sign_off={"lag_from": 0, "lag_to": 0, "carrying_out": lag | {"actions_a_week": 1}}))
    assert slow == {"carrying_out": 4 + 9 + 14 + 19 + 24, "work": 5 * LEFT}


def test_work_that_a_manager_returns_is_returned_work_until_it_is_done_again(town: Any) -> None:
    # Half of 19 working days is 9.5, done on the tenth day.
    gate = {"lever": "quality_gate", "at": "2016-04-01", "returned": "100%", "rework": 0.5}
    assert days(town, service(levers=[gate])) == {"returned": 5 * 10, "work": 5 * LEFT}


# Slots, reviews, custom


def test_enquiries_wait_for_slots_from_the_day_on_which_the_conference_was_sought(town: Any) -> None:
    # Work takes half of the 9 days to the habitual date: done on the fifth day. A slot a week, on days 4, 9, 14, 19.
    changes = service(opening=opening("section_47", 3))
    changes |= {"capacities.conference_slots_a_week": 1, "capacities.conference_session_slots": 1}
    changes["stages.section_47"] = {
        "habit": fixed("10 working days"), "work_share": 0.5, "outcomes": {"conference": "100%"},
        "conference_outcomes": {"child_protection": "100%"},
    }  # fmt: skip
    found = days(town, changes, "section_47")
    assert found == {"conference": 0 + 5 + 10, "custom": 3 * 4, "work": 3 * 5}
    plenty = changes | {"capacities.conference_slots_a_week": "none"}
    assert days(town, plenty, "section_47") == {"custom": 3 * 4, "work": 3 * 5}


def test_a_plan_whose_work_is_done_waits_until_its_review_is_due(town: Any) -> None:
    # The review is due 40 days after the start; the 29 days of work that are left are done on day 29, ten before.
    plan = PLAN | {"first_review": "40 working days", "review_interval": "40 working days", "brought_forward": 0}
    changes = service(opening=opening("child_in_need", 2)) | {"stages.child_in_need": plan}
    assert days(town, changes, "child_in_need") == {"review_not_due": 2 * 10, "work": 2 * 29}


def test_an_assessment_that_is_authorised_early_waits_for_its_customary_date(town: Any) -> None:
    # Half of the 19 days to the date is 9.5 days of work, done on the tenth; the other nine are custom.
    stage = {"habit": fixed("20 working days"), "work_share": 0.5, "outcomes": {"close": "100%"}}
    assert days(town, service(**{"stages.assessment": stage})) == {"custom": 5 * 9, "work": 5 * 10}


# Work


def test_load_takes_what_is_missing_to_full_pace(town: Any) -> None:
    # Ten children ask 35 hours of 27, which stretch to 31.05: 19 days take 19 / (31.05 / 35) = 21.417. The 22nd day is
    # at full pace once that is done.
    found = days(town, service(**of_team(cap=20), opening=opening("assessment", 10)))
    assert found == {"slowed": 10 * (21.417 - 19), "work": 10 * (22 - 21.417 + 19)}


def test_days_on_which_the_worker_is_away_are_absence(town: Any) -> None:
    absence = {"annual_leave": {"days_a_year": 120}, "sickness": "none", "parental": "none", "cover": "none"}
    changes = service(opening=opening("assessment", 1), **{"people.absence": absence})
    recording: Recording = town.recording(changes)
    end = int(recording.spells["ended"][recording.spells["stage"] == STAGES.index("assessment")].max())
    worker = recording.holdings["worker"][0]
    away = recording.absences["worker"] == worker
    start, back = recording.absences["start"][away], recording.absences["end"][away]
    gone = int((np.clip(back, 0, end) - np.clip(start, 0, end)).sum())
    assert gone > 3
    assert days(town, changes) == {"absence": gone, "work": LEFT}
