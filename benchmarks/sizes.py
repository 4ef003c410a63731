"""The services that are measured: the same pathway at several sizes, and with more children than staff."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from sim.scenario.reading.loader import load
from sim.scenario.schema import Scenario
from sim.scenario.uncertainty.ranges import central_values

CROYDON_REFERRALS = 7000
RUTLAND_REFERRALS = 350
ON, OFF = (Path(__file__).with_name(f"everything_{switch}.yaml") for switch in ("on", "off"))
"""What is set besides Croydon's base for the full and for the plain model."""


@dataclass(frozen=True)
class Size:
    """A service to measure: its name, what it stands for, and how its scenario is made.

    Attributes:
        resolved: the scenario's figures, with every mechanism on or off.
    """

    name: str
    about: str
    resolved: Callable[[bool], dict[str, Any]]

    def scenario(self, years: int, everything_on: bool = False) -> Scenario:
        """The scenario over so many years from its start."""
        figures = self.resolved(everything_on)
        start = date.fromisoformat(str(figures["period"]["start"]))
        end = start.replace(year=start.year + years) - timedelta(days=1)
        figures["period"] = {"start": start, "end": end}
        return Scenario.model_validate(figures)


def tiny(everything_on: bool) -> dict[str, Any]:
    """The teaching example, plain or with its people and needs alive."""
    people = ("turnover", "recruitment", "newly_qualified", "absence", "supervision")
    alive: dict[str, Any] = {"risk": {}} | {f"people.{part}": {} for part in people}
    return load("tiny", alive if everything_on else {}).resolved


def croydon(everything_on: bool, scale: float = 1.0, demand: float = 1.0, staff: bool = True) -> dict[str, Any]:
    """Croydon with 7,000 referrals a year.

    Args:
        everything_on: with every mechanism that a scenario may switch on; otherwise none of them.
        scale: of everything: demand, people, capacities, opening caseload.
        demand: of the referrals alone.
        staff: without it nobody but the front door's workers.
    """
    settings = yaml.safe_load((ON if everything_on else OFF).read_text(encoding="utf-8"))
    loaded = load("croydon-2017", {"demand.referrals_a_year": CROYDON_REFERRALS, **settings})
    figures = deepcopy(central_values(loaded.resolved, loaded.ranges))  # a range stands for its central figure
    asked = figures["demand"]
    asked["referrals_a_year"] *= scale * demand
    asked["rereferral"]["closed_before_start"] *= scale
    for team in figures["teams"].values():
        team["managers"] *= scale
        if "background_hours_a_week" in team:
            team["background_hours_a_week"] *= scale
        for group in team["workers"]:
            works = staff or "front_door" in team["stages"]
            group["count"] = max(1, round(group["count"] * scale)) if works else 0
    for name in ("conference_slots_a_week", "legal_panel_slots_a_week", "solicitors", "final_hearings_a_week"):
        figures["capacities"][name] *= scale
    for caseload in figures["opening"].values():
        caseload["children"] *= scale
    return figures


SIZES = (
    Size("tiny", "the teaching example, 480 referrals a year", tiny),
    Size(
        "Rutland",
        "Rutland's size, 350 referrals a year (308 to 383 in 2015-18)",
        partial(croydon, scale=RUTLAND_REFERRALS / CROYDON_REFERRALS),
    ),
    Size("Croydon", "Croydon's size, 7,000 referrals a year", croydon),
    Size("5 Croydons", "35,000 referrals a year", partial(croydon, scale=5)),
    Size("25 Croydons", "175,000 referrals a year", partial(croydon, scale=25)),
    Size("England", "90 times Croydon, 630,000 referrals a year", partial(croydon, scale=90)),
    Size("+40% referrals", "Croydon with its staff and 40% more referrals", partial(croydon, demand=1.4)),
    Size("+100% referrals", "Croydon with its staff and twice the referrals", partial(croydon, demand=2)),
    Size("no staff", "Croydon with nobody beyond the front door", partial(croydon, staff=False)),
)


def named(name: str) -> Size:
    """The size of that name."""
    return next(size for size in SIZES if size.name == name)
