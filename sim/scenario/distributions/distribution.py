"""Distributions of a length of time, by their usual names and parameters.

A scenario writes `{distribution: lognormal, mean: 12 working days, cv: 0.6}`, or a plain duration for a fixed
time. All answers are in working days. Sampling is by quantile, so that one uniform number makes one duration
and a paired run with a longer mean gives each child a longer time from the same number.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from functools import cached_property
from itertools import accumulate
from statistics import NormalDist
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from typing_extensions import override

from sim.scenario.distributions.band_table import BandTable
from sim.scenario.distributions.bands import Band, read_bands
from sim.scenario.distributions.gamma_table import gamma_quantile
from sim.scenario.errors.faults import Faults, fault
from sim.scenario.values.durations import Duration, PositiveDuration, Unit
from sim.scenario.values.quantities import Positive, Weight

_NORMAL: Final = NormalDist()
_SMALLEST: Final = 1e-15


def _inside(u: float) -> float:
    """Keep u off 0 and 1, where quantiles may be infinite."""
    return min(max(u, _SMALLEST), 1.0 - _SMALLEST)


class _Distribution(BaseModel, ABC):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, allow_inf_nan=False)

    @property
    @abstractmethod
    def mean_working_days(self) -> float:
        """The mean in working days."""

    @abstractmethod
    def quantile(self, u: float) -> float:
        """Return the length in working days below which a share u of all lengths lie; u in (0, 1)."""


class _OfMean(_Distribution, ABC):
    """A distribution that is written with its mean."""

    distribution: str
    mean: PositiveDuration

    @property
    @override
    def mean_working_days(self) -> float:
        return self.mean.working_days


class Fixed(_Distribution):
    """Always the same length of time."""

    distribution: Literal["fixed"] = "fixed"
    value: Duration

    @property
    @override
    def mean_working_days(self) -> float:
        return self.value.working_days

    @override
    def quantile(self, u: float) -> float:
        return self.value.working_days


class Exponential(_OfMean):
    """Exponential with a mean: the chance of ending does not depend on how long it has lasted."""

    distribution: Literal["exponential"] = "exponential"

    @override
    def quantile(self, u: float) -> float:
        return -self.mean.working_days * math.log1p(-_inside(u))


class Lognormal(_OfMean):
    """Lognormal with a mean and a coefficient of variation (standard deviation over mean)."""

    distribution: Literal["lognormal"] = "lognormal"
    cv: Annotated[Positive, Field(le=10)]

    # Cached properties, not private attributes: pydantic looks those up the long way, and a run draws often.
    @cached_property
    def _spread(self) -> float:
        return math.sqrt(math.log1p(self.cv * self.cv))

    @cached_property
    def _location(self) -> float:
        return math.log(self.mean.working_days) - self._spread**2 / 2.0

    @override
    def quantile(self, u: float) -> float:
        return math.exp(self._location + self._spread * _NORMAL.inv_cdf(_inside(u)))


class Gamma(_OfMean):
    """Gamma with a mean and a coefficient of variation; the shape is 1 / cv^2. cv is from 0.02 to 5."""

    distribution: Literal["gamma"] = "gamma"
    cv: Annotated[Positive, Field(ge=0.02, le=5)]

    @cached_property
    def _shape(self) -> float:
        return 1.0 / (self.cv * self.cv)

    @cached_property
    def _scale(self) -> float:
        return self.mean.working_days / self._shape

    @override
    def quantile(self, u: float) -> float:
        return self._scale * gamma_quantile(self._shape, u)


class Weibull(_OfMean):
    """Weibull with a mean and a shape; above 1 the chance of ending grows with time. Shape 0.1 or more."""

    distribution: Literal["weibull"] = "weibull"
    shape: Annotated[Positive, Field(ge=0.1)]

    @cached_property
    def _scale(self) -> float:
        return self.mean.working_days / math.gamma(1.0 + 1.0 / self.shape)

    @override
    def quantile(self, u: float) -> float:
        return self._scale * float((-math.log1p(-_inside(u))) ** (1.0 / self.shape))


class Uniform(_Distribution):
    """Any length from low to high, each as likely."""

    distribution: Literal["uniform"] = "uniform"
    low: Duration
    high: Duration

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if self.high.working_days < self.low.working_days:
            wrong = f"high, {self.high}, is shorter than low, {self.low}"
            raise fault(("high",), wrong, f"write {self.low} or longer")
        return self

    @property
    @override
    def mean_working_days(self) -> float:
        return (self.low.working_days + self.high.working_days) / 2.0

    @override
    def quantile(self, u: float) -> float:
        low = self.low.working_days
        return low + u * (self.high.working_days - low)


class Bands(_Distribution):
    """Shares or counts by band of time, as the Department for Education prints them.

    Weights may be of any sum above 0. In working days a band holds whole days, each as likely; in longer
    units it is a stretch of time. The last band may be open (`61+`); then `tail_mean` is the mean time beyond
    its lower end, and the tail falls off exponentially. `unit` is for labels that name none.
    """

    distribution: Literal["bands"] = "bands"
    bands: dict[str, Weight] = Field(min_length=1, max_length=100)
    tail_mean: PositiveDuration | None = None
    unit: Unit = "working days"

    @model_validator(mode="after")
    def _readable(self) -> Bands:
        faults = Faults()
        total = sum(self.bands.values())
        parts = read_bands(self.bands, self.unit, faults)
        if total <= 0:
            faults.add(("bands",), "every band has the weight 0", "write a share or a count above 0 for one band")
        if parts and parts[-1].open and self.tail_mean is None and self.bands[parts[-1].label] > 0:
            wrong = f"the open band '{parts[-1].label}' has no tail"
            right = "write beside bands the mean time beyond its lower end, such as tail_mean: 20 working days"
            faults.add((), wrong, right)
        faults.raise_if_any()
        return self

    @cached_property
    def _shares(self) -> tuple[tuple[Band, float], ...]:
        """Bands that have a weight, with their shares."""
        total = sum(self.bands.values())
        parts = read_bands(self.bands, self.unit, Faults())
        return tuple((part, self.bands[part.label] / total) for part in parts if self.bands[part.label] > 0)

    @cached_property
    def _table(self) -> BandTable:
        cells = [(part.low, part.high, part.whole) for part, _ in self._shares]
        return BandTable(cells, list(accumulate(share for _, share in self._shares)), self._tail())

    def _tail(self) -> float:
        return self.tail_mean.working_days if self.tail_mean is not None else 0.0

    def _mean_of(self, part: Band) -> float:
        return part.low + self._tail() if part.open else (part.low + part.high) / 2.0

    @property
    @override
    def mean_working_days(self) -> float:
        return sum(share * self._mean_of(part) for part, share in self._shares)

    @override
    def quantile(self, u: float) -> float:
        return self._table.quantile(u)


def _coerce(value: object) -> object:
    """Read a plain duration as a fixed one, so that `time: 5 working days` needs no mapping."""
    if isinstance(value, (dict, _Distribution)):
        return value
    return Fixed(value=Duration.parse(value))


_Named = Annotated[
    Fixed | Exponential | Lognormal | Gamma | Weibull | Uniform | Bands, Field(discriminator="distribution")
]
DurationDistribution = Annotated[_Named, BeforeValidator(_coerce, json_schema_input_type=Duration | _Named)]
"""A distribution of a length of time, or a plain duration, which is fixed."""
