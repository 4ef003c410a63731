"""Managers decide: a base lag, then a queue for decision hours that shrink as the span grows."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from sim.model.clock import DAYS_A_WEEK, Clock, Phase
from sim.model.recording.names import ASSESSMENT_DECISION, CLOSURE, ENQUIRY, STEP_UP

if TYPE_CHECKING:
    from sim.model.case import Case
    from sim.model.recording import Recorder
    from sim.model.workforce.team import Team
    from sim.scenario.sections.workforce import SignOff


class ManagerDesk:
    """The decisions that wait for one team's managers.

    Args:
        managers: managers of the team.
        rules: hours, lags and minutes; None when decisions need nobody.
    """

    def __init__(self, team: Team, managers: float, rules: SignOff | None, clock: Clock, recorder: Recorder) -> None:
        self.team = team
        self.managers = managers
        self.rules = rules
        self._clock = clock
        self._recorder = recorder
        self._waiting: list[tuple[int, int, int, int, Case, int, int, Callable[[], None]]] = []
        self._count = 0
        self._pending_day = -1
        self._credit = 0.0
        self._credit_day = -1
        self._settled_day = 0
        self._available = 0.0
        self.used = 0.0
        if rules is not None:
            self._hours = {
                ASSESSMENT_DECISION: rules.assessment,
                STEP_UP: rules.step_up,
                ENQUIRY: rules.enquiry,
                CLOSURE: rules.closure,
            }
            overflow = rules.overflow_after
            self._overflow_after = overflow.working_days if overflow is not None else float("inf")

    @property
    def hours_a_day(self) -> float:
        """Decision hours a day of the team's managers at today's span."""
        rules = self.rules
        if rules is None or self.managers <= 0 or not self.team.in_post:
            return 0.0
        span = len(self.team.in_post) / self.managers
        hours = rules.hours_without_span - rules.hours_lost_per_worker * span
        return self.managers * max(rules.least_hours, hours) / DAYS_A_WEEK

    def ask(self, case: Case, kind: int, urgent: bool, decided: Callable[[], None]) -> None:
        """Ask for a decision; `decided` is called when it is made, at once where sign-off is switched off."""
        today = self._clock.today
        if self.rules is None:
            self._recorder.decisions.add((kind, self.team.number, today, today, case.children))
            decided()
            return
        lags = self.rules.lag_to - self.rules.lag_from + 1
        lag = self.rules.lag_from + int(case.draws.uniform("decision_lag") * lags)
        if urgent:
            lag = min(lag, self.rules.lag_from)
        ready = today + lag
        self._count += 1
        heappush(self._waiting, (0 if urgent else 1, ready, case.key, self._count, case, kind, today, decided))
        self._wake(ready)

    def can_allocate(self) -> bool:
        """Whether a manager has time left today to allocate a case."""
        if self.rules is None:
            return True
        self._refresh()
        return self._credit > 0.0

    def spend_allocation(self) -> None:
        """Use the time that allocating one case takes."""
        if self.rules is not None:
            self._credit -= self.rules.allocation
            self.used += self.rules.allocation

    def change_managers(self, managers: float) -> None:
        """Have this many managers from today."""
        self.accrue(self._clock.today)
        self.managers = managers

    def hand_over(self, desk: ManagerDesk) -> None:
        """Give the decisions that wait here to another team's managers."""
        waiting, self._waiting = sorted(self._waiting), []
        for urgent, ready, key, _, case, kind, asked, decided in waiting:
            desk._count += 1
            heappush(desk._waiting, (urgent, ready, key, desk._count, case, kind, asked, decided))
            desk._wake(ready)

    def settle(self, day: int) -> tuple[float, float]:
        """Hours available and used since the last settlement, up to the start of `day`; then start again."""
        self.accrue(day)
        available, used = self._available, self.used
        self._available = self.used = 0.0
        return available, used

    def accrue(self, day: int) -> None:
        """Count the hours available up to the start of `day` (call before the team's size changes)."""
        if day > self._settled_day:
            self._available += self.hours_a_day * (day - self._settled_day)
            self._settled_day = day

    def _refresh(self) -> None:
        today = self._clock.today
        if today == self._credit_day:
            return
        rate = self.hours_a_day
        elapsed = today - self._credit_day if self._credit_day >= 0 else 1
        # Hours do not keep: an idle manager cannot save a quiet week for a busy day. Debt (a decision begun) is repaid.
        self._credit = min(self._credit + rate * elapsed, rate)
        if self._waiting and self.rules is not None and today - self._oldest() >= self._overflow_after:
            self._credit += self.rules.overflow_hours_a_week / DAYS_A_WEEK
        self._credit_day = today

    def _oldest(self) -> int:
        return min(entry[1] for entry in self._waiting)

    def _wake(self, day: int) -> None:
        today = self._clock.today
        day = max(day, today)
        if day == today and self._clock.phase > Phase.MANAGERS:
            day += 1
        if today <= self._pending_day <= day:
            return
        self._pending_day = day
        self._clock.at(day, Phase.MANAGERS, self.team.number, self._decide)

    def _decide(self) -> None:
        today = self._clock.today
        if self._pending_day != today:
            return  # superseded by an earlier call
        self._pending_day = -1
        self._refresh()
        later: list[tuple[int, int, int, int, Case, int, int, Callable[[], None]]] = []
        made: list[Callable[[], None]] = []
        while self._waiting and self._credit > 0.0:
            entry = heappop(self._waiting)
            _, ready, _, _, case, kind, asked, decided = entry
            if ready > today:
                later.append(entry)
                continue
            hours = self._hours[kind]
            self._credit -= hours
            self.used += hours
            self._recorder.decisions.add((kind, self.team.number, asked, today, case.children))
            made.append(decided)
        for entry in later:
            heappush(self._waiting, entry)
        if self._waiting:
            earliest = min(entry[1] for entry in self._waiting)
            self._wake(max(today + 1, earliest))
        for decided in made:
            decided()
