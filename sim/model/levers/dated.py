"""What levers share: whether a lever holds today, and figures that change on dates."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from sim.calendar import WorkingDayCalendar
from sim.model.engine.limits import FIRST_OF_ALL, LAST_OF_ALL
from sim.scenario.sections.dated_lever import DatedLever

if TYPE_CHECKING:
    from sim.model.world import World

_Lever = TypeVar("_Lever", bound=DatedLever)


def active(lever: DatedLever, day: int, calendar: WorkingDayCalendar) -> bool:
    """Whether a lever holds on a working day."""
    return calendar.index(lever.at) <= day and (lever.until is None or day < calendar.index(lever.until))


def days_of(kind: type[_Lever], world: World) -> list[tuple[int, int, _Lever]]:
    """The levers of a kind in the order of the scenario, each with its first working day and the first without it."""
    index = world.calendar.index
    return [
        (index(lever.at), LAST_OF_ALL if lever.until is None else index(lever.until), lever)
        for lever in world.scenario.levers_of(kind)
    ]


class DatedValues:
    """A step function of the working day.

    Args:
        dated: value from each date on; before the first date the first value holds.
    """

    def __init__(self, dated: Mapping[date, float], calendar: WorkingDayCalendar) -> None:
        ordered = sorted(dated.items())
        self.days = [FIRST_OF_ALL, *(calendar.index(day) for day, _ in ordered[1:])]
        self.values = [value for _, value in ordered]

    def change(self, first: int, until: int | None, value: float) -> None:
        """Hold another value from `first` to the day before `until` (None: for good)."""
        after = self.at(until) if until is not None else value
        kept = [
            (d, v)
            for d, v in zip(self.days, self.values, strict=True)
            if d < first or (until is not None and d > until)
        ]
        kept.append((first, value))
        if until is not None:
            kept.append((until, after))
        kept.sort()
        self.days = [d for d, _ in kept]
        self.values = [v for _, v in kept]

    def at(self, day: float) -> float:
        """The value on a working day."""
        return self.values[max(0, bisect_right(self.days, day) - 1)]
