"""Every lever that a scenario can name is in the registry once, with a module that knows it."""

from __future__ import annotations

from importlib import import_module
from typing import get_args

import pytest

from sim.model.engine.event import Phase
from sim.scenario.reading.loader import load
from sim.scenario.sections.dated_lever import DatedLever
from sim.scenario.sections.levers import LEVERS, CapChange, Lever, ReferralSurge

pytestmark = pytest.mark.unit

LEVER_CLASSES = get_args(get_args(Lever)[0])


def test_a_scenario_accepts_each_lever_of_the_registry_and_no_other() -> None:
    assert len(LEVERS) == len(set(LEVERS))
    assert set(get_args(get_args(Lever)[0])) == set(LEVERS) == set(DatedLever.__subclasses__())


@pytest.mark.parametrize("kind", LEVERS, ids=lambda kind: kind.__name__)
def test_the_module_of_each_lever_knows_its_words(kind: type[DatedLever]) -> None:
    assert kind.touches
    module = import_module(kind.module)
    assert getattr(module, kind.__name__) is kind
    phases = [word.strip("();,.") for word in kind.applies.split() if word.strip("();,.").isupper()]
    assert all(phase in Phase.__members__ for phase in phases)


def test_levers_are_looked_up_by_kind_in_order() -> None:
    surge = {"lever": "referral_surge", "at": "2016-06-01", "size": 0.2}
    cap = {"lever": "cap", "at": "2016-06-01", "team": "locality team", "cap": 10}
    scenario = load("tiny", {"levers": [surge, cap, surge | {"at": "2016-07-01"}]}).scenario
    assert [lever.at.month for lever in scenario.levers_of(ReferralSurge)] == [6, 7]
    assert [place for place, _ in scenario.numbered_levers_of(ReferralSurge)] == [0, 2]
    assert [lever.cap for lever in scenario.levers_of(CapChange)] == [10]
