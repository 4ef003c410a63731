"""The calendar against SimPy's own heap: the same events in the same order."""

from __future__ import annotations

from collections.abc import Generator
from random import Random
from typing import Any

import pytest
import simpy
from simpy.core import EmptySchedule

from sim.model.engine.clock import Clock
from sim.model.engine.event import Phase
from sim.model.engine.event_list import CalendarEnvironment

pytestmark = pytest.mark.unit


def busy(env: simpy.Environment, seed: int) -> list[tuple[float, int]]:
    """Processes that wait, interrupt each other, share a resource and start others; what happened when."""
    chance = Random(seed)
    log: list[tuple[float, int]] = []
    desk = simpy.PriorityResource(env, 2)
    started: list[simpy.Process] = []

    def one(number: int) -> Generator[simpy.Event, Any, None]:
        for _ in range(chance.randrange(6)):
            try:
                # Whole, half and equal times: most of what happens ties with something else.
                yield env.timeout(chance.choice([0, 0.5, 1, 1, 2, 7.25, 40]))
            except simpy.Interrupt:
                log.append((env.now, -number))
            with desk.request(priority=chance.randrange(3)) as turn:
                try:
                    yield turn | env.timeout(chance.choice([0, 1, 3]))
                except simpy.Interrupt:
                    log.append((env.now, -number))
            log.append((env.now, number))
            if len(started) < 120:
                started.append(env.process(one(len(started))))
            other = chance.choice(started)
            if other.is_alive and other is not env.active_process and chance.random() < 0.2:
                other.interrupt()

    started.extend(env.process(one(number)) for number in range(20))
    return log


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("made", [CalendarEnvironment, Clock])
def test_the_calendar_keeps_the_order_of_simpy(made: type[simpy.Environment], seed: int) -> None:
    stock, calendar = simpy.Environment(), made()
    expected, found = busy(stock, seed), busy(calendar, seed)
    for until in (0.5, 3, 3.5, 11, 100):  # the open day is kept from one run to the next
        stock.run(until=until)
        calendar.run(until=until)
        assert stock.now == calendar.now
        assert stock.peek() == calendar.peek()
    assert found == expected
    assert len(expected) > 100


def test_what_is_put_off_for_ever_comes_last() -> None:
    env = CalendarEnvironment()
    log: list[str] = []
    for delay, name in ((float("inf"), "never"), (1e6, "late"), (2, "soon")):
        env.timeout(delay).callbacks.append(lambda _event, name=name: log.append(name))  # type: ignore[union-attr]
    assert env.pending() == 3
    env.run(until=1e7)
    assert log == ["soon", "late"]
    env.run()
    assert log == ["soon", "late", "never"]


def test_an_empty_calendar_says_so() -> None:
    env = CalendarEnvironment()
    assert env.peek() == float("inf")
    with pytest.raises(EmptySchedule):
        env.step()


def test_occurrences_and_processes_share_the_clock() -> None:
    clock = Clock()
    log: list[tuple[float, str]] = []

    def process() -> Generator[simpy.Event, Any, None]:
        while True:
            yield clock.timeout(2)
            log.append((clock.now, "process"))

    clock.process(process())
    for day in (1, 2, 5):
        clock.at(day, Phase.MANAGERS, 0, lambda: log.append((clock.now, "occurrence")))
    clock.run(6)
    # A process of SimPy's has a low priority number: it comes before the day's phases.
    assert log == [
        (1, "occurrence"), (2, "process"), (2, "occurrence"), (4, "process"), (5, "occurrence"),
    ]  # fmt: skip
    assert clock.now == 6
    assert clock.phase == 0


def test_the_phases_of_a_day_come_in_order_and_then_by_number() -> None:
    clock = Clock()
    log: list[tuple[int, int]] = []
    for phase, number in ((Phase.ALLOCATION, 1), (Phase.STAFF, 9), (Phase.MANAGERS, 4), (Phase.STAFF, 2)):
        clock.at(3, phase, number, lambda phase=phase, number=number: log.append((phase, number)))
    clock.run(4)
    assert log == [(Phase.STAFF, 2), (Phase.STAFF, 9), (Phase.MANAGERS, 4), (Phase.ALLOCATION, 1)]
