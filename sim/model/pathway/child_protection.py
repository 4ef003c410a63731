"""Child protection plan: ends at a review conference that finds its work done, or goes to pre-proceedings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import Case, Spell
from sim.model.engine.event import Phase
from sim.model.pathway.plans import Plan, ReviewDates
from sim.model.pathway.stage import Stage
from sim.model.recording.names import CHILD_IN_NEED, CHILD_PROTECTION, COURT, OUTCOME, PRE_PROCEEDINGS

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.engine.diary import Diary
    from sim.model.pathway.pathway import Pathway
    from sim.model.pathway.routing import Routing
    from sim.model.practice.responses import Responses
    from sim.model.world import World

TO_CHILD_IN_NEED: Final = OUTCOME["child_in_need"]
REVIEW_BEFORE_DUE: Final = 10
"""Working days before its due date from which a review conference may be booked (assumption)."""


class ChildProtectionStage(Stage):
    """The child protection stage; review conferences share the diary of the initial ones.

    It may touch its plans and that diary, and begins child in need plans and pre-proceedings.
    """

    def __init__(
        self,
        world: World,
        flow: CaseFlow,
        pathway: Pathway,
        routing: Routing,
        conferences: Diary,
        responses: Responses,
    ) -> None:
        super().__init__(world, flow, pathway, routing)
        rules = self._rules = world.scenario.stages.child_protection
        dates = ReviewDates(world.clock, conferences, REVIEW_BEFORE_DUE)
        self.plan = Plan(
            world,
            flow,
            CHILD_PROTECTION,
            "child_protection",
            rules,
            True,
            dates,
            self.may_end,
            self._ready_to_end,
            responses,
        )

    def watch(self, spell: Spell) -> None:
        """Set the dates of a plan under way: reviews, other exits, and for some plans legal planning."""
        self.plan.watch(spell)
        self._watch_legal_planning(spell)

    def _watch_legal_planning(self, spell: Spell) -> None:
        """Set the day on which legal planning is sought, if it is."""
        case, rules = spell.case, self._rules
        if case.draws.uniform("pre_proceedings") < rules.pre_proceedings_share:
            wait = rules.pre_proceedings_after.quantile(case.draws.uniform("pre_proceedings_after"))
            day = spell.clock_start + math.ceil(wait)
            # A plan of the opening caseload that is past its day was not taken to legal planning then, nor will it be.
            if self._world.clock.today <= day < self._world.calendar.horizon:
                self._world.clock.at(day, Phase.CONFERENCES, case.key, lambda: self._seek_legal_planning(spell))

    def begin(self, case: Case, from_plan: bool = False) -> None:
        """The conference has made the plan: it starts today."""
        self.count_earlier(case)
        self._watch_legal_planning(self.plan.begin(case, from_plan))

    def count_earlier(self, case: Case) -> None:
        """Note that the family has a plan; of one new to the run, whether there was an earlier one."""
        share = self._rules.earlier_plan_share
        if share > 0 and not case.had_plan:
            case.had_plan = True
            case.earlier_plan = case.draws.uniform("earlier_plan") < share

    def may_end(self, spell: Spell) -> bool:
        """Not while pre-proceedings or proceedings are under way."""
        return spell.open and PRE_PROCEEDINGS not in spell.case.spells and COURT not in spell.case.spells

    def _ready_to_end(self, spell: Spell) -> None:
        """The review conference ends the plan: it decides itself."""
        case = spell.case
        draw = case.draws.uniform("child_protection_outcome")
        self.step_down(case, self._routing.pick("child_protection", draw, self._world.clock.today))

    def step_down(self, case: Case, outcome: int) -> None:
        """End the plan: to a child in need plan with the same worker, or out."""
        spell = case.spells[CHILD_PROTECTION]
        self.plan.ended(spell)
        self._flow.end(spell, outcome)
        if outcome == TO_CHILD_IN_NEED and CHILD_IN_NEED not in case.spells:
            self._pathway.child_in_need.begin(case, from_plan=True)
        if case.spells:
            self._flow.place(case)
        else:
            self._flow.close(case)

    def _seek_legal_planning(self, spell: Spell) -> None:
        if self.may_end(spell):
            self._pathway.pre_proceedings.begin(spell.case)
