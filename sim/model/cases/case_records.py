"""What is recorded of a case: its stays, who held it, its transfers, and itself once it closes or the run ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.cases.case import CHILDREN_BITS, NOT_YET, Case, Spell, root_key

if TYPE_CHECKING:
    from sim.model.cases.spell_states import SpellStates
    from sim.model.engine.clock import Clock
    from sim.model.recording import Recorder
    from sim.model.workforce.worker import Worker


class CaseRecords:
    """Writes the rows of cases. It reads cases and the day, and may touch the recorder alone."""

    def __init__(self, clock: Clock, recorder: Recorder, states: SpellStates) -> None:
        self._clock = clock
        self._states = states
        self._recorder = recorder

    def record(self, spell: Spell) -> None:
        """Record a spell, ended or still open at the end of the run."""
        case = spell.case
        outcome = spell.outcome if spell.ended != NOT_YET else NOT_YET
        self._recorder.spells.add(
            (case.key, spell.stage, case.locality, spell.team, spell.worker, spell.clock_start, spell.entered,
             spell.allocated, spell.work_done, spell.ended, outcome, case.children, spell.conference)
        )  # fmt: skip

    def record_open(self, case: Case) -> None:
        """Record a case that is still open at the end of the run."""
        self.record_case(case)
        for spell in case.spells.values():
            self.record(spell)
            if case.worker is not None:
                self._states.put_down(spell, case.worker)
        if case.worker is not None:
            self.record_holding(case, NOT_YET)
        if case.managers is not None:
            self.record_held_by_managers(case, NOT_YET)
        if case.transfer_asked != NOT_YET:
            self.record_transfer(case, None)

    def record_case(self, case: Case) -> None:
        """Record a case that closes, or is open at the end of the run."""
        self._recorder.cases.add(
            (case.key, case.children, root_key(case.key) << CHILDREN_BITS, case.locality, case.need, case.referred,
             case.previous_referral, case.opening, case.rereferral, case.earlier_plan)
        )  # fmt: skip

    def record_transfer(self, case: Case, worker: Worker | None) -> None:
        """Record a transfer: to a worker today, or (None) one that still waits."""
        sending = NOT_YET if case.worker is None else case.worker.team.number
        to_team, done = (NOT_YET, NOT_YET) if worker is None else (worker.team.number, self._clock.today)
        self._recorder.transfers.add((case.key, sending, to_team, case.transfer_asked, done, case.children))

    def record_held_by_managers(self, case: Case, end: int) -> None:
        """Record that the managers of a team have held a case that nobody else did until a day (-1: and still do)."""
        managers = case.managers
        assert managers is not None
        if end != case.managers_since:
            self._recorder.held_by_managers.add(
                (case.key, managers.team.number, case.managers_stage, case.managers_since, end, case.children)
            )

    def record_holding(self, case: Case, end: int) -> None:
        """Record that the worker who holds a case has held it until a day (-1: and still does)."""
        worker = case.worker
        assert worker is not None
        self._recorder.holdings.add(
            (
                case.key,
                worker.number,
                worker.team.number,
                case.holding_since,
                end,
                case.children,
                case.holding_stage,
            )
        )
