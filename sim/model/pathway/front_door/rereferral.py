"""Re-referral: children whose case was closed and who come back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from sim.calendar import WorkingDayCalendar
from sim.model.cases.case import Case, root_key
from sim.model.engine.clock import Clock
from sim.model.engine.event import Phase
from sim.model.levers.demand import DemandLevers
from sim.model.levers.quality_gate import kept_closed
from sim.model.pathway.front_door.arrivals import CLOSED_BEFORE, Groups, case_key
from sim.scenario.sections.demand import Rereferral
from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR
from sim.streams import CaseDraws, Streams

MOST_RETURNS: Final = 63
"""Returns that a case number can tell apart."""
MEAN_TIME_OPEN: Final = 60
"""Working days from referral to closure assumed for cases closed before the run (assumption)."""


class Rereferrals:
    """Sends closed cases back to the front door in their time. It may touch only that door (`receive`)."""

    def __init__(
        self,
        rules: Rereferral,
        levers: DemandLevers,
        calendar: WorkingDayCalendar,
        clock: Clock,
    ) -> None:
        self._rules = rules
        self._levers = levers
        self._calendar = calendar
        self._clock = clock
        self._receive: Callable[[Case, float], None] | None = None
        self._mean_gap = rules.mean_gap.working_days

    def start(self, receive: Callable[[Case, float], None]) -> None:
        """Say who receives a family that comes back, at a time from now on."""
        self._receive = receive

    def closed(self, case: Case, likelier: float = 1.0) -> None:
        """A case closes: it may come back, `likelier` times as likely as others."""
        if self._rules.mode != "feedback":
            return
        today = self._clock.today
        share = self._rules.share * (1.0 - self._levers.prevented(today)) * kept_closed(case) * likelier
        if case.prevention > 0.0:
            share *= 1.0 - case.prevention
        if case.draws.uniform("rereferral") >= share:
            return
        self._schedule(case, today - math.log(1.0 - case.draws.uniform("rereferral_gap")) * self._mean_gap)

    def closed_before(self, streams: Streams, groups: Groups) -> None:
        """Cases closed in the year before the start."""
        if self._rules.mode != "feedback" or self._rules.closed_before_start <= 0:
            return
        children = round(self._rules.closed_before_start)
        batch = streams.batch(0, CLOSED_BEFORE, cases=children)
        left, row = children, 0
        while left > 0:
            draws = CaseDraws(batch, row)
            size = min(left, groups.size(draws.uniform("group_size")))
            left -= size
            closed = -draws.uniform("closed_day") * WORKING_DAYS_A_YEAR
            back = draws.uniform("rereferral") < self._rules.share
            moment = closed - math.log(1.0 - draws.uniform("rereferral_gap")) * self._mean_gap
            if back and moment >= 0:
                referred = math.floor(closed) - MEAN_TIME_OPEN
                locality = groups.locality(draws.uniform("locality"))
                case = Case(case_key(0, CLOSED_BEFORE, row), size, locality, 1, referred, draws)
                self._schedule(case, moment)
            row += 1

    def label(self, case: Case) -> None:
        """Mark a referral that comes within twelve months of the one before."""
        if self._rules.mode == "label":
            case.rereferral = case.draws.uniform("rereferral_label") < self._rules.label_share
        elif case.generation:
            case.rereferral = self._calendar.after_months(case.previous_referral, 12) >= case.referred

    def _schedule(self, case: Case, moment: float) -> None:
        day = max(self._clock.today + 1, math.ceil(moment))
        if day >= self._calendar.horizon:
            return
        self._clock.at(day, Phase.NEED, case.key, lambda: self._come_back(case, day))

    def _come_back(self, closed: Case, day: int) -> None:
        generation = closed.generation + 1
        case = Case(
            root_key(closed.key) | min(generation, MOST_RETURNS),
            closed.children, closed.locality, 1, day, closed.draws.later(),
        )  # fmt: skip
        case.generation = generation
        case.had_plan = case.earlier_plan = closed.had_plan
        case.previous_referral = closed.referred
        case.former = closed.former
        assert self._receive is not None, "nobody receives those who come back"
        self._receive(case, float(day))
