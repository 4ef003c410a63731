"""Running scenarios: replications of one, or several compared on the same simulated children."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.experiment.analysis import settling as settled
from sim.experiment.analysis.settling import Settling
from sim.experiment.analysis.stopping import Stopping
from sim.experiment.analysis.targets import check_targets
from sim.experiment.cost import cost_of
from sim.experiment.errors import LostError, ReplicationsFailedError, RunError
from sim.experiment.results.directory import Scratch
from sim.experiment.results.journeys import JourneyParts, Kept
from sim.experiment.results.manifest import make_manifest
from sim.experiment.results.replications import Referrals, Replications
from sim.experiment.results.results import Results
from sim.experiment.results.table_files import file_name
from sim.experiment.running import executor as executors
from sim.experiment.running.drawn_figures import Drawn, draw, drawn_task
from sim.experiment.running.options import Progress, RunOptions
from sim.experiment.running.task import Outcome, Task
from sim.scenario.uncertainty.ensemble import Settings, settings_of

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["compare", "run", "run_together"]

MOST_REPLICATIONS: Final = 100_000
"""Replications of a run at most: their tasks are listed before the first begins."""


def run(scenario: LoadedScenario, options: RunOptions | None = None, /, **keywords: Any) -> Results:
    """Run replications of one scenario, as `options` say with what keyword arguments change of them.

    Raises:
        ScenarioError: when an ensemble is asked for that the scenario does not name, or one made for another scenario.
        ReplicationsFailedError: when no replication came out. Replications that failed are named in the manifest, and
            Ctrl-C keeps those that are complete: `manifest.failures` and `manifest.interrupted` say so.
    """
    return run_together([scenario], RunOptions.of(options, keywords))


def compare(
    baseline: LoadedScenario, scenarios: Iterable[LoadedScenario], options: RunOptions | None = None, /, **keywords: Any
) -> Results:
    """Run a baseline and scenarios on the same simulated children, replication by replication.

    Options and errors as for `run`; RunError also when the periods of the scenarios differ.
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
    return run_together([baseline, *others], RunOptions.of(options, keywords))


def run_together(
    scenarios: Sequence[LoadedScenario], options: RunOptions, *, journeys_of: int | None = None
) -> Results:
    """Run scenarios on the same simulated children; errors as for `run`.

    `journeys_of` is how many of the scenarios, from the first, keep journeys; None for all.
    """
    precision = options.aims()
    until_settled = precision is None and options.replications is None
    most = settled.MOST if options.replications is None else options.replications
    if precision is not None:
        most = precision.maximum
    if most < 1:
        raise RunError(f"{most} replications are too few: ask for 1 or more")
    if most > MOST_REPLICATIONS:
        raise RunError(f"{most:,} replications are too many: ask for {MOST_REPLICATIONS:,} or fewer")
    check_targets(scenarios)
    settings = [settings_of(loaded) if options.ensemble else () for loaded in scenarios]
    work = sum(cost_of(loaded.scenario, most).seconds for loaded in scenarios)
    executor = options.runs_on(most * len(scenarios), work)
    started, began = datetime.now(UTC), time.perf_counter()
    names = _unique([scenario.name for scenario in scenarios])
    folder = Scratch(options.scratch)
    stopping: Stopping | Settling | None = None
    if precision is not None:
        stopping = Stopping(precision, names, options.adjusting)
    elif until_settled:
        compared_with = settled.references([scenario.files for scenario in scenarios])
        stopping = Settling(compared_with, 60.0 * options.minutes)
    tasks, drawn, impossible = _tasks(scenarios, names, options, most, folder, settings, journeys_of)
    gathered = _gather(executor, tasks, options.progress, stopping, impossible)
    done, ended_early = gathered.outcomes, gathered.interrupted or gathered.lost is not None
    asked = stopping.planned if isinstance(stopping, Settling) else most
    if stopping is not None and not ended_early:
        asked = stopping.replications
        done = [outcome for outcome in done if outcome.replication < asked]
    failures = sorted((o for o in done if o.error is not None), key=lambda o: (o.position, o.replication))
    complete = {(o.position, o.replication): o for o in done if o.measured is not None}
    if ended_early:
        whole = {r for r in range(most) if all((p, r) in complete for p in range(len(names)))}
        complete = {key: outcome for key, outcome in complete.items() if key[1] in whole}
    kept = [[complete[key] for key in sorted(complete) if key[0] == place] for place in range(len(names))]
    if not all(kept):
        folder.remove()
        if gathered.interrupted:
            raise KeyboardInterrupt
        if gathered.lost is not None:
            raise ReplicationsFailedError(f"{gathered.lost}, and no replication was complete") from gathered.lost
        raise _nothing(names, kept, failures)
    parts = tuple(outcome.part for outcomes in kept for outcome in outcomes if outcome.part is not None)
    manifest = make_manifest(
        scenarios=scenarios,
        names=names,
        kept=kept,
        failures=failures,
        options=options,
        asked=asked,
        interrupted=gathered.interrupted,
        stopped=None if gathered.lost is None else str(gathered.lost),
        restarts=getattr(executor, "restarts", ()),
        drawn=bool(drawn),
        precision=stopping.outcome() if isinstance(stopping, Stopping) else None,
        settling=stopping.outcome() if isinstance(stopping, Settling) else None,
        started=started,
        seconds=time.perf_counter() - began,
    )
    return Results(
        manifest,
        tuple(_replications(name, outcomes) for name, outcomes in zip(names, kept, strict=True)),
        JourneyParts(parts, folder) if parts else None,
        tuple(failure.trace for failure in failures),
        drawn=tuple(drawn[key] for key in sorted(complete) if key in drawn),
    )


def _tasks(
    scenarios: Sequence[LoadedScenario],
    names: Sequence[str],
    options: RunOptions,
    most: int,
    folder: Scratch,
    settings: Sequence[Settings],
    journeys_of: int | None,
) -> tuple[list[Task], dict[tuple[int, int], Drawn], list[Outcome]]:
    """The tasks, what their uncertain figures are, and those whose figures, once drawn, do not go together."""
    tasks: list[Task] = []
    drawn: dict[tuple[int, int], Drawn] = {}
    impossible: list[Outcome] = []
    # Replications outermost: those that are complete when a run is stopped have every scenario.
    for replication in range(most):
        for position, loaded in enumerate(scenarios):
            kept = journeys_of is None or position < journeys_of
            part = _part(folder.path, position, replication, options.journeys if kept else "none")
            name, scenario = names[position], loaded.scenario
            undrawn = Task(position, replication, name, scenario, options.seed, part, options.simulate)
            task: Task | Outcome = undrawn
            if settings[position] or (options.uncertainty and loaded.uncertain):
                mine = draw(loaded, options.seed, replication, name, settings[position], options.uncertainty)
                drawn[position, replication] = mine
                task = drawn_task(undrawn, loaded, mine)
            if isinstance(task, Task):
                tasks.append(task)
            else:
                impossible.append(task)
    return tasks, drawn, impossible


@dataclass(frozen=True)
class _Gathered:
    """Outcomes, and why there are no more: Ctrl-C, or machines that are lost."""

    outcomes: list[Outcome]
    interrupted: bool = False
    lost: LostError | None = None


def _gather(
    executor: executors.Executor,
    tasks: Sequence[Task],
    progress: Progress | None,
    stopping: Stopping | Settling | None,
    impossible: Sequence[Outcome],
) -> _Gathered:
    """Collect outcomes until all are there, figures are precise enough, or the run is stopped."""
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
                if stopping is not None and _enough(stopping, outcome):
                    break  # closing the outcomes stops what is still running
                if progress is not None:
                    progress(
                        len(done), len(tasks) if stopping is None else max(stopping.planned * scenarios, len(done))
                    )
    except KeyboardInterrupt:
        return _Gathered(done, interrupted=True)
    except LostError as error:
        return _Gathered(done, lost=error)
    return _Gathered(done)


def _enough(stopping: Stopping | Settling, outcome: Outcome) -> bool:
    """Note an outcome and say whether to stop."""
    measured = outcome.measured
    if isinstance(stopping, Settling):
        return stopping.enough(outcome.position, outcome.replication, measured)
    if measured is None:
        return stopping.enough(outcome.position, outcome.replication, None)
    aims = np.array([measured.value(aim.measure) for aim in stopping.precision.aims], dtype=np.float64)
    return stopping.enough(outcome.position, outcome.replication, aims, measured.referrals)


def _replications(name: str, outcomes: Sequence[Outcome]) -> Replications:
    measured = [outcome.measured for outcome in outcomes if outcome.measured is not None]
    replications = tuple(outcome.replication for outcome in outcomes)
    values = np.stack([each.values for each in measured])
    stocks = tuple(each.stocks for each in measured)
    referrals = Referrals.of(measured[0].months, [each.referrals for each in measured])
    causes = [each.causes for each in measured if each.causes is not None]
    return Replications.gathered(
        name, measured[0].rows, replications, values, stocks, referrals, causes, measured[0].flow
    )


def _part(folder: Path, position: int, replication: int, journeys: Kept) -> Path | None:
    if journeys == "none" or (journeys == "first" and replication > 0):
        return None
    return folder / file_name(f"{position:04d}-{replication:06d}.parquet")


def _unique(names: Sequence[str]) -> list[str]:
    """Names as they are, with -2, -3 … after the first of several that are the same."""
    unique: list[str] = []
    for name in names:
        number, other = 2, name
        while other in unique:
            other, number = f"{name}-{number}", number + 1
        unique.append(other)
    return unique


def _nothing(names: Sequence[str], kept: Sequence[Sequence[Outcome]], failures: Sequence[Outcome]) -> RunError:
    empty = next(name for name, outcomes in zip(names, kept, strict=True) if not outcomes)
    first = next(failure for failure in failures if names[failure.position] == empty)
    error = ReplicationsFailedError(f"no replication of {empty} came out; the first error is: {first.error}")
    error.add_note(first.trace)
    return error
