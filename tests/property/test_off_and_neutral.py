"""Each mechanism of a service that responds can be switched off, and has a neutral setting that changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.model import simulate
from sim.model.recording import Recording
from sim.scenario import load

pytestmark = pytest.mark.property

TABLES = (
    "cases",
    "spells",
    "holdings",
    "visits",
    "reviews",
    "decisions",
    "workers",
    "work",
    "absences",
    "supervisions",
)
ALIVE: dict[str, Any] = {
    "period.end": "2017-01-31",
    "demand.referrals_a_year": 640,  # more than the team has hours for: every response is at work
    "risk": {},
    "practice": {},
    "people.turnover": {"felt_load": {}, "long_stays": {}},
    "people.absence": {"sickness": {"by_load": 0.87}},
    "people.supervision": {},
    "people.differences": {},
    "teams.locality team.workers": [{"count": 6, "cap": 18}, {"count": 2, "cap": 18, "grade": "agency"}],
}
MECHANISMS: dict[str, tuple[Any, Any]] = {
    "practice.under_load": ("none", {"shortest": 1, "closes_early": "0%", "comes_back": 1, "overlooked": "0%"}),
    "practice.juggling": ("none", {"hours_lost": "0%"}),
    "practice.at_ease": ("none", {"sooner": "0%"}),
    "practice.thresholds": ("none", {"turned_away": "0%"}),
    "practice.custom": ("none", {"late_by_load": 0}),
    "practice.hand_over": ("none", {"reading_hours": 0, "first_visit_hours": 0, "trust": "0 working days"}),
    "people.turnover.felt_load": ("none", {"by_load": 0, "unsupervised": 1, "unsettled": 0}),
    "people.turnover.long_stays": ("none", {"share": "0%"}),
    "people.differences": ("none", {"workers": "0%", "managers": "0%"}),
}

SHOWS_WITH: dict[str, dict[str, Any]] = {
    "practice.at_ease": {"practice.usual_load": 3, "practice.usual_load_of_plans": 3},
    "people.turnover.long_stays": {
        "people.turnover.leaving_a_year": {"agency": 8},
        "people.turnover.long_stays": {"share": "95%"},
    },
}
"""What a mechanism that this busy town has no use for needs in order to show."""


def run(changes: dict[str, Any]) -> Recording:
    return simulate(load("tiny", ALIVE | changes).scenario, 1, 0)


def same(first: Recording, second: Recording) -> bool:
    return all(
        np.array_equal(column, getattr(second, table)[name])
        for table in TABLES
        for name, column in getattr(first, table).items()
    )


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_neutral_setting_is_as_good_as_the_off_switch(mechanism: str) -> None:
    off, neutral = MECHANISMS[mechanism]
    assert same(run({mechanism: off}), run({mechanism: neutral}))


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_the_mechanism_is_at_work_in_this_town(mechanism: str) -> None:
    off, _ = MECHANISMS[mechanism]
    more = SHOWS_WITH.get(mechanism, {})
    assert not same(run(more | {mechanism: off}), run(more))
