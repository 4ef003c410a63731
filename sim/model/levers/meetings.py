"""Lever: family network meetings before a case closes, which take a worker's time and keep families from coming back.

A prevention of re-referral that names a share of closures or hours is held as meetings: before an assessment that is to
close the case goes to the manager, and before a child in need plan does. One that names neither just holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET, Spell
from sim.model.engine.limits import DAYS_A_WEEK
from sim.model.levers.dated import days_of
from sim.model.pace import Milestone
from sim.scenario.sections.levers import RereferralPrevention

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.world import World

AFTER_WORK: Final = 2
"""Place among the milestones of one spell."""


def by_meetings(lever: RereferralPrevention) -> bool:
    """Whether a prevention is a matter of meetings, held or not case by case."""
    return lever.share < 1.0 or lever.hours > 0.0


class Meetings:
    """Lever `rereferral_prevention` with meetings: the family network meetings before a case closes.

    They may touch the spell that is to end: a milestone is added to it.
    """

    def __init__(self, world: World, flow: CaseFlow) -> None:
        self._world = world
        self._flow = flow
        self._levers = [entry for entry in days_of(RereferralPrevention, world) if by_meetings(entry[2])]

    def before_closing(self, spell: Spell, then: Callable[[Spell], None]) -> bool:
        """Whether a meeting is held first, with a case that is to close; then `then` is called once it has been."""
        lever, case = self._lever(), spell.case
        if lever is None or case.prevention != NOT_YET:
            return False  # one draw and at most one meeting for each time that a case is open
        held = case.draws.uniform("family_network_meeting") < lever.share
        case.prevention = lever.reduction if held else 0.0
        if not held or lever.hours <= 0.0:
            return False
        days = lever.takes.working_days
        hours_a_week = lever.hours / days * DAYS_A_WEEK
        meeting = Milestone(spell, days, lambda met, _at: then(met), relief=hours_a_week, order=AFTER_WORK)
        self._flow.ask_more(spell, meeting)
        return True

    def _lever(self) -> RereferralPrevention | None:
        """The meetings of today: of several levers, the one named last."""
        today = self._world.clock.today
        for first, until, lever in reversed(self._levers):
            if first <= today < until:
                return lever
        return None
