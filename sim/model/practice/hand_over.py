"""What every change of worker costs, planned or not: records to read, a first visit, trust to be won again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.engine.limits import DAYS_A_WEEK
from sim.model.pace import Milestone
from sim.model.practice.under_load import own_work
from sim.model.recording.names import CHILD_IN_NEED, CHILD_PROTECTION

if TYPE_CHECKING:
    from sim.model.cases.case import Case, Spell
    from sim.scenario.sections.practice import Practice

PLANS: Final = (CHILD_IN_NEED, CHILD_PROTECTION)
GETTING_TO_KNOW: Final = 3
"""Order of the milestone that ends the hours of taking over."""


class HandOver:
    """The cost of a case's next worker; nothing where the scenario says so."""

    def __init__(self, rules: Practice | None) -> None:
        part = None if rules is None or rules.hand_over == "none" else rules.hand_over
        self._hours = 0.0 if part is None else part.reading_hours + part.first_visit_hours
        self._over = 0.0 if part is None else max(1.0, part.over.working_days)
        self._trust = 0.0 if part is None else part.trust.working_days

    def begin_anew(self, case: Case) -> None:
        """The family begins anew with another worker: some of a plan's work is done again (nobody carries it now)."""
        if self._trust <= 0.0:
            return
        for stage in PLANS:
            spell = case.spells.get(stage)
            work = None if spell is None else own_work(spell)
            if spell is not None and work is not None and not work.carried:
                done = max(0.0, spell.work - work.remaining)
                work.remaining += min(self._trust, done)

    def getting_to_know(self, spell: Spell) -> Milestone | None:
        """The milestone that ends the hours of reading and of the first visit, which it relieves the worker of."""
        if self._hours <= 0.0:
            return None
        asked = self._hours * spell.case.factor * DAYS_A_WEEK / self._over
        return Milestone(spell, self._over, _known, relief=asked, order=GETTING_TO_KNOW)


def _known(spell: Spell, at: float) -> None:
    """The worker knows the family: nothing follows."""
