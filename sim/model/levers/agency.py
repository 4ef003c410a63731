"""Lever: agency workers are let go on a date, and while it holds no more than those kept come to cover vacancies."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.model.engine.event import Phase
from sim.model.pathway.routing import active
from sim.scenario.sections.levers import AgencyRelease

if TYPE_CHECKING:
    from sim.model.service import Service
    from sim.model.workforce.team import Team
    from sim.model.workforce.worker import Worker


class AgencyReleases:
    """The agency workers that levers let go, and those who may still come."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._levers = [lever for lever in service.scenario.levers if isinstance(lever, AgencyRelease)]

    def schedule(self, order: int) -> None:
        """Set the date of every release; `order` is their place among the day's staff changes."""
        service = self._service
        for place, lever in enumerate(self._levers):
            day = service.calendar.index(lever.at)
            service.clock.at(day, Phase.STAFF, order + place, partial(self._release, lever))

    def may_come(self, team: Team) -> bool:
        """Whether another agency worker may come to a team today."""
        service = self._service
        return all(
            lever.team not in (None, team.name)
            or not active(lever, service.clock.today, service.calendar)
            or len(self._in_post(lever)) < lever.keep
            for lever in self._levers
        )

    def _in_post(self, lever: AgencyRelease) -> list[Worker]:
        """Agency workers whom a lever means, by number."""
        found = [
            worker
            for team in self._service.teams
            if lever.team in (None, team.name)
            for worker in team.in_post
            if worker.grade == "agency"
        ]
        return sorted(found, key=lambda worker: worker.number)

    def _release(self, lever: AgencyRelease) -> None:
        for worker in self._in_post(lever)[lever.keep :]:
            self._service.workforce.dismiss(worker, replaced=False)
