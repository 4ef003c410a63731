"""Child protection plan: ends at a review conference that finds its work done, or goes to pre-proceedings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import Case, Spell
from sim.model.engine.event import Phase
from sim.model.pathway.plans import Plan
from sim.model.recording.names import CHILD_IN_NEED, CHILD_PROTECTION, COURT, OUTCOME, PRE_PROCEEDINGS

if TYPE_CHECKING:
    from sim.model.service import Service

TO_CHILD_IN_NEED: Final = OUTCOME["child_in_need"]
REVIEW_BEFORE_DUE: Final = 10
"""Working days before its due date from which a review conference may be booked (assumption)."""


class ChildProtectionStage(Plan):
    """The child protection stage; review conferences share the diary of the initial ones."""

    stream = "child_protection"

    def __init__(self, service: Service) -> None:
        self._rules = service.scenario.stages.child_protection
        super().__init__(service, CHILD_PROTECTION, self._rules, first_visit_urgent=True)

    def watch(self, spell: Spell) -> None:
        """Reviews, other exits, and for some plans the day on which legal planning is sought."""
        super().watch(spell)
        service, case, rules = self._service, spell.case, self._rules
        if case.draws.uniform("pre_proceedings") < rules.pre_proceedings_share:
            wait = rules.pre_proceedings_after.quantile(case.draws.uniform("pre_proceedings_after"))
            day = spell.clock_start + math.ceil(wait)
            # A plan of the opening caseload that is past its day was not taken to legal planning then, nor will it be.
            if service.clock.today <= day < service.calendar.horizon:
                service.clock.at(day, Phase.CONFERENCES, case.key, lambda: self._seek_legal_planning(spell))

    def begin(self, case: Case, from_plan: bool = False) -> None:
        """The conference has made the plan: it starts today."""
        self.count_earlier(case)
        super().begin(case, from_plan)

    def count_earlier(self, case: Case) -> None:
        """Note that the family has a plan; of one new to the run, whether there was an earlier one."""
        share = self._rules.earlier_plan_share
        if share > 0 and not case.had_plan:
            case.had_plan = True
            case.earlier_plan = case.draws.uniform("earlier_plan") < share

    def may_end(self, spell: Spell) -> bool:
        """Not while pre-proceedings or proceedings are under way."""
        return spell.open and PRE_PROCEEDINGS not in spell.case.spells and COURT not in spell.case.spells

    def ready_to_end(self, spell: Spell) -> None:
        """The review conference ends the plan: it decides itself."""
        service, case = self._service, spell.case
        draw = case.draws.uniform("child_protection_outcome")
        self.step_down(case, service.routing.pick("child_protection", draw, service.clock.today))

    def step_down(self, case: Case, outcome: int) -> None:
        """End the plan: to a child in need plan with the same worker, or out."""
        service = self._service
        spell = case.spells[CHILD_PROTECTION]
        self.ended(spell)
        service.end(spell, outcome)
        if outcome == TO_CHILD_IN_NEED and CHILD_IN_NEED not in case.spells:
            service.child_in_need.begin(case, from_plan=True)
        if case.spells:
            service.place(case)
        else:
            service.close(case)

    def _seek_legal_planning(self, spell: Spell) -> None:
        if self.may_end(spell):
            self._service.pre_proceedings.begin(spell.case)

    def _book(self, due: int) -> int | None:
        return self._service.conferences.book_by(due, max(self._service.clock.today + 1, due - REVIEW_BEFORE_DUE))

    def _book_from(self, day: int) -> int | None:
        return self._service.conferences.book(day)

    def _cancel(self, day: int) -> None:
        if day > self._service.clock.today:
            self._service.conferences.cancel(day)
