"""The service: the pathway, its people and its queues, put together and run."""

from __future__ import annotations

from sim.model.allocation import Pool
from sim.model.allocation.queues import Queues
from sim.model.cases.case import Case
from sim.model.cases.case_flow import CaseFlow
from sim.model.engine.event import Phase
from sim.model.levers.demand import DemandLevers
from sim.model.need import needs_of
from sim.model.need.steps import ProtectiveSteps
from sim.model.pathway.capacities import Capacities
from sim.model.pathway.front_door.arrivals import ReferralArrivals
from sim.model.pathway.front_door.premature_closure import PrematureClosures
from sim.model.pathway.front_door.rereferral import Rereferrals
from sim.model.pathway.front_door.screening import FrontDoorStage
from sim.model.pathway.front_door.times_open import TimesOpen
from sim.model.pathway.opening import OpeningCaseload
from sim.model.pathway.pathway import Pathway
from sim.model.pathway.plans.visits import VISIT_INTERVAL
from sim.model.pathway.routing import Routing
from sim.model.practice.responses import Responses
from sim.model.recording import Recording
from sim.model.recording.accounts import Accounts
from sim.model.reviews import TargetedReviews
from sim.model.reviews.outcomes import Outcomes
from sim.model.workforce.staffing import Workforce
from sim.model.workforce.team import Team, Teams
from sim.model.world import world_of
from sim.scenario.schema import Scenario
from sim.streams import Streams


class Service:
    """One council's service in one replication.

    It makes the parts, gives each what it may touch, and runs them. No part knows it.

    Attributes:
        teams: in the order of the scenario.
        pools: of teams that draw on the same queues.
    """

    def __init__(self, scenario: Scenario, seed: int, replication: int, record: bool) -> None:
        world = self._world = world_of(scenario, Streams(seed, replication, often=VISIT_INTERVAL), record)
        self.clock = world.clock
        self.calendar = world.calendar
        self.streams = world.streams
        self.recorder = world.recorder
        self._teams = Teams()
        self.queues = Queues(world, self._teams)
        premature_closure = PrematureClosures(world)
        responses = self._responses = Responses(world, self._teams)
        self.flow = CaseFlow(world, self._teams, self.queues, premature_closure, responses)
        self.routing = Routing(scenario, self.calendar)
        self.capacities = Capacities(world)
        self.conferences = self.capacities.conferences
        self.pathway = Pathway(world, self.flow, self.routing, self.capacities, premature_closure, responses)
        self.workforce = Workforce(world, self._teams, self.queues, self.flow, self.pathway.looked_at, responses.loads)
        self.teams = self._teams.all
        self.queues.open(self.flow.allocate)
        self.pools = self.queues.pools
        demand = DemandLevers(scenario, self.calendar)
        self.arrivals = ReferralArrivals(
            scenario.demand, scenario.localities, demand, self.calendar, self.streams, self.clock.whole_days
        )
        self.returns = Rereferrals(scenario.demand.rereferral, demand, self.calendar, self.clock, TimesOpen(scenario))
        self.front_door = FrontDoorStage(
            world,
            self._teams,
            self.flow,
            self.pathway,
            self.routing,
            self.arrivals,
            demand,
            self.returns,
            responses.door,
        )
        self.need = needs_of(world, self.flow, ProtectiveSteps(self.flow, self.pathway), responses)
        self.flow.tell(self.need, self.returns)
        outcomes = Outcomes(world, self.flow, self.pathway, self.conferences)
        self.targeted_reviews = TargetedReviews(world, self._teams, self.flow, outcomes)
        self.accounts = Accounts(
            world,
            self._teams,
            self.flow,
            self.capacities,
            self.workforce,
            self.front_door,
            self.arrivals,
            self.need,
            self.targeted_reviews,
        )

    @property
    def scenario(self) -> Scenario:
        """The scenario in force."""
        return self._world.scenario

    def run(self) -> Recording:
        """Run the period and return what was recorded."""
        self.begin()
        return self.go_on()

    def begin(self) -> None:
        """Set up the morning of the first day."""
        clock = self.clock
        self.workforce.start()
        self.open_caseload()
        self._responses.loads.start(self.flow.open_in_any_order)
        self.returns.start(self.front_door.receive)
        self.returns.closed_before(self.streams, self.arrivals.groups)
        self.arrivals.schedule(lambda day, make: clock.at(day, Phase.STAFF, 0, make), self.front_door.receive)
        self.front_door.start()
        self.pathway.pre_proceedings.reviews.start()
        self.targeted_reviews.schedule()
        self.accounts.start()

    def open_caseload(self) -> None:
        """Open the caseload of the first morning (once, after the workforce has started)."""
        opening = OpeningCaseload(
            self._world, self._teams, self.flow, self.pathway, self.routing, self.capacities, self.arrivals
        )
        opening.build()

    def run_until(self, day: int) -> None:
        """Run to the morning of a working day, unless it is that morning already."""
        if day > self.clock.now:
            self.clock.run(day)

    def go_on_as(self, scenario: Scenario) -> None:
        """Be the service of another scenario from this morning on, no later than that on which the two part.

        What `sim.scenario.shared_past` lets share a past differs in teams alone, which come later. Those who make
        teams, settle their accounts and end them read the scenario in force (`World`); every other part keeps the
        rules that it has read, which are the same in both.
        """
        self._world.go_on_as(scenario)
        coming = self.workforce.add_teams()
        self.queues.add_teams(coming)
        self.accounts.add_teams(coming)

    def go_on(self) -> Recording:
        """Run the rest of the period and return what was recorded."""
        self.clock.run(self.calendar.horizon)
        return self.accounts.close()

    def team(self, name: str) -> Team:
        """The team of that name."""
        return self._teams.named(name)

    def pool_of(self, team: Team) -> Pool:
        """The pool in which a team receives its cases."""
        return self.queues.of_team(team)

    def open_cases(self) -> list[Case]:
        """Cases that are known and not closed, by number."""
        return self.flow.open_cases()


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
