"""One replication of one scenario, from simulation to measures: what a worker process does."""

from __future__ import annotations

import gc
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sim.calendar import calendar_of

if TYPE_CHECKING:
    from sim.measures.compute import Measured
    from sim.model.recording import Recording
    from sim.scenario.schema import Scenario

__all__ = ["Also", "Outcome", "Simulate", "Task", "collecting_afterwards", "measured", "perform"]

Simulate = Callable[["Scenario", int, int], "Recording"]
"""A model: (scenario, seed, replication) to a recording."""

Also = Callable[["Recording"], Mapping[str, float]]
"""Further figures of a recording, by name."""


@dataclass(frozen=True)
class Task:
    """One replication to run. `position` is the scenario's place in the comparison, 0 for the baseline.

    `also` takes further figures from the recording; another process must be able to import it by its name.
    """

    position: int
    replication: int
    name: str
    scenario: Scenario
    seed: int
    part: Path | None = None
    simulate: Simulate | None = None
    also: Also | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a task: measures, or why there are none. Small enough to send between processes."""

    position: int
    replication: int
    measured: Measured | None
    part: Path | None = None
    events: int = 0
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    error: str | None = None
    trace: str = ""
    further: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def failed(cls, task: Task, error: BaseException) -> Outcome:
        """The outcome of a task that ended in an error."""
        text = " ".join(str(error).split())
        kind = type(error).__name__
        trace = "".join(traceback.format_exception(error))
        return cls(task.position, task.replication, None, error=f"{kind}: {text}" if text else kind, trace=trace)


def perform(task: Task) -> Outcome:
    """Simulate, measure, and keep the journeys if asked; an error becomes a failed outcome."""
    with collecting_afterwards():
        try:
            return _perform(task)
        except Exception as error:
            return Outcome.failed(task, error)


@contextmanager
def collecting_afterwards() -> Iterator[None]:
    """Look for garbage in cycles once the work inside is done, and not meanwhile.

    Nearly all that a run makes lives on until it ends, and what does not is in no cycle: looking for cycles meanwhile
    costs a twentieth of its time and frees nothing (four years of Croydon hold the same memory without).
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
            # What a run has made points at itself all over. All of it is among the youngest: no more is looked through.
            gc.collect(0)


def _perform(task: Task) -> Outcome:
    began = time.perf_counter()
    simulate = task.simulate or _model()
    return measured(task, simulate(task.scenario, task.seed, task.replication), began)


def measured(task: Task, recording: Recording, began: float) -> Outcome:
    """Measure what a task's simulation, which began at that moment, has recorded; keep the journeys if asked."""
    from sim.measures.compute import compute
    from sim.measures.period_counts import period_counts_of
    from sim.measures.waiting.table import causes_of

    calendar = calendar_of(task.scenario.period.start, task.scenario.period.end)
    causes = causes_of(recording, period_counts_of(calendar, recording.localities, recording.teams))
    figures = compute(recording, calendar, causes, flow=task.replication == 0)
    if task.part is not None:
        from sim.experiment.results.journeys import write_part

        write_part(task.part, recording, calendar, task.name, task.replication, causes)
    return Outcome(
        task.position,
        task.replication,
        figures,
        part=task.part,
        events=recording.events,
        warnings=tuple(recording.warnings),
        seconds=time.perf_counter() - began,
        further={} if task.also is None else dict(task.also(recording)),
    )


def _model() -> Simulate:
    from sim.model import simulate

    return simulate
