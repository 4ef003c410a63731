"""The queue parts of the model against a slow textbook version: one log, to the last bit.

The textbook version is what an introduction to SimPy shows: a process for each case and a `PriorityResource`. The
model's version is its allocation queue and its workers, put together without the rest of the service.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import simpy

from sim.model.allocation import Pool, Waiting
from sim.model.cases.case import Case, Spell
from sim.model.engine.clock import Clock
from sim.model.engine.event import Phase
from sim.model.pace import Milestone
from sim.model.recording import Recorder
from sim.model.workforce.manager import ManagerDesk
from sim.model.workforce.team import Team
from sim.model.workforce.worker import Worker
from sim.scenario.sections.workforce import Workers
from sim.streams import CaseDraws, Streams

pytestmark = pytest.mark.golden

ASSESSMENT = 1
GRID = 2.0**24
"""Times are whole multiples of 1/GRID working days, so that sums of them are exact and the logs can be equal."""


@dataclass(frozen=True)
class Customer:
    """A case of the test: when it comes, how urgent its need is, how much work it is."""

    number: int
    arrival: float
    need: int
    work: float


Log = dict[int, tuple[float, float]]
"""Start and end of each case."""


def customers(seed: int, count: int, load: float, workers: int) -> list[Customer]:
    generator = np.random.default_rng(seed)
    gaps = np.round(generator.exponential(1.0 / (load * workers), count) * GRID) / GRID
    work = np.round(generator.lognormal(-0.5, 1.0, count) * GRID) / GRID
    needs = generator.choice([1, 2, 3, 4], count, p=[0.4, 0.3, 0.2, 0.1])
    arrivals = np.cumsum(gaps)
    assert len(np.unique(arrivals)) == count
    return [
        Customer(number, *row)
        for number, row in enumerate(zip(arrivals.tolist(), needs.tolist(), work.tolist(), strict=True))
    ]


def textbook(cases: list[Customer], workers: int) -> Log:
    """A process for each case; the resource serves the greatest need first, then whoever asked first."""
    env = simpy.Environment()
    staff = simpy.PriorityResource(env, workers)
    log: Log = {}

    def journey(case: Customer) -> Generator[simpy.Event, Any, None]:
        yield env.timeout(case.arrival)
        with staff.request(priority=-case.need) as turn:
            yield turn
            start = env.now
            yield env.timeout(case.work)
        log[case.number] = (start, env.now)

    for case in cases:
        env.process(journey(case))
    env.run()
    return log


def model(cases: list[Customer], workers: int) -> Log:
    """The same on the model's allocation queue, with workers who hold one child at a time."""
    draws = Streams(1, 0).batch(0, cases=1)  # a case needs draws of its own; nothing here uses them
    clock = Clock(whole_days=False)
    team = Team(0, "assessment", frozenset({ASSESSMENT}), None)
    team.desk = ManagerDesk(team, 0, None, clock, Recorder(keep=False))
    team.workers = [
        Worker(n, team, Workers(count=1, cap=1, cap_policy="strict"), 27.0, None, clock) for n in range(workers)
    ]
    team.in_post = list(team.workers)
    for worker in team.workers:
        worker.in_post = True
        worker.reckon()
    log: Log = {}
    started: dict[int, float] = {}

    def allocate(waiting: Waiting, worker: Worker) -> None:
        case = waiting.case
        spell = Spell(case, ASSESSMENT, case.referred, case.referred)
        spell.routine = 3.5
        started[case.key] = clock.now
        milestone = Milestone(spell, cases[case.key].work, lambda spell, _at: done(spell, worker), relief=3.5)
        spell.milestones.append(milestone)
        worker.hold(case)
        worker.change(0.0, spell.routine)
        worker.carry([milestone])

    def done(spell: Spell, worker: Worker) -> None:
        log[spell.case.key] = (started[spell.case.key], clock.now)
        worker.let_go(spell.case)
        pool.request_pass()

    def arrive(customer: Customer) -> None:
        case = Case(customer.number, 1, 0, customer.need, int(clock.now), CaseDraws(draws, 0))
        pool.join(Waiting(case, ASSESSMENT, False, clock.today, 0))

    pool = Pool(0, [team], "need_first", 5.0, clock, allocate)
    for customer in cases:
        clock.at(customer.arrival, Phase.ARRIVALS, customer.number, lambda customer=customer: arrive(customer))
    clock.run(10**6)
    return log


@pytest.mark.parametrize(("seed", "workers", "load"), [(1, 1, 0.7), (2, 3, 0.9), (3, 12, 0.95), (4, 5, 1.1)])
def test_the_model_and_the_textbook_write_the_same_log(seed: int, workers: int, load: float) -> None:
    cases = customers(seed, 1500, load, workers)
    expected = textbook(cases, workers)
    found = model(cases, workers)
    assert len(expected) == len(cases)
    # The test means something only if many cases wait, and waiting cases are passed by later ones in greater need.
    waited = [case for case in cases if expected[case.number][0] > case.arrival]
    assert len(waited) > 300
    assert any(expected[a.number][0] > expected[b.number][0] for a, b in pairwise(waited))
    assert found == expected
