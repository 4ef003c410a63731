"""Custom, loads between two others, times open and those who come back in time: worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.model.pathway.front_door.times_open import TimesOpen, back_within, gap_within
from sim.model.practice.custom import Custom, share_before
from sim.model.practice.strain import between
from sim.scenario.distributions.distribution import Uniform
from sim.scenario.values.quantities import Duration

pytestmark = pytest.mark.unit


class _Standards:
    def __init__(self, target: float | None = None) -> None:
        self.given = target is not None
        self.target = target

    def share(self, _day: int, before: float) -> float:
        return before if self.target is None else self.target


def _up_to(days: float) -> Uniform:
    low, high = (Duration(amount=amount, unit="working days") for amount in (0, days))
    return Uniform(distribution="uniform", low=low, high=high)


def _custom(late_by_load: float, target: float | None = None) -> Custom:
    days = Uniform(
        distribution="uniform",
        low=Duration(amount=0, unit="working days"),
        high=Duration(amount=92, unit="working days"),
    )
    return Custom(days, 45, late_by_load, _Standards(target), None)  # type: ignore[arg-type]


def test_the_share_within_the_standard_counts_the_whole_of_its_last_day() -> None:
    assert _custom(1.0).within == pytest.approx(0.5, abs=1e-6)


def test_custom_stands_as_published_at_the_usual_load() -> None:
    assert [_custom(1.0).at(draw, 1.0, 0) for draw in (0.1, 0.5, 0.9)] == [0.1, 0.5, 0.9]


def test_twice_the_load_doubles_the_odds_of_lateness_at_a_power_of_one() -> None:
    custom = _custom(1.0)
    assert custom.at(1 / 3, 2.0, 0) == pytest.approx(0.5, abs=1e-6)  # one in three is now within the standard
    assert custom.at(1 / 6, 2.0, 0) == pytest.approx(0.25, abs=1e-6)


def test_half_the_load_brings_some_of_the_late_within_the_standard() -> None:
    assert _custom(1.0).at(0.6, 0.5, 0) < 0.5 < _custom(1.0).at(0.6, 1.0, 0)


def test_a_practice_standard_moves_custom_to_its_target() -> None:
    custom = _custom(0.0, target=0.8)
    assert custom.at(0.79, 1.0, 0) < custom.within < custom.at(0.81, 1.0, 0)


def test_draws_keep_their_order() -> None:
    custom = _custom(1.5, target=0.7)
    draws = [custom.at(place / 100, 1.7, 0) for place in range(1, 100)]
    assert draws == sorted(draws)


def test_a_load_between_two_others() -> None:
    assert [between(load, 1.0, 1.5) for load in (0.5, 1.0, 1.25, 2.0)] == [0.0, 0.0, 0.5, 1.0]


def test_who_comes_back_within_a_window() -> None:
    assert back_within(100.0, 100.0) == pytest.approx(1 - math.exp(-1))
    assert back_within(-1.0, 100.0) == 0.0
    assert back_within(10.0, 0.0) == 1.0
    gaps = [gap_within(100.0, 80.0, draw) for draw in (0.0, 0.5, 1.0)]
    assert gaps[0] == 0.0
    assert gaps[2] == pytest.approx(100.0)
    assert back_within(gaps[1], 80.0) == pytest.approx(0.5 * back_within(100.0, 80.0))


def test_times_open_follow_the_ways_out(town: Any) -> None:
    door = {"no_further_action": "40%", "assessment": "60%"}
    scenario = town.scenario(
        {
            "stages.front_door.outcomes": door,
            "stages.assessment.habit": "none",
            "stages.assessment.work": "20 working days",
            "stages.assessment.outcomes": {"close": "100%"},
        }
    )
    times = TimesOpen(scenario)
    expected = 0.4 * back_within(253 - 1, 126.5) + 0.6 * back_within(253 - 20, 126.5)
    assert times.reach(126.5) == pytest.approx(expected)
    assert times.quantile(0.2) == 1.0
    assert times.quantile(0.9) == 20.0


def test_the_share_before_a_day_of_a_distribution() -> None:
    days = Uniform(
        distribution="uniform",
        low=Duration(amount=0, unit="working days"),
        high=Duration(amount=10, unit="working days"),
    )
    assert share_before(days, 4.0) == pytest.approx(0.4, abs=1e-6)
    assert share_before(days, 11.0) == 1.0
