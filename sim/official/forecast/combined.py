"""The combined forecast of a council's next year: last year's figure, the change that is expected, and its range."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.official.forecast.predictors import PublishedYears
from sim.official.forecast.scale import anchored
from sim.official.forecast.weights import HIGH80, HIGH95, LEVELS, LOW80, LOW95, Spread, WeightSet
from sim.official.published.areas import Area
from sim.official.published.observed import YARDSTICKS, Yardstick

__all__ = ["Expected", "combined", "crps"]


@dataclass(frozen=True)
class Expected:
    """One measure: `published` last year, the `value` expected, and the figures at each of `LEVELS`.

    `informed` is False when nothing better than last year's figure is known. `same` and `ratio` are the distributions
    of the two forecasts that need no model, with ranges that were learned in the same way.
    """

    yardstick: Yardstick
    published: float
    value: float
    quantiles: tuple[float, ...]
    informed: bool
    same: tuple[float, ...]
    ratio: tuple[float, ...]

    @property
    def low80(self) -> float:
        """Lower end of the range that 8 figures in 10 lie in."""
        return self.quantiles[LOW80]

    @property
    def high80(self) -> float:
        """Its upper end."""
        return self.quantiles[HIGH80]

    @property
    def low95(self) -> float:
        """Lower end of the range that 95 figures in 100 lie in."""
        return self.quantiles[LOW95]

    @property
    def high95(self) -> float:
        """Its upper end."""
        return self.quantiles[HIGH95]


def combined(
    published: PublishedYears,
    weights: WeightSet,
    area: Area,
    fit_to: int,
    growth: float = 0.0,
    simulated: Mapping[str, float] | None = None,
) -> dict[str, Expected]:
    """Foretell each measure that was published in `fit_to`, for the year after.

    `growth` is the change of referrals and `simulated` the simulated change of measures, as logarithms.
    """
    expected = {}
    for yardstick in YARDSTICKS:
        before = published.figure(yardstick.measure, area.key, fit_to)
        learned = weights.measures.get(yardstick.measure)
        if before is None or learned is None or (yardstick.counts and before == 0):
            continue
        predictors = published.predictors(yardstick, area, fit_to, growth)
        moved = learned.change(predictors, (simulated or {}).get(yardstick.measure))
        children = published.children(yardstick, area, fit_to) or 1.0

        def around(middle: float, spread: Spread, here: Yardstick = yardstick, value: float = before,
                   size: float = children) -> tuple[float, ...]:  # fmt: skip
            scale = spread.scale(size)
            return tuple(anchored(here, value, middle + scale * ratio, size) for ratio in spread.quantiles)

        rise = growth if yardstick.counts else 0.0
        expected[yardstick.measure] = Expected(
            yardstick, before, anchored(yardstick, before, moved, children),
            around(moved, learned.spreads["forecast"]), learned.informed,
            around(0.0, learned.spreads["same"]), around(rise, learned.spreads["ratio"]),
        )  # fmt: skip
    return expected


def crps(quantiles: tuple[float, ...], observed: float) -> float:
    """Continuous ranked probability score of a forecast given by its quantiles at `LEVELS`: less is better.

    Twice the mean pinball loss, in the unit of the figure.
    """
    if not math.isfinite(observed):
        return math.nan
    gaps = observed - np.array(quantiles)
    levels = np.array(LEVELS)
    return float(2 * np.mean(np.maximum(levels * gaps, (levels - 1) * gaps)))
