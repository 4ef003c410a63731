"""Figures as the report reads them: a level, a paired difference, a range of runs over time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.statistics import Spread, spread

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LevelFigure:
    """A measure in one scenario and period: mean over replications and the 80% range of runs."""

    mean: float
    low80: float
    high80: float


@dataclass(frozen=True)
class Difference:
    """A paired difference in a measure's own unit.

    `low95`..`high95` is the interval of the mean difference, wide enough for all scenarios together;
    `low80`..`high80` the range in which 8 runs out of 10 fall. NaN where there are too few replications.
    """

    base: float
    value: float
    mean: float
    low95: float
    high95: float
    low80: float
    high80: float

    @property
    def clear(self) -> bool:
        """Whether the 95% interval leaves zero out."""
        return math.isfinite(self.low95) and math.isfinite(self.high95) and (self.low95 > 0 or self.high95 < 0)


@dataclass(frozen=True)
class RunRange:
    """A figure over time: `runs` has one row per replication and one column per day in `days`."""

    days: tuple[date, ...]
    replications: tuple[int, ...]
    runs: Floats

    @cached_property
    def _spread(self) -> Spread:
        return spread(self.runs)

    @property
    def mean(self) -> Floats:
        """Mean over replications, one per day."""
        return self._spread.mean

    @property
    def low(self) -> Floats:
        """10th percentile over replications, one per day; missing with one replication."""
        return self._spread.low80

    @property
    def high(self) -> Floats:
        """90th percentile over replications, one per day; missing with one replication."""
        return self._spread.high80

    def minus(self, other: RunRange) -> RunRange:
        """Return this band less another, paired by replication and day; both keep only what they share."""
        runs = [r for r in self.replications if r in other.replications]
        days = [d for d in self.days if d in other.days]
        mine = self.runs[np.ix_([self.replications.index(r) for r in runs], [self.days.index(d) for d in days])]
        theirs = other.runs[np.ix_([other.replications.index(r) for r in runs], [other.days.index(d) for d in days])]
        return RunRange(tuple(days), tuple(runs), mine - theirs)
