"""Running a back-test: the year after the last that was seen, with the referrals that came and with forecast ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.calendar.periods import reporting_year_label
from sim.official.backtest.change import drifted, with_actual_referrals, with_forecast_referrals, with_slots_for
from sim.official.backtest.drift import Drift, learn
from sim.official.backtest.score import BandScore, Score, band_scores, scores
from sim.official.errors import OfficialError
from sim.official.forecast.combined import Expected, combined
from sim.official.forecast.predictors import PublishedYears
from sim.official.forecast.simulated import mean_changes, outcome_changes, two_years
from sim.official.forecast.weights import Weights
from sim.official.published.areas import Area
from sim.official.published.observed import BAND_TABLES, YARDSTICKS
from sim.official.published.statistics import Statistics
from sim.scenario.uncertainty.free_figures import applied

if TYPE_CHECKING:
    from sim.experiment.running.executor import Executor
    from sim.experiment.running.task import Task
    from sim.scenario.reading.loader import LoadedScenario
    from sim.scenario.schema import Scenario

__all__ = ["Backtest", "Mode", "backtest", "check", "outside_share"]

Progress = Callable[[int, int], None]
ACTUAL, FORECAST = "actual referrals", "forecast referrals"
FIRST_OF_TWO_YEARS = 2
"""Positions from here on hold runs of two years, from which the simulated change is read."""
MOST_TWO_YEARS = 4
"""Replications of them: a change on common draws needs few."""


@dataclass(frozen=True)
class Mode:
    """A back-test with one kind of referrals."""

    name: str
    scores: tuple[Score, ...]
    bands: tuple[BandScore, ...]


@dataclass(frozen=True)
class Backtest:
    """A back-test of a council: what was asked, and how each kind of referrals fared."""

    scenario: str
    area: str
    fit_to: int
    predict: int
    replications: int
    seed: int
    modes: tuple[Mode, ...]
    outside: float
    missing: tuple[str, ...]
    failures: tuple[str, ...] = ()
    """Replications that failed and are left out, one sentence each."""
    changes: Mapping[str, float] = field(default_factory=dict)
    """The simulated change of each measure with the referrals that came, as a logarithm."""
    runs: int = 0
    """Runs that were begun: those of the year foretold, and those of two years on common draws."""


def backtest(
    loaded: LoadedScenario,
    statistics: Statistics,
    area: Area,
    fit_to: int,
    predict: int,
    replications: int = 30,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
    drift: Drift | None = None,
    settings: Sequence[Mapping[str, float]] = (),
    only_actual: bool = False,
    executor: Executor | None = None,
    weights: Weights | None = None,
    published: PublishedYears | None = None,
) -> Backtest:
    """Simulate the year `predict` from what was known in `fit_to`, and score it against what was published.

    `settings` are those of a calibration that fit: replications take them in turn. With `only_actual` nothing is run
    with forecast referrals. `executor` runs the replications in place of `workers` processes; those that fail are left
    out and named in `failures`. With `weights` each score carries the combined forecast, from weights that know no year
    after `fit_to`; `published` spares reading the tables again.

    Raises:
        OfficialError: when the scenario does not reach back to `fit_to`, or the council's figures are missing.
        RunError: when no replication comes out.
    """
    from sim.experiment.running.executor import choose

    check(loaded, statistics, area, fit_to, predict)
    moves = drift or learn(statistics, area, fit_to)
    tasks, outside = _tasks(loaded, statistics, area, fit_to, predict, replications, seed, moves, settings)
    if only_actual:
        tasks = [task for task in tasks if task.position == 0]
    if weights is not None:
        tasks += _two_years(loaded, statistics, area, fit_to, min(replications, MOST_TWO_YEARS), seed, only_actual)
    runs, changes, failures = _run(tasks, predict, executor or choose(workers), progress)
    tables = (published or PublishedYears(statistics)) if weights is not None else None
    ratio = outside_share(loaded.scenario, statistics, area, fit_to)
    modes: list[Mode] = []
    missing: list[str] = []
    for position, name in enumerate((ACTUAL, FORECAST)[: len(runs)]):
        replications_run, values = runs[position]
        # The published count holds assessments of children who were open already; the pathway does not.
        share = outside[position, replications_run]
        values["assessments_completed"] = values["assessments_completed"] + share * values["referrals"]
        expected: dict[str, Expected] = {}
        if weights is not None and tables is not None:
            growth = tables.growth(area, fit_to) if position == 0 else 0.0
            expected = combined(
                tables, weights.for_year(fit_to), area, fit_to, growth, changes.get(FIRST_OF_TWO_YEARS + position)
            )
        lines, missing = scores(statistics, area, fit_to, predict, values, expected)
        modes.append(Mode(name, tuple(lines), tuple(band_scores(statistics, area, fit_to, predict, values))))
    return Backtest(
        loaded.name, area.name, fit_to, predict, replications, seed, tuple(modes), ratio, tuple(missing), failures,
        changes.get(FIRST_OF_TWO_YEARS, {}), len(tasks),
    )  # fmt: skip


def check(loaded: LoadedScenario, statistics: Statistics, area: Area, fit_to: int, predict: int) -> None:
    """See that a back-test can be run before anything is."""
    if predict != fit_to + 1:
        raise OfficialError(
            f"--predict {predict} does not follow --fit-to {fit_to}; a back-test foretells the next year"
        )
    start = loaded.scenario.period.start
    if (start.year, start.month, start.day) > (fit_to, 4, 1):
        raise OfficialError(
            f"{loaded.name} starts on {start}, after {fit_to}-04-01: it knows the year it should foretell; make one "
            f"with frontdoor baseline --area '{area.name}' --year {fit_to}"
        )
    for year in (fit_to, predict):
        for topic in ("c1", "c2", "c4", "d1"):
            statistics.need(topic)
            if year not in statistics.years(topic, area):
                raise OfficialError(f"{statistics.file(topic)} has no row of {area.name} in {year}")


def _tasks(
    loaded: LoadedScenario, statistics: Statistics, area: Area, fit_to: int, predict: int, replications: int,
    seed: int, moves: Drift, settings: Sequence[Mapping[str, float]],
) -> tuple[list[Task], NDArray[np.float64]]:  # fmt: skip
    """The runs, and for each position and replication the assessments outside the pathway for each referral."""
    from sim.experiment.running.task import Task

    then, now = (statistics.cell("c1", "referrals", area, year).value for year in (fit_to, predict))
    growth = now / then if then and now else 1.0
    actual = with_slots_for(with_actual_referrals(loaded.scenario, statistics, area, predict), growth)
    tasks: list[Task] = []
    outside = np.zeros((2, replications))
    for replication in range(replications):
        setting = settings[replication % len(settings)] if settings else {}
        given = moves.factors(seed, replication, replications, growth)
        factors = moves.factors(seed, replication, replications)
        level = factors["referrals"]
        forecast = with_forecast_referrals(loaded.scenario, statistics, area, fit_to, predict, level)
        forecast = with_slots_for(forecast, level)
        for position, (scenario, moved) in enumerate(((actual, given), (forecast, factors))):
            changed = drifted(scenario, moved)
            tasks.append(Task(position, replication, loaded.name, applied(changed, setting), seed))
            # All assessments to referrals move together, those of children who were open already too.
            outside[position, replication] = outside_share(changed, statistics, area, fit_to, moved["assessed"])
    return tasks, outside


def _two_years(
    loaded: LoadedScenario, statistics: Statistics, area: Area, fit_to: int, replications: int, seed: int,
    only_actual: bool,
) -> list[Task]:  # fmt: skip
    """Runs of the last year and the next, with actual and with forecast referrals; none where it cannot be run back."""
    from sim.experiment.running.task import Task

    tasks = []
    for mode in range(1 if only_actual else 2):
        scenario = two_years(loaded, statistics, area, fit_to, forecast_referrals=mode == 1)
        if scenario is not None:
            tasks += [
                Task(FIRST_OF_TWO_YEARS + mode, replication, loaded.name, scenario, seed)
                for replication in range(replications)
            ]
    return tasks


def _run(
    tasks: list[Task], predict: int, executor: Executor, progress: Progress | None
) -> tuple[
    dict[int, tuple[list[int], dict[str, NDArray[np.float64]]]], dict[int, dict[str, float]], tuple[str, ...]
]:  # fmt: skip
    """For each position the replications that came out and each measure's values over them; the simulated changes of
    runs of two years; and what failed.
    """
    from sim.experiment.errors import RunError
    from sim.measures.bands import BANDS

    period = reporting_year_label(predict - 1)
    wanted = {"referrals", *(yardstick.measure for yardstick in YARDSTICKS)}
    for table in BAND_TABLES:
        wanted |= set(BANDS[table.id].measures)
    rows: dict[int, dict[int, dict[str, float]]] = {
        task.position: {} for task in tasks if task.position < FIRST_OF_TWO_YEARS
    }
    moved: dict[int, dict[int, dict[str, float]]] = {}
    failures: dict[tuple[int, int], str] = {}
    for done, outcome in enumerate(executor.run(tasks), 1):
        if outcome.measured is None:
            failures[outcome.position, outcome.replication] = f"replication {outcome.replication}: {outcome.error}"
        elif outcome.position >= FIRST_OF_TWO_YEARS:
            moved.setdefault(outcome.position, {})[outcome.replication] = outcome_changes(outcome, predict - 1)
        else:
            rows[outcome.position][outcome.replication] = {
                measure: outcome.measured.value(measure, period) for measure in wanted
            }
        if progress is not None:
            progress(done, len(tasks))
    told = tuple(failures[key] for key in sorted(failures))
    if not all(rows.values()):
        raise RunError(f"no replication of the back-test came out; the first that failed: {told[0]}")
    values = {
        position: (sorted(mine), {measure: np.array([mine[r][measure] for r in sorted(mine)]) for measure in wanted})
        for position, mine in rows.items()
    }
    # In the order of replications: a mean must not depend on which came out first.
    changes = {position: mean_changes([mine[r] for r in sorted(mine)]) for position, mine in moved.items()}
    return values, changes, told


def outside_share(scenario: Scenario, statistics: Statistics, area: Area, fit_to: int, factor: float = 1.0) -> float:
    """Published assessments for each referral, times `factor`, beyond those that the scenario makes of one."""
    completed = statistics.cell("c2", "completed", area, fit_to).value
    referrals = statistics.cell("c1", "referrals", area, fit_to).value
    door = scenario.stages.front_door.outcomes
    if not completed or not referrals:
        return 0.0
    return max(0.0, factor * completed / referrals - door.assessment - door.strategy_discussion)
