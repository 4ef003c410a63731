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
    from sim.model.service import Service


def protect(service: Service, case: Case, strategy: bool, legal_planning: float) -> int:
    """Take the protective step today and return which it is, a code into STEPS; -1 where it awaits a worker.

    A place in the queue protects nobody: where nobody holds the case and no enquiry or legal planning is begun, the
    step is taken on the day a worker takes the case over, however high up the queue the decision has put it.

    Args:
        strategy: need has risen to the level of a strategy discussion.
        legal_planning: share of steps under a child protection plan that seek legal planning.
    """
    stage = service.leading_stage(case)
    if stage in (SECTION_47, PRE_PROCEEDINGS, COURT):
        # The enquiry or the proceedings take it up: deciding so is the step.
        return NOT_YET if case.worker is None else DECIDED_STEP
    if stage == CHILD_PROTECTION:
        plan = case.spells[CHILD_PROTECTION]
        if service.child_protection.may_end(plan) and case.draws.uniform("need_legal_planning") < legal_planning:
            service.pre_proceedings.begin(case)
            return LEGAL_PLANNING_STEP
        return _sooner(service, case)  # the core group meets and changes the plan
    if strategy:
        service.section_47.begin(case)
        service.place(case)
        return STRATEGY_STEP
    return _sooner(service, case)


def _sooner(service: Service, case: Case) -> int:
    """See the child sooner where a plan has visits; elsewhere the worker takes the decision up at once."""
    if case.worker is None:
        return NOT_YET
    for plan in (service.child_protection, service.child_in_need):
        if plan.visit_soon(case):
            return VISIT_STEP
    return DECIDED_STEP
