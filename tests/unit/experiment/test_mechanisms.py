"""Mechanisms switched off in scenarios that have them."""

from __future__ import annotations

import pytest

from sim.experiment.errors import RunError
from sim.experiment.running.options import RunOptions
from sim.experiment.studies.causes import contributions, planned, table
from sim.experiment.studies.mechanisms import MECHANISMS, mechanisms_of, without
from sim.report.waiting.contributions import lines
from sim.scenario.reading.loader import load

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "name", ["tiny", "croydon-surge", "wirral-base", "rutland-stricter-sign-off", "surrey-nqsw-40"]
)
def test_each_mechanism_of_a_scenario_can_be_switched_off_and_is_then_gone(name: str) -> None:
    loaded = load(name)
    mechanisms = mechanisms_of(loaded)
    assert len(mechanisms) >= 5
    for mechanism in mechanisms:
        changed = without(loaded, [mechanism])
        assert changed.content_hash != loaded.content_hash
        gone = [each.name for each in MECHANISMS if each in mechanisms and not each.needs(changed.resolved)]
        # Customary dates stay in the file: what is switched off is that assessments wait for them.
        assert mechanism.name in (*gone, "custom")
    without(loaded, mechanisms)


def test_hand_offs_off_lets_every_team_serve_every_stage() -> None:
    loaded = load("wirral-base")
    hand_offs = mechanisms_of(loaded, ["hand_offs"])
    teams = without(loaded, hand_offs).scenario.teams
    served = {frozenset(team.stages) for name, team in teams.items() if name != "front door"}
    assert len(served) == 1


@pytest.mark.parametrize(
    ("names", "message"),
    [(["cap"], "there is no mechanism 'cap'; there are surge, caps"), (["surge"], "tiny has no mechanism surge")],
)
def test_a_mechanism_that_is_not_there_is_named(names: list[str], message: str) -> None:
    with pytest.raises(RunError, match=message):
        mechanisms_of(load("tiny"), names)


def test_shares_add_up_to_the_whole() -> None:
    plan = planned(load("tiny", {"period.end": "2016-12-30"}), ["caps", "decisions"])
    assert "all 4 settings of 2 mechanisms: 8 runs, 2 of each" in plan.words(2)
    options = RunOptions(replications=2, workers=1, measures=("delay_child_days",))
    found, runs = contributions(plan, options)
    rows = table(plan, found)
    assert len(runs) == 4 * 2
    assert rows["share"].sum() == pytest.approx(1.0)
    assert rows["mechanism"].tolist() == ["caps", "decisions", "rest"]
    text = "\n".join(lines(plan, found, 2))
    assert "Full caps" in text
    assert "None of these" in text
