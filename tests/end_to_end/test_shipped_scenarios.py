"""Every scenario that comes with the product loads, says what it asks, and runs for a few months."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from sim.experiment.running.task import Task, perform
from sim.scenario.reading.loader import load
from sim.scenario.reading.shipped import find, names
from sim.scenario.schema import RunPeriod, Scenario

pytestmark = pytest.mark.end_to_end

WITHOUT_OPENING_LINES = ("tiny", "checks/")
BEFORE, AFTER = timedelta(days=45), timedelta(days=150)
"""Calendar days run before the scenario's first change and after it."""


def file_of(name: str) -> Path:
    found = find(name)
    assert found is not None
    return found


def shortened(scenario: Scenario) -> Scenario:
    """The scenario for some months around its first change, so that a lever or a team is at work in them."""
    start, end = scenario.period.start, scenario.period.end
    dates = [lever.at for lever in scenario.levers]
    dates += [team.start for team in scenario.teams.values() if team.start is not None]
    later = [day for day in dates if start < day <= end]
    first = min(later, default=start)
    # The month's first day: a month that is listed in full is then run in full.
    begin = max(start, (first - BEFORE).replace(day=1))
    until = min(end, first + AFTER)
    levers = [lever for lever in scenario.levers if lever.at <= until]
    return scenario.model_copy(update={"period": RunPeriod(start=begin, end=until), "levers": levers})


def test_the_folder_is_found() -> None:
    assert {"tiny", "croydon-2017", "checks/mmc"} <= set(names())


@pytest.mark.parametrize("name", names())
def test_a_shipped_scenario_says_what_it_asks_and_runs(name: str) -> None:
    if not name.startswith(WITHOUT_OPENING_LINES):
        first, second = file_of(name).read_text(encoding="utf-8").splitlines()[:2]
        assert first.startswith("# Question: ")
        assert first.rstrip().endswith("?")
        assert second.startswith("# Look at: ")
    scenario = load(name).scenario
    assert scenario.question.rstrip().endswith("?")
    brief = shortened(scenario)
    outcome = perform(Task(0, 0, name, brief, seed=1))
    assert outcome.error is None, outcome.trace
    assert outcome.measured is not None
    assert outcome.events > 0


def test_the_months_run_hold_the_first_change() -> None:
    scenario = load("croydon-surge").scenario
    brief = shortened(scenario)
    first = min(lever.at for lever in scenario.levers)
    assert brief.period.start < first < brief.period.end
    assert brief.period.start > date(2017, 4, 1)
    assert any(lever.at == first for lever in brief.levers)
