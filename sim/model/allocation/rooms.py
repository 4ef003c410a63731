"""Which worker gets the next case: the one with the emptiest caseload for its cap among those with room.

Most passes look for room a few times only, and it is quickest to look through the workers each time. From then on they
stand in two heaps, by how full they are and by their room, so that a service of any size is as quick for each case.

This file is slow to read because it is fast: heaps keep entries that are out of date and correct them when they come to
the top. What it computes is `_look_through`; `tests/unit/model/test_rooms.py` compares the two.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush, heapreplace
from typing import TYPE_CHECKING, Final

from sim.model.engine.limits import INFINITE

if TYPE_CHECKING:
    from sim.model.workforce.worker import Worker

LOOKS: Final = 12
"""Times that a pass looks through the workers before it makes heaps of them; three passes of four need no more."""

Entry = tuple[float, int, "Worker"]
"""Fullness or room (negative: most room first) when the entry was made, place among the workers, worker."""


def least_full(workers: list[Worker]) -> Worker | None:
    """The worker with the emptiest caseload for its cap, whatever room there is; None of nobody."""
    chosen: Worker | None = None
    for worker in workers:
        if chosen is None or (worker.fullness, worker.number) < (chosen.fullness, chosen.number):
            chosen = worker
    return chosen


class Rooms:
    """The workers of one queue during one pass.

    Args:
        workers: in the order in which they are chosen when they are equally full.
    """

    __slots__ = ("_by_fullness", "_by_room", "_grades", "_looks", "_over", "_places", "workers")

    def __init__(self, workers: list[Worker]) -> None:
        self.workers = workers
        self._over = not all(worker.strict for worker in workers)
        self._looks = 0
        self._by_room: list[Entry] | None = None
        self._by_fullness: list[Entry] | None = None
        self._places: dict[int, int] | None = None
        self._grades: dict[str, Rooms] | None = None

    def __contains__(self, worker: Worker) -> bool:
        """Whether a worker is one of these."""
        return worker.number in self._place_of()

    def most(self) -> float:
        """The largest room; minus infinity where nobody is left."""
        heap = self._by_room
        if heap is None:
            heap = self._by_room = [(-worker.room, place, worker) for place, worker in enumerate(self.workers)]
            heapify(heap)
        while heap:
            room, place, worker = heap[0]
            if -room == worker.room:
                return worker.room
            heapreplace(heap, (-worker.room, place, worker))  # made before the latest case came or went
        return -INFINITE

    def least_loaded(self, children: int, urgent: bool) -> Worker | None:
        """The worker with the emptiest caseload for its cap among those with room for `children`."""
        if self._looks < LOOKS:
            self._looks += 1
            return self._look_through(children, urgent)
        if not (urgent and self._over) and children > self.most():
            return None
        if self._by_fullness is None:
            self._by_fullness = [(worker.fullness, place, worker) for place, worker in enumerate(self.workers)]
            heapify(self._by_fullness)
        heap = self._by_fullness
        without: list[Entry] = []
        chosen: Worker | None = None
        while heap:
            fullness, place, worker = heap[0]
            if fullness != worker.fullness:
                heapreplace(heap, (worker.fullness, place, worker))
            elif children <= worker.room or (urgent and not worker.strict):
                chosen = worker
                break
            else:
                without.append(heappop(heap))
        for entry in without:
            heappush(heap, entry)
        return chosen

    def _look_through(self, children: int, urgent: bool) -> Worker | None:
        """What `least_loaded` says, without heaps."""
        chosen: Worker | None = None
        least, needed = INFINITE, float(children)
        for worker in self.workers:
            fullness = worker.fullness
            if fullness < least and (needed <= worker.room or (urgent and not worker.strict)):
                chosen, least = worker, fullness
        return chosen

    def of_grade(self, grade: str) -> Rooms | None:
        """The workers of a grade, or None where there are none."""
        if self._grades is None:
            members: dict[str, list[Worker]] = {}
            for worker in self.workers:
                members.setdefault(worker.grade, []).append(worker)
            self._grades = {name: Rooms(workers) for name, workers in members.items()}
        return self._grades.get(grade)

    def emptied(self, worker: Worker) -> None:
        """A worker has let a case go: the heaps hold entries that make too little of the room there is now."""
        place = self._place_of().get(worker.number)
        if place is not None:
            if self._by_room is not None:
                heappush(self._by_room, (-worker.room, place, worker))
            if self._by_fullness is not None:
                heappush(self._by_fullness, (worker.fullness, place, worker))
            if self._grades is not None:
                self._grades[worker.grade].emptied(worker)

    def _place_of(self) -> dict[int, int]:
        if self._places is None:
            self._places = {other.number: place for place, other in enumerate(self.workers)}
        return self._places
