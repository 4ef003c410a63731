"""Teams that come for a time: which work they take, and what happens to their cases and workers at the end."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sim.model.engine.event import Phase
from sim.model.levers.staffing import last_days
from sim.model.levers.support import support, without_support

if TYPE_CHECKING:
    from sim.model.allocation.queues import Queues
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.team import Team, Teams
    from sim.model.workforce.worker import Worker
    from sim.model.world import World
    from sim.scenario.sections.workforce import TeamSection


class SurgeTeams:
    """The comings and goings of whole teams.

    They may touch their own workers and the teams that take these on, the pool of their queues, and the cases held.

    Attributes:
        last_days: last day of each team by name, with the levers on it; None where it stays.
    """

    def __init__(self, world: World, teams: Teams, queues: Queues, flow: CaseFlow, workforce: Workforce) -> None:
        self._world = world
        self._teams = teams
        self._queues = queues
        self._flow = flow
        self._workforce = workforce
        self.last_days = last_days(self._world.scenario)
        self._finishing: set[int] = set()

    def look_up_last_days(self) -> None:
        """Take the last days of the teams from the scenario, which has changed."""
        self.last_days = last_days(self._world.scenario)

    def schedule(self, team: Team, order: int) -> None:
        """Set the dates of a team's start and wind-down; `order`: their place among the day's staff changes."""
        calendar, section = self._world.calendar, self._section(team)
        team.first_day = 0 if section.start is None else max(0, calendar.index(section.start))
        if team.takes == "backlog":
            start = partial(self._take_backlog, team)
            self._world.clock.at(team.first_day, Phase.STAFF, order + team.number, start)
        last = self.last_day(team)
        if last is None:
            return
        wind_down = int(section.wind_down.working_days)
        day = max(0, last + 1 - wind_down)
        if day < calendar.horizon and (wind_down or section.at_end == "finish"):
            self._world.clock.at(day, Phase.STAFF, order + team.number, partial(self._wind_down, team))

    def last_day(self, team: Team) -> int | None:
        """Last working day of a team; None where it stays."""
        day = self.last_days[team.name]
        return None if day is None else self._world.calendar.index(day + timedelta(days=1)) - 1

    def paid_until(self, team: Team) -> date | None:
        """Last day for which a team costs money: its end, or when the last of those who finish has gone."""
        last = self.last_day(team)
        if last is None or self._section(team).at_end != "finish" or self._world.clock.today <= last:
            return self.last_days[team.name]
        if any(worker.cases for worker in team.in_post):
            return None
        gone = max((worker.end for worker in team.workers if worker.end is not None), default=last)
        return self.last_days[team.name] if gone <= last else self._world.calendar.date(gone)

    def stays(self, worker: Worker) -> bool:
        """Whether a worker whose last day was yesterday stays after all, because of how the team ends."""
        team = worker.team
        at_end = self._section(team).at_end
        if at_end == "hand_back" or worker.end != self.last_day(team):
            return False
        if at_end == "convert":
            self._convert(worker, self._teams.named(self._section(team).converts_to or ""))
            return True
        if not worker.cases:
            return False
        worker.end = None
        if team.number not in self._finishing:
            self._finishing.add(team.number)
            today = self._world.clock.today
            self._watch(team, self._section(team).finish_within.after(self._world.calendar, today))
        return True

    def _section(self, team: Team) -> TeamSection:
        return self._world.scenario.teams[team.name]

    def _take_backlog(self, team: Team) -> None:
        """Note what waits today: it is all that the team will take from the queue."""
        pool = self._queues.of_team(team)
        backlog = [waiting for waiting in pool.live() if team.serves(waiting.stage, waiting.case.locality)]
        team.backlog.update(waiting.case.key for waiting in backlog)
        for waiting in backlog:
            pool.again(waiting)

    def _wind_down(self, team: Team) -> None:
        team.closed = True

    def _watch(self, team: Team, until: int) -> None:
        """Look at those who finish each morning: who holds nothing goes, and on the final date everybody does."""
        clock = self._world.clock
        tomorrow = clock.today + 1
        if team.in_post and tomorrow < self._world.calendar.horizon:
            clock.at(tomorrow, Phase.STAFF, team.number, partial(self._finished, team, until))

    def _finished(self, team: Team, until: int) -> None:
        for worker in list(team.in_post):
            if not worker.cases or self._world.clock.today >= until:
                self._workforce.dismiss(worker, replaced=False)
        self._watch(team, until)

    def _convert(self, worker: Worker, team: Team) -> None:
        """The worker is a permanent member of another team from today and keeps every case that it serves."""
        left = worker.team
        today = self._world.clock.today
        left.desk.accrue(today)
        team.desk.accrue(today)
        worker.settle()
        work, month = worker.work, self._world.month_of(today) - 1
        self._world.recorder.work.append(
            (left.number, month, work.asked_hours, work.worked_hours, work.available_hours)
        )
        work.asked_hours = work.worked_hours = work.available_hours = 0.0
        without_support(self._world, worker)
        for case in worker.cases.values():
            self._flow.note_holding(case)
        for members in (left.workers, left.in_post):
            members.remove(worker)
        team.workers.append(worker)
        team.in_post.append(worker)
        team.in_post.sort(key=lambda w: w.number)
        grade = "social_worker" if worker.group.grade == "agency" else worker.group.grade
        worker.group = worker.group.model_copy(update={"grade": grade, "end": None})
        if worker.grade == "agency":
            worker.grade = "social_worker"
        worker.team, worker.end = team, None
        if worker.post is not None:
            worker.post.convert(team, worker.group, today)
        worker.share("ramp", 1.0)
        worker.share("productivity", self._section(team).productivity)
        support(self._world, worker)
        self._workforce.set_cap(worker, grade_changed=True)
        for case in sorted(worker.cases.values(), key=lambda c: c.key):
            self._flow.hold_in_another_team(case)
        worker.arm()
        if not left.in_post:
            left.desk.hand_over(team.desk)
        self._queues.of_team(team).request_pass()
