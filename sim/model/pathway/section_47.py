"""Section 47 enquiry: from the strategy discussion to the initial child protection conference (ICPC).

Urgent work. The conference is booked when the enquiry is about half done, in the earliest slot on or after its habitual
date; an enquiry that is not signed off by then loses the slot and takes the next one. Where that would be out of time
the conference takes the slot of a review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET, Case, Spell
from sim.model.engine.event import Phase
from sim.model.levers.conference_practice import ConferencePractices
from sim.model.need.sight import REVIEW
from sim.model.pace import Milestone
from sim.model.pathway.stage import Stage
from sim.model.recording.names import (
    ASSESSMENT,
    CHILD_IN_NEED,
    CHILD_PROTECTION,
    DECISION,
    ENQUIRY,
    OUTCOME,
    SECTION_47,
)
from sim.model.recording.names import CONFERENCE as WAITS_FOR_CONFERENCE

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.engine.diary import Diary
    from sim.model.levers.quality_gate import QualityGates
    from sim.model.pathway.pathway import Pathway
    from sim.model.pathway.routing import Routing
    from sim.model.world import World

TO_CONFERENCE_AND_PLAN: Final = OUTCOME["child_protection"]
NO_FURTHER_ACTION: Final = OUTCOME["no_further_action"]
TO_COURT: Final = OUTCOME["court"]
TO_CHILD_IN_NEED: Final = OUTCOME["child_in_need"]
SECTION_47_OUTCOME: Final = OUTCOME["section_47"]
CONFERENCE: Final = "conference"


class Section47Stage(Stage):
    """The enquiry and its conference.

    It may touch its enquiries, the diary of conferences and quality gates. It ends the assessment and the child in need
    plan that a conference or the court takes over, and begins plans and proceedings.
    """

    def __init__(
        self, world: World, flow: CaseFlow, pathway: Pathway, routing: Routing, gates: QualityGates, conferences: Diary
    ) -> None:
        super().__init__(world, flow, pathway, routing)
        self._gates = gates
        self._conferences = conferences
        # Read at each enquiry: an attribute of the scenario is looked up the long way.
        rules = self._rules = self._world.scenario.stages.section_47
        self._habit = None if rules.habit == "none" else rules.habit
        self._hours_a_week: float = rules.hours_a_week
        self._standard = int(rules.standard.working_days)
        self._practices = ConferencePractices(world)
        self._notice = int(self._world.scenario.capacities.conference_notice.working_days)

    def begin(self, case: Case) -> None:
        """A strategy discussion opens the enquiry today."""
        rules = self._rules
        today = self._world.clock.today
        if self._habit is not None:
            habit = self._habit.quantile(case.draws.uniform("enquiry_habit"))
            if habit > self._standard and self._practices.brings_in_time(case):
                habit = float(self._standard)
            work = max(0.25, rules.work_share * habit)
        else:
            habit = 0.0
            work = rules.work.quantile(case.draws.uniform("enquiry_work"))
        spell = self._flow.open(case, SECTION_47, clock_start=today)
        spell.habit_day = today + int(habit)
        self.start_work(spell, work, work)

    def start_work(self, spell: Spell, work: float, whole: float) -> None:
        """Set what the enquiry asks of its worker; `whole`: all its work, of which `work` is left."""
        case, rules = spell.case, self._rules
        spell.work = whole
        asked = self._hours_a_week * case.factor
        # Whether there will be a conference was settled by the strategy discussion's facts; only its date is open.
        draw = case.draws.uniform("enquiry_outcome")
        outcome = self._routing.pick("section_47", draw, spell.entered)
        milestones = [Milestone(spell, work, self._work_done, urgent=True, relief=asked, order=1)]
        if outcome in (NO_FURTHER_ACTION, TO_COURT):
            spell.outcome = outcome
        else:
            spell.outcome = TO_CONFERENCE_AND_PLAN
            done = whole - work
            milestones.append(Milestone(spell, max(0.0, rules.booking_point * whole - done), self._book, urgent=True))
        self._flow.ask(spell, asked, 0.0, milestones)

    def _book(self, spell: Spell, _at: float) -> None:
        earliest = max(spell.habit_day, self._world.clock.today + self._notice)
        spell.booked = self._slot(spell, earliest)

    def _slot(self, spell: Spell, earliest: int) -> int:
        spell.sought = earliest
        day = self._conferences.book_urgently(earliest, spell.clock_start + self._standard)
        return NOT_YET if day is None else day

    def _work_done(self, spell: Spell, _at: float) -> None:
        case = spell.case
        spell.work_done = self._world.clock.today
        self._flow.states.begin(spell, DECISION)
        lag = self._gates.lag_of(spell)
        self._flow.desk(case).ask(case, ENQUIRY, True, lambda: self._signed_off(spell), lag)

    def _signed_off(self, spell: Spell) -> None:
        if not spell.open:
            return
        asked = self._hours_a_week * spell.case.factor
        if self._gates.returns(spell, asked, self._work_done):
            self._flow.states.works(spell)
            return
        if spell.outcome == NO_FURTHER_ACTION:
            self._no_further_action(spell)
            return
        if spell.outcome == TO_COURT:
            self._issue(spell)
            return
        clock = self._world.clock
        today = clock.today
        if spell.booked <= today:
            # The slot has gone by (or none was booked): the conference is put off to the next one.
            spell.booked = self._slot(spell, today + self._notice)
        self._flow.states.begin(spell, WAITS_FOR_CONFERENCE, spell.sought)
        if spell.booked != NOT_YET:
            clock.at(spell.booked, Phase.CONFERENCES, spell.case.key, lambda: self._conference(spell))

    def _no_further_action(self, spell: Spell) -> None:
        case = spell.case
        self._flow.end(spell, NO_FURTHER_ACTION)
        if case.spells:
            self._flow.place(case)  # the assessment or plan under way goes on
            self._pathway.child_in_need.plan.reconsider(case)
        else:
            self._pathway.assessment.move_on(case, self._pathway.assessment.outcome_without_enquiry(case))

    def _issue(self, spell: Spell) -> None:
        """The child cannot wait for a conference: care proceedings are issued, and take over what was under way."""
        case = spell.case
        self._flow.end(spell, TO_COURT)
        assessment = case.spells.get(ASSESSMENT)
        if assessment is not None:
            self._flow.end(assessment, SECTION_47_OUTCOME)
        plan = case.spells.get(CHILD_IN_NEED)
        if plan is not None:
            self._pathway.child_in_need.plan.ended(plan)
            self._flow.end(plan, TO_COURT)
        self._pathway.court.begin(case)

    def _conference(self, spell: Spell) -> None:
        """The initial child protection conference: it takes the assessment report and decides on a plan."""
        if not spell.open:
            return
        case = spell.case
        today = self._world.clock.today
        spell.conference = today
        self._flow.seen(case, REVIEW)
        outcome = self._routing.pick(CONFERENCE, case.draws.uniform("conference_outcome"), today)
        self._flow.end(spell, outcome)
        assessment = case.spells.get(ASSESSMENT)
        if assessment is not None:
            self._flow.end(assessment, SECTION_47_OUTCOME)
        plan = case.spells.get(CHILD_IN_NEED)
        if outcome == TO_CHILD_IN_NEED:
            if plan is None:
                self._pathway.child_in_need.begin(case)
        else:
            if plan is not None:
                self._flow.end(plan, TO_CONFERENCE_AND_PLAN)
            if CHILD_PROTECTION not in case.spells:
                self._pathway.child_protection.begin(case)
        self._flow.place(case)
        self._pathway.child_in_need.plan.reconsider(case)
