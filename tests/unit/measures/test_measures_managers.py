"""Measures of what waits at managers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from sim.model.recording import DECISIONS

pytestmark = pytest.mark.unit

Start = Callable[..., Any]


def test_each_kind_of_decision_has_a_wait_of_its_own(story: Start) -> None:
    s = story()
    for kind, waits in (("assessment", (2, 8)), ("step_up", (0,)), ("closure", (4,))):
        for wait in waits:
            s.decision(3, 3 + wait, kind=DECISIONS.index(kind), team=1, children=3 if wait == 8 else 1)
    s.decision(3, -1, kind=DECISIONS.index("closure"), children=9)
    m = s.measured()
    assert m.value("decision_wait_assessment_wd") == pytest.approx((2 + 3 * 8) / 4)
    assert m.value("decision_wait_assessment_wd", breakdown="team:plans") == pytest.approx(6.5)
    assert m.value("decision_wait_step_up_wd") == 0
    assert m.value("decision_wait_closure_wd") == 4
    assert math.isnan(m.value("decision_wait_enquiry_wd"))


def test_children_held_by_managers_are_counted_by_the_day(story: Start) -> None:
    s = story()
    horizon = s.calendar.horizon
    s.held_by_managers(0, 10, children=3)
    s.held_by_managers(horizon - 5, -1, team=1)
    s.held_by_managers(4, 6, stage="child_protection", children=2, team=1)
    s.held_by_managers(5, 9, stage="court")
    m = s.measured()
    assert m.value("held_by_managers_mean") == pytest.approx((30 + 5 + 4 + 4) / horizon)
    assert m.value("held_by_managers_mean", breakdown="team:plans") == pytest.approx(9 / horizon)
    assert m.value("statutory_unallocated_child_days") == 8
    assert m.value("statutory_unallocated_child_days", breakdown="team:plans") == 4
    assert m.value("allocation_blocked_days") == 5
