"""Referrals given by the working day: an even stream, as textbook queues have it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import Service
from sim.scenario.errors.problems import ScenarioError
from sim.scenario.reading.loader import load

pytestmark = pytest.mark.unit


def test_each_month_has_its_working_days_worth() -> None:
    service = Service(load("checks/mmc").scenario, 1, 0, record=False)
    expected = [service.arrivals.expected_children(number) for number in range(1, 13)]
    days = [month.last_index - month.first_index + 1 for month in service.calendar.months()[:12]]
    assert expected == pytest.approx([4.5 * count for count in days])


def test_gaps_between_referrals_are_exponential() -> None:
    service = Service(load("checks/mmc").scenario, 1, 0, record=False)
    moments = sorted(moment for number in range(1, 241) for _, moment in service.arrivals.month(number))
    gaps = np.diff(moments)
    assert gaps.mean() == pytest.approx(1 / 4.5, rel=0.02)
    assert gaps.std() == pytest.approx(gaps.mean(), rel=0.02)
    assert np.corrcoef(gaps[1:], gaps[:-1])[0, 1] == pytest.approx(0.0, abs=0.02)


def test_the_level_is_not_given_twice() -> None:
    with pytest.raises(ScenarioError, match="given twice"):
        load("checks/mmc", {"demand.referrals_a_year": 1000})
