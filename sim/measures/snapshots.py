"""Month-end stocks: how many children are open, unallocated and over the limit in each stage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.measures.open_cases import OpenCases
from sim.measures.period_counts import Floats, PeriodCounts
from sim.measures.stock import Unallocated
from sim.measures.workforce import Caseloads
from sim.model.recording import STAGES

if TYPE_CHECKING:
    from datetime import date

__all__ = ["STOCK_COLUMNS", "StockTable", "stock_table"]

STOCK_COLUMNS: dict[str, str] = {
    "scenario": "name of the scenario",
    "replication": "number of the replication, from 0",
    "month": "last calendar day of the month; the count is at the end of its last working day",
    "stage": "stage of the pathway, or `all` for the caseload, which no single stage has",
    "breakdown": "`all`, `locality:<name>` or `team:<name>`",
    "open": "children open in the stage; missing where stage is `all`",
    "unallocated": "children in the stage without a social worker; missing for a team and where stage is `all`",
    "over_limit": "children open in the stage beyond its limit; missing where stage is `all`",
    "over_standard": "children open in the stage beyond the scenario's own standard; missing where it has none",
    "caseload": "children per full-time equivalent of workers who hold a case; only where stage is `all`",
}


@dataclass(frozen=True)
class StockTable:
    """Stocks of one replication: equal-length columns, `figures` of shape (rows, 5) as `FIGURES`."""

    months: tuple[date, ...]
    stages: tuple[str, ...]
    breakdowns: tuple[str, ...]
    figures: Floats

    FIGURES: ClassVar[tuple[str, ...]] = ("open", "unallocated", "over_limit", "over_standard", "caseload")


def stock_table(
    periods: PeriodCounts, open_cases: OpenCases, unallocated: Unallocated, caseloads: Caseloads
) -> StockTable:
    """Count the stocks at each month end, by stage and breakdown; nothing where a run has no whole month."""
    rows = np.searchsorted(periods.snapshots, [index for _, index in periods.month_ends]).astype(np.int64)
    figures = np.full((len(STAGES) + 1, len(rows), len(periods.layout.columns), len(StockTable.FIGURES)), np.nan)
    for place, stage in enumerate(STAGES):
        by_figure = (
            open_cases.open(stage),
            _of_no_team(periods, unallocated.standing(stage)),
            open_cases.over_limit(stage),
            open_cases.over_standard(stage),
        )
        for figure, counted in enumerate(by_figure):
            figures[place, :, :, figure] = counted[rows]
    figures[-1, :, :, -1] = caseloads.mean()[rows]
    return StockTable(*_labels(periods), figures.reshape(-1, len(StockTable.FIGURES)))


@lru_cache(maxsize=8)
def _labels(periods: PeriodCounts) -> tuple[tuple[date, ...], tuple[str, ...], tuple[str, ...]]:
    """Month, stage and breakdown of each row: the same in all replications of a scenario."""
    rows = list(product((*STAGES, "all"), (day for day, _ in periods.month_ends), periods.layout.columns))
    return (
        tuple(month for _, month, _ in rows),
        tuple(stage for stage, _, _ in rows),
        tuple(column for _, _, column in rows),
    )


def _of_no_team(periods: PeriodCounts, standing: Floats) -> Floats:
    """Nobody holds them, so that no team has a figure of them."""
    standing[:, periods.layout.first_team :] = np.nan
    return standing
