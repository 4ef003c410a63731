"""How near the combined forecast came over many councils, beside two forecasts that need no model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.official.forecast.combined import Expected, combined, crps
from sim.official.forecast.learn import SimulatedChanges
from sim.official.forecast.predictors import PublishedYears
from sim.official.forecast.scale import anchored
from sim.official.forecast.weights import WeightSet
from sim.official.published.areas import Area
from sim.official.published.observed import YARDSTICKS, Yardstick

if TYPE_CHECKING:
    from sim.official.backtest.score import Score

__all__ = ["Assessment", "Outcome", "assess", "from_scores", "outcomes", "wilcoxon"]


@dataclass(frozen=True)
class Outcome:
    """One council's measure in the year foretold: what was expected, `observed`, and the two other forecasts."""

    council: str
    year: int
    expected: Expected
    observed: float
    ratio: float
    anchored: float
    """Last year's figure moved by the simulated change alone; NaN where nothing was simulated."""

    def error(self, forecast: float) -> float:
        """Absolute error, in % of a count or in points."""
        gap = abs(forecast - self.observed)
        return 100 * gap / self.observed if self.expected.yardstick.counts else gap

    def score(self, quantiles: tuple[float, ...]) -> float:
        """CRPS in the unit of errors."""
        score = crps(quantiles, self.observed)
        return 100 * score / self.observed if self.expected.yardstick.counts else score


@dataclass(frozen=True)
class Assessment:
    """A measure over all councils.

    Median absolute errors of the combined forecast, of last year's figure, of last year's ratio and of the simulated
    change alone; shares in % of the councils in which the combined forecast is nearer; `p_value` of the difference from
    the better of the two forecasts without a model (Wilcoxon, paired by council); mean CRPS; shares inside the ranges.
    """

    yardstick: Yardstick
    councils: int
    informed: bool
    error: float
    error_same: float
    error_ratio: float
    error_anchored: float
    nearer_same: float
    nearer_ratio: float
    better: str
    nearer: float
    p_value: float
    crps: float
    crps_same: float
    crps_ratio: float
    inside80: float
    inside95: float
    worst: tuple[str, ...]


def outcomes(
    published: PublishedYears,
    weights: WeightSet,
    fit_to: int,
    simulated: SimulatedChanges,
    areas: Sequence[Area] | None = None,
) -> list[Outcome]:
    """Foretell the year after `fit_to` for each council whose figures are published, with the referrals that came."""
    listed = []
    for area in published.councils if areas is None else areas:
        growth = published.growth(area, fit_to)
        if not math.isfinite(growth):
            continue
        model = {
            yardstick.measure: simulated[key]
            for yardstick in YARDSTICKS
            if (key := (area.key, fit_to, yardstick.measure)) in simulated
        }
        for measure, expected in combined(published, weights, area, fit_to, growth, model).items():
            observed = published.figure(measure, area.key, fit_to + 1)
            counts = expected.yardstick.counts
            if observed is None or (counts and observed == 0):
                continue
            ratio = expected.published * math.exp(growth) if counts else expected.published
            listed.append(
                Outcome(
                    area.name, fit_to + 1, expected, observed, ratio, _alone(published, expected, area, fit_to, model)
                )
            )
    return listed


def from_scores(tested: Sequence[tuple[str, int, Sequence[Score]]]) -> list[Outcome]:
    """The outcomes of back-tests, given as name, year and scores; measures without a combined forecast are left out."""
    return [
        Outcome(name, year, score.expected, score.observed, score.ratio, math.nan)
        for name, year, scores in tested
        for score in scores
        if score.expected is not None
    ]


def assess(listed: Sequence[Outcome]) -> list[Assessment]:
    """Each measure over the councils, in the order of the page."""
    return [
        _assess(yardstick, mine)
        for yardstick in YARDSTICKS
        if (mine := [outcome for outcome in listed if outcome.expected.yardstick is yardstick])
    ]


def wilcoxon(errors: Sequence[float], others: Sequence[float]) -> float:
    """Two-sided p-value of paired differences (Wilcoxon's signed ranks); 1 when nothing differs."""
    from scipy.stats import wilcoxon as test

    gaps = np.array(errors) - np.array(others)
    return float(test(gaps, zero_method="zsplit").pvalue) if np.any(gaps) else 1.0


def _alone(published: PublishedYears, expected: Expected, area: Area, fit_to: int, model: Mapping[str, float]) -> float:
    moved = model.get(expected.yardstick.measure, math.nan)
    if not math.isfinite(moved):
        return math.nan
    return anchored(
        expected.yardstick, expected.published, moved, published.children(expected.yardstick, area, fit_to)
    )  # fmt: skip


def _assess(yardstick: Yardstick, mine: Sequence[Outcome]) -> Assessment:
    errors = [outcome.error(outcome.expected.value) for outcome in mine]
    same = [outcome.error(outcome.expected.published) for outcome in mine]
    ratio = [outcome.error(outcome.ratio) for outcome in mine]
    alone = [error for outcome in mine if math.isfinite(error := outcome.error(outcome.anchored))]
    better, best = ("same", same) if np.median(same) <= np.median(ratio) else ("ratio", ratio)

    def nearer(others: Sequence[float]) -> float:
        return 100 * sum(error < other for error, other in zip(errors, others, strict=True)) / len(errors)

    held80 = [outcome.expected.low80 <= outcome.observed <= outcome.expected.high80 for outcome in mine]
    held95 = [outcome.expected.low95 <= outcome.observed <= outcome.expected.high95 for outcome in mine]

    worst = sorted(zip(errors, mine, strict=True), key=lambda pair: (-pair[0], pair[1].council))[:5]
    return Assessment(
        yardstick, len(mine), mine[0].expected.informed,
        float(np.median(errors)), float(np.median(same)), float(np.median(ratio)),
        float(np.median(alone)) if alone else math.nan,
        nearer(same), nearer(ratio), better, nearer(best), wilcoxon(errors, best),
        float(np.mean([outcome.score(outcome.expected.quantiles) for outcome in mine])),
        float(np.mean([outcome.score(outcome.expected.same) for outcome in mine])),
        float(np.mean([outcome.score(outcome.expected.ratio) for outcome in mine])),
        100 * sum(held80) / len(mine), 100 * sum(held95) / len(mine),
        tuple(outcome.council for _, outcome in worst),
    )  # fmt: skip
