"""Finding the settings that fit: history matching over a space-filling design, in two waves.

Each setting is run on the same simulated children (common random numbers), so that settings differ by what they change
and not by chance. A setting is implausible when any target lies more than three standard deviations from it, where the
variance is that of the model's tolerance and of chance between runs (Craig, Goldstein, Seheult and Smith, 1997; three
by Pukelsheim's rule, 1994). The second wave runs settings that an emulator of the first cannot rule out. What is left
is not a fit but an ensemble: every setting that the published figures cannot rule out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.official.calibrate.emulator import emulate
from sim.official.calibrate.target import OPEN_3M, CalibrationTarget, open_three_months
from sim.scenario.uncertainty.free_figures import FREE, applied

if TYPE_CHECKING:
    from sim.experiment.running.executor import Executor
    from sim.experiment.running.task import Outcome
    from sim.model.recording import Recording
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
CANDIDATES = 4096
"""Settings that the emulator judges without a run."""
FEWEST_TO_EMULATE = 8


@dataclass(frozen=True)
class Tried:
    """A setting, what it gave, how implausible it is, and the busiest managers' utilisation in %.

    A setting whose run failed gave nothing, is infinitely implausible, and has the `error`.
    """

    setting: dict[str, float]
    values: dict[str, float]
    implausibility: float
    managers: float
    error: str | None = None

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
        return tuple(
            sorted(
                (tried_setting for tried_setting in self.tried if tried_setting.accepted),
                key=lambda tried_setting: tried_setting.implausibility,
            )[:KEPT]
        )

    @property
    def refused(self) -> int:
        """How many settings were refused because of their managers."""
        return sum(tried_setting.refused for tried_setting in self.tried)

    def narrowed(self) -> dict[str, float]:
        """How far the spread of each free figure shrank: 1 is not at all, 0 is to a point."""
        kept = self.accepted
        spreads = {}
        for free in FREE:
            prior = (free.high - free.low) / 12**0.5
            spread = (
                float(np.std([tried_setting.setting[free.id] for tried_setting in kept]))
                if len(kept) > 1
                else float("nan")
            )
            spreads[free.id] = spread / prior
        return spreads

    def traded(self) -> list[tuple[str, str, float]]:
        """Pairs of free figures that only act together: correlated by more than 0.6 among the settings that fit."""
        kept = self.accepted
        if len(kept) < 8:
            return []
        grid = np.corrcoef(np.array([[tried_setting.setting[free.id] for free in FREE] for tried_setting in kept]).T)
        return [
            (FREE[a].id, FREE[b].id, float(grid[a, b]))
            for a in range(len(FREE))
            for b in range(a + 1, len(FREE))
            if abs(grid[a, b]) > 0.6
        ]


def calibrate(
    scenario: Scenario,
    targets: Sequence[CalibrationTarget],
    outside: float,
    budget: int = 120,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Calibration:
    """Search settings of a look-back scenario within a budget of runs.

    `outside` assessments for each referral are published but outside the pathway. `executor` runs them in place of
    `workers` processes. The result is the same for a seed and budget, whatever runs them. A setting whose run fails is
    ruled out, and says why.

    Raises:
        RunError: when the scenario as it stands does not run.
    """
    from scipy.stats import qmc

    from sim.experiment.errors import RunError
    from sim.experiment.running.executor import choose
    from sim.experiment.running.task import Task

    runs_on = executor or choose(workers)

    done = 0

    def run(settings: Sequence[dict[str, float]], replications: Sequence[int]) -> list[dict[str, float] | str]:
        """The figures of each setting, or why there are none."""
        nonlocal done
        tasks = [
            Task(place, replication, "look-back", applied(scenario, setting), seed, also=_open_three_months)
            for place, (setting, replication) in enumerate(zip(settings, replications, strict=True))
        ]
        figures: dict[int, dict[str, float] | str] = {}
        for outcome in runs_on.run(tasks):
            figures[outcome.position] = _figures(outcome, outside)
            done += 1
            if progress is not None:
                progress(done, budget)
        return [figures[place] for place in range(len(tasks))]

    same: dict[str, float] = {free.id: 1.0 for free in FREE}
    several = run([same] * CHANCE_RUNS, range(CHANCE_RUNS))
    failed = next((error for error in several if isinstance(error, str)), None)
    if failed is not None:
        raise RunError(f"the scenario as it stands does not run in the year that is looked back on: {failed}")
    known = [values for values in several if not isinstance(values, str)]
    chance = {each.measure: float(np.std([v[each.measure] for v in known], ddof=1)) for each in targets}
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
        tried += _wave(_next_wave(tried, second, targets, chance, seed), run, targets, chance)
    return Calibration(tuple(targets), start, tuple(tried), chance, seed)


def _wave(
    design: Floats,
    run: Callable[[Sequence[dict[str, float]], Sequence[int]], list[dict[str, float] | str]],
    targets: Sequence[CalibrationTarget],
    chance: Mapping[str, float],
) -> list[Tried]:
    settings = [{free.id: float(value) for free, value in zip(FREE, row, strict=True)} for row in design]
    figures = run(settings, [0] * len(settings))
    return [_tried(setting, values, targets, chance) for setting, values in zip(settings, figures, strict=True)]


def _next_wave(
    tried: Sequence[Tried],
    count: int,
    targets: Sequence[CalibrationTarget],
    chance: Mapping[str, float],
    seed: int,
) -> Floats:
    """Settings that an emulator of the first wave cannot rule out, spread over all of them.

    Where fewer are left than may be run, those that come next.
    """
    from scipy.stats import qmc

    low, high = (np.array([getattr(free, end) for free in FREE]) for end in ("low", "high"))
    known = [
        each for each in tried if each.values and all(np.isfinite(each.values[target.measure]) for target in targets)
    ]
    design = qmc.LatinHypercube(len(FREE), rng=np.random.default_rng([seed, 2]))
    if len(known) < FEWEST_TO_EMULATE:
        return np.asarray(qmc.scale(design.random(count), low, high), dtype=np.float64)
    emulator = emulate(
        np.array([[each.setting[free.id] for free in FREE] for each in known]),
        np.array([[each.values[target.measure] for target in targets] for each in known]),
        low,
        high,
    )
    candidates: Floats = qmc.scale(design.random(CANDIDATES), low, high)
    observed = np.array([target.observed for target in targets])
    spread = np.array([_spread(target, chance) for target in targets])
    away = np.abs(emulator.figures(candidates) - observed) / np.hypot(spread, emulator.errors)
    worst = away.max(axis=1)
    left = np.flatnonzero(worst <= IMPLAUSIBLE)
    chosen = left[:count] if len(left) >= count else np.argsort(worst, kind="stable")[:count]
    return candidates[chosen]


def _spread(target: CalibrationTarget, chance: Mapping[str, float]) -> float:
    """Standard deviation of a difference that says nothing. Chance counts twice: in the run and in what happened."""
    return float((target.tolerance**2 + 2 * chance[target.measure] ** 2) ** 0.5)


def _tried(
    setting: dict[str, float],
    values: dict[str, float] | str,
    targets: Sequence[CalibrationTarget],
    chance: Mapping[str, float],
) -> Tried:
    if isinstance(values, str):
        return Tried(setting, {}, float("inf"), float("nan"), values)
    worst = 0.0
    for target in targets:
        value = values[target.measure]
        away = abs(value - target.observed) / _spread(target, chance)
        worst = max(worst, away if np.isfinite(value) else np.inf)
    return Tried(setting, values, float(worst), values["managers"])


def _figures(outcome: Outcome, outside: float) -> dict[str, float] | str:
    """The measures of the whole run, the open stock, and the busiest managers; the error where it failed."""
    if outcome.measured is None:
        return outcome.error or "no reason is known"
    rows, figures = outcome.measured.rows, outcome.measured.values
    values: dict[str, float] = {}
    managers = 0.0
    for (measure, period, where), place in rows.places.items():
        value = float(figures[place])
        if period == "whole" and where == "all":
            values[measure] = value
        if period == "whole" and measure == "manager_utilisation" and value == value:
            managers = max(managers, value)
    values["assessments_completed"] += outside * values["referrals"]
    return {**values, **outcome.further, "managers": managers}


def _open_three_months(recording: Recording) -> dict[str, float]:
    """What no measure holds: children open for three months and longer."""
    return {OPEN_3M: open_three_months(recording)}
