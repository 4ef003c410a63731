"""What each stay in a stage waits for: a row whenever that changes. Causes of waiting are read from it after the run.

It reads cases and clocks, and touches the recorder and the state of the spell alone. Nothing that happens asks for a
spell's state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET, Spell
from sim.model.recording.names import (
    PASSED_ON,
    PUT_DOWN,
    RETURNED,
    REVIEW,
    SECTION_47,
    TO_BEGIN,
    WORK,
)

if TYPE_CHECKING:
    from sim.model.engine.clock import Clock
    from sim.model.recording import Recorder
    from sim.model.workforce.worker import Worker

THOUSANDTHS: Final = 1000.0
"""Parts of a working day in which a worker's clock is recorded."""
HALF: Final = 0.5


class SpellStates:
    """Writes the rows of `Recording.states`."""

    def __init__(self, clock: Clock, recorder: Recorder) -> None:
        self._clock = clock
        self._rows = recorder.states
        self._keep = recorder.keep

    def begin(self, spell: Spell, state: int, until: int = NOT_YET) -> None:
        """A spell waits for something else from today.

        Args:
            state: a code into SPELL_STATES.
            until: the day up to which it would wait anyway (a date sought in a diary, the day a review is due).
        """
        spell.state = state
        if self._keep:
            self._row(spell, state, spell.case.worker, until)

    def taken_up(self, spell: Spell, worker: Worker) -> None:
        """A worker carries the spell's milestones from now: its work goes on, if there is work to do."""
        if spell.state == TO_BEGIN or spell.state == PUT_DOWN:
            spell.state = RETURNED if spell.returned else WORK
            if self._keep:
                self._row(spell, spell.state, worker, NOT_YET)

    def put_down(self, spell: Spell, worker: Worker) -> None:
        """The worker carries them no longer, or the run ends."""
        if spell.state == WORK or spell.state == RETURNED:
            spell.state = PUT_DOWN
            if self._keep:
                self._row(spell, PUT_DOWN, worker, NOT_YET)

    def works(self, spell: Spell) -> None:
        """There is work to do from today, for whoever holds the case: more than there was, or again."""
        if spell.case.worker is None:
            self.begin(spell, PUT_DOWN)
        else:
            self.begin(spell, RETURNED if spell.returned else WORK)

    def goes_on(self, spell: Spell) -> None:
        """Nothing comes of a decision to end a plan: it goes on as it was."""
        if spell.work_done == NOT_YET:
            self.works(spell)
        else:
            self.begin(spell, REVIEW, spell.sought)

    def passed_on(self, spell: Spell, until: int) -> None:
        """The sending worker has put the case down, and nobody may take it over before a day."""
        if self._keep and until > self._clock.today:
            self._row(spell, PASSED_ON, None, until)

    def _row(self, spell: Spell, state: int, worker: Worker | None, until: int) -> None:
        number, value = NOT_YET, 0
        if worker is not None:
            number = worker.number
            work = worker.work
            # The worker's clock as it stands now, without moving it.
            span = self._clock.now - work.synced
            if spell.stage == SECTION_47:
                value = int((work.value_urgent + work.pace_urgent * span) * THOUSANDTHS + HALF)
            else:
                value = int((work.value_routine + work.pace_routine * span) * THOUSANDTHS + HALF)
        self._rows.add((spell.case.key, spell.stage, spell.entered, self._clock.today, state, number, value, until))
