"""Premature closure: a worker or a team under strain closes cases that come back more often, perhaps half assessed.

Off unless a scenario asks for it, and an assumption throughout: no published figure ties re-referral to workload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.cases.case import Case, Spell
from sim.model.pace import Milestone
from sim.model.recording.names import OUTCOME

if TYPE_CHECKING:
    from sim.model.workforce.worker import Worker
    from sim.model.world import World

CLOSING: Final = (OUTCOME["close"], OUTCOME["early_help"])


class PrematureClosures:
    """What strain at the moment of closing does; nothing where the scenario has no such section.

    It may read workers and teams, and lets a worker forgo the rest of an assessment's work.
    """

    def __init__(self, world: World) -> None:
        section = world.scenario.demand.rereferral.premature_closure
        self._rules = None if section == "none" else section

    def factor(self, case: Case) -> float:
        """How many times as likely the family comes back, of a case that is about to leave its worker's hands."""
        if self._rules is None or case.worker is None:
            return 1.0
        return self._rules.times if case.cut_short or self._strained(case.worker) else 1.0

    def watch(self, spell: Spell, work: float) -> list[Milestone]:
        """The point in an assessment's work at which a worker under strain may leave the rest of it undone."""
        if self._rules is None or self._rules.left_undone <= 0.0:
            return []
        return [Milestone(spell, (1.0 - self._rules.left_undone) * work, self._nearly_done)]

    def _nearly_done(self, spell: Spell, at: float) -> None:
        """Leave the rest if the assessment is to close the case, its worker is under strain and there is a rest."""
        worker = spell.case.worker
        if worker is None or spell.outcome not in CLOSING or not self._strained(worker):
            return
        rest = next((milestone for milestone in spell.milestones if milestone.order == 1), None)
        if rest is None:
            return
        spell.case.cut_short = True
        worker.forgo(rest)
        rest.action(spell, at)

    def _strained(self, worker: Worker) -> bool:
        """Whether more is asked, or more children are held, than the scenario takes as bearable."""
        rules = self._rules
        assert rules is not None
        workers = worker.team.in_post if rules.strain_of == "team" else [worker]
        if rules.hours_asked != "none":
            asked = sum(colleague.work.wanted for colleague in workers)
            if asked > rules.hours_asked * sum(colleague.hours_at_work for colleague in workers):
                return True
        if rules.caseload == "none":
            return False
        return sum(colleague.load for colleague in workers) > rules.caseload * sum(
            colleague.cap for colleague in workers
        )
