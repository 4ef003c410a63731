"""Results as tables: the frames behind summary.csv, differences.csv, measures.parquet and stocks.parquet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.control_variates import ReferralChance, levels
from sim.experiment.analysis.control_variates import differences as less_luck
from sim.experiment.analysis.ratios import Ratio, ratio_of_means
from sim.experiment.analysis.statistics import Paired, Spread, paired, spread
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
    "ensembles_of",
    "measures",
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
    ensembles: Sequence[Replications], confidence: float = 0.95, luck: ReferralChance | None = None,
    run: Run | None = None,
) -> pd.DataFrame:  # fmt: skip
    """One row for each scenario, measure, period and breakdown; see `SUMMARY_COLUMNS`.

    Means and intervals are less the chance variation of referrals where it is given; the range is that of the runs.
    `run` is the first and last day of the run, to which the dates of periods are clipped.
    """
    import pandas as pd

    frames = []
    for ensemble in ensembles:
        found, rows = _spread(ensemble, confidence, luck), ensemble.rows
        frames.append(
            pd.DataFrame(
                {
                    "scenario": ensemble.name,
                    "measure": rows.measures,
                    **_described(rows.measures),
                    "period": rows.periods,
                    "breakdown": rows.breakdowns,
                    "mean": found.mean,
                    "low80": found.low80,
                    "high80": found.high80,
                    "ci95_low": found.ci95_low,
                    "ci95_high": found.ci95_high,
                    "replications": found.replications,
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


def _spread(ensemble: Replications, confidence: float, luck: ReferralChance | None) -> Spread:
    found = spread(ensemble.values, confidence)
    if luck is None:
        return found
    told = levels(ensemble.values, ensemble.replications, ensemble.rows.periods, luck)
    half = told.half_width(confidence)
    return replace(found, mean=told.mean, ci95_low=told.mean - half, ci95_high=told.mean + half)


def differences(
    ensembles: Sequence[Replications], confidence: float = 0.95, luck: ReferralChance | None = None,
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

    if len(ensembles) < 2:
        return None
    base, comparisons = ensembles[0], len(ensembles) - 1
    frames = []
    for other in ensembles[1:]:
        pairs = sorted(set(base.replications) & set(other.replications))
        mine, theirs = _overall(base), _overall(other)
        keys = [key for key in mine if key in theirs]
        baseline_runs = base.values[np.ix_([base.replications.index(r) for r in pairs], [mine[key] for key in keys])]
        scenario_runs = other.values[
            np.ix_([other.replications.index(r) for r in pairs], [theirs[key] for key in keys])
        ]
        ranged = spread(scenario_runs - baseline_runs)
        found, gained = _paired(
            baseline_runs,
            scenario_runs,
            confidence,
            comparisons,
            pairs,
            [period for _, period in keys],
            luck,
        )
        for place, (measure, period) in enumerate(keys):
            if measure == COST_PER_DAY and " " not in period:  # years and the whole run: a quarter is too short
                price = _price(base, other, pairs, period, confidence)
                found.difference[place], found.replications[place] = price.value, price.replications
                found.ci95_low[place], found.ci95_high[place] = price.ci95_low, price.ci95_high
                wide = _price(base, other, pairs, period, 1.0 - (1.0 - confidence) / comparisons)
                found.simultaneous_low[place], found.simultaneous_high[place] = wide.ci95_low, wide.ci95_high
                ranged.low80[place] = ranged.high80[place] = np.nan
        clear = pd.array(found.clear, dtype="boolean")
        clear[np.isnan(found.simultaneous_low)] = pd.NA
        frames.append(
            pd.DataFrame(
                {
                    "baseline": base.name,
                    "scenario": other.name,
                    "measure": [measure for measure, _ in keys],
                    "period": [period for _, period in keys],
                    "baseline_mean": found.baseline_mean,
                    "scenario_mean": found.scenario_mean,
                    "difference": found.difference,
                    "ci95_low": found.ci95_low,
                    "ci95_high": found.ci95_high,
                    "replications": found.replications,
                    "clear_of_chance": clear,
                    "simultaneous_low": found.simultaneous_low,
                    "simultaneous_high": found.simultaneous_high,
                    "variance_reduction": found.variance_reduction,
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
    luck: ReferralChance | None,
) -> tuple[Paired, Floats]:  # fmt: skip
    """The comparison, less the chance variation of referrals where it is given, and what that gained."""
    found = paired(base, other, confidence, comparisons)
    if luck is None:
        return found, np.where(np.isnan(found.variance_reduction), np.nan, 1.0)
    one, two, gap = less_luck(base, other, pairs, periods, luck)
    half, wide = gap.half_width(confidence), gap.half_width(1.0 - (1.0 - confidence) / comparisons)
    told = replace(
        found, baseline_mean=one.mean, scenario_mean=two.mean, difference=gap.mean, ci95_low=gap.mean - half,
        ci95_high=gap.mean + half, simultaneous_low=gap.mean - wide, simultaneous_high=gap.mean + wide,
    )  # fmt: skip
    return told, gap.gained


def _price(base: Replications, other: Replications, pairs: Sequence[int], period: str, confidence: float) -> Ratio:
    """Pounds of a child-day of delay avoided, against the baseline; missing where no scenario counts pounds."""

    def difference(measure: str) -> Floats | None:
        runs = []
        for ensemble in (base, other):
            place = ensemble.rows.places.get((measure, period, "all"))
            if place is None:
                return None
            runs.append(ensemble.values[[ensemble.replications.index(r) for r in pairs], place])
        return np.asarray(runs[1] - runs[0], dtype=np.float64)

    money, delay = difference("cost_total"), difference("delay_child_days")
    if money is None or delay is None or not money.any():
        return Ratio(np.nan, np.nan, np.nan, 0)
    return ratio_of_means(money, -delay, confidence)


def _overall(ensemble: Replications) -> dict[tuple[str, str], int]:
    rows = zip(ensemble.rows.measures, ensemble.rows.periods, ensemble.rows.breakdowns, strict=True)
    return {(m, p): place for place, (m, p, breakdown) in enumerate(rows) if breakdown == "all"}


def measures(ensembles: Sequence[Replications]) -> pd.DataFrame:
    """Every replication's measures, one row each; labels are categories, values NaN where there are none."""
    import pandas as pd

    def labels(column: str) -> Any:
        return _coded(getattr(ensemble.rows, column) for ensemble in ensembles for _ in ensemble.replications)

    sizes = [ensemble.values.size for ensemble in ensembles]
    names = pd.Index([ensemble.name for ensemble in ensembles], dtype="str")
    replications = [np.repeat(np.array(e.replications, dtype=np.int32), len(e.rows)) for e in ensembles]
    return pd.DataFrame(
        {
            "scenario": pd.Categorical.from_codes(np.repeat(np.arange(len(sizes)), sizes), categories=names),
            "replication": np.concatenate(replications),
            "measure": labels("measures"),
            "period": labels("periods"),
            "breakdown": labels("breakdowns"),
            "value": np.concatenate([ensemble.values.ravel() for ensemble in ensembles]),
        },
        columns=list(MEASURE_COLUMNS),
    )


def stocks(ensembles: Sequence[Replications]) -> pd.DataFrame:
    """Month-end stocks of every replication; columns as `STOCK_COLUMNS` describes them."""
    import pandas as pd

    runs = [
        (ensemble.name, replication, table)
        for ensemble in ensembles
        for replication, table in zip(ensemble.replications, ensemble.stocks, strict=True)
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


def ensembles_of(frame: pd.DataFrame) -> tuple[Replications, ...]:
    """Turn the frame of `measures` back into ensembles (without stocks).

    Raises:
        ResultsError: when the frame is not one that `measures` made.
    """
    found = []
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
        found.append(Replications(str(name), rows, replications, values, ()))
    return tuple(found)
