"""The flow of children from week to week: nobody appears or vanishes between stages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.measures.waiting.days import cause_days
from sim.measures.waiting.flow import OUTSIDE, WEEK, FlowTable, flow_table
from sim.model.recording import STAGES, Recording

pytestmark = pytest.mark.property

SERVICES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "short of workers": {"teams.locality team.workers": [{"count": 4, "cap": 10, "cap_policy": "strict"}]},
    "with absence": {"people.absence": {"sickness": {"share": "8%"}}},
}


@pytest.fixture(params=list(SERVICES.values()), ids=list(SERVICES))
def both(town: Any, request: pytest.FixtureRequest) -> tuple[Recording, FlowTable]:
    recording: Recording = town.recording(request.param)
    causes = cause_days(recording)
    assert causes is not None
    return recording, flow_table(recording, causes)


def test_children_in_a_stage_are_those_whose_stay_covers_the_day(both: tuple[Recording, FlowTable]) -> None:
    recording, flow = both
    spells = recording.spells
    until = np.where(spells["ended"] < 0, recording.horizon, spells["ended"])
    for week in range(0, len(flow.standing), 9):
        day = week * WEEK
        here = (spells["entered"] <= day) & (until > day)
        for stage in range(len(STAGES)):
            expected = int(spells["children"][here & (spells["stage"] == stage)].sum())
            # Parts of days of work are rounded, each by half a child at most.
            assert flow.standing[week, stage].sum() == pytest.approx(expected, abs=1.5)


def test_moves_into_a_stage_are_the_stays_that_begin_in_it(both: tuple[Recording, FlowTable]) -> None:
    recording, flow = both
    spells = recording.spells
    for stage in range(len(STAGES)):
        begun = (spells["stage"] == stage) & (spells["entered"] >= 0)
        assert flow.moves[:, :, stage].sum() == spells["children"][begun].sum()


def test_who_has_left_are_those_with_no_open_stay(both: tuple[Recording, FlowTable]) -> None:
    recording, flow = both
    spells = recording.spells
    is_open = set(spells["case"][spells["ended"] < 0].tolist())
    children = dict(zip(spells["case"].tolist(), spells["children"].tolist(), strict=True))
    gone = sum(many for case, many in children.items() if case not in is_open)
    assert flow.moves[:, :, OUTSIDE].sum() == gone
    assert flow.moves[:, OUTSIDE, OUTSIDE].sum() == 0
