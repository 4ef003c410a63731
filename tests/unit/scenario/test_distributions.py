"""Distributions of time: their means, their quantiles, and bands as official tables print them."""

from __future__ import annotations

import json
import pickle
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from sim.scenario.distributions.bands import parse_band
from sim.scenario.distributions.distribution import Bands, DurationDistribution, Fixed, Gamma
from sim.scenario.values.durations import Duration

pytestmark = pytest.mark.unit

ADAPTER: TypeAdapter[Any] = TypeAdapter(DurationDistribution)

WRITTEN: list[Any] = [
    "5 working days",
    {"distribution": "fixed", "value": "2 weeks"},
    {"distribution": "exponential", "mean": "3 weeks"},
    {"distribution": "lognormal", "mean": "10 wd", "cv": 0.8},
    {"distribution": "gamma", "mean": "10 wd", "cv": 0.05},
    {"distribution": "gamma", "mean": "10 wd", "cv": 0.6},
    {"distribution": "gamma", "mean": "10 wd", "cv": 1},
    {"distribution": "gamma", "mean": "10 wd", "cv": 2},
    {"distribution": "weibull", "mean": "10 wd", "shape": 0.7},
    {"distribution": "weibull", "mean": "10 wd", "shape": 3},
    {"distribution": "uniform", "low": 0, "high": "2 weeks"},
    {"distribution": "bands", "bands": {"same day": "5%", "1-10": 20, "11-45": 50, "46-60": 15}},
    {"distribution": "bands", "bands": {"0-10": 5, "11-60": 0, "61+": 1}, "tail_mean": "20 wd"},
    {
        "distribution": "bands",
        "bands": {
            "3 months or less": 2,
            "3-6 months": 3,
            "6-12 months": 5,
            "1-2 years": 1,
            "2 years or more": 1,
        },
        "tail_mean": "6 months",
    },
]


def read(written: object) -> Any:
    return ADAPTER.validate_python(written)


@pytest.mark.parametrize("written", WRITTEN, ids=str)
def test_mean_of_quantiles_is_the_mean(written: object) -> None:
    one = read(written)
    steps = (np.arange(100_000) + 0.5) / 100_000
    values = [one.quantile(u) for u in steps.tolist()]
    assert np.all(np.diff(values) >= 0)
    assert min(values) >= 0
    assert np.mean(values) == pytest.approx(one.mean_working_days, rel=2e-3)


@pytest.mark.parametrize("written", WRITTEN, ids=str)
def test_travels_and_writes_itself(written: object) -> None:
    one = read(written)
    copy = pickle.loads(pickle.dumps(one))
    assert copy == one
    assert copy.quantile(0.3) == one.quantile(0.3)
    again = read(json.loads(json.dumps(ADAPTER.dump_python(one, mode="json"))))
    assert again.quantile(0.7) == one.quantile(0.7)
    for u in (0.0, 1.0):  # a stream may give either end
        assert np.isfinite(one.quantile(u))


@pytest.mark.parametrize("cv", [0.02, 0.1, 0.5, 1.0, 2.0, 5.0])
def test_gamma_agrees_with_scipy(cv: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    one = Gamma.model_validate({"mean": "10 wd", "cv": cv})
    for u in (1e-9, 1e-4, 0.01, 0.1, 0.5, 0.9, 0.99, 0.9999, 1 - 1e-9):
        exact = stats.gamma.ppf(u, 1 / cv**2, scale=10 * cv**2)
        assert one.quantile(u) == pytest.approx(exact, rel=1e-4, abs=1e-100)


def test_others_agree_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    spread = np.sqrt(np.log(1 + 0.8**2))
    lognormal = stats.lognorm(spread, scale=10 * np.exp(-(spread**2) / 2))
    for u in (0.001, 0.3, 0.5, 0.999):
        assert read(WRITTEN[3]).quantile(u) == pytest.approx(lognormal.ppf(u))
        assert read(WRITTEN[2]).quantile(u) == pytest.approx(stats.expon.ppf(u, scale=15))
    weibull = stats.weibull_min(3)
    assert read(WRITTEN[9]).quantile(0.2) == pytest.approx(weibull.ppf(0.2) * 10 / weibull.mean())


def test_a_plain_duration_is_fixed() -> None:
    assert read("5 working days") == Fixed(value=Duration(5))
    assert read(0).quantile(0.5) == 0


def test_whole_days_within_a_band() -> None:
    one = read({"distribution": "bands", "bands": {"same day": 1, "1-10": 1}})
    values = [one.quantile((n + 0.5) / 2000) for n in range(2000)]
    assert set(values) == set(range(11))
    assert values.count(0) == 1000
    assert values.count(1) == values.count(10) == 100


def test_open_band_has_whole_days_and_its_mean() -> None:
    one = read({"distribution": "bands", "bands": {"61+": 1}, "tail_mean": "20 wd"})
    values = [one.quantile((n + 0.5) / 50_000) for n in range(50_000)]
    assert min(values) == 61
    assert all(value == int(value) for value in values)
    assert np.mean(values) == pytest.approx(81, rel=1e-3)
    assert one.mean_working_days == 81


@pytest.mark.parametrize(
    ("label", "low", "high", "whole"),
    [
        ("same day", 0, 0, True),
        ("Same day", 0, 0, True),
        ("0", 0, 0, True),
        ("1-10", 1, 10, True),
        ("41 to 45", 41, 45, True),
        ("41–45", 41, 45, True),
        ("61+", 61, np.inf, True),
        ("61 or more", 61, np.inf, True),
        ("61 and over", 61, np.inf, True),
        ("over 60", 61, np.inf, True),
        ("more than 60 working days", 61, np.inf, True),
        ("up to 10", 0, 10, True),
        ("10 or less", 0, 10, True),
        ("under 10", 0, 9, True),
        ("under 3 months", 0, 63.25, False),
        ("3-6 months", 63.25, 126.5, False),
        ("1-2 years", 253, 506, False),
        ("2 years or more", 506, np.inf, False),
        ("2+ years", 506, np.inf, False),
    ],
)
def test_band_labels(label: str, low: float, high: float, whole: bool) -> None:
    band = parse_band(label, "working days")
    assert band is not None
    assert (band.low, band.high, band.whole) == (low, high, whole)


@pytest.mark.parametrize("label", ["", "soon", "10-1", "1.5-2.5", "1-2 fortnights", "-", "under 0"])
def test_labels_that_are_not_bands(label: str) -> None:
    assert parse_band(label, "working days") is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            {"distribution": "bands", "bands": {"1-10": 1, "5-20": 1}},
            "'5-20' overlaps or comes before '1-10'",
        ),
        (
            {"distribution": "bands", "bands": {"61+": 1, "70-80": 1}, "tail_mean": "1 wd"},
            "after the open band",
        ),
        ({"distribution": "bands", "bands": {"61+": 1}}, "has no tail; write beside bands"),
        ({"distribution": "bands", "bands": {"soon": 1}}, "'soon' is not a band of time"),
        ({"distribution": "bands", "bands": {"1-10": 0}}, "every band has the weight 0"),
        ({"distribution": "bands", "bands": {}}, "at least 1 item"),
        ({"distribution": "bands", "bands": {"1-10": -1}}, "-1 is below 0"),
        ({"distribution": "uniform", "low": "3 wd", "high": "2 wd"}, "is shorter than low"),
        ({"distribution": "lognormal", "mean": "3 wd", "cv": 0}, "0 is not above 0"),
        ({"distribution": "gamma", "mean": 3, "cv": 1}, "write a unit: 3 working days"),
        ({"distribution": "gamma", "mean": "3 wd", "cv": 50}, "less than or equal to 5"),
        ({"distribution": "exponential", "mean": 0}, "no time at all"),
        (5, "write a unit: 5 working days"),
        ({"distribution": "gama"}, "'gama'"),
    ],
)
def test_refusals(written: object, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read(written)
    assert said in str(caught.value)


def test_weights_of_any_sum() -> None:
    shares = Bands.model_validate({"bands": {"0-4": 0.2, "5-9": 0.8}})
    counts = Bands.model_validate({"bands": {"0-4": 20, "5-9": 80}})
    assert [shares.quantile(n / 50) for n in range(50)] == [counts.quantile(n / 50) for n in range(50)]


def test_json_schema_names_every_distribution() -> None:
    text = json.dumps(ADAPTER.json_schema())
    for name in ("fixed", "exponential", "lognormal", "gamma", "weibull", "uniform", "bands"):
        assert f'"{name}"' in text
