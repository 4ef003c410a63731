"""Allocation queues, and the pass that empties them into workers with room.

Teams that share a stage in a locality draw on the same queue. A queue is kept as one heap for each size of sibling
group, so that the next case that fits is found without looking through those that do not.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from functools import partial
from heapq import heapify, heappop, heappush
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from sim.model.allocation.leaks import Leaks
from sim.model.allocation.order import POLICIES, RECEIVES, Rank
from sim.model.allocation.rooms import Rooms, least_full
from sim.model.engine.clock import Clock
from sim.model.engine.event import Phase

if TYPE_CHECKING:
    from sim.model.cases.case import Case
    from sim.model.workforce.team import Team
    from sim.model.workforce.worker import Worker


class Waiting:
    """A case in an allocation queue.

    Attributes:
        stage: the stage it waits for.
        urgent: section 47 work, served before everything else.
        since: day from which it is counted as waiting for its place in the queue.
        joined: day it joined the queue.
        due: day its statutory clock runs out.
        must: nobody holds the child, who by statute always has a worker.
        live: false once it is allocated or gone.
        pooled: teams of other localities may take it too.
        ready: working day from which it may be taken.
        leak: how readily it goes over leaky caps (-1: not drawn yet).
    """

    __slots__ = ("case", "due", "joined", "leak", "live", "must", "pooled", "rank", "ready", "since", "stage", "urgent")

    def __init__(self, case: Case, stage: int, urgent: bool, since: int, due: int) -> None:
        self.case = case
        self.stage = stage
        self.urgent = urgent
        self.since = since
        self.due = due
        self.live = True
        self.joined = -1
        self.must = False
        self.leak = -1
        self.pooled = False
        self.ready = 0
        self.rank: Rank = (0, 0, 0, 0)


FIRST: Final = itemgetter(0)

Queue = dict[int, list[tuple[Rank, int, Waiting]]]
"""Heaps by size of group; the number tells apart the entries of one case that left and joined again."""

Key = tuple[int, int, tuple[int, ...], int]
"""Stage, locality, numbers of the teams that do not take such cases, how they leak through caps: a queue of its own."""

Head = tuple[Rank, Waiting, Key]
"""The first case of a queue and size of group."""

ANYWHERE: Final = -1
"""The locality of pooled cases."""
NOBODY: Final = -1.0
"""Room where nobody is at work."""
MUCH_ROOM: Final = 99.0
"""Children: more room than any group needs."""


class Pool:
    """Teams that are joined by the stages they share, with their queues.

    A pool may touch the queues and the time of managers; a case changes hands only through `allocate`.

    Args:
        number: position of the pool, for the order of passes within a day.
        passed_over: working days after which a group too large for any room blocks smaller ones behind it.
        allocate: called with the case's place in the queue and the worker chosen.
        record: takes the rows of `Recording.queues`; None where nobody wants them.
    """

    def __init__(
        self,
        number: int,
        teams: list[Team],
        policy: str,
        passed_over: float,
        clock: Clock,
        allocate: Callable[[Waiting, Worker], None],
        leaks: Leaks | None = None,
        receives: str = "emptiest",
        pooled_after: float | None = None,
        statutory: frozenset[int] = frozenset(),
        record: Callable[[tuple[int, ...]], None] | None = None,
    ) -> None:
        self.number = number
        self.teams = teams
        self.waiting = 0
        self._rank = POLICIES[policy]
        self._passed_over = passed_over
        self._clock = clock
        self._allocate = allocate
        self._queues: dict[Key, Queue] = {}
        self._pass_due = -1.0
        self._joined = 0
        self._left = 0
        self._leaks = leaks if leaks is not None and leaks.any else None
        self._statutory = statutory
        self._pooled_after = pooled_after if any(team.locality is not None for team in teams) else None
        self._receives = RECEIVES[receives]
        self._by_number = receives != "emptiest"  # ties of those who are preferred alike: by number, not by team
        self._choosy = [team for team in teams if team.takes != "all"]
        self._record = record
        self._blocked: set[tuple[int, int, tuple[int, ...]]] = set()
        self._noted: dict[tuple[int, int, tuple[int, ...]], tuple[int, bool]] = {}

    def add(self, team: Team) -> None:
        """Let a team that takes all cases of its stages draw on the queues from now on."""
        self.teams.append(team)

    def join(self, waiting: Waiting) -> None:
        """Put a case in the queue of its stage and locality."""
        waiting.case.waiting = waiting
        self.waiting += 1
        if waiting.joined < 0:
            waiting.joined = self._clock.today
        if waiting.ready > self._clock.now:
            self._clock.at(waiting.ready, Phase.STAFF, waiting.case.key, partial(self._make_ready, waiting))
        else:
            self._enter(waiting)

    def _make_ready(self, waiting: Waiting) -> None:
        if waiting.live:
            self._enter(waiting)

    def _enter(self, waiting: Waiting) -> None:
        """Put a case that may be taken from today into its queue."""
        if self._pooled_after is not None and not waiting.pooled:
            day = waiting.since + self._pooled_after
            waiting.pooled = day <= self._clock.now
            if not waiting.pooled:
                self._clock.at(day, Phase.STAFF, waiting.case.key, partial(self._let_others_take, waiting))
        waiting.must = waiting.stage in self._statutory and waiting.case.worker is None
        waiting.rank = self._rank(waiting)
        self._joined += 1
        queue = self._queues.setdefault(self._key(waiting), {})
        heappush(queue.setdefault(waiting.case.children, []), (waiting.rank, self._joined, waiting))
        self.request_pass()

    def _let_others_take(self, waiting: Waiting) -> None:
        if waiting.live:
            waiting.pooled = True
            self.again(waiting)

    def leave(self, waiting: Waiting) -> None:
        """Take a case out of its queue."""
        waiting.live = False
        waiting.case.waiting = None
        self.waiting -= 1
        self._left += 1

    def live(self) -> list[Waiting]:
        """Whoever waits in the queues, in order of the case's number."""
        entries = [entry for queue in self._queues.values() for heap in queue.values() for _, _, entry in heap]
        return sorted([entry for entry in entries if entry.live], key=lambda entry: entry.case.key)

    def again(self, waiting: Waiting) -> None:
        """Put a case that waits in the queue where it now belongs: who may take it has changed."""
        self.leave(waiting)
        anew = Waiting(waiting.case, waiting.stage, waiting.urgent, waiting.since, waiting.due)
        anew.leak, anew.pooled, anew.ready = waiting.leak, waiting.pooled, waiting.ready
        anew.joined = waiting.joined
        self.join(anew)

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
        rooms = self._rooms()
        heads = self._heads(rooms)
        while self.waiting:
            worker, place = self._best(rooms, heads)
            if worker is None:
                break
            _, waiting, key = heads.pop(place)
            self.leave(waiting)
            moved = self._joined + self._left
            sender = waiting.case.worker
            worker.team.desk.spend_allocation()
            self._allocate(waiting, worker)
            if moved == self._joined + self._left:
                self._put_head(heads, key, self._queues[key][waiting.case.children])
            else:
                heads = self._heads(rooms)  # the queues have changed otherwise, too
            if sender is not None:
                for room in set(rooms.values()):
                    room.emptied(sender)
        if self.waiting and self._record is not None:
            self._note_rooms(self._record, rooms, heads)
        if self.waiting and self._leaks is not None and self._leaks.in_time:
            self._give_over_caps(self._leaks, rooms)
        if self.waiting and self._give_in_time():
            self._pass_due = self._clock.now + 1.0
            self._clock.at(self._clock.now + 1.0, Phase.ALLOCATION, self.number, self._pass)

    def _note_rooms(
        self, record: Callable[[tuple[int, ...]], None], rooms: dict[Key, Rooms], heads: list[Head]
    ) -> None:
        """Record what room there is for those left in the queues, where it is other than before."""
        for key in {head[2][:3]: head[2] for head in heads}.values():
            workers = rooms[key].workers
            most = max([worker.room for worker in workers]) if workers else NOBODY
            room = int(min(max(most, 0.0), MUCH_ROOM)) if workers else int(NOBODY)
            state = room, key[:3] in self._blocked
            if self._noted.get(key[:3]) != state:
                self._noted[key[:3]] = state
                record((key[0], key[1], int(bool(key[2])), self._clock.today, room, int(state[1])))

    def _give_over_caps(self, leaks: Leaks, rooms: dict[Key, Rooms]) -> None:
        """Give cases that found no room to workers whose caps give: those that have waited long, and more of them
        while many children have no worker.
        """
        today = self._clock.now
        in_post = sum([len(team.in_post) for team in self.teams])
        unheld = self._unheld() / in_post if in_post else 0.0
        entries = self._in_queues()
        if unheld <= leaks.fewest:
            entries = [entry for entry in entries if today - entry[1].joined >= leaks.soonest]
        for _, waiting, key in sorted(entries, key=FIRST):
            if not waiting.live or key not in rooms:
                continue  # gone, or moved, with an allocation before it
            worker = leaks.least_full(rooms[key].workers, waiting, today - waiting.joined, unheld)
            if worker is None:
                continue
            if waiting.case.worker is None:
                unheld -= waiting.case.children / in_post
            self.leave(waiting)
            worker.team.desk.spend_allocation()
            self._allocate(waiting, worker)

    def _in_queues(self) -> list[Head]:
        """Those who wait in the queues and may be taken."""
        return [
            (rank, entry, key)
            for key, queue in self._queues.items()
            for heap in queue.values()
            for rank, _, entry in heap
            if entry.live
        ]

    def _unheld(self) -> int:
        """Children in the queues without a worker."""
        return sum([entry.case.children for _, entry, _ in self._in_queues() if entry.case.worker is None])

    def _key(self, waiting: Waiting) -> Key:
        case = waiting.case
        barred = tuple([team.number for team in self._choosy if not team.takes_case(case)]) if self._choosy else ()
        locality = ANYWHERE if waiting.pooled else case.locality
        return waiting.stage, locality, barred, 0 if self._leaks is None else self._leaks.kind(waiting)

    def _rooms(self) -> dict[Key, Rooms]:
        """Who may take the cases of each queue in which somebody waits; queues of the same teams share them."""
        rooms: dict[Key, Rooms] = {}
        by_teams: dict[tuple[int, ...], Rooms] = {}
        for key, queue in self._queues.items():
            if any(queue.values()):
                teams = self._teams(key)
                numbers = tuple([team.number for team in teams])
                room = by_teams.get(numbers)
                if room is None:
                    room = by_teams[numbers] = Rooms(self._workers(teams))
                rooms[key] = room
        return rooms

    def _teams(self, key: Key) -> list[Team]:
        """The teams that take the cases of a queue."""
        stage, locality, barred, _ = key
        return [
            team
            for team in self.teams
            if (stage in team.stages if locality == ANYWHERE else team.serves(stage, locality))
            and team.number not in barred
            and not team.closed
        ]

    def _workers(self, teams: list[Team]) -> list[Worker]:
        workers = [worker for team in teams for worker in team.in_post if worker.takes_cases and not worker.away]
        if self._by_number:
            workers.sort(key=lambda worker: worker.number)
        return workers

    def _best(self, rooms: dict[Key, Rooms], heads: list[Head]) -> tuple[Worker | None, int]:
        """Who receives the first case by rank that fits a worker (None: no case does), and its place in the heads."""
        today = self._clock.now
        oldest = self._oldest() if self._leaks is not None and self._leaks.with_oldest else 0.0
        blocked: set[tuple[int, int, tuple[int, ...]]] = set()
        for place, (_, waiting, key) in enumerate(heads):
            # A group that waits for room keeps it from all behind it, however readily they leak through caps.
            worker = None if blocked and key[:3] in blocked else self._receives(waiting, rooms[key])
            if worker is None and waiting.must:
                worker = least_full(rooms[key].workers)
            if worker is None and self._leaks is not None:
                worker = least_full(self._leaks.giving(rooms[key].workers, key[3], oldest))
            if worker is not None:
                return worker, place
            if today - waiting.since >= self._passed_over:
                blocked.add(key[:3])
        self._blocked = blocked
        return None, 0

    def _heads(self, rooms: dict[Key, Rooms]) -> list[Head]:
        """The first case of each queue and size of group, by rank."""
        heads: list[Head] = []
        for key in rooms:
            for heap in self._queues[key].values():
                self._put_head(heads, key, heap)
        return heads

    def _put_head(self, heads: list[Head], key: Key, heap: list[tuple[Rank, int, Waiting]]) -> None:
        """Put the first case that waits in a heap in its place among the heads, which are in order of rank."""
        while heap:
            rank, _, waiting = heap[0]
            if waiting.live:
                insort(heads, (rank, waiting, key), key=FIRST)
                break
            heappop(heap)

    def _give_in_time(self) -> bool:
        """Whether the caps of somebody in post give as time goes by, whatever else happens."""
        in_post = (worker for team in self.teams for worker in team.in_post)
        return self._leaks is not None and self._leaks.give_in_time(in_post)

    def _oldest(self) -> float:
        """Working days that the oldest case has waited."""
        return max([self._clock.now - waiting.since for waiting in self.live()], default=0.0)
