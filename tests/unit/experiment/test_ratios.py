"""A ratio of two mean differences and its interval."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.experiment.analysis.statistics import mean_interval, ratio_of_means
from sim.experiment.results.replications import Replications
from sim.experiment.results.tables import differences
from sim.measures.compute import FigureRows

pytestmark = pytest.mark.unit


def test_a_denominator_that_never_varies_gives_the_interval_of_the_mean() -> None:
    pounds = [100.0, 140.0, 90.0, 130.0]
    found = ratio_of_means(pounds, [4.0] * 4)
    low, high = mean_interval(pounds)
    assert found.value == pytest.approx(115 / 4)
    assert (found.ci95_low, found.ci95_high) == (pytest.approx(low / 4), pytest.approx(high / 4))


def test_the_ends_are_the_ratios_at_which_a_paired_test_just_rejects() -> None:
    rng = np.random.default_rng(3)
    bottom = rng.normal(20, 4, 12)
    top = 5 * bottom + rng.normal(0, 6, 12)
    found = ratio_of_means(top, bottom)
    for end, side in ((found.ci95_low, 0), (found.ci95_high, 1)):
        assert mean_interval(top - end * bottom)[side] == pytest.approx(0, abs=1e-6)
    assert found.ci95_low < found.value < found.ci95_high


@pytest.mark.parametrize("bottom", [[1.0, -1.0, 2.0, -2.0], [-5.0, -5.1, -4.9, -5.0], [0.0] * 4])
def test_no_ratio_where_nothing_was_clearly_saved(bottom: list[float]) -> None:
    assert math.isnan(ratio_of_means([1.0, 2.0, 3.0, 4.0], bottom).value)
    assert math.isnan(ratio_of_means([1.0], [2.0]).value)


def test_replications_that_lack_one_of_the_two_are_left_out() -> None:
    assert ratio_of_means([2.0, math.nan, 4.0], [1.0, 1.0, 1.0]).value == pytest.approx(3)


def _ensemble(name: str, cost: list[float], delay: list[float]) -> Replications:
    measures = ("cost_total", "delay_child_days", "cost_per_delay_day_avoided")
    rows = FigureRows(measures, ("whole",) * 3, ("all",) * 3)
    values = np.array([[c, d, math.nan] for c, d in zip(cost, delay, strict=True)])
    return Replications(name, rows, tuple(range(len(cost))), values, ())


def test_differences_price_a_child_day_of_delay_avoided() -> None:
    base = _ensemble("base", [1000.0, 1000.0, 1000.0], [50.0, 60.0, 70.0])
    teams = _ensemble("teams", [1180.0, 1200.0, 1220.0], [40.0, 50.0, 60.0])
    idle = _ensemble("idle", [1000.0, 1000.0, 1000.0], [40.0, 50.0, 60.0])
    frame = differences([base, teams, idle])
    assert frame is not None
    price = frame[frame["measure"] == "cost_per_delay_day_avoided"].set_index("scenario")
    assert price.loc["teams", "difference"] == pytest.approx(20)
    assert price.loc["teams", "clear_of_chance"]
    assert math.isnan(price.loc["idle", "difference"])  # no pounds anywhere
