"""Lever `practice_standard`: a council moves its custom, so that more assessments are handed in within the standard."""

from __future__ import annotations

from sim.calendar import WorkingDayCalendar
from sim.scenario.schema import Scenario
from sim.scenario.sections.levers import PracticeStandard


class PracticeStandards:
    """What share of customary dates lies within the standard on each day. It touches nothing."""

    def __init__(self, scenario: Scenario, calendar: WorkingDayCalendar) -> None:
        self._steps: list[tuple[int, int, int, float]] = []
        for lever in scenario.levers_of(PracticeStandard):
            start = calendar.index(lever.at)
            full = lever.ramp.after(calendar, start)
            until = calendar.horizon + 1 if lever.until is None else calendar.index(lever.until)
            self._steps.append((start, full, until, lever.target))
        self.given = bool(self._steps)
        """There is such a lever."""

    def share(self, day: int, before: float) -> float:
        """The share within the standard on a working day; `before`: that of the statistics. Later levers win."""
        share = before
        for start, full, until, target in self._steps:
            if start <= day < until:
                part = 1.0 if day >= full else (day - start + 1) / (full - start + 1)
                share += (target - share) * part
        return share
