"""Pre-proceedings: legal planning meeting, a solicitor, the letter, and sixteen weeks to change.

The child protection plan goes on beside it, and no review ends the plan meanwhile. The clock starts with the letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NO_DAY, Case, Spell
from sim.model.engine.event import Phase
from sim.model.pace import Milestone
from sim.model.pathway.stage import Stage
from sim.model.recording.names import (
    CHILD_PROTECTION,
    CLOSURE,
    DECISION,
    OUTCOME,
    PANEL,
    PRE_PROCEEDINGS,
    SOLICITOR,
    TO_BEGIN,
)

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.pathway.capacities import Capacities
    from sim.model.pathway.pathway import Pathway
    from sim.model.pathway.routing import Routing
    from sim.model.practice.under_load import AtEase
    from sim.model.world import World

TO_COURT: Final = OUTCOME["court"]
BACK_TO_PLAN: Final = OUTCOME["child_protection"]
TO_CHILD_IN_NEED: Final = OUTCOME["child_in_need"]
OTHER: Final = OUTCOME["other"]


class PreProceedingsStage(Stage):
    """The pre-proceedings stage.

    It may touch the diary of legal panels and the solicitors, begins proceedings, and ends child protection plans.
    """

    def __init__(
        self, world: World, flow: CaseFlow, pathway: Pathway, routing: Routing, capacities: Capacities, ease: AtEase
    ) -> None:
        super().__init__(world, flow, pathway, routing)
        self._capacities = capacities
        self._ease = ease
        self._rules = self._world.scenario.stages.pre_proceedings

    def begin(self, case: Case) -> None:
        """Legal planning is sought today: the meeting takes the earliest panel slot with due notice."""
        spell = self._flow.open(case, PRE_PROCEEDINGS, clock_start=NO_DAY)
        notice = int(self._rules.panel_notice.working_days)
        self._flow.states.begin(spell, PANEL, self._world.clock.today + notice)
        self._flow.place(case)
        day = self._capacities.legal_panels.book(self._world.clock.today + notice)
        if day is not None and day < self._world.calendar.horizon:
            self._world.clock.at(day, Phase.CONFERENCES, case.key, lambda: self._planned(spell))

    def _planned(self, spell: Spell) -> None:
        if spell.open:
            self._flow.states.begin(spell, SOLICITOR)
            self._capacities.solicitors.ask(spell.case.key, lambda: self._letter(spell))

    def _letter(self, spell: Spell) -> None:
        """A solicitor is free: the letter goes out and the clock starts."""
        case = spell.case
        if not spell.open:
            self._capacities.solicitors.release(case.key)
            return
        spell.clock_start = self._world.clock.today
        self._flow.states.begin(spell, TO_BEGIN)
        work = self._rules.work.quantile(case.draws.uniform("pre_proceedings_work"))
        self.start_work(spell, work * self._ease.share(case.worker))

    def start_work(self, spell: Spell, work: float) -> None:
        """Set what pre-proceedings ask of the worker, `work` being what is left (working days at full pace)."""
        asked = self._rules.hours_a_week * spell.case.factor
        milestone = Milestone(spell, work, self._work_done, relief=asked, order=1)
        self._flow.ask(spell, 0.0, asked, [milestone])

    def _work_done(self, spell: Spell, _at: float) -> None:
        spell.work_done = self._world.clock.today
        self._flow.states.begin(spell, DECISION)
        self._flow.desk(spell.case).ask(spell.case, CLOSURE, True, lambda: self._decided(spell))

    def _decided(self, spell: Spell) -> None:
        if not spell.open:
            return
        case = spell.case
        draw = case.draws.uniform("pre_proceedings_outcome")
        outcome = self._routing.pick("pre_proceedings", draw, self._world.clock.today)
        self._flow.end(spell, outcome)
        if outcome == TO_COURT:
            self._pathway.court.begin(case)
            return
        self._capacities.solicitors.release(case.key)
        if outcome == TO_CHILD_IN_NEED and CHILD_PROTECTION in case.spells:
            self._pathway.child_protection.step_down(case, TO_CHILD_IN_NEED)
        elif case.spells:
            self._flow.place(case)
            self._pathway.child_protection.plan.reconsider(case)
        else:
            self._flow.close(case)
