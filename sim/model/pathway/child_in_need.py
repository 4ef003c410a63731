"""Child in need plan: ends when a review finds its work done and a manager agrees; may step up to an enquiry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.model.cases.case import NOT_YET, Case, Spell
from sim.model.engine.event import Phase
from sim.model.pathway.plans import Plan, ReviewDates
from sim.model.pathway.stage import Stage
from sim.model.recording.names import CHILD_IN_NEED, CHILD_PROTECTION, CLOSURE, DECISION, SECTION_47, STEP_UP
from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.levers.meetings import Meetings
    from sim.model.levers.quality_gate import QualityGates
    from sim.model.pathway.pathway import Pathway
    from sim.model.pathway.routing import Routing
    from sim.model.practice.responses import Responses
    from sim.model.world import World


class ChildInNeedStage(Stage):
    """The child in need stage.

    It may touch its plans, the quality gates and family meetings that they pass before they end, and begins enquiries.
    """

    def __init__(
        self,
        world: World,
        flow: CaseFlow,
        pathway: Pathway,
        routing: Routing,
        gates: QualityGates,
        meetings: Meetings,
        responses: Responses,
    ) -> None:
        super().__init__(world, flow, pathway, routing)
        self._gates = gates
        self._meetings = meetings
        rules = self._rules = world.scenario.stages.child_in_need
        dates = ReviewDates(world.clock)
        self.plan = Plan(
            world,
            flow,
            CHILD_IN_NEED,
            "child_in_need",
            rules,
            False,
            dates,
            self.may_end,
            self._ready_to_end,
            responses,
        )

    def begin(self, case: Case, from_plan: bool = False) -> None:
        """A plan starts today; `from_plan`: it follows a child protection plan, whose visits it goes on with."""
        self._watch_risk(self.plan.begin(case, from_plan))

    def watch(self, spell: Spell) -> None:
        """Set the dates of a plan under way: reviews, other exits, and a rise of risk to a strategy discussion."""
        self.plan.watch(spell)
        self._watch_risk(spell)

    def _watch_risk(self, spell: Spell) -> None:
        """Set the day on which risk rises to a strategy discussion, if it does."""
        case = spell.case
        if self._rules.step_up_a_year > 0:
            wait = -math.log(1.0 - case.draws.uniform("step_up")) * WORKING_DAYS_A_YEAR / self._rules.step_up_a_year
            day = self._world.clock.today + math.ceil(wait)
            if day < self._world.calendar.horizon:
                self._world.clock.at(day, Phase.NEED, case.key, lambda: self._risk_rises(spell))

    def may_end(self, spell: Spell) -> bool:
        """Not while an enquiry is under way."""
        return spell.open and SECTION_47 not in spell.case.spells

    def _ready_to_end(self, spell: Spell) -> None:
        """A manager is asked to agree that the plan ends, once the family has met if it is to."""
        spell.deciding = True
        if self._meetings.before_closing(spell, self._ask_to_end):
            self._flow.states.works(spell)
        else:
            self._ask_to_end(spell)

    def _ask_to_end(self, spell: Spell) -> None:
        lag = self._gates.lag_of(spell)
        self._flow.states.begin(spell, DECISION)
        self._flow.desk(spell.case).ask(spell.case, CLOSURE, False, lambda: self._agreed(spell), lag)

    def _agreed(self, spell: Spell) -> None:
        spell.deciding = False
        if not self.may_end(spell):
            if spell.open:
                self._flow.states.goes_on(spell)
            return
        if self._gates.returns(spell, self.plan.relief(spell.case), self._reworked):
            self._flow.states.works(spell)
            spell.work_done = NOT_YET  # no review ends the plan until the work is done again
            return
        case = spell.case
        self._flow.end(
            spell,
            self._routing.pick("child_in_need", case.draws.uniform("child_in_need_outcome"), self._world.clock.today),
        )
        if not case.spells:
            self._flow.close(case)

    def _reworked(self, spell: Spell, _at: float) -> None:
        """The work that was returned is done: the manager is asked again, unless an enquiry leaves it to a review."""
        spell.work_done = self._world.clock.today
        if self.may_end(spell):
            self._ready_to_end(spell)
        else:
            self._flow.states.goes_on(spell)

    def _risk_rises(self, spell: Spell) -> None:
        if spell.open and SECTION_47 not in spell.case.spells and CHILD_PROTECTION not in spell.case.spells:
            self._flow.desk(spell.case).ask(spell.case, STEP_UP, True, lambda: self._stepped_up(spell))

    def _stepped_up(self, spell: Spell) -> None:
        if spell.open and SECTION_47 not in spell.case.spells:
            self._pathway.section_47.begin(spell.case)
            self._flow.place(spell.case)
