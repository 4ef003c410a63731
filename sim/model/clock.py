"""The clock: SimPy's environment, with the order of the working day built into its priorities.

SimPy orders events by time, then priority, then insertion. The priority here holds the phase of the day and the number
of the case or worker, so that insertion never decides: one more child cannot reorder everyone else.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import IntEnum

import simpy

DAYS_A_WEEK = 5.0
NUMBER_BITS = 52
SLIVER = 1e-9
"""Working days: a milestone this close after a day's boundary counts as reached on that day (rounding of floats)."""


class Phase(IntEnum):
    """What happens within a working day, in this order."""

    STAFF = 1
    ABSENCE = 2
    NEED = 3
    MILESTONES = 4
    CONFERENCES = 5
    MANAGERS = 6
    ARRIVALS = 7
    ALLOCATION = 8
    SNAPSHOT = 9


class Call(simpy.Event):
    """An event that calls one function when its time comes."""

    def __init__(self, clock: Clock, phase: int, function: Callable[[], None]) -> None:
        self.env = clock.env
        self._ok = True
        self._value = None
        self._clock = clock
        self._phase = phase
        self._function = function
        self.callbacks = [self._run]

    def _run(self, _event: simpy.Event) -> None:
        clock = self._clock
        clock.phase = self._phase
        now = clock.now = self.env.now
        clock.today = int(now)
        self._function()


class Clock:
    """Working-day clock over a SimPy environment.

    Args:
        whole_days: consequences fall on whole working days (the default of a scenario); otherwise at once, as textbook
            queues have it.

    Attributes:
        now: working days since the start, as of the event under way.
        today: the working day it is.
        phase: the phase of the day.
    """

    def __init__(self, whole_days: bool = True) -> None:
        self.env = simpy.Environment()
        self.whole_days = whole_days
        self.phase = 0
        self.now = 0.0
        self.today = 0
        self._scheduled = 0

    @property
    def events(self) -> int:
        """Events taken from SimPy's event list so far."""
        return self._scheduled - len(self.env._queue)

    def grid(self, time: float) -> float:
        """The moment at which something reached at `time` takes effect."""
        return float(math.ceil(time - SLIVER)) if self.whole_days else time

    def at(self, time: float, phase: Phase, number: int, function: Callable[[], None]) -> Call:
        """Call `function` in `phase` of the day `time`, lower numbers first; a phase already past: the next day."""
        now = self.now
        if time < now:
            time = now
        if time == now and phase < self.phase and self.whole_days:
            time += 1
        self._scheduled += 1
        call = Call(self, phase, function)
        # SimPy compares priorities and nothing more: any whole number will do.
        self.env.schedule(call, (phase << NUMBER_BITS) | number, time - now)  # type: ignore[arg-type]
        return call

    def run(self, until: int) -> None:
        """Run the working days before `until`."""
        self.env.run(until=until)
        self.now = self.env.now
        self.today = int(self.now)
        self.phase = 0  # the morning after
