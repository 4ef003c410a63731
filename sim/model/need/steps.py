"""The protective step: what a manager's decision on a risen need sets going, by the stage that the case has reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.cases.case import NOT_YET, Case
from sim.model.recording.names import (
    CHILD_PROTECTION,
    COURT,
    DECIDED_STEP,
    LEGAL_PLANNING_STEP,
    PRE_PROCEEDINGS,
    SECTION_47,
    STRATEGY_STEP,
    VISIT_STEP,
)

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.pathway.pathway import Pathway


class ProtectiveSteps:
    """Takes protective steps. It may begin enquiries and legal planning, and bring a plan's next visit forward."""

    def __init__(self, flow: CaseFlow, pathway: Pathway) -> None:
        self._flow = flow
        self._pathway = pathway

    def take(self, case: Case, strategy: bool, legal_planning: float) -> int:
        """Take the protective step today and return which it is, a code into STEPS; -1 where it awaits a worker.

        A place in the queue protects nobody: where nobody holds the case and no enquiry or legal planning is begun,
        the step is taken on the day a worker takes the case over, however high up the queue the decision has put it.

        Args:
            strategy: need has risen to the level of a strategy discussion.
            legal_planning: share of steps under a child protection plan that seek legal planning.
        """
        pathway = self._pathway
        stage = self._flow.leading_stage(case)
        if stage in (SECTION_47, PRE_PROCEEDINGS, COURT):
            # The enquiry or the proceedings take it up: deciding so is the step.
            return NOT_YET if case.worker is None else DECIDED_STEP
        if stage == CHILD_PROTECTION:
            plan = case.spells[CHILD_PROTECTION]
            if pathway.child_protection.may_end(plan) and case.draws.uniform("need_legal_planning") < legal_planning:
                pathway.pre_proceedings.begin(case)
                return LEGAL_PLANNING_STEP
            return self._sooner(case)  # the core group meets and changes the plan
        if strategy:
            pathway.section_47.begin(case)
            self._flow.place(case)
            return STRATEGY_STEP
        return self._sooner(case)

    def _sooner(self, case: Case) -> int:
        """See the child sooner where a plan has visits; elsewhere the worker takes the decision up at once."""
        if case.worker is None:
            return NOT_YET
        for plan in (self._pathway.child_protection.plan, self._pathway.child_in_need.plan):
            if plan.visit_soon(case):
                return VISIT_STEP
        return DECIDED_STEP
