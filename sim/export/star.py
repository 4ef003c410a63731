"""Results as a star: facts that hold figures and keys, dimensions that say what the keys mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.export.texts import plain
from sim.measures.definitions import MEASURES
from sim.report.results_view import ResultsView

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LINKS", "TABLES", "Link", "month_ends", "star"]

LEVEL_FIGURES: Final = ("mean", "low80", "high80", "ci95_low", "ci95_high", "replications")
DIFFERENCE_FIGURES: Final = (
    "baseline_mean", "scenario_mean", "difference", "low80", "high80", "ci95_low", "ci95_high", "simultaneous_low",
    "simultaneous_high", "clear_of_chance", "replications",
)  # fmt: skip
STOCK_FIGURES: Final = ("open", "unallocated", "over_limit", "over_standard", "caseload")

TABLES: Final[dict[str, str]] = {
    "fact_levels": "each measure by scenario, period and breakdown, over the runs; the rows of summary.csv",
    "fact_differences": "each scenario less the baseline, run by run; the rows of differences.csv (comparisons only)",
    "fact_month_ends": "children at each month end by stage and breakdown, mean of the runs",
    "dim_scenario": "the scenarios",
    "dim_measure": "the measures: label, unit, which way is good, definition",
    "dim_period": "reporting years, quarters and the whole run, with their dates",
    "dim_breakdown": "all children, localities and teams",
    "dim_stage": "stages of the pathway",
    "dim_month": "month ends of the run",
}
"""The tables of the star, and what each holds."""


@dataclass(frozen=True)
class Link:
    """A relationship: many rows of `fact` to one row of `dimension`. Power BI has one active link a pair."""

    fact: str
    column: str
    dimension: str
    key: str
    active: bool = True


LINKS: Final = (
    *(Link("fact_levels", f"{name}_key", f"dim_{name}", f"{name}_key")
      for name in ("scenario", "measure", "period", "breakdown")),
    *(Link("fact_differences", f"{name}_key", f"dim_{name}", f"{name}_key")
      for name in ("scenario", "measure", "period", "breakdown")),
    Link("fact_differences", "baseline_key", "dim_scenario", "scenario_key", active=False),
    *(Link("fact_month_ends", f"{name}_key", f"dim_{name}", f"{name}_key")
      for name in ("scenario", "stage", "breakdown")),
    Link("fact_month_ends", "month", "dim_month", "month"),
)  # fmt: skip
"""How the tables belong together."""


def star(view: ResultsView) -> dict[str, pd.DataFrame]:
    """Return the tables of `TABLES` by name, facts first; a fact that the results do not hold is left out.

    Keys count from 1 in the order of each dimension.
    """
    summary, differences = view.results.summary, view.results.differences
    stocks = month_ends(view)
    measures, breakdowns = _distinct(summary["measure"]), _distinct(summary["breakdown"])
    if stocks is not None:
        breakdowns = list(dict.fromkeys(breakdowns + _distinct(stocks["breakdown"])))
    keys = {
        "scenario": _numbered([scenario.name for scenario in view.scenarios]), "measure": _numbered(measures),
        "period": _numbered(_distinct(summary["period"])), "breakdown": _numbered(breakdowns),
    }  # fmt: skip
    tables = {"fact_levels": _fact(summary, keys, LEVEL_FIGURES)}
    if differences is not None:
        keyed = differences.assign(breakdown="all")
        fact = _fact(keyed, keys, DIFFERENCE_FIGURES)
        fact.insert(0, "baseline_key", differences["baseline"].astype(str).map(keys["scenario"]).astype("int64"))
        tables["fact_differences"] = fact
    if stocks is not None:
        stages = _distinct(stocks["stage"])
        stock_keys = {"scenario": keys["scenario"], "stage": _numbered(stages), "breakdown": keys["breakdown"]}
        fact = _fact(stocks, stock_keys, STOCK_FIGURES)
        fact.insert(1, "month", stocks["month"].to_numpy())
        tables["fact_month_ends"] = fact
    tables |= {"dim_scenario": _scenarios(view), "dim_measure": _measures(measures), "dim_period": _periods(summary)}
    tables["dim_breakdown"] = _breakdowns(breakdowns)
    if stocks is not None:
        tables |= {"dim_stage": _stages(stages), "dim_month": _months(stocks["month"])}
    return tables


def month_ends(view: ResultsView) -> pd.DataFrame | None:
    """Return the mean over the runs of each month end's stocks; None where the results hold none."""
    stocks = getattr(view.results, "stocks", None)
    if stocks is None or stocks.empty:
        return None
    import pandas as pd

    figures = [name for name in STOCK_FIGURES if name in stocks.columns]
    keys = ["scenario", "month", "stage", "breakdown"]
    # Texts, so that what several columns hold is in the order in which it comes and not in that of the letters.
    plain_keys = stocks.assign(**{name: stocks[name].astype(str) for name in keys if name != "month"})
    means = plain_keys.groupby(keys, observed=True, sort=False)[figures].mean().reset_index()
    return means.assign(month=_month_end(pd.to_datetime(means["month"])))


def _month_end(months: pd.Series) -> pd.Series:
    from pandas.tseries.offsets import MonthEnd

    return (months + MonthEnd(0)).astype("datetime64[s]")


def _fact(table: pd.DataFrame, keys: dict[str, dict[str, int]], figures: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, Any] = {
        f"{name}_key": table[name].astype(str).map(mine).astype("int64") for name, mine in keys.items()
    }
    return pd.DataFrame(columns | {name: table[name] for name in figures if name in table.columns})


def _scenarios(view: ResultsView) -> pd.DataFrame:
    rows = [
        (s.position + 1, s.name, s.title, s.letter, s == view.baseline, s.builds_on, s.question, s.description)
        for s in view.scenarios
    ]
    return _table(
        rows,
        ("scenario_key", "scenario", "title", "letter", "is_baseline", "builds_on", "question", "description"),
    )


def _measures(ids: Sequence[str]) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for position, measure_id in enumerate(ids, 1):
        m = MEASURES.get(measure_id)
        if m is None:
            rows.append((position, measure_id, measure_id, "", "neither", "", False, "", "", "", "", ""))
            continue
        over = "" if m.denominator == "–" else m.denominator
        rows.append(
            (position, m.id, m.label, m.unit, m.better, m.kind, m.headline, m.numerator, over, m.clock, m.source,
             m.meaning)
        )  # fmt: skip
    return _table(
        rows,
        ("measure_key", "measure", "label", "unit", "better", "kind", "headline", "numerator", "denominator", "clock",
         "source", "meaning"),
    )  # fmt: skip


def _periods(summary: pd.DataFrame) -> pd.DataFrame:
    columns = ["period", "period_type", "period_start", "period_end"]
    table = summary[columns].drop_duplicates("period").reset_index(drop=True)
    labels = table["period"].astype(str)
    is_whole = table["period_type"] == "whole run"
    table.insert(0, "period_key", range(1, len(table) + 1))
    table["period"] = labels
    table["reporting_year"] = labels.str.slice(0, 7).mask(is_whole)
    table["quarter"] = labels.str.extract(r"Q([1-4])$")[0].astype("Int64")
    return table


def _breakdowns(names: Sequence[str]) -> pd.DataFrame:
    rows = []
    for position, name in enumerate(names, 1):
        kind, _, own = name.partition(":")
        rows.append((position, name, kind, own or name))
    return _table(rows, ("breakdown_key", "breakdown", "breakdown_type", "breakdown_name"))


def _stages(names: Sequence[str]) -> pd.DataFrame:
    rows = [(n, name, name.replace("_", " ").capitalize()) for n, name in enumerate(names, 1)]
    return _table(rows, ("stage_key", "stage", "stage_name"))


def _months(months: pd.Series) -> pd.DataFrame:
    import pandas as pd

    from sim.calendar.periods import reporting_year, reporting_year_label

    days = sorted(set(months))
    rows = [(day, reporting_year_label(reporting_year(day.date())), (day.month - 4) % 12 // 3 + 1) for day in days]
    table = _table(rows, ("month", "reporting_year", "quarter"))
    return table.assign(month=pd.to_datetime(table["month"]).astype("datetime64[s]"))


def _table(rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([tuple(plain(v) if isinstance(v, str) else v for v in row) for row in rows], columns=columns)


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names, 1)}


def _distinct(column: Any) -> list[str]:
    return list(dict.fromkeys(str(value) for value in column))
