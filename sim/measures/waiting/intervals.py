"""Intervals of days by owner: cut where something changes, and looked up by owner and day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.measures.order import order

__all__ = ["Intervals", "pairs_of_case", "repeated_ranges"]

AnyArray = NDArray[Any]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Intervals:
    """Intervals from `start` to the day before `stop`, by owner and start; those of one owner do not overlap.

    Days lie from 0 to below `span`. Where several begin on one day the last of them counts.
    """

    owner: Ints
    start: Ints
    stop: Ints
    span: int

    @classmethod
    def sorted(cls, owner: AnyArray, start: AnyArray, stop: AnyArray, span: int) -> tuple[Intervals, Ints]:
        """The intervals in order, and the row that each was in."""
        rows = order(start, owner)
        return cls(owner[rows].astype(np.int64), start[rows].astype(np.int64), stop[rows].astype(np.int64), span), rows

    @property
    def keys(self) -> Ints:
        """Owner and start in one number."""
        keys: Ints = self.owner * self.span + self.start
        return keys

    def at(self, owner: Ints, day: Ints) -> Ints:
        """Position of the interval of each owner that holds on a day; -1 where none does."""
        if not len(self.owner):
            return np.full(len(owner), -1, dtype=np.int64)
        place = np.searchsorted(self.keys, owner * self.span + day, "right") - 1
        holds = (place >= 0) & (self.owner[place] == owner) & (day < self.stop[place])
        return np.where(holds, place, -1)

    def days_before(self, owner: Ints, day: Ints) -> Ints:
        """Days of an owner's intervals before a day, and of all owners before this one."""
        if not len(self.owner):
            return np.zeros(len(owner), dtype=np.int64)
        lengths = self.stop - self.start
        before = np.concatenate([[0], np.cumsum(lengths)])
        place = np.searchsorted(self.keys, owner * self.span + day, "left")
        last = np.maximum(place - 1, 0)
        mine = (place > 0) & (self.owner[last] == owner)
        too_many = np.where(mine, np.maximum(self.stop[last] - day, 0), 0)
        days: Ints = before[place] - too_many
        return days

    def days_within(self, owner: Ints, start: Ints, stop: Ints) -> Ints:
        """Days of an owner's intervals from one day to the day before another."""
        days: Ints = self.days_before(owner, stop) - self.days_before(owner, start)
        return days


def repeated_ranges(begin: Ints, many: Ints) -> tuple[Ints, Ints]:
    """Ranges from `begin` of length `many`, end to end: which range, and the position in it."""
    many = many.astype(np.intp, copy=False)
    which = np.repeat(np.arange(len(many)), many)
    inside = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)
    return which, begin[which] + inside


def pairs_of_case(case: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Positions of all pairs of rows of one case: in `case`, and in `other`, which is sorted."""
    low, high = np.searchsorted(other, case, "left"), np.searchsorted(other, case, "right")
    return repeated_ranges(low, high - low)
