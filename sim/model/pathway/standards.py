"""The statutory clocks of the stages, as due-date-first allocation counts them."""

from __future__ import annotations

from sim.model.recording.names import ASSESSMENT, CHILD_IN_NEED, CHILD_PROTECTION, PRE_PROCEEDINGS, SECTION_47
from sim.scenario.schema import Scenario


def standard_days(scenario: Scenario, stage: int) -> int:
    """Working days of a stage's statutory clock; of a plan, from one visit to the next."""
    stages = scenario.stages
    if stage == ASSESSMENT:
        return int(stages.assessment.standard.working_days)
    if stage == SECTION_47:
        return int(stages.section_47.standard.working_days)
    if stage in (CHILD_IN_NEED, CHILD_PROTECTION):
        rules = stages.child_in_need if stage == CHILD_IN_NEED else stages.child_protection
        return int(20.0 if rules.visit_interval == "none" else rules.visit_interval.working_days)
    standard = stages.pre_proceedings.standard if stage == PRE_PROCEEDINGS else stages.court.standard
    return int(standard.working_days)
