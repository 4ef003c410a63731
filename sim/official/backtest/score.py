"""What came out against what was published, beside two forecasts that need no model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.official.forecast.combined import Expected
from sim.official.published.areas import Area
from sim.official.published.observed import BAND_TABLES, YARDSTICKS, PublishedBands, Yardstick, band_shares
from sim.official.published.statistics import Statistics

__all__ = ["BandScore", "Score", "band_scores", "scores"]

Values = Mapping[str, NDArray[np.float64]]
"""Each measure's values over the replications."""


@dataclass(frozen=True)
class Score:
    """One measure: published, foretold with intervals, and foretold without a model.

    Errors are in % of the published count, or in points of a percentage.
    """

    yardstick: Yardstick
    observed: float
    before: float
    median: float
    low80: float
    high80: float
    low95: float
    high95: float
    same: float
    ratio: float
    expected: Expected | None = None
    """The combined forecast; None where no weights know so little of the future."""

    @property
    def forecast(self) -> float:
        """The combined forecast; NaN without one."""
        return self.expected.value if self.expected is not None else math.nan

    def error(self, forecast: float) -> float:
        """The error of a forecast of this measure, with its sign."""
        gap = forecast - self.observed
        return 100 * gap / self.observed if self.yardstick.counts else gap

    @property
    def unit(self) -> str:
        """Unit of errors."""
        return "%" if self.yardstick.counts else "points"

    @property
    def inside80(self) -> bool:
        """Whether the published figure lies in the interval of 8 runs out of 10."""
        return self.low80 <= self.observed <= self.high80

    @property
    def inside95(self) -> bool:
        """Whether it lies in the interval of 95 runs out of 100."""
        return self.low95 <= self.observed <= self.high95

    def beats(self, forecast: float) -> bool:
        """Whether the model is nearer than another forecast."""
        return abs(self.error(self.median)) < abs(self.error(forecast))


@dataclass(frozen=True)
class BandScore:
    """Shares of bands in %: published, foretold, and those of the year before."""

    table: PublishedBands
    observed: tuple[float, ...]
    foretold: tuple[float, ...]
    before: tuple[float, ...]

    @property
    def misplaced(self) -> float:
        """Percentage of children in the wrong band of the forecast: half the sum of differences."""
        return _misplaced(self.observed, self.foretold)

    @property
    def misplaced_before(self) -> float:
        """The same for last year's shares."""
        return _misplaced(self.observed, self.before)


def scores(
    statistics: Statistics,
    area: Area,
    fit_to: int,
    predict: int,
    values: Values,
    expected: Mapping[str, Expected] | None = None,
) -> tuple[list[Score], list[str]]:
    """Score every published measure; the second list says which could not be scored, and why."""
    then, now = (statistics.cell("c1", "referrals", area, year).value for year in (fit_to, predict))
    growth = now / then if then and now else 1.0
    scored, missing = [], []
    for yardstick in YARDSTICKS:
        observed, before = (yardstick.read(statistics, area, year) for year in (predict, fit_to))
        runs = values[yardstick.measure]
        runs = runs[np.isfinite(runs)]
        if observed is None or before is None or (yardstick.counts and observed == 0) or not len(runs):
            year = predict if observed is None else fit_to
            missing.append(f"{yardstick.label} ({statistics.file(yardstick.file)}, {area.name}, {year}): not published")
            continue
        low95, low80, median, high80, high95 = np.quantile(runs, (0.025, 0.1, 0.5, 0.9, 0.975))
        ratio = before * growth if yardstick.counts else before
        ends = (float(low80), float(high80), float(low95), float(high95))
        anchored = (expected or {}).get(yardstick.measure)
        scored.append(Score(yardstick, observed, before, float(median), *ends, before, ratio, anchored))
    return scored, missing


def band_scores(
    statistics: Statistics, area: Area, fit_to: int, predict: int, values: Mapping[str, NDArray[np.float64]]
) -> list[BandScore]:
    """Score every published table of lengths; `values` holds counts by band measure."""
    from sim.measures.bands import BANDS

    compared = []
    for table in BAND_TABLES:
        observed, before = (band_shares(statistics, table, area, year) for year in (predict, fit_to))
        counts = np.array([np.nanmean(values[measure]) for measure in BANDS[table.id].measures])
        if observed is None or before is None or not np.nansum(counts):
            continue
        shares = 100 * counts / counts.sum()
        compared.append(BandScore(table, tuple(observed), tuple(float(share) for share in shares), tuple(before)))
    return compared


def _misplaced(shares: Sequence[float], other: Sequence[float]) -> float:
    return sum(abs(a - b) for a, b in zip(shares, other, strict=True)) / 2
