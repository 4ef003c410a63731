"""Front Door: a simulator of children's social care demand, capacity, delay and drift for English councils.

In a notebook::

    import sim

    base = sim.load("croydon-2017")
    surge = sim.load("croydon-surge", demand__referrals_a_year=7000)
    results = sim.compare(base, surge, replications=10)
    results.summary, results.differences      # pandas frames
    results.figures()                         # Plotly figures
    results.save("outputs/mine")

Everything that comes out is simulated. Nothing heavy is imported until it is used.
"""

from __future__ import annotations

from os.path import exists
from typing import TYPE_CHECKING, Any

if exists(__file__.replace("__init__.py", "compiled.json")):  # noqa: PTH110 (pathlib takes longer than all the rest)
    from sim.compiled import settle

    settle()

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.experiment.results.results import Results
    from sim.experiment.running.options import RunOptions
    from sim.experiment.studies.sensitivity import Method, Sensitivity
    from sim.experiment.studies.solve import Solution
    from sim.experiment.studies.sweep import Sweep
    from sim.official.backtest.run import Backtest
    from sim.official.calibrate.search import Calibration
    from sim.official.making.baseline import Baseline
    from sim.returns.from_returns import FromReturns
    from sim.scenario.reading.loader import LoadedScenario

    __version__: str

__all__ = [
    "RunOptions", "__version__", "backtest", "baseline", "calibrate", "compare", "explain", "from_returns", "load",
    "load_results", "new", "run", "sensitivity", "solve", "sweep",
]  # fmt: skip


def load(path_or_name: str | Path, /, **overrides: Any) -> LoadedScenario:
    """Load a scenario by the path of its file or the name of a shipped one.

    Overrides name a value by its path, with two underscores for each dot: `demand__referrals_a_year=7000`.

    Raises:
        ScenarioError: holding one problem for each thing that is wrong.
    """
    from sim.scenario import load as load_scenario

    return load_scenario(path_or_name, overrides)


def new(name: str, folder: str | Path = ".", /, **answers: Any) -> Path:
    """Write a commented scenario to `NAME.yaml` in a folder, and return the file.

    Answers by keyword: `council` (`croydon`, `rutland`, `surrey`, `wirral` or `england`), `referrals` (children a
    year), `workers` and `newly_qualified` (heads), `cap` (children), `surge` (0.4 is +40%).

    Raises:
        ScenarioError: when the file is there already, or the answers do not go together.
    """
    from sim.scenario.new_scenario import Answers
    from sim.scenario.new_scenario import new as write_scenario

    return write_scenario(name, Answers(**answers), folder)


def run(scenario: LoadedScenario | str | Path, options: RunOptions | None = None, /, **keywords: Any) -> Results:
    """Run replications of a scenario, or of the scenario that a path or name stands for.

    Options are the fields of `sim.RunOptions`, as keyword arguments or together. With several `workers`, call it from
    the part of a script below `if __name__ == "__main__":`; results do not depend on how many there are.

    Raises:
        ScenarioError: when a path or name does not stand for a sound scenario.
        RunError: when no replication came out, or a precision cannot be read.
        TypeError: when a keyword is no option.
    """
    from sim.experiment.running.runner import run as run_scenario

    return _presented(run_scenario(_loaded(scenario), options, **keywords))


def compare(
    baseline: LoadedScenario | str | Path,
    *scenarios: LoadedScenario | str | Path,
    options: RunOptions | None = None,
    **keywords: Any,
) -> Results:
    """Run a baseline and one or more scenarios on the same simulated children; otherwise as `run`.

    Raises:
        RunError: also when the periods of the scenarios differ.
    """
    from sim.experiment.running.runner import compare as compare_scenarios

    others = [_loaded(scenario) for scenario in scenarios]
    return _presented(compare_scenarios(_loaded(baseline), others, options, **keywords))


def explain(
    baseline: LoadedScenario | str | Path,
    scenario: LoadedScenario | str | Path,
    options: RunOptions | None = None,
    /,
    **keywords: Any,
) -> Results:
    """Turn the changes from a baseline to a scenario on one by one and together; `explained` of the results holds what
    each does. `measures` are those that a report shows; other options as for `run`.

    Raises:
        RunError: also when nothing differs between the two, or their periods do.
    """
    from sim.experiment.studies.explain import explain as explain_scenario

    return _presented(explain_scenario(_loaded(baseline), _loaded(scenario), options, **keywords))


def sweep(
    scenario: LoadedScenario | str | Path,
    vary: str | Sequence[str],
    out: str | Path,
    *,
    points: int | None = None,
    **keywords: Any,
) -> Sweep:
    """Run a scenario at many settings and write them to the folder `out`; a sweep that was stopped goes on there.

    `vary` is written as on the command line: `"demand.referrals_a_year=4000:6000:500"`. With `points` the settings are
    a Latin hypercube, else every combination. Keywords are `replications`, `seed`, `measures`, `workers`, `executor`
    and `progress`.

    Raises:
        ScenarioError: when a path or a value does not fit the scenario.
        RunError: when nothing is varied, or there are too many settings.
        ResultsError: when `out` holds something else, or another sweep.
    """
    from pathlib import Path

    from sim.experiment.studies.sweep import sweep as sweep_scenario
    from sim.experiment.studies.vary import grid, latin, read_axes

    options = _study_options(keywords, "measures", "replications")
    loaded = _loaded(scenario)
    axes = read_axes(loaded, [vary] if isinstance(vary, str) else vary)
    chosen = grid(axes) if points is None else latin(axes, points, options.seed)
    return sweep_scenario(
        loaded, axes, chosen, Path(out), options.runs_on(), design="grid" if points is None else "latin",
        replications=options.replications or 10, seed=options.seed, measures=options.measures,
        progress=options.progress,
    )  # fmt: skip


def solve(
    scenario: LoadedScenario | str | Path,
    vary: str | Sequence[str],
    targets: str | Sequence[str],
    *,
    minimise: str = "cost_total",
    chance: str = "80%",
    period: str | None = None,
    most: int = 40,
    **keywords: Any,
) -> Solution:
    """Find the cheapest setting of a scenario that meets every target in a share of runs.

    `vary` and `targets` are written as on the command line: `"teams.assessment.social_workers=30:70"` and
    `"assessments_45wd_pct>=85"`. `period` is a reporting year, by default the last full one; `most` is how many runs a
    setting may have. Keywords are `seed`, `workers`, `executor` and `progress`.

    Raises:
        ScenarioError: when a path, measure or period does not exist.
        RunError: when a target or chance cannot be read, or there are too many settings.
    """
    from sim.experiment.studies.points import check_measures, check_period, last_full_year
    from sim.experiment.studies.solve import Question
    from sim.experiment.studies.solve import solve as solve_scenario
    from sim.experiment.studies.solve_targets import read_chance, read_targets
    from sim.experiment.studies.vary import read_axes

    options = _study_options(keywords)
    loaded = _loaded(scenario)
    required = read_targets([targets] if isinstance(targets, str) else targets)
    check_measures([minimise], "minimise")
    when = period or last_full_year(loaded.scenario)
    check_period(loaded.scenario, when)
    axes = read_axes(loaded, [vary] if isinstance(vary, str) else vary)
    question = Question(required, minimise, read_chance(chance), when, most)
    return solve_scenario(
        loaded, axes, question, options.runs_on(), seed=options.seed, progress=options.progress
    )  # fmt: skip


def sensitivity(
    scenario: LoadedScenario | str | Path,
    measure: str,
    *,
    ranges: Sequence[str] = (),
    method: Method = "morris",
    samples: int | None = None,
    period: str | None = None,
    replications: int = 5,
    **keywords: Any,
) -> Sensitivity:
    """Find which uncertain figures of a scenario move a measure most, by Morris's screening or Sobol's shares.

    The figures are those that the scenario writes as ranges, and `ranges` such as `"demand.referrals_a_year=400:600"`.
    Keywords are `seed`, `workers`, `executor` and `progress`.

    Raises:
        ScenarioError: when a path, measure or period does not exist.
        RunError: when there are no ranges, or SALib is not installed.
    """
    from sim.experiment.studies.points import check_measures, check_period, last_full_year
    from sim.experiment.studies.sensitivity import default_samples, read_ranges
    from sim.experiment.studies.sensitivity import sensitivity as analyse

    options = _study_options(keywords)
    check_measures([measure])
    loaded = _loaded(scenario)
    when = period or last_full_year(loaded.scenario)
    check_period(loaded.scenario, when)
    return analyse(
        loaded, read_ranges(loaded, ranges), measure, when, options.runs_on(), method=method,
        samples=samples or default_samples(method), replications=replications, seed=options.seed,
        progress=options.progress,
    )  # fmt: skip


def load_results(folder: str | Path) -> Results:
    """Read the folder of a run, a comparison or an explanation.

    Raises:
        ResultsError: when it is not one, a file in it is missing or damaged, or a newer version wrote it.
    """
    from sim.experiment.results.results import load_results as load_folder

    return _presented(load_folder(folder))


def baseline(area: str, year: int | None = None, *, data: str | Path, **wanted: Any) -> Baseline:
    """Make a scenario of a council from the published statistics in the folder `data`; `text` of it is the file.

    `year` is the year in which the reporting year ends, by default the latest. `wanted` are further fields of
    `sim.official.making.council_figures.Wanted`, such as `years`.

    Raises:
        OfficialError: when there is no such council, or its figures are not there.
    """
    from pathlib import Path

    from sim.official.making.baseline import make_baseline
    from sim.official.making.council_figures import Wanted
    from sim.official.published.statistics import Statistics

    statistics = Statistics(Path(data))
    council = statistics.areas.find(area, year)
    latest = max(statistics.years("c1", council), default=0)
    return make_baseline(statistics, Wanted(council, latest if year is None else year, **wanted))


def from_returns(
    *,
    annex_a: str | Path | None = None,
    cin: str | Path | None = None,
    workforce: str | Path | None = None,
    **wanted: Any,
) -> FromReturns:
    """Make a scenario from a council's own returns; any one is enough. `text` of it is the file, `page()` its fits.

    `wanted` are further arguments of `sim.returns.from_returns.from_returns`, such as `as_at`, `data` and `out`.

    Raises:
        ReturnsError: when a file cannot be read at all, or nothing is given.
    """
    from sim.returns.from_returns import from_returns as make

    return make(annex_a=annex_a, cin=cin, workforce=workforce, **wanted)


def calibrate(
    scenario: LoadedScenario | str | Path,
    *,
    data: str | Path,
    area: str | None = None,
    budget: int = 120,
    **keywords: Any,
) -> Calibration:
    """Find the settings of a scenario's free figures that its council's last published year cannot rule out.

    `area` is the council, by default that of the scenario's title; `budget` is how many runs of a year are made.
    Keywords are `seed`, `workers`, `executor` and `progress`.

    Raises:
        OfficialError: when the council's figures are not there.
        RunError: when the scenario as it stands does not run.
    """
    from pathlib import Path

    from sim.official.calibrate.council import calibrate_council
    from sim.official.published.naming import council_of
    from sim.official.published.statistics import Statistics

    options = _study_options(keywords)
    loaded, statistics = _loaded(scenario), Statistics(Path(data))
    council = council_of(loaded, statistics, area)
    found = calibrate_council(
        loaded, statistics, council, budget, options.seed, progress=options.progress, executor=options.runs_on()
    )
    return found.result


def backtest(
    scenario: LoadedScenario | str | Path,
    fit_to: int,
    *,
    data: str | Path,
    area: str | None = None,
    replications: int = 40,
    **keywords: Any,
) -> Backtest:
    """Run a scenario through the year after the last one that it knows, `fit_to`, and score it against what came.

    `area` is the council, by default that of the scenario's title. Keywords are `seed`, `workers`, `executor` and
    `progress`.

    Raises:
        OfficialError: when the scenario does not reach back to `fit_to`, or the council's figures are not there.
        RunError: when no replication came out.
    """
    from pathlib import Path

    from sim.official.backtest.run import backtest as score
    from sim.official.published.naming import council_of
    from sim.official.published.statistics import Statistics

    options = _study_options(keywords)
    loaded, statistics = _loaded(scenario), Statistics(Path(data))
    council = council_of(loaded, statistics, area, fit_to)
    return score(
        loaded, statistics, council, fit_to, fit_to + 1, replications, options.seed, progress=options.progress,
        executor=options.runs_on(),
    )  # fmt: skip


def _study_options(keywords: dict[str, Any], *more: str) -> RunOptions:
    """The options of a study; TypeError for those of a run that it does not have."""
    from sim.experiment.running.options import RunOptions

    known = ("seed", "workers", "executor", "progress", *more)
    unknown = next((name for name in keywords if name not in known), None)
    if unknown is not None:
        raise TypeError(f"there is no option '{unknown}' here; options are {', '.join(sorted(known))}")
    return RunOptions(**keywords)


def _loaded(scenario: LoadedScenario | str | Path) -> LoadedScenario:
    from pathlib import Path

    return load(scenario) if isinstance(scenario, str | Path) else scenario


def _presented(results: Results) -> Results:
    """The results, able to make their figures and their report: the report layer knows results, not the reverse."""
    from sim import report

    return results.presented_by(report)


def __getattr__(name: str) -> Any:
    """Look up what takes time to import, or to find out, when it is asked for."""
    if name == "__version__":
        from sim.experiment.results.version import product_version

        return product_version()
    if name == "RunOptions":
        from sim.experiment.running.options import RunOptions

        return RunOptions
    raise AttributeError(f"module 'sim' has no attribute '{name}'")
