"""The legal team: solicitors carry a limited number of cases each, from the first letter to the final hearing."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sim.model.engine.clock import Clock
from sim.model.engine.event import NUMBER_BITS, Phase
from sim.model.engine.places import Places
from sim.model.levers.dated import DatedValues

Ready = Callable[[], None]


class _Asked(NamedTuple):
    """A case that waits, and what is to be done when it has a solicitor."""

    key: int
    ready: list[Ready]


class Solicitors:
    """Cases wait for a solicitor in the order in which they asked, ties by case number.

    Args:
        solicitors: their number by day, or None where there are always enough.
        cases_each: cases that a solicitor can carry.
    """

    def __init__(self, solicitors: DatedValues | None, cases_each: float, clock: Clock) -> None:
        self._solicitors = solicitors
        self._cases_each = cases_each
        self._clock = clock
        self._held: set[int] = set()
        self._waiting: dict[int, _Asked] = {}
        self._places: Places[_Asked] = Places(0)
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

    def ask(self, key: int, ready: Ready) -> None:
        """Ask for a solicitor; `ready` is called when there is one (at once for a case that has one)."""
        if key in self._held or self._solicitors is None:
            self._held.add(key)
            ready()
            return
        if key in self._waiting:
            self._waiting[key].ready.append(ready)  # it keeps its place
            return
        asked = _Asked(key, [ready])
        self._reckon()
        if self._places.take((self._clock.today << NUMBER_BITS) | key, asked):
            self._held.add(key)
            ready()
        else:
            self._waiting[key] = asked

    def release(self, key: int) -> None:
        """The case needs its solicitor no longer, or no longer waits for one."""
        if key in self._held:
            self._held.remove(key)
            self._places.taken -= 1
            self._serve()
        elif key in self._waiting:
            self._places.withdraw(self._waiting.pop(key))

    def _serve(self) -> None:
        self._reckon()
        while following := self._places.next():
            del self._waiting[following.key]
            self._held.add(following.key)
            for ready in following.ready:
                ready()

    def _reckon(self) -> None:
        if self._solicitors is not None:
            self._places.total = float(int(self._solicitors.at(self._clock.now) * self._cases_each))
