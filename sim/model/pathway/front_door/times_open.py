"""How long cases stay open after referral, worked out from a scenario's figures before anything is simulated.

Statistics count a family as re-referred if it comes within twelve months of the *referral* before. Only a family whose
case has closed by then can. What share of closures must come back for a published figure to come out therefore depends
on how long cases are open: a few points of a distribution for each way through the pathway, at full pace.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from sim.scenario.distributions.distribution import DurationDistribution
    from sim.scenario.schema import Scenario
    from sim.scenario.sections.stages import PlanStage

POINTS: Final = 16
"""Points of each distribution: the middles of as many equal parts."""
YEAR: Final = float(WORKING_DAYS_A_YEAR)
AT_THE_DOOR: Final = 1.0
"""Working days until a referral that goes no further is closed."""
ENQUIRY: Final = 12.0
"""Working days from a strategy discussion to the end of an enquiry (assumption, as for the opening caseload)."""
CONFERENCE: Final = 16.0
"""And to its conference."""
SIGN_OFF: Final = 2.0
"""Working days until a manager has agreed that a plan ends."""


class TimesOpen:
    """Working days from referral to closure of those who may come back, with the share of all referrals at each.

    The shares sum to less than one: families who move away, and children who go to court, are left out.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._points: list[tuple[float, float]] = []
        self._walk(scenario)
        self._points.sort()
        self._sums: list[float] = list(accumulate([share for _, share in self._points]))

    def reach(self, mean_gap: float) -> float:
        """Share of referrals that would be followed by another within twelve months if every closed family came back
        after an exponential time of this mean (working days).
        """
        if mean_gap <= 0.0:
            return math.fsum([share for days, share in self._points if days < YEAR])
        expm1 = math.expm1  # `back_within`, for some ten thousand points
        return math.fsum([share * -expm1((days - YEAR) / mean_gap) for days, share in self._points if days < YEAR])

    def quantile(self, draw: float) -> float:
        """Working days open below which a share `draw` of those who may come back were closed."""
        if not self._points:
            return AT_THE_DOOR
        place = bisect_left(self._sums, draw * self._sums[-1])
        return self._points[min(place, len(self._points) - 1)][0]

    def _add(self, days: float, share: float) -> None:
        if share > 0.0:
            self._points.append((days, share))

    def _walk(self, scenario: Scenario) -> None:
        stages = scenario.stages
        door, outcomes = stages.front_door.outcomes, stages.assessment.outcomes
        self._add(AT_THE_DOOR, door.no_further_action + door.advice + door.early_help)
        habit = stages.assessment.work if stages.assessment.habit == "none" else stages.assessment.habit
        lengths = [0.0] if habit is None else points(habit)
        in_need = plan_lengths(stages.child_in_need)
        protected = plan_lengths(stages.child_protection)
        closing = outcomes.close + outcomes.early_help
        onward = closing + outcomes.child_in_need
        closes = closing / onward if onward > 0.0 else 1.0
        enquiry, conference = stages.section_47.outcomes, stages.section_47.conference_outcomes
        for days in lengths:
            assessed, straight = door.assessment / len(lengths), door.strategy_discussion / len(lengths)
            if days < 1.0 and stages.assessment.habit != "none":
                self._add(0.0, assessed)  # closed on the day
                assessed = 0.0
            self._add(days, assessed * closing)
            self._plan(days, assessed * outcomes.child_in_need, in_need)
            stepped_up = assessed * outcomes.section_47
            for start, entering in ((0.3 * days, stepped_up), (1.0, straight)):
                ended = max(days, start + ENQUIRY)
                self._add(ended, entering * enquiry.no_further_action * closes)
                self._plan(ended, entering * enquiry.no_further_action * (1.0 - closes), in_need)
                met, held = start + CONFERENCE, entering * enquiry.conference
                self._plan(met, held * conference.child_in_need, in_need)
                self._protection(scenario, met, held * conference.child_protection, protected, in_need)

    def _plan(self, start: float, share: float, lengths: list[tuple[float, float]]) -> None:
        if share > 0.0:
            self._points.extend([(start + days, share * part) for days, part in lengths if part > 0.0])

    def _protection(
        self,
        scenario: Scenario,
        start: float,
        share: float,
        lengths: list[tuple[float, float]],
        in_need: list[tuple[float, float]],
    ) -> None:
        """A plan that is not taken to legal planning, and the child in need plan after it."""
        rules = scenario.stages.child_protection
        share *= 1.0 - rules.pre_proceedings_share
        for days, part in lengths:
            if start + days < YEAR:  # later ends are nobody's re-referral
                self._add(start + days, share * part * rules.outcomes.close)
                self._plan(start + days, share * part * rules.outcomes.child_in_need, in_need)


def back_within(days: float, mean_gap: float) -> float:
    """Share of exponential times of a mean that are over within some working days."""
    if days <= 0.0:
        return 0.0
    return -math.expm1(-days / mean_gap) if mean_gap > 0.0 else 1.0


def gap_within(days: float, mean_gap: float, draw: float) -> float:
    """An exponential time of a mean that is over within some working days, for a uniform draw."""
    if days <= 0.0 or mean_gap <= 0.0:
        return 0.0
    return min(days, -mean_gap * math.log1p(-draw * back_within(days, mean_gap)))


def points(distribution: DurationDistribution) -> list[float]:
    """A few working days that stand for a distribution."""
    return [distribution.quantile((place + 0.5) / POINTS) for place in range(POINTS)]


def plan_lengths(rules: PlanStage) -> list[tuple[float, float]]:
    """How long plans of a kind last (working days) and the share of each; those that end for other reasons left out.

    A plan ends at the first review after its work is done, or after some notice where that is brought forward.
    """
    lengths: list[tuple[float, float]] = []
    for work in points(rules.intervention):
        ends = [(1.0, work)]
        if rules.first_review != "none":
            review = rules.first_review.working_days
            while review < work:
                review += rules.review_interval.working_days
            sooner = min(review, work + rules.brought_forward_notice.working_days)
            ends = [(1.0 - rules.brought_forward, review), (rules.brought_forward, sooner)]
        for share, days in ends:
            stays = math.exp(-rules.other_exits_a_year * days / YEAR)
            lengths.append((days + SIGN_OFF, share * stays / POINTS))
    return lengths
