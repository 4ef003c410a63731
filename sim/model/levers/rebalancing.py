"""Lever: held cases are shared out anew, so that joiners (or the whole team) need not wait for the queue to fill them.

A case that moves takes handover work with it and changes social worker: that is the price.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.model.clock import Phase
from sim.model.levers.routing import active
from sim.model.workforce.worker import NO_CAP
from sim.scenario.sections.levers import Rebalancing

if TYPE_CHECKING:
    from sim.model.case import Case
    from sim.model.service import Service
    from sim.model.workforce.team import Team
    from sim.model.workforce.worker import Worker

LEAST_CAP = 1e-9
"""Children: under a cap of nothing any child is too many."""
AFTER_COMING = 1 << 41
"""Place among the day's staff changes: once everybody has come and gone and held cases have moved to new teams."""


class Rebalancings:
    """The rebalancing levers of a scenario."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._levers = [lever for lever in service.scenario.levers if isinstance(lever, Rebalancing)]

    def schedule(self) -> None:
        """Set the dates on which whole teams share their cases out anew."""
        service = self._service
        for lever in self._levers:
            if lever.among == "team":
                day = service.calendar.index(lever.at)
                service.clock.at(day, Phase.STAFF, AFTER_COMING, partial(self._share_out, lever))

    def joined(self, worker: Worker) -> None:
        """Give a worker who joins while a lever holds some of the colleagues' cases."""
        service = self._service
        for lever in self._levers:
            holds = lever.team == worker.team.name and active(lever, service.clock.today, service.calendar)
            if lever.among == "joiners" and holds and worker.start > 0:
                call = partial(self._fill, worker, lever.up_to)
                service.clock.at(service.clock.today, Phase.STAFF, AFTER_COMING + worker.number, call)

    def _share_out(self, lever: Rebalancing) -> None:
        team = self._service.team(lever.team)
        for worker in sorted(team.in_post, key=lambda worker: (worker.fullness, worker.number)):
            self._fill(worker, lever.up_to)

    def _fill(self, worker: Worker, up_to: float) -> None:
        """Move cases from the fullest colleagues, until the worker is as full as they, or as full as the lever says."""
        while worker.available:
            found = self._next(worker, worker.team, up_to * worker.cap - worker.load)
            if found is None:
                return
            self._service.move(found, worker)

    def _next(self, worker: Worker, team: Team, room: float) -> Case | None:
        """The case to move next: of the fullest colleague, the one held for the shortest time that fits."""
        fuller = [other for other in team.in_post if other.fullness > worker.fullness]
        for colleague in sorted(fuller, key=lambda other: (-other.fullness, other.number)):
            for case in sorted(colleague.cases.values(), key=lambda case: (-case.holding_since, case.key)):
                after = _fullness(worker, worker.load + case.children)
                left = _fullness(colleague, colleague.load - case.children)
                if case.children <= room and after <= left:
                    return case
        return None


def _fullness(worker: Worker, children: float) -> float:
    """So many children as a share of the cap; without a cap, for each full-time equivalent."""
    return children / (worker.fte if worker.cap == NO_CAP else max(worker.cap, LEAST_CAP))
