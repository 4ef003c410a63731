"""The hazard of one case, looks, and what a noticed rise does to a queue."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.model.allocation import Waiting
from sim.model.cases.case import Case
from sim.model.need import ALLOCATION, REVIEW, VISIT
from sim.model.need.level import Level
from sim.model.need.sight import looks
from sim.model.recording.names import ASSESSMENT, CHILD_IN_NEED, CHILD_PROTECTION, COURT, STEPS
from sim.scenario.errors.problems import ScenarioError
from sim.scenario.sections.risk import Risk
from sim.streams import CaseDraws, Streams

pytestmark = pytest.mark.unit

ONE = "locality team"


def case(key: int = 64, need: int = 1) -> Case:
    return Case(key, 2, 0, need, 0, CaseDraws(Streams(1, 0).batch(1, 0, cases=1), 0))


def level(target: float, rate: float, contact: float = 0.0) -> Level:
    made = Level(2, target, 0.0, contact)
    made.rate = rate
    return made


def test_need_rises_when_the_rate_has_added_up() -> None:
    steady = level(1.0, 0.02)
    assert steady.next_rise(math.inf, 1.0) == pytest.approx(50)
    steady.accrue(30, math.inf, 1.0)
    steady.rate = 0.04  # twice the rate from day 30: 0.4 is left
    assert steady.next_rise(math.inf, 1.0) == pytest.approx(40)
    steady.accrue(40, math.inf, 1.0)
    assert steady.risen


def test_need_rises_faster_without_contact() -> None:
    alone = level(1.0, 0.02)
    # 20 days at 0.02 make 0.4; the other 0.6 come at 0.06 a day.
    assert alone.next_rise(20, 3) == pytest.approx(30)
    alone.accrue(25, 20, 3)
    assert alone.hazard == pytest.approx(0.4 + 5 * 0.06)
    alone.contact = 25  # seen on day 25: 0.3 is left, at 0.02 a day
    assert alone.next_rise(20, 3) == pytest.approx(40)
    seen = level(1.0, 0.02, contact=math.inf)
    assert seen.next_rise(20, 3) == pytest.approx(50)
    long_ago = level(1.0, 0.02, contact=-100)
    assert long_ago.next_rise(20, 3) == pytest.approx(1 / 0.06)


def test_need_of_no_rate_never_rises() -> None:
    assert level(1.0, 0.0).next_rise(20, 2) == math.inf


def test_looks_add_up_to_the_chances_given() -> None:
    found = looks(Risk(noticed_at_visit=0.6, noticed_at_allocation=0.5, noticed_at_review=1))
    assert math.exp(-found[VISIT] - found[ALLOCATION]) == pytest.approx(0.4 * 0.5)
    assert found[REVIEW] == math.inf
    assert looks(Risk(noticed_at_visit=0))[VISIT] == 0


def test_a_case_whose_known_need_rises_passes_older_ones(town: Any) -> None:
    service = town.service({f"teams.{ONE}.workers": [{"count": 0}], "opening": {}})
    pool = service.pools[0]
    older, newer = case(64, need=2), case(128, need=1)
    for since, one in enumerate((older, newer)):
        pool.join(Waiting(one, ASSESSMENT, False, since, 45))
    service.queues._at[ASSESSMENT, 0] = pool
    before = [one.waiting.rank for one in (older, newer) if one.waiting]
    assert before[0] < before[1]
    newer.need = 3
    service.flow.requeue(newer)
    assert newer.waiting is not None
    assert newer.waiting.since == 1
    assert older.waiting is not None
    assert newer.waiting.rank < older.waiting.rank
    assert pool.waiting == 2
    service.flow.requeue(case(192))  # waits nowhere: nothing to do
    assert pool.waiting == 2


@pytest.mark.parametrize(
    ("risk", "stage", "steps"),
    [
        ({"straight_to_severe": 1}, CHILD_IN_NEED, {"strategy_discussion"}),
        ({"straight_to_severe": 0, "strategy_discussion_at": "low"}, ASSESSMENT, {"strategy_discussion"}),
        ({"legal_planning": 1}, CHILD_PROTECTION, {"legal_planning"}),
        ({"legal_planning": 0}, CHILD_PROTECTION, {"earlier_visit"}),
        ({}, COURT, {"decision"}),
    ],
)
def test_the_step_is_that_of_the_stage(town: Any, risk: dict[str, Any], stage: int, steps: set[str]) -> None:
    names = {
        ASSESSMENT: "assessment",
        CHILD_IN_NEED: "child_in_need",
        CHILD_PROTECTION: "child_protection",
        COURT: "court",
    }
    opened = {names[stage]: {"children": 80, "ages": "1 weeks"}}
    recording = town.recording(
        {
            "period.end": "2016-06-30",
            "demand.referrals_a_year": 0,
            "demand.rereferral": {"mode": "none"},
            "opening": opened,
            "sign_off": "none",
            "pace": "off",
            f"teams.{ONE}.workers": [{"count": 8}],
            "stages.child_in_need.step_up_a_year": 0,
            "stages.child_protection.pre_proceedings_share": 0,
            "stages.assessment.habit": "none",
            "stages.assessment.work": "1 year",
            "stages.assessment.outcomes": {"close": 1, "early_help": 0, "child_in_need": 0, "section_47": 0},
            "stages.court.habit": "1 year",
            "capacities": {},
            "risk": {"rises_a_year": {names[stage]: 3}, "noticed_at_visit": 1, **risk},
        }
    )
    needs = recording.needs
    acted = (needs["acted"] >= 0) & (needs["stage"] == stage)
    first = acted & (needs["acted"] - needs["rose"] < 20)
    assert {STEPS[step] for step in needs["step"][first].tolist()} == steps


def test_a_planner_is_warned_where_step_ups_come_twice(town: Any) -> None:
    short = {"period.end": "2016-05-31", "risk": {}}
    assert any("step_up_a_year" in warning for warning in town.recording(short).warnings)
    once = short | {"stages.child_in_need.step_up_a_year": 0}
    assert not any("step_up_a_year" in warning for warning in town.recording(once).warnings)


def test_rises_need_somebody_for_the_stages_that_they_lead_to(town: Any) -> None:
    nobody = {
        "stages.front_door.outcomes.assessment": 0.75,
        "stages.front_door.outcomes.strategy_discussion": 0,
        "stages.assessment.outcomes": {"close": 0.5, "early_help": 0, "child_in_need": 0.5, "section_47": 0},
        "stages.child_in_need.step_up_a_year": 0,
        f"teams.{ONE}.stages": ["assessment", "child_in_need"],
        "opening": {},
    }  # fmt: skip
    town.scenario(nobody)
    with pytest.raises(ScenarioError, match="no permanent team serves section_47"):
        town.scenario(nobody | {"risk": {}})
