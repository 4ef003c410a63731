"""The open caseload of the first morning: cases with the ages given, part of their work behind them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.model.allocation.rooms import Rooms
from sim.model.cases.case import Case, Spell
from sim.model.pathway.front_door.arrivals import OPENING, case_key
from sim.model.recording.names import (
    ASSESSMENT,
    CHILD_IN_NEED,
    CHILD_PROTECTION,
    COURT,
    OUTCOME,
    PRE_PROCEEDINGS,
    SECTION_47,
    STAGES,
)
from sim.scenario.distributions.distribution import DurationDistribution
from sim.streams import CaseDraws

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.pathway.capacities import Capacities
    from sim.model.pathway.front_door.arrivals import ReferralArrivals
    from sim.model.pathway.pathway import Pathway
    from sim.model.pathway.plans import Plan
    from sim.model.pathway.routing import Routing
    from sim.model.workforce.team import Teams
    from sim.model.world import World

BISECTIONS: Final = 24
ALMOST_ALL: Final = 1.0 - 1e-9


def longer_than(distribution: DurationDistribution, age: float, draw: float) -> float:
    """A draw from a distribution of durations given that it is longer than `age` (working days).

    An age beyond everything the distribution knows gives a little more than the age.
    """
    return after_share(distribution, share_by(distribution, age), age, draw)


def after_share(distribution: DurationDistribution, share: float | None, age: float, draw: float) -> float:
    """The same where the share that ends by `age` is known already."""
    if share is None:
        return age * (1.0 + 0.1 * draw) + 1.0
    return max(age + 0.5, distribution.quantile(min(share + (1.0 - share) * draw, ALMOST_ALL)))


def share_by(distribution: DurationDistribution, age: float) -> float | None:
    """The share that ends by `age` working days, found by bisection; None where everything does."""
    if distribution.quantile(ALMOST_ALL) <= age:
        return None
    low, high = 0.0, ALMOST_ALL
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if distribution.quantile(middle) > age:
            high = middle
        else:
            low = middle
    return high


class OpeningCaseload:
    """Builds the cases open on the first day, and gives those that are held to workers.

    It may touch every stage, as each of them begins with cases under way, and the workers in post that morning.
    """

    def __init__(
        self,
        world: World,
        teams: Teams,
        flow: CaseFlow,
        pathway: Pathway,
        routing: Routing,
        capacities: Capacities,
        arrivals: ReferralArrivals,
    ) -> None:
        self._world = world
        self._teams = teams
        self._flow = flow
        self._pathway = pathway
        self._routing = routing
        self._capacities = capacities
        self._arrivals = arrivals
        self._opening = world.scenario.opening
        self._rooms: dict[tuple[int, int], Rooms] = {}
        self._shares: dict[tuple[int, int], float | None] = {}

    def build(self) -> None:
        """Open every stage's caseload; the oldest cases choose first among the workers with room."""
        stages = (COURT, PRE_PROCEEDINGS, CHILD_PROTECTION, SECTION_47, ASSESSMENT, CHILD_IN_NEED)
        for stage in stages:
            for case, held in self._cases(stage):
                self._open(case, stage)
                if held:
                    self._hold(case)
                if case.worker is None:
                    self._flow.place(case)

    def _cases(self, stage: int) -> list[tuple[Case, bool]]:
        section = getattr(self._opening, STAGES[stage])
        if section.children <= 0 or section.ages is None:
            return []
        groups = self._arrivals.groups
        children = round(section.children)
        batch = self._world.streams.batch(0, OPENING + stage, cases=children)
        cases: list[tuple[Case, bool]] = []
        left, row = children, 0
        while left > 0:
            draws = CaseDraws(batch, row)
            size = min(left, groups.size(draws.uniform("group_size")))
            left -= size
            # No longer ago than the calendar knows: fifteen years.
            age = math.ceil(section.ages.quantile(draws.uniform("opening_age")))
            age = max(1, min(age, -self._world.calendar.first_known))
            locality = groups.locality(draws.uniform("locality"))
            need = (
                4
                if stage in (SECTION_47, CHILD_PROTECTION, PRE_PROCEEDINGS, COURT)
                else groups.need(draws.uniform("need"))
            )
            case = Case(case_key(0, OPENING + stage, row), size, locality, need, -age, draws, opening=True)
            self._flow.known(case)
            cases.append((case, draws.uniform("opening_unallocated") >= section.unallocated))
            row += 1
        cases.sort(key=lambda entry: (entry[0].referred, entry[0].key))
        return cases

    def _open(self, case: Case, stage: int) -> None:
        age = -case.referred
        if stage == ASSESSMENT:
            self._assessment(case, age)
        elif stage == SECTION_47:
            self._enquiry(case, age)
        elif stage in (CHILD_IN_NEED, CHILD_PROTECTION):
            self._plan(case, stage, age)
        elif stage == PRE_PROCEEDINGS:
            self._pre_proceedings(case, age)
        else:
            self._court(case, age)

    def _spell(self, case: Case, stage: int, age: int) -> Spell:
        spell = self._flow.open(case, stage, clock_start=-age)
        spell.entered = -age
        return spell

    def _longer_than(self, distribution: DurationDistribution, age: int, draw: float) -> float:
        """As `longer_than`; many cases are of one age, and the share that ends by it is looked for once."""
        key = id(distribution), age
        if key not in self._shares:
            self._shares[key] = share_by(distribution, age)
        return after_share(distribution, self._shares[key], age, draw)

    def _assessment(self, case: Case, age: int) -> None:
        rules = self._world.scenario.stages.assessment
        draw = case.draws.uniform("assessment_outcome")
        spell = self._spell(case, ASSESSMENT, age)
        spell.outcome = self._routing.pick("assessment", draw, 0)
        if rules.habit != "none":
            habit = self._longer_than(rules.habit, age, case.draws.uniform("assessment_habit"))
            work = rules.work_share * (habit - age)
        else:
            assert rules.work is not None
            habit = self._longer_than(rules.work, age, case.draws.uniform("assessment_work"))
            work = habit - age
        spell.habit_day = int(habit) - age
        point = case.draws.uniform("strategy_point") if spell.outcome == OUTCOME["section_47"] else None
        self._pathway.assessment.start_work(spell, work, None if point is None else point * work)

    def _enquiry(self, case: Case, age: int) -> None:
        rules = self._world.scenario.stages.section_47
        spell = self._spell(case, SECTION_47, age)
        draw = case.draws.uniform("enquiry_habit")
        if rules.habit != "none":
            habit = self._longer_than(rules.habit, age, draw)
            spell.habit_day = int(habit) - age
            self._pathway.section_47.start_work(spell, rules.work_share * (habit - age), rules.work_share * habit)
        else:
            whole = self._longer_than(rules.work, age, draw)
            self._pathway.section_47.start_work(spell, whole - age, whole)

    def _plan(self, case: Case, stage: int, age: int) -> None:
        pathway, stages = self._pathway, self._world.scenario.stages
        in_need = stage == CHILD_IN_NEED
        plan: Plan = pathway.child_in_need.plan if in_need else pathway.child_protection.plan
        rules = stages.child_in_need if in_need else stages.child_protection
        spell = self._spell(case, stage, age)
        if rules.visit_interval != "none":
            last = int(rules.visit_interval.working_days * case.draws.uniform("opening_visit"))
            case.last_seen = -min(age, last)
        if stage == CHILD_PROTECTION:
            self._pathway.child_protection.count_earlier(case)
        work = self._longer_than(rules.intervention, age, case.draws.uniform(plan.stream + "_work")) - age
        plan.start_work(spell, work)
        if in_need:
            pathway.child_in_need.watch(spell)
        else:
            pathway.child_protection.watch(spell)

    def _pre_proceedings(self, case: Case, age: int) -> None:
        """A plan behind it, a letter sent, a solicitor at work."""
        rules = self._world.scenario.stages.pre_proceedings
        self._plan(case, CHILD_PROTECTION, age)
        spell = self._spell(case, PRE_PROCEEDINGS, age)
        self._capacities.solicitors.ask(case.key, lambda: None)
        work = self._longer_than(rules.work, age, case.draws.uniform("pre_proceedings_work")) - age
        self._pathway.pre_proceedings.start_work(spell, work)

    def _court(self, case: Case, age: int) -> None:
        rules = self._world.scenario.stages.court
        spell = self._spell(case, COURT, age)
        habit = self._longer_than(rules.habit, age, case.draws.uniform("court_habit"))
        spell.habit_day = int(habit) - age
        self._pathway.court.seek_solicitor(spell)
        self._pathway.court.start_work(spell, rules.work_share * (habit - age))

    def _hold(self, case: Case) -> None:
        """Give the case to the least loaded worker with room, as of the day it was opened."""
        stage = self._flow.leading_stage(case)
        place = stage, case.locality
        if place not in self._rooms:
            serving = [team for team in self._teams.all if team.takes == "all" and team.serves(stage, case.locality)]
            workers = [worker for team in serving for worker in team.in_post if worker.available]
            self._rooms[place] = Rooms(sorted(workers, key=lambda worker: worker.number))
        worker = self._rooms[place].least_loaded(case.children, urgent=False)
        if worker is not None:
            self._flow.give(case, worker)
            for spell in case.spells.values():
                spell.allocated = min(-2, spell.clock_start)
