"""Fitting a distribution to lengths, finished and open, through the window: maximum likelihood, three families.

The likelihood of a finished spell is its density, of an open one the share that lasts longer; each is divided by the
share that lasts until it entered the window. Without a window the answer is that of `scipy.stats.CensoredData`, which
a test compares. Families are those that a scenario may name: gamma, lognormal, Weibull.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.returns.fitting.spells import Lengths

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FEWEST_COMPLETED", "FEWEST_SPELLS", "Fit", "fit"]

FEWEST_SPELLS = 30
FEWEST_COMPLETED = 15
"""With fewer spells, or fewer of them finished, nothing is fitted: the mean would be known to a third at best."""
MOST_MEAN = 365.25 * 15
LEAST_CV, MOST_CV = 0.1, 3.0
MOST_SPELLS = 8_000


@dataclass(frozen=True)
class Fit:
    """A family with its mean and coefficient of variation, in days; `low` to `high` holds the mean in 95% of samples.

    `completed_mean` is what finished spells alone would give.
    """

    family: str
    mean: float
    cv: float
    low: float
    high: float
    completed_mean: float
    lengths: Lengths

    def open_at(self, age: float) -> float:
        """The share that lasts longer than an age in days."""
        import numpy as np

        return float(np.exp(_log_tail(self.family, self.mean, self.cv, np.array([max(age, 1e-9)])))[0])


def fit(lengths: Lengths) -> Fit | None:
    """Fit the family that describes the lengths best (smallest AIC); None when there are too few."""
    if lengths.count < FEWEST_SPELLS or lengths.completed < FEWEST_COMPLETED:
        return None
    import numpy as np

    sample = _thinned(lengths)
    best: tuple[float, str, Any] | None = None
    for family in ("gamma", "lognormal", "weibull"):
        candidate = _maximise(family, sample)
        if candidate is not None and (best is None or candidate[0] < best[0] - 1e-6):
            best = (candidate[0], family, candidate[1])
    if best is None:
        return None
    _, family, at = best
    mean, cv = math.exp(at[0]), math.exp(at[1])
    spread = _spread(_loss(family, sample), at) * math.sqrt(sample.count / lengths.count)
    completed = float(np.mean(lengths.days[lengths.finished]))
    wide = min(1.96 * spread, 3.0)
    return Fit(family, mean, cv, mean * math.exp(-wide), mean * math.exp(wide), completed, lengths)


def _thinned(lengths: Lengths) -> Lengths:
    """Every so many, in order, of a very large extract: the fit does not gain from more."""
    if lengths.count <= MOST_SPELLS:
        return lengths
    step = lengths.count / MOST_SPELLS
    chosen = [int(number * step) for number in range(MOST_SPELLS)]
    return Lengths(
        lengths.days[chosen], lengths.finished[chosen], lengths.entry[chosen], lengths.truncated, lengths.working
    )


def _loss(family: str, lengths: Lengths) -> Callable[[Any], float]:
    """Minus the log likelihood of (log mean, log cv)."""
    import numpy as np

    days = np.maximum(lengths.days, 0.25)
    done, still = days[lengths.finished], days[~lengths.finished]
    late = lengths.entry[lengths.entry > 0]

    def loss(at: Any) -> float:
        mean, cv = math.exp(at[0]), math.exp(at[1])
        if not (0.1 < mean < 10 * MOST_MEAN and LEAST_CV <= cv <= MOST_CV):
            return 1e12
        total = np.sum(_log_density(family, mean, cv, done)) + np.sum(_log_tail(family, mean, cv, still))
        total -= np.sum(_log_tail(family, mean, cv, late))
        return float(-total) if np.isfinite(total) else 1e12

    return loss


def _maximise(family: str, lengths: Lengths) -> tuple[float, Any] | None:
    from scipy.optimize import minimize

    loss = _loss(family, lengths)
    # Exposure over ends is the mean of an exponential with the same window: a start that is never far off.
    exposure = float((lengths.days - lengths.entry).sum()) / max(1, lengths.completed)
    start = [math.log(max(exposure, 1.0)), math.log(0.8)]
    options = {"xatol": 1e-4, "fatol": 1e-4, "maxiter": 400}
    answer = minimize(loss, start, method="Nelder-Mead", options=options)
    if answer.fun >= 1e11 or math.exp(answer.x[0]) > MOST_MEAN:
        return None
    return float(answer.fun), answer.x


def _spread(loss: Callable[[Any], float], at: Any) -> float:
    """Standard error of the log mean from the curvature of the likelihood."""
    import numpy as np

    step = 0.01
    hessian = np.zeros((2, 2))
    for row in range(2):
        for column in range(2):
            total = 0.0
            for up in (1, -1):
                for right in (1, -1):
                    point = np.array(at, dtype=float)
                    point[row] += up * step
                    point[column] += right * step
                    total += up * right * loss(point)
            hessian[row, column] = total / (4 * step * step)
    try:
        variance = float(np.linalg.inv(hessian)[0, 0])
    except np.linalg.LinAlgError:
        return 1.0
    return math.sqrt(variance) if 0 < variance < 9 else 1.0


def _weibull_shape(cv: float) -> float:
    """The shape whose coefficient of variation is `cv`, by bisection."""
    low, high = 0.2, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        ratio = math.exp(math.lgamma(1 + 2 / middle) - 2 * math.lgamma(1 + 1 / middle)) - 1
        low, high = (middle, high) if ratio > cv * cv else (low, middle)
    return (low + high) / 2


def _log_density(family: str, mean: float, cv: float, days: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np
    from scipy.special import gammaln

    if family == "gamma":
        shape, scale = 1 / cv**2, mean * cv**2
        value = (shape - 1) * np.log(days) - days / scale - shape * math.log(scale) - gammaln(shape)
    elif family == "lognormal":
        width = math.sqrt(math.log1p(cv * cv))
        z = (np.log(days) - math.log(mean) + width**2 / 2) / width
        value = -(z**2) / 2 - np.log(days) - math.log(width) - 0.5 * math.log(2 * math.pi)
    else:
        shape = _weibull_shape(cv)
        scale = mean / math.gamma(1 + 1 / shape)
        value = math.log(shape / scale) + (shape - 1) * np.log(days / scale) - (days / scale) ** shape
    return np.asarray(value, dtype=float)


def _log_tail(family: str, mean: float, cv: float, days: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np
    from scipy.special import gammaincc, log_ndtr

    if family == "gamma":
        value = np.log(np.maximum(gammaincc(1 / cv**2, days / (mean * cv**2)), 1e-300))
    elif family == "lognormal":
        width = math.sqrt(math.log1p(cv * cv))
        value = log_ndtr(-(np.log(days) - math.log(mean) + width**2 / 2) / width)
    else:
        shape = _weibull_shape(cv)
        value = -((days / (mean / math.gamma(1 + 1 / shape))) ** shape)
    return np.asarray(value, dtype=float)
