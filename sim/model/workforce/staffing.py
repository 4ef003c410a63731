"""Who is in post when: teams and workers that start and end, caps that change, cases that change hands.

The dynamics of people (leave, sickness, leaving, recruiting, growth of newly qualified workers) attach here: each is a
dated change to a worker's hours, cap or presence.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET
from sim.model.engine.event import Phase
from sim.model.engine.limits import WEEK
from sim.model.levers.allocation import Caps, schedule_policy_changes
from sim.model.levers.rebalancing import Rebalance
from sim.model.levers.staffing import AgencyReleases, added_workers, schedule_vacancies
from sim.model.levers.support import schedule_support_changes, support
from sim.model.pace import PaceRule
from sim.model.recording.names import GRADES, STAGES
from sim.model.workforce.absence import Absences
from sim.model.workforce.differences import Speeds
from sim.model.workforce.growth import Growth
from sim.model.workforce.manager import ManagerDesk
from sim.model.workforce.posts import Post, Posts
from sim.model.workforce.supervision import Supervisions
from sim.model.workforce.surge import SurgeTeams
from sim.model.workforce.team import Team, Teams
from sim.model.workforce.turnover import Leavers
from sim.model.workforce.worker import NO_CAP, Worker
from sim.scenario.sections.workforce import HeldCases, TeamSection, Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.calendar import WorkingDayCalendar
    from sim.model.allocation.queues import Queues
    from sim.model.cases.case import Case
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.practice.loads import Loads
    from sim.model.world import World

CASE_HOURS_WITHOUT_PACE: Final = 27.0
"""Case hours a week where pace is off: nothing waits for them."""
CHANGE: Final = 0
LEVER: Final = 1 << 39
MOVE: Final = 1 << 40
"""Order within the day's staff changes: people come and go, levers take some away, then cases move."""


ADDED: Final = 1000
"""Groups that levers add are numbered from here on, so that one group more in a team moves none of them."""
DESKS: Final = (1 << 42) - 1
"""Place of the managers' desks among the day's absences: before supervision falls due."""
CHANGES_OF_A_KIND: Final = 1 << 20
"""Numbers kept for the changes of one kind within LEVER and MOVE."""


class Workforce:
    """Builds the teams of a scenario and carries out their dated changes.

    It alone creates teams and workers, puts them in post and dismisses them. Its parts each look after one thing about
    people (posts, growth, leaving, absence, supervision, caps), and ask it for changes in post and in caps. It may ask
    queues for a pass, and moves held cases through the flow.

    Args:
        looked_at: called for each case of a worker who has been supervised, with the probability that work which is
            done is found.
    """

    def __init__(
        self,
        world: World,
        teams: Teams,
        queues: Queues,
        flow: CaseFlow,
        looked_at: Callable[[Case, float], None],
        loads: Loads,
    ) -> None:
        self._world = world
        self._teams = teams
        self._queues = queues
        self._flow = flow
        pace = world.scenario.pace
        self._pace_rule = None if pace == "off" else PaceRule(pace.overtime, pace.slowest)
        self._case_hours = CASE_HOURS_WITHOUT_PACE if pace == "off" else pace.hours_a_week
        self._differences = Speeds(world)
        self.workers: list[Worker] = []
        self.posts = Posts(world, teams, self)
        self.growth = Growth(world, queues, self)
        self.turnover = Leavers(world, self, loads)
        self.caps = Caps(world, teams, queues, self)
        self.agency = AgencyReleases(world, teams, self)
        self.supervision = Supervisions(world, teams, self.growth, looked_at)
        self.absence = Absences(world, teams, queues, flow, self, loads)
        self.surge = SurgeTeams(world, teams, queues, flow, self)
        self.rebalance = Rebalance(world, teams, flow)
        self._named = 0
        self._make_teams()
        for place, (team_name, group, staying) in enumerate(added_workers(world.scenario)):
            self._add(
                self._teams.named(team_name), group, self._world.scenario.teams[team_name], ADDED + place, staying
            )

    def _make_teams(self) -> list[Team]:
        """Make those teams of the scenario that are not there yet, with their workers."""
        scenario = self._world.scenario
        places, new_teams = list(scenario.localities), []
        for number, (name, section) in list(enumerate(scenario.teams.items()))[len(self._teams.all) :]:
            stages = frozenset(STAGES.index(stage) for stage in section.stages)
            locality = None if section.locality is None else places.index(section.locality)
            team = Team(number, name, stages, locality, section.takes)
            rules = None if scenario.sign_off == "none" else scenario.sign_off
            team.desk = ManagerDesk(team, section.managers, rules, self._world.clock, self._world.recorder)
            team.desk.differ(self._differences.of_managers(number, section.managers))
            team.desk.readiness = self._differences.readiness_of_managers(number)
            self._teams.all.append(team)
            new_teams.append(team)
            for place, group in enumerate(section.workers):
                self._add(team, group, section, place)
        return new_teams

    def start(self) -> None:
        """Put in post who is there on the first day, and set the dates of everybody else."""
        for worker in self.workers:
            self._set_dates(worker)
        for team in self._teams.all:
            self._set_date_of_held_cases(team)
        for team in self._teams.all:
            self.surge.schedule(team, MOVE)
        self.rebalance.schedule(MOVE + CHANGES_OF_A_KIND)
        self.agency.schedule(LEVER)
        schedule_vacancies(self._world, self._teams, self, LEVER + CHANGES_OF_A_KIND)
        self.caps.schedule(MOVE)
        schedule_policy_changes(self._world, self._queues, MOVE)
        schedule_support_changes(self._world, self._teams, MOVE)
        self.absence.start()
        self.supervision.start()
        if self._world.scenario.sign_off != "none":
            self._world.clock.at(0, Phase.ABSENCE, DESKS, self._begin_day)

    def _begin_day(self) -> None:
        """Let the managers of each team take up the day, once it is known who is away.

        They do so every day. Otherwise how hard they are pressed would depend on how often somebody asks.
        """
        for team in self._teams.all:
            team.desk.begin_day()
        clock = self._world.clock
        if clock.today + 1 < self._world.calendar.horizon:
            clock.at(clock.today + 1, Phase.ABSENCE, DESKS, self._begin_day)

    def add_teams(self) -> list[Team]:
        """Make the teams that the scenario has now beyond those made so far, and set their dates; return them.

        They come after today and serve no front door. Everything is as if they had been made on the first day.
        """
        self.surge.look_up_last_days()
        named = self._named
        new_teams = self._make_teams()
        for worker in self.workers[named : self._named]:
            self._set_dates(worker)
        for team in new_teams:
            self._set_date_of_held_cases(team)
            self.surge.schedule(team, MOVE)
            self.absence.start_team(team)
            self.supervision.start_team(team)
        return new_teams

    def _set_dates(self, worker: Worker) -> None:
        """Put a worker in post who is there on the first day; set the dates on which others come and go."""
        clock, horizon = self._world.clock, self._world.calendar.horizon
        if worker.start <= 0:
            self._join(worker)
        elif worker.start < horizon:
            clock.at(worker.start, Phase.STAFF, CHANGE + worker.number, partial(self._join, worker))
        if worker.end is not None and worker.end + 1 < horizon:
            clock.at(worker.end + 1, Phase.STAFF, CHANGE + worker.number, partial(self._end, worker))

    def _set_date_of_held_cases(self, team: Team) -> None:
        section = self._world.scenario.teams[team.name]
        held = section.takes_held_cases
        if held is not None:
            day = 0 if section.start is None else self._world.calendar.index(section.start)
            self._world.clock.at(day, Phase.STAFF, MOVE + team.number, partial(self._move_held, team, held))

    def _add(self, team: Team, group: Workers, section: TeamSection, place: int, staying: int | None = None) -> None:
        """Create a group's workers with consecutive numbers.

        Args:
            place: of the group in its team, part of the key of its workers' streams.
            staying: how many of a cohort remain after twelve months; None where turnover decides.
        """
        calendar = self._world.calendar
        fte_of_team = sum(other.count * other.fte for other in section.workers) or 1.0
        rule = self._pace_rule
        full_time = group.hours_a_week if group.hours_a_week is not None else self._case_hours
        background = (section.background_hours_a_week or 0.0) / fte_of_team
        starts = [day for day in (group.start, section.start) if day is not None]
        ends = [day for day in (group.end, self.surge.last_days[team.name]) if day is not None]
        for among in range(group.count):
            hours = max(0.0, full_time - background) * group.fte
            worker = Worker(self._named, team, group, hours, rule, self._world.clock)
            worker.share("productivity", section.productivity)
            worker.start = max((calendar.index(day) for day in starts), default=0)
            worker.end = min((_last_working_day(calendar, day) for day in ends), default=None) if ends else None
            worker.key = (team.number, place, among)
            worker.share("person", self._differences.of_worker(worker))
            worker.readiness = self._differences.readiness_of_worker(worker)
            team.workers.append(worker)
            # Before those who were hired meanwhile, where it would be had it been made on the first day.
            self.workers.insert(self._named, worker)
            self._named += 1
            self.posts.opened(worker, hours, permanent=not ends and group.grade != "agency")
            if staying is not None:
                self.turnover.cohort(worker, stays=among < staying)

    def hire(self, post: Post, number: int, key: tuple[int, ...], group: Workers) -> Worker:
        """A newcomer to a post joins today."""
        worker = Worker(number, post.team, group, post.hours, self._pace_rule, self._world.clock)
        worker.key, worker.post = key, post
        worker.start, worker.end = self._world.clock.today, post.end
        worker.share("productivity", self._world.scenario.teams[post.team.name].productivity)
        worker.share("person", self._differences.of_worker(worker))
        worker.readiness = self._differences.readiness_of_worker(worker)
        support(self._world, worker)
        post.team.workers.append(worker)
        self.workers.append(worker)
        if worker.end is not None and worker.end + 1 < self._world.calendar.horizon:
            self._world.clock.at(worker.end + 1, Phase.STAFF, CHANGE + number, partial(self._end, worker))
        self._join(worker)
        return worker

    def dismiss(self, worker: Worker, replaced: bool = True, filled: int | None = None, covered: bool = True) -> None:
        """A worker goes before the end that the scenario gave: today is the first day without them.

        Args:
            replaced: somebody is looked for.
            filled: working day on which the post is filled; if None, it is drawn from the recruitment lag.
            covered: an agency worker may cover the post meanwhile.
        """
        worker.end = self._world.clock.today - 1
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
        today = self._world.clock.today
        self._world.recorder.caps.add((worker.number, today, GRADES.index(worker.grade), hundredths))

    def _join(self, worker: Worker) -> None:
        team = worker.team
        if worker.end is not None and worker.end < self._world.clock.today:
            return
        team.desk.accrue(self._world.clock.today)
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
        self.rebalance.joined(worker, MOVE + CHANGES_OF_A_KIND)
        self._queues.request_pass(team)

    def _ramp(self, worker: Worker, weeks: int) -> None:
        """Bring a new worker up to speed: from half, week by week, over the team's ramp."""
        ramp = self._world.scenario.teams[worker.team.name].ramp.working_days
        gone = weeks * WEEK
        if ramp <= 0 or worker.start <= 0:
            return  # who is there on the first day is settled
        worker.share("ramp", min(1.0, 0.5 + 0.5 * gone / ramp))
        if gone < ramp and self._world.clock.today + WEEK < self._world.calendar.horizon:
            number = CHANGE + worker.number
            later = self._world.clock.today + WEEK
            self._world.clock.at(later, Phase.STAFF, number, partial(self._ramp, worker, weeks + 1))

    def _end(self, worker: Worker) -> None:
        """The last day that the scenario gave a worker is over."""
        if not worker.in_post or not self.surge.stays(worker):
            self._leave(worker)

    def _leave(self, worker: Worker) -> None:
        """The worker goes: every case held goes back to the queue, with what remains of its work and a handover."""
        team = worker.team
        if not worker.in_post:
            return
        team.desk.accrue(self._world.clock.today)
        worker.in_post = False
        team.in_post.remove(worker)
        self.growth.gone(worker)
        self.absence.gone(worker)
        self.supervision.gone(worker)
        self.hand_back(worker)
        worker.reckon()

    def hand_back(self, worker: Worker) -> None:
        """Every case that a worker holds goes back to the queue, unplanned."""
        for case in sorted(worker.cases.values(), key=lambda c: c.key):
            self._flow.release(case, handover=True)
            self._flow.place(case)

    def _move_held(self, team: Team, held: HeldCases) -> None:
        """Move held cases to the team's workers, longest open first, as far as their caps allow.

        Cases whose work is done stay with their workers: a new worker could add nothing but the change itself.
        """
        source = self._teams.named(held.from_team)
        stages = {STAGES.index(stage) for stage in held.stages}
        # Any age will do where none is asked for.
        longer = held.open_longer_than.working_days or float("-inf")
        longest_open: list[tuple[int, int]] = []
        cases = {}
        for worker in source.in_post:
            for case in worker.cases.values():
                stage = self._flow.leading_stage(case)
                serves = stage in stages and team.serves(stage, case.locality)
                unfinished = serves and case.spells[stage].work_done == NOT_YET
                if unfinished and self._world.clock.today - case.spells[stage].clock_start > longer:
                    longest_open.append((case.spells[stage].clock_start, case.key))
                    cases[case.key] = case
        left = held.children
        for _, key in sorted(longest_open):
            case = cases[key]
            if case.children > left:
                continue
            fits = [w for w in team.in_post if w.available and w.room_for(case.children, urgent=False)]
            if not fits:
                continue
            left -= case.children
            self._flow.move(case, min(fits, key=lambda w: (w.fullness, w.number)))


def _last_working_day(calendar: WorkingDayCalendar, day: date) -> int:
    """The last working day on or before a date."""
    return calendar.index(day + timedelta(days=1)) - 1
