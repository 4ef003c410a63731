"""What a scenario takes off twice is said once, with the figure that is right."""

from __future__ import annotations

from typing import Any

import pytest

from sim.experiment.load_forecast import forecast
from sim.scenario.counted_twice import counted_twice, share_at_work

pytestmark = pytest.mark.unit


def test_share_at_work(town: Any) -> None:
    assert share_at_work(town.scenario()) == 1
    # 253 working days less 27 of leave and 3% (7.59) of sickness.
    assert share_at_work(town.scenario({"people.absence": {}})) == pytest.approx(218.41 / 253)
    assert share_at_work(town.scenario({"people.absence": {"sickness": "none"}})) == pytest.approx(226 / 253)


def test_the_rough_load_is_of_the_hours_at_work(town: Any) -> None:
    away = {"people.absence": {}, "pace.hours_a_week": 27 * 253 / 218.41}
    there, here = (forecast(town.scenario(changes)).teams for changes in ({}, away))
    assert [team.available for team in here] == pytest.approx([team.available for team in there])


def test_nothing_is_said_where_nothing_is_counted_twice(town: Any) -> None:
    assert counted_twice(town.scenario()) == ()
    right = {
        "people.absence": {},
        "people.supervision": {},
        "pace.hours_a_week": 31.7,
        "sign_off.hours_lost_per_worker": 1.1,
    }
    assert counted_twice(town.scenario(right)) == ()
    without = {"people.absence": {}, "people.supervision": {}, "pace": "off", "sign_off": "none"}
    assert counted_twice(town.scenario(without)) == ()


def test_the_right_figure_is_named(town: Any) -> None:
    hours, lost = counted_twice(town.scenario({"people.absence": {}, "people.supervision": {}}))
    assert "pace.hours_a_week is 27" in hours
    assert "31.3 hours of a week at work" in hours
    assert lost.endswith("hours_lost_per_worker is 1.5, which contains supervision: set it to 1.1")
    assert counted_twice(town.scenario({"people.supervision": {"manager_hours": 0}})) == ()


def test_it_is_among_the_warnings_of_a_run(town: Any) -> None:
    recording = town.recording({"period.end": "2016-05-31", "people.absence": {}})
    assert [warning for warning in recording.warnings if "pace.hours_a_week" in warning]
