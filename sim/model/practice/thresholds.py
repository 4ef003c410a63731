"""Thresholds at the front door: as children wait for a worker, more of those referred get no further action.

What a council does when its queue grows. Without a cap on caseloads there is no queue, and little to tell it so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.practice.strain import between
from sim.model.recording.names import ASSESSMENT

if TYPE_CHECKING:
    from sim.model.cases.case import Case
    from sim.model.practice.loads import Loads
    from sim.scenario.sections.practice import Practice, Thresholds


class RisingThresholds:
    """Whom the front door turns away because others wait; nobody where the scenario says so."""

    def __init__(self, rules: Practice | None, loads: Loads) -> None:
        part = None if rules is None or rules.thresholds == "none" else rules.thresholds
        self._rules: Thresholds | None = part if part is not None and part.turned_away > 0.0 else None
        self._loads = loads

    def turns_away(self, case: Case) -> bool:
        """Whether a referral that would be assessed gets no further action; its family is the likelier to come back."""
        height = self.height(case.locality)
        if height <= 0.0 or self._rules is None:
            return False
        if case.draws.uniform("threshold") >= self._rules.turned_away * height:
            return False
        case.likelier *= self._rules.comes_back
        return True

    def height(self, locality: int) -> float:
        """How high the threshold stands: 0 as in the scenario, 1 at its highest."""
        rules = self._rules
        if rules is None:
            return 0.0
        by_queue = self._loads.waiting(locality) / rules.waiting_for_each_worker
        load = self._loads.of_stage(ASSESSMENT, locality)
        return min(1.0, by_queue + rules.by_load * between(load, rules.from_load, rules.full_at_load))
