"""What is known of a council at the end of a year, and says something about the next.

Each predictor is a logarithm. A gap is the distance of a council's ratio from the middle of all councils' in the same
year: ratios far from it tend to come back. `flow` is plans started against plans ended: what enters has to leave.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

import numpy as np

from sim.official.forecast.scale import BEHIND, position
from sim.official.published.areas import Area
from sim.official.published.observed import YARDSTICKS, Yardstick
from sim.official.published.statistics import Statistics

__all__ = ["PublishedYears"]

ENOUGH = 20
"""Councils that must be published for the middle of a year; otherwise the latest earlier year with so many is used."""
LARGEST_RISE, LARGEST_GAP = 0.7, 1.5
GAPS: dict[str, dict[str, tuple[str, str]]] = {
    "assessments_completed": {"gap": ("assessments_completed", "referrals")},
    "s47_started": {"gap": ("s47_started", "referrals")},
    "icpc_held": {"gap": ("icpc_held", "s47_started"), "gap_enquiries": ("s47_started", "referrals")},
    "cpp_started": {
        "gap": ("cpp_started", "icpc_held"), "gap_conferences": ("icpc_held", "s47_started"),
        "gap_enquiries": ("s47_started", "referrals"),
    },
    "cpp_ended": {
        "gap": ("cpp_ended", "cpp_open"), "flow": ("cpp_started", "cpp_ended"),
        "gap_conferences": ("icpc_held", "referrals"),
    },
    "cpp_open": {
        "gap": ("cpp_open", "cpp_started"), "flow": ("cpp_started", "cpp_ended"),
        "gap_conferences": ("icpc_held", "referrals"),
    },
}  # fmt: skip
"""For each count, its ratios and those upstream of it: one figure over another."""


class PublishedYears:
    """The published figures of every council, read once, and the predictors that follow from them."""

    def __init__(self, statistics: Statistics) -> None:
        self.statistics = statistics
        self.councils = sorted(statistics.areas.all(), key=lambda area: area.key)
        self.figure = cache(self._figure)
        self._middle = cache(self._middle_of)

    def children(self, yardstick: Yardstick, area: Area, year: int) -> float | None:
        """The number of children behind a figure: the count itself, or that behind a percentage."""
        return self.figure(BEHIND.get(yardstick.measure, yardstick.measure), area.key, year)

    def growth(self, area: Area, year: int) -> float:
        """The change of referrals from a year to the next, as a logarithm; NaN when either is not published."""
        then, now = (self.figure("referrals", area.key, at) for at in (year, year + 1))
        return math.log(now / then) if then and now else math.nan

    def position(self, yardstick: Yardstick, area: Area, year: int) -> float:
        """A published figure on the scale of changes; NaN when it is missing."""
        value = self.figure(yardstick.measure, area.key, year)
        return position(yardstick, value, self.children(yardstick, area, year))

    def predictors(self, yardstick: Yardstick, area: Area, year: int, growth: float) -> Mapping[str, float]:
        """The predictors of a measure's change after `year`; those that are missing are zero.

        Nothing published after `year` is read. `growth` is the change of referrals in the year foretold, as a
        logarithm: the true one in a back-test with actual referrals, zero when none is foreseen.
        """
        values = {"growth": min(max(growth, -LARGEST_RISE), LARGEST_RISE)}
        if yardstick.counts:
            for name, (over, under) in GAPS[yardstick.measure].items():
                values[name] = self._ratio(over, under, area.key, year) - self._middle(over, under, year)
        else:
            values["gap"] = self.position(yardstick, area, year) - self._middle(yardstick.measure, "", year)
        values["last_change"] = self.position(yardstick, area, year) - self.position(yardstick, area, year - 1)
        return {
            name: min(max(value, -LARGEST_GAP), LARGEST_GAP) if math.isfinite(value) else 0.0
            for name, value in values.items()
        }

    def _figure(self, measure: str, key: str, year: int) -> float | None:
        area = self.statistics.areas.get(key)
        if measure == "referrals":
            return self.statistics.cell("c1", "referrals", area, year).value
        return _BY_MEASURE[measure].read(self.statistics, area, year)

    def _ratio(self, over: str, under: str, key: str, year: int) -> float:
        if not under:
            return self.position(_BY_MEASURE[over], self.statistics.areas.get(key), year)
        top, base = self.figure(over, key, year), self.figure(under, key, year)
        return math.log(top / base) if top and base else math.nan

    def _middle_of(self, over: str, under: str, year: int) -> float:
        for at in range(year, year - 10, -1):
            ratios = [self._ratio(over, under, area.key, at) for area in self.councils]
            known = [ratio for ratio in ratios if math.isfinite(ratio)]
            if len(known) >= ENOUGH:
                return float(np.median(known))
        return math.nan


_BY_MEASURE = {yardstick.measure: yardstick for yardstick in YARDSTICKS}
