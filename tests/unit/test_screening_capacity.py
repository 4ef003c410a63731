"""Screening with hours that leave a crumb of capacity at the end of a day."""

from __future__ import annotations

import pytest

from sim.model import simulate
from sim.scenario.loader import load


@pytest.mark.unit
@pytest.mark.parametrize("minutes", ["29.999999999 minutes", "30 minutes", "33.3333333333 minutes"])
def test_a_crumb_of_capacity_does_not_hold_the_desk_up(minutes: str) -> None:
    scenario = load("tiny", [f"stages.front_door.time_per_contact={minutes}", "period.end=2016-12-31"]).scenario
    for replication in range(3):
        assert simulate(scenario, 1, replication).horizon > 0
