"""From a recording to measures and monthly stocks: plain arrays, small enough to send between processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.measures.carrying_out import carrying_out
from sim.measures.continuity import continuity
from sim.measures.cost import cost
from sim.measures.definitions import MEASURES
from sim.measures.delay import delay
from sim.measures.demand import demand
from sim.measures.drift import drift
from sim.measures.drift_intervals import drift_intervals
from sim.measures.exposure import exposure
from sim.measures.managers import managers
from sim.measures.open_cases import OpenCases
from sim.measures.people import people
from sim.measures.period_counts import Floats, Layout, period_counts_of
from sim.measures.recording_view import RecordingView
from sim.measures.reviews import reviews
from sim.measures.snapshots import StockTable, stock_table
from sim.measures.stalled import stalled
from sim.measures.stock import Unallocated, stock
from sim.measures.waiting.flow import FlowTable, flow_table
from sim.measures.waiting.table import CauseTable, cause_table, causes_of
from sim.measures.waiting_days import waiting
from sim.measures.workforce import Caseloads, workforce

if TYPE_CHECKING:
    from sim.calendar import WorkingDayCalendar
    from sim.measures.waiting.days import CauseDays
    from sim.model.recording import Recording

__all__ = ["FigureRows", "Measured", "compute"]


@dataclass(frozen=True)
class FigureRows:
    """What each value of a replication is: measure, period and breakdown; the same in all runs.

    The order is that of `MEASURES`, then periods (years, quarters, the whole run), then breakdowns.
    """

    measures: tuple[str, ...]
    periods: tuple[str, ...]
    breakdowns: tuple[str, ...]

    def __len__(self) -> int:
        """Number of values of a replication."""
        return len(self.measures)

    @cached_property
    def places(self) -> dict[tuple[str, str, str], int]:
        """Where the value of a measure, period and breakdown is."""
        keys = zip(self.measures, self.periods, self.breakdowns, strict=True)
        return {key: place for place, key in enumerate(keys)}

    @staticmethod
    @lru_cache(maxsize=8)
    def of(layout: Layout) -> FigureRows:
        """The rows of runs with these periods, localities and teams.

        Kept, because all runs of a scenario share them: to make them for each run takes longer than to look at it.
        """
        columns = layout.columns
        keys = [
            (measure.id, period, columns[column])
            for measure in MEASURES.values()
            for period in layout.periods
            for column in layout.chosen(measure.breakdowns)
        ]
        measures, periods, breakdowns = zip(*keys, strict=True)
        return FigureRows(measures, periods, breakdowns)


@dataclass(frozen=True)
class Measured:
    """One replication, measured. `values` has one figure for each of `rows`; NaN where there is none.

    `referrals` has a row for each of `months`: children newly referred, and the number expected. Both are empty where
    the model does not say. `causes`: child-days by cause of waiting, where the model recorded them;
    `flow`: where children are from week to week, where that was asked for.
    """

    layout: Layout
    values: Floats
    stocks: StockTable
    months: tuple[str, ...] = ()
    referrals: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    causes: CauseTable | None = None
    flow: FlowTable | None = None

    @property
    def rows(self) -> FigureRows:
        """What each value is."""
        return FigureRows.of(self.layout)

    def value(self, measure: str, period: str = "whole", breakdown: str = "all") -> float:
        """One figure; KeyError when there is no such measure, period or breakdown."""
        return float(self.values[self.rows.places[measure, period, breakdown]])


def compute(
    recording: Recording, calendar: WorkingDayCalendar, causes: CauseDays | None = None, *, flow: bool = False
) -> Measured:
    """Compute every measure of `MEASURES` for every period and breakdown, and the month-end stocks.

    Args:
        causes: the causes of all days (`sim.measures.waiting.table.causes_of`), if they are known already.
        flow: whether to tell where children are from week to week.

    Raises:
        KeyError: if a topic computes a measure that it does not define, or defines one that it does not compute.
    """
    periods = period_counts_of(calendar, recording.localities, recording.teams)
    causes = causes or causes_of(recording, periods)
    by_cause = None if causes is None else cause_table(recording, periods, causes)
    view = RecordingView(recording, periods)
    open_cases, unallocated, caseloads = OpenCases(view), Unallocated(view), Caseloads(view)
    figures = {
        **demand(view),
        **delay(view),
        **drift(view, open_cases),
        **stock(view, open_cases, unallocated),
        **workforce(view, caseloads),
        **managers(view),
        **exposure(view),
        **continuity(view),
        **people(view, caseloads),
        **reviews(view),
        **cost(view),
        **drift_intervals(view),
        **stalled(view, causes),
        **carrying_out(view),
        **waiting(by_cause, periods),
    }
    if figures.keys() != MEASURES.keys():
        differ = ", ".join(sorted(figures.keys() ^ MEASURES.keys()))
        raise KeyError(f"measures without a definition, or without a computation: {differ}")
    for measure in MEASURES.values():
        if measure.simulated_in and not _has_rows(recording, measure.simulated_in):
            figures[measure.id] = np.full_like(figures[measure.id], np.nan)
    layout = periods.layout
    values = [figures[measure.id][:, layout.chosen(measure.breakdowns)].ravel() for measure in MEASURES.values()]
    stocks = stock_table(periods, open_cases, unallocated, caseloads)
    week_by_week = flow_table(recording, causes) if flow and causes is not None else None
    months = tuple(month.label for month in calendar.months())
    if recording.referrals.shape != (len(months), 2):
        return Measured(layout, np.concatenate(values), stocks, causes=by_cause, flow=week_by_week)
    return Measured(layout, np.concatenate(values), stocks, months, recording.referrals, by_cause, week_by_week)


def _has_rows(recording: Recording, table: str) -> bool:
    return any(len(column) for column in getattr(recording, table).values())
