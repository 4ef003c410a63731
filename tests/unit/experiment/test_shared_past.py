"""Replications that share a past: the same outcomes as one by one, whatever becomes of a copy."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.experiment.running import shared_past
from sim.experiment.running.executor import Processes
from sim.experiment.running.shared_past import families, perform_together
from sim.experiment.running.task import Outcome, Task, perform
from sim.model.service import Service

pytestmark = [
    pytest.mark.unit,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only"),
]

TEAM = {"stages": ["assessment"], "workers": [{"count": 2}], "managers": 1, "start": "2016-05-16"}


@pytest.fixture
def tasks(short: Any, tmp_path: Path) -> Any:
    """The tasks of some replications of a scenario, of one with a team more, and of one with other referrals."""

    def make(replications: int) -> list[Task]:
        loaded = [
            short("as it is"),
            short("more referrals", **{"demand.referrals_a_year": 900}),
            short("a team", **{"teams.visitors": TEAM}),
            short("two teams", **{"teams.visitors": TEAM, "teams.others": TEAM | {"start": "2016-04-25"}}),
        ]
        return [
            Task(position, replication, one.name, one.scenario, 1, tmp_path / f"{position}-{replication}.parquet")
            for replication in range(replications)
            for position, one in enumerate(loaded)
        ]

    return make


def assert_same(found: list[Outcome], expected: list[Outcome]) -> None:
    assert len(found) == len(expected)
    for mine, alone in zip(found, expected, strict=True):
        assert (mine.position, mine.replication, mine.events) == (alone.position, alone.replication, alone.events)
        assert mine.measured is not None
        assert alone.measured is not None
        assert np.array_equal(mine.measured.values, alone.measured.values, equal_nan=True)


def test_those_who_share_a_past_are_one_family(tasks: Any) -> None:
    found = families(tasks(2), workers=2)
    assert [[task.position for task in family.tasks] for family in found] == [[0, 2, 3], [1], [0, 2, 3], [1]]
    assert [str(day) for day, _ in found[0].others] == ["2016-05-16", "2016-04-25"]


def test_too_few_replications_to_go_round_stay_apart(tasks: Any) -> None:
    found = families(tasks(3), workers=2)
    assert [len(family.tasks) for family in found] == [3, 1, 3, 1, 1, 1, 1, 1]


def test_a_past_of_a_few_days_is_not_shared(tasks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_past, "WORTH", 0.4)
    found = families(tasks(1), workers=1)
    assert [[task.position for task in family.tasks] for family in found] == [[0, 2], [1], [3]]


def test_a_service_that_fills_the_memory_is_not_shared(tasks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_past, "LARGEST", 100)
    assert all(not family.others for family in families(tasks(1), workers=1))


def test_a_family_gives_what_its_tasks_give_alone(tasks: Any, tmp_path: Path) -> None:
    mine = tasks(1)
    alone = [perform(task) for task in mine]
    journeys = [(tmp_path / f"{position}-0.parquet").read_bytes() for position in range(4)]
    found = [outcome for family in families(mine, workers=1) for outcome in perform_together(family)]
    assert_same(sorted(found, key=lambda outcome: outcome.position), alone)
    assert [(tmp_path / f"{position}-0.parquet").read_bytes() for position in range(4)] == journeys


def test_processes_share_pasts_and_give_the_same(tasks: Any) -> None:
    mine = tasks(2)
    found = sorted(Processes(2).run(mine), key=lambda outcome: (outcome.replication, outcome.position))
    assert_same(found, [perform(task) for task in mine])


@pytest.mark.parametrize("ending", ["fails", "is killed"])
def test_a_copy_of_which_nothing_comes_is_made_up_for(
    tasks: Any, ending: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    mine = tasks(1)
    alone = [perform(task) for task in mine]
    process = os.getpid()

    def broken(_service: Service, _scenario: Any) -> None:
        assert os.getpid() != process
        if ending == "is killed":
            os._exit(9)
        raise RuntimeError("it broke")

    monkeypatch.setattr(Service, "go_on_as", broken)
    found = [outcome for family in families(mine, workers=1) for outcome in perform_together(family)]
    assert_same(sorted(found, key=lambda outcome: outcome.position), alone)
    assert capfd.readouterr() == ("", "")


def test_an_error_in_the_common_past_is_everybodys(tasks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    family = families(tasks(1), workers=1)[0]

    def broken(_service: Service) -> None:
        raise RuntimeError("it broke")

    monkeypatch.setattr(Service, "begin", broken)
    found = perform_together(family)
    assert [(outcome.position, outcome.error) for outcome in found] == [
        (position, "RuntimeError: it broke") for position in (0, 2, 3)
    ]


def test_two_that_part_on_the_same_day_are_both_copies(short: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    teams = {"teams.visitors": TEAM}
    loaded = [short("as it is"), short("a team", **teams), short("another", **teams | {"title": "Another"})]
    mine = [Task(position, 0, one.name, one.scenario, 1) for position, one in enumerate(loaded)]
    alone = [perform(task) for task in mine]
    monkeypatch.setattr(shared_past, "perform", None)  # nothing is simulated by itself after all
    assert_same(perform_together(families(mine, workers=1)[0]), alone)
