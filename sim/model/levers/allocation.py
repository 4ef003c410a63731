"""Levers on allocation: the caps on caseloads, and the order of the queues."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.model.engine.event import Phase
from sim.scenario.sections.levers import CapChange, PolicyChange

if TYPE_CHECKING:
    from sim.model.allocation.queues import Queues
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.team import Teams
    from sim.model.workforce.worker import Worker
    from sim.model.world import World


class Caps:
    """Lever `cap`: each worker's cap with the levers that hold today.

    It may set caps through the workforce, and asks all queues for a pass.
    """

    def __init__(self, world: World, teams: Teams, queues: Queues, workforce: Workforce) -> None:
        self._world = world
        self._teams = teams
        self._queues = queues
        self._workforce = workforce
        self._holding: list[CapChange] = []

    def schedule(self, order: int) -> None:
        """Set the dates of every cap change; `order` is their place among the day's staff changes."""
        index = self._world.calendar.index
        for lever in self._world.scenario.levers_of(CapChange):
            at = partial(self._world.clock.at, phase=Phase.STAFF, number=order)
            at(index(lever.at), function=partial(self._begin, lever))
            if lever.until is not None:
                at(index(lever.until), function=partial(self._end, lever))

    def of(self, worker: Worker, learning: float) -> float:
        """Children whom a worker may hold today.

        Args:
            learning: children whom a newly qualified worker may hold so far (infinite for everybody else). A lever for
                that grade by name replaces it; one for the whole team only replaces the cap that the scenario gave.
        """
        for lever in reversed(self._holding):
            if lever.team == worker.team.name and lever.grade in (None, worker.grade):
                cap = lever.cap * worker.fte
                return cap if lever.grade is not None else min(cap, learning)
        return min(worker.given_cap, learning)

    def _begin(self, lever: CapChange) -> None:
        self._holding.append(lever)
        self._apply(lever)

    def _end(self, lever: CapChange) -> None:
        self._holding.remove(lever)
        self._apply(lever)

    def _apply(self, lever: CapChange) -> None:
        for worker in self._teams.named(lever.team).workers:
            self._workforce.set_cap(worker)
        for pool in self._queues.pools:
            pool.request_pass()


def schedule_policy_changes(world: World, queues: Queues, order: int) -> None:
    """Lever `allocation_policy`: set the dates on which the queues change their order.

    `order`: place among the day's staff changes. It touches all queues.
    """
    for lever in world.scenario.levers_of(PolicyChange):
        at = partial(world.clock.at, phase=Phase.STAFF, number=order)
        at(world.calendar.index(lever.at), function=partial(_change, queues, lever.policy))
        if lever.until is not None:
            before = world.scenario.allocation.policy
            at(world.calendar.index(lever.until), function=partial(_change, queues, before))


def _change(queues: Queues, policy: str) -> None:
    for pool in queues.pools:
        pool.change_policy(policy)
