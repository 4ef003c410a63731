"""Shares of child-days by cause of waiting, over replications: what each run says, its mean and its range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.statistics import spread
from sim.measures.period_counts import sum_by
from sim.measures.waiting.causes import CAUSE_NAMES, CAUSES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SCOPES", "CauseShares", "Scope", "days_by_run", "shares"]

Floats = NDArray[np.float64]

Scope = Literal["days", "beyond"]
SCOPES: tuple[Scope, ...] = ("days", "beyond")
"""All child-days, or those beyond the standard of their stage: a column of the table of causes."""


@dataclass(frozen=True)
class CauseShares:
    """Child-days and shares of each of `CAUSES`, in their order.

    `days` and `share` are means over replications; shares are of the sums of all replications, add up to 1, and are
    missing where there are no days. `low80` and `high80` are the range of shares in 8 runs out of 10. The same with
    `waiting` leaves work at full pace out.
    """

    days: Floats
    share: Floats
    low80: Floats
    high80: Floats
    waiting_share: Floats
    waiting_low80: Floats
    waiting_high80: Floats
    replications: int

    @property
    def total(self) -> float:
        """Child-days of all causes, mean over replications."""
        return float(self.days.sum())

    def largest(self) -> list[int]:
        """Positions of the causes that have any days, those with most days first; work at full pace comes last."""
        rows = [place for place in np.argsort(-self.days, kind="stable").tolist() if self.days[place] > 0.0]
        return sorted(rows, key=lambda place: CAUSES[place].work)


def days_by_run(
    table: pd.DataFrame,
    scenario: str,
    scope: Scope = "days",
    *,
    stage: str | None = None,
    team: str | None = None,
    period: str | None = None,
) -> Floats:
    """Child-days by replication and cause: shape (replications, causes).

    Args:
        table: of causes (`sim.experiment.results.causes`).
        period: a quarter or a reporting year (`2017-18`); None for the whole run.
    """
    mine = table[table["scenario"] == scenario]
    runs = np.unique(mine["replication"].to_numpy())
    for column, value in (("stage", stage), ("team", team)):
        if value is not None:
            mine = mine[mine[column] == value]
    if period is not None:
        mine = mine[mine["period"].astype(str).str.startswith(period)]
    row = np.searchsorted(runs, mine["replication"].to_numpy())
    known = {name: place for place, name in enumerate(CAUSE_NAMES)}
    cause = mine["cause"].astype(str).map(known).to_numpy(dtype=np.int64)
    return sum_by(row * len(CAUSES) + cause, mine[scope].to_numpy(dtype=np.float64), len(runs) * len(CAUSES)).reshape(
        len(runs), len(CAUSES)
    )


def shares(runs: Floats) -> CauseShares:
    """Means, shares and ranges of child-days by replication and cause."""
    waits = np.array([not cause.work for cause in CAUSES])
    share, low, high = _shares(runs)
    waiting_share, waiting_low, waiting_high = _shares(np.where(waits, runs, 0.0))
    return CauseShares(runs.mean(axis=0), share, low, high, waiting_share, waiting_low, waiting_high, len(runs))


def _shares(runs: Floats) -> tuple[Floats, Floats, Floats]:
    total = runs.sum(axis=1, keepdims=True)
    each = np.divide(runs, total, out=np.full_like(runs, np.nan), where=total > 0.0)
    ranges = spread(each)
    whole = runs.sum()
    share = runs.sum(axis=0) / whole if whole > 0.0 else np.full(runs.shape[1], np.nan)
    return share, ranges.low80, ranges.high80
