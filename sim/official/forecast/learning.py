"""Learning weights over all councils, from the first year up to each later one, and noting where they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sim.official.errors import OfficialError
from sim.official.forecast.learn import SimulatedChanges, learn_weights
from sim.official.forecast.predictors import PublishedYears
from sim.official.forecast.simulated import outcome_changes, two_years
from sim.official.forecast.weights import Weights
from sim.official.making.baseline import load_baseline, make_baseline
from sim.official.making.council_figures import Wanted
from sim.official.published.areas import Area
from sim.official.published.statistics import Statistics

if TYPE_CHECKING:
    from sim.experiment.running.executor import Executor

__all__ = ["all_changes", "learn_sets"]

Changes = tuple[Area, int, Mapping[str, float]]
"""A council, the last year known, and the simulated change of each measure into the year after."""


def learn_sets(
    statistics: Statistics, years: Sequence[int], simulated: SimulatedChanges, today: date | None = None
) -> Weights:
    """One set of weights for each of `years`, learned from the changes into that year and the earlier ones."""
    published = PublishedYears(statistics)
    sets = {
        until: learn_weights(published, [year for year in years if year <= until], simulated) for until in sorted(years)
    }
    provenance = {
        "source": "DfE, Characteristics of children in need, reporting years "
        f"{min(years) - 2} to {max(years)}, files c1, c2, c4 and d1, Open Government Licence v3.0",
        "councils": sum(
            any(published.figure("referrals", area.key, year) is not None for year in years)
            for area in published.councils
        ),
        "council-years simulated": len({(key, year) for key, year, _ in simulated if year + 1 in years}),
        "learned on": (today or date.today()).isoformat(),
        "method": "robust ridge regression of changes, cross-validated by council; split-conformal ranges",
    }
    return Weights(provenance, sets)


def all_changes(
    statistics: Statistics, years: Sequence[int], executor: Executor, seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[Changes], list[str]]:  # fmt: skip
    """Simulate each council's change into each of `years` once; the second list says what could not be simulated."""
    from sim.experiment.running.task import Task
    from sim.scenario.errors.problems import ScenarioError

    tasks: list[Task] = []
    places: list[tuple[Area, int]] = []
    failures: list[str] = []
    for area in statistics.areas.all():
        for year in years:
            if any(statistics.cell("c1", "referrals", area, at).value is None for at in (year - 1, year)):
                continue
            try:
                loaded = load_baseline(make_baseline(statistics, Wanted(area, year - 1, years=2)))
                scenario = two_years(loaded, statistics, area, year - 1)
            except (OfficialError, ScenarioError) as error:
                failures.append(f"{area.name}, {year}: {str(error).splitlines()[0]}")
                continue
            if scenario is not None:
                tasks.append(Task(len(places), 0, area.name, scenario, seed))
                places.append((area, year - 1))
    rows: dict[int, Changes] = {}
    for done, outcome in enumerate(executor.run(tasks), 1):
        area, fit_to = places[outcome.position]
        if outcome.measured is None:
            failures.append(f"{area.name}, {fit_to + 1}: {outcome.error}")
        else:
            rows[outcome.position] = (area, fit_to, outcome_changes(outcome, fit_to))
        if progress is not None:
            progress(done, len(tasks))
    return [rows[place] for place in sorted(rows)], sorted(failures)
