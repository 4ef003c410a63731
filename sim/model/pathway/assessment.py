"""Child and family assessment: from the referral to the manager's authorisation.

The clock starts at the referral. Work begins when a worker has room; once it is done the manager is asked to authorise,
and the assessment ends on its habitual date or when it is authorised, whichever is later. A strategy discussion may be
called on the way; the assessment then runs beside the section 47 enquiry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.cases.case import Case, Spell
from sim.model.engine.event import Phase
from sim.model.pace import Milestone
from sim.model.pathway.front_door.premature_closure import CLOSING
from sim.model.pathway.stage import Stage
from sim.model.recording.names import (
    ASSESSMENT,
    ASSESSMENT_DECISION,
    CHILD_IN_NEED,
    CHILD_PROTECTION,
    COURT,
    CUSTOM,
    DECISION,
    OUTCOME,
    SECTION_47,
    STEP_UP,
)

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.levers.meetings import Meetings
    from sim.model.levers.quality_gate import QualityGates
    from sim.model.pathway.front_door.premature_closure import PrematureClosures
    from sim.model.pathway.pathway import Pathway
    from sim.model.pathway.routing import Routing
    from sim.model.practice.custom import Custom
    from sim.model.world import World

SECTION_47_OUTCOME: Final = OUTCOME["section_47"]
CHILD_IN_NEED_OUTCOME: Final = OUTCOME["child_in_need"]
LEAST_WORK: Final = 0.25
"""Working days at full pace that the shortest assessment takes."""


class AssessmentStage(Stage):
    """The assessment stage.

    It may touch its assessments and what they pass on the way out (quality gates, family meetings, premature closure),
    and begins enquiries and child in need plans.
    """

    def __init__(
        self,
        world: World,
        flow: CaseFlow,
        pathway: Pathway,
        routing: Routing,
        gates: QualityGates,
        meetings: Meetings,
        premature_closure: PrematureClosures,
        custom: Custom,
    ) -> None:
        super().__init__(world, flow, pathway, routing)
        self._gates = gates
        self._meetings = meetings
        self._premature_closure = premature_closure
        self._custom = custom
        # Read at each assessment: an attribute of the scenario is looked up the long way.
        rules = self._rules = self._world.scenario.stages.assessment
        self._habit = None if rules.habit == "none" else rules.habit
        self._ends_on_date = rules.ends == "on_customary_date"
        self._work_share: float = rules.work_share
        self._hours_a_week: float = rules.hours_a_week
        self._hours_a_week_waiting: float = rules.hours_a_week_waiting

    def begin(self, case: Case, outcome_draw: float, strategy: bool) -> None:
        """A referral is accepted, or goes straight to a strategy discussion and is assessed beside it."""
        today = self._world.clock.today
        habit = work = 0.0
        if self._habit is not None:
            draw = case.draws.uniform("assessment_habit")
            habit = self._habit.quantile(draw)
            if habit < 1.0 and not strategy:
                self._same_day(case)
                return
            work = max(LEAST_WORK, self._work_share * habit)
            customary = self._custom.draw(draw, case.locality, today)
            if customary != draw:
                habit = self._habit.quantile(customary)
        elif self._rules.work is not None:
            work = self._rules.work.quantile(case.draws.uniform("assessment_work"))
        spell = self._flow.open(case, ASSESSMENT, clock_start=case.referred)
        spell.habit_day = case.referred + int(habit)
        outcome = self._routing.pick("assessment", outcome_draw, today)
        self.start_work(spell, work, None if strategy or outcome != SECTION_47_OUTCOME else self._point(case) * work)
        spell.outcome = SECTION_47_OUTCOME if strategy else outcome
        if strategy:
            self._pathway.section_47.begin(case)
        self._flow.place(case)

    def start_work(self, spell: Spell, work: float, strategy_at: float | None) -> None:
        """Set what is asked of the worker; `strategy_at`: work after which a strategy discussion is called."""
        case = spell.case
        spell.work = work
        asked = self._hours_a_week * case.factor
        milestones = [Milestone(spell, work, self._work_done, relief=self._relief(case), order=1)]
        if strategy_at is not None:
            milestones.append(Milestone(spell, min(strategy_at, work), self._risk_recognised))
        milestones += self._premature_closure.watch(spell, work)
        self._flow.ask(spell, 0.0, asked, milestones)

    def _relief(self, case: Case) -> float:
        """Hours a week that the work itself asks, beyond what an assessment asks while it waits."""
        asked, waiting = self._hours_a_week * case.factor, self._hours_a_week_waiting * case.factor
        return asked - min(asked, waiting)

    def _point(self, case: Case) -> float:
        rules = self._rules
        span = rules.strategy_discussion_to - rules.strategy_discussion_from
        return rules.strategy_discussion_from + span * case.draws.uniform("strategy_point")

    def _same_day(self, case: Case) -> None:
        """Recorded as an assessment, closed at the front door on the day: no worker is allocated."""
        today = self._world.clock.today
        spell = Spell(case, ASSESSMENT, case.referred, today)
        spell.ended = spell.work_done = today
        spell.outcome = OUTCOME["same_day_closure"]
        self._flow.records.record(spell)
        self._flow.close(case)

    def _risk_recognised(self, spell: Spell, _at: float) -> None:
        """The worker has seen enough to call a strategy discussion: the manager decides."""
        case = spell.case
        self._flow.desk(case).ask(case, STEP_UP, True, lambda: self._strategy_discussion(case))

    def _strategy_discussion(self, case: Case) -> None:
        if not case.spells or any(stage in case.spells for stage in (SECTION_47, CHILD_PROTECTION, COURT)):
            return  # another decision was quicker
        self._pathway.section_47.begin(case)
        self._flow.place(case)

    def _work_done(self, spell: Spell, _at: float) -> None:
        spell.work_done = self._world.clock.today
        closing = spell.outcome in CLOSING
        if not (closing and self._meetings.before_closing(spell, self._hand_in)):
            self._hand_in(spell)

    def _hand_in(self, spell: Spell) -> None:
        """The manager is asked to authorise."""
        case = spell.case
        spell.deciding = True
        self._flow.states.begin(spell, DECISION)
        lag = self._gates.lag_of(spell)
        self._flow.desk(case).ask(case, ASSESSMENT_DECISION, False, lambda: self._authorised(spell), lag)

    def _authorised(self, spell: Spell) -> None:
        if not spell.open:
            return  # a conference has taken the assessment report meanwhile
        clock = self._world.clock
        spell.deciding = False
        if self._gates.returns(spell, self._relief(spell.case), self._work_done):
            self._flow.states.works(spell)
            return
        if self._habit is not None and self._ends_on_date and spell.habit_day > clock.today:
            self._flow.states.begin(spell, CUSTOM, spell.habit_day)
            clock.at(spell.habit_day, Phase.MANAGERS, spell.case.key, lambda: self.complete(spell))
        else:
            self.complete(spell)

    def complete(self, spell: Spell) -> None:
        """The assessment is authorised: the child moves on, unless an enquiry or a plan is already under way."""
        if not spell.open:
            return
        case = spell.case
        enquiry = SECTION_47 in case.spells
        if enquiry or CHILD_PROTECTION in case.spells or CHILD_IN_NEED in case.spells:
            self._flow.end(spell, SECTION_47_OUTCOME)
            return
        outcome = spell.outcome
        if outcome == SECTION_47_OUTCOME:
            outcome = self.outcome_without_enquiry(case)
        self._flow.end(spell, outcome)
        self.move_on(case, outcome)

    def outcome_without_enquiry(self, case: Case) -> int:
        """Where the assessment leads once an enquiry has ended with no further action."""
        draw = case.draws.uniform("assessment_second_outcome")
        return self._routing.without("assessment", draw, self._world.clock.today, SECTION_47_OUTCOME)

    def move_on(self, case: Case, outcome: int) -> None:
        """To a child in need plan, or out."""
        if outcome == CHILD_IN_NEED_OUTCOME:
            self._pathway.child_in_need.begin(case)
            self._flow.place(case)
        else:
            self._flow.close(case)
