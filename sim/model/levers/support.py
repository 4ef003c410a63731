"""Levers on a team's support: managers, business support, and how often workers are supervised."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.calendar import WorkingDayCalendar
from sim.model.engine.event import Phase
from sim.model.levers.dated import active
from sim.scenario.schema import Scenario
from sim.scenario.sections.levers import BusinessSupport, HoursOut, Managers, SupervisionChange
from sim.scenario.values.quantities import Duration

if TYPE_CHECKING:
    from sim.model.workforce.team import Team, Teams
    from sim.model.workforce.worker import Worker
    from sim.model.world import World


def schedule_support_changes(world: World, teams: Teams, order: int) -> None:
    """Set the dates of changes in managers and business support; `order`: their place in the day's staff changes."""
    for number, lever in enumerate(world.scenario.levers):
        if isinstance(lever, Managers):
            before = world.scenario.teams[lever.team].managers
            change, revert = partial(_managers, lever.managers), partial(_managers, before)
        elif isinstance(lever, BusinessSupport):
            name = f"business support {number}"
            change, revert = partial(_hours_back, name, lever.hours_a_week), partial(_hours_back, name, 0.0)
        elif isinstance(lever, HoursOut):
            name = f"hours out {number}"
            change, revert = partial(_hours_back, name, -lever.hours_a_week), partial(_hours_back, name, 0.0)
        else:
            continue
        at = partial(world.clock.at, phase=Phase.STAFF, number=order)
        for team in teams.all if lever.team is None else [teams.named(lever.team)]:
            at(world.calendar.index(lever.at), function=partial(change, team))
            if lever.until is not None:
                at(world.calendar.index(lever.until), function=partial(revert, team))


def support(world: World, worker: Worker) -> None:
    """Give a newcomer the hours that the team's business support gives today."""
    today = world.clock.today
    for number, lever in world.scenario.numbered_levers_of(BusinessSupport):
        if lever.team == worker.team.name and active(lever, today, world.calendar):
            worker.add_hours(f"business support {number}", lever.hours_a_week * worker.fte)
    for number, out in world.scenario.numbered_levers_of(HoursOut):
        if out.team in (None, worker.team.name) and active(out, today, world.calendar):
            worker.add_hours(f"hours out {number}", -out.hours_a_week * worker.fte)


def without_support(world: World, worker: Worker) -> None:
    """Take away the hours that a team's business support gave to a worker who leaves the team."""
    for number, lever in world.scenario.numbered_levers_of(BusinessSupport):
        if lever.team == worker.team.name:
            worker.add_hours(f"business support {number}", 0.0)
    for number, out in world.scenario.numbered_levers_of(HoursOut):
        if out.team == worker.team.name:
            worker.add_hours(f"hours out {number}", 0.0)


def _managers(managers: float, team: Team) -> None:
    team.desk.change_managers(managers)


def _hours_back(name: str, hours_a_week: float, team: Team) -> None:
    """Give the hours to every worker of the team, those who are still to come included."""
    for worker in team.workers:
        worker.add_hours(name, hours_a_week * worker.fte)


class SupervisionLevers:
    """Lever `supervision`: the cadence that holds for each worker; of two levers, the one written last.

    It touches nothing.
    """

    def __init__(self, scenario: Scenario, calendar: WorkingDayCalendar) -> None:
        self._calendar = calendar
        self._levers = scenario.levers_of(SupervisionChange)
        dates = {day for lever in self._levers for day in (lever.at, lever.until) if day is not None}
        self.days = sorted({self._calendar.index(day) for day in dates})
        """Working days on which a cadence changes."""

    def every(self, worker: Worker, day: int) -> Duration | None:
        """The cadence that a lever sets for a worker on a working day; if None, the scenario's own holds."""
        for lever in reversed(self._levers):
            meant = lever.team in (None, worker.team.name) and lever.grade in (None, worker.grade)
            if meant and active(lever, day, self._calendar):
                return lever.every
        return None
