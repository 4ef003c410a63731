"""Lever: the cap on a team's caseloads changes, for all of its workers or one grade."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.model.engine.event import Phase
from sim.scenario.sections.levers import CapChange

if TYPE_CHECKING:
    from sim.model.service import Service
    from sim.model.workforce.worker import Worker


class Caps:
    """The caps of a service: what each worker's is, with the levers that hold today."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._holding: list[CapChange] = []

    def schedule(self, order: int) -> None:
        """Set the dates of every cap change; `order` is their place among the day's staff changes."""
        service = self._service
        for lever in service.scenario.levers:
            if isinstance(lever, CapChange):
                at = partial(service.clock.at, phase=Phase.STAFF, number=order)
                at(service.calendar.index(lever.at), function=partial(self._begin, lever))
                if lever.until is not None:
                    at(service.calendar.index(lever.until), function=partial(self._end, lever))

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
        service = self._service
        for worker in service.team(lever.team).workers:
            service.workforce.set_cap(worker)
        for pool in service.pools:
            pool.request_pass()
