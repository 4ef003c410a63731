"""Leaving: the day on which each worker goes, found once, when they join.

A worker draws one unit exponential and goes when the rate of leaving, summed over the days, reaches it (the time change
of a Poisson process). A retention package or another grade changes the rate and not the draw: the same worker leaves
later, or sooner.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.engine.event import Phase
from sim.model.levers.staffing import RetentionLevers
from sim.scenario.values.durations import WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.worker import Worker
    from sim.model.world import World

WIND_DOWN: Final = 10
"""Working days before leaving in which no new case is given, within the notice (assumption)."""


class Leavers:
    """Draws the leaving days and carries them out. They may have workers dismissed by the workforce.

    The yearly rate includes notice under way on the first day and notice given on joining.
    Whoever leaves has resigned a notice before, so that a retention package shows in leavers a notice after its date.
    """

    def __init__(self, world: World, workforce: Workforce) -> None:
        self._world = world
        self._workforce = workforce
        rules = self._world.scenario.people.turnover
        self._rules = None if rules == "none" else rules
        self._retention = RetentionLevers(self._world.scenario, self._world.calendar)
        self._stays: dict[int, bool] = {}
        self._drawn: dict[int, int | None] = {}

    def cohort(self, worker: Worker, stays: bool) -> None:
        """Note whether a worker of a cohort remains after twelve months."""
        self._stays[worker.number] = stays

    def joined(self, worker: Worker) -> None:
        """Set the day on which a worker who joins will leave."""
        if worker.number in self._drawn:
            return  # moved to another team: the draw goes with the worker
        day = self._drawn[worker.number] = self.leaving_day(worker)
        if day is None or day + 1 >= self._world.calendar.horizon:
            return
        self._world.clock.at(day + 1, Phase.STAFF, worker.number, partial(self._go, worker))
        last_case = max(worker.start, day + 1 - min(WIND_DOWN, int(self._notice(worker.grade))))
        self._world.clock.at(last_case, Phase.STAFF, worker.number, partial(self._wind_down, worker))

    def leaving_day(self, worker: Worker) -> int | None:
        """Last working day in post of a worker who joins today; None when it lies after the run."""
        stays = self._stays.get(worker.number)
        first = max(0, worker.start)
        if stays is not None:
            year = self._world.calendar.after_months(worker.start, 12)
            if not stays:
                draw = float(self._world.streams.at_once("cohort_leaving", *worker.key).random())
                return max(first, worker.start + int(draw * (year - worker.start)))
            first = max(first, year)
        if self._rules is None:
            return None
        unit, tenure = self._world.streams.at_once("leaving", *worker.key).standard_exponential(2).tolist()
        began = float(worker.start)
        if worker.start == 0 and worker.post is not None and worker.key == worker.post.key:
            began -= tenure * self._rules.tenure_at_start.working_days
        return self._reached(worker, unit, first, began)

    def _reached(self, worker: Worker, unit: float, first: int, began: float) -> int | None:
        """The day on which the rate of leaving, summed from `first`, reaches `unit`; the tenure began on `began`."""
        assert self._rules is not None
        horizon = float(self._world.calendar.horizon)
        settled = began + self._rules.early.working_days
        qualified = self._workforce.growth.qualified_on(worker)
        notice = self._notice(worker.grade)
        changes = {settled, horizon, *(day + notice for day in self._retention.days)}
        if qualified is not None:
            changes.add(float(qualified))
        day = float(first)
        for change in sorted(changes):
            if change <= day:
                continue
            grade = "social_worker" if qualified is not None and day >= qualified else worker.grade
            rate = self._rules.leaving_a_year.get(grade, 0.0) / WORKING_DAYS_A_YEAR  # type: ignore[call-overload]
            rate *= self._rules.early_factor if day < settled else 1.0
            rate *= self._retention.factor(grade, int(day - notice + 1e-9))
            if rate > 0.0 and day + unit / rate < change:
                return int(day + unit / rate)
            unit -= rate * (change - day)
            day = change
            if day >= horizon:
                break
        return None

    def _notice(self, grade: str) -> float:
        if self._rules is None:
            return WIND_DOWN
        return (self._rules.agency_notice if grade == "agency" else self._rules.notice).working_days

    def _wind_down(self, worker: Worker) -> None:
        worker.takes_cases = False

    def _go(self, worker: Worker) -> None:
        if worker.in_post:
            worker.resigned = True
            self._workforce.dismiss(worker)
