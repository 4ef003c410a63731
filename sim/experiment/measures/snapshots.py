"""Month-end stocks: how many children are open, unallocated and over the limit in each stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.experiment.measures.stock import Unallocated, over_limit, over_standard, stage_open
from sim.experiment.measures.tally import Floats, Tally
from sim.experiment.measures.workforce import Caseloads
from sim.model.recording import STAGES

if TYPE_CHECKING:
    from datetime import date

    from sim.experiment.measures.subject import Subject

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


def stock_table(subject: Subject, unallocated: Unallocated) -> StockTable:
    """Count the stocks at each month end, by stage and breakdown; nothing where a run has no whole month."""
    tally = subject.tally
    columns = tally.layout.columns
    days = [day for day, _ in tally.month_ends]
    rows = np.searchsorted(tally.snapshots, [index for _, index in tally.month_ends]).astype(np.int64)
    blocks, stages = [], []
    for stage in STAGES:
        figures = (
            stage_open(subject, stage),
            _of_no_team(tally, unallocated.standing(stage)),
            over_limit(subject, stage),
            over_standard(subject, stage),
        )
        block = np.stack([*figures, np.full_like(figures[0], np.nan)], axis=2)
        blocks.append(block[rows])
        stages.append(stage)
    caseload = np.full((len(rows), len(columns), 5), np.nan)
    caseload[:, :, 4] = Caseloads(subject).mean()[rows]
    blocks.append(caseload)
    stages.append("all")
    months = len(days) * len(columns)
    return StockTable(
        tuple(day for _ in stages for day in days for _ in columns),
        tuple(stage for stage in stages for _ in range(months)),
        tuple(column for _ in stages for _ in days for column in columns),
        np.concatenate([block.reshape(-1, 5) for block in blocks]),
    )


def _of_no_team(tally: Tally, standing: Floats) -> Floats:
    """Nobody holds them, so that no team has a figure of them."""
    standing[:, tally.layout.first_team :] = np.nan
    return standing
