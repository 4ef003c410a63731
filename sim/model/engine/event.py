"""What happens, and when in the working day: what SimPy's event list holds in place of events with callbacks."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from typing_extensions import override

if TYPE_CHECKING:
    from sim.model.engine.clock import Clock

NUMBER_BITS: Final = 52


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


class Event:
    """Something that happens: what SimPy's event list holds in place of an event with callbacks.

    What happens seldom is a function (`Clock.at`). What happens to thousands is a subclass: it is made once, and armed
    again and again.

    Args:
        phase: when in the day it happens.
        number: of the case or worker: within a phase, lower numbers first.
    """

    __slots__ = ("clock", "phase", "rank")

    def __init__(self, clock: Clock, phase: int, number: int) -> None:
        self.clock = clock
        self.phase = phase
        self.rank = (phase << NUMBER_BITS) | number

    def happen(self) -> None:
        """Do what is to be done; the clock stands at the moment and the phase."""
        raise NotImplementedError


class CallEvent(Event):
    """An occurrence that calls one function."""

    __slots__ = ("function",)

    def __init__(self, clock: Clock, phase: int, number: int, function: Callable[[], None]) -> None:
        super().__init__(clock, phase, number)
        self.function = function

    @override
    def happen(self) -> None:
        """Call it."""
        self.function()
