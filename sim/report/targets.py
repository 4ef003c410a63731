"""The targets of the scenarios, and in how many runs each is met in the last reporting year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiment.analysis.targets import met
from sim.measures.definitions import MEASURES
from sim.report.results_view import WHOLE, ResultsView
from sim.report.scenario_view import ScenarioView
from sim.report.wording import formats

if TYPE_CHECKING:
    from sim.experiment.results.manifest import ScenarioRecord


@dataclass(frozen=True)
class TargetRow:
    """A target in one scenario: what was aimed for, the mean, and the runs that met it, in words."""

    scenario: ScenarioView
    aim: str
    mean: str
    runs: str


def period(data: ResultsView) -> str:
    """The period in which targets are looked at: the last reporting year, or the whole run."""
    return data.years[-1] if data.years else WHOLE


def targets(data: ResultsView) -> tuple[TargetRow, ...]:
    """Return each scenario's targets, target by target."""
    asked: dict[tuple[str, float | None, float | None], list[ScenarioView]] = {}
    for scenario in data.scenarios:
        for target in _targets(data.record(scenario)):
            asked.setdefault(target, []).append(scenario)
    return tuple(
        row for target, scenarios in asked.items() for scenario in scenarios for row in _row(data, scenario, *target)
    )


@dataclass(frozen=True)
class TargetLine:
    """A target across the scenarios that have it: a cell for each scenario of the results, empty where it has none."""

    aim: str
    cells: tuple[str, ...]


def table(data: ResultsView) -> tuple[TargetLine, ...]:
    """Return targets × options: in how many runs each is met, with the mean."""
    by_aim: dict[str, dict[str, str]] = {}
    for row in targets(data):
        by_aim.setdefault(row.aim, {})[row.scenario.name] = f"{row.runs.removeprefix('in ')} ({row.mean})"
    return tuple(
        TargetLine(aim, tuple(cells.get(s.name, formats.MISSING) for s in data.scenarios))
        for aim, cells in by_aim.items()
    )


def target_lines(data: ResultsView, measure_id: str) -> list[tuple[float, str]]:
    """Return the values aimed for on a measure, each once, with its words."""
    if measure_id not in MEASURES:
        return []
    aims: dict[float, str] = {}
    for record in data.manifest.scenarios:
        for measure, at_least, at_most in _targets(record):
            value = at_least if at_least is not None else at_most
            if measure == measure_id and value is not None:
                bound = "at least" if at_least is not None else "at most"
                aims[float(value)] = f"{bound} {_aim(value, MEASURES[measure].unit)}"
    return list(aims.items())


def _targets(record: ScenarioRecord) -> list[tuple[str, float | None, float | None]]:
    listed = record.written("targets") or ()
    return [(t["measure"], t.get("at_least"), t.get("at_most")) for t in listed if t.get("measure") in MEASURES]


def _row(
    data: ResultsView, scenario: ScenarioView, measure_id: str, at_least: float | None, at_most: float | None
) -> list[TargetRow]:
    measure = MEASURES[measure_id]
    runs = [value for value in data.runs(scenario.name, measure_id, period(data)).values() if math.isfinite(value)]
    if not runs:
        return []
    bound = f"at least {_aim(at_least, measure.unit)}" if at_most is None else f"at most {_aim(at_most, measure.unit)}"
    kept = sum(met(value, at_least, at_most) for value in runs)
    level = data.level(scenario.name, measure_id, period(data))
    mean = formats.number(sum(runs) / len(runs) if level is None else level.mean, measure.unit)
    runs_met = f"in {kept} of {formats.counted(len(runs), 'run')}"
    return [TargetRow(scenario, f"{measure.label}: {bound}", mean, runs_met)]


def _aim(value: float | None, unit: str) -> str:
    """A bound as a planner would write it: no decimals where there are none."""
    return formats.number(value, unit, places=0 if value is not None and float(value).is_integer() else None)
