"""The share of spells still open by age, without assuming a shape: Kaplan and Meier's estimate with late entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.returns.fitting.spells import Lengths

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Curve", "survival"]

FEWEST_AT_RISK = 3
"""Ages at which fewer spells than this are in view are passed over: one of them ending would end the whole curve."""


@dataclass(frozen=True)
class Curve:
    """Ages in days at which spells end, and the share still open after each."""

    days: NDArray[np.float64]
    open_after: NDArray[np.float64]

    def open_at(self, age: float) -> float:
        """The share open beyond an age in days."""
        import numpy as np

        index = int(np.searchsorted(self.days, age, side="right"))
        return float(self.open_after[index - 1]) if index else 1.0


def survival(lengths: Lengths) -> Curve:
    """Estimate the curve: at each age, those who end among those in view (entered, and not ended before).

    Kaplan and Meier (1958), with the risk set of left-truncated data (Tsai, Jewell and Wang, 1987).
    """
    import numpy as np

    ended = np.sort(lengths.days[lengths.finished])
    times, deaths = np.unique(ended, return_counts=True)
    entered = np.searchsorted(np.sort(lengths.entry), times, side="right")
    gone = np.searchsorted(np.sort(lengths.days), times, side="left")
    at_risk = entered - gone
    enough = at_risk >= FEWEST_AT_RISK
    factors = np.where(enough, 1.0 - deaths / np.maximum(at_risk, 1), 1.0)
    return Curve(
        np.asarray(times, dtype=np.float64), np.asarray(np.cumprod(np.maximum(factors, 0.0)), dtype=np.float64)
    )
