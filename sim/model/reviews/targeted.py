"""Targeted review: a list of cases is gone through beside daily work, and some of them close, step down or step up.

The list is made on the review's first day, longest open first. Each morning the hours of the day before are counted,
and as many cases are reviewed as they pay for; then the day's hours are taken from those of the reviewing team who are
there, never more than the list still needs. Hours are given back when the list is finished.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET, Case
from sim.model.engine.event import Phase
from sim.model.engine.limits import CRUMB, DAYS_A_WEEK, INFINITE, LAST_OF_PHASE
from sim.model.need.sight import REVIEW
from sim.model.recording.names import NO_CHANGE, REVIEWED, STAGES
from sim.scenario.sections.demand import NEED_LEVELS
from sim.scenario.sections.targeted_review import TargetedReview

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.reviews.outcomes import Outcomes
    from sim.model.workforce.team import Teams
    from sim.model.workforce.worker import Worker
    from sim.model.world import World

WHOLE: Final = 1.0 - 1e-9
"""Part of a review that counts as one, rounding of sums of floats allowed for."""


class TargetedReviews:
    """The targeted reviews of a scenario: each takes hours of the reviewing team, and carries out what it finds."""

    def __init__(self, world: World, teams: Teams, flow: CaseFlow, outcomes: Outcomes) -> None:
        self.reviews = [
            ListedReview(world, teams, flow, outcomes, lever, place)
            for place, lever in world.scenario.numbered_levers_of(TargetedReview)
        ]

    def schedule(self) -> None:
        """Set the first day of every review."""
        for review in self.reviews:
            review.schedule()

    def cost(self, first: int, last: int) -> float:
        """Pounds that the reviews done from one working day to another cost by the review."""
        return sum(
            review.lever.cost_a_review * sum(first <= day <= last for day in review.days) for review in self.reviews
        )

    def record_left(self) -> None:
        """Record the listed cases that nobody has come to by the end of the run."""
        for review in self.reviews:
            review.record_left()


class ListedReview:
    """A review with its list.

    Attributes:
        lever: the scenario's words about it.
        left: listed cases not yet reviewed, the next one last.
        closed_first: listed cases that closed before anybody came to them.
        days: the day of each review so far.
        hours_taken: hours taken from the reviewing team's case hours, up to this morning.
        hours_used: hours that the reviews paid for with them took.
    """

    def __init__(
        self, world: World, teams: Teams, flow: CaseFlow, outcomes: Outcomes, lever: TargetedReview, place: int
    ) -> None:
        self.lever = lever
        self._world = world
        self._teams = teams
        self._flow = flow
        self._outcomes = outcomes
        self._place = place
        self._name = f"targeted review {place}"
        self._reviewers = None if lever.by is None else self._teams.named(lever.by)
        self._until = None if lever.until is None else self._world.calendar.index(lever.until)
        self._listed_at: dict[int, tuple[int, int]] = {}  # team and stage by number of the case
        self._lending: list[Worker] = []
        self._rate = 0.0  # hours a week taken since this morning
        self._hours = 0.0
        self._reviews = 0.0
        self.left: list[Case] = []
        self.closed_first: list[Case] = []
        self.days: list[int] = []
        self.hours_taken = 0.0
        self.hours_used = 0.0

    def schedule(self) -> None:
        """Have the list made on the first day."""
        self._at(self._world.calendar.index(self.lever.at), first=True)

    def record_left(self) -> None:
        """Record the listed cases that nobody has come to, as they were when the list was made."""
        for case in sorted(self.left + self.closed_first, key=lambda c: c.key):
            team, stage = self._listed_at[case.key]
            self._record(case, team, stage, NOT_YET, NO_CHANGE)

    def _at(self, day: int, first: bool = False) -> None:
        if day < self._world.calendar.horizon:
            call = self._begin if first else self._morning
            self._world.clock.at(day, Phase.ABSENCE, LAST_OF_PHASE + self._place, call)

    def _begin(self) -> None:
        """Make the list: what is chosen, longest open first, less those at its head who have been reviewed before."""
        oldest_first = sorted((entered, case.key, case) for entered, case in self._chosen())
        most = INFINITE if self.lever.children is None else self.lever.children
        listed = done = 0
        for _, _, case in oldest_first:
            if listed + case.children > most:
                continue
            listed += case.children
            if done + case.children <= self.lever.already_done:
                done += case.children
                continue
            self.left.append(case)
            desk, stage = self._flow.desk(case), self._flow.leading_stage(case)
            self._listed_at[case.key] = (desk.team.number, stage)
        self.left.reverse()
        self._arrange_day()

    def _chosen(self) -> list[tuple[int, Case]]:
        """Open cases that the review means, with the day on which their plan began."""
        lever = self.lever
        place = None if lever.locality is None else list(self._world.scenario.localities).index(lever.locality)
        longer = lever.open_longer_than.working_days or -INFINITE
        chosen = []
        for case in self._flow.open_cases():
            spell = case.spells.get(self._flow.leading_stage(case))
            if (
                spell is not None
                and STAGES[spell.stage] in lever.stages
                and self._world.clock.today - spell.entered > longer
                and (lever.need is None or NEED_LEVELS[case.need - 1] in lever.need)
                and (lever.team is None or self._flow.desk(case).team.name == lever.team)
                and place in (None, case.locality)
            ):
                chosen.append((spell.entered, case))
        return chosen

    def _morning(self) -> None:
        """Count what the day before has given, review what it pays for, and arrange the new day."""
        self._hours += self._rate / DAYS_A_WEEK
        self.hours_taken += self._rate / DAYS_A_WEEK
        self._reviews += self.lever.reviews_a_week / DAYS_A_WEEK
        while self._drop_closed():
            case = self.left[-1]
            hours = self._hours_for(case)
            if self._reviews >= WHOLE:
                self._reviews -= 1.0
            elif self.lever.hours_a_week > 0 and self._hours >= hours - CRUMB:
                self._hours -= hours
                self.hours_used += hours
            else:
                break
            self.left.pop()
            self._review(case)
        self._arrange_day()

    def _drop_closed(self) -> bool:
        """Take cases that have closed off the end of the list; whether one is left to review."""
        while self.left and not self.left[-1].spells:
            self.closed_first.append(self.left.pop())
        return bool(self.left)

    def _hours_for(self, case: Case) -> float:
        return self.lever.hours_per_case * case.factor

    def _review(self, case: Case) -> None:
        today = self._world.clock.today
        draw, outcome = case.draws.uniform("targeted_review"), NO_CHANGE
        for code, name in enumerate(REVIEWED):
            draw -= getattr(self.lever.outcomes, name)
            if draw < 0.0:
                outcome = code
                break
        team, stage = self._flow.desk(case).team.number, self._flow.leading_stage(case)
        self._flow.seen(case, REVIEW)
        if not self._outcomes.carry_out(case, stage, outcome):
            outcome = NO_CHANGE
        self.days.append(today)
        self._record(case, team, stage, today, outcome)

    def _record(self, case: Case, team: int, stage: int, day: int, outcome: int) -> None:
        self._world.recorder.targeted.add((case.key, team, stage, day, outcome, case.children, self._place))

    def _arrange_day(self) -> None:
        """Take the day's hours from those who are there, or give everything back when the review is over."""
        today = self._world.clock.today
        going_on = bool(self.left) and (self._until is None or today < self._until)
        self._lend(going_on)
        if going_on:
            self._at(today + 1)

    def _lend(self, going_on: bool) -> None:
        before = self._lending
        self._lending, self._rate = [], 0.0
        if going_on and self._reviewers is not None and self.lever.hours_a_week > 0:
            there = [worker for worker in self._reviewers.in_post if not worker.away]
            fte = sum(worker.fte for worker in there)
            needed = sum(map(self._hours_for, self.left)) - self._hours
            wanted = min(self.lever.hours_a_week, max(0.0, needed) * DAYS_A_WEEK)
            for worker in there:
                hours = min(wanted * worker.fte / fte, worker.hours_besides(self._name))
                worker.add_hours(self._name, -hours)
                self._lending.append(worker)
                self._rate += hours
        for worker in before:
            if worker not in self._lending:
                worker.add_hours(self._name, 0.0)
