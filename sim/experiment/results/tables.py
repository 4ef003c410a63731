"""Results as tables: the frames behind summary.csv, differences.csv, measures.parquet and stocks.parquet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.control_variates import ReferralChance, levels
from sim.experiment.analysis.control_variates import differences as adjusted_differences
from sim.experiment.analysis.statistics import Paired, Ratio, Spread, paired, ratio_of_means, spread
from sim.experiment.errors import ResultsError
from sim.experiment.results.period_dates import PERIOD_COLUMNS, period_dates
from sim.experiment.results.replications import Replications
from sim.measures.compute import FigureRows
from sim.measures.definitions import MEASURES
from sim.measures.snapshots import StockTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DIFFERENCE_COLUMNS",
    "MEASURE_COLUMNS",
    "SUMMARY_COLUMNS",
    "differences",
    "measures",
    "replications_of",
    "stocks",
    "summary",
]

SUMMARY_COLUMNS = (
    "scenario", "measure", "label", "unit", "better", "period", "breakdown", "mean", "low80", "high80",
    "ci95_low", "ci95_high", "replications", *PERIOD_COLUMNS,
)  # fmt: skip
DIFFERENCE_COLUMNS = (
    "baseline", "scenario", "measure", "period", "baseline_mean", "scenario_mean", "difference", "ci95_low",
    "ci95_high", "replications", "clear_of_chance", "simultaneous_low", "simultaneous_high", "variance_reduction",
    "control_reduction", "label", "unit", "better", "low80", "high80", *PERIOD_COLUMNS,
)  # fmt: skip
COST_PER_DAY = "cost_per_delay_day_avoided"
Floats = NDArray[np.float64]
Run = tuple[date, date]
MEASURE_COLUMNS = ("scenario", "replication", "measure", "period", "breakdown", "value")


def summary(
    scenarios: Sequence[Replications], confidence: float = 0.95, chance: ReferralChance | None = None,
    run: Run | None = None,
) -> pd.DataFrame:  # fmt: skip
    """One row for each scenario, measure, period and breakdown; see `SUMMARY_COLUMNS`.

    Means and intervals are less the chance variation of referrals where it is given; the range is that of the runs.
    `run` is the first and last day of the run, to which the dates of periods are clipped.
    """
    import pandas as pd

    frames = []
    for scenario in scenarios:
        figures, rows = _spread(scenario, confidence, chance), scenario.rows
        frames.append(
            pd.DataFrame(
                {
                    "scenario": scenario.name,
                    "measure": rows.measures,
                    **_described(rows.measures),
                    "period": rows.periods,
                    "breakdown": rows.breakdowns,
                    "mean": figures.mean,
                    "low80": figures.low80,
                    "high80": figures.high80,
                    "ci95_low": figures.ci95_low,
                    "ci95_high": figures.ci95_high,
                    "replications": figures.replications,
                    **_dated(rows.periods, run),
                },
                columns=list(SUMMARY_COLUMNS),
            )
        )
    return pd.concat(frames, ignore_index=True)


def overview(table: pd.DataFrame) -> pd.DataFrame:
    """The headline measures' means over the whole run, from a summary: one row a measure, one column a scenario."""
    rows = table[(table["period"] == "whole") & (table["breakdown"] == "all")]
    labels = {measure.id: measure.label for measure in MEASURES.values() if measure.headline}
    rows = rows[rows["measure"].isin(list(labels))]
    wide = rows.pivot(index="measure", columns="scenario", values="mean")
    wide = wide.loc[[name for name in labels if name in wide.index], list(dict.fromkeys(rows["scenario"]))]
    wide.index = [labels[str(name)] for name in wide.index]
    return wide.rename_axis(index="Measure", columns=None)


def _spread(scenario: Replications, confidence: float, chance: ReferralChance | None) -> Spread:
    plain = spread(scenario.values, confidence)
    if chance is None:
        return plain
    adjusted = levels(scenario.values, scenario.replications, scenario.rows.periods, chance)
    half = adjusted.half_width(confidence)
    return replace(plain, mean=adjusted.mean, ci95_low=adjusted.mean - half, ci95_high=adjusted.mean + half)


def differences(
    scenarios: Sequence[Replications], confidence: float = 0.95, chance: ReferralChance | None = None,
    run: Run | None = None,
) -> pd.DataFrame | None:  # fmt: skip
    """Each scenario against the first, paired by replication; None for a single scenario.

    Of all children together: a team or locality that only one scenario has could not be compared.
    `simultaneous_low` and `_high` hold for all scenarios together (`sim.experiment.analysis.statistics`), and
    `clear_of_chance` says whether they leave zero out; missing where there is no interval. `variance_reduction` is what
    pairing gained, and `control_reduction` what taking out the chance variation of referrals gained on top: variance
    without over variance with it, 1 where none was adjusted. The row of `cost_per_delay_day_avoided` holds a ratio of
    differences, of the runs as they are: it has no level in either scenario. `low80` and `high80` are the range in
    which the differences of 8 runs out of 10 lie, of the runs as they are; missing for that ratio. `run` is as in
    `summary`.
    """
    import pandas as pd

    if len(scenarios) < 2:
        return None
    base, comparisons = scenarios[0], len(scenarios) - 1
    frames = []
    for other in scenarios[1:]:
        pairs = Replications.shared([base, other])
        keys = [key for key in base.columns if key in other.columns]
        baseline_runs, scenario_runs = (scenario.figures(keys, pairs) for scenario in (base, other))
        ranged = spread(scenario_runs - baseline_runs)
        comparison, gained = _paired(
            baseline_runs,
            scenario_runs,
            confidence,
            comparisons,
            pairs,
            [period for _, period in keys],
            chance,
        )
        for place, (measure, period) in enumerate(keys):
            if measure == COST_PER_DAY and " " not in period:  # years and the whole run: a quarter is too short
                price = _price(base, other, pairs, period, confidence)
                comparison.difference[place], comparison.replications[place] = price.value, price.replications
                comparison.ci95_low[place], comparison.ci95_high[place] = price.ci95_low, price.ci95_high
                wide = _price(base, other, pairs, period, 1.0 - (1.0 - confidence) / comparisons)
                comparison.simultaneous_low[place], comparison.simultaneous_high[place] = wide.ci95_low, wide.ci95_high
                ranged.low80[place] = ranged.high80[place] = np.nan
        clear = pd.array(comparison.clear, dtype="boolean")
        clear[np.isnan(comparison.simultaneous_low)] = pd.NA
        frames.append(
            pd.DataFrame(
                {
                    "baseline": base.name,
                    "scenario": other.name,
                    "measure": [measure for measure, _ in keys],
                    "period": [period for _, period in keys],
                    "baseline_mean": comparison.baseline_mean,
                    "scenario_mean": comparison.scenario_mean,
                    "difference": comparison.difference,
                    "ci95_low": comparison.ci95_low,
                    "ci95_high": comparison.ci95_high,
                    "replications": comparison.replications,
                    "clear_of_chance": clear,
                    "simultaneous_low": comparison.simultaneous_low,
                    "simultaneous_high": comparison.simultaneous_high,
                    "variance_reduction": comparison.variance_reduction,
                    "control_reduction": gained,
                    **_described([measure for measure, _ in keys]),
                    "low80": ranged.low80,
                    "high80": ranged.high80,
                    **_dated([period for _, period in keys], run),
                },
                columns=list(DIFFERENCE_COLUMNS),
            )
        )
    return pd.concat(frames, ignore_index=True)


def _described(measures: Sequence[str]) -> dict[str, list[str]]:
    """Label, unit and the way that is good of each row's measure."""
    defined = [MEASURES.get(measure) for measure in measures]
    return {
        "label": [d.label if d else m for d, m in zip(defined, measures, strict=True)],
        "unit": [d.unit if d else "" for d in defined],
        "better": [d.better if d else "neither" for d in defined],
    }


def _dated(periods: Sequence[str], run: Run | None) -> dict[str, Any]:
    """Type, first day and last day of each row's period."""
    dates = period_dates(periods, run)
    return {
        "period_type": [dates[period].type for period in periods],
        "period_start": np.array([dates[period].start for period in periods], dtype="datetime64[s]"),
        "period_end": np.array([dates[period].end for period in periods], dtype="datetime64[s]"),
    }


def _paired(
    base: Floats, other: Floats, confidence: float, comparisons: int, pairs: Sequence[int], periods: Sequence[str],
    chance: ReferralChance | None,
) -> tuple[Paired, Floats]:  # fmt: skip
    """The comparison, less the chance variation of referrals where it is given, and what that gained."""
    plain = paired(base, other, confidence, comparisons)
    if chance is None:
        return plain, np.where(np.isnan(plain.variance_reduction), np.nan, 1.0)
    before, after, gap = adjusted_differences(base, other, pairs, periods, chance)
    half, wide = gap.half_width(confidence), gap.half_width(1.0 - (1.0 - confidence) / comparisons)
    adjusted = replace(
        plain, baseline_mean=before.mean, scenario_mean=after.mean, difference=gap.mean, ci95_low=gap.mean - half,
        ci95_high=gap.mean + half, simultaneous_low=gap.mean - wide, simultaneous_high=gap.mean + wide,
    )  # fmt: skip
    return adjusted, gap.gained


def _price(base: Replications, other: Replications, pairs: Sequence[int], period: str, confidence: float) -> Ratio:
    """Pounds of a child-day of delay avoided, against the baseline; missing where no scenario counts pounds."""

    def difference(measure: str) -> Floats | None:
        before, after = (scenario.runs(measure, period, pairs) for scenario in (base, other))
        return None if before is None or after is None else after - before

    money, delay = difference("cost_total"), difference("delay_child_days")
    if money is None or delay is None or not money.any():
        return Ratio(np.nan, np.nan, np.nan, 0)
    return ratio_of_means(money, -delay, confidence)


def measures(scenarios: Sequence[Replications]) -> pd.DataFrame:
    """Every replication's measures, one row each; labels are categories, values NaN where there are none."""
    import pandas as pd

    def labels(column: str) -> Any:
        return _coded(getattr(scenario.rows, column) for scenario in scenarios for _ in scenario.replications)

    sizes = [scenario.values.size for scenario in scenarios]
    names = pd.Index([scenario.name for scenario in scenarios], dtype="str")
    replications = [np.repeat(np.array(e.replications, dtype=np.int32), len(e.rows)) for e in scenarios]
    return pd.DataFrame(
        {
            "scenario": pd.Categorical.from_codes(np.repeat(np.arange(len(sizes)), sizes), categories=names),
            "replication": np.concatenate(replications),
            "measure": labels("measures"),
            "period": labels("periods"),
            "breakdown": labels("breakdowns"),
            "value": np.concatenate([scenario.values.ravel() for scenario in scenarios]),
        },
        columns=list(MEASURE_COLUMNS),
    )


def stocks(scenarios: Sequence[Replications]) -> pd.DataFrame:
    """Month-end stocks of every replication; columns as `STOCK_COLUMNS` describes them."""
    import pandas as pd

    runs = [
        (scenario.name, replication, table)
        for scenario in scenarios
        for replication, table in zip(scenario.replications, scenario.stocks, strict=True)
    ]
    many = [len(table.months) for _, _, table in runs]
    # All runs of a scenario have the same months, which are made into numpy's once.
    months = {column: np.array(column, dtype="datetime64[s]") for column in {table.months for _, _, table in runs}}
    figures = np.concatenate([table.figures for _, _, table in runs])
    columns: dict[str, Any] = {
        "scenario": _coded((name,) * rows for (name, _, _), rows in zip(runs, many, strict=True)),
        "replication": np.repeat(np.array([replication for _, replication, _ in runs], dtype=np.int32), many),
        "month": np.concatenate([months[table.months] for _, _, table in runs]),
        "stage": _coded(table.stages for _, _, table in runs),
        "breakdown": _coded(table.breakdowns for _, _, table in runs),
    }
    columns |= {name: figures[:, place] for place, name in enumerate(StockTable.FIGURES)}
    return pd.DataFrame(columns)


def _coded(columns: Iterable[tuple[str, ...]]) -> Any:
    """Columns of labels, one after another, as categories in the order in which they come.

    Runs of a scenario have the same labels, which are looked through once: there are a million in a long run.
    """
    import pandas as pd

    known: dict[str, int] = {}
    looked: dict[tuple[str, ...], NDArray[np.int32]] = {}
    codes = []
    for column in columns:
        if column not in looked:
            looked[column] = np.array([known.setdefault(label, len(known)) for label in column], dtype=np.int32)
        codes.append(looked[column])
    return pd.Categorical.from_codes(np.concatenate(codes), categories=pd.Index(list(known), dtype="str"))


def replications_of(frame: pd.DataFrame) -> tuple[Replications, ...]:
    """Return each scenario's replications from the frame of `measures` (without stocks).

    Raises:
        ResultsError: when the frame is not one that `measures` made.
    """
    scenarios = []
    for name in dict.fromkeys(frame["scenario"]):
        mine = frame[frame["scenario"] == name]
        replications = tuple(int(r) for r in dict.fromkeys(mine["replication"]))
        many = len(mine) // len(replications)
        if many * len(replications) != len(mine):
            raise ResultsError(f"measures.parquet is damaged: replications of {name} differ in length")
        first = mine.iloc[:many]
        try:
            period_dates(map(str, first["period"]))
        except ValueError as error:
            raise ResultsError(f"measures.parquet is damaged: {error}") from None
        rows = FigureRows(tuple(first["measure"]), tuple(first["period"]), tuple(first["breakdown"]))
        values = mine["value"].to_numpy(dtype=np.float64).reshape(len(replications), many)
        scenarios.append(Replications(str(name), rows, replications, values, ()))
    return tuple(scenarios)
