"""A plan: visits at intervals, reviews on dates, work that must be done, and an end that somebody decides.

Plans end when a review finds the work done, so a missed moment costs months: drift is produced here, not assumed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from sim.model.cases.case import NOT_YET, Case, Spell
from sim.model.engine.event import Event, Phase
from sim.model.need.sight import REVIEW
from sim.model.pace import Milestone
from sim.model.pathway.plans.visits import Visits
from sim.model.recording.names import OUTCOME
from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from sim.model.engine.clock import Clock
    from sim.model.service import Service
    from sim.scenario.sections.stages import PlanStage

OTHER: Final = OUTCOME["other"]


class Review(Event):
    """A review that is booked; there are so many that a function for each would cost more."""

    __slots__ = ("day", "due", "plan", "spell")

    def __init__(self, plan: Plan, spell: Spell, day: int, due: int, clock: Clock) -> None:
        super().__init__(clock, Phase.CONFERENCES, spell.case.key)
        self.plan = plan
        self.spell = spell
        self.day = day
        self.due = due

    @override
    def happen(self) -> None:
        """Hold it."""
        self.plan.review(self.spell, self.day, self.due)


class Plan:
    """The common part of the two kinds of plan.

    Args:
        stage: code of the stage.
        rules: its section of the scenario.
        first_visit_urgent: the first visit is urgent work (child protection).
    """

    stream = "plan"

    def __init__(self, service: Service, stage: int, rules: PlanStage, first_visit_urgent: bool) -> None:
        self._service = service
        self._stage = stage
        self._plan_rules = rules
        self._visits = Visits(service, rules, first_visit_urgent)

    def begin(self, case: Case, from_plan: bool = False) -> None:
        """A plan starts today: its visits are counted from now, or from the last visit of the plan before it."""
        if not from_plan:
            case.last_seen = self._service.clock.today
        spell = self._service.open(case, self._stage, clock_start=self._service.clock.today)
        work = self._plan_rules.intervention.quantile(case.draws.uniform(self.stream + "_work"))
        self.start_work(spell, work)
        self.watch(spell)

    def start_work(self, spell: Spell, work: float) -> None:
        """Set what the plan asks of its worker, `work` being what is left of it (working days at full pace)."""
        case = spell.case
        spell.work = work
        asked = self._plan_rules.hours_a_week * case.factor
        milestones = [Milestone(spell, work, self._work_done, relief=self.relief(case), order=1)]
        first = self._visits.first(spell)
        if first is not None:
            milestones.append(first)
        self._service.ask(spell, 0.0, asked, milestones)

    def relief(self, case: Case) -> float:
        """Hours a week that the plan's work asks, beyond what a plan asks once it is done."""
        rules = self._plan_rules
        asked, waiting = rules.hours_a_week * case.factor, rules.hours_a_week_waiting * case.factor
        return asked - min(asked, waiting)

    def visit_soon(self, case: Case) -> bool:
        """Bring the next visit forward, and say whether there is one: to a plan that a worker carries."""
        spell = case.spells.get(self._stage)
        if spell is None or case.worker is None or self._plan_rules.visit_interval == "none":
            return False
        self._visits.soon(spell)
        return True

    def watch(self, spell: Spell) -> None:
        """Set the dates on which the plan may end or change: reviews, and other exits."""
        service, case, rules = self._service, spell.case, self._plan_rules
        if rules.other_exits_a_year > 0:
            wait = (
                -math.log(1.0 - case.draws.uniform(self.stream + "_other_exit"))
                * WORKING_DAYS_A_YEAR
                / rules.other_exits_a_year
            )
            day = service.clock.today + math.ceil(wait)
            if day < service.calendar.horizon:
                service.clock.at(day, Phase.CONFERENCES, case.key, lambda: self._other_exit(spell))
        if rules.first_review != "none":
            due = rules.first_review.after(service.calendar, spell.clock_start)
            while due < service.clock.today:
                due = self._after_review(due)
            self._set_review(spell, due)

    def _work_done(self, spell: Spell, _at: float) -> None:
        service, case, rules = self._service, spell.case, self._plan_rules
        today = service.clock.today
        spell.work_done = today
        service.need.changed(case)
        if rules.first_review == "none":
            self.reconsider(case)
        elif case.draws.uniform(self.stream + "_brought_forward") < rules.brought_forward:
            day = today + int(rules.brought_forward_notice.working_days)
            if spell.booked == NOT_YET or day < spell.booked:
                self._bring_forward(spell, day)

    def looked_at(self, case: Case, share: float) -> None:
        """Worker and manager look at a case: of plans whose work is done so many have their review brought forward."""
        spell, rules = case.spells.get(self._stage), self._plan_rules
        if spell is None or spell.work_done == NOT_YET or spell.deciding or rules.first_review == "none":
            return
        day = self._service.clock.today + int(rules.brought_forward_notice.working_days)
        if spell.booked != NOT_YET and day < spell.booked and case.draws.uniform(self.stream + "_supervision") < share:
            self._bring_forward(spell, day)

    def reconsider(self, case: Case) -> None:
        """Without reviews a plan ends as soon as its work is done and nothing else is under way."""
        spell = case.spells.get(self._stage)
        if spell is None or self._plan_rules.first_review != "none" or spell.work_done == NOT_YET or spell.deciding:
            return
        if self.may_end(spell):
            self.ready_to_end(spell)

    def _after_review(self, day: int) -> int:
        """When the review after the one of a day is due: another day, however short the interval."""
        return max(day + 1, self._plan_rules.review_interval.after(self._service.calendar, day))

    def _set_review(self, spell: Spell, due: int) -> None:
        """Book the next review, which is due on a day."""
        day = self._book(due)
        if day is None or day >= self._service.calendar.horizon:
            spell.booked = NOT_YET if day is None else day
            return
        spell.booked = day
        clock = self._service.clock
        clock.arm(Review(self, spell, day, due, clock), day)

    def _bring_forward(self, spell: Spell, day: int) -> None:
        found = self._book_from(day)
        if found is None or (spell.booked != NOT_YET and found >= spell.booked):
            if found is not None:
                self._cancel(found)
            return
        if spell.booked != NOT_YET:
            self._cancel(spell.booked)
        spell.booked = found
        if found < self._service.calendar.horizon:
            clock = self._service.clock
            clock.arm(Review(self, spell, found, found, clock), found)

    def review(self, spell: Spell, day: int, due: int) -> None:
        """The review booked for a day, if it still is: it may end the plan, and otherwise books the next."""
        if not spell.open or spell.booked != day:
            return  # ended, or this review was brought forward
        service, case = self._service, spell.case
        spell.booked = NOT_YET
        team = NOT_YET if case.worker is None else case.worker.team.number
        service.recorder.reviews.add((case.key, self._stage, team, day, due, case.children))
        service.need.seen(case, REVIEW)
        if spell.work_done != NOT_YET and not spell.deciding and self.may_end(spell):
            self.ready_to_end(spell)
        if spell.open:
            self._set_review(spell, self._after_review(day))

    def _other_exit(self, spell: Spell) -> None:
        """The family moves away, the child turns 18: the case closes, unless legal work is under way."""
        if not spell.open or not self.may_end(spell):
            return
        service, case = self._service, spell.case
        self.ended(spell)
        for other in list(case.spells.values()):
            service.end(other, OTHER)
        service.close(case, may_return=False)

    def ended(self, spell: Spell) -> None:
        """Called as the plan ends: give back a booked review."""
        if spell.booked != NOT_YET:
            self._cancel(spell.booked)
            spell.booked = NOT_YET

    # What the two kinds of plan do in their own way.

    def may_end(self, spell: Spell) -> bool:
        """Whether a review may end the plan."""
        return spell.open

    def ready_to_end(self, spell: Spell) -> None:
        """A review finds the plan's work done."""
        raise NotImplementedError

    def _book(self, due: int) -> int | None:
        """The day of a review that is due on a day."""
        return due

    def _book_from(self, day: int) -> int | None:
        """The day of a review wanted from a day on."""
        return day

    def _cancel(self, day: int) -> None:
        """Give a booked day back."""
