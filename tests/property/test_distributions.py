"""What must hold for every distribution of time, whatever its parameters."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from sim.scenario.distributions.distribution import DurationDistribution

pytestmark = pytest.mark.property

ADAPTER: TypeAdapter[Any] = TypeAdapter(DurationDistribution)

means = st.floats(0.1, 500).map(lambda days: f"{days:.4f} working days")


@st.composite
def bands(draw: st.DrawFn) -> dict[str, Any]:
    edges = sorted(draw(st.sets(st.integers(1, 400), min_size=2, max_size=8)))
    labels = [f"{low}-{high - 1}" for low, high in pairwise(edges)] + [f"{edges[-1]}+"]
    weights = draw(st.lists(st.floats(0.01, 1000), min_size=len(labels), max_size=len(labels)))
    return {
        "distribution": "bands",
        "bands": dict(zip(labels, weights, strict=True)),
        "tail_mean": draw(means),
    }


written = st.one_of(
    means,
    st.builds(lambda mean: {"distribution": "exponential", "mean": mean}, means),
    st.builds(lambda mean, cv: {"distribution": "lognormal", "mean": mean, "cv": cv}, means, st.floats(0.05, 3)),
    st.builds(
        lambda mean, cv: {"distribution": "gamma", "mean": mean, "cv": cv},
        means,
        st.sampled_from([0.1, 0.7, 2]),
    ),
    st.builds(lambda mean, k: {"distribution": "weibull", "mean": mean, "shape": k}, means, st.floats(0.4, 5)),
    bands(),
)
shares = st.floats(0, 1, exclude_min=True, exclude_max=True)


@given(written, shares, shares)
def test_quantiles_rise_with_u(how: Any, first: float, second: float) -> None:
    one = ADAPTER.validate_python(how)
    low, high = sorted((first, second))
    assert 0 <= one.quantile(low) <= one.quantile(high) < math.inf


@given(written)
def test_mean_of_quantiles_is_near_the_mean(how: Any) -> None:
    one = ADAPTER.validate_python(how)
    steps = 4000
    mean = sum(one.quantile((n + 0.5) / steps) for n in range(steps)) / steps
    assert mean == pytest.approx(one.mean_working_days, rel=0.06, abs=1e-6)


@given(written)
def test_written_out_and_read_again_it_is_the_same(how: Any) -> None:
    one = ADAPTER.validate_python(how)
    again = ADAPTER.validate_python(ADAPTER.dump_python(one, mode="json"))
    assert again.quantile(0.37) == pytest.approx(one.quantile(0.37))


@given(bands(), shares)
def test_bands_give_whole_days_inside_a_band(how: dict[str, Any], u: float) -> None:
    day = ADAPTER.validate_python(how).quantile(u)
    first = int(next(iter(how["bands"])).split("-")[0])
    assert day == int(day) >= first
