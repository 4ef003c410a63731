"""Which change of a scenario does what: each turned on alone, each left out, and all together.

A change's own effect is what it does alone on the baseline; its effect last in is what the scenario loses without it.
Where changes help or hinder one another the two differ, and the own effects do not add up to the total: the rest is the
interaction. Baseline, own effects and interaction add up to the scenario in every replication. All runs are of the
same simulated children, so each effect is paired; every interval is Student's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.statistics import clear_of_chance, mean_interval
from sim.experiment.analysis.stopping import Precision, known_measure
from sim.experiment.results.replications import Replications
from sim.experiment.running import executor as executors
from sim.experiment.running.runner import DEFAULT_REPLICATIONS, DEFAULT_SEED, Progress, RunPlan, run_together
from sim.experiment.studies.scenario_changes import ScenarioChange, ScenarioChanges
from sim.measures.definitions import MEASURES

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results.journeys import Kept
    from sim.experiment.results.results import Results
    from sim.experiment.running.task import Simulate
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
    baseline: LoadedScenario,
    scenario: LoadedScenario,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = DEFAULT_SEED,
    workers: int = 1,
    progress: Progress | None = None,
    executor: executors.Executor | None = None,
    *,
    measures: Sequence[str] = (),
    journeys: Kept = "all",
    scratch: Path | None = None,
    simulate: Simulate | None = None,
    precision: Precision | None = None,
    uncertainty: bool = True,
    ensemble: bool = False,
) -> Results:
    """Run the changes from a baseline to a scenario alone and left out; `Results.explained` says what each does.

    Other arguments as for `run`; the rest of the results is that of the comparison of the two.

    Raises:
        RunError: when nothing differs, the periods do, or a measure is not known.
    """
    chosen = [known_measure(measure) for measure in measures] or list(DEFAULT_MEASURES)
    elements = ScenarioChanges(baseline, scenario)
    every = elements.elements
    sets = [frozenset[ScenarioChange](), frozenset(every)]
    for one in every:
        sets += [frozenset({one}), frozenset(every) - {one}]
    sets = list(dict.fromkeys(sets))
    variants = [replace(elements.having(some), name=_name(baseline, scenario, every, some)) for some in sets]
    plan = RunPlan(replications, seed, journeys, scratch, simulate, precision, uncertainty, ensemble, journeys_of=2)
    found = run_together(variants, plan, executor or executors.choose(workers), progress)
    asked = [*chosen, *(m.id for m in MEASURES.values() if m.headline and m.id not in chosen)]
    table = effects(every, dict(zip(sets, found.ensembles, strict=True)), asked, found.confidence)
    labels = [element.label for element in every]
    names = {ensemble.name for ensemble in found.ensembles[:2]}
    manifest = {
        **found.manifest,
        "scenarios": found.manifest["scenarios"][:2],
        "warnings": [one for one in found.manifest["warnings"] if one["scenario"] in names],
        "explained": {"elements": labels, "measures": chosen, "variants": len(variants)},
    }
    drawn = tuple(one for one in found.drawn if one.scenario in names)
    return replace(found, manifest=manifest, ensembles=found.ensembles[:2], explained=table, drawn=drawn)


def _name(
    base: LoadedScenario, scenario: LoadedScenario, every: Sequence[ScenarioChange], some: frozenset[ScenarioChange]
) -> str:
    if not some:
        return base.name
    if len(some) == len(every):
        return scenario.name
    if len(some) == 1:
        return f"{base.name} with {next(iter(some)).label}"
    return f"{scenario.name} without {next(one for one in every if one not in some).label}"


@dataclass(frozen=True)
class _Row:
    effect: Effect
    element: str
    values: Floats


def effects(
    every: Sequence[ScenarioChange],
    found: dict[frozenset[ScenarioChange], Replications],
    measures: Sequence[str],
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what each element does on each measure in each year and over the whole run; see `EXPLAIN_COLUMNS`.

    `found` holds the runs by the elements that are turned on. Replications that lack the measure in any of them are
    left out, so that effects add up. Simultaneous intervals hold for all own effects and the interaction together.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    shared = sorted(set.intersection(*(set(one.replications) for one in found.values())))
    places = {some: _places(one) for some, one in found.items()}
    periods = dict.fromkeys(period for _, period in places[frozenset()] if " Q" not in period)
    for measure in measures:
        for period in periods:
            key = (measure, period)
            if not all(key in place for place in places.values()):
                continue
            runs = {
                some: one.values[[one.replications.index(r) for r in shared], places[some][key]]
                for some, one in found.items()
            }
            known = np.all([np.isfinite(values) for values in runs.values()], axis=0)
            if known.any():
                whole = {some: values[known] for some, values in runs.items()}
                rows += [(measure, period, *_said(row, confidence, len(every) + 1)) for row in _rows(every, whole)]
    table = pd.DataFrame(rows, columns=list(EXPLAIN_COLUMNS))
    table["clear_of_chance"] = table["clear_of_chance"].astype("boolean")
    return table


def _rows(every: Sequence[ScenarioChange], runs: dict[frozenset[ScenarioChange], Floats]) -> list[_Row]:
    nothing, everything = runs[frozenset()], runs[frozenset(every)]
    own = [_Row("own", one.label, runs[frozenset({one})] - nothing) for one in every]
    last = [_Row("last in", one.label, everything - runs[frozenset(every) - {one}]) for one in every]
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


def _said(row: _Row, confidence: float, comparisons: int) -> tuple[object, ...]:
    low, high = mean_interval(row.values, confidence)
    wide_low, wide_high = mean_interval(row.values, 1.0 - (1.0 - confidence) / comparisons)
    level = row.effect in ("baseline", "scenario")
    clear = None if level or not np.isfinite(wide_low) else bool(clear_of_chance(wide_low, wide_high))
    mean = float(row.values.mean())
    return row.effect, row.element, mean, low, high, wide_low, wide_high, clear, len(row.values)


def _places(ensemble: Replications) -> dict[tuple[str, str], int]:
    keys = zip(ensemble.rows.measures, ensemble.rows.periods, ensemble.rows.breakdowns, strict=True)
    return {(m, period): place for place, (m, period, breakdown) in enumerate(keys) if breakdown == "all"}
