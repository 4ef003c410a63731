"""A sweep of caps under a surge: tight caps leave children without a worker, none at all overloads everybody.

The small service of `test_practice_under_pressure.py`, with the same children in every setting. Half a minute.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.calendar import calendar_of
from sim.measures.compute import compute
from sim.model.service import Service
from sim.scenario.reading.loader import load
from tests.direction.test_practice_under_pressure import BASE, small

pytestmark = pytest.mark.direction

SEEDS = 8
CAPS: dict[str, tuple[Any, Any]] = {
    "tight": (8, 11),
    "lower": (14, 19),
    "usual": (17, 23),
    "none": ("none", "none"),
}
"""Of assessment and care planning workers."""
MEASURES = (
    "exposure_child_days",
    "rereferrals_12m_pct",
    "cost_total",
    "cp_visits_on_time_pct",
    "turnover_pct",
    "held_by_managers_mean",
)
WEIGHTS = {"exposure_child_days": 1.0, "cost_total": 1.0, "rereferrals_12m_pct": 1.0}
"""Of what a council weighs, each over its figure at the usual cap; the test holds with exposure at half its weight."""


@cache
def _figures(cap: str) -> dict[str, float]:
    scenario = load(BASE, small(cap=CAPS[cap], surge=0.4)).scenario
    calendar = calendar_of(scenario.period.start, scenario.period.end)
    rows = [compute(Service(scenario, 1, seed, True).run(), calendar) for seed in range(SEEDS)]
    return {measure: float(np.mean([row.value(measure) for row in rows])) for measure in MEASURES}


def _score(cap: str, of_exposure: float) -> float:
    """Exposure, cost and re-referral weighed, each 1 at the usual cap: less is better."""
    weights = WEIGHTS | {"exposure_child_days": of_exposure}
    usual = _figures("usual")
    return sum(weight * _figures(cap)[measure] / usual[measure] for measure, weight in weights.items())


@pytest.mark.parametrize("of_exposure", [0.5, 1.0])
def test_the_best_cap_under_a_surge_lies_inside(of_exposure: float) -> None:
    scores = {cap: _score(cap, of_exposure) for cap in CAPS}
    inside = min(scores["lower"], scores["usual"])
    assert scores["tight"] > inside + 0.05
    assert scores["none"] > inside + 0.005


def test_no_cap_is_worse_than_a_sensible_one_on_visits_leaving_and_exposure() -> None:
    sensible, none = _figures("lower"), _figures("none")
    assert none["cp_visits_on_time_pct"] < sensible["cp_visits_on_time_pct"]
    assert none["turnover_pct"] > sensible["turnover_pct"]
    assert none["exposure_child_days"] > 1.03 * sensible["exposure_child_days"]


def test_children_without_a_worker_are_the_price_of_a_tight_cap() -> None:
    assert _figures("tight")["held_by_managers_mean"] > 4 * _figures("usual")["held_by_managers_mean"]
    assert _figures("none")["held_by_managers_mean"] == 0
