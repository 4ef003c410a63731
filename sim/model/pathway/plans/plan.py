"""A plan: visits at intervals, reviews on dates, work that must be done, and an end that somebody decides.

Plans end when a review finds the work done, so a missed moment costs months: drift is produced here, not assumed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from sim.model.cases.case import NOT_YET, Case, Spell
from sim.model.engine.event import Event, Phase
from sim.model.need.sight import REVIEW
from sim.model.pace import Milestone
from sim.model.pathway.plans.visits import Visits
from sim.model.practice.under_load import own_work
from sim.model.recording.names import OUTCOME
from sim.model.recording.names import REVIEW as WAITS_FOR_REVIEW
from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.engine.clock import Clock
    from sim.model.engine.diary import Diary
    from sim.model.practice.responses import Responses
    from sim.model.world import World
    from sim.scenario.sections.stages import PlanStage

OTHER: Final = OUTCOME["other"]


class Review(Event):
    """A review that is booked. An event of its own costs less than a function for each."""

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

    def give_way(self) -> None:
        """An urgent conference takes the slot: book another."""
        self.plan.rebook(self.spell, self.due)


class ReviewDates:
    """The days on which reviews take place: any day, or only days with a free slot in a diary.

    Args:
        diary: the diary of conferences; None where a review needs no slot.
        before_due: working days before its due date from which a review may be booked in the diary.
    """

    def __init__(self, clock: Clock, diary: Diary | None = None, before_due: int = 0) -> None:
        self._clock = clock
        self._diary = diary
        self._before_due = before_due

    def book(self, due: int) -> int | None:
        """The day of a review that is due on a day; None when the diary is full to its end."""
        if self._diary is None:
            return due
        return self._diary.book_by(due, max(self._clock.today + 1, due - self._before_due))

    def book_from(self, day: int) -> int | None:
        """The day of a review wanted from a day on; None when the diary is full to its end."""
        return day if self._diary is None else self._diary.book(day)

    def cancel(self, day: int) -> None:
        """Give a booked day back, unless it has come."""
        if self._diary is not None and day > self._clock.today:
            self._diary.cancel(day)

    def note(self, review: Review) -> None:
        """Note a booked review, which may have to give way."""
        if self._diary is not None:
            self._diary.note(review.day, review)

    def forget(self, review: Review) -> None:
        """A review is held, or its day given back."""
        if self._diary is not None:
            self._diary.forget(review.day, review)


class Plan:
    """The common part of the two kinds of plan, each of which holds one and says in what it differs.

    It may touch its own spells, through the flow, and the days of its reviews; other stages it does not know.

    Args:
        stage: code of the stage.
        stream: begins the names of its random streams.
        rules: its section of the scenario.
        first_visit_urgent: the first visit is urgent work (child protection).
        dates: the days on which its reviews take place.
        may_end: whether a review may end the plan today.
        ready_to_end: called when a review finds the plan's work done and it may end.
    """

    def __init__(
        self,
        world: World,
        flow: CaseFlow,
        stage: int,
        stream: str,
        rules: PlanStage,
        first_visit_urgent: bool,
        dates: ReviewDates,
        may_end: Callable[[Spell], bool],
        ready_to_end: Callable[[Spell], None],
        responses: Responses,
    ) -> None:
        self._under_load = responses.work
        self._world = world
        self._flow = flow
        self._clock = world.clock
        self._stage = stage
        self.stream = stream
        self._rules = rules
        self._dates = dates
        self._may_end = may_end
        self._ready_to_end = ready_to_end
        self._visits = Visits(world, flow, rules, first_visit_urgent, responses.ease)

    def begin(self, case: Case, from_plan: bool) -> Spell:
        """A plan starts today: its visits are counted from now, or from the last visit of the plan before it."""
        if not from_plan:
            case.last_seen = self._clock.today
        spell = self._flow.open(case, self._stage, clock_start=self._clock.today)
        work = self._rules.intervention.quantile(case.draws.uniform(self.stream + "_work"))
        self.start_work(spell, work)
        self.watch(spell)
        return spell

    def start_work(self, spell: Spell, work: float) -> None:
        """Set what the plan asks of its worker, `work` being what is left of it (working days at full pace)."""
        case = spell.case
        spell.work = work
        asked = self._rules.hours_a_week * case.factor
        milestones = [Milestone(spell, work, self._work_done, relief=self.relief(case), order=1)]
        first = self._visits.first(spell)
        if first is not None:
            milestones.append(first)
        self._flow.ask(spell, 0.0, asked, milestones)

    def relief(self, case: Case) -> float:
        """Hours a week that the plan's work asks, beyond what a plan asks once it is done."""
        rules = self._rules
        asked, waiting = rules.hours_a_week * case.factor, rules.hours_a_week_waiting * case.factor
        return asked - min(asked, waiting)

    def visit_soon(self, case: Case) -> bool:
        """Bring the next visit forward, and say whether there is one: to a plan that a worker carries."""
        spell = case.spells.get(self._stage)
        if spell is None or case.worker is None or self._rules.visit_interval == "none":
            return False
        self._visits.soon(spell)
        return True

    def watch(self, spell: Spell) -> None:
        """Set the dates of reviews and of other exits."""
        case, rules = spell.case, self._rules
        if rules.other_exits_a_year > 0:
            wait = (
                -math.log(1.0 - case.draws.uniform(self.stream + "_other_exit"))
                * WORKING_DAYS_A_YEAR
                / rules.other_exits_a_year
            )
            day = self._clock.today + math.ceil(wait)
            if day < self._world.calendar.horizon:
                self._clock.at(day, Phase.CONFERENCES, case.key, lambda: self._other_exit(spell))
        if rules.first_review != "none":
            due = rules.first_review.after(self._world.calendar, spell.clock_start)
            while due < self._clock.today:
                due = self._after_review(due)
            self._set_review(spell, due)

    def _work_done(self, spell: Spell, _at: float) -> None:
        case, rules = spell.case, self._rules
        today = self._clock.today
        spell.work_done = today
        self._flow.changed(case)
        self._flow.states.begin(spell, WAITS_FOR_REVIEW, spell.sought)
        if rules.first_review == "none":
            self.reconsider(case)
        elif case.draws.uniform(self.stream + "_brought_forward") < rules.brought_forward:
            day = today + int(rules.brought_forward_notice.working_days)
            if spell.booked == NOT_YET or day < spell.booked:
                self._bring_forward(spell, day)

    def looked_at(self, case: Case, share: float) -> None:
        """Worker and manager look at a case: if the plan's work is done, its review may be brought forward.

        Args:
            share: probability that it is.
        """
        spell, rules = case.spells.get(self._stage), self._rules
        if spell is None or spell.work_done == NOT_YET or spell.deciding or rules.first_review == "none":
            return
        day = self._clock.today + int(rules.brought_forward_notice.working_days)
        if spell.booked != NOT_YET and day < spell.booked and case.draws.uniform(self.stream + "_supervision") < share:
            self._bring_forward(spell, day)

    def reconsider(self, case: Case) -> None:
        """Without reviews a plan ends as soon as its work is done and nothing else is under way."""
        spell = case.spells.get(self._stage)
        if spell is None or self._rules.first_review != "none" or spell.work_done == NOT_YET or spell.deciding:
            return
        if self._may_end(spell):
            self._ready_to_end(spell)

    def _after_review(self, day: int) -> int:
        """When the review after the one of a day is due: another day, however short the interval."""
        return max(day + 1, self._rules.review_interval.after(self._world.calendar, day))

    def _set_review(self, spell: Spell, due: int) -> None:
        """Book the next review, which is due on a day."""
        self._seek(spell, due)
        day = self._dates.book(due)
        if day is None or day >= self._world.calendar.horizon:
            spell.booked = NOT_YET if day is None else day
            return
        self._put_down(spell, day, due)

    def _seek(self, spell: Spell, day: int) -> None:
        """Note the day on which the next review would be held if there were always a slot."""
        spell.sought = day
        if spell.state == WAITS_FOR_REVIEW:
            self._flow.states.begin(spell, WAITS_FOR_REVIEW, day)

    def _put_down(self, spell: Spell, day: int, due: int) -> None:
        """Put a review that is booked for a day in the diary."""
        spell.booked = day
        spell.review = review = Review(self, spell, day, due, self._clock)
        self._clock.arm(review, day)
        self._dates.note(review)

    def rebook(self, spell: Spell, due: int) -> None:
        """The slot of a booked review has gone to somebody else: book another."""
        spell.booked = NOT_YET
        spell.review = None
        if spell.open:
            self._set_review(spell, due)

    def _bring_forward(self, spell: Spell, day: int) -> None:
        booked = self._dates.book_from(day)
        if booked is None or (spell.booked != NOT_YET and booked >= spell.booked):
            if booked is not None:
                self._dates.cancel(booked)
            return
        self._give_back(spell)
        self._seek(spell, day)
        spell.booked = booked
        if booked < self._world.calendar.horizon:
            self._put_down(spell, booked, booked)

    def _give_back(self, spell: Spell) -> None:
        """Give back the day of a booked review, if there is one."""
        if spell.booked != NOT_YET:
            self._forget(spell)
            self._dates.cancel(spell.booked)
            spell.booked = NOT_YET

    def _forget(self, spell: Spell) -> None:
        """A booked review is held, or its day given back."""
        if spell.review is not None:
            self._dates.forget(spell.review)
            spell.review = None

    def review(self, spell: Spell, day: int, due: int) -> None:
        """The review booked for a day, if it still is: it may end the plan, and otherwise books the next."""
        if not spell.open or spell.booked != day:
            return  # ended, or this review was brought forward
        case = spell.case
        spell.booked = NOT_YET
        self._forget(spell)
        team = NOT_YET if case.worker is None else case.worker.team.number
        self._world.recorder.reviews.add((case.key, self._stage, team, day, due, case.children))
        self._flow.seen(case, REVIEW)
        if not spell.deciding and self._may_end(spell):
            if spell.work_done == NOT_YET and self._under_load.is_enough(spell):
                self._leave_the_rest(spell)
            if spell.work_done != NOT_YET:
                self._ready_to_end(spell)
        if spell.open:
            self._set_review(spell, self._after_review(day))

    def _leave_the_rest(self, spell: Spell) -> None:
        """The review takes the work for done, although some of it is left."""
        rest, worker = own_work(spell), spell.case.worker
        if rest is not None and worker is not None:
            worker.forgo(rest)
            spell.work_done = self._clock.today
            self._flow.changed(spell.case)

    def _other_exit(self, spell: Spell) -> None:
        """The family moves away, the child turns 18: the case closes, unless legal work is under way."""
        if not spell.open or not self._may_end(spell):
            return
        case = spell.case
        self.ended(spell)
        for other in list(case.spells.values()):
            self._flow.end(other, OTHER)
        self._flow.close(case, may_return=False)

    def ended(self, spell: Spell) -> None:
        """Called as the plan ends: give back a booked review."""
        self._give_back(spell)
