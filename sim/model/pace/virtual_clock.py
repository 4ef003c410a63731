"""Virtual clocks: exact processor sharing at the price of one pending event per worker.

A worker has one clock for urgent and one for routine work. Each advances at its pace, in working days at full pace. A
milestone (work done, a visit due) lies at a known value of its clock, however the pace changes on the way; so only the
earliest needs an event, and that event moves only when an earlier one appears.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from sim.model.clock import DAYS_A_WEEK
from sim.model.pace.rule import PaceRule, paces

if TYPE_CHECKING:
    from sim.model.case import Spell

SLIVER = 1e-8
"""Working days: a milestone this close ahead counts as reached, or rounding could keep it out of reach."""
MARGIN = 2 * SLIVER
"""Working days that a moment before which nothing is reached is put earlier, or rounding could make it late."""
CRUMB = 1e-9
"""Hours a week that are nothing."""
INFINITE = float("inf")


class Milestone:
    """A point in a case's work.

    Attributes:
        spell: the spell that it belongs to.
        urgent: which of the worker's clocks it is counted on.
        remaining: working days at full pace from now, kept while no worker's clock moves it.
        original: working days at full pace from its beginning (a handover adds a share of this).
        relief: hours a week that the case asks less, of that class, from the moment it is reached.
        carried: a worker's clock moves it.
        with_any_holder: it also moves while the case waits for another team (visits do, the stage's own work does not).
        action: called on the day it is reached.
        again: for a milestone that repeats at once (visits): working days at full pace to the next one.
    """

    __slots__ = (
        "action", "again", "carried", "due", "order", "original", "reached_at", "relief", "remaining", "spell",
        "urgent", "version", "with_any_holder",
    )  # fmt: skip

    def __init__(
        self,
        spell: Spell,
        remaining: float,
        action: Callable[[Spell, float], None],
        urgent: bool = False,
        relief: float = 0.0,
        with_any_holder: bool = False,
        again: Callable[[], float] | None = None,
        order: int = 0,
    ) -> None:
        self.spell = spell
        self.urgent = urgent
        self.remaining = remaining
        self.original = remaining
        self.relief = relief
        self.with_any_holder = with_any_holder
        self.action = action
        self.again = again
        self.order = order
        self.due = 0.0
        self.version = 0  # a clock's entry made for an earlier version is dead
        self.carried = False
        self.reached_at = -1.0

    def __lt__(self, other: Milestone) -> bool:
        """The earlier stage first: what a heap asks for when two milestones of one case tie in all else."""
        return self.spell.stage < other.spell.stage


class WorkClock:
    """The two virtual clocks of one worker.

    Args:
        hours: case hours a week.
        rule: how hours stretch; None for full pace always.

    Attributes:
        quiet: no milestone is reached before this moment (working days), unless a pace rises. Most calls fall before it
            and look at no heap.
    """

    __slots__ = (
        "_heaps", "asked_hours", "available_hours", "frozen", "hours", "pace", "quiet", "reached", "rule", "synced",
        "value", "want", "worked_hours",
    )  # fmt: skip

    def __init__(self, hours: float, rule: PaceRule | None) -> None:
        self.hours = hours
        self.rule = rule
        self.frozen = False  # the worker is away: only urgent work moves, on hours that others lend
        self.want = [0.0, 0.0]  # hours a week asked: routine, urgent
        self.value = [0.0, 0.0]
        self.pace = [1.0, 1.0]
        self.synced = 0.0
        self.quiet = -INFINITE
        self.asked_hours = 0.0
        self.worked_hours = 0.0
        self.available_hours = 0.0
        self.reached: list[Milestone] = []
        self._heaps: tuple[list[tuple[float, int, int, int, Milestone]], ...] = ([], [])

    def advance(self, now: float) -> None:
        """Move both clocks to `now`; milestones passed on the way are put in `reached`, in order of time."""
        if now < self.quiet:
            span = now - self.synced
            if span > 0.0:
                self._pass(span)
                self.synced = now
            return
        value, pace = self.value, self.pace
        routine, urgent = self._heaps
        # Spelled out for each of the two clocks: this is the innermost loop of a run.
        while True:
            span = now - self.synced
            first, which = INFINITE, -1
            while routine and routine[0][4].version != routine[0][3]:
                heappop(routine)
            if routine and pace[0] > 0.0:
                first, which = (routine[0][0] - value[0]) / pace[0], 0
            while urgent and urgent[0][4].version != urgent[0][3]:
                heappop(urgent)
            if urgent and pace[1] > 0.0:
                wait = (urgent[0][0] - value[1]) / pace[1]
                if wait < first:
                    first, which = wait, 1
            if first >= span + SLIVER:
                self.quiet = self.synced + first - MARGIN
                if span > 0.0:
                    self._pass(span)
                self.synced = now
                return
            if first > span:
                first = span
            if first > 0.0:
                self._pass(first)
                self.synced += first
            self._reach(heappop(self._heaps[which])[4], which)

    def _pass(self, span: float) -> None:
        """Let so many working days pass at today's pace."""
        value, pace, want = self.value, self.pace, self.want
        self.available_hours += self.hours / DAYS_A_WEEK * span
        self.asked_hours += (want[0] + want[1]) / DAYS_A_WEEK * span
        self.worked_hours += (want[0] * pace[0] + want[1] * pace[1]) / DAYS_A_WEEK * span
        value[0] += pace[0] * span
        value[1] += pace[1] * span

    def _reach(self, milestone: Milestone, which: int) -> None:
        """A milestone is passed at this moment: its relief holds from now, and a repeating one falls due again."""
        spell = milestone.spell
        if milestone.due > self.value[which]:
            self.value[which] = milestone.due
        milestone.reached_at = self.synced
        milestone.version += 1
        milestone.carried = False
        self.reached.append(milestone)
        spell.milestones.remove(milestone)
        if milestone.relief:
            spell.relieve(milestone.urgent, milestone.relief)
            self.want[which] -= milestone.relief
            self._set_pace()
        self._repeat(milestone)

    def done_elsewhere(self, milestone: Milestone) -> None:
        """Somebody else does now what a milestone stands for (call after `advance`): it is off this clock."""
        self.take(milestone)
        milestone.spell.milestones.remove(milestone)
        self._repeat(milestone)

    def _repeat(self, milestone: Milestone) -> None:
        spell = milestone.spell
        if milestone.again is not None:
            repeat = Milestone(
                spell, milestone.again(), milestone.action, milestone.urgent, 0.0,
                milestone.with_any_holder, milestone.again, milestone.order,
            )  # fmt: skip
            spell.milestones.append(repeat)
            self.put(repeat)

    def put(self, milestone: Milestone) -> None:
        """Let this worker's clock carry a milestone from now (call after `advance`)."""
        kind = 1 if milestone.urgent else 0
        milestone.version += 1
        milestone.carried = True
        milestone.due = self.value[kind] + milestone.remaining
        soonest = self.synced + milestone.remaining - MARGIN  # at full pace; any other is slower
        if soonest < self.quiet:
            self.quiet = soonest
        heappush(
            self._heaps[kind],
            (milestone.due, milestone.spell.case.key, milestone.order, milestone.version, milestone),
        )

    def take(self, milestone: Milestone) -> None:
        """Take a milestone off this clock, keeping what remains of it (call after `advance`)."""
        kind = 1 if milestone.urgent else 0
        milestone.remaining = max(0.0, milestone.due - self.value[kind])
        milestone.version += 1
        milestone.carried = False

    def ask(self, urgent: float, routine: float) -> None:
        """Change the hours a week asked by these amounts (call after `advance`)."""
        want = self.want
        want[0] += routine
        want[1] += urgent
        self._set_pace()

    def set_hours(self, hours: float) -> None:
        """Change the case hours a week there are (call after `advance`)."""
        self.hours = hours
        self._set_pace()

    def next_reached(self) -> float:
        """When the earliest milestone will be reached at today's pace (working days), or infinity."""
        earliest = INFINITE
        for heap, value, pace in zip(self._heaps, self.value, self.pace, strict=True):
            while heap and heap[0][4].version != heap[0][3]:
                heappop(heap)
            if heap and pace > 0.0:
                wait = (heap[0][0] - value) / pace
                reached = self.synced + wait if wait > 0.0 else self.synced
                if reached < earliest:
                    earliest = reached
        self.quiet = earliest - MARGIN
        return earliest

    def _set_pace(self) -> None:
        want, pace = self.want, self.pace
        # Sums of floats that should be nothing are nothing: otherwise an idle worker could seem to be asked for crumbs.
        if -CRUMB < want[0] < CRUMB:
            want[0] = 0.0
        if -CRUMB < want[1] < CRUMB:
            want[1] = 0.0
        if self.frozen:
            routine = 0.0
            urgent = min(1.0, self.hours / want[1]) if want[1] > 0.0 else 0.0
        else:
            urgent, routine = paces(want[1], want[0], self.hours, self.rule)
        if routine > pace[0] or urgent > pace[1]:
            self.quiet = -INFINITE
        pace[0] = routine
        pace[1] = urgent
