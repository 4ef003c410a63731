"""Money: what people and levers cost in each month, at the rates of the scenario. It changes nothing that happens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sim.model.recording.names import AGENCY_PREMIUM, LEVER_COST, STAFF_COST

if TYPE_CHECKING:
    from sim.calendar import Month
    from sim.model.service import Service

DAYS_A_YEAR: Final = 365.25
MONTHS_A_YEAR: Final = 12
DAYS_A_WEEK: Final = 7


class Money:
    """Pounds by month: staff at permanent rates, the premium paid for agency workers, and levers."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def record(self, place: int, month: Month) -> None:
        """Record what the month at this place has cost."""
        staff, premium = self._staff(month)
        rows = self._service.recorder.money
        rows.append((place, STAFF_COST, staff))
        rows.append((place, AGENCY_PREMIUM, premium))
        rows.append((place, LEVER_COST, self._levers(month)))

    def _staff(self, month: Month) -> tuple[float, float]:
        """Pay of workers for their days in post, of managers, and of solicitors where they are limited."""
        service, costs = self._service, self._service.scenario.costs
        days = month.last_index - month.first_index + 1
        staff = premium = 0.0
        for worker in service.workforce.workers:
            first = max(month.first_index, worker.start)
            last = month.last_index if worker.end is None else min(month.last_index, worker.end)
            if last < first:
                continue
            years = worker.fte * (last - first + 1) / days / MONTHS_A_YEAR
            cost = getattr(costs, worker.grade)
            usual = min(cost, costs.social_worker) if worker.grade == "agency" else cost
            staff += years * usual
            premium += years * (cost - usual)
        for team, section in zip(service.teams, service.scenario.teams.values(), strict=True):
            first_day, last_day = _days(month)
            share = _overlap(first_day, last_day, section.start, service.workforce.surge.paid_until(team)) / (
                (last_day - first_day).days + 1
            )
            staff += team.desk.managers * costs.manager * share / MONTHS_A_YEAR
        staff += service.solicitors.number(month.last_index) * costs.solicitor / MONTHS_A_YEAR
        return staff, premium

    def _levers(self, month: Month) -> float:
        first, last = _days(month)
        pounds = 0.0
        for lever in self._service.scenario.levers:
            if first <= lever.at <= last:
                pounds += lever.cost_once
            until = None if lever.until is None else lever.until - timedelta(days=1)
            pounds += lever.cost_a_year * _overlap(first, last, lever.at, until) / DAYS_A_YEAR
        pounds += self._service.targeted_reviews.cost(month.first_index, month.last_index)
        for team, section in zip(self._service.teams, self._service.scenario.teams.values(), strict=True):
            if section.cost_a_week:
                end = self._service.workforce.surge.paid_until(team)
                pounds += section.cost_a_week * _overlap(first, last, section.start, end) / DAYS_A_WEEK
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
