"""Who is in post when: teams and workers that start and end, caps that change, cases that change hands.

The dynamics of people (leave, sickness, leaving, recruiting, growth of newly qualified workers) attach here: each is a
dated change to a worker's hours, cap or presence.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.engine.event import Phase
from sim.model.levers.agency import AgencyReleases
from sim.model.levers.allocation_policy import schedule_policy_changes
from sim.model.levers.caps import Caps
from sim.model.levers.rebalancing import Rebalance
from sim.model.levers.staffing import added_workers
from sim.model.levers.support import schedule_support_changes, support
from sim.model.levers.vacancy import schedule_vacancies
from sim.model.recording.names import GRADES, STAGES
from sim.model.workforce.absence import Absences
from sim.model.workforce.growth import Growth
from sim.model.workforce.manager import ManagerDesk
from sim.model.workforce.posts import Post, Posts
from sim.model.workforce.supervision import Supervisions
from sim.model.workforce.surge import SurgeTeams
from sim.model.workforce.team import Team
from sim.model.workforce.turnover import Leavers
from sim.model.workforce.worker import NO_CAP, Worker
from sim.scenario.sections.workforce import HeldCases, TeamSection, Workers

if TYPE_CHECKING:
    from sim.model.service import Service

WEEK: Final = 5
CHANGE: Final = 0
LEVER: Final = 1 << 39
MOVE: Final = 1 << 40
"""Order within the day's staff changes: people come and go, levers take some away, then cases move."""


ADDED: Final = 1000
"""Groups that levers add are numbered from here on, so that one group more in a team moves none of them."""
MANY: Final = 1 << 20


class Workforce:
    """Builds the teams of a scenario and carries out their dated changes."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.workers: list[Worker] = []
        self.posts = Posts(service)
        self.turnover = Leavers(service)
        self.growth = Growth(service)
        self.caps = Caps(service)
        self.agency = AgencyReleases(service)
        self.absence = Absences(service)
        self.supervision = Supervisions(service)
        self.surge = SurgeTeams(service)
        self.rebalance = Rebalance(service)
        self._named = 0
        self._make_teams()
        for place, (team_name, group, staying) in enumerate(added_workers(service.scenario)):
            self._add(service.team(team_name), group, service.scenario.teams[team_name], ADDED + place, staying)

    def _make_teams(self) -> list[Team]:
        """Make those teams of the scenario that are not there yet, with their workers."""
        service, scenario = self._service, self._service.scenario
        places, made = list(scenario.localities), []
        for number, (name, section) in list(enumerate(scenario.teams.items()))[len(service.teams) :]:
            stages = frozenset(STAGES.index(stage) for stage in section.stages)
            locality = None if section.locality is None else places.index(section.locality)
            team = Team(number, name, stages, locality, section.takes)
            rules = None if scenario.sign_off == "none" else scenario.sign_off
            team.desk = ManagerDesk(team, section.managers, rules, service.clock, service.recorder)
            service.teams.append(team)
            made.append(team)
            for place, group in enumerate(section.workers):
                self._add(team, group, section, place)
        return made

    def start(self) -> None:
        """Put in post who is there on the first day, and set the dates of everybody else."""
        service = self._service
        for worker in self.workers:
            self._set_dates(worker)
        for team in service.teams:
            self._set_date_of_held_cases(team)
        for team in service.teams:
            self.surge.schedule(team, MOVE)
        self.rebalance.schedule(MOVE + MANY)
        self.agency.schedule(LEVER)
        schedule_vacancies(service, LEVER + MANY)
        self.caps.schedule(MOVE)
        schedule_policy_changes(service, MOVE)
        schedule_support_changes(service, MOVE)
        self.absence.start()
        self.supervision.start()

    def add_teams(self) -> list[Team]:
        """Make the teams that the scenario has now beyond those made so far, and set their dates; return them.

        They come after today and serve no front door. Everything is as if they had been made on the first day.
        """
        self.surge.look_up_last_days()
        named = self._named
        made = self._make_teams()
        for worker in self.workers[named : self._named]:
            self._set_dates(worker)
        for team in made:
            self._set_date_of_held_cases(team)
            self.surge.schedule(team, MOVE)
            self.absence.start_team(team)
            self.supervision.start_team(team)
        return made

    def _set_dates(self, worker: Worker) -> None:
        """Put a worker in post who is there on the first day; set the dates on which others come and go."""
        clock, horizon = self._service.clock, self._service.calendar.horizon
        if worker.start <= 0:
            self._join(worker)
        elif worker.start < horizon:
            clock.at(worker.start, Phase.STAFF, CHANGE + worker.number, partial(self._join, worker))
        if worker.end is not None and worker.end + 1 < horizon:
            clock.at(worker.end + 1, Phase.STAFF, CHANGE + worker.number, partial(self._end, worker))

    def _set_date_of_held_cases(self, team: Team) -> None:
        service, section = self._service, self._service.scenario.teams[team.name]
        held = section.takes_held_cases
        if held is not None:
            day = 0 if section.start is None else service.calendar.index(section.start)
            service.clock.at(day, Phase.STAFF, MOVE + team.number, partial(self._move_held, team, held))

    def _add(self, team: Team, group: Workers, section: TeamSection, place: int, staying: int | None = None) -> None:
        """Make the workers of a group, numbered on; of a cohort, so many of them stay for twelve months."""
        service = self._service
        calendar = service.calendar
        fte_of_team = sum(other.count * other.fte for other in section.workers) or 1.0
        rule = service.pace_rule
        full_time = group.hours_a_week if group.hours_a_week is not None else service.case_hours
        background = (section.background_hours_a_week or 0.0) / fte_of_team
        starts = [day for day in (group.start, section.start) if day is not None]
        ends = [day for day in (group.end, self.surge.last_days[team.name]) if day is not None]
        for among in range(group.count):
            hours = max(0.0, full_time - background) * group.fte
            worker = Worker(self._named, team, group, hours, rule, service.clock)
            worker.share("productivity", section.productivity)
            worker.start = max((calendar.index(day) for day in starts), default=0)
            worker.end = min((_last_working_day(service, day) for day in ends), default=None) if ends else None
            worker.key = (team.number, place, among)
            team.workers.append(worker)
            # Before those who were hired meanwhile, where it would be had it been made on the first day.
            self.workers.insert(self._named, worker)
            self._named += 1
            self.posts.opened(worker, hours, permanent=not ends and group.grade != "agency")
            if staying is not None:
                self.turnover.cohort(worker, stays=among < staying)

    def hire(self, post: Post, number: int, key: tuple[int, ...], group: Workers) -> Worker:
        """A newcomer to a post joins today."""
        service = self._service
        worker = Worker(number, post.team, group, post.hours, service.pace_rule, service.clock)
        worker.key, worker.post = key, post
        worker.start, worker.end = service.clock.today, post.end
        worker.share("productivity", service.scenario.teams[post.team.name].productivity)
        support(service, worker)
        post.team.workers.append(worker)
        self.workers.append(worker)
        if worker.end is not None and worker.end + 1 < service.calendar.horizon:
            service.clock.at(worker.end + 1, Phase.STAFF, CHANGE + number, partial(self._end, worker))
        self._join(worker)
        return worker

    def dismiss(self, worker: Worker, replaced: bool = True, filled: int | None = None, covered: bool = True) -> None:
        """A worker goes before the end that the scenario gave: today is the first day without them.

        Args:
            replaced: somebody is looked for.
            filled: working day on which the post is filled; None: as recruitment has it.
            covered: an agency worker may cover the post meanwhile.
        """
        worker.end = self._service.clock.today - 1
        self._leave(worker)
        self.posts.left(worker, replaced, filled, covered)

    def set_cap(self, worker: Worker, grade_changed: bool = False) -> None:
        """Give a worker the cap of today (call when anything about it has changed)."""
        cap = self.caps.of(worker, self.growth.cap(worker))
        changed = cap != worker.cap or grade_changed
        worker.cap = cap
        worker.weigh()
        if changed and worker.in_post:
            self._record_cap(worker)

    def _record_cap(self, worker: Worker) -> None:
        hundredths = -1 if worker.cap == NO_CAP else round(100 * worker.cap)
        today = self._service.clock.today
        self._service.recorder.caps.add((worker.number, today, GRADES.index(worker.grade), hundredths))

    def _join(self, worker: Worker) -> None:
        service, team = self._service, worker.team
        if worker.end is not None and worker.end < service.clock.today:
            return
        team.desk.accrue(service.clock.today)
        worker.settle()
        worker.in_post = True
        self._ramp(worker, 0)
        worker.reckon()
        team.in_post.append(worker)
        team.in_post.sort(key=lambda w: w.number)
        self.growth.joined(worker)
        worker.cap = self.caps.of(worker, self.growth.cap(worker))
        worker.weigh()
        self._record_cap(worker)
        self.turnover.joined(worker)
        self.absence.joined(worker)
        self.supervision.joined(worker)
        self.rebalance.joined(worker, MOVE + MANY)
        for pool in service.pools:
            if team in pool.teams:
                pool.request_pass()

    def _ramp(self, worker: Worker, weeks: int) -> None:
        """Bring a new worker up to speed: from half, week by week, over the team's ramp."""
        service = self._service
        ramp = service.scenario.teams[worker.team.name].ramp.working_days
        gone = weeks * WEEK
        if ramp <= 0 or worker.start <= 0:
            return  # who is there on the first day is settled
        worker.share("ramp", min(1.0, 0.5 + 0.5 * gone / ramp))
        if gone < ramp and service.clock.today + WEEK < service.calendar.horizon:
            number = CHANGE + worker.number
            later = service.clock.today + WEEK
            service.clock.at(later, Phase.STAFF, number, partial(self._ramp, worker, weeks + 1))

    def _end(self, worker: Worker) -> None:
        """The last day that the scenario gave a worker is over."""
        if not worker.in_post or not self.surge.stays(worker):
            self._leave(worker)

    def _leave(self, worker: Worker) -> None:
        """The worker goes: every case held goes back to the queue, with what remains of its work and a handover."""
        service, team = self._service, worker.team
        if not worker.in_post:
            return
        team.desk.accrue(service.clock.today)
        worker.in_post = False
        team.in_post.remove(worker)
        self.growth.gone(worker)
        self.absence.gone(worker)
        self.supervision.gone(worker)
        self.hand_back(worker)
        worker.reckon()

    def hand_back(self, worker: Worker) -> None:
        """Every case that a worker holds goes back to the queue, unplanned."""
        service = self._service
        for case in sorted(worker.cases.values(), key=lambda c: c.key):
            service.release(case, handover=True)
            service.place(case)

    def _move_held(self, team: Team, held: HeldCases) -> None:
        """Move held cases to the team's workers, longest open first, as far as their caps allow."""
        service = self._service
        source = service.team(held.from_team)
        stages = {STAGES.index(stage) for stage in held.stages}
        # Any age will do where none is asked for.
        longer = held.open_longer_than.working_days or float("-inf")
        found: list[tuple[int, int]] = []
        cases = {}
        for worker in source.in_post:
            for case in worker.cases.values():
                stage = service.leading_stage(case)
                serves = stage in stages and team.serves(stage, case.locality)
                if serves and service.clock.today - case.spells[stage].clock_start > longer:
                    found.append((case.spells[stage].clock_start, case.key))
                    cases[case.key] = case
        left = held.children
        for _, key in sorted(found):
            case = cases[key]
            if case.children > left:
                continue
            fits = [w for w in team.in_post if w.available and w.room_for(case.children, urgent=False)]
            if not fits:
                continue
            left -= case.children
            service.move(case, min(fits, key=lambda w: (w.fullness, w.number)))


def _last_working_day(service: Service, day: date) -> int:
    """The last working day on or before a date."""
    return service.calendar.index(day + timedelta(days=1)) - 1
