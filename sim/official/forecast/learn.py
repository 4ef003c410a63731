"""Weights learned over councils: robust ridge regression, cross-validated by council.

The first stage foretells a measure's change from published predictors. The second gives the simulated change part of
the way between that forecast and itself. The third shrinks both towards last year's figure. Every error that chooses a
weight, and every range, is of a council that the weights had not seen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.official.forecast.predictors import PublishedYears
from sim.official.forecast.scale import anchored, limit
from sim.official.forecast.weights import LEVELS, MeasureWeights, Spread, WeightSet
from sim.official.published.observed import YARDSTICKS, Yardstick

__all__ = ["SimulatedChanges", "learn_weights", "ridge"]

SimulatedChanges = Mapping[tuple[str, int, str], float]
"""Simulated change of a council (its key) after a year, by measure, as a logarithm."""
Array = NDArray[np.float64]
FOLDS = 10
PENALTY = 0.2
"""Of standardised predictors. Chosen on the years up to 2016 from 0.02 and 0.2."""
SHRINKS = (0.0, 0.4, 0.6, 0.8, 1.0)
REWEIGHTINGS = 8
CHANCE = 50.0
"""Children at which chance is as large as what moves councils from year to year (assumption, for weighting only)."""
FEWEST_SIMULATED = 30
RECORDED_ANEW = 2015
"""Year in which councils moved to one continuous assessment: counts of assessments doubled in half of them. Changes
into it teach nothing about assessments, and are left out where there is another year."""
DECIMALS = 4


@dataclass(frozen=True)
class _Rows:
    """One row for each council and year: predictors, the change that came, and what it is scored with."""

    names: tuple[str, ...]
    predictors: Array
    changes: Array
    children: Array
    growth: Array
    simulated: Array
    published: Array
    came: Array
    folds: NDArray[np.int64]

    def errors(self, yardstick: Yardstick, moved: Array) -> Array:
        """Absolute errors, in % of a count or in points, of forecasts of change."""
        foretold = np.array([
            anchored(yardstick, value, move, children)
            for value, move, children in zip(self.published, moved, self.children, strict=True)
        ])  # fmt: skip
        gaps = np.abs(foretold - self.came)
        return 100 * gaps / self.came if yardstick.counts else gaps


def learn_weights(published: PublishedYears, years: Sequence[int], simulated: SimulatedChanges) -> WeightSet:
    """Learn from the changes into each of `years`; `simulated` may cover some councils only, or none."""
    measures = {}
    for yardstick in YARDSTICKS:
        useful = [year for year in years if yardstick.file != "c2" or year != RECORDED_ANEW] or years
        rows = _rows(published, yardstick, useful, simulated)
        if len(rows.changes):
            measures[yardstick.measure] = _learn(yardstick, rows)
    return WeightSet(max(years), tuple(sorted(years)), measures)


def ridge(predictors: Array, changes: Array, weights: Array, penalty: float) -> Array:
    """Weights of predictors by ridge regression without an intercept; outlying changes count less (Huber)."""
    spread = np.sqrt(np.average(predictors**2, axis=0, weights=weights)) + 1e-9
    scaled, trusted = predictors / spread, weights.copy()
    fitted = np.zeros(predictors.shape[1])
    for _ in range(REWEIGHTINGS):
        square = scaled.T @ (scaled * trusted[:, None]) / weights.sum() + penalty * np.eye(len(fitted))
        fitted = np.linalg.solve(square, scaled.T @ (changes * trusted) / weights.sum())
        left = np.abs(changes - scaled @ fitted)
        usual = 1.4826 * np.median(left) + 1e-9
        trusted = weights / np.maximum(left / usual, 1.0)
    return fitted / spread


def _rows(published: PublishedYears, yardstick: Yardstick, years: Sequence[int], simulated: SimulatedChanges) -> _Rows:
    most = limit(yardstick)
    names: tuple[str, ...] = ()
    lines: list[list[float]] = []
    values: list[list[float]] = []
    for number, area in enumerate(published.councils):
        for year in years:
            before = published.figure(yardstick.measure, area.key, year - 1)
            after = published.figure(yardstick.measure, area.key, year)
            growth = published.growth(area, year - 1)
            moved = published.position(yardstick, area, year) - published.position(yardstick, area, year - 1)
            if not before or not after or not math.isfinite(growth) or not math.isfinite(moved):
                continue
            predictors = published.predictors(yardstick, area, year - 1, growth)
            names = tuple(predictors)
            lines.append(list(predictors.values()))
            model = simulated.get((area.key, year - 1, yardstick.measure), math.nan)
            children = published.children(yardstick, area, year - 1) or 1.0
            values.append([moved, children, growth, float(np.clip(model, -most, most)), before, after, number % FOLDS])
    table = np.array(values).reshape(-1, 7)
    moves, sizes, rises, models, befores, came, folds = table.T
    return _Rows(names, np.array(lines), moves, sizes, rises, models, befores, came, folds.astype(np.int64))


def _learn(yardstick: Yardstick, rows: _Rows) -> MeasureWeights:
    most = limit(yardstick)
    changes = np.clip(rows.changes, -most, most)
    trust = rows.children / (rows.children + CHANCE)
    held_out = np.zeros(len(changes))
    for fold in range(FOLDS):
        out = rows.folds == fold
        if out.any() and not out.all():
            fitted = ridge(rows.predictors[~out], changes[~out], trust[~out], PENALTY)
            held_out[out] = rows.predictors[out] @ fitted
    stacked = held_out.copy()
    for fold in range(FOLDS):
        out = rows.folds == fold
        part = _part(rows.simulated[~out], held_out[~out], changes[~out], trust[~out])
        stacked[out] += part * np.nan_to_num(rows.simulated[out] - held_out[out])
    same = rows.errors(yardstick, np.zeros(len(changes)))
    gains = {}
    for shrink in SHRINKS[1:]:
        errors = rows.errors(yardstick, shrink * stacked)
        gains[shrink] = (float(np.median(errors) / np.median(same)), float(errors.mean() / same.mean()))
    shrink = min(gains, key=lambda tried: sum(gains[tried]))
    informed = sum(gains[shrink]) < 2.0
    moved = shrink * stacked if informed else np.zeros(len(changes))
    spreads = {
        "forecast": _spread(changes - moved, rows.children),
        "same": _spread(changes, rows.children),
        "ratio": _spread(changes - rows.growth * yardstick.counts, rows.children),
    }
    fitted = ridge(rows.predictors, changes, trust, PENALTY)
    median, mean = gains[shrink]
    return MeasureWeights(
        weights={name: round(float(weight), DECIMALS) for name, weight in zip(rows.names, fitted, strict=True)},
        simulated=round(_part(rows.simulated, held_out, changes, trust), DECIMALS),
        shrink=shrink if informed else 0.0,
        informed=informed,
        gain_median=round(median, DECIMALS),
        gain_mean=round(mean, DECIMALS),
        councils=len(changes),
        spreads=spreads,
    )


def _part(simulated: Array, foretold: Array, changes: Array, trust: Array) -> float:
    """How far to go from the first forecast to the simulated change: 0 to 1, 0 with too few simulations."""
    known = np.isfinite(simulated)
    if known.sum() < FEWEST_SIMULATED:
        return 0.0
    way = (simulated - foretold)[known, None]
    return float(np.clip(ridge(way, (changes - foretold)[known], trust[known], 0.0)[0], 0.0, 1.0))


def _spread(left: Array, children: Array) -> Spread:
    """Errors over their usual size: variance is a level, and a part that falls with the number of children."""
    square = np.minimum(left**2, np.quantile(left**2, 0.95))
    design = np.stack([np.ones(len(left)), 1 / np.maximum(children, 1.0)], axis=1)
    level, per_child = np.linalg.lstsq(design, square, rcond=None)[0]
    if level <= 0 or per_child <= 0:
        level, per_child = float(square.mean()), 0.0
    level, per_child = round(float(level), 6), round(float(per_child), 4)
    scale = np.sqrt(level + per_child / np.maximum(children, 1.0)) + 1e-9
    # Split conformal: the ends take the order statistic beyond, so that a new council is covered at the rate.
    ratios, count = np.sort(left / scale), len(left)
    places = [level * (count + 1) - 1 for level in LEVELS]
    quantiles = [float(np.interp(place, np.arange(count), ratios)) for place in places]
    return Spread(level, per_child, tuple(round(quantile, DECIMALS) for quantile in quantiles))
