"""Points: settings of a scenario, each run in several replications on the same simulated children.

A sweep, a search for the cheapest setting and a sensitivity analysis all ask for points and differ only in which. Point
and replication say everything: replication i is of the same children at every point.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.calendar.periods import reporting_year_label
from sim.experiment.running.executor import Executor
from sim.experiment.running.task import Outcome, Simulate, Task
from sim.measures.definitions import MEASURES
from sim.scenario.errors.problems import Problem, ScenarioError, did_you_mean

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario
    from sim.scenario.schema import Scenario

__all__ = ["Point", "PointRun", "Points", "check_measures", "check_period", "last_full_year"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Point:
    """A setting: its number, and the value at each path that is varied, as a scenario would write it."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class PointRun:
    """One replication of a point: figures of all children together, or the error.

    `figures` has one value for each of `keys` (measure, period), NaN where there is nothing to measure.
    """

    point: int
    replication: int
    keys: tuple[tuple[str, str], ...]
    figures: Floats
    error: str | None = None

    def value(self, measure: str, period: str) -> float:
        """One figure; NaN when the run failed."""
        return float("nan") if self.error is not None else float(self.figures[self.keys.index((measure, period))])


class Points:
    """Runs points of one scenario.

    Args:
        scenario: what the points change.
        seed: master seed; with a replication it says which children come.
        executor: runs the tasks.
        measures: which to keep, all by default.
        simulate: a model in place of `sim.model.simulate`.
        progress: called with (runs done, runs asked for so far).
    """

    def __init__(
        self,
        scenario: LoadedScenario,
        seed: int,
        executor: Executor,
        measures: Sequence[str] = (),
        simulate: Simulate | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.scenario = scenario
        self._seed = seed
        self._executor = executor
        self._measures = frozenset(measures)
        self._simulate = simulate
        self._progress = progress
        self._scenarios: dict[int, Scenario | str] = {}
        self.asked = 0
        self.done = 0

    def run(self, wanted: Iterable[tuple[Point, int]]) -> Generator[PointRun]:
        """Run (point, replication) pairs; runs come in any order, each as soon as it is there.

        A point whose values do not go together, and a replication that fails, are runs with an error.
        """
        tasks: list[Task] = []
        refused: list[PointRun] = []
        for point, replication in wanted:
            changed = self._scenario(point)
            if isinstance(changed, str):
                refused.append(PointRun(point.number, replication, (), np.empty(0), changed))
            else:
                task = Task(point.number, replication, self.scenario.name, changed, self._seed, simulate=self._simulate)
                tasks.append(task)
        self.asked += len(tasks) + len(refused)
        for run in refused:
            self._count()
            yield run
        outcomes = self._executor.run(tasks)
        with closing(outcomes):
            for outcome in outcomes:
                self._count()
                yield self._of(outcome)

    def _count(self) -> None:
        self.done += 1
        if self._progress is not None:
            self._progress(self.done, self.asked)

    def _scenario(self, point: Point) -> Scenario | str:
        changed = self._scenarios.get(point.number)
        if changed is None:
            try:
                changed = self.scenario.scenario_at(point.values)
            except ScenarioError as error:
                changed = "; ".join(str(problem) for problem in error.problems)
            self._scenarios[point.number] = changed
        return changed

    def _of(self, outcome: Outcome) -> PointRun:
        if outcome.measured is None:
            return PointRun(outcome.position, outcome.replication, (), np.empty(0), outcome.error)
        rows = outcome.measured.rows
        keep = [
            place
            for place, (measure, breakdown) in enumerate(zip(rows.measures, rows.breakdowns, strict=True))
            if breakdown == "all" and (not self._measures or measure in self._measures)
        ]
        keys = tuple((rows.measures[place], rows.periods[place]) for place in keep)
        return PointRun(outcome.position, outcome.replication, keys, outcome.measured.values[keep])


def check_measures(measures: Iterable[str], option: str = "--measure") -> None:
    """Refuse measures that do not exist.

    Raises:
        ScenarioError: with a line for each, and the nearest measure.
    """
    unknown = [measure for measure in measures if measure not in MEASURES]
    if unknown:
        raise ScenarioError(
            Problem(
                option,
                None,
                "",
                f"there is no measure '{measure}'",
                did_you_mean(measure, MEASURES, "`frontdoor measures` lists them; for example"),
            )
            for measure in unknown
        )


def last_full_year(scenario: Scenario) -> str:
    """The last reporting year (April to March) that lies whole in the run, such as `2018-19`; else `whole`."""
    years = _full_years(scenario)
    return years[-1] if years else "whole"


def check_period(scenario: Scenario, period: str) -> None:
    """Refuse a period that is neither a full reporting year of the run nor `whole`.

    Raises:
        ScenarioError: naming those there are.
    """
    known = [*_full_years(scenario), "whole"]
    if period not in known:
        right = f"use {' or '.join((', '.join(known[:-1]), known[-1])) if len(known) > 1 else 'whole'}"
        raise ScenarioError([Problem("--period", None, "", f"the run has no full year '{period}'", right)])


def _full_years(scenario: Scenario) -> list[str]:
    start, end = scenario.period.start, scenario.period.end
    first = start.year if (start.month, start.day) <= (4, 1) else start.year + 1
    last = end.year if (end.month, end.day) >= (3, 31) else end.year - 1
    return [reporting_year_label(year) for year in range(first, last)]
