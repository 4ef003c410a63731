"""Lever: conferences that custom would hold late are sought within the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.levers.dated import days_of
from sim.scenario.sections.levers import ConferencePractice

if TYPE_CHECKING:
    from sim.model.cases.case import Case
    from sim.model.world import World


class ConferencePractices:
    """The levers on conference practice. They touch nothing: enquiries ask them when they begin."""

    def __init__(self, world: World) -> None:
        self._clock = world.clock
        self._levers = days_of(ConferencePractice, world)

    def brings_in_time(self, case: Case) -> bool:
        """Whether the conference of an enquiry that begins today is sought in time, although custom is later."""
        if not self._levers:
            return False
        share, today = 0.0, self._clock.today
        for first, until, lever in self._levers:
            if first <= today < until:
                ramp = lever.ramp.working_days
                share = lever.in_time * (min(1.0, (today - first) / ramp) if ramp > 0.0 else 1.0)
        return share > 0.0 and case.draws.uniform("conference_practice") < share
