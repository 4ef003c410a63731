"""Pre-proceedings: legal planning meeting, a solicitor, the letter, and sixteen weeks to change.

The child protection plan goes on beside it, and no review ends the plan meanwhile. The clock starts with the letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NEVER, Case, Spell
from sim.model.engine.event import Phase
from sim.model.pace import Milestone
from sim.model.recording.names import CHILD_PROTECTION, CLOSURE, OUTCOME, PRE_PROCEEDINGS

if TYPE_CHECKING:
    from sim.model.service import Service

TO_COURT: Final = OUTCOME["court"]
BACK_TO_PLAN: Final = OUTCOME["child_protection"]
TO_CHILD_IN_NEED: Final = OUTCOME["child_in_need"]
OTHER: Final = OUTCOME["other"]


class PreProceedingsStage:
    """The pre-proceedings stage."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._rules = service.scenario.stages.pre_proceedings

    def begin(self, case: Case) -> None:
        """Legal planning is sought today: the meeting takes the earliest panel slot with due notice."""
        service = self._service
        spell = service.open(case, PRE_PROCEEDINGS, clock_start=NEVER)
        service.place(case)
        notice = int(self._rules.panel_notice.working_days)
        day = service.legal_panels.book(service.clock.today + notice)
        if day is not None and day < service.calendar.horizon:
            service.clock.at(day, Phase.CONFERENCES, case.key, lambda: self._planned(spell))

    def _planned(self, spell: Spell) -> None:
        if spell.open:
            self._service.solicitors.ask(spell.case.key, lambda: self._letter(spell))

    def _letter(self, spell: Spell) -> None:
        """A solicitor is free: the letter goes out and the clock starts."""
        service, case = self._service, spell.case
        if not spell.open:
            service.solicitors.release(case.key)
            return
        spell.clock_start = service.clock.today
        work = self._rules.work.quantile(case.draws.uniform("pre_proceedings_work"))
        self.start_work(spell, work)

    def start_work(self, spell: Spell, work: float) -> None:
        """Set what pre-proceedings ask of the worker, `work` being what is left (working days at full pace)."""
        asked = self._rules.hours_a_week * spell.case.factor
        milestone = Milestone(spell, work, self._work_done, relief=asked, order=1)
        self._service.ask(spell, 0.0, asked, [milestone])

    def _work_done(self, spell: Spell, _at: float) -> None:
        spell.work_done = self._service.clock.today
        self._service.desk(spell.case).ask(spell.case, CLOSURE, True, lambda: self._decided(spell))

    def _decided(self, spell: Spell) -> None:
        if not spell.open:
            return
        service, case = self._service, spell.case
        draw = case.draws.uniform("pre_proceedings_outcome")
        outcome = service.routing.pick("pre_proceedings", draw, service.clock.today)
        service.end(spell, outcome)
        if outcome == TO_COURT:
            service.court.begin(case)
            return
        service.solicitors.release(case.key)
        if outcome == TO_CHILD_IN_NEED and CHILD_PROTECTION in case.spells:
            service.child_protection.step_down(case, TO_CHILD_IN_NEED)
        elif case.spells:
            service.place(case)
            service.child_protection.reconsider(case)
        else:
            service.close(case)
