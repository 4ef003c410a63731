"""Replications looked at while they run: tasks as they are wanted, and results of those that are complete so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sim.experiment.errors import RunError
from sim.experiment.results.manifest import make_manifest
from sim.experiment.results.results import Results
from sim.experiment.running.drawn_figures import Drawn, draw, drawn_task
from sim.experiment.running.options import RunOptions
from sim.experiment.running.runner import _replications, _unique
from sim.experiment.running.task import Outcome, Task

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["Place", "StepByStep"]

Place = tuple[int, int]
"""A scenario's place in the comparison (0 for the baseline), and a replication."""


class StepByStep:
    """Scenarios that run on the same simulated children, a few replications at a time.

    Nothing here runs: `tasks` says what there is to do, `results` takes what came of it. Journeys are not kept, and
    settings of an ensemble are not taken. Replication i is the same however many are run.

    Raises:
        RunError: when the periods of the scenarios differ.
    """

    def __init__(self, scenarios: Sequence[LoadedScenario], seed: int = 1) -> None:
        if any(other.scenario.period != scenarios[0].scenario.period for other in scenarios[1:]):
            raise RunError("scenarios that are compared cover the same period")
        self._scenarios = tuple(scenarios)
        self._names = _unique([loaded.name for loaded in scenarios])
        self._options = RunOptions(seed=seed, journeys="none")
        self._drawn: dict[Place, Drawn] = {}
        self._started = datetime.now(UTC)

    def tasks(self, replications: Sequence[int]) -> tuple[list[Task], list[Outcome]]:
        """Return the tasks of replications, and failed outcomes where drawn figures do not go together."""
        tasks: list[Task] = []
        impossible: list[Outcome] = []
        for replication in replications:
            for position, loaded in enumerate(self._scenarios):
                name = self._names[position]
                undrawn = Task(position, replication, name, loaded.scenario, self._options.seed)
                task: Task | Outcome = undrawn
                if loaded.uncertain:
                    drawn = draw(loaded, self._options.seed, replication, name)
                    self._drawn[position, replication] = drawn
                    task = drawn_task(undrawn, loaded, drawn)
                if isinstance(task, Task):
                    tasks.append(task)
                else:
                    impossible.append(task)
        return tasks, impossible

    def complete(self, outcomes: Mapping[Place, Outcome]) -> tuple[int, ...]:
        """The replications of which every scenario has measures, in order."""
        return tuple(
            replication
            for replication in sorted({replication for _, replication in outcomes})
            if all(
                (place, replication) in outcomes and outcomes[place, replication].measured is not None
                for place in range(len(self._scenarios))
            )
        )

    def results(self, outcomes: Mapping[Place, Outcome], asked: int, seconds: float = 0.0) -> Results | None:
        """Results of the replications that are complete; None while there are none."""
        whole = self.complete(outcomes)
        if not whole:
            return None
        kept = [[outcomes[place, replication] for replication in whole] for place in range(len(self._scenarios))]
        failures = [outcome for _, outcome in sorted(outcomes.items()) if outcome.error is not None]
        drawn = tuple(self._drawn[key] for key in sorted(self._drawn) if key[1] in whole)
        manifest = make_manifest(
            scenarios=self._scenarios,
            names=self._names,
            kept=kept,
            failures=failures,
            options=self._options,
            asked=asked,
            interrupted=False,
            stopped=None,
            restarts=(),
            drawn=bool(drawn),
            precision=None,
            settling=None,
            started=self._started,
            seconds=seconds,
        )
        return Results(
            manifest,
            tuple(_replications(name, mine) for name, mine in zip(self._names, kept, strict=True)),
            traces=tuple(failure.trace for failure in failures),
            drawn=drawn,
        )
