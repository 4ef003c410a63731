"""Lever: permanent posts of a team fall vacant on a date."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.model.engine.event import Phase
from sim.scenario.sections.levers import Vacancy

if TYPE_CHECKING:
    from sim.model.service import Service


def schedule_vacancies(service: Service, order: int) -> None:
    """Set the date of every vacancy; `order` is their place among the day's staff changes."""
    vacancies = [lever for lever in service.scenario.levers if isinstance(lever, Vacancy)]
    for place, lever in enumerate(vacancies):
        day = service.calendar.index(lever.at)
        service.clock.at(day, Phase.STAFF, order + place, partial(_fall_vacant, service, lever))


def _fall_vacant(service: Service, lever: Vacancy) -> None:
    """The permanent workers with the highest numbers go; without resigning, so that turnover does not count them."""
    team = service.team(lever.team)
    permanent = [worker for worker in team.in_post if worker.post is not None and worker is worker.post.holder
                 and worker.post.permanent]  # fmt: skip
    filled = None if lever.until is None else service.calendar.index(lever.until)
    for worker in sorted(permanent, key=lambda worker: -worker.number)[: lever.count]:
        service.workforce.dismiss(worker, filled=filled, covered=lever.covered)
