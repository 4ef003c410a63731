"""Stock: who is open, who is overdue, who has no social worker, on any day that is looked at."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.measures.dates import until
from sim.measures.open_cases import OpenCases
from sim.measures.order import order, runs
from sim.measures.period_counts import AnyArray, Floats, Ints, PeriodCounts
from sim.measures.recording_view import RecordingView
from sim.model.recording import STAGES

__all__ = ["Unallocated", "stock"]

UNALLOCATED_DAYS = 14


def stock(subject: RecordingView, standings: OpenCases, unallocated: Unallocated) -> dict[str, Floats]:
    """Measures of stock besides plans: each an array of (periods, columns)."""
    tally = subject.tally
    return {
        "assessments_open": tally.at_period_end(standings.open("assessment")),
        "assessments_open_over_45wd": tally.at_period_end(standings.over_limit("assessment")),
        "unallocated": tally.at_period_end(unallocated.standing()),
        "unallocated_over_14d": tally.at_period_end(unallocated.standing(longer_than=UNALLOCATED_DAYS)),
        "held_by_manager": tally.at_period_end(unallocated.standing(between=True)),
    }


class Unallocated:
    """Children who are open in a stage beyond the front door and whom no social worker holds, on each
    snapshot.

    A case under transfer waits in its new stage but is held by the worker who sends it, so it is not here; a
    case whose worker has left and that nobody has taken over is. A case that is in two stages at once counts
    once, in the one that it entered first.
    """

    def __init__(self, subject: RecordingView) -> None:
        self._subject = subject
        spells, holdings, tally = subject.recording.spells, subject.holdings, subject.tally
        many, beyond = len(tally.snapshots), subject.beyond
        held = np.zeros(subject.cases * many, dtype=np.bool_)
        holding, held_day = _covered(tally, holdings.start, holdings.stop)
        held[holdings.case[holding] * many + held_day] = True
        place, day = _covered(tally, spells["entered"][beyond], until(spells["ended"])[beyond])
        spell = beyond[place]
        key = subject.case("spells")[spell] * many + day
        free = np.flatnonzero(~held[key])
        free = free[order(key[free])]
        first = free[runs(key[free])]
        self._spell, self._day = spell[first], day[first]

    @cached_property
    def _put_down(self) -> tuple[AnyArray, Ints]:
        """Whether a worker has held each child before, and the last day on which one put the case down."""
        tally, holdings = self._subject.tally, self._subject.recording.holdings
        ended = np.flatnonzero(holdings["end"] >= 0)
        span = np.int64(tally.horizon + 1)
        put_down = np.sort(self._subject.case("holdings")[ended] * span + holdings["end"][ended])
        case = self._subject.case("spells")[self._spell] * span
        if not len(put_down):
            return np.zeros(len(case), dtype=np.bool_), np.zeros(len(case), dtype=np.int64)
        place = np.searchsorted(put_down, case + tally.snapshots[self._day], side="right") - 1
        last = put_down[np.maximum(place, 0)] - case
        return (place >= 0) & (last >= 0), last

    def _since(self) -> Ints:
        """Day since when nobody holds each child: the start of the stage, or the end of the last holding."""
        entered = self._subject.recording.spells["entered"][self._spell].astype(np.int64)
        before, last = self._put_down
        return np.maximum(entered, np.where(before, last, entered))

    def standing(self, stage: str | None = None, longer_than: int | None = None, *, between: bool = False) -> Floats:
        """Children without a worker: (snapshots, columns); in a stage, beyond some calendar days, or, `between`,
        only those who had one before.
        """
        tally, spells = self._subject.tally, self._subject.recording.spells
        chosen = np.ones(len(self._spell), dtype=np.bool_)
        if stage is not None:
            chosen &= spells["stage"][self._spell] == STAGES.index(stage)
        if longer_than is not None:
            chosen &= tally.dates.calendar_days(self._since(), tally.snapshots[self._day]) > longer_than
        if between:
            chosen &= self._put_down[0]
        spell, day = self._spell[chosen], self._day[chosen]
        return tally.standing(day, day + 1, spells["children"][spell], spells["locality"][spell])


def _covered(tally: PeriodCounts, start: AnyArray, stop: AnyArray) -> tuple[Ints, Ints]:
    """Row numbers and snapshot positions of every (row, snapshot) with start <= snapshot < stop."""
    first = tally.snapshot_from(start)
    many = np.maximum(tally.snapshot_from(stop) - first, 0)
    row = np.repeat(np.arange(len(many)), many)
    return row, np.arange(len(row)) + np.repeat(first - (np.cumsum(many) - many), many)
