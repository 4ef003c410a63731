"""Ranges that say how far chance may have moved a figure, and outcomes that are counted only when they are known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from sim.returns.making.base import average_council
from sim.returns.making.chance import level_range, mean_range, share_range, shares_with_ranges, sibling_effect
from sim.returns.making.routes import find_routes
from sim.returns.records import RecordedSpell, Referral, Returns

pytestmark = pytest.mark.unit
AS_AT = date(2024, 9, 30)


def test_the_range_of_a_share_holds_the_truth_of_groups_as_often_as_it_says() -> None:
    """Sibling groups go one way together; 95% of ranges should hold the share that they were drawn with."""
    rng = np.random.default_rng(3)
    truth, held, trials = 0.3, 0, 1_000
    groups = average_council().scenario.demand.sibling_groups
    effect = sibling_effect(average_council().scenario)
    for _ in range(trials):
        sizes = rng.choice(list(groups), size=300, p=list(groups.values()))
        chosen = rng.random(300) < truth
        count = int(sizes.sum())
        low, high = share_range(float((sizes * chosen).sum()) / count, count, effect)
        held += low <= truth <= high
    assert 0.93 <= held / trials <= 0.97


def test_all_shares_but_the_largest_are_ranges_that_sum_to_a_whole() -> None:
    text = shares_with_ranges({"a": 0.25, "b": 0.75, "c": 0.0}, 100, 1.0)
    assert text == "{a: {value: 25%, low: 16.5%, high: 33.5%, distribution: normal}, b: 75%, c: 0%}"


@pytest.mark.parametrize("share", [1.0000000000000002, 1.0, 0.0, -1e-17])
def test_a_share_that_rounding_took_past_its_end_has_a_range(share: float) -> None:
    low, high = share_range(share, 61, 2.2)
    assert low == high == pytest.approx(share)


def test_a_level_from_a_small_count_is_wide_and_from_a_large_one_narrow() -> None:
    assert level_range(1_000, 500, 5) == "low: 822, high: 1217, distribution: lognormal"
    assert level_range(1_000, 50_000, 5) == "low: 981, high: 1020, distribution: lognormal"


def test_a_mean_that_is_known_well_has_no_range() -> None:
    assert mean_range(99.8, 100.2, 100) == "100 working days"
    assert "low: 90 working days, high: 110 working days" in mean_range(90, 110, 100)


def test_a_referral_that_still_waits_for_its_assessment_leads_nowhere_yet() -> None:
    """60 referrals wait for an assessment and 60 closed without one: only these were given advice."""
    present = {"referrals", "assessments", "enquiries", "episodes"}
    returns = Returns("Annex A", AS_AT, window_months=6, present=present)
    start = AS_AT - timedelta(days=100)
    for child in range(180):
        returns.referrals.append(Referral(child, start, nfa=False))
        closed = child >= 120
        returns.episodes.append(RecordedSpell(child, start, start + timedelta(days=5) if closed else None))
        if 60 <= child < 120:
            returns.assessments.append(RecordedSpell(child, start + timedelta(days=70)))
    routes = find_routes(returns)
    assert routes.counted["front_door"] == 120
    assert routes.shares["front_door"]["advice"] == pytest.approx(0.5)
    assert routes.shares["front_door"]["assessment"] == pytest.approx(0.5)
