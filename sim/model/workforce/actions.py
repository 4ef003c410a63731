"""Decisions that wait to be carried out: a lag, and a queue of what is done in a week.

Inspectors tell delay in taking decisions from delay in carrying them out (Ofsted's visit to Croydon, July 2018). Once
a manager has decided, letters, referrals, bookings and visits follow; until then nothing has changed for the child.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET
from sim.model.cases.spell_states import SpellStates
from sim.model.engine.clock import Clock
from sim.model.engine.event import Phase
from sim.model.engine.limits import DAYS_A_WEEK
from sim.model.recording.names import CARRYING_OUT, DECISION

if TYPE_CHECKING:
    from sim.model.cases.case import Case
    from sim.model.recording import Recorder
    from sim.scenario.sections.workforce import CarryingOut

LAST: Final = 1 << 40
"""Place among the day's decisions: after all of them."""
STREAM: Final = "carrying_out"


def next_turn(clock: Clock, day: int, pending: int) -> int:
    """The day, not before `day`, on which managers next act; -1 if a turn by then is `pending` already."""
    today = clock.today
    day = max(day, today)
    if day == today and clock.phase > Phase.MANAGERS:
        day += 1
    return -1 if today <= pending <= day else day


class Actions:
    """What one team's decisions set going. It touches nothing: whoever asked for a decision is called back.

    Args:
        team: number of the team.
        rules: lag and queue; None where decisions are carried out as they are made.
    """

    def __init__(self, team: int, rules: CarryingOut | None, clock: Clock, recorder: Recorder) -> None:
        self._team = team
        self._clock = clock
        self._recorder = recorder
        self._states = SpellStates(clock, recorder)
        self._rules = rules
        self._waiting: list[tuple[int, int, int, int, Case, int, int, Callable[[], None]]] = []
        self._count = 0
        self._pending_day = -1
        self._credit = 0.0
        self._counted = -1
        self._limited = False
        if rules is not None:
            self._lag_from = int(rules.lag_from)
            self._lags = int(rules.lag_to) - int(rules.lag_from) + 1
            self._limited = rules.actions_a_week != "none"
            self._a_week = 0.0 if rules.actions_a_week == "none" else float(rules.actions_a_week)

    def carry_out(self, case: Case, kind: int, urgent: bool, done: Callable[[], None]) -> None:
        """A decision has been made today: `done` is called when it is carried out, at once where nothing delays it."""
        if self._rules is None:
            done()
            return
        today = self._clock.today
        lag = self._lag_from + int(case.draws.uniform(STREAM) * self._lags)
        for spell in case.spells.values():
            if spell.state == DECISION:
                self._states.begin(spell, CARRYING_OUT)
        self._count += 1
        heappush(self._waiting, (0 if urgent else 1, today + lag, case.key, self._count, case, kind, today, done))
        self._wake(today + lag)

    def hand_over(self, other: Actions) -> None:
        """Give what waits here to another team."""
        waiting, self._waiting = sorted(self._waiting), []
        for routine, ready, key, _, case, kind, decided, done in waiting:
            other._count += 1
            heappush(other._waiting, (routine, ready, key, other._count, case, kind, decided, done))
            other._wake(ready)

    def close(self) -> None:
        """Record what has not been carried out by the end of the run."""
        for _, _, _, _, case, kind, decided, _ in sorted(self._waiting):
            self._recorder.actions.add((kind, self._team, decided, NOT_YET, case.children))

    def _wake(self, day: int) -> None:
        if (turn := next_turn(self._clock, day, self._pending_day)) < 0:
            return
        self._pending_day = turn
        self._clock.at(turn, Phase.MANAGERS, LAST + self._team, self._act)

    def _refresh(self, today: int) -> None:
        """Add up what may be done: what a week allows at most is saved."""
        if self._counted < 0:
            self._credit = self._a_week / DAYS_A_WEEK
        else:
            earned = self._a_week * (today - self._counted) / DAYS_A_WEEK
            self._credit = min(self._credit + earned, self._a_week)
        self._counted = today

    def _act(self) -> None:
        today = self._clock.today
        if self._pending_day != today:
            return  # superseded by an earlier call
        self._pending_day = -1
        if self._limited and self._counted != today:
            self._refresh(today)
        later: list[tuple[int, int, int, int, Case, int, int, Callable[[], None]]] = []
        following: list[Callable[[], None]] = []
        while self._waiting and (not self._limited or self._credit > 0.0):
            entry = heappop(self._waiting)
            _, ready, _, _, case, kind, decided, done = entry
            if ready > today:
                later.append(entry)
                continue
            if self._limited:
                self._credit -= 1.0
            self._recorder.actions.add((kind, self._team, decided, today, case.children))
            following.append(done)
        for entry in later:
            heappush(self._waiting, entry)
        if self._waiting:
            self._wake(max(today + 1, min([entry[1] for entry in self._waiting])))
        for done in following:
            done()
