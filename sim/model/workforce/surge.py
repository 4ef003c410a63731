"""Teams that come for a time: which work they take, and what happens to their cases and workers at the end."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sim.model.engine.event import Phase
from sim.model.levers.support import support, without_support
from sim.model.levers.team_end import last_days

if TYPE_CHECKING:
    from sim.model.service import Service
    from sim.model.workforce.team import Team
    from sim.model.workforce.worker import Worker
    from sim.scenario.sections.workforce import TeamSection


class SurgeTeams:
    """The comings and goings of whole teams.

    Attributes:
        last_days: last day of each team by name, with the levers on it; None where it stays.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self.last_days = last_days(service.scenario)
        self._finishing: set[int] = set()

    def look_up_last_days(self) -> None:
        """Take the last days of the teams from the scenario, which has changed."""
        self.last_days = last_days(self._service.scenario)

    def schedule(self, team: Team, order: int) -> None:
        """Set the dates of a team's start and wind-down; `order`: their place among the day's staff changes."""
        service, calendar, section = self._service, self._service.calendar, self._section(team)
        team.first_day = 0 if section.start is None else max(0, calendar.index(section.start))
        if team.takes == "backlog":
            start = partial(self._take_backlog, team)
            service.clock.at(team.first_day, Phase.STAFF, order + team.number, start)
        last = self.last_day(team)
        if last is None:
            return
        wind_down = int(section.wind_down.working_days)
        day = max(0, last + 1 - wind_down)
        if day < calendar.horizon and (wind_down or section.at_end == "finish"):
            service.clock.at(day, Phase.STAFF, order + team.number, partial(self._wind_down, team))

    def last_day(self, team: Team) -> int | None:
        """Last working day of a team; None where it stays."""
        day = self.last_days[team.name]
        return None if day is None else self._service.calendar.index(day + timedelta(days=1)) - 1

    def paid_until(self, team: Team) -> date | None:
        """Last day for which a team costs money: its end, or when the last of those who finish has gone."""
        service, last = self._service, self.last_day(team)
        if last is None or self._section(team).at_end != "finish" or service.clock.today <= last:
            return self.last_days[team.name]
        if any(worker.cases for worker in team.in_post):
            return None
        gone = max((worker.end for worker in team.workers if worker.end is not None), default=last)
        return self.last_days[team.name] if gone <= last else service.calendar.date(gone)

    def stays(self, worker: Worker) -> bool:
        """Whether a worker whose last day was yesterday stays after all, because of how the team ends."""
        team, service = worker.team, self._service
        at_end = self._section(team).at_end
        if at_end == "hand_back" or worker.end != self.last_day(team):
            return False
        if at_end == "convert":
            self._convert(worker, service.team(self._section(team).converts_to or ""))
            return True
        if not worker.cases:
            return False
        worker.end = None
        if team.number not in self._finishing:
            self._finishing.add(team.number)
            today = service.clock.today
            self._watch(team, self._section(team).finish_within.after(service.calendar, today))
        return True

    def _section(self, team: Team) -> TeamSection:
        return self._service.scenario.teams[team.name]

    def _take_backlog(self, team: Team) -> None:
        """Note what waits today: it is all that the team will take from the queue."""
        pool = self._service.pool_of(team)
        found = [waiting for waiting in pool.live() if team.serves(waiting.stage, waiting.case.locality)]
        team.backlog.update(waiting.case.key for waiting in found)
        for waiting in found:
            pool.again(waiting)

    def _wind_down(self, team: Team) -> None:
        team.closed = True

    def _watch(self, team: Team, until: int) -> None:
        """Look at those who finish each morning: who holds nothing goes, and on the final date everybody does."""
        clock = self._service.clock
        tomorrow = clock.today + 1
        if team.in_post and tomorrow < self._service.calendar.horizon:
            clock.at(tomorrow, Phase.STAFF, team.number, partial(self._finished, team, until))

    def _finished(self, team: Team, until: int) -> None:
        service = self._service
        for worker in list(team.in_post):
            if not worker.cases or service.clock.today >= until:
                service.workforce.dismiss(worker, replaced=False)
        self._watch(team, until)

    def _convert(self, worker: Worker, team: Team) -> None:
        """The worker is a permanent member of another team from today and keeps every case that it serves."""
        service, left = self._service, worker.team
        today = service.clock.today
        left.desk.accrue(today)
        team.desk.accrue(today)
        worker.settle()
        work, month = worker.work, service.month_of(today) - 1
        service.recorder.work.append((left.number, month, work.asked_hours, work.worked_hours, work.available_hours))
        work.asked_hours = work.worked_hours = work.available_hours = 0.0
        without_support(service, worker)
        for case in worker.cases.values():
            service.note_holding(case)
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
        support(service, worker)
        service.workforce.set_cap(worker, grade_changed=True)
        for case in sorted(worker.cases.values(), key=lambda c: c.key):
            service.hold_in_another_team(case)
        worker.arm()
        if not left.in_post:
            left.desk.hand_over(team.desk)
        service.pool_of(team).request_pass()
