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
from sim.model.pathway.front_door.times_open import TimesOpen, back_within, gap_within
from sim.scenario.sections.demand import Rereferral
from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR
from sim.streams import CaseDraws, Streams

MOST_RETURNS: Final = 63
"""Returns that a case number can tell apart."""


class Rereferrals:
    """Sends closed cases back to the front door in their time. It may touch only that door (`receive`).

    A family comes back within twelve months of the referral before, as often as the scenario's share says of all
    referrals; how long cases are open (`TimesOpen`) says how often that is of those that close.
    """

    def __init__(
        self,
        rules: Rereferral,
        levers: DemandLevers,
        calendar: WorkingDayCalendar,
        clock: Clock,
        times_open: TimesOpen,
    ) -> None:
        self._rules = rules
        self._levers = levers
        self._calendar = calendar
        self._clock = clock
        self._receive: Callable[[Case, float], None] | None = None
        self._mean_gap = rules.mean_gap.working_days
        self._times_open = times_open
        reach = times_open.reach(self._mean_gap) if rules.mode == "feedback" else 1.0
        self._share = rules.share / reach if reach > 0.0 else 0.0
        """Of closed families, the share who would come back if there were no limit of twelve months."""
        later = rules.later
        self._later_share = 0.0 if later == "none" else later.share
        self._later_gap = 0.0 if later == "none" else later.mean_gap.working_days

    def start(self, receive: Callable[[Case, float], None]) -> None:
        """Say who receives a family that comes back, at a time from now on."""
        self._receive = receive

    def closed(self, case: Case, likelier: float = 1.0) -> None:
        """A case closes: it may come back, `likelier` times as likely as others."""
        if self._rules.mode != "feedback":
            return
        today = self._clock.today
        kept = (1.0 - self._levers.prevented(today)) * kept_closed(case)
        if case.prevention > 0.0:
            kept *= 1.0 - case.prevention
        window = float(self._calendar.after_months(case.referred, 12) - today)
        within = back_within(window, self._mean_gap)
        if case.draws.uniform("rereferral") < self._share * within * kept * likelier:
            self._schedule(case, today + gap_within(window, self._mean_gap, case.draws.uniform("rereferral_gap")))
        elif self._later_share > 0.0 and likelier > 1.0:
            # Those who come later anyway are among the referrals stated: these are the ones whom hurried work adds.
            added = self._later_share * min(1.0, likelier - 1.0) * kept
            if case.draws.uniform("later_return") < added:
                beyond = -math.log(1.0 - case.draws.uniform("later_return_gap")) * self._later_gap
                self._schedule(case, today + max(0.0, window) + beyond)

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
            referred = math.floor(closed - self._times_open.quantile(draws.uniform("closed_time_open")))
            window = WORKING_DAYS_A_YEAR - (closed - referred)
            back = draws.uniform("rereferral") < self._share * back_within(window, self._mean_gap)
            moment = closed + gap_within(window, self._mean_gap, draws.uniform("rereferral_gap"))
            if back and moment >= 0:
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
