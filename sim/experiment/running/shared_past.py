"""Replications of scenarios that share their past: what lies before they part is simulated once.

A worker process simulates the scenario that the others grow from. On the morning of the day on which another parts from
it, the process is forked: its copy goes on as the other scenario, and hands back what it recorded. Each outcome is what
the task gives by itself, to the last bit, so that sharing or not is a matter of time only.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Final

from sim.calendar import calendar_of
from sim.experiment.running.task import Outcome, Task, collecting_afterwards, measured, perform
from sim.scenario.shared_past import shared_until

if TYPE_CHECKING:
    from sim.model.recording import Recording
    from sim.model.service import Service

__all__ = ["Family", "families", "go_with_the_first", "perform_together"]

FORKS: Final = sys.platform == "linux"
"""Where a copy of a process costs next to nothing, and is safe."""
WORTH: Final = 0.05
"""Share of the period that has to be common for a fork to be worth its while."""
LARGEST: Final = 100_000
"""Children referred a year beyond which nothing is shared: while a copy runs, a worker holds the service twice."""


@dataclass(frozen=True)
class Family:
    """A task, and those that part from it, each with the date on which it does."""

    first: Task
    others: list[tuple[date, Task]] = field(default_factory=list)

    @property
    def tasks(self) -> list[Task]:
        """All of them."""
        return [self.first, *(task for _, task in self.others)]


def families(tasks: Sequence[Task], workers: int) -> list[Family]:
    """Put together the tasks of each replication that share a past, in the order of their first.

    The last replications, too few to keep all workers busy if each were one family, stay apart.
    """
    by_replication: dict[tuple[int, int], list[Task]] = {}
    for task in tasks:
        by_replication.setdefault((task.seed, task.replication), []).append(task)
    shared = len(by_replication) - len(by_replication) % max(workers, 1)
    known: dict[tuple[int, int], date | None] = {}
    related: list[Family] = []
    for number, mine in enumerate(by_replication.values()):
        if number < shared and FORKS and len(mine) > 1:
            related += _related(mine, known)
        else:
            related += [Family(task) for task in mine]
    return related


def _related(tasks: list[Task], known: dict[tuple[int, int], date | None]) -> list[Family]:
    related: dict[int, Family] = {}
    for task in sorted(tasks, key=lambda task: len(task.scenario.teams)):
        for family in related.values():
            pair = id(family.first.scenario), id(task.scenario)
            if pair not in known:
                known[pair] = _last_day_shared(family.first, task)
            day = known[pair]
            if day is not None:
                family.others.append((day, task))
                break
        else:
            related[tasks.index(task)] = Family(task)
    return [family for _, family in sorted(related.items())]


def _last_day_shared(first: Task, other: Task) -> date | None:
    """The date on which a task may part from another, where it is worth while to share what lies before."""
    if first.simulate is not None or other.simulate is not None:
        return None
    if (first.scenario.demand.referrals_a_year or 0.0) > LARGEST:
        return None
    period = first.scenario.period
    day = shared_until(first.scenario, other.scenario)
    worth = period.start + timedelta(days=round(WORTH * (period.end - period.start).days))
    return day if day is not None and worth <= day <= period.end else None


def perform_together(family: Family) -> list[Outcome]:
    """Perform the tasks of a family, in the order of `Family.tasks`; an error becomes a failed outcome."""
    if not family.others:
        return [perform(family.first)]
    outcomes: dict[int, Outcome] = {}
    with collecting_afterwards():
        try:
            _perform(family, outcomes)
        except Exception:
            # Whatever it was: each of those left by itself says it of itself, or has an outcome after all.
            gc.collect()
    return [outcomes[id(task)] if id(task) in outcomes else perform(task) for task in family.tasks]


def _perform(family: Family, outcomes: dict[int, Outcome]) -> None:
    from sim.model.service import Service

    first, period = family.first, family.first.scenario.period
    calendar = calendar_of(period.start, period.end)
    began = time.perf_counter()
    service = Service(first.scenario, first.seed, first.replication, True)
    service.begin()
    for day, task in sorted(family.others, key=lambda other: other[0]):
        service.run_until(calendar.index(day))
        forked = time.perf_counter()
        recording = _of_a_copy(service, task)
        if recording is not None:
            outcomes[id(task)] = measured(task, recording, forked)
    outcomes[id(first)] = measured(first, service.go_on(), began)


def _of_a_copy(service: Service, task: Task) -> Recording | None:
    """What a copy of the service records that goes on as a task's scenario; None when nothing came of it."""
    from sim.model.recording import Recording

    fork = multiprocessing.get_context("fork")
    receiving, sending = fork.Pipe(duplex=False)
    copy = fork.Process(target=_go_on, args=(service, task, sending))
    copy.start()
    sending.close()
    try:
        recorded = receiving.recv()
    except EOFError:
        return None  # the copy failed, or was ended
    finally:
        receiving.close()
        copy.join()
    return Recording(**recorded)


def _go_on(service: Service, task: Task, sending: Connection) -> None:
    """Go on as a task's scenario, in a process of one's own; nobody reads what it would say of an error."""
    threading.Thread(target=go_with_the_first, daemon=True).start()
    try:
        service.go_on_as(task.scenario)
        recording = service.go_on()
        # Its parts, not the whole: compiled, it cannot be made from what pickle keeps of it.
        sending.send({first.name: getattr(recording, first.name) for first in fields(recording)})
        sending.close()
    finally:
        os._exit(0)  # without taking down what the run has made


def go_with_the_first() -> None:
    """Wait until the process that asked for this one has ended, by whatever end, and end too: nobody takes outcomes."""
    first = multiprocessing.parent_process()
    if first is not None:
        first.join()
        os._exit(1)
