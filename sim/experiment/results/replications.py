"""All replications of one scenario: one row of figures each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.measures.compute import FigureRows
from sim.measures.period_counts import Floats
from sim.measures.snapshots import StockTable
from sim.measures.waiting.flow import FlowTable
from sim.measures.waiting.table import CauseTable

__all__ = ["Referrals", "Replications"]


@dataclass(frozen=True)
class Referrals:
    """Children newly referred in each month (`2016-04`) of the run, and how many were expected.

    `children` and `expected` have shape (replications, months).
    """

    months: tuple[str, ...]
    children: Floats
    expected: Floats

    @classmethod
    def of(cls, months: tuple[str, ...], runs: Sequence[Floats]) -> Referrals | None:
        """Gather replications, each with a row for every month (children, expected); None where one has none."""
        if not runs or not all(len(run) for run in runs):
            return None
        both = np.stack(runs)
        return cls(months, both[..., 0], both[..., 1])


@dataclass(frozen=True)
class Replications:
    """Replications of a scenario: `values` has shape (replications, rows); `stocks` one table each.

    `referrals` are None where the model did not say how many were expected. `causes`: child-days by cause of waiting,
    one table each, or none where the model recorded none. `flow`: where children are from week to week in the first.
    """

    name: str
    rows: FigureRows
    replications: tuple[int, ...]
    values: Floats
    stocks: tuple[StockTable, ...]
    referrals: Referrals | None = None
    causes: tuple[CauseTable, ...] = ()
    flow: FlowTable | None = None

    @classmethod
    def gathered(
        cls,
        name: str,
        rows: FigureRows,
        replications: Sequence[int],
        values: Floats,
        stocks: Sequence[StockTable],
        referrals: Referrals | None = None,
        causes: Sequence[CauseTable] = (),
        flow: FlowTable | None = None,
    ) -> Replications:
        """Gather replications, without the teams and localities that a measure never concerns.

        A team that never assesses would otherwise fill every table with zeros; it is left out of a measure
        when it has nothing but zeros and gaps in every period of every replication.
        """
        keys = list(zip(rows.measures, rows.breakdowns, strict=True))
        something = ((values != 0) & ~np.isnan(values)).any(axis=0)
        concerned = {key for key, some in zip(keys, something, strict=True) if some}
        keep = [n for n, key in enumerate(keys) if key[1] == "all" or key in concerned]
        chosen = FigureRows(
            tuple(rows.measures[n] for n in keep),
            tuple(rows.periods[n] for n in keep),
            tuple(rows.breakdowns[n] for n in keep),
        )
        kept = np.ascontiguousarray(values[:, keep])
        return cls(name, chosen, tuple(replications), kept, tuple(stocks), referrals, tuple(causes), flow)

    @cached_property
    def columns(self) -> dict[tuple[str, str], int]:
        """The column of `values` that holds a measure in a period, all teams and localities together."""
        return {(measure, period): at for (measure, period, where), at in self.rows.places.items() if where == "all"}

    def runs(self, measure: str, period: str = "whole", replications: Sequence[int] | None = None) -> Floats | None:
        """A measure over replications (all of them, or those named, in that order); None where it is not there."""
        place = self.columns.get((measure, period))
        if place is None:
            return None
        return self.values[:, place] if replications is None else self.values[self._rows_of(replications), place]

    def figures(self, keys: Sequence[tuple[str, str]], replications: Sequence[int]) -> Floats:
        """Measures and periods over the replications named: shape (replications, keys)."""
        return self.values[np.ix_(self._rows_of(replications), [self.columns[key] for key in keys])]

    def _rows_of(self, replications: Sequence[int]) -> list[int]:
        at = {replication: row for row, replication in enumerate(self.replications)}
        return [at[replication] for replication in replications]

    @staticmethod
    def shared(several: Iterable[Replications]) -> list[int]:
        """The replications that all have, in order."""
        return sorted(set.intersection(*(set(each.replications) for each in several)))
