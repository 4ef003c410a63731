"""Screening: contacts wait for the hours of the front door's workers; urgent ones are decided at once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from sim.model.cases.case import NOT_YET, Case, Spell
from sim.model.engine.event import Event, Phase
from sim.model.engine.limits import DAYS_A_WEEK, LAST_OF_PHASE
from sim.model.recording.names import FRONT_DOOR, OUTCOME

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.engine.clock import Clock
    from sim.model.levers.demand import DemandLevers
    from sim.model.pathway.front_door.arrivals import ReferralArrivals
    from sim.model.pathway.front_door.rereferral import Rereferrals
    from sim.model.pathway.pathway import Pathway
    from sim.model.pathway.routing import Routing
    from sim.model.practice.thresholds import RisingThresholds
    from sim.model.workforce.team import Teams
    from sim.model.world import World

NEED_FOLLOWS_OUTCOME: Final = 0.7
"""Share of cases whose level of need at referral points to where the assessment will lead (assumption)."""
TO_ASSESSMENT: Final = OUTCOME["assessment"]
TO_STRATEGY: Final = OUTCOME["strategy_discussion"]
TURNED_AWAY: Final = OUTCOME["no_further_action"]
TO_EARLY_HELP: Final = OUTCOME["early_help"]


@dataclass
class _Day:
    """Contacts received on one day and not yet decided: referrals lie evenly among them."""

    received: int
    contacts: int
    referrals: list[tuple[int, Case]] = field(default_factory=list)


class Arrival(Event):
    """A sibling group that is to be referred. An event of its own costs less than a function for each."""

    __slots__ = ("case", "door")

    def __init__(self, door: FrontDoorStage, case: Case, clock: Clock) -> None:
        super().__init__(clock, Phase.ARRIVALS, case.key)
        self.door = door
        self.case = case

    @override
    def happen(self) -> None:
        """It arrives."""
        self.door.arrive(self.case)


class FrontDoorStage:
    """Receives referrals among the contacts, decides them in order, and sends them on.

    It may read the hours of the teams at the door, closes cases, and begins assessments.
    """

    def __init__(
        self,
        world: World,
        teams: Teams,
        flow: CaseFlow,
        pathway: Pathway,
        routing: Routing,
        arrivals: ReferralArrivals,
        demand_levers: DemandLevers,
        returns: Rereferrals,
        door: RisingThresholds,
    ) -> None:
        self._world = world
        self._flow = flow
        self._pathway = pathway
        self._routing = routing
        self._arrivals = arrivals
        self._demand_levers = demand_levers
        self._returns = returns
        self._door = door
        self._rules = self._world.scenario.stages.front_door
        self._screening = [team for team in teams.all if FRONT_DOOR in team.stages]
        self._arrived: list[Case] = []
        self._backlog: deque[_Day] = deque()
        self._started = 0.0
        self._other_contacts = max(0.0, self._world.scenario.demand.contacts_per_referral - 1.0)

    def receive(self, case: Case, moment: float) -> None:
        """A sibling group is referred at a time from now on."""
        clock = self._world.clock
        clock.arm(Arrival(self, case, clock), moment)

    def start(self) -> None:
        """Screen every working day where a team serves the front door."""
        if self._screening:
            self._world.clock.at(0, Phase.ARRIVALS, LAST_OF_PHASE, self._screen)

    def record_backlog(self) -> None:
        """Record the contacts and referrals that are still undecided at the end of the run."""
        for day in self._backlog:
            self._contacts(day.received, NOT_YET, day.contacts)
            for _, case in day.referrals:
                self._flow.records.record(Spell(case, FRONT_DOOR, case.referred, case.referred))

    def arrive(self, case: Case) -> None:
        """A sibling group is referred now."""
        self._flow.known(case)
        self._returns.label(case)
        case.route = self._route(case)
        if self._screening:
            self._arrived.append(case)
        else:
            self._contacts(case.referred, case.referred, case.children)
            self._decide(case)

    def _route(self, case: Case) -> int:
        """The way out of the front door: thresholds of the day of referral hold, so waiting changes no decision."""
        route = self._routing.pick("front_door", case.draws.uniform("front_door_outcome"), case.referred)
        if route == TO_ASSESSMENT:
            diverted = self._demand_levers.diverted(case.referred)
            if diverted and case.draws.uniform("early_help_diversion") < diverted:
                return TO_EARLY_HELP
            if self._door.turns_away(case):
                return TURNED_AWAY
        return route

    def _contacts(self, received: int, decided: int, children: int) -> None:
        if children:
            self._world.recorder.contacts.add((received, decided, children))

    def _screen(self) -> None:
        """The day's screening: yesterday's backlog first, after anything urgent."""
        today = self._world.clock.today
        self._take_in(today)
        hours = sum(worker.work.hours for team in self._screening for worker in team.in_post) / DAYS_A_WEEK
        # Half-screened contacts carry over; unused hours do not.
        capacity = (
            min(self._started, 0.0) + hours / self._rules.time_per_contact if self._rules.time_per_contact else 1e12
        )
        decided: list[Case] = []
        for day in self._backlog:
            urgent = [entry for entry in day.referrals if entry[1].route == TO_STRATEGY]
            for entry in urgent:
                day.referrals.remove(entry)
                day.contacts -= entry[1].children
                capacity -= entry[1].children
                self._contacts(day.received, today, entry[1].children)
                decided.append(entry[1])
        while self._backlog and capacity > 0:
            day = self._backlog[0]
            # A contact begun is finished: what it takes beyond today's hours is missing tomorrow.
            number = min(day.contacts, max(1, int(capacity)))
            capacity -= number
            self._contacts(day.received, today, number)
            day.contacts -= number
            while day.referrals and day.referrals[0][0] >= day.contacts:
                decided.append(day.referrals.pop(0)[1])
            if day.contacts <= 0:
                decided.extend(case for _, case in day.referrals)
                self._backlog.popleft()
        self._started = capacity
        for case in decided:
            self._decide(case)
        self._world.clock.at(today + 1, Phase.ARRIVALS, LAST_OF_PHASE, self._screen)

    def _take_in(self, today: int) -> None:
        arrived = self._arrived
        self._arrived = []
        referred = sum(case.children for case in arrived)
        month = self._world.month_of(today)
        mean = self._other_contacts * self._arrivals.children_a_day(month)
        mean *= 1.0 - self._demand_levers.contacts_prevented(today)
        other = int(self._world.streams.at_once("other_contacts", today).poisson(mean)) if mean > 0 else 0
        total = referred + other
        if not total:
            return
        # Referral i of n lies at an even place among the day's contacts; places are counted down as they are decided.
        count = len(arrived)
        places = [(total - 1 - int((place + 0.5) / count * total), case) for place, case in enumerate(arrived)]
        self._backlog.append(_Day(today, total, places))

    def _decide(self, case: Case) -> None:
        """The referral decision: out, to assessment, or to a strategy discussion."""
        today = self._world.clock.today
        door = Spell(case, FRONT_DOOR, case.referred, case.referred)
        door.ended = today
        door.outcome = case.route
        self._flow.records.record(door)
        if case.route not in (TO_ASSESSMENT, TO_STRATEGY):
            self._flow.close(case)
            return
        draw = case.draws.uniform("assessment_outcome")
        strategy = case.route == TO_STRATEGY
        if strategy:
            case.need = 4
        else:
            rank = draw if case.draws.uniform("need_follows") < NEED_FOLLOWS_OUTCOME else case.draws.uniform("need")
            case.need = self._arrivals.groups.need(rank)
        self._pathway.assessment.begin(case, draw, strategy)
