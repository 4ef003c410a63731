"""Lever: agency workers are let go on a date, and while it holds no more than those kept come to cover vacancies."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.model.engine.event import Phase
from sim.model.levers.dated import active, levers_of
from sim.scenario.sections.levers import AgencyRelease

if TYPE_CHECKING:
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.team import Team, Teams
    from sim.model.workforce.worker import Worker
    from sim.model.world import World


class AgencyReleases:
    """The agency workers that levers let go, and those who may still come."""

    def __init__(self, world: World, teams: Teams, workforce: Workforce) -> None:
        self._world = world
        self._teams = teams
        self._workforce = workforce
        self._levers = levers_of(self._world.scenario, AgencyRelease)

    def schedule(self, order: int) -> None:
        """Set the date of every release; `order` is their place among the day's staff changes."""
        for place, lever in enumerate(self._levers):
            day = self._world.calendar.index(lever.at)
            self._world.clock.at(day, Phase.STAFF, order + place, partial(self._release, lever))

    def may_come(self, team: Team) -> bool:
        """Whether another agency worker may come to a team today."""
        return all(
            lever.team not in (None, team.name)
            or not active(lever, self._world.clock.today, self._world.calendar)
            or len(self._in_post(lever)) < lever.keep
            for lever in self._levers
        )

    def _in_post(self, lever: AgencyRelease) -> list[Worker]:
        """Agency workers whom a lever means, by number."""
        found = [
            worker
            for team in self._teams.all
            if lever.team in (None, team.name)
            for worker in team.in_post
            if worker.grade == "agency"
        ]
        return sorted(found, key=lambda worker: worker.number)

    def _release(self, lever: AgencyRelease) -> None:
        for worker in self._in_post(lever)[lever.keep :]:
            self._workforce.dismiss(worker, replaced=False)
