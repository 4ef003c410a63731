"""Lever: how often workers are supervised changes on a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.calendar import WorkingDayCalendar
from sim.model.levers.dated import active, levers_of
from sim.scenario.schema import Scenario
from sim.scenario.sections.levers import SupervisionChange
from sim.scenario.values.quantities import Duration

if TYPE_CHECKING:
    from sim.model.workforce.worker import Worker


class SupervisionLevers:
    """The cadences that levers set; of two that hold for a worker the one written last."""

    def __init__(self, scenario: Scenario, calendar: WorkingDayCalendar) -> None:
        self._calendar = calendar
        self._levers = levers_of(scenario, SupervisionChange)
        dates = {day for lever in self._levers for day in (lever.at, lever.until) if day is not None}
        self.days = sorted({self._calendar.index(day) for day in dates})
        """Working days on which a cadence changes."""

    def every(self, worker: Worker, day: int) -> Duration | None:
        """The cadence that a lever sets for a worker on a working day; None: as the scenario has it."""
        for lever in reversed(self._levers):
            meant = lever.team in (None, worker.team.name) and lever.grade in (None, worker.grade)
            if meant and active(lever, day, self._calendar):
                return lever.every
        return None
