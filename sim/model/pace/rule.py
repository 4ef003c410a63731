"""The rule that shares a worker's hours between urgent and routine work."""

from __future__ import annotations


class PaceRule:
    """How a worker's hours stretch and how slow routine work may become (shares of the hours and of full pace)."""

    __slots__ = ("overtime", "slowest")

    def __init__(self, overtime: float, slowest: float) -> None:
        self.overtime = overtime
        self.slowest = slowest


def paces(urgent: float, routine: float, hours: float, rule: PaceRule | None) -> tuple[float, float]:
    """Pace of urgent and of routine work, each between 0 and 1.

    Urgent work is served first; routine work shares what is left, but never less than the slowest share, which then
    comes out of the urgent hours so that nobody works hours that do not exist.

    Args:
        urgent: hours a week asked by urgent work.
        routine: hours a week asked by routine work.
        hours: hours a week there are.
        rule: None switches pace off: all work moves at full pace.
    """
    if rule is None:
        return 1.0, 1.0
    asked = urgent + routine
    if asked <= hours:
        return 1.0, 1.0
    # Comparisons in place of `min`: this is called at every change of what is asked.
    available = hours * (1.0 + rule.overtime)
    if asked < available:
        available = asked
    least = rule.slowest * routine
    if available < least:
        least = available
    for_urgent = available - least
    if urgent < for_urgent:
        for_urgent = urgent
    pace_urgent = for_urgent / urgent if urgent > 0.0 else 1.0
    pace_routine = (available - for_urgent) / routine if routine > 0.0 else 1.0
    return pace_urgent, pace_routine if pace_routine < 1.0 else 1.0
