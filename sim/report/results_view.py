"""Results as the report reads them: scenarios in order with their letters and colours, and figures by name.

The report never computes a measure. It takes the tables that results carry, and where a question needs
the runs themselves (the range of a difference, two scenarios that are not the baseline) it pairs them by
replication. A table that is missing or empty leaves its part of the report out; it never stops the
report.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.control_variates import differences
from sim.experiment.analysis.statistics import Spread, spread
from sim.report import palette

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results.manifest import Manifest

Floats = NDArray[np.float64]

WHOLE: Final = "whole"


class ResultsLike(Protocol):
    """The part of `sim.experiment.Results` that a report reads."""

    @property
    def manifest(self) -> Manifest | Mapping[str, Any]:
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


def plain_manifest(results: ResultsLike) -> Mapping[str, Any]:
    """The manifest of results as plain values, which the report reads by key."""
    manifest = results.manifest
    return manifest if isinstance(manifest, Mapping) else manifest.plain()


@dataclass(frozen=True)
class ScenarioView:
    """A scenario as the report names and draws it. `position` 0 is the baseline (or the only scenario).

    `builds_on`: name of the scenario of these results that its file extends, other than the baseline; else empty.
    """

    name: str
    title: str
    question: str
    description: str
    overrides: tuple[str, ...]
    position: int
    builds_on: str = ""

    @property
    def letter(self) -> str:
        """The letter that stands for the scenario where its title does not fit."""
        return palette.letter(self.position)


@dataclass(frozen=True)
class LevelFigure:
    """A measure in one scenario and period: mean over replications and the 80% range of runs."""

    mean: float
    low80: float
    high80: float


@dataclass(frozen=True)
class Difference:
    """A paired difference in a measure's own unit.

    `low95`..`high95` is the interval of the mean difference, wide enough for all scenarios together;
    `low80`..`high80` the range in which 8 runs out of 10 fall. NaN where there are too few replications.
    """

    base: float
    value: float
    mean: float
    low95: float
    high95: float
    low80: float
    high80: float

    @property
    def clear(self) -> bool:
        """Whether the 95% interval leaves zero out."""
        return math.isfinite(self.low95) and math.isfinite(self.high95) and (self.low95 > 0 or self.high95 < 0)


@dataclass(frozen=True)
class RunRange:
    """A figure over time: `runs` has one row per replication and one column per day in `days`."""

    days: tuple[date, ...]
    replications: tuple[int, ...]
    runs: Floats

    @cached_property
    def _spread(self) -> Spread:
        return spread(self.runs)

    @property
    def mean(self) -> Floats:
        """Mean over replications, one per day."""
        return self._spread.mean

    @property
    def low(self) -> Floats:
        """10th percentile over replications, one per day; missing with one replication."""
        return self._spread.low80

    @property
    def high(self) -> Floats:
        """90th percentile over replications, one per day; missing with one replication."""
        return self._spread.high80

    def minus(self, other: RunRange) -> RunRange:
        """Return this band less another, paired by replication and day; both keep only what they share."""
        runs = [r for r in self.replications if r in other.replications]
        days = [d for d in self.days if d in other.days]
        mine = self.runs[np.ix_([self.replications.index(r) for r in runs], [self.days.index(d) for d in days])]
        theirs = other.runs[np.ix_([other.replications.index(r) for r in runs], [other.days.index(d) for d in days])]
        return RunRange(tuple(days), tuple(runs), mine - theirs)


class ResultsView:
    """Results arranged for the report. Holds no state but the results and what it has already looked up."""

    def __init__(self, results: ResultsLike) -> None:
        """Wrap `results`; nothing is computed until asked for."""
        self.results = results
        self.manifest = plain_manifest(results)

    # -------------------------------------------------------------------------------- scenarios

    @cached_property
    def scenarios(self) -> tuple[ScenarioView, ...]:
        """All scenarios, the baseline first, then in the order asked for."""
        known: dict[str, Mapping[str, Any]] = {
            str(entry.get("name")): entry for entry in self.manifest.get("scenarios", ())
        }
        names = list(known) or [str(name) for name in self._column(self.results.summary, "scenario")]
        base = self._baseline_name
        if base in names:
            names.remove(base)
            names.insert(0, base)
        titles = [_text(known.get(name, {}), "title") or name for name in names]
        return tuple(
            ScenarioView(
                name,
                title if titles.count(title) == 1 else f"{title} ({name})",
                _text(known.get(name, {}), "question"),
                _text(known.get(name, {}), "description"),
                tuple(f"{row['path']} = {row['new']}" for row in known.get(name, {}).get("overrides") or ()),
                position,
                _builds_on(known, name, base),
            )
            for position, (name, title) in enumerate(zip(names, titles, strict=True))
        )

    @property
    def baseline(self) -> ScenarioView | None:
        """The scenario that the others are compared with; None for a single run."""
        return self.scenarios[0] if len(self.scenarios) > 1 else None

    @property
    def others(self) -> tuple[ScenarioView, ...]:
        """The scenarios that are compared with the baseline; empty for a single run."""
        return self.scenarios[1:]

    @property
    def replications(self) -> int:
        """How many replications each scenario had."""
        return int(self.manifest.get("replications") or 0)

    @property
    def confidence(self) -> float:
        """Coefficient of each interval, such that those of all scenarios together cover 95%."""
        alone = float((self.manifest.get("precision") or {}).get("confidence", 0.95))
        return 1.0 - (1.0 - alone) / max(len(self.others), 1)

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
        """Return a measure's level, or None when it is not there or missing (empty denominator)."""
        found = self._levels.get((scenario, measure, period, breakdown))
        return found if found is not None and math.isfinite(found.mean) else None

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
            one, two, gap = differences(np.asarray(other), np.asarray(own), shared, [period], chance)
            half = gap.half_width(self.confidence)
            columns = (one.mean, two.mean, gap.mean, gap.mean - half, gap.mean + half)
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

    @property
    def _baseline_name(self) -> str | None:
        named = self.manifest.get("baseline")
        return None if named is None else str(named)


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if value is None and isinstance(entry.get("resolved"), Mapping):
        value = entry["resolved"].get(key)
    return "" if value is None else " ".join(str(value).split())


def _month_end(label: str) -> date:
    year, month = int(label[:4]), int(label[5:7])
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _quarter_end(label: str) -> date:
    """Last calendar day of `2016-17 Q1` (April to June of 2016)."""
    year, quarter = int(label[:4]), int(label[-1])
    return _month_end(f"{year + (quarter == 4)}-{(3 * quarter + 3 - 1) % 12 + 1:02d}")


def _builds_on(known: Mapping[str, Mapping[str, Any]], name: str, base: str | None) -> str:
    """The nearest scenario of the results, other than the baseline, whose file a scenario extends."""
    files = list(known.get(name, {}).get("files") or ())
    by_file = {str(entry.get("file")): other for other, entry in known.items() if other not in (name, base)}
    extended = [by_file[file] for file in files[:-1] if file in by_file]
    return extended[-1] if extended else ""
