"""Running until the verdicts of a report's first screen are settled, or the time for it is over.

Looks are few: after 10, 20, 40 and 80 replications. At a look every difference on the first screen is judged, in the
reporting year in which the options differ most in delay. A difference is settled when

- its interval at 99.5% leaves zero out, or
- half its interval at 95% is so narrow that what is left does not matter (`SMALL`), or
- it is the same in every replication.

The run stops when all are settled, or when `seconds` are over. What a run then reports are plain 95% intervals, those
that a run of as many replications has. Stopping on several differences together, each at 99.5%, costs them little:
simulated on normal figures (4,000 trials, differences of 0 to 1.5 standard deviations), 95% intervals covered in 94.6%
to 95.5% of cases with three or six differences, and in 91.9% to 95.4% with a single one. Time decides nothing but how
many whole replications there are: those that count are the first ones, without a gap.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.student import student_quantile
from sim.experiment.results.manifest import SettlingOutcome
from sim.measures.compute import Measured
from sim.measures.definitions import MEASURES

__all__ = ["COST", "DELAY", "FIRST_SCREEN", "LEAST", "LOOKS", "MOST", "PLO_COURT", "Settling", "references"]

DELAY: Final = "delay_child_days"
COST: Final = "cost_total"
PLO_COURT: Final = "plo_open+court_open"
FIRST_SCREEN: Final = (
    "assessments_open_over_45wd",
    "unallocated",
    "assessments_45wd_pct",
    "cin_open_over_12m",
    PLO_COURT,
    COST,
)
"""Measures of the first screen of a report; ids joined by `+` stand for the sum of their measures."""
LOOKS: Final = (10, 20, 40, 80)
MOST: Final = 100
"""Replications at most."""
LEAST: Final = 2
"""Replications at least, however long they take: fewer have no interval."""
CLEAR: Final = 0.995
SMALL: Final = 0.05
"""Half an interval's width, as a share of the level, below which more replications change nothing (assumption)."""
SMALL_POINTS: Final = 1.0
"""The same for percentages, in percentage points, and for counts of children."""

Floats = NDArray[np.float64]


def references(files: Sequence[Sequence[str]]) -> list[int | None]:
    """Return for each scenario the position of the one that it is compared with; None for the baseline.

    `files` holds each scenario's own file, last, after those that it extends. A scenario is compared with the nearest
    one that it extends, otherwise with the baseline.
    """
    compared_with: list[int | None] = [None]
    for position, chain in enumerate(files[1:], start=1):
        own = {other[-1]: place for place, other in enumerate(files) if place not in (0, position) and other}
        nearest = [own[file] for file in chain[:-1] if file in own]
        compared_with.append(nearest[-1] if nearest else 0)
    return compared_with


class Settling:
    """Decides, as outcomes come in, whether more replications are needed.

    `compared_with` gives for each scenario the position of the one that it is compared with, or None. `seconds` count
    from the making of this object, by `clock`.
    """

    def __init__(
        self, compared_with: Sequence[int | None], seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._compared_with = compared_with
        self._clock = clock
        self._end = clock() + seconds
        self.seconds = seconds
        self.looks: list[int] = []
        self.reason: Literal["settled", "time", "most"] = "time"
        self._measured: list[dict[int, Measured | None]] = [{} for _ in compared_with]
        self._unsettled: tuple[str, ...] = ()

    @property
    def complete(self) -> int:
        """Replications, counted from the first, that every scenario has."""
        number = 0
        while all(number in measured for measured in self._measured):
            number += 1
        return number

    @property
    def replications(self) -> int:
        """Replications that count."""
        return self.looks[-1] if self.reason == "settled" else min(self.complete, MOST)

    @property
    def planned(self) -> int:
        """Replications until the next look."""
        return next((look for look in LOOKS if look > self.complete), MOST)

    def enough(self, position: int, replication: int, measured: Measured | None) -> bool:
        """Note one outcome (None for a failure) and say whether to stop."""
        self._measured[position][replication] = measured
        complete = self.complete
        for look in LOOKS:
            if look <= complete and look not in self.looks:
                self.looks.append(look)
                self._unsettled = tuple(self._open_questions(look))
                if not self._unsettled:
                    self.reason = "settled"
                    return True
        if complete >= MOST:
            self.reason = "most"
            return True
        return complete >= LEAST and self._clock() >= self._end

    def outcome(self) -> SettlingOutcome:
        """What ended the run, for the manifest."""
        return SettlingOutcome(
            reason=self.reason,
            seconds=self.seconds,
            looks=tuple(self.looks),
            replications=self.replications,
            unsettled=self._unsettled if self.looks else (),
        )

    def _open_questions(self, look: int) -> list[str]:
        """The measures of which a difference is not settled, each once."""
        open_measures = []
        year = self._year(look)
        for measure in FIRST_SCREEN:
            period = "whole" if measure == COST else year
            if not all(self._settled(measure, period, position, look) for position in range(len(self._compared_with))):
                open_measures.append(measure)
        return open_measures

    def _settled(self, measure: str, period: str, position: int, look: int) -> bool:
        other = self._compared_with[position]
        values = self._values(measure, period, position, look)
        if other is None:
            if len(self._compared_with) > 1:
                return True  # the baseline has no difference of its own
            return _narrow(measure, values, values)
        base = self._values(measure, period, other, look)
        gaps = values - base
        gaps, base = gaps[np.isfinite(gaps)], base[np.isfinite(base)]
        if len(gaps) < LEAST or not gaps.any():
            return True
        mean, error = float(gaps.mean()), float(gaps.std(ddof=1)) / math.sqrt(len(gaps))
        if abs(mean) > error * _student(CLEAR, len(gaps)):
            return True
        return _narrow(measure, gaps, base)

    def _year(self, look: int) -> str:
        """The reporting year in which the options differ most in delay; without years the whole run."""
        years = [period for period in self._periods() if period != "whole" and " " not in period]

        def size(year: str) -> float:
            pairs = [(place, other) for place, other in enumerate(self._compared_with) if other is not None]
            gaps = [
                self._values(DELAY, year, place, look) - self._values(DELAY, year, other, look)
                for place, other in pairs
            ]
            return sum(abs(float(np.nanmean(gap))) for gap in gaps if np.isfinite(gap).any())

        return max(years, key=lambda year: (size(year), year), default="whole")

    def _periods(self) -> tuple[str, ...]:
        measured = next((each for each in self._measured[0].values() if each is not None), None)
        return () if measured is None else measured.layout.periods

    def _values(self, measure: str, period: str, position: int, look: int) -> Floats:
        """A measure by replication; NaN for a replication that failed."""
        rows = (self._measured[position][replication] for replication in range(look))
        parts = measure.split("+")
        return np.array(
            [math.nan if row is None else sum(row.value(part, period) for part in parts) for row in rows],
            dtype=np.float64,
        )


def _narrow(measure: str, values: Floats, levels: Floats) -> bool:
    """Whether half the 95% interval of a mean is too narrow for more replications to matter."""
    values, levels = values[np.isfinite(values)], levels[np.isfinite(levels)]
    if len(values) < LEAST:
        return True
    half = _student(0.95, len(values)) * float(values.std(ddof=1)) / math.sqrt(len(values))
    unit = MEASURES[measure.split("+")[0]].unit
    least = SMALL_POINTS if unit in ("%", "children") else 0.0
    relative = 0.0 if unit == "%" else SMALL * abs(float(levels.mean()))
    return half <= max(least, relative)


def _student(confidence: float, count: int) -> float:
    return student_quantile((1.0 + confidence) / 2.0, count - 1)
