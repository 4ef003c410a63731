"""A comparison that is watched while it runs: progress after each outcome, a picture of it after whole replications."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.running.step_by_step import Place, StepByStep
from sim.experiment.running.task import Outcome
from sim.scenario.reading.loader import content_hash

if TYPE_CHECKING:
    from sim.experiment.results.results import Results
    from sim.experiment.running.executor import Executor
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["Event", "Memory", "Watched"]

Event = dict[str, Any]
"""What the page is told, by `kind`: `progress`, `picture` or `end`."""
_WORDS: Final = frozenset({"title", "short_title", "description", "question", "targets", "theory"})
"""Keys of a scenario that change nothing of what happens in it."""
KEPT: Final = 600
"""Outcomes kept in memory: about 0.3 MB each for three years of a large council."""
ALWAYS: Final = 3
"""After each of the first whole replications there is a picture; later only when there is time for one."""


class Memory:
    """Outcomes of replications that were run, so that undoing, adding a column or going on runs nothing twice."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, int, int], Outcome] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, int, int]) -> Outcome | None:
        """The outcome of a scenario (by the hash of what happens in it), seed and replication."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: tuple[str, int, int], outcome: Outcome) -> None:
        """Keep an outcome; those not asked for longest go first. One that failed is not kept."""
        if outcome.measured is None:
            return
        with self._lock:
            self._kept[key] = outcome
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


class Watched:
    """A comparison whose replications come one after another.

    `memory` holds what was run before; `draw` makes the picture of results that the page shows.
    """

    def __init__(self, scenarios: Sequence[LoadedScenario], runs: int, seed: int, memory: Memory) -> None:
        self._steps = StepByStep(scenarios, seed)
        self._runs = runs
        self._memory = memory
        self._keys = [
            (content_hash({key: value for key, value in loaded.resolved.items() if key not in _WORDS}), seed)
            for loaded in scenarios
        ]
        self._outcomes: dict[Place, Outcome] = {}
        self._tasks, impossible = self._steps.tasks(range(runs))
        self._outcomes |= {(outcome.position, outcome.replication): outcome for outcome in impossible}
        for task in self._tasks:
            known = memory.get((*self._keys[task.position], task.replication))
            if known is not None:
                self._outcomes[task.position, task.replication] = replace(known, position=task.position)
        self._began = time.perf_counter()

    @property
    def missing(self) -> int:
        """Replications of scenarios that have to be run."""
        return sum((task.position, task.replication) not in self._outcomes for task in self._tasks)

    def results(self) -> Results | None:
        """Results of what is complete; None while nothing is."""
        return self._steps.results(self._outcomes, self._runs, time.perf_counter() - self._began)

    def events(self, executor: Executor) -> Generator[Event]:
        """Run what is missing; closing the generator stops it, and what is complete stays in memory."""
        left = [task for task in self._tasks if (task.position, task.replication) not in self._outcomes]
        total = len(self._tasks)
        shown, quiet_until, began = 0, 0.0, time.perf_counter()
        if self._steps.complete(self._outcomes):
            shown = len(self._steps.complete(self._outcomes))
            yield {"kind": "whole", "runs": shown}
        yield self._progress(total, len(left), len(left), began)
        with closing(executor.run(left)) as outcomes:
            for number, outcome in enumerate(outcomes, 1):
                self._outcomes[outcome.position, outcome.replication] = outcome
                self._memory.put((*self._keys[outcome.position], outcome.replication), outcome)
                yield self._progress(total, len(left) - number, len(left), began)
                whole = len(self._steps.complete(self._outcomes))
                now = time.perf_counter()
                if whole > shown and (whole <= ALWAYS or now >= quiet_until) and number < len(left):
                    yield {"kind": "whole", "runs": whole}
                    shown = whole
                    quiet_until = time.perf_counter() + 2 * (time.perf_counter() - now)
        whole = len(self._steps.complete(self._outcomes))
        if whole > shown:
            yield {"kind": "whole", "runs": whole}
        failed = [outcome for outcome in self._outcomes.values() if outcome.error is not None]
        yield {
            "kind": "end", "runs": whole, "failed": len(failed),
            "why": failed[0].error if failed else "", "seconds": round(time.perf_counter() - began, 1),
        }  # fmt: skip

    def _progress(self, total: int, left: int, asked: int, began: float) -> Event:
        done = asked - left
        took = time.perf_counter() - began
        return {
            "kind": "progress", "done": total - left, "total": total,
            "seconds_left": None if done == 0 else round(took / done * left, 1),
        }  # fmt: skip
