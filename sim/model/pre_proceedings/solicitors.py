"""The legal team: each solicitor can carry so many cases, from the letter before proceedings to the final hearing."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush

from sim.model.clock import Clock, Phase
from sim.model.levers import Steps


class Solicitors:
    """Cases wait for a solicitor in the order in which they asked, ties by case number.

    Args:
        solicitors: how many there are by day, or None where there are always enough.
        cases_each: cases that one can carry.
    """

    def __init__(self, solicitors: Steps | None, cases_each: float, clock: Clock) -> None:
        self._solicitors = solicitors
        self._cases_each = cases_each
        self._clock = clock
        self._held: set[int] = set()
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        if solicitors is not None:
            for day in solicitors.days[1:]:
                if day >= 0:
                    clock.at(day, Phase.STAFF, 0, self._serve)

    def number(self, day: float) -> float:
        """Solicitors there are on a day; none counted where they are never scarce."""
        return 0.0 if self._solicitors is None else self._solicitors.at(day)

    def holds(self, key: int) -> bool:
        """Whether a case has a solicitor."""
        return key in self._held

    def ask(self, key: int, ready: Callable[[], None]) -> None:
        """Ask for a solicitor; `ready` is called when there is one (at once for a case that has one)."""
        if key in self._held or self._solicitors is None:
            self._held.add(key)
            ready()
            return
        heappush(self._queue, (self._clock.today, key, ready))
        self._serve()

    def release(self, key: int) -> None:
        """The case needs its solicitor no longer, or no longer waits for one."""
        if key in self._held:
            self._held.remove(key)
            self._serve()
        elif any(waiting == key for _, waiting, _ in self._queue):
            self._queue = [entry for entry in self._queue if entry[1] != key]
            heapify(self._queue)

    def _serve(self) -> None:
        while self._queue and self._room():
            _, key, ready = heappop(self._queue)
            self._held.add(key)
            ready()

    def _room(self) -> bool:
        if self._solicitors is None:
            return True
        return len(self._held) < int(self._solicitors.at(self._clock.now) * self._cases_each)
