"""Lever: waiting cases are allocated in another order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.model.engine.event import Phase
from sim.scenario.sections.levers import PolicyChange

if TYPE_CHECKING:
    from sim.model.allocation.queues import Queues
    from sim.model.world import World


def schedule_policy_changes(world: World, queues: Queues, order: int) -> None:
    """Set the dates of every change of policy; `order` is their place among the day's staff changes."""
    for lever in world.scenario.levers:
        if isinstance(lever, PolicyChange):
            at = partial(world.clock.at, phase=Phase.STAFF, number=order)
            at(world.calendar.index(lever.at), function=partial(_change, queues, lever.policy))
            if lever.until is not None:
                before = world.scenario.allocation.policy
                at(world.calendar.index(lever.until), function=partial(_change, queues, before))


def _change(queues: Queues, policy: str) -> None:
    for pool in queues.pools:
        pool.change_policy(policy)
