"""Lever: a team leaves earlier or later than the scenario's end of it."""

from __future__ import annotations

from datetime import date, timedelta

from sim.scenario.schema import Scenario
from sim.scenario.sections.levers import TeamEnd


def last_days(scenario: Scenario) -> dict[str, date | None]:
    """The last day of each team, by name, with the levers on it (of several the one named last); None: it stays."""
    days = {name: team.end for name, team in scenario.teams.items()}
    for lever in scenario.levers:
        if isinstance(lever, TeamEnd):
            days[lever.team] = lever.at - timedelta(days=1)
    return days
