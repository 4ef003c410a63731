"""Supervision: each worker sees a manager at a cadence, if the manager has the hours; otherwise it is held late.

A supervision waits at the managers' desk among the decisions that are not urgent, by the day it fell due, and takes
manager hours when it is held. The worker's hours for it come off the time until the next one is due. One that falls due
while the worker is away falls due on the day that the worker is back.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET
from sim.model.engine.event import Phase
from sim.model.engine.limits import DAYS_A_WEEK
from sim.model.levers.support import SupervisionLevers

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.model.cases.case import Case
    from sim.model.workforce.growth import Growth
    from sim.model.workforce.team import Team, Teams
    from sim.model.workforce.worker import Worker
    from sim.model.world import World

DUE: Final = 1 << 42
"""Place among the day's absences: once it is known who is away."""
CHANGES: Final = 1 << 43
OWN: Final = "supervision"


class Supervisions:
    """The supervisions of all workers.

    They may touch the hours of workers and ask managers' desks; cases are only looked at (`looked_at`).
    """

    def __init__(self, world: World, teams: Teams, growth: Growth, looked_at: Callable[[Case, float], None]) -> None:
        self._world = world
        self._teams = teams
        self._growth = growth
        self._looked_at = looked_at
        rules = self._world.scenario.people.supervision
        self._rules = None if rules == "none" else rules
        self._levers = SupervisionLevers(world.scenario, world.calendar)
        self._planned: dict[int, tuple[int, int]] = {}
        self._asked: dict[int, int] = {}
        self._workers: dict[int, Worker] = {}
        if self._rules is not None:
            self._weeks = sorted(self._rules.newly_qualified)

    def start(self) -> None:
        """Tell the managers' desks what a supervision takes, and set the dates on which the cadence changes."""
        if self._rules is None:
            return
        for team in self._teams.all:
            self.start_team(team)
        for day in self._levers.days:
            self._world.clock.at(day, Phase.ABSENCE, CHANGES, self._changed)

    def start_team(self, team: Team) -> None:
        """Tell a team's managers' desk what a supervision takes."""
        if self._rules is not None:
            team.desk.supervision_hours = self._rules.manager_hours

    def joined(self, worker: Worker) -> None:
        """Plan the first supervision of a worker who joins today; at the start of the run they are under way."""
        if self._rules is None:
            return
        self._workers[worker.number] = worker
        worker.sight_without = self._rules.sight_without
        today, interval = self._world.clock.today, self._interval(worker)
        if worker.start > 0:
            self._plan(worker, today, today + interval)
            return
        draw = float(self._world.streams.at_once("supervision", *worker.key).random())
        due = int(draw * interval)
        self._take_hours(worker, self._rules.worker_hours, interval)
        self._plan(worker, due - interval, due)

    def gone(self, worker: Worker) -> None:
        """A worker leaves; a supervision that was due is not held any more."""
        if self._workers.pop(worker.number, None) is None:
            return
        worker.add_hours(OWN, 0.0)
        worker.unsupervised_since = -1
        self._planned.pop(worker.number, None)
        due = self._asked.pop(worker.number, None)
        if due is not None:
            self._record(worker, due, NOT_YET)

    def back(self, worker: Worker) -> None:
        """A worker is back: what fell due meanwhile falls due today."""
        planned = self._planned.get(worker.number)
        if planned is not None and planned[1] <= self._world.clock.today:
            self._plan(worker, planned[0], self._world.clock.today)

    def close(self) -> None:
        """Record the supervisions that were due and have not been held by the end of the run."""
        for number, due in sorted(self._asked.items()):
            self._record(self._workers[number], due, NOT_YET)

    def _interval(self, worker: Worker) -> int:
        """Working days from one supervision of a worker to the next, as of today."""
        rules, today = self._rules, self._world.clock.today
        assert rules is not None
        every = self._levers.every(worker, today)
        if every is None and worker.grade == "nqsw":
            since = self._growth.qualified_since(worker)
            place = bisect_right(self._weeks, (today - since) / DAYS_A_WEEK) - 1
            every = rules.newly_qualified[self._weeks[max(0, place)]]
        elif every is None:
            every = rules.every[worker.grade]  # type: ignore[index]
        return max(1, round(every.working_days))

    def _plan(self, worker: Worker, since: int, due: int) -> None:
        self._planned[worker.number] = (since, due)
        if due < self._world.calendar.horizon:
            self._world.clock.at(due, Phase.ABSENCE, DUE + worker.number, partial(self._due, worker, due))

    def _due(self, worker: Worker, due: int) -> None:
        planned = self._planned.get(worker.number)
        if planned is None or planned[1] != due or worker.away:
            return  # left, planned anew, or to be planned when the worker is back
        del self._planned[worker.number]
        self._asked[worker.number] = due
        worker.unsupervised_since = due
        worker.team.desk.supervise(worker.number, partial(self._held, worker, due))

    def _held(self, worker: Worker, due: int) -> bool:
        """A manager has time for a supervision; returns whether it takes place."""
        rules, today = self._rules, self._world.clock.today
        assert rules is not None
        if self._asked.get(worker.number) != due:
            return False  # the worker has left
        del self._asked[worker.number]
        worker.unsupervised_since = -1
        if worker.away:
            self._planned[worker.number] = (today, today)
            return False
        self._record(worker, due, today)
        interval = self._interval(worker)
        # The hours of the one before were to last until the day this one was due; what they went on is made good.
        over = max(0.0, -worker.added(OWN)) * (today - due) / DAYS_A_WEEK
        self._take_hours(worker, max(0.0, rules.worker_hours - over), interval)
        self._plan(worker, today, today + interval)
        if rules.finds_work_done > 0.0:
            for _, case in sorted(worker.cases.items()):
                self._looked_at(case, rules.finds_work_done)
        return True

    def _take_hours(self, worker: Worker, hours: float, interval: int) -> None:
        worker.add_hours(OWN, -hours * DAYS_A_WEEK / interval)

    def _changed(self) -> None:
        """The cadence changes: what is left to everybody's next supervision shrinks or grows with it."""
        today = self._world.clock.today
        for number, (since, due) in sorted(self._planned.items()):
            worker = self._workers[number]
            before, after = due - since, self._interval(worker)
            if before > 0 and after != before and due > today:
                worker.add_hours(OWN, worker.added(OWN) * before / after)
                left = -(-(due - today) * after // before)
                self._plan(worker, today + left - after, today + left)

    def _record(self, worker: Worker, due: int, held: int) -> None:
        self._world.recorder.supervisions.add((worker.number, worker.team.number, due, held))
