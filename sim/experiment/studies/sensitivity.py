"""Which uncertain figure moves a measure most: Morris's screening, or Sobol's shares of variance, by SALib.

Every point is run on the same simulated children, so that what differs between points is the figures and not chance,
and the measure of a point is the mean of its replications.

Morris, "Factorial sampling plans for preliminary computational experiments", 1991, with the mean of absolute effects of
Campolongo and others, 2007; Saltelli and others, "Variance based sensitivity analysis of model output", 2010.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.experiment.errors import RunError
from sim.experiment.results.table_files import read_table
from sim.experiment.running.executor import Executor
from sim.experiment.studies import study_folder
from sim.experiment.studies.manifests import PointFailure, SensitivityManifest, VariedFigure, begun
from sim.experiment.studies.points import Point, Points
from sim.experiment.studies.vary import read_axes
from sim.scenario.uncertainty.uncertain_figure import UncertainFigure

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.running.task import Simulate
    from sim.scenario.reading.loader import LoadedScenario

__all__ = [
    "FILES",
    "KIND",
    "Method",
    "Sensitivity",
    "default_samples",
    "load_sensitivity",
    "read_ranges",
    "save_sensitivity",
    "sensitivity",
]

Method = Literal["morris", "sobol"]
Floats = NDArray[np.float64]

KIND = "sensitivity"
LEVELS = 4
"""Values that Morris's design takes of each figure: its low end, two between, its high end."""
FILES = {
    "README.txt": "this list",
    "manifest.json": "what was asked: version, scenario in full, ranges, design, seed",
    "sensitivity.csv": "each uncertain figure and how far it moves the measure",
    "sensitivity.parquet": "the same, with every figure in full",
    "runs.parquet": "each run of each point of the design",
    "report.html": "the report: open it in a browser; it needs no connection",
}


@dataclass(frozen=True)
class Sensitivity:
    """What came out. `table` has one row for each figure, the most telling first; `runs` one for each run.

    Morris: `effect` is the mean change of the measure as the figure goes from its low to its high end, `size` the mean
    of its absolute value (mu*) with `low95` and `high95`, `varies` (sigma) how much it differs with the other figures.
    Sobol: `size` is the share of the measure's variance that would go if the figure were known (total effect), and
    `alone` the share that it explains by itself, each with its interval.
    """

    manifest: SensitivityManifest
    table: pd.DataFrame
    runs: pd.DataFrame


def read_ranges(loaded: LoadedScenario, given: Sequence[str]) -> tuple[UncertainFigure, ...]:
    """The uncertain figures of a scenario, with those of `--range PATH=LOW:HIGH` added or in their place.

    Raises:
        ScenarioError: when a path leads nowhere or an end does not fit.
        RunError: when there are no ranges at all, or one is not a range.
    """
    figures = {figure.path: figure for figure in loaded.uncertain}
    if given:
        for axis, text in zip(read_axes(loaded, given, "--range"), given, strict=True):
            if axis.range is None or text.count(":") != 1:
                raise RunError(f"--range '{text}' is not a range; write PATH=LOW:HIGH")
            figures[axis.path] = axis.range
    if not figures:
        raise RunError(
            f"{loaded.name} has no figure with a range; write one as {{low: …, high: …}}, or give --range PATH=LOW:HIGH"
        )
    return tuple(figures.values())


def sensitivity(
    scenario: LoadedScenario,
    figures: Sequence[UncertainFigure],
    measure: str,
    period: str,
    executor: Executor,
    *,
    method: Method = "morris",
    samples: int = 10,
    replications: int = 5,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
    simulate: Simulate | None = None,
) -> Sensitivity:
    """Run the design and analyse it.

    `samples` is Morris's number of trajectories, each one point more than there are figures, or Sobol's base number,
    a power of two, of which there are two more times than there are figures.

    Raises:
        RunError: when SALib is not installed, a point has no run, or the measure is missing at one.
    """
    began, started = time.perf_counter(), datetime.now(UTC)
    design = _design(figures, method, samples, seed)
    points = [
        Point(n, {figure.path: figure.quantile(float(u)) for figure, u in zip(figures, row, strict=True)})
        for n, row in enumerate(design)
    ]
    runner = Points(scenario, seed, executor, [measure], simulate, progress)
    values = np.full((len(points), replications), np.nan)
    errors: dict[tuple[int, int], str] = {}
    for run in runner.run((point, replication) for replication in range(replications) for point in points):
        values[run.point, run.replication] = run.value(measure, period)
        if run.error is not None:
            errors[run.point, run.replication] = run.error
    answers = _means(values, points, errors, measure, period)
    table = _analysed(figures, method, design, answers, seed)
    between = values - np.nanmean(values, axis=0)
    manifest = SensitivityManifest(
        **begun(scenario, seed, started),
        method=method,
        measure=measure,
        period=period,
        figures=tuple(
            VariedFigure(path=figure.path, low=figure.low, high=figure.high, distribution=figure.distribution)
            for figure in figures
        ),
        samples=samples,
        points=len(points),
        replications=replications,
        mean=float(answers.mean()),
        lowest=float(answers.min()),
        highest=float(answers.max()),
        chance=float(np.nanmean(np.nanstd(between, axis=1))) if replications > 1 else None,
        failures=tuple(PointFailure(point=p, replication=r, error=error) for (p, r), error in sorted(errors.items())),
        seconds=round(time.perf_counter() - began, 2),
    )
    return Sensitivity(manifest, table, _runs(points, values, errors, measure))


def default_samples(method: Method) -> int:
    """Morris's trajectories, or Sobol's base number, where none is asked for."""
    return 10 if method == "morris" else 64


def save_sensitivity(analysis: Sensitivity, out: Path) -> None:
    """Write the folder but for its report, which the report layer adds.

    Raises:
        ResultsError: when `out` holds something else, or cannot be written.
    """
    tables = {"sensitivity": analysis.table, "runs": analysis.runs}
    study_folder.save_study(out, KIND, FILES, analysis.manifest, tables)


def load_sensitivity(folder: Path) -> Sensitivity:
    """Read the folder of a sensitivity analysis.

    Raises:
        ResultsError: when it is not one, or a file in it is missing or damaged.
    """
    manifest = SensitivityManifest.read(folder)
    own = ("effect", "varies") if manifest.method == "morris" else ("alone", "alone_low95", "alone_high95")
    figures = ("size", "low95", "high95", *own)
    return Sensitivity(
        manifest,
        read_table(folder / "sensitivity.parquet", ("figure", "low", "high", *figures), figures=figures),
        read_table(folder / "runs.parquet", ("point", "value"), figures=("value",)),
    )


def _design(figures: Sequence[UncertainFigure], method: Method, samples: int, seed: int) -> Floats:
    """Points as shares of each figure's distribution, shape (points, figures)."""
    _installed()
    if method == "morris":
        from SALib.sample.morris import sample

        design = sample(_problem(figures), samples, num_levels=LEVELS, seed=_seed(seed, "sensitivity design"))
    else:
        from SALib.sample.sobol import sample

        if samples & (samples - 1):
            raise RunError(f"--samples {samples}: Sobol's design needs a power of two, such as 64")
        design = sample(_problem(figures), samples, calc_second_order=False, seed=_seed(seed, "sensitivity design"))
    return np.asarray(design, dtype=np.float64)


def _analysed(
    figures: Sequence[UncertainFigure], method: Method, design: Floats, answers: Floats, seed: int
) -> pd.DataFrame:
    """One row for each figure, the most telling first."""
    import pandas as pd

    shuffled = _seed(seed, "sensitivity interval")
    columns: dict[str, Any] = {
        "figure": [figure.path for figure in figures],
        "low": [str(figure.low) for figure in figures],
        "high": [str(figure.high) for figure in figures],
    }
    if np.ptp(answers) == 0:  # SALib divides by the variance
        none = np.zeros(len(figures))
        names = ("effect", "size", "low95", "high95", "varies") if method == "morris" else (
            "size", "low95", "high95", "alone", "alone_low95", "alone_high95")  # fmt: skip
        return pd.DataFrame(columns | dict.fromkeys(names, none))
    if method == "morris":
        from SALib.analyze.morris import analyze

        morris = analyze(_problem(figures), design, answers, num_levels=LEVELS, seed=shuffled)
        size, half = np.asarray(morris["mu_star"], dtype=float), np.asarray(morris["mu_star_conf"], dtype=float)
        columns |= {"effect": np.asarray(morris["mu"], dtype=float), "size": size}
        columns |= {"low95": np.maximum(size - half, 0.0), "high95": size + half, "varies": np.asarray(morris["sigma"])}
    else:
        from SALib.analyze.sobol import analyze

        sobol = analyze(_problem(figures), answers, calc_second_order=False, seed=shuffled)
        for name, key, prefix in (("size", "ST", ""), ("alone", "S1", "alone_")):
            share, half = np.asarray(sobol[key], dtype=float), np.asarray(sobol[f"{key}_conf"], dtype=float)
            columns |= {name: share, f"{prefix}low95": share - half, f"{prefix}high95": share + half}
    return pd.DataFrame(columns).sort_values("size", ascending=False, kind="stable").reset_index(drop=True)


def _installed() -> None:
    try:
        import SALib  # noqa: F401
    except ImportError:
        raise RunError(
            "a sensitivity analysis needs the library SALib; install it with: pip install 'frontdoor-sim[sensitivity]'"
        ) from None


def _problem(figures: Sequence[UncertainFigure]) -> dict[str, Any]:
    names = [figure.path for figure in figures]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _seed(seed: int, name: str) -> int:
    from sim.streams import Streams

    return int(Streams(seed, 0).generator(name).integers(2**31))


def _means(
    values: Floats, points: Sequence[Point], errors: dict[tuple[int, int], str], measure: str, period: str
) -> Floats:
    """The measure at each point: the mean of replications that every point has, so that all have the same children."""
    for point in points:
        if np.isnan(values[point.number]).all():
            first = next((error for (number, _), error in errors.items() if number == point.number), None)
            at = ", ".join(f"{path}={value}" for path, value in point.values.items())
            wrong = f"nothing to measure ({measure}, {period})" if first is None else first
            raise RunError(f"no run came out at {at}: {wrong}")
    shared = ~np.isnan(values).any(axis=0)
    kept = values[:, shared] if shared.any() else values
    means: Floats = np.nanmean(kept, axis=1)
    return means


def _runs(points: Sequence[Point], values: Floats, errors: dict[tuple[int, int], str], measure: str) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {"point": point.number}
        # As text: a figure with a unit cannot stand in a column of numbers.
        | {path: value if isinstance(value, int | float) else str(value) for path, value in point.values.items()}
        | {"replication": replication, "measure": measure, "value": value}
        | {"error": errors.get((point.number, replication), "")}
        for point in points
        for replication, value in enumerate(values[point.number].tolist())
    ]
    return pd.DataFrame(rows)
