"""Managers decide: a base lag, then a queue for decision hours that shrink as the span grows."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final

from sim.model.engine.clock import Clock
from sim.model.engine.event import Phase
from sim.model.engine.limits import DAYS_A_WEEK, NEVER
from sim.model.recording.names import ASSESSMENT_DECISION, CLOSURE, ENQUIRY, STEP_UP

if TYPE_CHECKING:
    from sim.model.cases.case import Case
    from sim.model.recording import Recorder
    from sim.model.workforce.team import Team
    from sim.scenario.sections.workforce import SignOff


SUPERVISION_SLIPS: Final = 5
"""Working days that a supervision may slip before it takes its turn among the decisions (assumption)."""


class ManagerDesk:
    """The decisions that wait for one team's managers. They touch nothing: whoever asks is called back.

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
        self._supervisions: list[tuple[int, int, int, Callable[[], bool]]] = []
        self._evening = -1
        self.supervision_hours = 0.0
        self._count = 0
        self._pending_day = -1
        self._credit = 0.0
        self._credit_day = -1
        self._settled_day = 0
        self._available = 0.0
        self._lost: dict[int, float] = {}
        self.used = 0.0
        if rules is not None:
            # Read at each decision and allocation: an attribute of the scenario is looked up the long way.
            self._lag_from: int = rules.lag_from
            self._lags: int = rules.lag_to - rules.lag_from + 1
            self._allocation: float = rules.allocation
            self._hours: dict[int, float] = {
                ASSESSMENT_DECISION: rules.assessment,
                STEP_UP: rules.step_up,
                ENQUIRY: rules.enquiry,
                CLOSURE: rules.closure,
            }
            overflow = rules.overflow_after
            self._overflow_after = overflow.working_days if overflow is not None else NEVER

    @property
    def hours_a_day(self) -> float:
        """Decision hours a day of the team's managers at today's span."""
        rules = self.rules
        if rules is None or self.managers <= 0 or not self.team.in_post:
            return 0.0
        span = len(self.team.in_post) / self.managers
        hours = rules.hours_without_span - rules.hours_lost_per_worker * span
        return (self.managers - self._away()) * max(rules.least_hours, hours) / DAYS_A_WEEK

    def _away(self) -> float:
        """Managers who are missing today; of a manager and a half the second counts as half a one."""
        return sum(lost * min(1.0, max(0.0, self.managers - place)) for place, lost in self._lost.items())

    def ask(
        self, case: Case, kind: int, urgent: bool, decided: Callable[[], None], lag_stream: str = "decision_lag"
    ) -> None:
        """Ask for a decision; `decided` is called when it is made, at once where sign-off is switched off."""
        today = self._clock.today
        if self.rules is None:
            self._recorder.decisions.add((kind, self.team.number, today, today, case.children))
            decided()
            return
        lag = self._lag_from + int(case.draws.uniform(lag_stream) * self._lags)
        if urgent:
            lag = min(lag, self._lag_from)
        ready = today + lag
        self._count += 1
        heappush(self._waiting, (0 if urgent else 1, ready, case.key, self._count, case, kind, today, decided))
        self._wake(ready)

    def supervise(self, worker: int, held: Callable[[], bool]) -> None:
        """Ask for the supervision of a worker, by number: `held` is called when a manager has time, and says whether
        it takes place; at once where sign-off is switched off.

        It takes hours that the day's decisions and allocations leave; five working days late, its turn among the
        decisions that are not urgent.
        """
        if self.rules is None:
            held()
            return
        self._count += 1
        heappush(self._supervisions, (self._clock.today + SUPERVISION_SLIPS, worker, self._count, held))
        self._wake_evening()

    def _wake_evening(self) -> None:
        today = self._clock.today
        if self._evening != today:
            self._evening = today
            self._clock.at(today, Phase.SNAPSHOT, self.team.number, self._hold_supervisions)

    def _hold_supervisions(self) -> None:
        self._refresh()
        enough = min(self.supervision_hours, self.hours_a_day)  # a day wholly free is enough for one
        while self._supervisions and self._credit > 0.0 and self._credit >= enough:
            self._supervise_next()
        if self._supervisions:
            today = self._clock.today
            self._wake(max(today + 1, self._supervisions[0][0]))
            self._evening = today + 1
            self._clock.at(today + 1, Phase.SNAPSHOT, self.team.number, self._hold_supervisions)

    def _supervise_next(self) -> None:
        if heappop(self._supervisions)[3]():
            self._credit -= self.supervision_hours
            self.used += self.supervision_hours

    def can_allocate(self) -> bool:
        """Whether a manager has time left today to allocate a case."""
        if self.rules is None:
            return True
        self._refresh()
        return self._credit > 0.0

    def spend_allocation(self) -> None:
        """Use the time that allocating one case takes."""
        if self.rules is not None:
            self._credit -= self._allocation
            self.used += self._allocation

    def change_managers(self, managers: float) -> None:
        """Have this many managers from today."""
        self.accrue(self._clock.today)
        self.managers = managers

    def lose(self, manager: int, share: float) -> None:
        """Have so much less of one manager, by place from 0, from today (0: the manager is back)."""
        self.accrue(self._clock.today)
        if share > 0.0:
            self._lost[manager] = share
        else:
            self._lost.pop(manager, None)

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
        """The earliest day on which a decision that waits is ready."""
        routine, ready = self._waiting[0][:2]
        return ready if routine else min([entry[1] for entry in self._waiting])

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
        decisions: list[Callable[[], None]] = []
        while (self._waiting or self._supervisions) and self._credit > 0.0:
            late = self._supervisions[0][0] if self._supervisions else today + 1
            if late <= today and (not self._waiting or self._waiting[0][:2] > (1, late)):
                self._supervise_next()
                continue
            if not self._waiting:
                break
            entry = heappop(self._waiting)
            routine, ready, _, _, case, kind, asked, decided = entry
            if ready > today:
                later.append(entry)
                if routine:
                    break  # all that is left is in order of the day it is ready
                continue
            hours = self._hours[kind]
            self._credit -= hours
            self.used += hours
            self._recorder.decisions.add((kind, self.team.number, asked, today, case.children))
            decisions.append(decided)
        for entry in later:
            heappush(self._waiting, entry)
        if self._waiting or self._supervisions:
            earliest = [self._oldest()] if self._waiting else []
            self._wake(max(today + 1, min(earliest + [entry[0] for entry in self._supervisions[:1]])))
        for decided in decisions:
            decided()
