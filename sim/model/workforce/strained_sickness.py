"""Sickness that depends on load: spells that do not happen at ease, and spells that happen only under strain.

Everybody's spells are drawn when they join, with a mark for each. A mark beside the load of the day says whether the
spell happens: nothing is drawn anew, and somebody sick under a load is sick under any higher one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.model.recording.names import SICKNESS
from sim.model.workforce.away import Away

if TYPE_CHECKING:
    from sim.model.practice.loads import Loads
    from sim.model.workforce.worker import Worker
    from sim.model.world import World
    from sim.scenario.sections.absence import Sickness

MOST: Final = 2.5
"""Sickness is never more than this many times its share."""
LEAST_LOAD: Final = 0.2


class StrainedSickness:
    """Which spells of sickness happen. It may read loads."""

    def __init__(self, world: World, rules: Sickness, loads: Loads) -> None:
        self._world = world
        self._loads = loads
        self._by_load = rules.by_load
        self._spell = rules.spell
        self._gap = rules.spell.mean_working_days * (1.0 - rules.share) / rules.share / (MOST - 1.0)
        self._marks: dict[tuple[int, int], tuple[float, bool]] = {}

    def with_more(self, worker: Worker, times: list[Away]) -> list[Away]:
        """A worker's times away with the spells that only strain brings, each spell marked."""
        generator = self._world.streams.generator("sickness_under_load", *worker.key)
        for time in times:
            if all(kind == SICKNESS for kind, _, _ in time.parts):
                self._marks[worker.number, time.start] = (float(generator.random()), False)
        more = list(times)
        moment = float(max(0, worker.start))
        while True:
            wait, length, mark = generator.random(3).tolist()
            moment -= self._gap * math.log1p(-wait)
            if moment >= self._world.calendar.horizon:
                break
            start, back = math.floor(moment) + 1, math.floor(moment + self._spell.quantile(length)) + 1
            ahead = [time.start for time in times if time.start >= start]
            back = min([back, *ahead])
            if back > start and not any(time.start <= start < time.back for time in more):
                more.append(Away(start, back, False, ((SICKNESS, start, back),)))
                self._marks[worker.number, start] = (mark, True)
            moment = max(moment, float(back))
        return sorted(more)

    def happens(self, worker: Worker, time: Away) -> bool:
        """Whether a time away that begins today happens at today's load."""
        mark = self._marks.get((worker.number, time.start))
        if mark is None:
            return True
        times: float = min(MOST, max(LEAST_LOAD, self._loads.relative(worker)) ** self._by_load)
        drawn, only_under_strain = mark
        return drawn < (times - 1.0) / (MOST - 1.0) if only_under_strain else drawn < times
