"""A figure that is known only as a range: what it may be, and how likely.

A scenario writes `{low: 20 minutes, high: 40 minutes}` in place of a figure. Figures are drawn by quantile, in the
writing that the scenario uses, so that one uniform number gives one figure and a higher number never a lower figure.

`uniform` spreads evenly from low to high. `triangular` peaks at `value`, or in the middle. In `normal` and `lognormal`
95 of 100 lie from low to high before what lies beyond is cut off, so that nothing is drawn outside the range; the
centre is `value`, or the middle (of the logarithms, for lognormal).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Any, Final, Literal, get_args

from sim.scenario.values.durations import parse_unit
from sim.scenario.values.numbers import to_number

__all__ = ["RangeDistribution", "UncertainFigure", "amount_of", "same_unit"]

RangeDistribution = Literal["uniform", "triangular", "normal", "lognormal"]
RANGE_DISTRIBUTIONS: Final[tuple[str, ...]] = get_args(RangeDistribution)

_STANDARD: Final = NormalDist()
_REACH: Final = _STANDARD.inv_cdf(0.975)
"""Standard deviations from the middle to either end of a range that holds 95 of 100."""
_WRITING = re.compile(r"(£?\s*)([+-]?\d[\d.,]*|[+-]?\.\d+)(\s*\D.*)?")


@dataclass(frozen=True)
class UncertainFigure:
    """A figure with a range. `path` is dotted, as `--set` takes it; figures are as the scenario writes them.

    `central` holds where uncertainty is off. `whole` figures (counts of people) are rounded. `peak` is the number
    around which all but a uniform range gathers. `stream` names the figure's random numbers: scenarios that are
    compared draw the same for the same name.
    """

    path: str
    central: Any
    low: Any
    high: Any
    distribution: RangeDistribution = "uniform"
    whole: bool = False
    peak: float | None = None
    stream: str = ""

    @cached_property
    def ends(self) -> tuple[float, float]:
        """Low and high as plain numbers in the unit of the writing."""
        return amount_of(self.low), amount_of(self.high)

    @property
    def unit(self) -> str:
        """The unit that the figure is written in: `minutes`, `%`, `£`, or nothing."""
        prefix, _, suffix = _parts(self._model)
        return (prefix + suffix).strip()

    @property
    def _model(self) -> Any:
        """The end whose writing is followed: the one with a unit (a bare 0 may stand beside it)."""
        return self.high if _parts(self.high)[2].strip() or not _parts(self.low)[2].strip() else self.low

    def number(self, u: float) -> float:
        """Return the number, in the unit of the writing, below which a share u of the draws lie; u from 0 to 1."""
        low, high = self.ends
        u = min(max(u, 0.0), 1.0)
        if self.distribution == "uniform":
            if self.whole:  # each whole number as likely, the ends too
                return min(low + math.floor(u * (high - low + 1.0)), high)
            return low + u * (high - low)
        if self.distribution == "triangular":
            number = _triangular(low, self._peak, high, u)
        elif self.distribution == "normal":
            number = _normal(low, self._peak, high, u)
        else:
            number = math.exp(_normal(math.log(low), math.log(self._peak), math.log(high), u))
        number = min(max(number, low), high)
        return math.floor(number + 0.5) if self.whole else number

    def quantile(self, u: float) -> Any:
        """Return the figure below which a share u of the draws lie, as the scenario would write it."""
        return self.written(self.number(u))

    def written(self, number: float) -> Any:
        """Write a number as the scenario writes this figure, with its unit."""
        prefix, _, suffix = _parts(self._model)
        if prefix or suffix:
            return f"{prefix}{_digits(number)}{suffix}"
        return int(number) if self.whole else float(f"{number:.12g}")

    def amount(self, value: Any) -> float:
        """Return a figure written like this one as a plain number in its unit."""
        return amount_of(value)

    @property
    def _peak(self) -> float:
        if self.peak is not None:
            return self.peak
        low, high = self.ends
        return math.sqrt(low * high) if self.distribution == "lognormal" else (low + high) / 2.0

    def middle(self) -> Any:
        """The central figure of a range that names none: its middle, or for lognormal its median."""
        number = self._peak
        return self.written(math.floor(number + 0.5) if self.whole else number)


def amount_of(value: Any) -> float:
    """Return the number in a figure such as `30 minutes`, `12%` or `£60,000`; ValueError when there is none."""
    return _parts(value)[1]


def same_unit(figure: Any, other: Any) -> bool:
    """Whether two figures are written in the same unit; a bare 0 goes with any."""
    if 0.0 in (amount_of(figure), amount_of(other)) and "" in (_unit(figure), _unit(other)):
        return True
    return _unit(figure) == _unit(other)


def _unit(value: Any) -> str:
    prefix, _, suffix = _parts(value)
    text = " ".join(suffix.lower().split())
    return prefix.strip() + (parse_unit(text) or text.removesuffix("s"))


def _parts(value: Any) -> tuple[str, float, str]:
    """Take a figure apart: what stands before the number, the number, what stands behind it."""
    number = to_number(value)
    if number is not None:
        return "", number, ""
    match = _WRITING.fullmatch(value.strip()) if isinstance(value, str) else None
    number = to_number(match.group(2)) if match else None
    if match is None or number is None:
        raise ValueError(f"{value!r} is not a figure")
    return match.group(1), number, match.group(3) or ""


def _digits(number: float) -> str:
    return f"{number:.10f}".rstrip("0").rstrip(".") if number else "0"


def _triangular(low: float, peak: float, high: float, u: float) -> float:
    below = (peak - low) / (high - low)
    if u < below:
        return low + math.sqrt(u * (high - low) * (peak - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - peak))


def _normal(low: float, centre: float, high: float, u: float) -> float:
    spread = (high - low) / (2.0 * _REACH)
    first, last = (_STANDARD.cdf((end - centre) / spread) for end in (low, high))
    return centre + spread * _STANDARD.inv_cdf(min(max(first + u * (last - first), 1e-12), 1.0 - 1e-12))
