"""A diary of dated slots: conferences in half-day sessions, legal panels, final hearings."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

from sim.model.engine.limits import DAYS_A_WEEK
from sim.model.levers.dated import DatedValues


class Yielding(Protocol):
    """A booking that gives way to an urgent one: a review conference.

    Attributes:
        due: working day by which it should be held; of several, the one due last gives way.
    """

    due: int

    def give_way(self) -> None:
        """The slot is taken: book another."""


class Diary:
    """Slots by working day.

    Args:
        slots_a_week: slots by day, or None where there are always enough.
        session: slots in a session; sessions are spread evenly over the weeks.
        last_day: the diary is open up to this day.
        lost: whether each session in turn, on its day, does not take place; None where none is lost.
        yields: bookings that say so give way to urgent ones.
    """

    def __init__(
        self,
        slots_a_week: DatedValues | None,
        session: int,
        last_day: int,
        lost: Callable[[int], bool] | None = None,
        yields: bool = False,
    ) -> None:
        self.unlimited = slots_a_week is None
        self._yields = yields and not self.unlimited
        self._yielding: dict[int, list[Yielding]] = {}
        self.offered = [0] * (last_day + 1)
        self.used = [0] * (last_day + 1)
        if slots_a_week is not None:
            sessions = 0.0
            for day in range(last_day + 1):
                sessions += slots_a_week.at(day) / session / DAYS_A_WEEK
                held = math.floor(sessions + 1e-9)
                sessions -= held
                if lost is not None:
                    held -= sum(lost(day) for _ in range(held))
                self.offered[day] = held * session

    def free(self, day: int) -> bool:
        """Whether a slot is left on a day."""
        return 0 <= day < len(self.used) and (self.unlimited or self.used[day] < self.offered[day])

    def book(self, day: int) -> int | None:
        """Book the earliest slot on or after a day; None when the diary is full to its end."""
        used, offered = self.used, self.offered
        for candidate in range(max(0, day), len(used)):
            if self.unlimited or used[candidate] < offered[candidate]:
                used[candidate] += 1
                return candidate
        return None

    def book_urgently(self, day: int, deadline: int) -> int | None:
        """Book the earliest slot on or after a day; where that is past the deadline too, take one that gives way."""
        booked = self.book(day)
        if not self._yields or (booked is not None and booked <= max(day, deadline)):
            return booked
        last = len(self.used) if booked is None else booked
        for candidate in range(max(0, day), last):
            bookings = self._yielding.get(candidate)
            if bookings:
                giving = max(bookings, key=_due)
                bookings.remove(giving)
                if booked is not None:
                    self.cancel(booked)
                giving.give_way()
                return candidate
        return booked

    def note(self, day: int, booking: Yielding) -> None:
        """Note that a slot booked on a day gives way to an urgent booking."""
        if self._yields:
            self._yielding.setdefault(day, []).append(booking)

    def forget(self, day: int, booking: Yielding) -> None:
        """A booking is held today, or given back."""
        if self._yields:
            bookings = self._yielding.get(day)
            if bookings and booking in bookings:
                bookings.remove(booking)

    def book_by(self, due: int, earliest: int) -> int | None:
        """Book the latest slot on or before the due day, not before `earliest`; failing that the first one after."""
        for candidate in range(min(due, len(self.used) - 1), max(0, earliest) - 1, -1):
            if self.free(candidate):
                self.used[candidate] += 1
                return candidate
        return self.book(max(due, earliest))

    def cancel(self, day: int) -> None:
        """Give a slot back."""
        if 0 <= day < len(self.used):
            self.used[day] -= 1


def _due(booking: Yielding) -> int:
    return booking.due
