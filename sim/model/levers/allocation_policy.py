"""Lever: waiting cases are allocated in another order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.model.engine.event import Phase
from sim.scenario.sections.levers import PolicyChange

if TYPE_CHECKING:
    from sim.model.service import Service


def schedule_policy_changes(service: Service, order: int) -> None:
    """Set the dates of every change of policy; `order` is their place among the day's staff changes."""
    for lever in service.scenario.levers:
        if isinstance(lever, PolicyChange):
            at = partial(service.clock.at, phase=Phase.STAFF, number=order)
            at(service.calendar.index(lever.at), function=partial(_change, service, lever.policy))
            if lever.until is not None:
                before = service.scenario.allocation.policy
                at(service.calendar.index(lever.until), function=partial(_change, service, before))


def _change(service: Service, policy: str) -> None:
    for pool in service.pools:
        pool.change_policy(policy)
