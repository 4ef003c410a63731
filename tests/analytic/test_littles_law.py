"""Little's law, stage by stage: children open on average = children entering a day x their mean time open.

Over a window with ends the law is exact when children are counted as they are: those open at the start enter then, and
those open at the end have been open until then. What the service holds is counted while it runs, day by day; times come
from what it recorded. The two must agree to the child.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from sim.measures.waiting.days import cause_days
from sim.model import Service
from sim.model.engine.event import Phase
from sim.model.recording import STAGES, Recording
from sim.scenario.reading.loader import load

pytestmark = pytest.mark.analytic

AFTER_ALL = 1 << 40
"""Number of the count within the day's snapshot phase: after everything else."""


class Watched:
    """One replication of the teaching example, counted at the end of each working day."""

    def __init__(self) -> None:
        service = Service(load("tiny").scenario, 3, 0, record=True)
        self.open: Counter[int] = Counter()  # child-days by stage
        self.cases = self.waiting = 0  # child-days of cases open, and of cases in nobody's hands
        self.held = 0

        def count() -> None:
            for case in service.open_cases():
                for stage in case.spells:
                    self.open[stage] += case.children
                if case.spells:
                    self.cases += case.children
                if case.waiting is not None and case.worker is None:
                    self.waiting += case.children
            self.held += sum(worker.load for worker in service.workforce.workers)

        for day in range(service.calendar.horizon):
            service.clock.at(day, Phase.SNAPSHOT, AFTER_ALL, count)
        self.recording: Recording = service.run()


@pytest.fixture(scope="module")
def watched() -> Watched:
    return Watched()


def days_inside(recording: Recording, since: np.ndarray, until: np.ndarray) -> np.ndarray:
    """Working days of each stay inside the run; a stay covers the days from the first to the one before the last."""
    last = np.where(until < 0, recording.horizon, until)
    return np.minimum(last, recording.horizon) - np.maximum(since, 0)


@pytest.mark.parametrize("stage", range(1, len(STAGES)), ids=STAGES[1:])
def test_littles_law_holds_in_each_stage(watched: Watched, stage: int) -> None:
    recording = watched.recording
    spells = recording.spells
    chosen = spells["stage"] == stage
    children = spells["children"][chosen].astype(int)
    inside = days_inside(recording, spells["entered"][chosen], spells["ended"][chosen])
    assert children.sum() > 0
    mean_open = watched.open[stage] / recording.horizon
    rate = children.sum() / recording.horizon
    mean_time = (children * inside).sum() / children.sum()
    assert np.all(inside >= 0)
    assert mean_open == pytest.approx(rate * mean_time, rel=1e-12)


def test_every_child_is_either_held_or_waiting(watched: Watched) -> None:
    """The same law for the allocation queue: time open is time waiting plus time in a worker's hands."""
    holdings = watched.recording.holdings
    inside = days_inside(watched.recording, holdings["start"], holdings["end"])
    assert (holdings["children"].astype(int) * inside).sum() == watched.held
    assert watched.cases == watched.held + watched.waiting
    assert watched.waiting > 0


def test_counting_changes_nothing(watched: Watched) -> None:
    plain = Service(load("tiny").scenario, 3, 0, record=True).run()
    for name, column in plain.spells.items():
        assert np.array_equal(column, watched.recording.spells[name])


def test_the_days_of_all_causes_are_the_children_open_in_each_stage(watched: Watched) -> None:
    recording = watched.recording
    found = cause_days(recording)
    assert found is not None
    stage = recording.spells["stage"][found.spell]
    for number in range(1, len(STAGES)):
        mine = stage == number
        assert (found.days * found.children)[mine].sum() == pytest.approx(watched.open[number], rel=1e-9)
