"""Which change of a scenario does what: each turned on alone, each left out, and all together.

A change's own effect is what it does alone on the baseline; its effect last in is what the scenario loses without it.
Where changes help or hinder one another the two differ, and the own effects do not add up to the total: the rest is the
interaction. Baseline, own effects and interaction add up to the scenario in every replication. All runs are of the
same simulated children, so each effect is paired; every interval is Student's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.statistics import clear_of_chance, mean_interval
from sim.experiment.analysis.stopping import known_measure
from sim.experiment.results.manifest import Explained
from sim.experiment.results.replications import Replications
from sim.experiment.running.options import RunOptions
from sim.experiment.running.runner import run_together
from sim.experiment.studies.scenario_changes import ScenarioChange, ScenarioChanges
from sim.measures.definitions import MEASURES

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results.results import Results
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["DEFAULT_MEASURES", "EXPLAIN_COLUMNS", "Effect", "effects", "explain"]

Floats = NDArray[np.float64]
Effect = Literal["baseline", "own", "last in", "interaction", "total", "scenario"]

DEFAULT_MEASURES: Final = (
    "assessments_open_over_45wd", "unallocated", "assessments_45wd_pct", "allocation_wait_p90_wd", "cin_open_over_12m",
)  # fmt: skip
"""Measures that are shown where none is named; the table holds every headline measure."""
EXPLAIN_COLUMNS = (
    "measure", "period", "effect", "element", "value", "ci95_low", "ci95_high", "simultaneous_low",
    "simultaneous_high", "clear_of_chance", "replications",
)  # fmt: skip


def explain(
    baseline: LoadedScenario, scenario: LoadedScenario, options: RunOptions | None = None, /, **keywords: Any
) -> Results:
    """Run the changes from a baseline to a scenario alone and left out; `Results.explained` says what each does.

    Options as for `run`; `measures` are those that a report shows. The rest of the results is that of the comparison of
    the two, without control variates.

    Raises:
        RunError: when nothing differs, the periods do, or a measure is not known.
    """
    options = replace(RunOptions.of(options, keywords), controls=False)
    chosen = [known_measure(measure) for measure in options.measures] or list(DEFAULT_MEASURES)
    changes = ScenarioChanges(baseline, scenario)
    every = changes.elements
    sets = [frozenset[ScenarioChange](), frozenset(every)]
    for change in every:
        sets += [frozenset({change}), frozenset(every) - {change}]
    sets = list(dict.fromkeys(sets))
    variants = [replace(changes.having(some), name=_name(baseline, scenario, every, some)) for some in sets]
    results = run_together(variants, options, journeys_of=2)
    shown = [*chosen, *(m.id for m in MEASURES.values() if m.headline and m.id not in chosen)]
    table = effects(every, dict(zip(sets, results.by_scenario, strict=True)), shown, results.confidence)
    names = {replications.name for replications in results.by_scenario[:2]}
    manifest = results.manifest.model_copy(
        update={
            "scenarios": results.manifest.scenarios[:2],
            "warnings": tuple(each for each in results.manifest.warnings if each.scenario in names),
            "explained": Explained(
                elements=tuple(change.label for change in every), measures=tuple(chosen), variants=len(variants)
            ),
        }
    )
    drawn = tuple(each for each in results.drawn if each.scenario in names)
    return replace(results, manifest=manifest, by_scenario=results.by_scenario[:2], explained=table, drawn=drawn)


def _name(
    base: LoadedScenario, scenario: LoadedScenario, every: Sequence[ScenarioChange], some: frozenset[ScenarioChange]
) -> str:
    if not some:
        return base.name
    if len(some) == len(every):
        return scenario.name
    if len(some) == 1:
        return f"{base.name} with {next(iter(some)).label}"
    return f"{scenario.name} without {next(change for change in every if change not in some).label}"


@dataclass(frozen=True)
class _Row:
    effect: Effect
    element: str
    values: Floats


def effects(
    every: Sequence[ScenarioChange],
    results: dict[frozenset[ScenarioChange], Replications],
    measures: Sequence[str],
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what each change does on each measure in each year and over the whole run; see `EXPLAIN_COLUMNS`.

    `results` holds the runs by the changes that are turned on. Replications that lack the measure in any of them are
    left out, so that effects add up. Simultaneous intervals hold for all own effects and the interaction together.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    shared = Replications.shared(results.values())
    periods = dict.fromkeys(period for _, period in results[frozenset()].columns if " Q" not in period)
    for measure in measures:
        for period in periods:
            runs = {some: each.runs(measure, period, shared) for some, each in results.items()}
            whole = {some: values for some, values in runs.items() if values is not None}
            if len(whole) < len(runs):
                continue
            known = np.all([np.isfinite(values) for values in whole.values()], axis=0)
            if known.any():
                whole = {some: values[known] for some, values in whole.items()}
                rows += [(measure, period, *_cells(row, confidence, len(every) + 1)) for row in _rows(every, whole)]
    table = pd.DataFrame(rows, columns=list(EXPLAIN_COLUMNS))
    table["clear_of_chance"] = table["clear_of_chance"].astype("boolean")
    return table


def _rows(every: Sequence[ScenarioChange], runs: dict[frozenset[ScenarioChange], Floats]) -> list[_Row]:
    nothing, everything = runs[frozenset()], runs[frozenset(every)]
    own = [_Row("own", change.label, runs[frozenset({change})] - nothing) for change in every]
    last = [_Row("last in", change.label, everything - runs[frozenset(every) - {change}]) for change in every]
    total = everything - nothing
    rest = total - np.sum([row.values for row in own], axis=0)
    return [
        _Row("baseline", "", nothing),
        *own,
        _Row("interaction", "", rest),
        _Row("scenario", "", everything),
        _Row("total", "", total),
        *last,
    ]


def _cells(row: _Row, confidence: float, comparisons: int) -> tuple[object, ...]:
    low, high = mean_interval(row.values, confidence)
    wide_low, wide_high = mean_interval(row.values, 1.0 - (1.0 - confidence) / comparisons)
    level = row.effect in ("baseline", "scenario")
    clear = None if level or not np.isfinite(wide_low) else bool(clear_of_chance(wide_low, wide_high))
    mean = float(row.values.mean())
    return row.effect, row.element, mean, low, high, wide_low, wide_high, clear, len(row.values)
