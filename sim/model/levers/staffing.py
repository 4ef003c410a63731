"""Lever: workers added to a team, for good or until a date."""

from __future__ import annotations

from datetime import timedelta

from sim.scenario.schema import Scenario
from sim.scenario.sections.levers import Staffing
from sim.scenario.sections.workforce import Workers


def added_workers(scenario: Scenario) -> list[tuple[str, Workers, int | None]]:
    """The groups of workers that levers add: the name of the team, the group with its first and last day in post, and
    how many of them are still there after twelve months (None: as turnover has it).
    """
    added: list[tuple[str, Workers, int | None]] = []
    for lever in scenario.levers:
        if isinstance(lever, Staffing):
            last = None if lever.until is None else lever.until - timedelta(days=1)
            dates = {"start": lever.add.start or lever.at, "end": lever.add.end or last}
            added.append((lever.team, lever.add.model_copy(update=dates), lever.staying))
    return added
