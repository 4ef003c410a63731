"""Time and memory before a run, and whether a replication can be set up."""

from __future__ import annotations

import pytest

import sim
from sim.experiment.cost import SET_UP_AT_MOST, cost_of, set_up_once

pytestmark = pytest.mark.unit


def test_cost_grows_with_replications_and_shrinks_with_processes() -> None:
    scenario = sim.load("croydon-2017").scenario
    alone, ten, shared = cost_of(scenario, 1), cost_of(scenario, 10), cost_of(scenario, 10, 2)
    assert ten.seconds == pytest.approx(10 * alone.seconds)
    assert shared.seconds == pytest.approx(5 * alone.seconds)
    assert (ten.memory, shared.memory) == (alone.memory, 2 * alone.memory)


def test_only_a_long_or_large_run_asks() -> None:
    assert cost_of(sim.load("tiny").scenario, 10).too_much == ""
    assert "takes about" in cost_of(sim.load("croydon-2017").scenario, 10_000).too_much


def test_one_replication_is_set_up_unless_it_opens_with_too_many_children() -> None:
    assert set_up_once(sim.load("tiny").scenario)
    assert not set_up_once(sim.load("tiny", opening__child_in_need__children=SET_UP_AT_MOST + 1).scenario)
