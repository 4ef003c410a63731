"""The joint visit of a transfer: the sending and the receiving worker see the family together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET, Case, Spell
from sim.model.engine.event import Phase
from sim.model.engine.limits import DAYS_A_WEEK
from sim.model.pace import Milestone
from sim.model.recording.names import CHILD_IN_NEED, CHILD_PROTECTION

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.workforce.worker import Worker
    from sim.model.world import World

AGAIN: Final = 1.0
"""Working days at full pace to the next try when the sending worker is away (assumption)."""


def arrange_joint_visit(world: World, flow: CaseFlow, case: Case, sending: Worker) -> None:
    """Ask both workers for the hours of a joint visit, over the week after the transfer.

    The receiving worker's pace decides when it takes place; if the sending worker is away then, it is put off.
    """
    hours = world.scenario.transfer.joint_visit_hours
    stage = flow.leading_stage(case)
    spell = case.spells[stage]
    receiving = case.worker
    assert receiving is not None
    receiving.change(0.0, hours)
    spell.routine += hours
    flow.add_milestone(
        spell, Milestone(spell, DAYS_A_WEEK, lambda s, at: _take_place(world, flow, s, sending), relief=hours, order=2)
    )
    sending.change(0.0, hours)
    day = world.clock.today + int(DAYS_A_WEEK)
    if day < world.calendar.horizon:
        world.clock.at(day, Phase.MILESTONES, sending.number, lambda: sending.change(0.0, -hours))


def _take_place(world: World, flow: CaseFlow, spell: Spell, sending: Worker) -> None:
    case, today = spell.case, world.clock.today
    worker = case.worker
    if sending.in_post and sending.away:
        flow.add_milestone(spell, Milestone(spell, AGAIN, lambda s, at: _take_place(world, flow, s, sending), order=2))
        return
    if spell.stage not in (CHILD_IN_NEED, CHILD_PROTECTION):
        return
    stages = world.scenario.stages
    interval = (stages.child_in_need if spell.stage == CHILD_IN_NEED else stages.child_protection).visit_interval
    if interval == "none":
        return
    number, team = (NOT_YET, NOT_YET) if worker is None else (worker.number, worker.team.number)
    limit = int(interval.working_days)
    world.recorder.visits.add((case.key, spell.stage, team, number, today, case.last_seen, limit, case.children))
    case.last_seen = today
