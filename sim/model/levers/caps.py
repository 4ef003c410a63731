"""Lever: the cap on a team's caseloads changes, for all of its workers or one grade."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.model.clock import Phase
from sim.scenario.sections.levers import CapChange

if TYPE_CHECKING:
    from sim.model.service import Service


def schedule_cap_changes(service: Service, order: int) -> None:
    """Set the dates of every cap change; `order` is their place among the day's staff changes."""
    for lever in service.scenario.levers:
        if isinstance(lever, CapChange):
            at = partial(service.clock.at, phase=Phase.STAFF, number=order)
            at(service.calendar.index(lever.at), function=partial(_change, service, lever, lever.cap))
            if lever.until is not None:
                at(service.calendar.index(lever.until), function=partial(_change, service, lever, None))


def _change(service: Service, lever: CapChange, cap: float | None) -> None:
    """Cap the workers meant at so many children each full-time, or (None) as the scenario gave it."""
    for worker in service.team(lever.team).workers:
        if lever.grade is None or worker.grade == lever.grade:
            worker.cap = worker.given_cap if cap is None else cap * worker.fte
            worker.weigh()
    for pool in service.pools:
        pool.request_pass()
