"""Which teams draw on common queues: those that share a stage in a locality, directly or through others."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

Serves = tuple[frozenset[Hashable], Hashable | None]
"""The stages that a team serves, and its locality (None: the whole area)."""


def pooled(teams: Sequence[Serves], across_localities: bool) -> list[list[int]]:
    """Group teams, by their places, into those that draw on common queues.

    Args:
        across_localities: teams help in other localities than their own.
    """
    groups: list[list[int]] = []
    for place, team in enumerate(teams):
        joined = [group for group in groups if any(_share(team, teams[other], across_localities) for other in group)]
        merged = [other for group in joined for other in group] + [place]
        groups = [group for group in groups if group not in joined] + [sorted(merged)]
    # The passes of a day go by the first team of each group: a team that comes later must not change their order.
    return sorted(groups)


def _share(team: Serves, other: Serves, across_localities: bool) -> bool:
    if not (team[0] & other[0]):
        return False
    return across_localities or team[1] is None or other[1] is None or team[1] == other[1]
