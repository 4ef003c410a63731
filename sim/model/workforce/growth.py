"""Newly qualified workers: a cap that rises, time to learn, a colleague who mentors, and the end of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.engine.event import Phase
from sim.model.workforce.worker import NO_CAP

if TYPE_CHECKING:
    from sim.model.allocation.queues import Queues
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.team import Team
    from sim.model.workforce.worker import Worker
    from sim.model.world import World

PAIRING: Final = (1 << 40) - 1
"""Place among the day's staff changes: once everybody has come and gone."""
LONGEST: Final = 120
"""Months since qualifying beyond which the exact number makes no difference."""
MENTORS: Final = ("senior", "social_worker")
"""Grades that mentor, first choice first."""


class Growth:
    """What being newly qualified means for each worker's cap and hours, and who mentors whom.

    It may touch the hours and the grade of workers, and their caps through the workforce.
    """

    def __init__(self, world: World, queues: Queues, workforce: Workforce) -> None:
        self._world = world
        self._queues = queues
        self._workforce = workforce
        rules = self._world.scenario.people.newly_qualified
        self._rules = None if rules == "none" else rules
        self._caps: dict[int, float] = {}
        self._learning: dict[int, Worker] = {}
        self._mentor: dict[int, Worker] = {}
        self._pairing: dict[int, int] = {}

    def cap(self, worker: Worker) -> float:
        """Children whom the worker may hold so far; infinite for everybody but the newly qualified."""
        return self._caps.get(worker.number, NO_CAP)

    def qualified_on(self, worker: Worker) -> int | None:
        """Working day on which a newly qualified worker becomes a social worker; None for everybody else."""
        if self._rules is None or worker.group.grade != "nqsw":
            return None
        return self._rules.qualified_after.after(self._world.calendar, self.qualified_since(worker))

    def joined(self, worker: Worker) -> None:
        """Begin the assessed and supported year of a worker who joins, if newly qualified."""
        if self._rules is None:
            return
        end = self.qualified_on(worker)
        today = self._world.clock.today
        if end is not None and worker.grade == "nqsw":
            if end <= today:
                worker.grade = "social_worker"
            else:
                self._begin(worker, end)
        self._ask_for_mentors(worker.team)

    def gone(self, worker: Worker) -> None:
        """A worker leaves: nobody mentors them, and those whom they mentored need another colleague."""
        if self._rules is None:
            return
        self._learning.pop(worker.number, None)
        self._part(worker)
        for number, mentor in sorted(self._mentor.items()):
            if mentor is worker:
                del self._mentor[number]
                self._ask_for_mentors(self._learning[number].team)
        worker.add_hours("mentoring", 0.0)

    def qualified_since(self, worker: Worker) -> int:
        """Working day on which a newly qualified worker's first year began."""
        months = min(LONGEST, worker.group.months_since_qualifying)
        return self._world.calendar.after_months(worker.start, -months)

    def _begin(self, worker: Worker, end: int) -> None:
        rules, clock, calendar = self._rules, self._world.clock, self._world.calendar
        assert rules is not None
        self._learning[worker.number] = worker
        worker.share("newly qualified", rules.workload * (1.0 - rules.protected_time))
        since = self.qualified_since(worker)
        if worker.group.cap_policy != "none":
            for month, cap in sorted(rules.cap_by_month.items()):
                day = calendar.after_months(since, month)
                if day <= clock.today:
                    self._caps[worker.number] = cap * worker.fte
                elif day < min(end, calendar.horizon):
                    change = partial(self._change_cap, worker, cap * worker.fte)
                    clock.at(day, Phase.STAFF, worker.number, change)
        if end < calendar.horizon:
            clock.at(end, Phase.STAFF, worker.number, partial(self._qualify, worker))

    def _change_cap(self, worker: Worker, cap: float) -> None:
        if worker.in_post:
            self._caps[worker.number] = cap
            self._workforce.set_cap(worker)
            self._ask_for_cases(worker)

    def _qualify(self, worker: Worker) -> None:
        """The year is over: a social worker like the others of the group, with whole hours and the group's cap."""
        if not worker.in_post:
            return
        self._learning.pop(worker.number, None)
        self._caps.pop(worker.number, None)
        self._part(worker)
        worker.grade = "social_worker"
        worker.share("newly qualified", 1.0)
        self._workforce.set_cap(worker, grade_changed=True)
        self._ask_for_cases(worker)

    def _ask_for_cases(self, worker: Worker) -> None:
        self._queues.request_pass(worker.team)

    def _ask_for_mentors(self, team: Team) -> None:
        today = self._world.clock.today
        if self._pairing.get(team.number) != today:
            self._pairing[team.number] = today
            self._world.clock.at(today, Phase.STAFF, PAIRING, partial(self._pair, team))

    def _pair(self, team: Team) -> None:
        """Find a mentor for each newly qualified worker of a team who has none."""
        self._pairing.pop(team.number, None)
        for number, learner in sorted(self._learning.items()):
            if learner.team is team and number not in self._mentor:
                for grade in MENTORS:
                    candidates = [worker for worker in team.in_post if worker.grade == grade]
                    if candidates:
                        mentor = min(candidates, key=lambda worker: (self._mentees(worker), worker.number))
                        self._mentor[number] = mentor
                        self._take_hours(mentor)
                        break

    def _part(self, learner: Worker) -> None:
        mentor = self._mentor.pop(learner.number, None)
        if mentor is not None:
            self._take_hours(mentor)

    def _mentees(self, worker: Worker) -> int:
        return sum(mentor is worker for mentor in self._mentor.values())

    def _take_hours(self, mentor: Worker) -> None:
        assert self._rules is not None
        mentor.add_hours("mentoring", -self._mentees(mentor) * self._rules.mentoring_hours_a_week)
