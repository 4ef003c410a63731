"""The service: the pathway, its people and its queues, put together and run."""

from __future__ import annotations

from sim.calendar import WorkingDayCalendar
from sim.model.allocation import Pool, Waiting
from sim.model.assessment import Assessment
from sim.model.case import CHILDREN_BITS, NEVER, NOT_YET, Case, Spell
from sim.model.child_in_need import ChildInNeedPlan
from sim.model.child_protection import ChildProtectionPlan
from sim.model.clock import Clock, Phase
from sim.model.court import Proceedings
from sim.model.front_door.arrivals import Arrivals, root_key
from sim.model.front_door.rereferral import Returns
from sim.model.front_door.screening import FrontDoor
from sim.model.levers import DemandLevers, Routing, Steps
from sim.model.opening import OpeningCaseload
from sim.model.pace import Milestone, PaceRule
from sim.model.plans.visits import OVERDUE_VISIT
from sim.model.pre_proceedings import PreProceedings, Solicitors
from sim.model.protection import Diary, Section47
from sim.model.recording import Recorder, Recording
from sim.model.recording.names import (
    ASSESSMENT,
    CHILD_IN_NEED,
    CHILD_PROTECTION,
    COURT,
    PRE_PROCEEDINGS,
    SECTION_47,
)
from sim.model.workforce.manager import ManagerDesk
from sim.model.workforce.staffing import Workforce
from sim.model.workforce.team import Team
from sim.model.workforce.worker import Worker
from sim.scenario.schema import Scenario
from sim.scenario.sections.levers import CapacityChange
from sim.streams import Streams

LEADING = (COURT, PRE_PROCEEDINGS, CHILD_PROTECTION, SECTION_47, ASSESSMENT, CHILD_IN_NEED)
"""Which stage decides where a case belongs when it is in several, first one first."""

DIARY_AHEAD = 400
"""Working days beyond the end of the run for which diaries are open."""


class Service:
    """One council's service in one replication."""

    def __init__(self, scenario: Scenario, seed: int, replication: int, record: bool) -> None:
        self.scenario = scenario
        self.calendar = WorkingDayCalendar(scenario.period.start, scenario.period.end)
        self.clock = Clock(whole_days=scenario.clock == "working_days")
        self.streams = Streams(seed, replication)
        self.recorder = Recorder(record)
        self.routing = Routing(scenario, self.calendar)
        self.demand_levers = DemandLevers(scenario, self.calendar)
        self.pace_rule = None if scenario.pace == "off" else PaceRule(scenario.pace.overtime, scenario.pace.slowest)
        self.case_hours = 27.0 if scenario.pace == "off" else scenario.pace.hours_a_week
        self.teams: list[Team] = []
        self.workforce = Workforce(self)
        self.pools = self._make_pools()
        self._make_capacities()
        self.arrivals = Arrivals(
            scenario.demand,
            scenario.localities,
            self.demand_levers,
            self.calendar,
            self.streams,
            self.clock.whole_days,
        )
        self.front_door = FrontDoor(self)
        self.returns = Returns(
            scenario.demand.rereferral, self.demand_levers, self.calendar, self.clock, self.front_door.receive
        )
        self.assessment = Assessment(self)
        self.section_47 = Section47(self)
        self.child_in_need = ChildInNeedPlan(self)
        self.child_protection = ChildProtectionPlan(self)
        self.pre_proceedings = PreProceedings(self)
        self.court = Proceedings(self)
        self._months = self.calendar.months()
        self._cases: dict[int, Case] = {}
        self._open_cases: dict[int, Case] = {}

    # Building

    def _make_pools(self) -> list[Pool]:
        """Group the teams that share a stage in a locality, directly or through others."""
        groups: list[list[Team]] = []
        for team in self.teams:
            joined = [group for group in groups if any(_share(team, other) for other in group)]
            merged = [other for group in joined for other in group] + [team]
            groups = [group for group in groups if group not in joined] + [merged]
        allocation = self.scenario.allocation
        pools = [
            Pool(
                number,
                sorted(group, key=lambda team: team.number),
                allocation.policy,
                allocation.passed_over.working_days,
                self.clock,
                self._allocated,
            )
            for number, group in enumerate(groups)
        ]
        self._pool_of = {team.number: pool for pool in pools for team in pool.teams}
        self._places: dict[tuple[int, int], Pool] = {}
        for team in self.teams:
            for stage in team.stages:
                for locality in range(len(self.scenario.localities)):
                    if team.serves(stage, locality):
                        self._places.setdefault((stage, locality), self._pool_of[team.number])
        return pools

    def _make_capacities(self) -> None:
        capacities = self.scenario.capacities
        last_day = self.calendar.horizon + DIARY_AHEAD
        self.conferences = Diary(
            self._steps("conference_slots_a_week"), capacities.conference_session_slots, last_day
        )
        self.legal_panels = Diary(self._steps("legal_panel_slots_a_week"), 1, last_day)
        self.final_hearings = Diary(self._steps("final_hearings_a_week"), 1, last_day)
        self.solicitors = Solicitors(self._steps("solicitors"), capacities.cases_per_solicitor, self.clock)

    def _steps(self, name: str) -> Steps | None:
        dated = getattr(self.scenario.capacities, name)
        if dated == "none":
            return None
        steps = Steps(dated, self.calendar)
        for lever in self.scenario.levers:
            if isinstance(lever, CapacityChange) and lever.capacity == name:
                until = None if lever.until is None else self.calendar.index(lever.until)
                steps.change(self.calendar.index(lever.at), until, lever.value)
        return steps

    # Running

    def run(self) -> Recording:
        """Run the period and return what was recorded."""
        clock = self.clock
        self.workforce.start()
        OpeningCaseload(self).build()
        self.returns.closed_before(self.streams, self.arrivals.groups)
        self.arrivals.schedule(lambda day, make: clock.at(day, Phase.STAFF, 0, make), self.front_door.receive)
        self.front_door.start()
        for place, month in enumerate(self._months):
            if month.last_index >= month.first_index:
                clock.at(month.last_index, Phase.SNAPSHOT, 0, lambda p=place: self._month_end(p))
        clock.run(self.calendar.horizon)
        return self._finish()

    def _month_end(self, place: int) -> None:
        month = self._months[place]
        self._settle(place, month.last_index + 1)
        offered = sum(self.conferences.offered[month.first_index : month.last_index + 1])
        used = sum(self.conferences.used[month.first_index : month.last_index + 1])
        self.recorder.conferences.append((place, offered, used))

    def _settle(self, place: int, day: int) -> None:
        for team in self.teams:
            available, used = team.desk.settle(day)
            self.recorder.managers.append((team.number, place, available, used))
            asked = worked = hours = 0.0
            for worker in team.workers:
                if worker.in_post or worker.cases or worker.work.asked_hours:
                    worker.settle()
                    asked += worker.work.asked_hours
                    worked += worker.work.worked_hours
                    worker.work.asked_hours = worker.work.worked_hours = 0.0
                    worker.arm()
                hours += worker.work.hours * self._weeks_in_post(worker, place)
            self.recorder.work.append((team.number, place, asked, worked, hours))

    def _weeks_in_post(self, worker: Worker, place: int) -> float:
        month = self._months[place]
        first = max(month.first_index, worker.start)
        last = month.last_index if worker.end is None else min(month.last_index, worker.end)
        return max(0, last - first + 1) / 5.0

    def _finish(self) -> Recording:
        recorder = self.recorder
        for case in sorted(self._open_cases.values(), key=lambda c: c.key):
            for spell in case.spells.values():
                self.record(spell)
            if case.worker is not None:
                self._record_holding(case, NOT_YET)
            if case.transfer_asked != NOT_YET:
                self._record_transfer(case, None)
        for case in self._cases.values():
            first_child = root_key(case.key) << CHILDREN_BITS
            recorder.cases.add(
                (case.key, case.children, first_child, case.locality, case.need, case.referred,
                 case.previous_referral, case.opening, case.rereferral)
            )  # fmt: skip
        for worker in self.workforce.workers:
            end = NOT_YET if worker.end is None else worker.end
            recorder.workers.append(
                (worker.number, worker.team.number, worker.grade, worker.fte, worker.cap, worker.start, end, worker.work.hours)
            )
        return recorder.finish(
            tuple(self.scenario.localities),
            tuple(team.name for team in self.teams),
            self.calendar.horizon,
            self.clock.events,
            self._warnings(),
        )

    def _warnings(self) -> tuple[str, ...]:
        return tuple(
            f"team '{name}' has no background_hours_a_week: work for children outside this pathway is taken as none"
            for name, team in self.scenario.teams.items()
            if team.background_hours_a_week is None and set(team.stages) - {"front_door"}
        )

    # What stages use

    def known(self, case: Case) -> None:
        """Count a case that has reached the service."""
        self._cases[case.key] = case

    def open(self, case: Case, stage: int, clock_start: int) -> Spell:
        """Open a spell in a stage today."""
        spell = Spell(case, stage, clock_start, self.clock.today)
        case.spells[stage] = spell
        self._open_cases[case.key] = case
        return spell

    def ask(self, spell: Spell, urgent: float, routine: float, milestones: list[Milestone]) -> None:
        """Set what a spell asks: hours a week and milestones; they move from the day a worker takes it up."""
        spell.urgent = urgent
        spell.routine = routine
        spell.milestones.extend(milestones)
        worker = spell.case.worker
        if worker is None:
            return
        if spell.allocated != NOT_YET:
            worker.change(urgent, routine)
            worker.carry(milestones)
        else:
            worker.carry([milestone for milestone in milestones if milestone.with_any_holder])

    def add_milestone(self, spell: Spell, milestone: Milestone) -> None:
        """Add a milestone to a spell that is under way."""
        spell.milestones.append(milestone)
        worker = spell.case.worker
        if worker is not None and (spell.allocated != NOT_YET or milestone.with_any_holder):
            worker.carry([milestone])

    def end(self, spell: Spell, outcome: int) -> None:
        """End a spell today."""
        case = spell.case
        spell.ended = self.clock.today
        spell.outcome = outcome
        if case.worker is not None:
            self._put_down(spell, case.worker)
        spell.milestones = []
        del case.spells[spell.stage]
        self.record(spell)

    def close(self, case: Case, may_return: bool = True) -> None:
        """The case is closed: its worker has room again, and the family may come back."""
        if case.waiting is not None:
            self._places[case.waiting.stage, case.locality].leave(case.waiting)
        self._end_transfer(case, None)
        if case.worker is not None:
            self.release(case)
        self._open_cases.pop(case.key, None)
        if may_return:
            self.returns.closed(case)

    def desk(self, case: Case) -> ManagerDesk:
        """Where decisions about a case are made: its worker's team, else the first team that serves it."""
        if case.worker is not None:
            return case.worker.team.desk
        stage = self.leading_stage(case)
        for team in self.teams:
            if team.serves(stage, case.locality):
                return team.desk
        return self.teams[0].desk

    def leading_stage(self, case: Case) -> int:
        """The stage that decides where a case belongs."""
        for stage in LEADING:
            if stage in case.spells:
                return stage
        return ASSESSMENT

    def place(self, case: Case) -> None:
        """See that the case is, or will be, with a worker whose team serves its stage."""
        stage = self.leading_stage(case)
        worker = case.worker
        if worker is not None and self._keeps(worker, case, stage):
            if case.waiting is not None:
                self._places[case.waiting.stage, case.locality].leave(case.waiting)
            self._end_transfer(case, None)
            for spell in case.spells.values():
                if spell.allocated == NOT_YET:
                    self._take_up(spell, worker)
            return
        urgent = stage == SECTION_47
        waiting = case.waiting
        if waiting is not None:
            if waiting.stage == stage and waiting.urgent == urgent:
                return
            self._places[waiting.stage, case.locality].leave(waiting)
        spell = case.spells[stage]
        self._places[stage, case.locality].join(Waiting(case, stage, urgent, max(spell.entered, spell.clock_start), self._due(spell)))
        if worker is not None and case.transfer_asked == NOT_YET:
            case.transfer_asked = self.clock.today
            case.transfer_hours = self.scenario.transfer.hours_a_week * case.factor
            worker.change(0.0, case.transfer_hours)

    def give(self, case: Case, worker: Worker) -> None:
        """Put a case that nobody holds into a worker's hands today."""
        case.worker = worker
        worker.hold(case)
        case.holding_since = self.clock.today
        case.holding_stage = self.leading_stage(case)
        for spell in case.spells.values():
            self._catch_up(spell)
            self._take_up(spell, worker)

    def release(self, case: Case, handover: bool = False) -> None:
        """Take a case out of its worker's hands, keeping what remains of its work.

        Args:
            handover: the change was not planned: whoever takes it over reads and meets the family again, which adds a share
                of the original work.
        """
        worker = case.worker
        assert worker is not None
        for spell in case.spells.values():
            self._put_down(spell, worker)
            if handover and spell.allocated != NOT_YET:
                share = self.scenario.transfer.handover_share
                for milestone in spell.milestones:
                    if not milestone.with_any_holder:
                        milestone.remaining += share * milestone.original
        if case.transfer_hours:
            worker.change(0.0, -case.transfer_hours)
            case.transfer_hours = 0.0
        self._record_holding(case, self.clock.today)
        worker.let_go(case)
        case.worker = None
        self._pool_of[worker.team.number].request_pass()

    def record(self, spell: Spell) -> None:
        """Record a spell, ended or still open at the end of the run."""
        case = spell.case
        outcome = spell.outcome if spell.ended != NOT_YET else NOT_YET
        self.recorder.spells.add(
            (case.key, spell.stage, case.locality, spell.team, spell.worker, spell.clock_start, spell.entered,
             spell.allocated, spell.work_done, spell.ended, outcome, case.children, spell.conference)
        )  # fmt: skip

    def month_of(self, day: int) -> int:
        """Number of the month (from 1) in which a working day lies."""
        for number, month in enumerate(self._months, start=1):
            if day <= month.last_index:
                return number
        return len(self._months)

    def children_a_day(self, month: int) -> float:
        """Children expected to be referred on a working day of a month, all of them."""
        section = self.scenario.demand
        span = self._months[month - 1]
        days = max(1, span.last_index - span.first_index + 1)
        expected = self.arrivals.expected_children(month)
        if section.rereferral.mode == "feedback" and span.label not in section.monthly_referrals:
            expected /= max(1e-9, 1.0 - section.rereferral.share)
        return expected / days * (1.0 + self.demand_levers.excess(span.first_index))

    # Hands and queues

    def _keeps(self, worker: Worker, case: Case, stage: int) -> bool:
        """Whether the holder goes on with a case; who holds a plan also makes the enquiry when risk rises in it."""
        team = worker.team
        if team.serves(stage, case.locality):
            return True
        return stage == SECTION_47 and any(team.serves(other, case.locality) for other in case.spells if other != stage)

    def _allocated(self, waiting: Waiting, worker: Worker) -> None:
        case = waiting.case
        if case.worker is not None:
            self._end_transfer(case, worker)
            self.release(case)
        self.give(case, worker)

    def _take_up(self, spell: Spell, worker: Worker) -> None:
        if spell.allocated == NOT_YET:
            spell.allocated = self.clock.today
        spell.team = worker.team.number
        spell.worker = worker.number
        if spell.urgent or spell.routine:
            worker.change(spell.urgent, spell.routine)
        worker.carry([milestone for milestone in spell.milestones if not milestone.carried])

    def _catch_up(self, spell: Spell) -> None:
        """A visit that fell due while nobody held the case is made soon; the day the child was last seen is kept."""
        since = self.clock.today - spell.case.last_seen
        for milestone in spell.milestones:
            if milestone.with_any_holder and not milestone.carried:
                milestone.remaining = min(milestone.remaining, max(OVERDUE_VISIT, milestone.original - since))

    def _put_down(self, spell: Spell, worker: Worker) -> None:
        worker.drop(spell)
        if spell.allocated != NOT_YET and (spell.urgent or spell.routine):
            worker.change(-spell.urgent, -spell.routine)

    def _due(self, spell: Spell) -> int:
        """Day on which the statutory clock of a stage runs out, for due-date-first allocation."""
        stages = self.scenario.stages
        start = spell.clock_start if spell.clock_start > NEVER else spell.entered
        if spell.stage == ASSESSMENT:
            return start + int(stages.assessment.standard.working_days)
        if spell.stage == SECTION_47:
            return start + int(stages.section_47.standard.working_days)
        if spell.stage in (CHILD_IN_NEED, CHILD_PROTECTION):
            rules = stages.child_in_need if spell.stage == CHILD_IN_NEED else stages.child_protection
            interval = 20.0 if rules.visit_interval == "none" else rules.visit_interval.working_days
            return spell.case.last_seen + int(interval)
        standard = stages.pre_proceedings.standard if spell.stage == PRE_PROCEEDINGS else stages.court.standard
        return start + int(standard.working_days)

    def _end_transfer(self, case: Case, worker: Worker | None) -> None:
        if case.transfer_asked == NOT_YET:
            return
        if case.worker is not None and case.transfer_hours:
            case.worker.change(0.0, -case.transfer_hours)
        case.transfer_hours = 0.0
        if worker is not None:
            self._record_transfer(case, worker)
        case.transfer_asked = NOT_YET

    def _record_transfer(self, case: Case, worker: Worker | None) -> None:
        sending = NOT_YET if case.worker is None else case.worker.team.number
        to_team, done = (NOT_YET, NOT_YET) if worker is None else (worker.team.number, self.clock.today)
        self.recorder.transfers.add((case.key, sending, to_team, case.transfer_asked, done, case.children))

    def _record_holding(self, case: Case, end: int) -> None:
        worker = case.worker
        assert worker is not None
        self.recorder.holdings.add(
            (case.key, worker.number, worker.team.number, case.holding_since, end, case.children, case.holding_stage)
        )


def _share(one: Team, other: Team) -> bool:
    """Whether two teams draw on a common queue."""
    if not (one.stages & other.stages):
        return False
    return one.locality is None or other.locality is None or one.locality == other.locality


def simulate(scenario: Scenario, seed: int, replication: int, record: bool = True) -> Recording:
    """Run one replication of a scenario.

    Args:
        scenario: a validated scenario.
        seed: master seed of the run.
        replication: number of the replication, from 0.
        record: keep rows of what happens; whether or not changes no result.

    Returns:
        Everything recorded, about simulated children.
    """
    return Service(scenario, seed, replication, record).run()
