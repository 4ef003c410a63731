"""Screening with hours that leave a crumb of capacity at the end of a day."""

from __future__ import annotations

import pytest

from sim.model import simulate
from sim.model.recording import STAGES
from sim.scenario.reading.loader import load


@pytest.mark.unit
@pytest.mark.parametrize("minutes", ["29.999999999 minutes", "30 minutes", "33.3333333333 minutes"])
def test_a_crumb_of_capacity_does_not_hold_the_desk_up(minutes: str) -> None:
    scenario = load("tiny", [f"stages.front_door.time_per_contact={minutes}", "period.end=2016-12-31"]).scenario
    for replication in range(3):
        assert simulate(scenario, 1, replication).horizon > 0


@pytest.mark.unit
def test_what_is_undecided_at_the_end_is_on_record() -> None:
    changes = ["stages.front_door.time_per_contact=3 hours", "period.end=2016-12-31", "demand.rereferral.mode=none"]
    recording = simulate(load("tiny", changes).scenario, 1, 0)
    door = recording.spells["stage"] == STAGES.index("front_door")
    undecided = recording.spells["children"][door & (recording.spells["ended"] == -1)].sum()
    arrived = recording.cases["children"][~recording.cases["opening"]].sum()
    assert undecided > 0
    assert recording.spells["children"][door].sum() == arrived
    waiting = recording.contacts["decided"] == -1
    assert recording.contacts["contacts"][waiting].sum() > undecided
