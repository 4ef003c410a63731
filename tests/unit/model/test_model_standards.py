"""Standards of a scenario, plans without reviews, and months that the run cuts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.calendar import WorkingDayCalendar
from sim.measures.compute import compute
from sim.model.cases.case import NOT_YET
from sim.model.recording.names import CHILD_IN_NEED, CHILD_PROTECTION, PRE_PROCEEDINGS, SECTION_47

pytestmark = pytest.mark.unit


def over_standard(town: Any, change: dict[str, Any], stage: str) -> float:
    scenario = town.scenario(change)
    calendar = WorkingDayCalendar(scenario.period.start, scenario.period.end)
    table = compute(town.recording(change), calendar).stocks
    rows = [
        place
        for place, (kind, column) in enumerate(zip(table.stages, table.breakdowns, strict=True))
        if kind == stage and column == "all"
    ]
    return float(np.nansum(table.figures[rows, table.FIGURES.index("over_standard")]))


@pytest.mark.parametrize(
    ("stage", "path", "short", "long"),
    [
        ("front_door", "stages.front_door.decision_standard", "0 working days", "5 working days"),
        ("assessment", "stages.assessment.standard", "20 working days", "60 working days"),
        ("section_47", "stages.section_47.standard", "5 working days", "30 working days"),
        ("pre_proceedings", "stages.pre_proceedings.standard", "4 weeks", "40 weeks"),
        ("court", "stages.court.standard", "4 weeks", "52 weeks"),
    ],
)
def test_a_shorter_standard_leaves_more_children_beyond_it(
    town: Any, stage: str, path: str, short: str, long: str
) -> None:
    slow_desk = {"stages.front_door.time_per_contact": "75 minutes"} if stage == "front_door" else {}
    legal = {"stages.child_protection.pre_proceedings_share": "100%"}
    counts = [over_standard(town, {path: standard} | slow_desk | legal, stage) for standard in (short, long)]
    assert counts[0] > counts[1]


def test_a_plan_without_reviews_ends_once_the_enquiry_beside_it_has(town: Any) -> None:
    service = town.service(
        {
            "stages.child_in_need.first_review": "none",
            "stages.child_in_need.step_up_a_year": 2,
            "stages.child_in_need.intervention": "30 working days",
        }
    )
    service.run()
    stuck = [
        case.key
        for case in service.open_cases()
        if (plan := case.spells.get(CHILD_IN_NEED)) is not None
        and plan.work_done != NOT_YET
        and not plan.deciding
        and SECTION_47 not in case.spells
    ]
    assert stuck == []


def test_a_plan_without_reviews_does_not_end_during_pre_proceedings(town: Any) -> None:
    service = town.service(
        {
            "stages.child_protection.first_review": "none",
            "stages.child_protection.pre_proceedings_share": "100%",
            "stages.child_protection.pre_proceedings_after": "10 working days",
            "stages.child_protection.intervention": "20 working days",
            "stages.pre_proceedings.work": "30 weeks",
        }
    )
    service.run()
    in_legal = [case for case in service.open_cases() if PRE_PROCEEDINGS in case.spells]
    assert in_legal
    assert all(CHILD_PROTECTION in case.spells for case in in_legal)


def test_a_month_cut_by_the_start_brings_its_part_of_the_months_children(town: Any) -> None:
    recording = town.recording(
        {
            "period": {"start": "2016-04-18", "end": "2016-05-31"},
            "demand.monthly_referrals": {"2016-04": 210, "2016-05": 100},
            "demand.rereferral.mode": "none",
        }
    )
    cases = recording.cases
    arrived = cases["children"][~cases["opening"]]
    # 10 of April's 21 working days are in the run.
    assert arrived.sum() == 100 + 100


def test_the_first_visit_of_a_plan_is_counted_from_its_start(town: Any) -> None:
    recording = town.recording({"pace": "off", "stages.child_protection.outcomes": {"child_in_need": 0, "close": 1}})
    visits, spells = recording.visits, recording.spells
    starts = {
        (case, stage, day) for case, stage, day in zip(spells["case"], spells["stage"], spells["entered"], strict=True)
    }
    opening = set(recording.cases["case"][recording.cases["opening"]])
    first: dict[tuple[int, int], int] = {}
    for case, stage, previous in zip(visits["case"], visits["stage"], visits["previous"], strict=True):
        if case not in opening:
            first.setdefault((case, stage), previous)
    assert first
    assert all((case, stage, previous) in starts for (case, stage), previous in first.items())
    # With all work at full pace nobody is seen late.
    mine = ~np.isin(visits["case"], list(opening))
    assert np.all((visits["day"] - visits["previous"] <= visits["limit"])[mine])
