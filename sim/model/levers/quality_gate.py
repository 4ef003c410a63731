"""Lever: a stricter sign-off, which returns a share of the work to the social worker.

What is returned takes extra work at the pace of its stage and a further decision, with a manager's hours again. What
the better work does for families, fewer of whom then come back, is an assumption of the scenario and stands apart.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import Case, Spell
from sim.model.levers.dated import days_of
from sim.model.pace import Milestone
from sim.model.recording.names import STAGES
from sim.scenario.sections.levers import QualityGate

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.model.cases.case_flow import CaseFlow
    from sim.model.world import World


FIRST_LAG: Final = "decision_lag"
LATER_LAG: Final = "quality_gate_lag"
"""Streams of a decision's base lag: what is returned moves no lag of the case's other decisions."""


class QualityGates:
    """Lever `quality_gate`: the gates, by the stages that they stand at.

    They may touch the spell that is returned: work is added to it.
    """

    def __init__(self, world: World, flow: CaseFlow) -> None:
        self._world = world
        self._flow = flow
        self._gates = days_of(QualityGate, world)

    def lag_of(self, spell: Spell) -> str:
        """Stream of the base lag of the decision that a spell asks for now."""
        return LATER_LAG if spell.returned else FIRST_LAG

    def returns(self, spell: Spell, asked: float, reworked: Callable[[Spell, float], None]) -> bool:
        """Whether a manager who looks at a spell's work today returns it; if so the extra work begins.

        Args:
            asked: hours a week that the extra work asks (urgent in an enquiry, routine otherwise).
            reworked: called when the extra work is done.
        """
        gate = self._gate(spell)
        if gate is None:
            return False
        case = spell.case
        if spell.returned < gate.most_returns and case.draws.uniform("quality_gate") < gate.returned:
            spell.returned += 1
            urgent = spell.stage == STAGES.index("section_47")
            extra = gate.rework * spell.work
            # Work is paced towards the habitual date and handed in just before it; what comes back is done after it.
            spell.habit_day += math.ceil(extra)
            milestone = Milestone(spell, extra, reworked, urgent=urgent, relief=asked, order=1)
            self._flow.ask_more(spell, milestone)
            return True
        case.assured = gate.rereferral_reduction
        return False

    def _gate(self, spell: Spell) -> QualityGate | None:
        """The gate that holds for a spell today: of several, the one named last."""
        if not self._gates:
            return None
        today, stage = self._world.clock.today, STAGES[spell.stage]
        team = self._flow.desk(spell.case).team.name
        for first, until, gate in reversed(self._gates):
            if first <= today < until and stage in gate.stages and gate.team in (None, team):
                return gate
        return None


def kept_closed(case: Case) -> float:
    """Share of those who would come back that does, after the gate through which the case was closed."""
    return 1.0 - case.assured
