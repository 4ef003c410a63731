"""Care proceedings: from issue to the final hearing. The child protection plan ends when proceedings are issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET, Case, Spell
from sim.model.engine.event import Phase
from sim.model.pace import Milestone
from sim.model.pathway.stage import Stage
from sim.model.recording.names import CHILD_PROTECTION, COURT, HEARING, OUTCOME, SOLICITOR

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.pathway.capacities import Capacities
    from sim.model.pathway.pathway import Pathway
    from sim.model.pathway.routing import Routing
    from sim.model.world import World

TO_COURT: Final = OUTCOME["court"]
HOME_WITH_PLAN: Final = OUTCOME["home_with_plan"]


class CourtStage(Stage):
    """The court stage.

    It may touch the diary of final hearings and the solicitors, ends child protection plans, and begins child in need
    plans.
    """

    def __init__(
        self, world: World, flow: CaseFlow, pathway: Pathway, routing: Routing, capacities: Capacities
    ) -> None:
        super().__init__(world, flow, pathway, routing)
        self._capacities = capacities
        self._rules = self._world.scenario.stages.court

    def begin(self, case: Case) -> None:
        """Proceedings are issued today; the solicitor of the pre-proceedings goes on with the case."""
        rules = self._rules
        today = self._world.clock.today
        plan = case.spells.get(CHILD_PROTECTION)
        if plan is not None:
            self._pathway.child_protection.plan.ended(plan)
            self._flow.end(plan, TO_COURT)
        spell = self._flow.open(case, COURT, clock_start=today)
        habit = rules.habit.quantile(case.draws.uniform("court_habit"))
        spell.habit_day = today + int(habit)
        self.start_work(spell, rules.work_share * habit)
        self.seek_solicitor(spell)
        self._flow.place(case)

    def start_work(self, spell: Spell, work: float) -> None:
        """Set what proceedings ask of the worker, `work` being what is left (working days at full pace)."""
        asked = self._rules.hours_a_week * spell.case.factor
        relief = asked * 0.5  # half the hours stay until the final hearing (assumption)
        self._flow.ask(spell, 0.0, asked, [Milestone(spell, work, self._work_done, relief=relief, order=1)])

    def seek_solicitor(self, spell: Spell) -> None:
        """Ask for a solicitor, where the case has none from its pre-proceedings."""
        self._capacities.solicitors.ask(spell.case.key, lambda: self._list(spell))

    def _work_done(self, spell: Spell, _at: float) -> None:
        """The worker's evidence is in."""
        spell.work_done = self._world.clock.today
        self._list(spell)

    def _list(self, spell: Spell) -> None:
        """List the final hearing, on or after the day it is sought, once there is the evidence and a solicitor."""
        today = self._world.clock.today
        if not spell.open or spell.booked != NOT_YET or spell.work_done == NOT_YET:
            return
        if not self._capacities.solicitors.holds(spell.case.key):
            self._flow.states.begin(spell, SOLICITOR)
            return
        sought = max(spell.habit_day, today + 1)
        self._flow.states.begin(spell, HEARING, sought)
        day = self._capacities.final_hearings.book(sought)
        if day is not None:
            spell.booked = day
        if day is not None and day < self._world.calendar.horizon:
            self._world.clock.at(day, Phase.CONFERENCES, spell.case.key, lambda: self._final_hearing(spell))

    def _final_hearing(self, spell: Spell) -> None:
        case = spell.case
        draw = case.draws.uniform("court_outcome")
        outcome = self._routing.pick("court", draw, self._world.clock.today)
        self._flow.end(spell, outcome)
        self._capacities.solicitors.release(case.key)
        if outcome == HOME_WITH_PLAN:
            self._pathway.child_in_need.begin(case)
            self._flow.place(case)
        else:
            self._flow.close(case, may_return=False)
