"""Managers decide: allocation and urgent decisions first, then sign-offs, and supervision in what is left.

A child without a worker is the manager's own case. Allocation and urgent decisions never wait for hours: they run the
day into debt. A wide span costs supervision, and the care with which the rest is signed off.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from sim.model.engine.clock import Clock
from sim.model.engine.event import Phase
from sim.model.engine.limits import DAYS_A_WEEK, NEVER
from sim.model.recording.names import ASSESSMENT_DECISION, CLOSURE, ENQUIRY, STEP_UP
from sim.model.workforce.actions import Actions, next_turn
from sim.model.workforce.desk_hours import DeskHours

if TYPE_CHECKING:
    from sim.model.cases.case import Case
    from sim.model.recording import Recorder
    from sim.model.workforce.team import Team
    from sim.scenario.sections.workforce import SignOff


class ManagerDesk:
    """The decisions that wait for one team's managers. They touch nothing: whoever asks is called back.

    Args:
        managers: managers of the team.
        rules: hours, lags and minutes; None when decisions need nobody.

    Attributes:
        actions: carries out what is decided here.
        readiness: how readily these managers decide to step up, 1 on average.
        held_children: children without a worker, whom the managers hold.
        supervision_hours: hours of a manager that one supervision takes.
    """

    def __init__(self, team: Team, managers: float, rules: SignOff | None, clock: Clock, recorder: Recorder) -> None:
        self.team = team
        self.rules = rules
        self._managers = managers
        self._clock = clock
        self._recorder = recorder
        self._waiting: list[tuple[int, int, int, int, Case, int, int, Callable[[], None]]] = []
        self._supervisions: list[tuple[int, int, int, Callable[[], bool]]] = []
        self._evening = -1
        self.readiness = 1.0
        self.supervision_hours = 0.0
        self.held_children = 0
        self._count = 0
        self._pending_day = -1
        self._today = -1
        self._hours: DeskHours | None = None
        carrying_out = None if rules is None or rules.carrying_out == "none" else rules.carrying_out
        self.actions = Actions(team.number, carrying_out, clock, recorder)
        if rules is not None:
            self._hours = DeskHours(team, managers, rules)
            # Read at each decision and allocation: an attribute of the scenario is looked up the long way.
            self._lag_from: int = rules.lag_from
            self._lags: int = rules.lag_to - rules.lag_from + 1
            self._allocation: float = rules.allocation
            self._held_child: float = rules.held_child
            self._taking: dict[int, float] = {
                ASSESSMENT_DECISION: rules.assessment,
                STEP_UP: rules.step_up,
                ENQUIRY: rules.enquiry,
                CLOSURE: rules.closure,
            }
            self._step_up_delay: float = rules.step_up_delay.working_days
            self._slips = int(rules.supervision_slips.working_days)
            self._hurried_times: float = rules.hurried_returns - 1.0
            self._shortest: float = rules.shortest_sign_off
            overflow = rules.overflow_after
            self._overflow_after = overflow.working_days if overflow is not None else NEVER

    @property
    def managers(self) -> float:
        """Managers in post."""
        return self._managers

    @property
    def used(self) -> float:
        """Hours used for decisions, allocation and supervision since the last settlement."""
        return 0.0 if self._hours is None else self._hours.used

    @property
    def strain(self) -> float:
        """Hours a week asked of the managers over the hours they have, smoothed: 0 at ease, 1 when all are asked."""
        return 0.0 if self._hours is None else self._hours.strain

    @property
    def sign_off_share(self) -> float:
        """Share of its usual time that a sign-off gets today."""
        return 1.0 if self._hours is None else self._hours.sign_off_share

    @property
    def hurried_returns(self) -> float:
        """How many times as likely a family comes back whose closing is signed off today, because it is hurried."""
        share = self.sign_off_share
        if share >= 1.0:
            return 1.0
        return 1.0 + self._hurried_times * (1.0 - share) / (1.0 - self._shortest)

    @property
    def hours_a_day(self) -> float:
        """Hours a day for decisions and supervision at today's span, when oversight has all that it asks."""
        return 0.0 if self._hours is None else self._hours.usual_a_day

    def differ(self, speed: float) -> None:
        """Say how much these managers get done in an hour, 1 on average."""
        if self._hours is not None:
            self._hours.speed = speed

    def ask(
        self, case: Case, kind: int, urgent: bool, decided: Callable[[], None], lag_stream: str = "decision_lag"
    ) -> None:
        """Ask for a decision; `decided` is called when it is made, at once where sign-off is switched off."""
        today = self._clock.today
        if self._hours is None:
            self._recorder.decisions.add((kind, self.team.number, today, today, case.children))
            decided()
            return
        self._refresh()
        draw = case.draws.uniform(lag_stream)
        lag = self._lag_from if urgent else self._lag_from + int(draw * self._lags)
        strain = self._hours.strain
        if kind == STEP_UP and strain > 1.0:
            lag += int(draw * (1.0 + self._step_up_delay * (strain - 1.0)))
        self._hours.ask(self._taking[kind])
        ready = today + lag
        self._count += 1
        heappush(self._waiting, (0 if urgent else 1, ready, case.key, self._count, case, kind, today, decided))
        self._wake(ready)

    def begin_day(self) -> None:
        """Take up a new day, whether or not anything is asked of the managers on it."""
        if self._hours is not None and self.team.in_post:
            self._refresh()

    def supervise(self, worker: int, held: Callable[[], bool]) -> None:
        """Ask for the supervision of a worker, by number: `held` is called when a manager has time, and says whether
        it takes place; at once where sign-off is switched off.

        It takes hours of a usual day that decisions and allocations leave; once it has slipped for long, its turn
        among the sign-offs.
        """
        if self._hours is None:
            held()
            return
        self._refresh()
        self._hours.ask(self.supervision_hours)
        self._count += 1
        heappush(self._supervisions, (self._clock.today + self._slips, worker, self._count, held))
        self._wake_evening()

    def _wake_evening(self) -> None:
        today = self._clock.today
        if self._evening != today:
            self._evening = today
            self._clock.at(today, Phase.SNAPSHOT, self.team.number, self._hold_supervisions)

    def _hold_supervisions(self) -> None:
        hours = self._hours
        assert hours is not None
        self._refresh()
        enough = min(self.supervision_hours, hours.usual_a_day)  # a day wholly free is enough for one
        while self._supervisions and hours.credit > 0.0 and hours.spare > 0.0 and hours.spare >= enough:
            self._supervise_next()
        if self._supervisions:
            today = self._clock.today
            self._wake(max(today + 1, self._supervisions[0][0]))
            self._evening = today + 1
            self._clock.at(today + 1, Phase.SNAPSHOT, self.team.number, self._hold_supervisions)

    def _supervise_next(self) -> None:
        if heappop(self._supervisions)[3]() and self._hours is not None:
            self._hours.spend(self.supervision_hours)

    def spend_allocation(self) -> None:
        """Use the time that allocating one case takes: it never waits for hours."""
        if self._hours is not None:
            self._refresh()
            self._hours.ask(self._allocation)
            self._hours.spend(self._allocation)

    def hold(self, case: Case) -> None:
        """Nobody else holds a case from now: it is the managers' own, and takes their hours."""
        self.held_children += case.children
        self._change_held(case.factor)

    def let_go(self, case: Case) -> None:
        """A worker takes over a case that the managers held, or it closes."""
        self.held_children -= case.children
        self._change_held(-case.factor)

    def _change_held(self, factor: float) -> None:
        if self._hours is not None:
            self._hours.accrue(self._clock.today)
            self._hours.held += self._held_child * factor

    def change_managers(self, managers: float) -> None:
        """Have this many managers from today."""
        self.accrue(self._clock.today)
        self._managers = managers
        if self._hours is not None:
            self._hours.managers = managers

    def lose(self, manager: int, share: float) -> None:
        """Have so much less of one manager, by place from 0, from today (0: the manager is back)."""
        self.accrue(self._clock.today)
        if self._hours is not None:
            self._hours.lose(manager, share)

    def hand_over(self, desk: ManagerDesk) -> None:
        """Give the decisions that wait here to another team's managers."""
        waiting, self._waiting = sorted(self._waiting), []
        for urgent, ready, key, _, case, kind, asked, decided in waiting:
            desk._count += 1
            heappush(desk._waiting, (urgent, ready, key, desk._count, case, kind, asked, decided))
            desk._wake(ready)
        self.actions.hand_over(desk.actions)

    def settle(self, day: int) -> tuple[float, float]:
        """Hours of usual days and hours used since the last settlement, to the start of `day`; then start again."""
        return (0.0, 0.0) if self._hours is None else self._hours.settle(day)

    def accrue(self, day: int) -> None:
        """Count the hours up to the start of `day` (call before the team's size changes)."""
        if self._hours is not None:
            self._hours.accrue(day)

    def _refresh(self) -> None:
        today = self._clock.today
        hours = self._hours
        if today == self._today or hours is None:
            return
        self._today = today
        hours.begin_day(today)
        if self._waiting and self.rules is not None and today - self._oldest() >= self._overflow_after:
            hours.help = self.rules.overflow_hours_a_week * max(1.0, self._managers) / DAYS_A_WEEK

    def _oldest(self) -> int:
        """The earliest day on which a decision that waits is ready."""
        routine, ready = self._waiting[0][:2]
        return ready if routine else min([entry[1] for entry in self._waiting])

    def _wake(self, day: int) -> None:
        if (turn := next_turn(self._clock, day, self._pending_day)) < 0:
            return
        self._pending_day = turn
        self._clock.at(turn, Phase.MANAGERS, self.team.number, self._decide)

    def _decide(self) -> None:
        today = self._clock.today
        hours = self._hours
        if self._pending_day != today or hours is None:
            return  # superseded by an earlier call
        self._pending_day = -1
        self._refresh()
        later: list[tuple[int, int, int, int, Case, int, int, Callable[[], None]]] = []
        decisions: list[tuple[Case, int, bool, Callable[[], None]]] = []
        while self._waiting or self._supervisions:
            urgent = bool(self._waiting) and not self._waiting[0][0]
            if not urgent and hours.credit <= 0.0 and hours.help <= 0.0:
                break
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
            hours.spend(self._taking[kind] * hours.sign_off_share if routine else self._taking[kind])
            self._recorder.decisions.add((kind, self.team.number, asked, today, case.children))
            decisions.append((case, kind, not routine, decided))
        for entry in later:
            heappush(self._waiting, entry)
        if self._waiting or self._supervisions:
            earliest = [self._oldest()] if self._waiting else []
            self._wake(max(today + 1, min(earliest + [entry[0] for entry in self._supervisions[:1]])))
        for case, kind, at_once, decided in decisions:
            self.actions.carry_out(case, kind, at_once, decided)
