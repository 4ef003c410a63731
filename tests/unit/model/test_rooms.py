"""The heaps of a pass against a look at every worker each time."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from sim.model.allocation.rooms import Rooms, least_full

pytestmark = pytest.mark.unit


def workers(chance: Random, many: int) -> list[Any]:
    teams = [object(), object(), object()]
    made = []
    for number in range(many):
        cap = chance.choice([0.0, 4.0, 7.5, 12.0, 15.0, float("inf")])
        made.append(
            SimpleNamespace(
                number=number,
                team=chance.choice(teams),
                grade=chance.choice(["senior", "agency", "nqsw"]),
                cap=cap,
                strict=chance.random() < 0.7,
            )
        )
        hold(made[-1], chance.randrange(1 + min(15, int(min(cap, 15)))))
    return made


def hold(worker: Any, load: int) -> None:
    worker.load = load
    worker.room = worker.cap - load
    worker.fullness = load / worker.cap if 0 < worker.cap < float("inf") else load / 1e6 if worker.cap else 1e6 + load


def looked_through(those: list[Any], children: int, urgent: bool) -> Any:
    chosen, least = None, float("inf")
    for worker in those:
        if worker.fullness < least and (children <= worker.room or (urgent and not worker.strict)):
            chosen, least = worker, worker.fullness
    return chosen


@pytest.mark.parametrize("seed", range(40))
def test_the_same_worker_is_chosen(seed: int) -> None:
    chance = Random(seed)
    those = workers(chance, chance.randrange(1, 40))
    rooms = Rooms(those)
    nobody = 0
    for _ in range(120):
        children, urgent = chance.randrange(1, 7), chance.random() < 0.2
        expected = looked_through(those, children, urgent)
        assert rooms.least_loaded(children, urgent) is expected
        for grade in ("senior", "agency", "nqsw", "social_worker"):
            alike = [worker for worker in those if worker.grade == grade]
            of_grade = rooms.of_grade(grade)
            found = None if of_grade is None else of_grade.least_loaded(children, urgent)
            assert found is looked_through(alike, children, urgent)
        assert rooms.most() == max((worker.room for worker in those), default=float("-inf"))
        if expected is None:
            nobody += 1
        else:
            hold(expected, expected.load + children)
        if those and chance.random() < 0.2:
            sender = chance.choice(those)
            hold(sender, chance.randrange(sender.load + 1))
            rooms.emptied(sender)
    assert nobody or any(worker.cap == float("inf") for worker in those)


@pytest.mark.parametrize("seed", range(10))
def test_the_least_full_is_chosen_whatever_room_there_is(seed: int) -> None:
    those = workers(Random(seed), 12)
    assert least_full(those) is min(those, key=lambda worker: (worker.fullness, worker.number))
    assert least_full([]) is None


def test_a_worker_of_another_queue_changes_nothing() -> None:
    one = SimpleNamespace(number=1, team=object(), cap=2.0, strict=True)
    other = SimpleNamespace(number=2, team=object(), cap=9.0, strict=True)
    hold(one, 1)
    hold(other, 0)
    rooms = Rooms([one])  # type: ignore[list-item]
    rooms.emptied(other)  # type: ignore[arg-type]
    assert one in rooms
    assert other not in rooms
    assert rooms.least_loaded(2, urgent=False) is None
    assert rooms.least_loaded(1, urgent=False) is one
