"""What a service is made short of is what more of its child-days are for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.measures.waiting.causes import CAUSE_NAMES, code
from sim.measures.waiting.days import cause_days

pytestmark = pytest.mark.direction

WORKERS = ("cap_full", "nobody_at_work", "group_too_large", "not_allocated")
SLOTS = ("conference", "panel", "solicitor", "hearing")
RUNS = 2
LATE = ["child_in_need", "child_protection", "pre_proceedings", "court"]
HALF = {"workers": [{"count": 4, "cap": 18}], "managers": 0.65, "background_hours_a_week": 0}


def child_days(town: Any, changes: dict[str, Any], causes: tuple[str, ...]) -> float:
    """Child-days of some causes in all stages, runs together."""
    days = np.zeros(len(CAUSE_NAMES))
    for replication in range(RUNS):
        found = cause_days(town.recording(changes, replication=replication))
        assert found is not None
        days += np.bincount(found.cause, found.days * found.children, len(days))
    return float(days[[code(name) for name in causes]].sum())


@pytest.mark.parametrize(
    ("changes", "causes", "than"),
    [
        pytest.param(
            {"levers": [{"lever": "referral_surge", "at": "2016-06-01", "size": "60%", "ramp": "1 months"}]},
            WORKERS, {}, id="under the surge more days are for a worker",
        ),
        pytest.param(
            {"capacities.conference_slots_a_week": 1, "capacities.conference_session_slots": 1},
            SLOTS, {}, id="with fewer slots more days are for a slot",
        ),
        pytest.param(
            {
                "teams.locality team": HALF | {"stages": LATE},
                "teams.assessment": HALF | {"stages": ["assessment", "section_47"]},
            },
            ("transfer",), {}, id="with hand-offs more days are for a transfer",
        ),
        pytest.param(
            {"teams.locality team.managers": 8 / 15},
            ("decision",), {"teams.locality team.managers": 8 / 6}, id="with spans of 15 more days are for a decision",
        ),
        pytest.param(
            {"people.absence": {"sickness": {"share": "8%"}}},
            ("absence",), {}, id="with workers away more days are for an absent worker",
        ),
    ],
)  # fmt: skip
def test_more_days_are_for_what_is_short(
    town: Any, changes: dict[str, Any], causes: tuple[str, ...], than: dict[str, Any]
) -> None:
    assert child_days(town, changes, causes) > child_days(town, than, causes)
