"""A real backlog: what a team that comes for a time does to it, and what nobody can be asked to hold.

The small service of `test_practice_under_pressure.py`, with strict caps so low that children wait.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.model.recording import Recording
from sim.model.service import Service
from sim.scenario.reading.loader import load
from tests.direction.test_practice_under_pressure import ASSESSMENT as WORKERS
from tests.direction.test_practice_under_pressure import BASE, mean, small

pytestmark = pytest.mark.direction

ASSESSMENT = 1
STANDARD, QUARTER = 45, 63
CAP, WORKERS_WHO_COME = 17, 9
REPLICATIONS = 4
ARRIVAL = date(2018, 4, 3)


def backlogged(team: bool, cap: int = 10) -> dict[str, Any]:
    """The surge under strict caps, with or without a team for a year that takes whatever waits."""
    changes = small(surge=0.4)
    changes["teams.assessment.workers"] = [{"count": WORKERS, "cap": cap, "cap_policy": "strict"}]
    if team:
        changes["teams.surge team"] = {
            "stages": ["assessment", "section_47"],
            "workers": [{"count": WORKERS_WHO_COME, "grade": "agency", "cap": CAP}],
            "managers": 0.5,
            "background_hours_a_week": 0,
            "start": str(ARRIVAL),
            "end": "2019-03-29",
        }
    return changes


@cache
def runs(team: bool) -> tuple[tuple[Recording, int], ...]:
    """Recordings, each with the working day on which the team comes."""
    scenario = load(BASE, backlogged(team)).scenario
    services = [Service(scenario, 1, number, True) for number in range(REPLICATIONS)]
    return tuple((service.run(), service.calendar.index(ARRIVAL)) for service in services)


def on_time_by_quarter(team: bool) -> list[float]:
    """Share of the assessments completed in each quarter that are on time: the one before the arrival, three after."""
    shares = []
    for quarter in range(-1, 3):
        within = completed = 0
        for recording, arrival in runs(team):
            spells, begins = recording.spells, arrival + quarter * QUARTER
            ended = spells["ended"]
            kept = (spells["stage"] == ASSESSMENT) & (ended >= max(0, begins)) & (ended < begins + QUARTER)
            children = spells["children"][kept]
            completed += int(children.sum())
            within += int(children[(ended - spells["clock_start"])[kept] <= STANDARD].sum())
        shares.append(100 * within / completed)
    return shares


def test_timeliness_of_what_is_completed_falls_in_the_quarter_after_a_team_comes_and_then_rises() -> None:
    """The team completes what waited, which is late already. Percentage points; 75, 55, 75 and 86 over more runs."""
    with_team, without = on_time_by_quarter(team=True), on_time_by_quarter(team=False)
    assert with_team[0] == without[0]
    assert with_team[1] < with_team[0] - 8
    assert with_team[1] < without[1] - 5
    for earlier, later in pairwise(with_team[1:]):
        assert later > earlier + 3
    assert with_team[3] > without[3] + 5


def test_a_team_that_comes_is_not_handed_the_whole_backlog_on_one_day() -> None:
    """Nobody holds more than two and a half times the cap, and the urgent work of some days besides."""
    for recording, arrival in runs(team=True):
        held = recording.holdings
        mine = (held["team"] == recording.teams.index("surge team")) & (held["start"] <= arrival + 1)
        holders = held["worker"][mine]
        loads = np.bincount(holders - holders.min(), held["children"][mine])
        assert loads.mean() > CAP / 2
        assert loads.max() <= 2.5 * CAP + 5


def test_the_children_whom_managers_hold_do_not_bring_decisions_to_a_stop() -> None:
    """Half the managers and a fifth fewer workers in a surge: what is completed does not fall below what it would be
    without the surge, by more than chance and the greater share of enquiries.
    """
    few = {"staff": 0.8, "managers": 0.5}
    assert mean("assessments_completed", small(surge=0.8, **few)) > 0.9 * mean("assessments_completed", small(**few))
