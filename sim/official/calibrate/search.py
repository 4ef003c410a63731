"""Finding the settings that fit: history matching over a space-filling design, in two waves.

Each setting is run on the same simulated children (common random numbers), so that settings differ by what they change
and not by luck. A setting is implausible when any target lies more than three standard deviations from it, where the
variance is that of the model's tolerance and of chance between runs (Craig, Goldstein, Seheult and Smith, 1997; three
by Pukelsheim's rule, 1994). The second wave searches around what the first one left. What is left is not a fit but an
ensemble: every setting that the published figures cannot rule out.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.official.calibrate.target import OPEN_3M, CalibrationTarget, open_three_months
from sim.scenario.uncertainty.free_figures import FREE, applied

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

__all__ = ["MOST_BUSY", "Calibration", "Tried", "calibrate"]

Progress = Callable[[int, int], None]
Floats = NDArray[np.float64]

IMPLAUSIBLE = 3.0
MOST_BUSY = 85.0
"""Manager utilisation in % above which a setting is refused: a queue for decisions would explain everything else."""
CHANCE_RUNS = 6
FIRST_WAVE = 0.55
KEPT = 60


@dataclass(frozen=True)
class Tried:
    """A setting, what it gave, how implausible it is, and the busiest managers' utilisation in %."""

    setting: dict[str, float]
    values: dict[str, float]
    implausibility: float
    managers: float

    @property
    def refused(self) -> bool:
        """Whether managers would be busier than a sound base allows."""
        return self.managers > MOST_BUSY

    @property
    def accepted(self) -> bool:
        """Whether the published figures cannot rule it out."""
        return not self.refused and self.implausibility <= IMPLAUSIBLE


@dataclass(frozen=True)
class Calibration:
    """Every setting tried; `start` is the scenario as it stands; `chance` the standard deviation between runs."""

    targets: tuple[CalibrationTarget, ...]
    start: Tried
    tried: tuple[Tried, ...]
    chance: dict[str, float]
    seed: int

    @property
    def accepted(self) -> tuple[Tried, ...]:
        """Settings that fit, the nearest first, sixty at most."""
        return tuple(sorted((one for one in self.tried if one.accepted), key=lambda one: one.implausibility)[:KEPT])

    @property
    def refused(self) -> int:
        """How many settings were refused because of their managers."""
        return sum(one.refused for one in self.tried)

    def narrowed(self) -> dict[str, float]:
        """How far the spread of each free figure shrank: 1 is not at all, 0 is to a point."""
        kept = self.accepted
        made = {}
        for free in FREE:
            prior = (free.high - free.low) / 12**0.5
            spread = float(np.std([one.setting[free.id] for one in kept])) if len(kept) > 1 else float("nan")
            made[free.id] = spread / prior
        return made

    def traded(self) -> list[tuple[str, str, float]]:
        """Pairs of free figures that only act together: correlated by more than 0.6 among the settings that fit."""
        kept = self.accepted
        if len(kept) < 8:
            return []
        grid = np.corrcoef(np.array([[one.setting[free.id] for free in FREE] for one in kept]).T)
        return [
            (FREE[a].id, FREE[b].id, float(grid[a, b]))
            for a in range(len(FREE))
            for b in range(a + 1, len(FREE))
            if abs(grid[a, b]) > 0.6
        ]


@dataclass(frozen=True)
class _Job:
    scenario: Scenario
    setting: dict[str, float]
    seed: int
    replication: int
    outside: float


def calibrate(
    scenario: Scenario,
    targets: Sequence[CalibrationTarget],
    outside: float,
    budget: int = 120,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
) -> Calibration:
    """Search settings of a look-back scenario within a budget of runs.

    `outside` assessments for each referral are published but outside the pathway. The result is the same for a seed and
    budget, whatever the number of workers.
    """
    from scipy.stats import qmc

    done = 0

    def run(settings: Sequence[dict[str, float]], replications: Sequence[int]) -> list[dict[str, float]]:
        nonlocal done
        jobs = [
            _Job(applied(scenario, setting), setting, seed, replication, outside)
            for setting, replication in zip(settings, replications, strict=True)
        ]
        found = []
        for values in _spread(jobs, workers):
            found.append(values)
            done += 1
            if progress is not None:
                progress(done, budget)
        return found

    same: dict[str, float] = {free.id: 1.0 for free in FREE}
    several = run([same] * CHANCE_RUNS, range(CHANCE_RUNS))
    chance = {one.measure: float(np.std([v[one.measure] for v in several], ddof=1)) for one in targets}
    start = _tried(same, several[0], targets, chance)

    first = max(len(FREE) + 2, round(FIRST_WAVE * (budget - CHANCE_RUNS)))
    design = qmc.scale(
        qmc.LatinHypercube(len(FREE), rng=np.random.default_rng(seed)).random(first),
        [free.low for free in FREE],
        [free.high for free in FREE],
    )
    tried = _wave(design, run, targets, chance)
    second = budget - CHANCE_RUNS - first
    if second > 0:
        tried += _wave(_around(tried, second, seed), run, targets, chance)
    return Calibration(tuple(targets), start, tuple(tried), chance, seed)


def _wave(
    design: Floats,
    run: Callable[[Sequence[dict[str, float]], Sequence[int]], list[dict[str, float]]],
    targets: Sequence[CalibrationTarget],
    chance: Mapping[str, float],
) -> list[Tried]:
    settings = [{free.id: float(value) for free, value in zip(FREE, row, strict=True)} for row in design]
    found = run(settings, [0] * len(settings))
    return [_tried(setting, values, targets, chance) for setting, values in zip(settings, found, strict=True)]


def _around(tried: Sequence[Tried], count: int, seed: int) -> Floats:
    """Settings near the best of a first wave: its nearest fifth, moved by their own spread, inside the ranges."""
    generator = np.random.default_rng([seed, 2])
    fit = sorted((one for one in tried if not one.refused), key=lambda one: one.implausibility) or list(tried)
    best = np.array([[one.setting[free.id] for free in FREE] for one in fit[: max(4, len(tried) // 5)]])
    low, high = (np.array([getattr(free, end) for free in FREE]) for end in ("low", "high"))
    width = np.maximum(best.std(axis=0), 0.05 * (high - low))
    moved = best[generator.integers(len(best), size=count)] + generator.normal(size=(count, len(FREE))) * 0.7 * width
    # Reflected at the ends: cut off there, settings would pile up on them.
    moved = np.where(moved < low, 2 * low - moved, moved)
    moved = np.where(moved > high, 2 * high - moved, moved)
    inside: Floats = np.clip(moved, low, high)
    return inside


def _tried(
    setting: dict[str, float],
    values: dict[str, float],
    targets: Sequence[CalibrationTarget],
    chance: Mapping[str, float],
) -> Tried:
    worst = 0.0
    for one in targets:
        value = values[one.measure]
        # Chance counts twice: in the run and in what really happened.
        sd = (one.tolerance**2 + 2 * chance[one.measure] ** 2) ** 0.5
        worst = max(worst, abs(value - one.observed) / sd if np.isfinite(value) else np.inf)
    return Tried(setting, values, float(worst), values["managers"])


def _spread(jobs: Sequence[_Job], workers: int) -> Iterator[dict[str, float]]:
    """Run jobs here or in several processes, in order."""
    if workers <= 1 or len(jobs) < 2:
        yield from map(_run, jobs)
        return
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context(method)) as pool:
        yield from pool.map(_run, jobs)


def _run(job: _Job) -> dict[str, float]:
    """Simulate one setting: the measures of the reporting year, the open stock, the busiest managers."""
    from sim.calendar import calendar_of
    from sim.measures.compute import compute
    from sim.model import simulate

    period = job.scenario.period
    recording = simulate(job.scenario, job.seed, job.replication)
    measured = compute(recording, calendar_of(period.start, period.end))
    rows = measured.rows
    values: dict[str, float] = {}
    managers = 0.0
    for measure, when, where, value in zip(
        rows.measures, rows.periods, rows.breakdowns, measured.values.tolist(), strict=True
    ):
        if when != "whole":
            continue
        if where == "all":
            values[measure] = value
        if measure == "manager_utilisation" and value == value:
            managers = max(managers, value)
    values["assessments_completed"] += job.outside * values["referrals"]
    values[OPEN_3M] = open_three_months(recording)
    values["managers"] = managers
    return values
