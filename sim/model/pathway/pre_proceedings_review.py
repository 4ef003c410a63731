"""Pre-proceedings looked at on the way: a review at the mid-point, and a tracker that escalates.

A manager looks at a case and sees when it will end at the pace of its worker. Where that is past the limit, part of the
time beyond it goes: the same hours are spent sooner. That costs the worker hours of these weeks, and the manager those
of the review. The mid-point review waits among the sign-offs and may slip. A tracker (lever `plo_tracker`) holds it in
turn, and goes through every case that is well on its way, again and again until its work is done.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NO_DAY, Case, Spell
from sim.model.engine.event import Phase
from sim.model.engine.limits import LAST_OF_PHASE
from sim.model.levers.dated import days_of
from sim.model.practice.under_load import own_work
from sim.model.recording.names import MID_POINT_REVIEW, PRE_PROCEEDINGS
from sim.scenario.sections.levers import PloTracker

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.world import World

WEEK: Final = 5
"""Working days from one meeting of a tracker to the next."""
LEAST_PACE: Final = 0.1
"""A case at a standstill is taken to go on at this pace: nobody foretells that it will never end."""


class PreProceedingsReviews:
    """Reviews of cases in pre-proceedings. They may touch what the work of a case asks of its worker, and ask managers.

    Nothing is looked at, and nothing drawn, where the scenario has neither a mid-point review nor a tracker.
    """

    def __init__(self, world: World, flow: CaseFlow) -> None:
        rules = world.scenario.stages.pre_proceedings
        self._world = world
        self._flow = flow
        self._limit = int(rules.standard.working_days)
        self._mid_point = None if rules.mid_point_review == "none" else rules.mid_point_review
        self._trackers = days_of(PloTracker, world)
        self._looked_at: dict[int, int] = {}

    def start(self) -> None:
        """Set the tracker's meetings, one a week."""
        for first, until, lever in self._trackers:
            self._meet_on(max(0, first), until, lever)

    def letter_sent(self, spell: Spell) -> None:
        """Set the mid-point review of a case whose clock starts today."""
        if self._mid_point is not None:
            day = self._world.clock.today + int(self._mid_point.after.working_days)
            self._at(day, spell.case.key, partial(self._ask_mid_point, spell))

    def _at(self, day: int, order: int, call: partial[None]) -> None:
        if day < self._world.calendar.horizon:
            self._world.clock.at(day, Phase.CONFERENCES, order, call)

    def _meet_on(self, day: int, until: int, lever: PloTracker) -> None:
        if day < until:
            self._at(day, LAST_OF_PHASE, partial(self._meet, until, lever))

    def _meet(self, until: int, lever: PloTracker) -> None:
        today = self._world.clock.today
        after, every = int(lever.after.working_days), int(lever.every.working_days)
        for case in self._flow.open_cases():
            spell = case.spells.get(PRE_PROCEEDINGS)
            if spell is None or spell.clock_start == NO_DAY or own_work(spell) is None:
                continue
            due = max(spell.clock_start + after, self._looked_at.get(case.key, -every) + every)
            if today >= due:
                self._looked_at[case.key] = today
                self._ask(case, spell, True, lever.sooner)
        self._meet_on(today + WEEK, until, lever)

    def _ask_mid_point(self, spell: Spell) -> None:
        rules, today = self._mid_point, self._world.clock.today
        if spell.open and rules is not None:
            in_turn = any(first <= today < until for first, until, _ in self._trackers)
            self._ask(spell.case, spell, in_turn, rules.sooner)

    def _ask(self, case: Case, spell: Spell, in_turn: bool, sooner: float) -> None:
        self._flow.desk(case).ask(case, MID_POINT_REVIEW, in_turn, partial(self._hasten, spell, sooner), "plo_review")

    def _hasten(self, spell: Spell, sooner: float) -> None:
        """A manager has looked: have the worker spend the hours of the rest of the work in less time, where it runs
        over the limit.
        """
        milestone, worker = own_work(spell), spell.case.worker
        if not spell.open or milestone is None or worker is None or not milestone.carried or sooner <= 0.0:
            return
        left = milestone.due - worker.work.value_routine
        pace = max(LEAST_PACE, worker.work.pace_routine)
        over = left / pace - (spell.clock_start + self._limit - self._world.clock.today)
        if left <= 0.0 or over <= 0.0:
            return
        kept = 1.0 - sooner * min(1.0, over * pace / left)
        more = milestone.relief * (1.0 / kept - 1.0)
        worker.sooner(milestone, left * kept)
        worker.change(0.0, more)
        milestone.relief += more
        spell.routine += more
