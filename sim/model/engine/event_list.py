"""SimPy's environment with a calendar for its event list: one small heap for the day that is open, the others unsorted.

It gives exactly SimPy's order. A heap of everything that is booked would be sifted through at each step, and a service
has thousands of reviews and visits booked for months ahead.

This file is slow to read because it is fast: `Clock.arm` and `Clock.step` read its lists directly, because they run for
each event. `tests/unit/model/test_event_list.py` compares the order with SimPy's.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Any, Final

import simpy
from simpy.core import EmptySchedule
from typing_extensions import override

from sim.model.engine.limits import NEVER

Entry = tuple[float, int, int, Any]
"""Time, priority, order of insertion, event: as SimPy's own."""

DAY_OF_NEVER: Final = 1 << 62
"""The day of what happens at infinity."""


class CalendarEnvironment(simpy.Environment):
    """A drop-in for `simpy.Environment`; times are in days."""

    def __init__(self) -> None:
        super().__init__()
        self._queue: list[Any] = []  # SimPy's own list holds the day that is open, as a heap
        self._open = 0
        self._days: dict[int, list[Entry]] = {}
        self._later: list[int] = []

    @override
    def schedule(self, event: simpy.Event, priority: Any = 1, delay: float = 0) -> None:
        """Schedule an event with a priority and a delay."""
        self.put((self.now + delay, priority, next(self._eid), event))

    def put(self, entry: Entry) -> None:
        """Put an entry on the list."""
        time = entry[0]
        day = int(time) if time < DAY_OF_NEVER else DAY_OF_NEVER
        if day <= self._open:
            heappush(self._queue, entry)
        elif day in self._days:
            self._days[day].append(entry)
        else:
            self._days[day] = [entry]
            heappush(self._later, day)

    def pending(self) -> int:
        """How many entries the list holds."""
        return len(self._queue) + sum(map(len, self._days.values()))

    @override
    def peek(self) -> float:
        """Time of the next event; infinity when there is none."""
        if self._queue:
            return float(self._queue[0][0])
        return min(entry[0] for entry in self._days[self._later[0]]) if self._later else NEVER

    @override
    def step(self) -> None:
        """Process the next event."""
        if not self._queue:
            self.open_next_day()
        super().step()

    def open_next_day(self) -> None:
        """Open the next day that has entries (call when the open day has none left).

        Raises:
            EmptySchedule: when there is no such day.
        """
        if not self._later:
            raise EmptySchedule
        self._open = heappop(self._later)
        self._queue = self._days.pop(self._open)
        heapify(self._queue)
