"""Lever: permanent posts of a team fall vacant on a date."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.model.engine.event import Phase
from sim.model.levers.dated import levers_of
from sim.scenario.sections.levers import Vacancy

if TYPE_CHECKING:
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.team import Teams
    from sim.model.world import World


def schedule_vacancies(world: World, teams: Teams, workforce: Workforce, order: int) -> None:
    """Set the date of every vacancy; `order` is their place among the day's staff changes."""
    vacancies = levers_of(world.scenario, Vacancy)
    for place, lever in enumerate(vacancies):
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
