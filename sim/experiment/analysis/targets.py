"""Targets: which of a scenario's aims name a measure, and in how many runs each is met."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.measures.definitions import MEASURES
from sim.scenario.errors.problems import Problem, ScenarioError, did_you_mean

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["check_targets", "met"]


def check_targets(scenarios: Iterable[LoadedScenario]) -> None:
    """Refuse targets on measures that do not exist.

    Raises:
        ScenarioError: with a line for each, and the nearest measure.
    """
    problems: list[Problem] = []
    for loaded in scenarios:
        for number, target in enumerate(loaded.scenario.targets):
            if target.measure not in MEASURES:
                right = did_you_mean(target.measure, MEASURES, "`frontdoor measures` lists them; for example")
                wrong = f"there is no measure '{target.measure}'"
                problems.append(loaded.problem(("targets", number, "measure"), wrong, right))
    if problems:
        raise ScenarioError(problems)


def met(value: float, at_least: float | None, at_most: float | None) -> bool:
    """Whether a figure meets a target; a missing one does not."""
    return (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
