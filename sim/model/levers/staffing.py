"""Levers on who is in post: workers added, posts that fall vacant, teams that end, agency workers, retention."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sim.calendar import WorkingDayCalendar
from sim.model.engine.event import Phase
from sim.model.levers.dated import active
from sim.scenario.schema import Scenario
from sim.scenario.sections.levers import AgencyRelease, Retention, Staffing, TeamEnd, Vacancy
from sim.scenario.sections.workforce import Workers

if TYPE_CHECKING:
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.team import Team, Teams
    from sim.model.workforce.worker import Worker
    from sim.model.world import World


def added_workers(scenario: Scenario) -> list[tuple[str, Workers, int | None]]:
    """The groups of workers that levers add.

    Returns:
        The name of the team, the group with its first and last day in post, and how many of a cohort remain after
        twelve months (None: turnover decides).
    """
    added: list[tuple[str, Workers, int | None]] = []
    for lever in scenario.levers_of(Staffing):
        last = None if lever.until is None else lever.until - timedelta(days=1)
        dates = {"start": lever.add.start or lever.at, "end": lever.add.end or last}
        added.append((lever.team, lever.add.model_copy(update=dates), lever.staying))
    return added


def last_days(scenario: Scenario) -> dict[str, date | None]:
    """The last day of each team, by name, with the levers on it (of several the one named last); None: it stays."""
    days = {name: team.end for name, team in scenario.teams.items()}
    for lever in scenario.levers_of(TeamEnd):
        days[lever.team] = lever.at - timedelta(days=1)
    return days


def schedule_vacancies(world: World, teams: Teams, workforce: Workforce, order: int) -> None:
    """Set the date on which posts fall vacant; `order`: place among the day's staff changes."""
    for place, lever in enumerate(world.scenario.levers_of(Vacancy)):
        day = world.calendar.index(lever.at)
        world.clock.at(day, Phase.STAFF, order + place, partial(_fall_vacant, world, teams, workforce, lever))


def _fall_vacant(world: World, teams: Teams, workforce: Workforce, lever: Vacancy) -> None:
    """The permanent workers with the highest numbers go; without resigning, so that turnover does not count them."""
    team = teams.named(lever.team)
    permanent = [worker for worker in team.in_post if worker.post is not None and worker is worker.post.holder
                 and worker.post.permanent]  # fmt: skip
    filled = None if lever.until is None else world.calendar.index(lever.until)
    for worker in sorted(permanent, key=lambda worker: -worker.number)[: lever.count]:
        workforce.dismiss(worker, filled=filled, covered=lever.covered)


class AgencyReleases:
    """Lever `agency_release`: agency workers go, and while it holds no more than those kept may come.

    It may read the teams, and dismisses workers.
    """

    def __init__(self, world: World, teams: Teams, workforce: Workforce) -> None:
        self._world = world
        self._teams = teams
        self._workforce = workforce
        self._levers = self._world.scenario.levers_of(AgencyRelease)

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
        workers = [
            worker
            for team in self._teams.all
            if lever.team in (None, team.name)
            for worker in team.in_post
            if worker.grade == "agency"
        ]
        return sorted(workers, key=lambda worker: worker.number)

    def _release(self, lever: AgencyRelease) -> None:
        for worker in self._in_post(lever)[lever.keep :]:
            self._workforce.dismiss(worker, replaced=False)


class RetentionLevers:
    """Lever `retention`: the factor by which the rate of resigning falls on each day. It touches nothing."""

    def __init__(self, scenario: Scenario, calendar: WorkingDayCalendar) -> None:
        self._calendar = calendar
        self._levers = scenario.levers_of(Retention)
        dates = [day for lever in self._levers for day in (lever.at, lever.until) if day is not None]
        self.days = sorted(calendar.index(day) for day in dates)
        """Working days on which the rate changes."""

    def factor(self, grade: str, day: int) -> float:
        """How many times the rate of resigning on a working day."""
        kept = 1.0
        for lever in self._levers:
            meant = lever.grade == grade if lever.grade is not None else grade != "agency"
            if meant and active(lever, day, self._calendar):
                kept *= 1.0 - lever.reduction
        return kept
