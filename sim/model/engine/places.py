"""A number of places, and those who wait for one: solicitors' caseloads, or the servers of a textbook queue."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

Who = TypeVar("Who")


class Places(Generic[Who]):
    """Places that are taken by whoever ranks first among those who ask, then by whoever asked first.

    Args:
        total: places there are; infinite where nobody ever waits.

    Attributes:
        taken: places in use, more than there are for a while after `total` has gone down.
    """

    __slots__ = ("_asked", "_queue", "taken", "total")

    def __init__(self, total: float) -> None:
        self.total = total
        self.taken = 0
        self._asked = 0
        self._queue: list[tuple[int, int, Who]] = []

    def __len__(self) -> int:
        """How many wait."""
        return len(self._queue)

    def take(self, rank: int, who: Who) -> bool:
        """Take a place if one is free; otherwise wait for one, the lowest rank first."""
        if self.taken < self.total:
            self.taken += 1
            return True
        self._asked += 1
        heappush(self._queue, (rank, self._asked, who))
        return False

    def give_back(self) -> Who | None:
        """Give a place back: who has waited for it has taken it, if anybody did."""
        if self._queue and self.taken <= self.total:
            return heappop(self._queue)[2]
        self.taken -= 1
        return None

    def next(self) -> Who | None:
        """Whoever takes a place that is free without one having been given back; None where nobody does."""
        if self._queue and self.taken < self.total:
            self.taken += 1
            return heappop(self._queue)[2]
        return None

    def withdraw(self, who: Who) -> None:
        """Wait no longer."""
        kept = [entry for entry in self._queue if entry[2] is not who]
        if len(kept) < len(self._queue):
            self._queue = kept
            heapify(kept)
