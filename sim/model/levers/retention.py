"""Lever: a retention package, which multiplies the rate of resigning from a date."""

from __future__ import annotations

from sim.calendar import WorkingDayCalendar
from sim.model.levers.dated import active, levers_of
from sim.scenario.schema import Scenario
from sim.scenario.sections.levers import Retention


class RetentionLevers:
    """What the retention levers of a scenario make of the rate of resigning on each day."""

    def __init__(self, scenario: Scenario, calendar: WorkingDayCalendar) -> None:
        self._calendar = calendar
        self._levers = levers_of(scenario, Retention)
        dates = [day for lever in self._levers for day in (lever.at, lever.until) if day is not None]
        self.days = sorted(calendar.index(day) for day in dates)
        """Working days on which the rate changes."""

    def factor(self, grade: str, day: int) -> float:
        """How many times the rate of resigning on a working day."""
        kept = 1.0
        for lever in self._levers:
            meant = lever.grade == grade if lever.grade is not None else grade != "agency"
            if meant and active(lever, day, self._calendar):
                kept *= 1.0 - lever.reduction
        return kept
