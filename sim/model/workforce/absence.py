"""Absence: workers and managers who are away for a time, and what becomes of their cases.

Whoever is away has no hours, so the routine clocks of the cases held freeze, and nobody gives them a new case. What
cannot wait is the duty worker's (`cover`). After a time the cases go back to the queue, as a leaver's do.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.engine.event import Phase
from sim.model.recording.names import PARENTAL
from sim.model.workforce.away import Away, AwayDays
from sim.model.workforce.cover import Duty
from sim.model.workforce.strained_sickness import StrainedSickness
from sim.scenario.sections.levers import Managers as ManagersChange

if TYPE_CHECKING:
    from sim.model.allocation.queues import Queues
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.practice.loads import Loads
    from sim.model.workforce.manager import ManagerDesk
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.team import Team, Teams
    from sim.model.workforce.worker import Worker
    from sim.model.world import World

MANAGERS: Final = 1 << 41
MANAGERS_OF_A_TEAM: Final = 1 << 10
"""Place of managers among the day's absences, and numbers kept for those of one team."""
MANAGER: Final = "manager_"
"""Begins the names of the managers' streams."""


class Absences:
    """Sends people away and brings them back, one pending event for each of them.

    They may touch whether a worker is away, managers' hours, and, on a return, the queues and the supervision due.
    """

    def __init__(
        self, world: World, teams: Teams, queues: Queues, flow: CaseFlow, workforce: Workforce, loads: Loads
    ) -> None:
        self._world = world
        self._teams = teams
        self._queues = queues
        self._flow = flow
        self._workforce = workforce
        rules = self._world.scenario.people.absence
        self._rules = None if rules == "none" else rules
        self._duty: Duty | None = None
        self._drawn: set[int] = set()
        self._strained: StrainedSickness | None = None
        self._parental_cover = 0.0
        if self._rules is None:
            return
        self._days = AwayDays(self._rules, self._world.calendar, self._world.streams)
        self._managers_days = AwayDays(self._rules, self._world.calendar, self._world.streams, MANAGER)
        sickness = self._rules.sickness
        if sickness != "none" and sickness.share > 0.0 and sickness.by_load > 0.0:
            self._strained = StrainedSickness(world, sickness, loads)
        if self._rules.parental != "none" and self._rules.parental.agency_cover > 0.0:
            self._parental_cover = self._rules.parental.agency_cover
        if world.scenario.pace != "off" and self._rules.cover != "none":
            self._duty = Duty(world, flow, workforce, self._rules.cover)

    def start(self) -> None:
        """Set the absences of managers, once the teams are known."""
        for team in self._teams.all:
            self.start_team(team)

    def start_team(self, team: Team) -> None:
        """Set the absences of a team's managers."""
        if self._rules is None:
            return
        if self._duty is not None:
            self._duty.start(team)
        if self._rules.managers == "none":
            return
        most = max(
            [team.desk.managers]
            + [x.managers for x in self._world.scenario.levers_of(ManagersChange) if x.team == team.name]
        )
        for place in range(-int(-most // 1)):
            times = self._managers_days.of((team.number, place), 0, parental=False)
            self._manager_next(team.desk, place, 1.0 - self._rules.managers.covered, times, 0)

    def joined(self, worker: Worker) -> None:
        """Set the absences of a worker who joins today."""
        if self._rules is None or worker.number in self._drawn:
            return
        self._drawn.add(worker.number)
        times = self._days.of(worker.key, max(0, worker.start), parental=worker.group.grade != "agency")
        if self._strained is not None:
            times = self._strained.with_more(worker, times)
        if times and worker.start <= 0 and times[0].start < 0 and self._long(times[0]):
            self._go(worker, times, 0)  # away so long on the first day that nobody gives them cases to begin with
        else:
            self._next(worker, times, 0)

    def gone(self, worker: Worker) -> None:
        """A worker leaves the service, perhaps while away."""
        if worker.away:
            self._end(worker)

    def _long(self, time: Away) -> bool:
        """Whether somebody away on the first day has been so for long enough to have had the cases reallocated."""
        cover = None if self._rules is None or self._rules.cover == "none" else self._rules.cover
        if cover is None or cover.reallocate_after == "never":
            return False
        last = time.back if time.planned else 0
        return last - time.start >= cover.reallocate_after.working_days

    def _next(self, worker: Worker, times: list[Away], place: int) -> None:
        """Set the day on which a worker goes away next."""
        if place < len(times):
            clock = self._world.clock
            day = max(times[place].start, clock.today)
            if day < self._world.calendar.horizon:
                clock.at(day, Phase.ABSENCE, worker.number, partial(self._go, worker, times, place))

    def _go(self, worker: Worker, times: list[Away], place: int) -> None:
        if not worker.in_post:
            return
        time = times[place]
        if self._strained is not None and not self._strained.happens(worker, time):
            self._next(worker, times, place + 1)
            return
        for kind, start, back in time.parts:
            if kind == PARENTAL and self._parental_cover > 0.0:
                self._workforce.posts.cover_leave(worker, start, back, self._parental_cover)
            if back > worker.start:
                first = max(worker.start, start)
                self._world.recorder.absences.add((worker.number, worker.team.number, kind, first, back))
        worker.go_away()
        if self._duty is not None:
            self._duty.away(worker, time)
        if time.back < self._world.calendar.horizon:
            self._world.clock.at(time.back, Phase.ABSENCE, worker.number, partial(self._back, worker, times, place))

    def _back(self, worker: Worker, times: list[Away], place: int) -> None:
        if not worker.in_post:
            return
        self._end(worker)
        self._workforce.supervision.back(worker)
        self._queues.request_pass(worker.team)
        self._next(worker, times, place + 1)

    def _end(self, worker: Worker) -> None:
        if self._duty is not None:
            self._duty.back(worker)
        worker.come_back()

    def _manager_next(self, desk: ManagerDesk, manager: int, lost: float, times: list[Away], place: int) -> None:
        """Set a manager's next time away, and the return from it; the desk has so much less of them meanwhile."""
        if place >= len(times):
            return
        clock, time = self._world.clock, times[place]

        def back() -> None:
            desk.lose(manager, 0.0)
            self._manager_next(desk, manager, lost, times, place + 1)

        for day, change in ((max(0, time.start), partial(desk.lose, manager, lost)), (time.back, back)):
            if day < self._world.calendar.horizon:
                clock.at(day, Phase.ABSENCE, MANAGERS + desk.team.number * MANAGERS_OF_A_TEAM + manager, change)
