"""A recording, arranged to ask why children wait: spells in order, and what bears on them as intervals of each."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.measures.dates import NOT_STARTED
from sim.measures.order import Numbered, order, runs
from sim.measures.waiting.intervals import Intervals, pairs_of_case
from sim.model.recording import STAGES
from sim.model.recording.names import PASSED_ON, TO_BEGIN

if TYPE_CHECKING:
    from sim.model.recording import Recording

__all__ = ["Arranged", "States"]

AnyArray = NDArray[Any]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

THOUSANDTHS = 1000.0
MUCH_ROOM = 99
"""Children: room in a queue of which nothing is on record."""
NO_LIMIT = 2**30
"""A day after every other: of a stage without a standard."""


class States:
    """What spells wait for where a worker holds them: intervals by spell, which cover each of its days.

    Attributes:
        state: a code into SPELL_STATES.
        until: a day up to which it would wait anyway, or -1.
        worker: who holds the case as it begins, or -1.
        done: working days at full pace that the worker's clock moved meanwhile, as far as they are on record.
    """

    def __init__(self, spells: Arranged, states: Any, place: Ints) -> None:
        every = len(spells.begin)
        owner = np.concatenate([np.arange(every), place])
        rows = order(owner)
        owner = owner[rows]

        def column(name: str, first: AnyArray) -> Ints:
            values: Ints = np.concatenate([first, states[name].astype(np.int64)])[rows]
            return values

        low, high = spells.begin[owner], spells.stop[owner]
        start = np.clip(column("day", spells.begin), low, high)
        last = np.ones(len(owner), dtype=np.bool_)
        last[:-1] = owner[1:] != owner[:-1]
        stop = np.where(last, high, np.roll(start, -1))
        value = column("value", np.zeros(every, dtype=np.int64))
        moved = np.where(last, 0, np.roll(value, -1) - value) / THOUSANDTHS
        self.done: Floats = np.where(last, stop - start, np.clip(moved, 0.0, stop - start))
        self.intervals = Intervals(owner, start, stop, spells.span)
        self.state = column("state", np.full(every, TO_BEGIN))
        self.until = column("until", np.full(every, -1))
        self.worker = column("worker", np.full(every, -1))


class Arranged:
    """The spells of a recording by case, stage and day; everything else by spell or worker.

    Attributes:
        rows: position of each spell in the recording.
        begin, stop: its first day in the run, and the day after its last in it.
        allocated: first day with a worker of the stage's team; the horizon where there is none.
        limit: first day beyond the stage's standard.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.horizon = horizon = recording.horizon
        self.span = horizon + 1
        spells = recording.spells
        self._cases = Numbered(_distinct(spells["case"]))
        case = self._cases.find(spells["case"])
        ended = np.where(spells["ended"] < 0, horizon, spells["ended"]).astype(np.int64)
        self.rows = rows = order(ended, spells["entered"], spells["stage"], case)
        self.case = case[rows]
        self.stage = spells["stage"][rows].astype(np.int64)
        self.entered = spells["entered"][rows].astype(np.int64)
        self.begin = np.clip(self.entered, 0, horizon)
        self.stop = np.clip(ended[rows], self.begin, horizon)
        self.locality = np.maximum(spells["locality"][rows], 0).astype(np.int64)
        self.children = spells["children"][rows].astype(np.int64)
        allocated = spells["allocated"][rows].astype(np.int64)
        # -1: not yet. Before -1: with a worker since before the run.
        self.allocated = np.where(allocated == -1, horizon, np.maximum(allocated, 0))
        clock_start = spells["clock_start"][rows].astype(np.int64)
        standards = np.full(len(STAGES), -1, dtype=np.int64)
        standards[: len(recording.standards)] = recording.standards
        standard = standards[self.stage]
        none = (standard < 0) | (clock_start <= NOT_STARTED)
        self.limit = np.where(none, NO_LIMIT, clock_start + standard)

    @cached_property
    def _rows_of_states(self) -> tuple[Ints, Ints]:
        """The spell of each row of the recorded states, and the order of rows by spell."""
        states = self.recording.states
        earliest = min(int(self.entered.min(initial=0)), 0)
        span = self.horizon - earliest + 1
        keys = (self.case * len(STAGES) + self.stage) * span + self.entered - earliest
        of_stage = self._cases.find(states["case"]) * len(STAGES) + states["stage"].astype(np.int64)
        place = np.searchsorted(keys, of_stage * span + states["entered"] - earliest, "right") - 1
        return place, order(place)

    @cached_property
    def states(self) -> States:
        """What spells wait for, from day to day."""
        place, rows = self._rows_of_states
        states = self.recording.states
        rows = rows[states["state"][rows] != PASSED_ON]
        return States(self, {name: column[rows] for name, column in states.items()}, place[rows])

    @cached_property
    def passed_on(self) -> Intervals:
        """Days on which nobody may yet take over what a sending worker has put down, by spell."""
        place, rows = self._rows_of_states
        states = self.recording.states
        rows = rows[states["state"][rows] == PASSED_ON]
        return Intervals.sorted(place[rows], states["day"][rows], states["until"][rows], self.span)[0]

    def of_spells(self, table: str, *names: str) -> tuple[Intervals, tuple[Ints, ...]]:
        """Intervals of cases as intervals of their spells, cut to them, with further columns."""
        columns = getattr(self.recording, table)
        case = self._cases.find(columns["case"])
        by_case = order(case)
        spell, row = pairs_of_case(self.case, case[by_case])
        row = by_case[row]
        stop = np.where(columns["end"][row] < 0, self.horizon, columns["end"][row])
        return self._cut(spell, columns["start"][row], stop, *(columns[name][row] for name in names))

    def beside(self, stage: int, others: tuple[int, ...]) -> Intervals:
        """Days of a stage's spells on which the same case is in another of some stages too."""
        ours, theirs = np.flatnonzero(self.stage == stage), np.flatnonzero(np.isin(self.stage, others))
        mine, other = pairs_of_case(self.case[ours], self.case[theirs])
        return self._cut(ours[mine], self.begin[theirs[other]], self.stop[theirs[other]])[0]

    def _cut(
        self, spell: Ints, start: AnyArray, stop: AnyArray, *columns: AnyArray
    ) -> tuple[Intervals, tuple[Ints, ...]]:
        begin = np.maximum(start, self.begin[spell])
        end = np.minimum(stop, self.stop[spell])
        inside = np.flatnonzero(begin < end)
        intervals, rows = Intervals.sorted(spell[inside], begin[inside], end[inside], self.span)
        return intervals, tuple(column[inside][rows].astype(np.int64) for column in columns)

    @cached_property
    def absences(self) -> Intervals:
        """Days away by worker."""
        absences = self.recording.absences
        end = np.where(absences["end"] < 0, self.horizon, absences["end"])
        start = np.clip(absences["start"], 0, self.horizon)
        return Intervals.sorted(absences["worker"], start, np.clip(end, start, self.horizon), self.span)[0]

    @cached_property
    def queues(self) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
        """Room, and whether a large group blocks it, by stage, locality and day: as the last pass left them."""
        queues, places = self.recording.queues, max(1, len(self.recording.localities))
        room = np.full((len(STAGES), places, self.span), MUCH_ROOM, dtype=np.int16)
        blocked = np.zeros(room.shape, dtype=np.bool_)
        # Queues that all teams of a stage serve are filled last, and so take precedence; pooled ones first.
        rows = order(queues["day"], -queues["barred"].astype(np.int64), queues["locality"])
        columns = (queues[name][rows].tolist() for name in ("stage", "locality", "day", "room", "blocked"))
        for stage, locality, day, most, is_blocked in zip(*columns, strict=True):
            where = slice(None) if locality < 0 else locality
            room[stage, where, day:] = most
            blocked[stage, where, day:] = is_blocked
        return room, blocked


def _distinct(numbers: AnyArray) -> AnyArray:
    """Each number once, in order."""
    ordered = np.sort(numbers)
    return ordered[runs(ordered)]
