"""Results as the report reads them: scenarios in order with their letters and colours, and figures by name.

The report never computes a measure. It takes the tables that results carry, and where a question needs
the runs themselves (the range of a difference, two scenarios that are not the baseline) it pairs them by
replication. A table that is missing or empty leaves its part of the report out; it never stops the
report.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.control_variates import differences
from sim.experiment.analysis.statistics import spread
from sim.report.run_figures import Difference, LevelFigure, RunRange
from sim.report.scenario_view import ScenarioView, scenario_views

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results.manifest import Manifest, ScenarioRecord

WHOLE: Final = "whole"


class ResultsLike(Protocol):
    """The part of `sim.experiment.Results` that a report reads."""

    @property
    def manifest(self) -> Manifest:
        """What was run: scenarios, baseline, seed, replications, version, warnings, register."""

    @property
    def summary(self) -> pd.DataFrame:
        """One row per scenario, measure, period and breakdown."""

    @property
    def differences(self) -> pd.DataFrame | None:
        """Paired differences from the baseline; None for a single scenario."""

    @property
    def measures(self) -> pd.DataFrame:
        """Every replication's measures, tidy."""

    @property
    def stocks(self) -> pd.DataFrame:
        """Open children by stage at each month end, every replication."""


class ResultsView:
    """Results arranged for the report. Holds no state but the results and what it has already looked up."""

    def __init__(self, results: ResultsLike, against: str | None = None) -> None:
        """Wrap `results`; nothing is computed until asked for.

        `against`: name of the scenario that the first screen compares every other with; None to compare each with the
        one that the results name, or else with the scenario that it builds on. A name that the results do not hold
        is refused with a ValueError.
        """
        self.results = results
        self.manifest = results.manifest
        self.against = against or self.manifest.against

    # -------------------------------------------------------------------------------- scenarios

    @cached_property
    def scenarios(self) -> tuple[ScenarioView, ...]:
        """All scenarios, the baseline first, then in the order asked for."""
        views = scenario_views(self.manifest.scenarios, self.manifest.baseline)
        names = [view.name for view in views]
        if self.against is not None and self.against not in names:
            raise ValueError(f"there is no scenario '{self.against}' in these results; they hold {', '.join(names)}")
        return views

    def record(self, scenario: ScenarioView) -> ScenarioRecord:
        """What the manifest holds of a scenario."""
        return next(record for record in self.manifest.scenarios if record.name == scenario.name)

    @property
    def baseline(self) -> ScenarioView | None:
        """The scenario that the others are compared with; None for a single run."""
        return self.scenarios[0] if len(self.scenarios) > 1 else None

    @property
    def others(self) -> tuple[ScenarioView, ...]:
        """The scenarios that are compared with the baseline; empty for a single run."""
        return self.scenarios[1:]

    def reference(self, scenario: ScenarioView) -> ScenarioView | None:
        """The scenario that one is compared with: `against`, else the one that it builds on, else the baseline."""
        named = self.against or scenario.builds_on or (self.baseline.name if self.baseline else "")
        return next((other for other in self.scenarios if other.name == named and other != scenario), None)

    @property
    def replications(self) -> int:
        """How many replications each scenario had."""
        return self.manifest.replications

    @property
    def confidence(self) -> float:
        """Coefficient of each interval, such that those of all scenarios together cover 95%."""
        return 1.0 - (1.0 - self.manifest.confidence) / max(len(self.others), 1)

    # -------------------------------------------------------------------------------- periods

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Reporting years of the run, oldest first (`2016-17`)."""
        return tuple(sorted(p for p in self._column(self.results.summary, "period") if p != WHOLE and " " not in p))

    @cached_property
    def quarters(self) -> tuple[str, ...]:
        """Quarters of the run, oldest first (`2016-17 Q1`)."""
        return tuple(sorted(p for p in self._column(self.results.summary, "period") if " Q" in p))

    # -------------------------------------------------------------------------------- figures by name

    @cached_property
    def _levels(self) -> dict[tuple[str, str, str, str], LevelFigure]:
        table = self.results.summary
        columns = ("scenario", "measure", "period", "breakdown", "mean", "low80", "high80")
        return {
            (str(s), str(m), str(p), str(b)): LevelFigure(float(mean), float(low), float(high))
            for s, m, p, b, mean, low, high in zip(*(table[c].to_numpy() for c in columns), strict=True)
        }

    def level(self, scenario: str, measure: str, period: str, breakdown: str = "all") -> LevelFigure | None:
        """Return a measure's level, or None when it is not there or missing (empty denominator).

        Ids joined by `+` stand for the sum of their measures.
        """
        if "+" in measure:
            runs = list(self.runs(scenario, measure, period).values())
            if not runs:
                return None
            summed = spread(np.asarray(runs).reshape(-1, 1))
            return LevelFigure(float(summed.mean[0]), float(summed.low80[0]), float(summed.high80[0]))
        figure = self._levels.get((scenario, measure, period, breakdown))
        return figure if figure is not None and math.isfinite(figure.mean) else None

    def breakdowns(self, measure: str, kind: str) -> tuple[str, ...]:
        """Return the breakdown labels of a kind (`team`, `locality`) that a measure has, in order."""
        return tuple(dict.fromkeys(b for _, m, _, b in self._levels if m == measure and b.startswith(f"{kind}:")))

    @cached_property
    def _places(self) -> tuple[Mapping[tuple[Any, ...], NDArray[np.intp]], NDArray[Any], NDArray[Any]]:
        """Rows of each scenario, measure and period, all teams and localities together; replications and values."""
        table = self.results.measures
        if table is None or table.empty:
            return {}, np.empty(0), np.empty(0)
        # Labels are compared as they are: a long run has a million, and as texts they would all be made anew.
        table = table[(table["breakdown"] == "all").to_numpy()]
        keys = table.groupby(["scenario", "measure", "period"], observed=True, sort=False).indices
        return keys, table["replication"].to_numpy(), table["value"].to_numpy(dtype=np.float64)

    def runs(self, scenario: str, measure: str, period: str) -> dict[int, float]:
        """Return a measure by replication, all teams and localities together; empty when it is not there."""
        if "+" in measure:
            parts = [self.runs(scenario, part, period) for part in measure.split("+")]
            shared = sorted(set.intersection(*(set(part) for part in parts)))
            return {r: sum(part[r] for part in parts) for r in shared}
        places, replications, values = self._places
        mine = places.get((scenario, measure, period))
        if mine is None:
            return {}
        return {int(r): v for r, v in zip(replications[mine], values[mine].tolist(), strict=True)}

    @cached_property
    def _official(self) -> dict[tuple[str, str, str], tuple[float, ...]]:
        table = self.results.differences
        if table is None or table.empty:
            return {}
        if "breakdown" in table.columns:
            table = table[table["breakdown"].astype(str) == "all"]
        wide = ("simultaneous_low", "simultaneous_high")  # those that hold for all scenarios together
        columns = (
            "scenario", "measure", "period", "baseline_mean", "scenario_mean", "difference",
            *(wide if set(wide) <= set(table.columns) else ("ci95_low", "ci95_high")),
        )  # fmt: skip
        return {
            (str(s), str(m), str(p)): (float(b), float(v), float(d), float(low), float(high))
            for s, m, p, b, v, d, low, high in zip(*(table[c].to_numpy() for c in columns), strict=True)
        }

    def difference(self, scenario: str, measure: str, period: str, against: str | None = None) -> Difference | None:
        """Return the paired difference of a scenario from the baseline, or from the scenario `against`.

        Differences from the baseline carry the mean and interval of the results' own table, so that the
        report and `differences.csv` never disagree; the 80% range, and every other pair, come from the
        replications (less the chance variation of referrals where the table is).
        """
        base = self.scenarios[0].name if against is None else against
        mine, theirs = self.runs(scenario, measure, period), self.runs(base, measure, period)
        shared = sorted(mine.keys() & theirs.keys())
        own, other = ([[runs[r]] for r in shared] for runs in (mine, theirs))
        ranged = spread(np.asarray(own) - np.asarray(other)) if shared else None
        low80, high80 = (float(ranged.low80[0]), float(ranged.high80[0])) if ranged else (math.nan, math.nan)
        official = self._official.get((scenario, measure, period)) if base == self.scenarios[0].name else None
        if official is None and shared:
            chance = getattr(self.results, "referral_chance", None)
            before, after, gap = differences(np.asarray(other), np.asarray(own), shared, [period], chance)
            half = gap.half_width(self.confidence)
            columns = (before.mean, after.mean, gap.mean, gap.mean - half, gap.mean + half)
            official = tuple(float(column[0]) for column in columns)
        if official is None or not math.isfinite(official[2]):
            return None
        base_mean, value, mean, low95, high95 = official
        return Difference(base_mean, value, mean, low95, high95, low80, high80)

    # -------------------------------------------------------------------------------- over time

    @cached_property
    def _stocks(self) -> pd.DataFrame | None:
        table: pd.DataFrame | None = getattr(self.results, "stocks", None)
        if table is None or table.empty:
            return None
        if "breakdown" in table.columns and (table["breakdown"] == "all").any():
            table = table[table["breakdown"] == "all"]
        return table.assign(month=table["month"].astype(str).str.slice(0, 7))

    def monthly(self, scenario: str, column: str, stages: Sequence[str] | None = None) -> RunRange | None:
        """Return a month-end stock over time, summed over `stages` (all when None); None when not
        recorded.
        """
        table = self._stocks
        if table is None or column not in table.columns:
            return None
        table = table[table["scenario"] == scenario]
        if stages is not None and "stage" in table.columns:
            table = table[table["stage"].isin(list(stages))]
        if table.empty:
            return None
        grouped = table.groupby(["replication", "month"], observed=True)[column]
        wide = grouped.sum(min_count=1).unstack("month").sort_index(axis=1)
        return RunRange(
            tuple(_month_end(str(m)) for m in wide.columns),
            tuple(int(r) for r in wide.index),
            wide.to_numpy(dtype=np.float64),
        )

    def quarterly(self, scenario: str, measure: str) -> RunRange | None:
        """Return a measure at the end of each quarter; None when there are fewer than two quarters of it."""
        columns = {q: self.runs(scenario, measure, q) for q in self.quarters}
        columns = {q: runs for q, runs in columns.items() if runs}
        if len(columns) < 2:
            return None
        replications = sorted(set.intersection(*(set(runs) for runs in columns.values())))
        grid = np.array([[runs[r] for runs in columns.values()] for r in replications], dtype=np.float64)
        return RunRange(tuple(_quarter_end(q) for q in columns), tuple(replications), grid)

    @staticmethod
    def _column(table: pd.DataFrame, name: str) -> list[str]:
        return [str(value) for value in table[name].drop_duplicates()] if name in table.columns else []


def _month_end(label: str) -> date:
    year, month = int(label[:4]), int(label[5:7])
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _quarter_end(label: str) -> date:
    """Last calendar day of `2016-17 Q1` (April to June of 2016)."""
    year, quarter = int(label[:4]), int(label[-1])
    return _month_end(f"{year + (quarter == 4)}-{(3 * quarter + 3 - 1) % 12 + 1:02d}")
