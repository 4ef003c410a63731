"""Made-up results with the columns of real ones, for tests of the report: no simulation is run.

The surge adds to every count of children, the teams take most of it back, and `hours` is a chance
difference only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.experiment.analysis.statistics import paired, spread
from sim.experiment.results.manifest import Manifest
from sim.measures.definitions import MEASURES

TITLES = {
    "base": "Croydon, demand of 2016-17 carried on",
    "surge": "Croydon, referrals up 40% from October 2017",
    "surge-teams": "The surge, with three managed teams from 30 July 2018",
    "nqsw-caps": "The surge, a quarter of posts newly qualified with a lower cap",
    "hours": "A change that makes no difference",
    "sixth": "Sixth scenario",
}
EFFECT = {"base": 0.0, "surge": 1.0, "surge-teams": 0.35, "nqsw-caps": 1.4, "hours": 0.0, "sixth": 0.6}
LEVELS = {"%": 74.0, "working days": 12.0, "calendar days": 60.0, "children per full-time equivalent": 17.5}


class Results:
    """What the report reads, in memory."""

    def __init__(self, written: dict[str, Any], measures: pd.DataFrame, stocks: pd.DataFrame, flows: Any) -> None:
        self.written, self.measures, self.stocks, self._flows = written, measures, stocks, flows
        self.summary = _summary(measures, written["replications"])
        base = written["baseline"]
        self.differences = None if base is None else _differences(measures, base, written["replications"])

    @property
    def manifest(self) -> Manifest:
        """`written`, which a test may change, as the report reads it."""
        return Manifest.model_validate(self.written)

    def journeys(self) -> pd.DataFrame:
        if self._flows is None:
            raise FileNotFoundError("journeys.parquet")
        return self._flows


def make(
    names: tuple[str, ...] = ("base", "surge", "surge-teams"),
    replications: int = 8,
    years: int = 4,
    *,
    titles: dict[str, str] | None = None,
    journeys: bool = True,
    seed: int = 1,
) -> Results:
    """Make results for the named scenarios, the first the baseline (or the only one)."""
    shown = TITLES | (titles or {})
    labels = [f"{y}-{(y + 1) % 100:02d}" for y in range(2016, 2016 + years)]
    periods = [*labels, *(f"{y} Q{q}" for y in labels for q in (1, 2, 3, 4)), "whole"]
    manifest = {
        "product": "frontdoor",
        "product_version": "0.1.0",
        "baseline": names[0] if len(names) > 1 else None,
        "seed": 42,
        "replications": replications,
        "started": "2026-11-22T13:00:00+00:00",
        "seconds": 31.2,
        "warnings": [],
        "scenarios": [
            {
                "name": name,
                "file": f"{name}.yaml",
                "files": [f"{other}.yaml" for other in names[: place + 1]],  # each extends the one before it
                "description": "Four years from the opening caseload of 1 April 2016.",
                "overrides": [],
                "title": shown[name],
                "question": "What would the surge have done with nothing added?",
                "content_hash": "0" * 64,
                "resolved": {"period": {"start": "2016-04-01", "end": f"{2016 + years}-03-31"}},
                "register": _register(name),
            }
            for place, name in enumerate(names)
        ],
    }
    return Results(
        manifest,
        _measures(names, replications, periods, seed),
        _stocks(names, replications, years, seed),
        _journeys(names, replications) if journeys else None,
    )


def _register(name: str) -> list[dict[str, Any]]:
    rows = [
        {"path": "demand.referrals_a_year", "value": 5195,
         "source": "DfE, Characteristics of children in need",
         "date": "2017-11-02", "confidence": "official"},
        {"path": "pace.floor", "value": 0.05, "confidence": "assumption",
         "note": "share of routine work that goes on whatever the load"},
    ]  # fmt: skip
    if name != "base":
        rows.append(
            {"path": "levers[0].size", "value": "40%", "source": "Croydon, 2018", "date": "2018-07-01",
             "confidence": "local"}
        )  # fmt: skip
    return rows


def _measures(names: tuple[str, ...], replications: int, periods: list[str], seed: int) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for place, measure in enumerate(MEASURES.values()):
        for at, period in enumerate(periods):
            shared = np.random.default_rng([seed, place, at]).normal(0, 0.04, replications)
            for number, name in enumerate(names):
                own = np.random.default_rng([seed, place, at, number]).normal(0, 0.01, replications)
                level = LEVELS.get(measure.unit, 200.0 + 10 * place)
                sign = -0.25 if measure.better == "higher" else 0.6
                values = level * (1 + shared + own + EFFECT[name] * sign * (period >= "2017-18"))
                if measure.unit == "%":
                    values = np.minimum(values, 100.0)
                rows += [(name, r, measure.id, period, "all", v) for r, v in enumerate(values)]
    return pd.DataFrame(rows, columns=["scenario", "replication", "measure", "period", "breakdown", "value"])


def _stocks(names: tuple[str, ...], replications: int, years: int, seed: int) -> pd.DataFrame:
    months = [f"{2016 + (m + 3) // 12}-{(m + 3) % 12 + 1:02d}" for m in range(12 * years)]
    levels = {"front_door": 40, "assessment": 700, "section_47": 110, "child_in_need": 900,
               "child_protection": 400,
              "pre_proceedings": 60, "court": 90}  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for number, name in enumerate(names):
        for replication in range(replications):
            draws = np.random.default_rng([seed, replication]).normal(0, 0.05, len(months)).cumsum() * 0.4
            own = np.random.default_rng([seed, replication, number]).normal(0, 0.01, len(months))
            for m, month in enumerate(months):
                rise = EFFECT[name] * 0.6 * np.clip((m - 18) / 10, 0, 1)
                for stage, level in levels.items():
                    opened = level * (1 + 0.003 * m + draws[m] + own[m] + rise)
                    waiting = opened * (0.04 + 0.2 * rise) if stage == "assessment" else 0.0
                    over = opened * (0.1 + 0.3 * rise)
                    rows.append((name, replication, month, stage, "all", opened, waiting, over, np.nan))
                rows.append((name, replication, month, "all", "all", *[np.nan] * 3, 17 * (1 + draws[m] + rise)))
    columns = ["scenario", "replication", "month", "stage", "breakdown", "open", "unallocated", "over_limit",
               "caseload"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _journeys(names: tuple[str, ...], replications: int) -> pd.DataFrame:
    flows = {
        ("front_door", "assessment"): 210, ("front_door", "no_further_action"): 40, ("front_door",
        "advice"): 20,
        ("front_door", "strategy_discussion"): 20, ("assessment", "close"): 90, ("assessment",
        "early_help"): 25,
        ("assessment", "child_in_need"): 50, ("assessment", "section_47"): 50, ("assessment", None): 15,
        ("section_47", "child_protection"): 30, ("section_47", "child_in_need"): 20, ("section_47",
        "close"): 20,
        ("child_in_need", "close"): 60, ("child_in_need", "section_47"): 12, ("child_in_need", None): 30,
        ("child_protection", "child_in_need"): 14, ("child_protection", "pre_proceedings"): 5,
        ("child_protection", "close"): 4, ("child_protection", None): 10, ("pre_proceedings", "court"): 3,
        ("pre_proceedings", "child_protection"): 2, ("court", "care"): 2, ("court", None): 1,
    }  # fmt: skip
    rows = [
        (name, r, stage, outcome)
        for name in names
        for r in range(replications)
        for (stage, outcome), children in flows.items()
        for _ in range(children)
    ]
    return pd.DataFrame(rows, columns=["scenario", "replication", "stage", "outcome"])


def _summary(measures: pd.DataFrame, replications: int) -> pd.DataFrame:
    rows = []
    for (scenario, measure, period, breakdown), group in measures.groupby(
        ["scenario", "measure", "period", "breakdown"], sort=False
    ):
        found, known = spread(group["value"].to_numpy().reshape(-1, 1)), MEASURES[measure]
        rows.append(
            (scenario, measure, known.label, known.unit, known.better, period, breakdown, found.mean[0],
             found.low80[0], found.high80[0], found.ci95_low[0], found.ci95_high[0], replications)
        )  # fmt: skip
    columns = ["scenario", "measure", "label", "unit", "better", "period", "breakdown", "mean", "low80",
               "high80",
               "ci95_low", "ci95_high", "replications"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _differences(measures: pd.DataFrame, base: str, replications: int) -> pd.DataFrame:
    wide = measures.pivot_table(
        index=["scenario", "measure", "period"], columns="replication", values="value", sort=False
    )
    rows = []
    for (scenario, measure, period), values in zip(wide.index, wide.to_numpy(), strict=True):
        if scenario == base:
            continue
        found = paired(wide.loc[(base, measure, period)].to_numpy().reshape(-1, 1), values.reshape(-1, 1))
        rows.append(
            (base, scenario, measure, period, found.baseline_mean[0], found.scenario_mean[0],
             found.difference[0],
             found.ci95_low[0], found.ci95_high[0], replications)
        )  # fmt: skip
    columns = ["baseline", "scenario", "measure", "period", "baseline_mean", "scenario_mean", "difference",
               "ci95_low", "ci95_high", "replications"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
