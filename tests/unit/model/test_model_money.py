"""Money is counted at the rates of the scenario, for the days that people and levers were there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.model.recording import MONEY, Recording

pytestmark = pytest.mark.unit

YEAR = {"period": {"start": "2016-04-01", "end": "2017-03-31"}, "opening": {}, "capacities.solicitors": "none"}
PAY = {"costs": {"social_worker": 60000, "agency": 90000, "manager": 75000, "solicitor": 70000}}
TEAM = "teams.locality team"


def pounds(recording: Recording, kind: str) -> np.ndarray[Any, Any]:
    """Pounds of each month."""
    money = recording.money
    return money["pounds"][money["kind"] == MONEY.index(kind)]


def test_a_year_of_pay(town: Any) -> None:
    recording = town.recording(YEAR | PAY)
    # One worker at the front door and eight in the locality team; 0.5 and 1.3 managers.
    assert pounds(recording, "staff").sum() == pytest.approx(9 * 60000 + 1.8 * 75000)
    assert pounds(recording, "agency_premium").sum() == 0
    assert pounds(recording, "lever").sum() == 0


def test_agency_workers_cost_a_premium_for_the_days_they_are_there(town: Any) -> None:
    agency = {"lever": "staffing", "at": "2016-07-01", "until": "2016-10-01", "team": "locality team",
              "add": {"count": 2, "grade": "agency", "cap": 18}}  # fmt: skip
    recording = town.recording(YEAR | PAY | {"levers": [agency]})
    assert pounds(recording, "agency_premium").sum() == pytest.approx(2 * 30000 / 4)
    assert pounds(recording, "staff").sum() == pytest.approx(9 * 60000 + 1.8 * 75000 + 2 * 60000 / 4)


def test_solicitors_are_paid_where_they_are_limited(town: Any) -> None:
    recording = town.recording(YEAR | PAY | {"capacities.solicitors": 2})
    assert pounds(recording, "staff").sum() == pytest.approx(9 * 60000 + 1.8 * 75000 + 2 * 70000)


def test_levers_and_teams_cost_what_they_say_while_they_hold(town: Any) -> None:
    support = {"lever": "business_support", "at": "2016-06-01", "until": "2016-07-01", "team": "locality team",
               "hours_a_week": 2, "cost_once": 1000, "cost_a_year": 36525}  # fmt: skip
    team = {"stages": ["assessment"], "workers": [{"count": 1, "cap": 18}], "managers": 0, "background_hours_a_week": 0,
            "start": "2016-09-01", "end": "2016-09-14", "cost_a_week": 700}  # fmt: skip
    recording = town.recording(YEAR | PAY | {"levers": [support], "teams.surge": team})
    months = pounds(recording, "lever")
    assert months[2] == pytest.approx(1000 + 30 * 100)  # June
    assert months[5] == pytest.approx(14 * 100)  # September
    assert months.sum() == pytest.approx(months[2] + months[5])


def test_a_manager_more_costs_a_managers_pay(town: Any) -> None:
    more = {"lever": "managers", "at": "2016-10-01", "team": "locality team", "managers": 2.3}
    without, with_more = town.recording(YEAR | PAY), town.recording(YEAR | PAY | {"levers": [more]})
    extra = pounds(with_more, "staff").sum() - pounds(without, "staff").sum()
    assert extra == pytest.approx(75000 / 2)
