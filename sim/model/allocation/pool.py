"""Allocation queues, and the pass that empties them into workers with room.

Teams that share a stage in a locality draw on the same queue. A queue is kept as one heap for each size of sibling
group, so that the next case that fits is found without looking through those that do not.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from sim.model.allocation.policy import POLICIES, Rank
from sim.model.allocation.rooms import Rooms
from sim.model.clock import Clock, Phase

if TYPE_CHECKING:
    from sim.model.case import Case
    from sim.model.workforce.team import Team
    from sim.model.workforce.worker import Worker


class Waiting:
    """A case in an allocation queue.

    Attributes:
        stage: the stage it waits for.
        urgent: section 47 work, served before everything else.
        since: day it joined.
        due: day its statutory clock runs out.
        live: false once it is allocated or gone.
    """

    __slots__ = ("case", "due", "live", "rank", "since", "stage", "urgent")

    def __init__(self, case: Case, stage: int, urgent: bool, since: int, due: int) -> None:
        self.case = case
        self.stage = stage
        self.urgent = urgent
        self.since = since
        self.due = due
        self.live = True
        self.rank: Rank = (0, 0, 0, 0)


Queue = dict[int, list[tuple[Rank, int, Waiting]]]
"""Heaps by size of group; the number tells apart the entries of one case that left and joined again."""


class Pool:
    """Teams that are joined by the stages they share, with their queues.

    Args:
        number: position of the pool, for the order of passes within a day.
        passed_over: working days after which a group too large for any room blocks smaller ones behind it.
        allocate: called with the case's place in the queue and the worker chosen.
    """

    def __init__(
        self,
        number: int,
        teams: list[Team],
        policy: str,
        passed_over: float,
        clock: Clock,
        allocate: Callable[[Waiting, Worker], None],
    ) -> None:
        self.number = number
        self.teams = teams
        self.waiting = 0
        self._rank = POLICIES[policy]
        self._passed_over = passed_over
        self._clock = clock
        self._allocate = allocate
        self._queues: dict[tuple[int, int], Queue] = {}
        self._pass_due = -1.0
        self._joined = 0

    def join(self, waiting: Waiting) -> None:
        """Put a case in the queue of its stage and locality."""
        waiting.rank = self._rank(waiting)
        self._joined += 1
        queue = self._queues.setdefault((waiting.stage, waiting.case.locality), {})
        heappush(queue.setdefault(waiting.case.children, []), (waiting.rank, self._joined, waiting))
        waiting.case.waiting = waiting
        self.waiting += 1
        self.request_pass()

    def leave(self, waiting: Waiting) -> None:
        """Take a case out of its queue."""
        waiting.live = False
        waiting.case.waiting = None
        self.waiting -= 1

    def change_policy(self, policy: str) -> None:
        """Order the queues by another policy from now on."""
        self._rank = POLICIES[policy]
        for queue in self._queues.values():
            for size, heap in queue.items():
                kept = [(number, entry) for _, number, entry in heap if entry.live]
                for _, entry in kept:
                    entry.rank = self._rank(entry)
                queue[size] = [(entry.rank, number, entry) for number, entry in kept]
                heapify(queue[size])
        self.request_pass()

    def request_pass(self) -> None:
        """Ask for an allocation pass, once a day however often it is asked for."""
        if self.waiting == 0:
            return
        clock = self._clock
        day = clock.now
        if clock.whole_days and clock.phase > Phase.ALLOCATION:
            day += 1.0
        if self._pass_due >= day:
            return
        self._pass_due = day
        clock.at(day, Phase.ALLOCATION, self.number, self._pass)

    def _pass(self) -> None:
        self._pass_due = -1.0
        rooms = {key: Rooms(self._workers(*key)) for key, queue in self._queues.items() if any(queue.values())}
        blocked_by_managers = False
        while self.waiting:
            best = self._best(rooms)
            if best is None:
                break
            waiting, worker = best
            if not worker.team.desk.can_allocate():
                # The team's managers have no time left today: its workers are out of this pass.
                blocked_by_managers = True
                rooms = {key: those.without(worker.team) for key, those in rooms.items()}
                continue
            worker.team.desk.spend_allocation()
            self.leave(waiting)
            sender = waiting.case.worker
            self._allocate(waiting, worker)
            if sender is not None:
                for those in rooms.values():
                    those.emptied(sender)
        if blocked_by_managers and self.waiting:
            self._pass_due = self._clock.now + 1.0
            self._clock.at(self._clock.now + 1.0, Phase.ALLOCATION, self.number, self._pass)

    def _workers(self, stage: int, locality: int) -> list[Worker]:
        return [worker for team in self.teams if team.serves(stage, locality) for worker in team.in_post]

    def _best(self, rooms: dict[tuple[int, int], Rooms]) -> tuple[Waiting, Worker] | None:
        """The first case by rank that fits a worker, and the least loaded worker whom it fits."""
        best: tuple[Rank, Waiting, Worker] | None = None
        today = self._clock.now
        for key, those in rooms.items():
            queue = self._queues[key]
            blocking: Rank | None = None
            for size in sorted(queue, reverse=True):
                heap = queue[size]
                while heap and not heap[0][2].live:
                    heappop(heap)
                if not heap:
                    continue
                rank, _, waiting = heap[0]
                if (best is not None and rank >= best[0]) or (blocking is not None and rank > blocking):
                    continue
                worker = those.least_loaded(size, waiting.urgent)
                if worker is not None:
                    best = (rank, waiting, worker)
                elif today - waiting.since >= self._passed_over:
                    blocking = rank if blocking is None else min(blocking, rank)
        return None if best is None else (best[1], best[2])
