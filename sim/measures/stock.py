"""Stock: who is open, who is overdue, who has no social worker, on any day that is looked at."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np

from sim.measures.dates import until
from sim.measures.measure import ANNEX_A, LOCAL, Measure
from sim.measures.open_cases import OpenCases
from sim.measures.order import order, runs
from sim.measures.period_counts import AnyArray, Floats, Ints, PeriodCounts
from sim.measures.recording_view import RecordingView
from sim.model.recording import STAGES

__all__ = ["DEFINITIONS", "Unallocated", "stock"]

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="assessments_open",
        label="Assessments open",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator="Children whose assessment has begun and is not yet authorised",
        clock="Last working day of the period",
        source=ANNEX_A,
        meaning="How many children are part-way through an assessment or waiting for one.",
        headline=True,
    ),
    Measure(
        id="assessments_open_over_45wd",
        label="Assessments open for more than 45 working days",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator="Children whose assessment is open more than 45 working days after the referral",
        clock="Referral to the last working day of the period, working days",
        source=ANNEX_A,
        meaning="How many children are overdue and still waiting: those that the percentage on time does not show.",
        headline=True,
        short="Overdue assessments",
    ),
    Measure(
        id="unallocated",
        label="Children without a social worker",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("locality",),
        numerator="Children open in a stage beyond the front door whom no social worker holds",
        clock="Last working day of the period; a case under transfer is held by the sending worker",
        source=LOCAL,
        meaning="How many children are held by a manager because no social worker has room.",
        headline=True,
    ),
    Measure(
        id="unallocated_over_14d",
        label="Children without a social worker for more than 14 days",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("locality",),
        numerator="Children without a social worker for more than 14 calendar days",
        clock=(
            "Start of the stage, or the last worker's last day, to the last working day of the period, calendar days"
        ),
        source=LOCAL,
        meaning="How many children have waited more than two weeks for a social worker.",
    ),
    Measure(
        id="held_by_manager",
        label="Children between social workers",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("locality",),
        numerator=(
            "Children without a social worker who have had one before in this case; they are among those without "
            "a social worker"
        ),
        clock="Last working day of the period",
        source=LOCAL,
        meaning="How many children a manager holds because their social worker has gone.",
    ),
)

UNALLOCATED_DAYS = 14


def stock(view: RecordingView, open_cases: OpenCases, unallocated: Unallocated) -> dict[str, Floats]:
    """Measures of stock besides plans: each an array of (periods, columns)."""
    periods = view.periods
    return {
        "assessments_open": periods.at_period_end(open_cases.open("assessment")),
        "assessments_open_over_45wd": periods.at_period_end(open_cases.over_limit("assessment")),
        "unallocated": periods.at_period_end(unallocated.standing()),
        "unallocated_over_14d": periods.at_period_end(unallocated.standing(longer_than=UNALLOCATED_DAYS)),
        "held_by_manager": periods.at_period_end(unallocated.standing(between=True)),
    }


class Unallocated:
    """Children who are open in a stage beyond the front door and whom no social worker holds, on each
    snapshot.

    A case under transfer waits in its new stage but is held by the worker who sends it, so it is not here; a
    case whose worker has left and that nobody has taken over is. A case that is in two stages at once counts
    once, in the one that it entered first.
    """

    def __init__(self, view: RecordingView) -> None:
        self._view = view
        spells, holdings, periods = view.recording.spells, view.holdings, view.periods
        many, beyond = len(periods.snapshots), view.beyond
        held = np.zeros(view.cases * many, dtype=np.bool_)
        holding, held_day = _covered(periods, holdings.start, holdings.stop)
        held[holdings.case[holding] * many + held_day] = True
        place, day = _covered(periods, spells["entered"][beyond], until(spells["ended"])[beyond])
        spell = beyond[place]
        key = view.case("spells")[spell] * many + day
        free = np.flatnonzero(~held[key])
        free = free[order(key[free])]
        first = free[runs(key[free])]
        self._spell, self._day = spell[first], day[first]

    @cached_property
    def _put_down(self) -> tuple[AnyArray, Ints]:
        """Whether a worker has held each child before, and the last day on which one put the case down."""
        periods, holdings = self._view.periods, self._view.recording.holdings
        ended = np.flatnonzero(holdings["end"] >= 0)
        span = np.int64(periods.horizon + 1)
        put_down = np.sort(self._view.case("holdings")[ended] * span + holdings["end"][ended])
        case = self._view.case("spells")[self._spell] * span
        if not len(put_down):
            return np.zeros(len(case), dtype=np.bool_), np.zeros(len(case), dtype=np.int64)
        place = np.searchsorted(put_down, case + periods.snapshots[self._day], side="right") - 1
        last = put_down[np.maximum(place, 0)] - case
        return (place >= 0) & (last >= 0), last

    def _since(self) -> Ints:
        """Day since when nobody holds each child: the start of the stage, or the end of the last holding."""
        entered = self._view.recording.spells["entered"][self._spell].astype(np.int64)
        before, last = self._put_down
        return np.maximum(entered, np.where(before, last, entered))

    def standing(self, stage: str | None = None, longer_than: int | None = None, *, between: bool = False) -> Floats:
        """Children without a worker: (snapshots, columns); in a stage, beyond some calendar days, or, `between`,
        only those who had one before.
        """
        periods, spells = self._view.periods, self._view.recording.spells
        chosen = np.ones(len(self._spell), dtype=np.bool_)
        if stage is not None:
            chosen &= spells["stage"][self._spell] == STAGES.index(stage)
        if longer_than is not None:
            chosen &= periods.dates.calendar_days(self._since(), periods.snapshots[self._day]) > longer_than
        if between:
            chosen &= self._put_down[0]
        spell, day = self._spell[chosen], self._day[chosen]
        return periods.standing(day, day + 1, spells["children"][spell], spells["locality"][spell])


def _covered(periods: PeriodCounts, start: AnyArray, stop: AnyArray) -> tuple[Ints, Ints]:
    """Row numbers and snapshot positions of every (row, snapshot) with start <= snapshot < stop."""
    first = periods.snapshot_from(start)
    many = np.maximum(periods.snapshot_from(stop) - first, 0).astype(np.intp, copy=False)
    row = np.repeat(np.arange(len(many)), many)
    return row, np.arange(len(row)) + np.repeat(first - (np.cumsum(many) - many), many)
