"""What happens, and when in the working day: what SimPy's event list holds in place of events with callbacks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from typing_extensions import override

if TYPE_CHECKING:
    from sim.model.engine.clock import Clock

NUMBER_BITS: Final = 52


class Phase(IntEnum):
    """The phases of a working day, in this order.

    STAFF: workers join and leave, figures of the scenario change on their dates, levers apply, held cases move between
        workers; a month's referrals are drawn, and the month before is settled.
    ABSENCE: people go away and come back, duty workers cover for them, supervisions fall due, the hours of targeted
        reviews are set aside.
    NEED: closed families come back, and children's needs rise and fall.
    MILESTONES: what workers have worked towards since yesterday takes effect (work done, visits made).
    CONFERENCES: reviews, conferences, panels and hearings booked for the day take place.
    MANAGERS: managers decide what is ready, as far as their hours go.
    ARRIVALS: referrals come in, and the front door screens.
    ALLOCATION: waiting cases go to workers with room.
    SNAPSHOT: managers hold supervisions in the hours left; counts of the day's end are taken.
    """

    STAFF = 1
    ABSENCE = 2
    NEED = 3
    MILESTONES = 4
    CONFERENCES = 5
    MANAGERS = 6
    ARRIVALS = 7
    ALLOCATION = 8
    SNAPSHOT = 9


class Event(ABC):
    """Something that happens: what SimPy's event list holds in place of an event with callbacks.

    What happens seldom is a function (`Clock.at`). What happens to thousands is a subclass, created once and armed
    again and again. This class is abstract, because the event list holds workers, reviews and arrivals side by side: a
    worker then is its own event, and needs no function beside it.

    Args:
        phase: when in the day it happens.
        number: of the case or worker: within a phase, lower numbers first.
    """

    __slots__ = ("clock", "phase", "rank")

    def __init__(self, clock: Clock, phase: int, number: int) -> None:
        self.clock = clock
        self.phase = phase
        self.rank = (phase << NUMBER_BITS) | number

    @abstractmethod
    def happen(self) -> None:
        """Do what is due; the clock stands at the moment and the phase."""


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
