"""A new scenario is sound, says what was asked for, and every default can be written out."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import sim
from sim.scenario.doubts import doubts_of
from sim.scenario.errors.problems import ScenarioError
from sim.scenario.new_scenario import COUNCILS, Answers, new
from sim.scenario.reading import shipped
from sim.scenario.reading.written_out import written_out
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("council", COUNCILS)
def test_every_answer_is_in_the_scenario(tmp_path: Path, council: str) -> None:
    answers = Answers(council, referrals=2000, workers=40, newly_qualified=6, cap=16, surge=0.5)
    loaded = sim.load(new("2024", answers, tmp_path))
    scenario = loaded.scenario
    groups = [group for team in scenario.teams.values() if team.stages != ["front_door"] for group in team.workers]
    assert scenario.demand.referrals_a_year == 2000
    assert sum(group.count for group in groups) == 40
    assert sum(group.count for group in groups if group.grade == "nqsw") == 6
    assert {group.cap for group in groups} == {16}
    (surge,) = scenario.levers
    assert surge.size == 0.5  # type: ignore[union-attr]
    assert scenario.people.newly_qualified != "none"
    assert [str(doubt) for doubt in doubts_of(loaded)] == []


def test_without_answers_it_is_the_council_as_it_is(tmp_path: Path) -> None:
    scenario = sim.load(new("mine", Answers("rutland"), tmp_path)).scenario
    assert scenario.teams == sim.load("rutland-base").scenario.teams


@pytest.mark.parametrize(
    ("name", "answers", "message"),
    [
        ("../x", Answers(), "is not a name for a scenario"),
        ("mine", Answers("croyden"), "did you mean 'croydon'?"),
        ("mine", Answers(workers=3, newly_qualified=4), "4 newly qualified are more than the 3 workers"),
        ("mine", Answers(cap=1), "raise a cap"),
    ],
)
def test_what_does_not_go_together_writes_nothing(tmp_path: Path, name: str, answers: Answers, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        new(name, answers, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("mine")
    with pytest.raises(ScenarioError, match="this file is there already"):
        new("mine", folder=tmp_path)
    assert (tmp_path / "mine.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["tiny", "croydon-all-together", "surrey-case-review", "checks/mmc"])
def test_a_scenario_written_out_is_the_same_scenario(name: str) -> None:
    assert name in shipped.names()
    scenario = sim.load(name).scenario
    assert Scenario.model_validate(yaml.safe_load(yaml.safe_dump(written_out(scenario), sort_keys=False))) == scenario
