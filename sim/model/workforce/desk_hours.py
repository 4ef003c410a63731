"""The hours of a team's managers: what there is each day, what gives way, and how hard the managers are pressed.

A manager's week holds decisions and allocation, the children whom nobody else holds, supervision, and the oversight of
workers (advice on duty, case discussions, panels, staff matters). Supervision has the hours of a usual day that
decisions leave. Decisions may go further: they take from oversight, down to the share of it that is always kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.engine.limits import DAYS_A_WEEK, WEEK

if TYPE_CHECKING:
    from sim.model.workforce.team import Team
    from sim.model.workforce.worker import Worker
    from sim.scenario.sections.workforce import SignOff

SMOOTHING: Final = 20.0
"""Working days over which the hours asked are smoothed: about four weeks (assumption)."""
DECAY: Final = 1.0 - 1.0 / SMOOTHING
WORST: Final = 3.0
"""Strain is never said to be more than this."""
OF_ANYBODY: Final = 0.25
"""Share of a worker's oversight that one without a case asks too; the rest goes with the hours asked (assumption)."""
LONGEST_DEBT: Final = DAYS_A_WEEK
"""Working days of hours that a desk owes at most: what is beyond a week is worked in the evenings (assumption)."""


class DeskHours:
    """Hours of one team's managers.

    Attributes:
        managers: managers in post.
        speed: how much they get done in an hour, 1 on average.
        strain: hours asked a week over the hours there are, smoothed: 1 when all hours are asked, never above 3.
        sign_off_share: share of its usual time that a sign-off gets today.
        credit: hours left today for decisions; negative: owed.
        spare: hours left today of a usual day, for supervision.
        help: hours that deputies and service managers have left today.
        held: hours a week of the children whom the managers hold themselves.
    """

    __slots__ = (
        "_asked_a_day", "_available", "_busy", "_day", "_kept", "_least", "_lost", "_most_held", "_oversight",
        "_settled_day", "_shortest", "_team", "_used", "_week", "_weighed",
        "credit", "held", "help", "managers", "sign_off_share", "spare", "speed", "strain",
    )  # fmt: skip

    def __init__(self, team: Team, managers: float, rules: SignOff) -> None:
        self._team = team
        self.managers = managers
        self.speed = 1.0
        self._week: float = rules.hours_without_span
        self._oversight: float = rules.hours_lost_per_worker
        self._least: float = rules.least_hours
        self._kept: float = rules.oversight_kept
        self._shortest: float = rules.shortest_sign_off
        self._most_held: float = rules.held_most
        self._busy = 1.0
        self._weighed = -WEEK
        self._lost: dict[int, float] = {}
        self.held = 0.0
        self._day = -1
        self.credit = self.spare = self.help = 0.0
        self._asked_a_day = -1.0
        self.strain = 0.0
        self.sign_off_share = 1.0
        self._settled_day = 0
        self._available = self._used = 0.0

    @property
    def present(self) -> float:
        """Managers who are there today, at their speed; of a manager and a half the second counts as half a one."""
        away = 0.0
        for place, lost in self._lost.items():
            away += lost * min(1.0, max(0.0, self.managers - place))
        return (self.managers - away) * self.speed

    @property
    def oversight(self) -> float:
        """Hours a week that the oversight of today's workers asks: more of those who are busy."""
        return self._oversight * self._busy * len(self._team.in_post)

    @property
    def used(self) -> float:
        """Hours used for decisions, allocation and supervision since the last settlement."""
        return self._used

    @property
    def usual_a_day(self) -> float:
        """Hours a day for decisions and supervision when oversight has all that it asks."""
        return self._hours_a_day(1.0)

    def _hours_a_day(self, kept: float) -> float:
        """Hours a day besides a share of the oversight and the children held."""
        if self.managers <= 0.0 or not self._team.in_post:
            return 0.0
        each = max(self._least, self._week - kept * self.oversight / self.managers)
        hours = self.present * each
        return (hours - min(self.held, self._most_held * hours)) / DAYS_A_WEEK

    def begin_day(self, today: int) -> None:
        """Take up a new day. Hours do not keep: a quiet week cannot be saved up, but what is owed is repaid."""
        elapsed = today - self._day if self._day >= 0 else 1
        self._day = today
        if today - self._weighed >= WEEK:
            self._weighed = today
            self.accrue(today)  # the days so far had last week's oversight
            self._busy = _busy(self._team.in_post)
        usual, most = self._hours_a_day(1.0), self._hours_a_day(self._kept)
        self.credit = min(max(self.credit, -LONGEST_DEBT * most) + most * elapsed, most)
        self.spare = min(max(self.spare, -LONGEST_DEBT * usual) + usual * elapsed, usual)
        self.help = 0.0
        self._weigh(elapsed)

    def _weigh(self, elapsed: int) -> None:
        """Work out how hard the managers are pressed."""
        there = self.present * self._week
        besides = self.oversight + self.held
        if self._asked_a_day < 0.0:  # on the first day: as if decisions filled what oversight leaves
            self._asked_a_day = max(0.0, there - besides) / DAYS_A_WEEK
        else:
            self._asked_a_day *= DECAY**elapsed
        asked = self._asked_a_day * DAYS_A_WEEK + besides
        if there > 0.0:
            self.strain = min(WORST, asked / there)
        else:
            self.strain = WORST if asked > 0.0 else 0.0
        self.sign_off_share = 1.0 if self.strain <= 1.0 else max(self._shortest, 1.0 / self.strain)

    def ask(self, hours: float) -> None:
        """Note that hours are asked, at their usual length."""
        self._asked_a_day += hours * (1.0 - DECAY) / DECAY

    def spend(self, hours: float) -> None:
        """Use hours today; when the managers have none left, those of who helps, and then they owe them."""
        self._used += hours
        if self.credit <= 0.0 and self.help > 0.0:
            self.help -= hours
        else:
            self.credit -= hours
            self.spare -= hours

    def lose(self, manager: int, share: float) -> None:
        """Have so much less of one manager, by place from 0 (0: the manager is back)."""
        if share > 0.0:
            self._lost[manager] = share
        else:
            self._lost.pop(manager, None)

    def accrue(self, day: int) -> None:
        """Count hours up to the start of `day` (call before the team's size, managers or children held change)."""
        days = day - self._settled_day
        if days > 0:
            self._available += self.usual_a_day * days
            self._settled_day = day

    def settle(self, day: int) -> tuple[float, float]:
        """Hours of usual days and hours used since the last settlement, to the start of `day`; then start again."""
        self.accrue(day)
        available, used = self._available, self._used
        self._available = self._used = 0.0
        return available, used


def _busy(workers: list[Worker]) -> float:
    """Oversight that workers ask, as a share of what as many would whose hours are all asked."""
    if not workers:
        return 1.0
    asked = 0.0
    for worker in workers:
        asked += min(1.0, worker.overload)
    return OF_ANYBODY + (1.0 - OF_ANYBODY) * asked / len(workers)
