"""The service: the pathway, its people and its queues, put together and run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sim.calendar import calendar_of
from sim.model.allocation import Pool
from sim.model.allocation.leaks import Leaks
from sim.model.cases.case import Case
from sim.model.cases.case_flow import CaseFlow
from sim.model.cases.joint_visit import arrange_joint_visit
from sim.model.engine.clock import Clock
from sim.model.engine.diary import Diary
from sim.model.engine.event import Phase
from sim.model.levers.capacity import capacity_steps, chair_absence
from sim.model.levers.dated_values import DatedValues
from sim.model.levers.demand import DemandLevers
from sim.model.levers.meetings import Meetings
from sim.model.levers.quality_gate import QualityGates
from sim.model.need import needs_of
from sim.model.pace import PaceRule
from sim.model.pathway.assessment import AssessmentStage
from sim.model.pathway.child_in_need import ChildInNeedStage
from sim.model.pathway.child_protection import ChildProtectionStage
from sim.model.pathway.court import CourtStage
from sim.model.pathway.front_door.arrivals import ReferralArrivals
from sim.model.pathway.front_door.premature_closure import PrematureClosures
from sim.model.pathway.front_door.rereferral import Rereferrals
from sim.model.pathway.front_door.screening import FrontDoorStage
from sim.model.pathway.opening import OpeningCaseload
from sim.model.pathway.pre_proceedings import PreProceedingsStage
from sim.model.pathway.routing import Routing
from sim.model.pathway.section_47 import Section47Stage
from sim.model.pathway.solicitors import Solicitors
from sim.model.recording import Recorder, Recording
from sim.model.recording.accounts import Accounts
from sim.model.reviews import TargetedReviews
from sim.model.workforce.staffing import Workforce
from sim.model.workforce.team import Team
from sim.model.workforce.worker import Worker
from sim.scenario.pooling import pooled
from sim.scenario.schema import Scenario
from sim.streams import Streams, endless

SESSIONS_AT_A_TIME: Final = 256
"""Conference sessions whose chairs' absence is drawn at a time."""
DIARY_AHEAD: Final = 400
"""Working days beyond the end of the run for which diaries are open."""


class Service(CaseFlow):
    """One council's service in one replication."""

    def __init__(self, scenario: Scenario, seed: int, replication: int, record: bool) -> None:
        super().__init__()
        self.scenario = scenario
        self.calendar = calendar_of(scenario.period.start, scenario.period.end)
        self.clock = Clock(whole_days=scenario.clock == "working_days")
        self.streams = Streams(seed, replication)
        self.recorder = Recorder(record)
        self.routing = Routing(scenario, self.calendar)
        self.demand_levers = DemandLevers(scenario, self.calendar)
        self.pace_rule = None if scenario.pace == "off" else PaceRule(scenario.pace.overtime, scenario.pace.slowest)
        self.case_hours = 27.0 if scenario.pace == "off" else scenario.pace.hours_a_week
        self.teams = []  # declared by CaseFlow: declared twice, the compiled model would never be freed
        self.workforce = Workforce(self)
        self.pools = self._make_pools()
        self._find_pools()
        self._make_capacities()
        self.gates = QualityGates(self)
        self.meetings = Meetings(self)
        self.premature_closure = PrematureClosures(self)
        self.arrivals = ReferralArrivals(
            scenario.demand,
            scenario.localities,
            self.demand_levers,
            self.calendar,
            self.streams,
            self.clock.whole_days,
        )
        self.front_door = FrontDoorStage(self)
        self.returns = Rereferrals(
            scenario.demand.rereferral, self.demand_levers, self.calendar, self.clock, self.front_door.receive
        )
        self.assessment = AssessmentStage(self)
        self.section_47 = Section47Stage(self)
        self.child_in_need = ChildInNeedStage(self)
        self.child_protection = ChildProtectionStage(self)
        self.pre_proceedings = PreProceedingsStage(self)
        self.court = CourtStage(self)
        self.targeted_reviews = TargetedReviews(self)
        self.need = needs_of(self)
        self.accounts = Accounts(self)
        self._months = self.calendar.months()

    def _make_pools(self) -> list[Pool]:
        """Group the teams that share a stage in a locality, directly or through others."""
        pooling = self.scenario.allocation.pooling
        groups = pooled([(team.stages, team.locality) for team in self.teams], pooling != "none")
        allocation, leaks = self.scenario.allocation, Leaks(self.scenario)
        pools = [
            Pool(
                number,
                [self.teams[place] for place in group],
                allocation.policy,
                allocation.passed_over.working_days,
                self.clock,
                self._allocated,
                leaks,
                allocation.receives,
                None if pooling == "none" else pooling.after.working_days,
            )
            for number, group in enumerate(groups)
        ]
        return pools

    def _find_pools(self) -> None:
        self._pool_of = {team.number: pool for pool in self.pools for team in pool.teams}
        for team in self.teams:
            for stage in team.stages:
                for locality in range(len(self.scenario.localities)):
                    if team.serves(stage, locality):
                        self._places.setdefault((stage, locality), self._pool_of[team.number])

    def _make_capacities(self) -> None:
        capacities = self.scenario.capacities
        last_day = self.calendar.horizon + DIARY_AHEAD
        self.conferences = Diary(
            self._capacity("conference_slots_a_week"),
            capacities.conference_session_slots,
            last_day,
            self._lost_sessions(),
        )
        self.legal_panels = Diary(self._capacity("legal_panel_slots_a_week"), 1, last_day)
        self.final_hearings = Diary(self._capacity("final_hearings_a_week"), 1, last_day)
        self.solicitors = Solicitors(self._capacity("solicitors"), capacities.cases_per_solicitor, self.clock)

    def _lost_sessions(self) -> Callable[[int], bool] | None:
        """Whether the chair of each conference session in turn, on its day, is away: it does not take place."""
        share = chair_absence(self.scenario, self.calendar)
        if max(share.values) <= 0:
            return None
        generator = self.streams.generator("conference_chair_absence")
        draws = endless(lambda number: generator.random(number), SESSIONS_AT_A_TIME)
        return lambda day: next(draws) < share.at(day)

    def _joint_visit(self, case: Case, sending: Worker) -> None:
        arrange_joint_visit(self, case, sending)

    def _capacity(self, name: str) -> DatedValues | None:
        return capacity_steps(self.scenario, name, self.calendar)

    def run(self) -> Recording:
        """Run the period and return what was recorded."""
        self.begin()
        return self.go_on()

    def begin(self) -> None:
        """Set up the morning of the first day."""
        clock = self.clock
        self.workforce.start()
        OpeningCaseload(self).build()
        self.returns.closed_before(self.streams, self.arrivals.groups)
        self.arrivals.schedule(lambda day, make: clock.at(day, Phase.STAFF, 0, make), self.front_door.receive)
        self.front_door.start()
        self.targeted_reviews.schedule()
        self.accounts.start()

    def run_until(self, day: int) -> None:
        """Run to the morning of a working day, unless it is that morning already."""
        if day > self.clock.now:
            self.clock.run(day)

    def go_on_as(self, scenario: Scenario) -> None:
        """Be the service of another scenario from this morning on, no later than that on which the two part.

        They do so as `sim.scenario.shared_past` has it: the other has teams more, that come later.
        """
        self.scenario = scenario
        coming = self.workforce.add_teams()
        for team in coming:
            self._places[min(team.stages), team.locality or 0].add(team)
        self._find_pools()
        self.accounts.add_teams(coming)

    def go_on(self) -> Recording:
        """Run the rest of the period and return what was recorded."""
        self.clock.run(self.calendar.horizon)
        return self.accounts.close()

    def team(self, name: str) -> Team:
        """The team of that name."""
        return next(team for team in self.teams if team.name == name)

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
