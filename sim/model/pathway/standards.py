"""The statutory clocks of the stages, as due-date-first allocation counts them."""

from __future__ import annotations

from sim.model.recording.names import CHILD_IN_NEED, CHILD_PROTECTION, STAGES
from sim.scenario.schema import Scenario


def standard_days(scenario: Scenario, stage: int) -> int:
    """Working days of a stage's statutory clock; of a plan, from one visit to the next."""
    stages = scenario.stages
    if stage in (CHILD_IN_NEED, CHILD_PROTECTION):
        rules = stages.child_in_need if stage == CHILD_IN_NEED else stages.child_protection
        return int(20.0 if rules.visit_interval == "none" else rules.visit_interval.working_days)
    return int(getattr(stages, STAGES[stage]).standard.working_days)
