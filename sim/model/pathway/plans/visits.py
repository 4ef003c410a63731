"""Visits to children on a plan: due at varying intervals of the worker's own pace."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from sim.model.cases.case import NOT_YET, Spell
from sim.model.need.sight import VISIT
from sim.model.pace import Milestone

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.practice.under_load import AtEase
    from sim.model.world import World
    from sim.scenario.sections.stages import PlanStage

VISIT_INTERVAL: Final = "visit_interval"
"""Stream of the intervals: the one from which a case draws often."""
OVERDUE_VISIT: Final = 2.0
"""Working days at full pace to a first visit by a new worker when the old interval has run out (assumption)."""


class Visit(Milestone):
    """A routine visit: another follows as soon as it is due.

    No milestone comes up as often: it calls what it does by name, which is quicker than `action` once compiled.
    """

    __slots__ = ("visits",)

    def __init__(self, visits: Visits, spell: Spell, remaining: float) -> None:
        super().__init__(spell, remaining, visits.action, with_any_holder=True)
        self.visits = visits

    @override
    def act(self, at: float) -> None:
        """Make it."""
        self.visits.note(self.spell)

    @override
    def following(self) -> Milestone:
        """The next visit."""
        visits, spell = self.visits, self.spell
        return Visit(visits, spell, visits.interval(spell))


class Visits:
    """Visits of one kind of plan. They may touch the milestones of its spells, and record.

    The interval is the standard times a uniform draw from `visit_earliest` to 1, counted on the worker's clock: at full
    pace every visit is on time, and overload makes them late.
    """

    def __init__(self, world: World, flow: CaseFlow, rules: PlanStage, first_urgent: bool, ease: AtEase) -> None:
        self._clock = world.clock
        self._recorder = world.recorder
        self._flow = flow
        self._first_urgent = first_urgent
        self._interval = 0.0 if rules.visit_interval == "none" else rules.visit_interval.working_days
        self._ease = ease
        self._earliest = rules.visit_earliest
        self._limit = int(self._interval)
        self.action: Callable[[Spell, float], None] = self._visited_on  # one for all visits

    def first(self, spell: Spell) -> Milestone | None:
        """The milestone of the next visit, counted from when the child was last seen; None without visits."""
        if not self._interval:
            return None
        case = spell.case
        since = self._clock.today - case.last_seen
        remaining = max(OVERDUE_VISIT, self.interval(spell) - since) if since > 0 else self.interval(spell)
        if self._first_urgent and not case.opening:
            return Milestone(spell, remaining, self._first_visit_paid, urgent=True, with_any_holder=True)
        return Visit(self, spell, remaining)

    def soon(self, spell: Spell) -> None:
        """Bring the next visit forward to where an overdue one would be."""
        worker = spell.case.worker
        if worker is None:
            return
        worker.settle()
        for milestone in list(spell.milestones):
            if milestone.with_any_holder and milestone.carried:
                worker.work.take(milestone)
                milestone.remaining = min(milestone.remaining, OVERDUE_VISIT)
                worker.carry([milestone])

    def interval(self, spell: Spell) -> float:
        """Working days at full pace from one visit to the next."""
        share = self._earliest + (1.0 - self._earliest) * spell.case.draws.uniform(VISIT_INTERVAL)
        return self._interval * share * self._ease.share(spell.case.worker)

    def _first_visit_paid(self, spell: Spell, _at: float) -> None:
        self.note(spell)
        self._flow.add_milestone(spell, Visit(self, spell, self.interval(spell)))

    def _visited_on(self, spell: Spell, _at: float) -> None:
        self.note(spell)

    def note(self, spell: Spell) -> None:
        """Record that a visit takes place today, by the worker or the colleague on duty."""
        case = spell.case
        today = self._clock.today
        worker = case.worker
        visitor = None if worker is None else worker.duty or worker
        number, team = (NOT_YET, NOT_YET) if visitor is None else (visitor.number, visitor.team.number)
        self._recorder.visits.add(
            (case.key, spell.stage, team, number, today, case.last_seen, self._limit, case.children)
        )
        case.last_seen = today
        self._flow.seen(case, VISIT)
