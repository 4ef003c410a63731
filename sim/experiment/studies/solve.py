"""The cheapest setting of a scenario that meets its targets in enough runs, and what others would cost.

See `sim.experiment.studies.search` for the search, `docs/scale.md` for when to trust it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.sequential_test import SequentialTest, rounds
from sim.experiment.analysis.statistics import spread
from sim.experiment.errors import ReplicationsFailedError, ResultsError, RunError
from sim.experiment.results.table_files import read_table
from sim.experiment.running.executor import Executor
from sim.experiment.studies import study_folder
from sim.experiment.studies.manifests import SettingFailure, SolutionManifest, begun, varied
from sim.experiment.studies.points import Point, Points
from sim.experiment.studies.search import Search, Setting, TriedSetting
from sim.experiment.studies.solve_targets import SolveTarget

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.running.task import Simulate
    from sim.experiment.studies.vary import Axis
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["FILES", "KIND", "Question", "Solution", "load_solution", "save_solution", "solve"]

KIND = "solve"
DELAY = "delay_child_days"
"""Beside the targets, every setting is shown with its days of delay: what is bought with the cost."""
MOST_SETTINGS = 200_000
FILES = {
    "README.txt": "this list",
    "manifest.json": "what was asked and found: version, scenario in full, targets, answer, seed",
    "settings.parquet": "the same as settings.csv, with every figure in full",
    "settings.csv": "each setting that was run: cost, measures, share of runs that meet the targets",
    "runs.parquet": "each run of each setting",
    "report.html": "the report: open it in a browser; it needs no connection",
}


@dataclass(frozen=True)
class Question:
    """What is asked: targets that must all be met in a share of runs, in a period, at the least of a measure."""

    targets: tuple[SolveTarget, ...]
    minimise: str = "cost_total"
    chance: float = 0.8
    period: str = "whole"
    most: int = 40
    """Replications of a setting at most."""

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that is looked at."""
        return tuple(dict.fromkeys([self.minimise, *(target.measure for target in self.targets), DELAY]))


@dataclass(frozen=True)
class Solution:
    """What was found. `settings` has one row for each setting that was run, cheapest first; `runs` one for each run.

    `manifest.answer` is the row number in `settings` of the cheapest setting that meets the targets, or None;
    `manifest.possible` those of cheaper ones that chance may have kept from it, `manifest.sure` that of the cheapest
    that chance does not explain.
    """

    manifest: SolutionManifest
    settings: pd.DataFrame
    runs: pd.DataFrame

    @property
    def paths(self) -> list[str]:
        """What was varied."""
        return [axis.path for axis in self.manifest.axes]


def solve(
    scenario: LoadedScenario,
    axes: Sequence[Axis],
    question: Question,
    executor: Executor,
    *,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
    simulate: Simulate | None = None,
) -> Solution:
    """Search the settings that the axes span.

    Raises:
        RunError: when an axis has no steps, or there are too many settings.
        ReplicationsFailedError: when no run came out.
    """
    began, started = time.perf_counter(), datetime.now(UTC)
    many = 1
    for axis in axes:
        if not axis.values:
            raise RunError(f"--vary: give {axis.asked} a step: LOW:HIGH:STEP")
        many *= len(axis.values)
    if many > MOST_SETTINGS:
        raise RunError(f"{many:,} settings are too many to search; give longer steps (LOW:HIGH:STEP)")
    runner = Points(scenario, seed, executor, question.measures, simulate, progress)
    numbers: dict[Setting, Point] = {}

    def point(setting: Setting) -> Point:
        if setting not in numbers:
            values = {axis.path: axis.values[place] for axis, place in zip(axes, setting, strict=True)}
            numbers[setting] = Point(len(numbers), values)
        return numbers[setting]

    def run(wanted: Sequence[tuple[Setting, int]]) -> None:
        by_number = {point(setting).number: setting for setting, _ in wanted}
        for outcome in runner.run((point(setting), replication) for setting, replication in wanted):
            known = search.tests[by_number[outcome.point]]
            if outcome.error is not None:
                known.runs[outcome.replication] = (False, {})
                known.errors[outcome.replication] = outcome.error
                continue
            figures = {measure: outcome.value(measure, question.period) for measure in question.measures}
            met = all(target.met(figures[target.measure]) for target in question.targets)
            known.runs[outcome.replication] = (met, figures)

    first = rounds(question.most)[0]
    search = Search(
        tuple(len(axis.values) for axis in axes),
        tuple(axis.numbers is not None for axis in axes),
        question.chance,
        run,
        # Of the replications that every setting has: the same children.
        cost=lambda known: known.mean(question.minimise, first),
        margin=lambda known: _margins(known, question.targets, first),
        most=question.most,
    )
    tried = search.find()
    if all(known.number == len(known.errors) for known in search.tests.values()):
        error = next(iter(next(iter(search.tests.values())).errors.values()))
        raise ReplicationsFailedError(f"no run of the search came out; the first error is: {error}")
    if all(np.isnan(known.mean(question.minimise)) for known in search.tests.values()):
        raise RunError(
            f"--minimise {question.minimise}: there is nothing to measure in {question.period}; choose another"
        )
    asked = begun(scenario, seed, started) | {
        "axes": varied(axes),
        "targets": tuple(str(target) for target in question.targets),
        "minimise": question.minimise,
        "chance": question.chance,
        "period": question.period,
        "most": question.most,
        "seconds": round(time.perf_counter() - began, 2),
    }
    return _solution(asked, search.tests, tried, numbers, question)


def save_solution(solution: Solution, out: Path) -> None:
    """Write a search's folder but for its report, which the report layer adds.

    Raises:
        ResultsError: when `out` holds something else, or cannot be written.
    """
    tables = {"settings": solution.settings, "runs": solution.runs}
    study_folder.save_study(out, KIND, FILES, solution.manifest, tables)


def load_solution(folder: Path) -> Solution:
    """Read a search's folder.

    Raises:
        ResultsError: when it is not one, or a file in it is missing or damaged.
    """
    manifest = SolutionManifest.read(folder)
    figures = ("runs", "met", "share_met", "failed", manifest.minimise)
    settings = read_table(folder / "settings.parquet", ("verdict", *figures), figures=figures)
    rows = [row for row in (manifest.answer, manifest.sure, *manifest.possible) if row is not None]
    if any(not 0 <= row < len(settings) for row in rows):
        raise ResultsError(f"{folder} is damaged: its answer is not among its settings")
    return Solution(manifest, settings, read_table(folder / "runs.parquet"))


def _margins(known: SequentialTest, targets: Sequence[SolveTarget], first: int) -> NDArray[np.float64]:
    """How well each of the first replications meets the targets, as shares of the targets summed."""
    runs = [figures for n, (_, figures) in sorted(known.runs.items()) if n < first and n not in known.errors]
    return np.array(
        [sum(target.margin(figures[target.measure]) for target in targets) for figures in runs], dtype=np.float64
    )


def _solution(
    asked: dict[str, Any],
    tests: dict[Setting, SequentialTest],
    tried: TriedSetting,
    numbers: dict[Setting, Point],
    question: Question,
) -> Solution:
    import pandas as pd

    price = {setting: known.mean(question.minimise, rounds(question.most)[0]) for setting, known in tests.items()}
    order = sorted(tests, key=lambda s: (price[s], s))
    rows = []
    for setting in order:
        known = tests[setting]
        row: dict[str, Any] = dict(numbers[setting].values)
        row |= {"runs": known.number, "met": known.met, "share_met": known.share, "verdict": known.verdict}
        for measure in question.measures:
            runs = spread(known.values(measure).reshape(-1, 1))
            row |= {measure: runs.mean[0], f"{measure}_low80": runs.low80[0], f"{measure}_high80": runs.high80[0]}
        rows.append(row | {"failed": len(known.errors)})
    each = [
        {"setting": order.index(setting), **numbers[setting].values, "replication": replication, "met": met}
        | {measure: figures.get(measure, float("nan")) for measure in question.measures}
        | {"error": known.errors.get(replication, "")}
        for setting in order
        for known in [tests[setting]]
        for replication, (met, figures) in sorted(known.runs.items())
    ]
    manifest = SolutionManifest(
        **asked,
        answer=None if tried.setting is None else order.index(tried.setting),
        possible=tuple(order.index(setting) for setting in tried.possible),
        sure=None if tried.sure is None else order.index(tried.sure),
        notes=tried.notes,
        settings=len(order),
        runs=len(each),
        failures=tuple(
            SettingFailure(setting=order.index(setting), replication=replication, error=error)
            for setting in order
            for replication, error in sorted(tests[setting].errors.items())
        ),
    )
    return Solution(manifest, pd.DataFrame(rows), pd.DataFrame(each))
