"""What a review out of turn leads to: a manager decides, and in child protection a conference, as they always do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET, Case, Spell
from sim.model.engine.event import Phase
from sim.model.recording.names import (
    CHILD_IN_NEED,
    CHILD_PROTECTION,
    CLOSURE,
    DECISION,
    NO_CHANGE,
    OUTCOME,
    REVIEWED_TO_CLOSE,
    REVIEWED_TO_STEP_UP,
    SECTION_47,
    STEP_UP,
)

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.engine.diary import Diary
    from sim.model.pathway.pathway import Pathway
    from sim.model.world import World

LAG: Final = "targeted_review_lag"
"""Stream of the base lag of these decisions: a review moves no lag of the case's other decisions."""
CLOSE: Final = OUTCOME["close"]
EARLY_HELP: Final = OUTCOME["early_help"]
TO_CHILD_IN_NEED: Final = OUTCOME["child_in_need"]


class Outcomes:
    """Carries out what reviews find. It may end plans, begin enquiries and legal planning, and book conferences."""

    def __init__(self, world: World, flow: CaseFlow, pathway: Pathway, conferences: Diary) -> None:
        self._world = world
        self._flow = flow
        self._pathway = pathway
        self._conferences = conferences

    def carry_out(self, case: Case, stage: int, outcome: int) -> bool:
        """Set going what a review of a case in a stage has found.

        Returns:
            False when nothing comes of it: the case has moved on to a stage that is not reviewed, or what the review
            would lead to is under way already.
        """
        spell = case.spells.get(stage)
        if outcome == NO_CHANGE or spell is None:
            return False
        if stage == CHILD_IN_NEED:
            return self._child_in_need(spell, outcome)
        if stage == CHILD_PROTECTION:
            return self._child_protection(spell, outcome)
        return False

    def _child_in_need(self, spell: Spell, outcome: int) -> bool:
        case = spell.case
        if outcome == REVIEWED_TO_STEP_UP:
            self._flow.desk(case).ask(case, STEP_UP, True, partial(self._enquire, spell), LAG)
            return True
        if spell.deciding:
            return False  # a manager has been asked to end the plan already
        spell.deciding = True
        self._flow.states.begin(spell, DECISION)
        way = CLOSE if outcome == REVIEWED_TO_CLOSE else EARLY_HELP
        self._flow.desk(case).ask(case, CLOSURE, False, partial(self._end, spell, way), LAG)
        return True

    def _enquire(self, spell: Spell) -> None:
        case = spell.case
        if spell.open and SECTION_47 not in case.spells and CHILD_PROTECTION not in case.spells:
            self._pathway.section_47.begin(case)
            self._flow.place(case)

    def _end(self, spell: Spell, way: int) -> None:
        """The manager agrees that a child in need plan ends, unless an enquiry has begun meanwhile."""
        spell.deciding = False
        if not self._pathway.child_in_need.may_end(spell):
            if spell.open:
                self._flow.states.goes_on(spell)
            return
        self._flow.end(spell, way)
        if not spell.case.spells:
            self._flow.close(spell.case)

    def _child_protection(self, spell: Spell, outcome: int) -> bool:
        case, plan = spell.case, self._pathway.child_protection
        if not plan.may_end(spell):
            return False  # legal work is under way
        if outcome == REVIEWED_TO_STEP_UP:
            self._flow.desk(case).ask(case, STEP_UP, True, partial(self._plan_legally, spell), LAG)
        else:
            way = CLOSE if outcome == REVIEWED_TO_CLOSE else TO_CHILD_IN_NEED
            self._flow.desk(case).ask(case, CLOSURE, False, partial(self._bring_to_conference, spell, way), LAG)
        return True

    def _plan_legally(self, spell: Spell) -> None:
        if self._pathway.child_protection.may_end(spell):
            self._pathway.pre_proceedings.begin(spell.case)

    def _bring_to_conference(self, spell: Spell, way: int) -> None:
        """The manager agrees: the next free review conference with due notice is to end the plan."""
        if not self._pathway.child_protection.may_end(spell):
            return
        notice = int(self._world.scenario.capacities.conference_notice.working_days)
        day = self._conferences.book(self._world.clock.today + max(1, notice))
        if day is not None and day < self._world.calendar.horizon:
            self._world.clock.at(day, Phase.CONFERENCES, spell.case.key, partial(self._conference, spell, day, way))

    def _conference(self, spell: Spell, day: int, way: int) -> None:
        case = spell.case
        if not self._pathway.child_protection.may_end(spell):
            return
        team = NOT_YET if case.worker is None else case.worker.team.number
        self._world.recorder.reviews.add((case.key, CHILD_PROTECTION, team, day, day, case.children))
        self._pathway.child_protection.step_down(case, way)
