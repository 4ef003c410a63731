"""How far a scenario may reach: dates that the calendar of its run knows, and how much it may hold in all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from sim.scenario.errors.faults import Faults, Path
from sim.scenario.sections.levers import ReferralSurge, Staffing

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

__all__ = ["check_reach", "children_in_the_run", "dated"]

YEARS_AROUND: Final = 10
"""Years before the start and after the end of the run in which a date of the scenario may lie."""
MOST_CHILDREN: Final = 10_000_000
"""Children of a whole run: four years of all England are 2.5 million."""
MOST_WORKERS: Final = 50_000
DAYS_A_YEAR: Final = 365.25


def check_reach(scenario: Scenario, faults: Faults) -> None:
    """Note each date out of reach, and what is more in all than a run can hold."""
    first, last = _years_from(scenario.period.start, -YEARS_AROUND), _years_from(scenario.period.end, YEARS_AROUND)
    for path, day in dated(scenario):
        if not first <= day <= last:
            side = "before the start" if day < first else "after the end"
            wrong = f"{day} is more than {YEARS_AROUND} years {side} of the run"
            faults.add(path, wrong, f"write a date between {first} and {last}")
    heads = sum(group.count for team in scenario.teams.values() for group in team.workers)
    heads += sum(lever.add.count for lever in scenario.levers_of(Staffing))
    if heads > MOST_WORKERS:
        faults.add(("teams",), f"there are {heads:,} workers in all", f"write {MOST_WORKERS:,} or fewer")
    children = children_in_the_run(scenario)
    if children > MOST_CHILDREN:
        wrong = f"about {children:,.0f} children would be simulated"
        faults.add(("demand",), wrong, f"shorten the period or write fewer referrals: {MOST_CHILDREN:,} at most")


def children_in_the_run(scenario: Scenario) -> float:
    """About how many children a run simulates: those open at the start, those referred, and those who come back."""
    demand, period = scenario.demand, scenario.period
    opening = sum(getattr(scenario.opening, stage).children for stage in type(scenario.opening).model_fields)
    days = (period.end - period.start).days + 1
    listed = sum(
        children
        for month, children in demand.monthly_referrals.items()
        if f"{period.start:%Y-%m}" <= month <= f"{period.end:%Y-%m}"
    )
    yearly = demand.referrals_a_year or 0.0
    if demand.referrals_a_working_day is not None:
        yearly = demand.referrals_a_working_day * 253.0
    referred = max(listed, yearly * days / DAYS_A_YEAR)
    for lever in scenario.levers:
        if isinstance(lever, ReferralSurge) and lever.at <= period.end:
            from_day, until = max(lever.at, period.start), min(lever.until or period.end, period.end)
            referred += max(0.0, lever.size) * referred * max(0, (until - from_day).days + 1) / days
    back = demand.rereferral.share if demand.rereferral.mode == "feedback" else 0.0
    return float(opening + demand.rereferral.closed_before_start + referred / max(0.05, 1.0 - back))


def dated(scenario: Scenario) -> Iterator[tuple[Path, date]]:
    """Yield every date of teams, workers, levers and capacities, with its path."""
    for name, team in scenario.teams.items():
        yield from _dates(("teams", name), team)
        for number, group in enumerate(team.workers):
            yield from _dates(("teams", name, "workers", number), group)
    for number, lever in enumerate(scenario.levers):
        yield from _dates(("levers", number), lever)
        if isinstance(lever, Staffing):
            yield from _dates(("levers", number, "add"), lever.add)
    for name in type(scenario.capacities).model_fields:
        values = getattr(scenario.capacities, name)
        if isinstance(values, dict):
            yield from ((("capacities", name, day.isoformat()), day) for day in values if day != date.min)


def _dates(path: Path, section: object) -> Iterator[tuple[Path, date]]:
    for key in ("start", "end", "at", "until"):
        day = getattr(section, key, None)
        if day is not None:
            yield (*path, key), day


def _years_from(day: date, years: int) -> date:
    # 29 February falls back to the 28th.
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)
