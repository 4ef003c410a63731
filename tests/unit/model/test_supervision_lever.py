"""The lever on supervision needs supervision to be simulated."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario.errors.problems import ScenarioError

pytestmark = pytest.mark.unit


def test_the_lever_without_supervision_is_refused(town: Any) -> None:
    lever = {"lever": "supervision", "at": "2016-09-01", "every": "2 weeks"}
    with pytest.raises(ScenarioError, match="changes what is not simulated"):
        town.scenario({"levers": [lever]})
    assert town.scenario({"levers": [lever], "people.supervision": {}}).levers


@pytest.mark.parametrize("change", [{"every": {"nqsw": "2 weeks"}}, {"newly_qualified": {}}, {"every": {"senior": 0}}])
def test_a_cadence_that_makes_no_sense_is_refused(town: Any, change: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match="supervision"):
        town.scenario({"people.supervision": change})


def test_grades_that_are_not_named_keep_four_weeks(town: Any) -> None:
    every = town.scenario({"people.supervision": {"every": {"senior": "2 weeks"}}}).people.supervision.every
    assert {grade: duration.working_days for grade, duration in every.items()} == {
        "social_worker": 20,
        "senior": 10,
        "agency": 20,
    }
