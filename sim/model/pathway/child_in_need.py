"""Child in need plan: ends when a review finds its work done and a manager agrees; may step up to an enquiry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.model.cases.case import NOT_YET, Spell
from sim.model.engine.event import Phase
from sim.model.pathway.plans import Plan
from sim.model.recording.names import CHILD_IN_NEED, CHILD_PROTECTION, CLOSURE, SECTION_47, STEP_UP
from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from sim.model.service import Service


class ChildInNeedStage(Plan):
    """The child in need stage."""

    stream = "child_in_need"

    def __init__(self, service: Service) -> None:
        self._rules = service.scenario.stages.child_in_need
        super().__init__(service, CHILD_IN_NEED, self._rules, first_visit_urgent=False)

    def watch(self, spell: Spell) -> None:
        """Reviews, other exits, and the day on which risk rises to a strategy discussion, if it does."""
        super().watch(spell)
        service, case = self._service, spell.case
        if self._rules.step_up_a_year > 0:
            wait = -math.log(1.0 - case.draws.uniform("step_up")) * WORKING_DAYS_A_YEAR / self._rules.step_up_a_year
            day = service.clock.today + math.ceil(wait)
            if day < service.calendar.horizon:
                service.clock.at(day, Phase.NEED, case.key, lambda: self._risk_rises(spell))

    def may_end(self, spell: Spell) -> bool:
        """Not while an enquiry is under way."""
        return spell.open and SECTION_47 not in spell.case.spells

    def ready_to_end(self, spell: Spell) -> None:
        """A manager is asked to agree that the plan ends, once the family has met if it is to."""
        spell.deciding = True
        if not self._service.meetings.before_closing(spell, self._ask_to_end):
            self._ask_to_end(spell)

    def _ask_to_end(self, spell: Spell) -> None:
        lag = self._service.gates.lag_of(spell)
        self._service.desk(spell.case).ask(spell.case, CLOSURE, False, lambda: self._agreed(spell), lag)

    def _agreed(self, spell: Spell) -> None:
        spell.deciding = False
        if not self.may_end(spell):
            return
        if self._service.gates.returns(spell, self.relief(spell.case), self._reworked):
            spell.work_done = NOT_YET  # no review ends the plan until the work is done again
            return
        service, case = self._service, spell.case
        service.end(
            spell,
            service.routing.pick("child_in_need", case.draws.uniform("child_in_need_outcome"), service.clock.today),
        )
        if not case.spells:
            service.close(case)

    def _reworked(self, spell: Spell, _at: float) -> None:
        """The work that was returned is done: the manager is asked again, unless an enquiry leaves it to a review."""
        spell.work_done = self._service.clock.today
        if self.may_end(spell):
            self.ready_to_end(spell)

    def _risk_rises(self, spell: Spell) -> None:
        if spell.open and SECTION_47 not in spell.case.spells and CHILD_PROTECTION not in spell.case.spells:
            self._service.desk(spell.case).ask(spell.case, STEP_UP, True, lambda: self._stepped_up(spell))

    def _stepped_up(self, spell: Spell) -> None:
        if spell.open and SECTION_47 not in spell.case.spells:
            self._service.section_47.begin(spell.case)
            self._service.place(spell.case)
