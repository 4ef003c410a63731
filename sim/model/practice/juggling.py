"""Juggling: hours that go on turning from case to case as more is asked of a worker than there are hours.

Judges who work on more trials at once finish fewer of them with the same work (Coviello, Ichino and Persico 2015). How
much a social worker loses is an assumption with a range. Nothing is lost at ease.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.practice.strain import between

if TYPE_CHECKING:
    from sim.model.workforce.worker import Worker
    from sim.scenario.sections.practice import Juggling, Practice

LOST: Final = "juggling"
STEP: Final = 0.01
"""A loss changes by whole hundredths of a worker's hours: a clock is not set anew for less."""


class LostHours:
    """The hours that each worker loses; nothing where the scenario says so. It may touch the hours of workers."""

    def __init__(self, rules: Practice | None) -> None:
        part = None if rules is None or rules.juggling == "none" else rules.juggling
        self._rules: Juggling | None = part if part is not None and part.hours_lost > 0.0 else None
        self._steps: dict[int, int] = {}

    def hours_besides(self, worker: Worker) -> float:
        """Hours a week that a worker would have if nothing were lost."""
        return worker.hours_besides(LOST) if worker.number in self._steps else worker.hours_at_work

    def follow(self, worker: Worker, load: float, hours: float) -> None:
        """Let a worker lose the hours that go with a load.

        Args:
            load: that the worker feels, before anything is lost.
            hours: a week that the worker would have if nothing were lost.
        """
        rules = self._rules
        if rules is None or (load <= rules.from_load and worker.number not in self._steps):
            return
        steps = round(rules.hours_lost * between(load, rules.from_load, rules.full_at_load) / STEP)
        if steps == self._steps.get(worker.number, 0):
            return
        worker.add_hours(LOST, -steps * STEP * hours)
        if steps:
            self._steps[worker.number] = steps
        else:
            del self._steps[worker.number]
