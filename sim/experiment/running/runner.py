"""Running scenarios: replications of one, or several compared on the same simulated children."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.stopping import Precision, Stopping
from sim.experiment.analysis.targets import check_targets
from sim.experiment.errors import ReplicationsFailedError, RunError
from sim.experiment.results.journeys import JourneyParts, Kept, Scratch
from sim.experiment.results.manifest import make_manifest
from sim.experiment.results.replications import Referrals, Replications
from sim.experiment.results.results import Results
from sim.experiment.running import executor as executors
from sim.experiment.running.drawn_figures import Drawn, draw, drawn_scenario
from sim.experiment.running.task import Outcome, Simulate, Task
from sim.scenario.errors.problems import ScenarioError
from sim.scenario.uncertainty.ensemble import Settings, settings_of

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["DEFAULT_REPLICATIONS", "DEFAULT_SEED", "Progress", "RunPlan", "compare", "run", "run_together"]

DEFAULT_REPLICATIONS = 10
DEFAULT_SEED = 1

Progress = Callable[[int, int], None]
"""Called with (replications done, replications in all)."""


def run(
    scenario: LoadedScenario,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = DEFAULT_SEED,
    workers: int = 1,
    progress: Progress | None = None,
    executor: executors.Executor | None = None,
    *,
    journeys: Kept = "all",
    scratch: Path | None = None,
    simulate: Simulate | None = None,
    precision: Precision | None = None,
    uncertainty: bool = True,
    ensemble: bool = False,
    controls: bool | None = None,
) -> Results:
    """Run replications of one scenario.

    Args:
        scenario: as `sim.load` returns it.
        replications: independent runs; replication i of a seed is the same whatever their number.
        seed: master seed of every random stream.
        workers: processes; results do not depend on it.
        progress: called after each replication.
        executor: runs the tasks in place of `workers` processes.
        journeys: whose journeys to keep: `all`, `first` (replication 0) or `none`.
        scratch: folder for journeys until they are saved; the system's own by default.
        simulate: a model in place of `sim.model.simulate`.
        precision: run until figures are as precise as this asks; `replications` is then not used.
        uncertainty: draw figures that are ranges for each replication; otherwise their central figures hold.
        ensemble: each replication takes a setting of the ensemble that the scenario names.
        controls: take the luck of referrals out of means and differences; by default with `precision` only.

    Raises:
        ScenarioError: when an ensemble is asked for that the scenario does not name, or one made for another scenario.
        ReplicationsFailedError: when no replication came out. Replications that failed are named in the
            manifest, and Ctrl-C keeps those that are complete: `manifest["failures"]` and
            `manifest["interrupted"]` say so.
    """
    adjusting = precision is not None if controls is None else controls
    plan = RunPlan(
        replications, seed, journeys, scratch, simulate, precision, uncertainty, ensemble, controls=adjusting
    )  # fmt: skip
    return run_together([scenario], plan, executor or executors.choose(workers), progress)


def compare(
    baseline: LoadedScenario,
    scenarios: Iterable[LoadedScenario],
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = DEFAULT_SEED,
    workers: int = 1,
    progress: Progress | None = None,
    executor: executors.Executor | None = None,
    *,
    journeys: Kept = "all",
    scratch: Path | None = None,
    simulate: Simulate | None = None,
    precision: Precision | None = None,
    uncertainty: bool = True,
    ensemble: bool = False,
    controls: bool | None = None,
) -> Results:
    """Run a baseline and scenarios on the same simulated children, replication by replication.

    Arguments and errors as for `run`; RunError also when the periods of the scenarios differ.
    """
    others = list(scenarios)
    if not others:
        raise RunError("give at least one scenario to compare with the baseline")
    for other in others:
        if other.scenario.period != baseline.scenario.period:
            mine, theirs = baseline.scenario.period, other.scenario.period
            raise RunError(
                f"{other.name} runs from {theirs.start} to {theirs.end} but {baseline.name} from "
                f"{mine.start} to {mine.end}: scenarios that are compared cover the same period"
            )
    adjusting = precision is not None if controls is None else controls
    plan = RunPlan(
        replications, seed, journeys, scratch, simulate, precision, uncertainty, ensemble, controls=adjusting
    )  # fmt: skip
    return run_together([baseline, *others], plan, executor or executors.choose(workers), progress)


@dataclass(frozen=True)
class RunPlan:
    """What is run, besides the scenarios."""

    replications: int
    seed: int
    journeys: Kept
    scratch: Path | None
    simulate: Simulate | None
    precision: Precision | None
    uncertainty: bool
    ensemble: bool = False
    journeys_of: int | None = None
    """How many of the scenarios, from the first, keep journeys; None for all."""
    controls: bool = False
    """Take the luck of referrals out of means and differences (`sim.experiment.analysis.control_variates`)."""

    @property
    def most(self) -> int:
        """Replications at most."""
        return self.replications if self.precision is None else self.precision.maximum


def run_together(
    scenarios: Sequence[LoadedScenario], plan: RunPlan, executor: executors.Executor, progress: Progress | None
) -> Results:
    """Run scenarios on the same simulated children; errors as for `run`."""
    if plan.most < 1:
        raise RunError(f"{plan.most} replications are too few: ask for 1 or more")
    check_targets(scenarios)
    settings = [settings_of(loaded) if plan.ensemble else () for loaded in scenarios]
    started, began = datetime.now(UTC), time.perf_counter()
    names = _unique([scenario.name for scenario in scenarios])
    folder = Scratch(plan.scratch)
    stopping = None if plan.precision is None else Stopping(plan.precision, names, plan.controls)
    tasks, drawn, impossible = _tasks(scenarios, names, plan, folder, settings)
    done, interrupted = _gather(executor, tasks, progress, stopping, impossible)
    asked = plan.replications
    if stopping is not None and not interrupted:
        asked = stopping.replications
        done = [outcome for outcome in done if outcome.replication < asked]
    failures = sorted((o for o in done if o.error is not None), key=lambda o: (o.position, o.replication))
    complete = {(o.position, o.replication): o for o in done if o.measured is not None}
    if interrupted:
        whole = {r for r in range(plan.most) if all((p, r) in complete for p in range(len(names)))}
        complete = {key: outcome for key, outcome in complete.items() if key[1] in whole}
    kept = [[complete[key] for key in sorted(complete) if key[0] == place] for place in range(len(names))]
    if not all(kept):
        folder.remove()
        if interrupted:
            raise KeyboardInterrupt
        raise _nothing(names, kept, failures)
    ensembles = tuple(_ensemble(name, outcomes) for name, outcomes in zip(names, kept, strict=True))
    parts = tuple(outcome.part for outcomes in kept for outcome in outcomes if outcome.part is not None)
    manifest = make_manifest(
        scenarios=scenarios,
        names=names,
        kept=kept,
        failures=failures,
        seed=plan.seed,
        asked=asked,
        interrupted=interrupted,
        started=started,
        seconds=time.perf_counter() - began,
        journeys=plan.journeys,
    )
    manifest["uncertainty"] = "on" if drawn else "off"
    manifest["ensemble"] = "on" if plan.ensemble else "off"
    manifest["controls"] = "on" if plan.controls else "off"
    if stopping is not None:
        manifest["precision"] = stopping.manifest()
    traces = tuple(failure.trace for failure in failures)
    used = tuple(drawn[key] for key in sorted(complete) if key in drawn)
    return Results(manifest, ensembles, JourneyParts(parts, folder) if parts else None, traces, drawn=used)


def _tasks(
    scenarios: Sequence[LoadedScenario],
    names: Sequence[str],
    plan: RunPlan,
    folder: Scratch,
    settings: Sequence[Settings],
) -> tuple[list[Task], dict[tuple[int, int], Drawn], list[Outcome]]:
    """The tasks, what their uncertain figures are, and those whose figures, once drawn, do not go together."""
    tasks: list[Task] = []
    drawn: dict[tuple[int, int], Drawn] = {}
    impossible: list[Outcome] = []
    # Replications outermost: those that are complete when a run is stopped have every scenario.
    for replication in range(plan.most):
        for position, loaded in enumerate(scenarios):
            kept = plan.journeys_of is None or position < plan.journeys_of
            part = _part(folder.path, position, replication, plan.journeys if kept else "none")
            name, scenario = names[position], loaded.scenario
            task = Task(position, replication, name, scenario, plan.seed, part, plan.simulate)
            if settings[position] or (plan.uncertainty and loaded.uncertain):
                mine = draw(loaded, plan.seed, replication, name, settings[position], plan.uncertainty)
                drawn[position, replication] = mine
                try:
                    task = replace(task, scenario=drawn_scenario(loaded, mine))
                except ScenarioError as error:
                    impossible.append(Outcome.failed(task, error))
                    continue
            tasks.append(task)
    return tasks, drawn, impossible


def _gather(
    executor: executors.Executor,
    tasks: Sequence[Task],
    progress: Progress | None,
    stopping: Stopping | None,
    impossible: Sequence[Outcome],
) -> tuple[list[Outcome], bool]:
    """Collect outcomes until all are there, or figures are precise enough, or Ctrl-C; say which."""
    done: list[Outcome] = list(impossible)
    scenarios = 1 + max((task.position for task in tasks), default=0)
    if stopping is not None:
        for outcome in impossible:
            stopping.enough(outcome.position, outcome.replication, None)
    outcomes = executor.run(tasks)
    try:
        with closing(outcomes):
            for outcome in outcomes:
                done.append(outcome)
                if stopping is not None and stopping.enough(
                    outcome.position,
                    outcome.replication,
                    _aims(outcome, stopping),
                    None if outcome.measured is None else outcome.measured.referrals,
                ):
                    break  # closing the outcomes stops what is still running
                if progress is not None:
                    progress(
                        len(done), len(tasks) if stopping is None else max(stopping.planned * scenarios, len(done))
                    )
    except KeyboardInterrupt:
        return done, True
    return done, False


def _aims(outcome: Outcome, stopping: Stopping) -> NDArray[np.float64] | None:
    if outcome.measured is None:
        return None
    return np.array([outcome.measured.value(aim.measure) for aim in stopping.precision.aims], dtype=np.float64)


def _ensemble(name: str, outcomes: Sequence[Outcome]) -> Replications:
    measured = [outcome.measured for outcome in outcomes if outcome.measured is not None]
    replications = tuple(outcome.replication for outcome in outcomes)
    values = np.stack([one.values for one in measured])
    stocks = tuple(one.stocks for one in measured)
    referrals = Referrals.of(measured[0].months, [one.referrals for one in measured])
    return Replications.made(name, measured[0].rows, replications, values, stocks, referrals)


def _part(folder: Path, position: int, replication: int, journeys: Kept) -> Path | None:
    if journeys == "none" or (journeys == "first" and replication > 0):
        return None
    return folder / f"{position:04d}-{replication:06d}.parquet"


def _unique(names: Sequence[str]) -> list[str]:
    """Names as they are, with -2, -3 … after the first of several that are the same."""
    found: list[str] = []
    for name in names:
        number, unique = 2, name
        while unique in found:
            unique, number = f"{name}-{number}", number + 1
        found.append(unique)
    return found


def _nothing(names: Sequence[str], kept: Sequence[Sequence[Outcome]], failures: Sequence[Outcome]) -> RunError:
    empty = next(name for name, outcomes in zip(names, kept, strict=True) if not outcomes)
    first = next(failure for failure in failures if names[failure.position] == empty)
    error = ReplicationsFailedError(f"no replication of {empty} came out; the first said: {first.error}")
    error.add_note(first.trace)
    return error
