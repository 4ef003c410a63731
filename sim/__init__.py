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

    from sim.experiment.analysis.stopping import Precision
    from sim.experiment.results.journeys import Kept
    from sim.experiment.results.results import Results
    from sim.experiment.running.runner import Progress
    from sim.scenario.reading.loader import LoadedScenario

    __version__: str

__all__ = ["__version__", "compare", "explain", "load", "run"]


def load(path_or_name: str | Path, /, **overrides: Any) -> LoadedScenario:
    """Load a scenario by the path of its file or the name of a shipped one.

    Overrides name a value by its path, with two underscores for each dot: `demand__referrals_a_year=7000`.

    Raises:
        ScenarioError: holding one problem for each thing that is wrong.
    """
    from sim.scenario import load as load_scenario

    return load_scenario(path_or_name, overrides)


def run(
    scenario: LoadedScenario | str | Path,
    replications: int = 10,
    seed: int = 1,
    workers: int = 1,
    *,
    progress: Progress | None = None,
    journeys: Kept = "all",
    precision: str | Sequence[str] = (),
    max_replications: int = 200,
    uncertainty: bool = True,
    ensemble: bool = False,
    controls: bool | None = None,
) -> Results:
    """Run replications of a scenario (or of the one that a path or name stands for).

    With several `workers` call it from a script's `if __name__ == "__main__":` part; results do not depend on
    how many there are. `journeys` is `all`, `first` (replication) or `none`. `precision`, such as
    `"assessments_open=5%"` or `"unallocated=20"`, takes the place of `replications`: it runs until the intervals are
    so narrow, or `max_replications`. With `uncertainty` figures that are ranges are drawn for each replication, and
    with `ensemble` one of the settings of the calibration that the scenario names. `controls` takes the luck of
    referrals out of means and differences; by default with `precision` only.

    Raises:
        ScenarioError: when a path or name does not stand for a sound scenario.
        RunError: when no replication came out, or a precision cannot be read.
    """
    from sim.experiment.running.runner import run as run_scenario

    return run_scenario(
        _loaded(scenario), replications, seed, workers, progress,
        journeys=journeys, precision=_precision(precision, max_replications), uncertainty=uncertainty,
        ensemble=ensemble, controls=controls,
    )  # fmt: skip


def compare(
    baseline: LoadedScenario | str | Path,
    *scenarios: LoadedScenario | str | Path,
    replications: int = 10,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
    journeys: Kept = "all",
    precision: str | Sequence[str] = (),
    max_replications: int = 200,
    uncertainty: bool = True,
    ensemble: bool = False,
    controls: bool | None = None,
) -> Results:
    """Run a baseline and one or more scenarios on the same simulated children; otherwise as `run`.

    Raises:
        RunError: also when the periods of the scenarios differ.
    """
    from sim.experiment.running.runner import compare as compare_scenarios

    others = [_loaded(scenario) for scenario in scenarios]
    return compare_scenarios(
        _loaded(baseline), others, replications, seed, workers, progress,
        journeys=journeys, precision=_precision(precision, max_replications), uncertainty=uncertainty,
        ensemble=ensemble, controls=controls,
    )  # fmt: skip


def explain(
    baseline: LoadedScenario | str | Path,
    scenario: LoadedScenario | str | Path,
    replications: int = 10,
    seed: int = 1,
    workers: int = 1,
    *,
    measures: Sequence[str] = (),
    progress: Progress | None = None,
    journeys: Kept = "all",
    uncertainty: bool = True,
    ensemble: bool = False,
) -> Results:
    """Turn the changes from a baseline to a scenario on one by one and together; `explained` of the results says what
    each does. `measures` are those that a report shows.

    Raises:
        RunError: also when nothing differs between the two, or their periods do.
    """
    from sim.experiment.studies.explain import explain as explain_scenario

    return explain_scenario(
        _loaded(baseline), _loaded(scenario), replications, seed, workers, progress,
        measures=measures, journeys=journeys, uncertainty=uncertainty, ensemble=ensemble,
    )  # fmt: skip


def _precision(asked: str | Sequence[str], most: int) -> Precision | None:
    from sim.experiment.analysis.stopping import read_precision

    texts = [asked] if isinstance(asked, str) else list(asked)
    return read_precision(texts, maximum=most) if texts else None


def _loaded(scenario: LoadedScenario | str | Path) -> LoadedScenario:
    from pathlib import Path

    return load(scenario) if isinstance(scenario, str | Path) else scenario


def __getattr__(name: str) -> Any:
    """Look the version up when it is asked for."""
    if name == "__version__":
        from sim.experiment.results.version import product_version

        return product_version()
    raise AttributeError(f"module 'sim' has no attribute '{name}'")
