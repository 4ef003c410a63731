"""Scenarios that are one until a date: what lies before it needs to be simulated only once.

What a scenario holds for later changes nothing before it comes (`tests/property/test_what_is_to_come.py`). Told apart
here are two scenarios of which one has teams more than the other, that come later.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal

from sim.scenario.pooling import pooled
from sim.scenario.sections.levers import Staffing

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario
    from sim.scenario.sections.workforce import CapLeaks, TeamSection

WORDS: Final = frozenset({"title", "short_title", "description", "question", "ensemble", "theory", "targets"})
"""What a scenario says that changes no simulated child."""


def shared_until(first: Scenario, other: Scenario) -> date | None:
    """A date until which `other` is as `first`, or None where they have to be simulated apart.

    A service that has run as `first` to the morning of that date can go on as `other` (`Service.go_on_as`), with the
    results that `other` has by itself, to the last bit.
    """
    known = len(first.teams)
    if len(other.teams) <= known or list(islice(other.teams.items(), known)) != list(first.teams.items()):
        return None
    same = type(first).model_fields.keys() - WORDS - {"teams"}
    if any(getattr(first, name) != getattr(other, name) for name in same):
        return None
    # Workers whom levers add are numbered after those of all teams.
    if first.levers_of(Staffing):
        return None
    coming = list(islice(other.teams.values(), known, None))
    leaks = [group.leaks for team in first.teams.values() for group in team.workers if group.gives]
    if not all(_may_come_later(team, other, leaks) for team in coming) or not _only_join(known, other):
        return None
    return min(_first_date(team) for team in coming)


def _may_come_later(team: TeamSection, scenario: Scenario, leaks: list[CapLeaks | Literal["none"]]) -> bool:
    """Whether a team is nothing to anybody before it comes: neither to the front door nor to how queues are kept.

    Args:
        leaks: how caps give that are there before it comes.
    """
    return (
        team.start is not None
        and team.takes == "all"
        and "front_door" not in team.stages
        and (team.locality is None or scenario.allocation.pooling == "none")
        and all(not group.gives or group.leaks in leaks for group in team.workers)
    )


def _first_date(team: TeamSection) -> date:
    """The first date of a team, or an earlier one on which it may already begin to wind down."""
    assert team.start is not None
    if team.end is None:
        return team.start
    return min(team.start, team.end - timedelta(days=2 * team.wind_down.working_days + 14))


def _only_join(known: int, scenario: Scenario) -> bool:
    """Whether each team beyond the known draws on queues of which others draw already, and brings none together."""
    serves = [(frozenset[object](team.stages), team.locality) for team in scenario.teams.values()]
    across = scenario.allocation.pooling != "none"
    joined = [[place for place in group if place < known] for group in pooled(serves, across)]
    return joined == pooled(serves[:known], across) and all(
        any(stage in stages and served in (None, locality) for stages, served in serves[:known])
        for mine, where in serves[known:]
        for stage in mine
        for locality in ([where] if where is not None else scenario.localities)
    )
