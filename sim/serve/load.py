"""What an option asks of its teams before anything is simulated: load by quarter, in words and as a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.load_by_quarter import QuarterLoad, by_quarter

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

__all__ = ["load_of"]

MOST: Final = 999
"""Per cent shown at most."""


def load_of(scenario: Scenario, start: Scenario) -> dict[str, Any]:
    """Return the load of each team in each quarter, in per cent, with that of the start beside it.

    `words` says in a sentence for each team when more is asked than there is.
    """
    rows, before = by_quarter(scenario), {(row.team, row.label): row for row in by_quarter(start)}
    quarters = list(dict.fromkeys(row.label for row in rows))
    teams = []
    for name in dict.fromkeys(row.team for row in rows):
        mine = {row.label: row for row in rows if row.team == name}
        was = {label: before.get((name, label)) for label in quarters}
        teams.append(
            {
                "name": name,
                "loads": [_percent(mine.get(label)) for label in quarters],
                "was": [_percent(was[label]) for label in quarters],
            }
        )
    teams = [team for team in teams if any(load is not None for load in team["loads"])]
    return {"quarters": quarters, "teams": teams, "words": [_words(team, quarters) for team in teams]}


def _percent(row: QuarterLoad | None) -> int | None:
    if row is None or (row.available <= 0 and row.asked <= 0):
        return None
    return MOST if math.isinf(row.load) else min(MOST, round(100 * row.load))


def _words(team: dict[str, Any], quarters: list[str]) -> str:
    known = [(load, label) for load, label in zip(team["loads"], quarters, strict=True) if load is not None]
    highest, when = max(known, key=lambda pair: pair[0])
    over = [label for load, label in known if load > 100]
    name = str(team["name"])
    subject = name[:1].upper() + name[1:]
    if not over:
        return f"{subject}: at most {highest}% of its hours are asked for ({when})."
    if len(over) == len(known):
        return f"{subject}: more is asked than there are hours, in every quarter (highest: {highest}%, {when})."
    times = f"in {len(over)} of {len(known)} quarters"
    return f"{subject}: more is asked than there are hours {times}, first in {over[0]} (highest: {highest}%, {when})."
