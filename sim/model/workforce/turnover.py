"""Leaving: the day on which each worker goes, found once, when they join.

A worker draws one unit exponential and goes when the rate of leaving, summed over the days, reaches it (the time change
of a Poisson process). A retention package or another grade changes the rate and not the draw: the same worker leaves
later, or sooner. Where leaving depends on load, the rate is settled month by month, each month a notice ahead.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.engine.event import Phase
from sim.model.levers.staffing import RetentionLevers
from sim.model.workforce.felt_load import RECENTLY, Feelings
from sim.scenario.values.durations import WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from sim.model.practice.loads import Loads
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.worker import Worker
    from sim.model.world import World

MONTH: Final = 21
"""Working days for which a rate of leaving holds where it depends on load."""
WIND_DOWN: Final = 10
"""Working days before leaving in which no new case is given, within the notice (assumption)."""


class Leavers:
    """Draws the leaving days and carries them out. They may have workers dismissed by the workforce.

    The yearly rate includes notice under way on the first day and notice given on joining.
    Whoever leaves has resigned a notice before, so that a retention package shows in leavers a notice after its date.
    """

    def __init__(self, world: World, workforce: Workforce, loads: Loads) -> None:
        self._world = world
        self._workforce = workforce
        rules = self._world.scenario.people.turnover
        self._rules = None if rules == "none" else rules
        self._retention = RetentionLevers(self._world.scenario, self._world.calendar)
        felt = None if self._rules is None or self._rules.felt_load == "none" else self._rules.felt_load
        self._feelings = None if felt is None else Feelings(felt, loads)
        self._rates: dict[str, float] = {}
        self._long: dict[int, bool] = {}
        self._stays: dict[int, bool] = {}
        self._drawn: dict[int, int | None] = {}

    def cohort(self, worker: Worker, stays: bool) -> None:
        """Note whether a worker of a cohort remains after twelve months."""
        self._stays[worker.number] = stays

    def joined(self, worker: Worker) -> None:
        """Set the day on which a worker who joins will leave."""
        if worker.number in self._drawn:
            return  # moved to another team: the draw goes with the worker
        if self._feelings is not None and self._stays.get(worker.number, True):
            self._drawn[worker.number] = None
            self._follow(worker)
            return
        day = self._drawn[worker.number] = self.leaving_day(worker)
        self._schedule(worker, day)

    def _schedule(self, worker: Worker, day: int | None) -> None:
        """Set the dates of a worker's last weeks; `day`: their last one in post, if it lies in the run."""
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
        unit, began = self._unit(worker)
        day, _ = self._reached(worker, unit, first, began, float(self._world.calendar.horizon), 1.0)
        return day

    def _unit(self, worker: Worker) -> tuple[float, float]:
        """The unit exponential of a worker, and the day on which their tenure began."""
        assert self._rules is not None
        unit, tenure = self._world.streams.at_once("leaving", *worker.key).standard_exponential(2).tolist()
        began = float(worker.start)
        if self._there_at_start(worker):
            began -= tenure * self._rules.tenure_at_start.working_days
        return unit, began

    def _there_at_start(self, worker: Worker) -> bool:
        return worker.start == 0 and worker.post is not None and worker.key == worker.post.key

    def _follow(self, worker: Worker) -> None:
        """Settle the rate of each month a notice ahead, from the load of the day on which a worker would resign."""
        first = max(0, worker.start)
        if worker.number in self._stays:
            first = max(first, self._world.calendar.after_months(worker.start, 12))
        unit, began = self._unit(worker)
        ahead = max(float(self._world.clock.today), first) + int(self._notice(worker.grade))
        day, left = self._reached(worker, unit, first, began, ahead, 1.0)
        if day is not None:
            self._schedule(worker, day)
        else:
            self._month(worker, left, int(ahead), began)

    def _month(self, worker: Worker, unit: float, first: int, began: float) -> None:
        """See whether a worker resigns this month, to leave in the month that begins on `first`."""
        if not worker.in_post or first >= self._world.calendar.horizon:
            return
        assert self._feelings is not None
        today = self._world.clock.today
        rates = self._rates
        usual = 0.0
        for colleague in worker.team.in_post:
            grade = colleague.grade
            usual += rates[grade] if grade in rates else self._rate(grade)
        usual_share = usual * RECENTLY / max(1, len(worker.team.in_post))
        times = self._feelings.times(worker, today, usual_share)
        day, left = self._reached(worker, unit, first, began, float(first + MONTH), times)
        if day is not None:
            self._schedule(worker, day)
            return
        again = partial(self._month, worker, left, first + MONTH, began)
        self._world.clock.at(today + MONTH, Phase.STAFF, worker.number, again)

    def _rate(self, grade: str) -> float:
        """Resignations a working day for each worker of a grade, before everything that changes it."""
        rate = self._rates.get(grade)
        if rate is None:
            assert self._rules is not None
            a_year: float = self._rules.leaving_a_year.get(grade, 0.0)  # type: ignore[call-overload]
            rate = self._rates[grade] = a_year / WORKING_DAYS_A_YEAR
        return rate

    def _stays_long(self, worker: Worker) -> bool:
        """Whether an agency worker is one of those who stay for years; of newcomers fewer are, because they stay."""
        stays = self._long.get(worker.number)
        if stays is None:
            stays = self._long[worker.number] = self._draw_long_stay(worker)
        return stays

    def _draw_long_stay(self, worker: Worker) -> bool:
        rules = self._rules
        if rules is None or rules.long_stays == "none" or rules.long_stays.share <= 0.0:
            return False
        share, slow = rules.long_stays.share, rules.long_stays.leaving_a_year
        if not self._there_at_start(worker):
            fast = rules.leaving_a_year.get("agency", 0.0)
            flow = share * slow + (1.0 - share) * fast
            share = share * slow / flow if flow > 0.0 else share
        return float(self._world.streams.at_once("long_stay", *worker.key).random()) < share

    def _reached(
        self, worker: Worker, unit: float, first: int, began: float, until: float, times: float
    ) -> tuple[int | None, float]:
        """The day on which the rate of leaving, summed from `first`, reaches `unit`, and what is left of it by `until`.

        Args:
            began: day on which the tenure began.
            until: day before which it is looked for.
            times: what the rate is multiplied by, beyond what the scenario's dates change.
        """
        assert self._rules is not None
        horizon = min(until, float(self._world.calendar.horizon))
        stays_long = worker.grade == "agency" and self._stays_long(worker)
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
            rate = self._rate(grade) * times
            if stays_long and self._rules.long_stays != "none":
                rate = self._rules.long_stays.leaving_a_year / WORKING_DAYS_A_YEAR * times
            rate *= self._rules.early_factor if day < settled else 1.0
            rate *= self._retention.factor(grade, int(day - notice + 1e-9))
            if rate > 0.0 and day + unit / rate < change:
                return int(day + unit / rate), 0.0
            unit -= rate * (change - day)
            day = change
            if day >= horizon:
                break
        return None, unit

    def _notice(self, grade: str) -> float:
        if self._rules is None:
            return WIND_DOWN
        return (self._rules.agency_notice if grade == "agency" else self._rules.notice).working_days

    def _wind_down(self, worker: Worker) -> None:
        worker.takes_cases = False

    def _go(self, worker: Worker) -> None:
        if worker.in_post:
            worker.resigned = True
            if self._feelings is not None:
                self._feelings.has_left(worker, self._world.clock.today)
            self._workforce.dismiss(worker)
