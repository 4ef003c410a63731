"""Custom: when assessments are handed in, apart from the work in them.

A habitual duration holds the work, the council's custom (an assessment is handed in near the day on which it is due)
and delay that the load of the time left in it. The statistics' share within the standard stands at the usual load. The
odds of a date beyond it move with the load, and the custom itself moves where a council sets itself another standard.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.model.recording.names import ASSESSMENT

if TYPE_CHECKING:
    from sim.model.levers.practice_standard import PracticeStandards
    from sim.model.practice.loads import Loads
    from sim.scenario.distributions.distribution import DurationDistribution

BISECTIONS: Final = 30
SURE: Final = 1e-6
LEAST_LOAD: Final = 0.2
"""Share of the usual load below which nothing comes any sooner."""


class Custom:
    """Turns the draw of a case's habitual duration into that of its customary date.

    Args:
        habit: the habitual durations of the statistics; None where a scenario has none.
        standard: working days of the standard.
        late_by_load: power of the load by which the odds of lateness move; 0 switches it off.
        standards: the levers that move custom.
        loads: of the assessment teams.
    """

    def __init__(
        self,
        habit: DurationDistribution | None,
        standard: int,
        late_by_load: float,
        standards: PracticeStandards,
        loads: Loads,
    ) -> None:
        self._loads = loads
        self._late_by_load = late_by_load
        self._standards = standards
        within = 1.0 if habit is None else share_before(habit, standard + 1.0)
        self.within = within
        self._fixed = not SURE < within < 1.0 - SURE or (late_by_load <= 0.0 and not standards.given)

    def draw(self, draw: float, locality: int, day: int) -> float:
        """The uniform draw whose quantile is the customary duration of an assessment that begins on a working day.

        Args:
            draw: the case's own draw, whose quantile is the duration at the usual load and custom.
            locality: where the family lives, whose assessment team's load counts.
        """
        if self._fixed:
            return draw
        return self.at(
            draw, self._loads.relative_of_stage(ASSESSMENT, locality) if self._late_by_load > 0.0 else 1.0, day
        )

    def at(self, draw: float, load: float, day: int) -> float:
        """The same at a load of the assessment team, over the usual one."""
        before = self.within
        wanted = self._standards.share(day, before)
        shift = -self._late_by_load * math.log(max(LEAST_LOAD, load)) if self._late_by_load > 0.0 else 0.0
        if shift == 0.0 and wanted == before:
            return draw
        odds = wanted / (1.0 - wanted) * math.exp(shift) if wanted < 1.0 else math.inf
        within = odds / (1.0 + odds) if odds < math.inf else 1.0
        if draw < within:
            return draw * before / within
        return 1.0 - (1.0 - draw) * (1.0 - before) / (1.0 - within)


def share_before(distribution: DurationDistribution, days: float) -> float:
    """The share of a distribution that lies before a number of working days."""
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if distribution.quantile(middle) < days:
            low = middle
        else:
            high = middle
    return high if high > 1.0 - SURE else low
