"""What each change of a scenario does, arranged for a reader: the year in which most changes, in plain words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.measures.definitions import MEASURES, Measure
from sim.report.wording import formats, phrases

if TYPE_CHECKING:
    import pandas as pd

INTERACTION: Final = "together (interaction)"


@dataclass(frozen=True)
class Step:
    """One step of a waterfall, in the measure's unit. `last_in` is empty for the interaction."""

    label: str
    value: float
    low: float
    high: float
    clear: bool
    last_in: str
    last_in_range: str


@dataclass(frozen=True)
class Waterfall:
    """From the baseline to the scenario on one measure in one period, step by step."""

    measure: Measure
    period: str
    when: str
    baseline: float
    scenario: float
    total: float
    total_low: float
    total_high: float
    steps: tuple[Step, ...]


def waterfalls(results: Any) -> list[Waterfall]:
    """Return a waterfall for each measure asked for, in the reporting year in which the scenario changes it most."""
    table: pd.DataFrame | None = getattr(results, "explained", None)
    if table is None or table.empty:
        return []
    explained = results.manifest.explained
    asked = (explained.measures if explained is not None else ()) or tuple(dict.fromkeys(table["measure"]))
    steps = []
    for measure in asked:
        mine = table[table["measure"] == measure]
        totals = mine[mine["effect"] == "total"]
        years = totals[totals["period"] != "whole"]
        if len(years):
            totals = years
        if len(totals):
            period = str(totals.loc[totals["value"].abs().idxmax(), "period"])
            steps.append(_waterfall(MEASURES[measure], period, mine[mine["period"] == period]))
    return steps


def _waterfall(measure: Measure, period: str, rows: pd.DataFrame) -> Waterfall:
    by_effect = {effect: rows[rows["effect"] == effect] for effect in dict.fromkeys(rows["effect"])}
    last = {str(row.element): row for row in by_effect["last in"].itertuples()}
    steps = [
        Step(str(row.element), *_figures(row), *_last_in(last[str(row.element)], measure.unit))
        for row in by_effect["own"].itertuples()
    ]
    if len(steps) > 1:
        rest = next(by_effect["interaction"].itertuples())
        steps.append(Step(INTERACTION, *_figures(rest), "", ""))
    total = next(by_effect["total"].itertuples())
    return Waterfall(
        measure,
        period,
        phrases.when(measure, period),
        float(by_effect["baseline"]["value"].iloc[0]),
        float(by_effect["scenario"]["value"].iloc[0]),
        float(total.value),
        float(total.simultaneous_low),
        float(total.simultaneous_high),
        tuple(steps),
    )


def _figures(row: Any) -> tuple[float, float, float, bool]:
    low, high = float(row.simultaneous_low), float(row.simultaneous_high)
    return float(row.value), low, high, math.isfinite(low) and (low > 0 or high < 0)


def _last_in(row: Any, unit: str) -> tuple[str, str]:
    ranged = formats.interval(float(row.simultaneous_low), float(row.simultaneous_high), unit, difference=True)
    return formats.signed(float(row.value), unit), ranged
