"""The clock: SimPy's environment, with the order of the working day built into its priorities.

SimPy orders events by time, then priority, then insertion. The priority here holds the phase of the day and the number
of the case or worker, so that insertion never decides: one more child cannot reorder everyone else.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final

from typing_extensions import override

from sim.model.engine.event import CallEvent, Event, Phase
from sim.model.engine.event_list import CalendarEnvironment, Entry
from sim.model.engine.limits import SLIVER

SIMPYS: Final = 1
"""The highest priority of SimPy's own events (its NORMAL); an occurrence's rank lies far above."""


class Clock(CalendarEnvironment):
    """Working-day clock: SimPy's environment, whose processes and events work in it as usual.

    Args:
        whole_days: consequences fall on whole working days (the default of a scenario); otherwise at once, as textbook
            queues have it.

    Attributes:
        now: working days since the start, as of the event under way.
        today: the working day it is.
        phase: the phase of the day.
    """

    now = 0.0  # an attribute in place of SimPy's property: it is read several times for each event

    def __init__(self, whole_days: bool = True) -> None:
        super().__init__()
        self.whole_days = whole_days
        self.phase = 0
        self.now = 0.0
        self.today = 0
        self._armed = 0

    @property
    def events(self) -> int:
        """Occurrences so far."""
        return self._armed - self.pending()

    def grid(self, time: float) -> float:
        """The moment at which something reached at `time` takes effect."""
        return float(math.ceil(time - SLIVER)) if self.whole_days else time

    def at(self, time: float, phase: Phase, number: int, function: Callable[[], None]) -> CallEvent:
        """Call `function` in `phase` of the day `time`, lower numbers first; a phase already past: the next day."""
        call = CallEvent(self, phase, number, function)
        self.arm(call, time)
        return call

    def arm(self, occurrence: Event, time: float) -> None:
        """Let an occurrence happen in its phase of the day `time`; when that phase is past, the next day."""
        if time <= self.now:
            time = self.now
            if occurrence.phase < self.phase and self.whole_days:
                time += 1
        self._armed = armed = self._armed + 1
        entry = (time, occurrence.rank, armed, occurrence)
        day = self._days.get(int(time))
        if day is None:
            self.put(entry)
        else:
            day.append(entry)

    @override
    def step(self) -> None:
        """Let the next occurrence happen, or SimPy process its own next event."""
        queue = self._queue
        if not queue:
            self.open_next_day()
            queue = self._queue
            self.today = int(queue[0][0])
        entry: Entry = heappop(queue)
        self.now = entry[0]
        if entry[1] > SIMPYS:
            event: Event = entry[3]
            self.phase = event.phase
            event.happen()
        else:
            heappush(queue, entry)
            super().step()

    @override
    def run(self, until: int) -> None:  # type: ignore[override]
        """Run the working days before `until`."""
        super().run(until=until)
        self.today = int(self.now)
        self.phase = 0  # the morning after
