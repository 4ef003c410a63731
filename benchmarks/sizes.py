"""The services that are measured: the same pathway at four sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sim.scenario.loader import load
from sim.scenario.schema import Scenario

CROYDON_REFERRALS = 7000
RUTLAND_REFERRALS = 350


@dataclass(frozen=True)
class Size:
    """A service to measure: its name, what it stands for, and how its scenario is made."""

    name: str
    about: str
    resolved: Callable[[], dict[str, Any]]

    def scenario(self, years: int) -> Scenario:
        """The scenario over so many years from its start."""
        figures = self.resolved()
        start = date.fromisoformat(str(figures["period"]["start"]))
        end = start.replace(year=start.year + years) - timedelta(days=1)
        figures["period"] = {"start": start, "end": end}
        return Scenario.model_validate(figures)


def croydon(scale: float) -> dict[str, Any]:
    """Croydon with 7,000 referrals a year and visits, times a scale: demand, people, capacities, opening caseload."""
    figures = load("croydon-2017", {"demand.referrals_a_year": CROYDON_REFERRALS}).resolved
    demand = figures["demand"]
    demand["referrals_a_year"] *= scale
    demand["rereferral"]["closed_before_start"] *= scale
    for team in figures["teams"].values():
        team["managers"] *= scale
        if "background_hours_a_week" in team:
            team["background_hours_a_week"] *= scale
        for group in team["workers"]:
            group["count"] = max(1, round(group["count"] * scale))
    for name in ("conference_slots_a_week", "legal_panel_slots_a_week", "solicitors", "final_hearings_a_week"):
        figures["capacities"][name] *= scale
    for caseload in figures["opening"].values():
        caseload["children"] *= scale
    return figures


SIZES = (
    Size("tiny", "the teaching example, 480 referrals a year", lambda: load("tiny").resolved),
    Size(
        "rutland",
        "Rutland's size, 350 referrals a year (308 to 383 in 2015-18)",
        lambda: croydon(RUTLAND_REFERRALS / CROYDON_REFERRALS),
    ),
    Size("croydon", "Croydon's size, 7,000 referrals a year", lambda: croydon(1)),
    Size("five-croydons", "five times Croydon, 35,000 referrals a year", lambda: croydon(5)),
)


def named(name: str) -> Size:
    """The size of that name."""
    return next(size for size in SIZES if size.name == name)
