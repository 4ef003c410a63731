"""Money: what people and levers cost in each month, at the rates of the scenario. It changes nothing that happens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sim.model.recording.names import AGENCY_PREMIUM, LEVER_COST, STAFF_COST

if TYPE_CHECKING:
    from sim.calendar import Month
    from sim.model.pathway.capacities import Capacities
    from sim.model.reviews.targeted import TargetedReviews
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.team import Teams
    from sim.model.world import World

DAYS_A_YEAR: Final = 365.25
MONTHS_A_YEAR: Final = 12
CALENDAR_DAYS_A_WEEK: Final = 7


class Money:
    """Pounds by month: staff at permanent rates, the premium paid for agency workers, and levers.

    It reads, and touches only the recorder.
    """

    def __init__(
        self,
        world: World,
        teams: Teams,
        capacities: Capacities,
        workforce: Workforce,
        targeted_reviews: TargetedReviews,
    ) -> None:
        self._world = world
        self._teams = teams
        self._capacities = capacities
        self._workforce = workforce
        self._targeted_reviews = targeted_reviews

    def record(self, place: int, month: Month) -> None:
        """Record what the month at this place has cost."""
        staff, premium = self._staff(month)
        rows = self._world.recorder.money
        rows.append((place, STAFF_COST, staff))
        rows.append((place, AGENCY_PREMIUM, premium))
        rows.append((place, LEVER_COST, self._levers(month)))

    def _staff(self, month: Month) -> tuple[float, float]:
        """Pay of workers for their days in post, of managers, and of solicitors where they are limited."""
        costs = self._world.scenario.costs
        days = month.last_index - month.first_index + 1
        staff = premium = 0.0
        for worker in self._workforce.workers:
            first = max(month.first_index, worker.start)
            last = month.last_index if worker.end is None else min(month.last_index, worker.end)
            if last < first:
                continue
            years = worker.fte * (last - first + 1) / days / MONTHS_A_YEAR
            cost = getattr(costs, worker.grade)
            usual = min(cost, costs.social_worker) if worker.grade == "agency" else cost
            staff += years * usual
            premium += years * (cost - usual)
        for team, section in zip(self._teams.all, self._world.scenario.teams.values(), strict=True):
            first_day, last_day = _days(month)
            share = _overlap(first_day, last_day, section.start, self._workforce.surge.paid_until(team)) / (
                (last_day - first_day).days + 1
            )
            staff += team.desk.managers * costs.manager * share / MONTHS_A_YEAR
        staff += self._capacities.solicitors.number(month.last_index) * costs.solicitor / MONTHS_A_YEAR
        return staff, premium

    def _levers(self, month: Month) -> float:
        first, last = _days(month)
        pounds = 0.0
        for lever in self._world.scenario.levers:
            if first <= lever.at <= last:
                pounds += lever.cost_once
            until = None if lever.until is None else lever.until - timedelta(days=1)
            pounds += lever.cost_a_year * _overlap(first, last, lever.at, until) / DAYS_A_YEAR
        pounds += self._targeted_reviews.cost(month.first_index, month.last_index)
        for team, section in zip(self._teams.all, self._world.scenario.teams.values(), strict=True):
            if section.cost_a_week:
                end = self._workforce.surge.paid_until(team)
                pounds += section.cost_a_week * _overlap(first, last, section.start, end) / CALENDAR_DAYS_A_WEEK
        return pounds


def _days(month: Month) -> tuple[date, date]:
    """First and last calendar day of a month."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return date(month.year, month.month, 1), following - timedelta(days=1)


def _overlap(first: date, last: date, start: date | None, end: date | None) -> int:
    """Calendar days of a month between two dates, both included; None leaves a side open."""
    begins = first if start is None else max(first, start)
    ends = last if end is None else min(last, end)
    return max(0, (ends - begins).days + 1)
