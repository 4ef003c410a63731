"""All replications of one scenario: one row of figures each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiment.measures.compute import Rows
from sim.experiment.measures.snapshots import StockTable
from sim.experiment.measures.tally import Floats

__all__ = ["Ensemble"]


@dataclass(frozen=True)
class Ensemble:
    """Replications of a scenario: `values` has shape (replications, rows); `stocks` one table each."""

    name: str
    rows: Rows
    replications: tuple[int, ...]
    values: Floats
    stocks: tuple[StockTable, ...]

    @classmethod
    def made(
        cls,
        name: str,
        rows: Rows,
        replications: Sequence[int],
        values: Floats,
        stocks: Sequence[StockTable],
    ) -> Ensemble:
        """Gather replications, without the teams and localities that a measure never concerns.

        A team that never assesses would otherwise fill every table with zeros; it is left out of a measure
        when it has nothing but zeros and gaps in every period of every replication.
        """
        keys = list(zip(rows.measures, rows.breakdowns, strict=True))
        something = ((values != 0) & ~np.isnan(values)).any(axis=0)
        concerned = {key for key, some in zip(keys, something, strict=True) if some}
        keep = [n for n, key in enumerate(keys) if key[1] == "all" or key in concerned]
        chosen = Rows(
            tuple(rows.measures[n] for n in keep),
            tuple(rows.periods[n] for n in keep),
            tuple(rows.breakdowns[n] for n in keep),
        )
        return cls(name, chosen, tuple(replications), np.ascontiguousarray(values[:, keep]), tuple(stocks))
