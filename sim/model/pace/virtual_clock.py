"""Virtual clocks: exact processor sharing at the price of one pending event per worker.

A worker has one clock for urgent and one for routine work. Each advances at its pace, in working days at full pace. A
milestone (work done, a visit due) lies at a known value of its clock, however the pace changes on the way; so only the
earliest needs an event, and that event moves only when an earlier one appears.

This file is slow to read because it is fast: it is the innermost loop of a run. The two clocks are spelled out as plain
numbers instead of two objects, heaps keep dead entries that are skipped instead of removed, and `quiet` and the first
milestones' values save most looks at the heaps. `paces` (`rule.py`) says the rule plainly, and
`tests/unit/model/test_virtual_clock.py` compares this with sharing the hours out at every change.
"""

from __future__ import annotations

from heapq import heappop, heappush, heapreplace
from typing import Final

from sim.model.engine.limits import CRUMB, DAYS_A_WEEK, NEVER
from sim.model.pace.milestone import Milestone
from sim.model.pace.rule import PaceRule, paces

AS_GOOD_AS_REACHED: Final = 1e-8
"""Working days: a milestone this close ahead counts as reached, or rounding could keep it out of reach."""
MARGIN: Final = 2 * AS_GOOD_AS_REACHED
"""Working days that a moment before which nothing is reached is put earlier, or rounding could make it late."""


Entry = tuple[float, int, int, int, Milestone]
"""A milestone on a heap: where it is due, the case's number, its order, its version."""


class WorkClock:
    """The two virtual clocks of one worker.

    Args:
        hours: case hours a week.
        rule: how hours stretch; None for full pace always.

    Attributes:
        wanted_routine, wanted_urgent: hours a week asked.
        value_routine, value_urgent: where each clock stands, in working days at full pace.
        pace_routine, pace_urgent: working days at full pace in a working day, from 0 to 1.
        frozen: the worker is away: only urgent work moves, on hours that others lend.
        quiet: no milestone is reached before this moment (working days), unless a pace rises. Most calls fall before it
            and look at no heap.
    """

    # Plain numbers, not pairs: they are read and written several times an event, and compiled they need no objects.
    __slots__ = (
        "_due_routine", "_due_urgent", "_routine", "_urgent", "asked_hours", "available_hours", "frozen", "hours",
        "pace_routine", "pace_urgent", "quiet", "reached", "rule", "synced", "value_routine", "value_urgent",
        "wanted_routine", "wanted_urgent", "worked_hours",
    )  # fmt: skip

    def __init__(self, hours: float, rule: PaceRule | None) -> None:
        self.hours = hours
        self.rule = rule
        self.frozen = False
        self.wanted_routine = 0.0
        self.wanted_urgent = 0.0
        self.value_routine = 0.0
        self.value_urgent = 0.0
        self.pace_routine = 1.0
        self.pace_urgent = 1.0
        self.synced = 0.0
        self.quiet = -NEVER
        self.asked_hours = 0.0
        self.worked_hours = 0.0
        self.available_hours = 0.0
        self.reached: list[Milestone] = []
        self._routine: list[Entry] = []
        self._urgent: list[Entry] = []
        # Where each clock's first milestone is due. Most looks need no more, and to take a heap's entry apart is dear.
        self._due_routine = NEVER
        self._due_urgent = NEVER

    def advance(self, now: float) -> None:
        """Move both clocks to `now`; milestones passed on the way are put in `reached`, in order of time."""
        if now < self.quiet:
            span = now - self.synced
            if span > 0.0:
                self._pass(span)
                self.synced = now
            return
        # Spelled out for each of the two clocks: this is the innermost loop of a run.
        while True:
            span = now - self.synced
            first, is_urgent = NEVER, False
            if self.pace_routine > 0.0:
                first = (self._due_routine - self.value_routine) / self.pace_routine
            if self.pace_urgent > 0.0:
                wait = (self._due_urgent - self.value_urgent) / self.pace_urgent
                if wait < first:
                    first, is_urgent = wait, True
            if first >= span + AS_GOOD_AS_REACHED:
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
            self._reach(self._urgent if is_urgent else self._routine)

    def _pass(self, span: float) -> None:
        """Let so many working days pass at today's pace."""
        wanted_routine, wanted_urgent = self.wanted_routine, self.wanted_urgent
        pace_routine, pace_urgent = self.pace_routine, self.pace_urgent
        self.available_hours += self.hours / DAYS_A_WEEK * span
        self.asked_hours += (wanted_routine + wanted_urgent) / DAYS_A_WEEK * span
        self.worked_hours += (wanted_routine * pace_routine + wanted_urgent * pace_urgent) / DAYS_A_WEEK * span
        self.value_routine += pace_routine * span
        self.value_urgent += pace_urgent * span

    def _reach(self, heap: list[Entry]) -> None:
        """The first milestone is passed at this moment: its relief holds from now, and it may fall due again."""
        milestone = heap[0][4]
        spell, urgent, relief = milestone.spell, milestone.urgent, milestone.relief
        if urgent:
            if milestone.due > self.value_urgent:
                self.value_urgent = milestone.due
        elif milestone.due > self.value_routine:
            self.value_routine = milestone.due
        milestone.reached_at = self.synced
        milestone.version += 1
        milestone.carried = False
        self.reached.append(milestone)
        spell.milestones.remove(milestone)
        if relief:
            spell.relieve(urgent, relief)
            if urgent:
                self.wanted_urgent -= relief
            else:
                self.wanted_routine -= relief
            self._set_pace()
        following = milestone.following()
        if following is None:
            heappop(heap)
        else:
            spell.milestones.append(following)
            heapreplace(heap, self._entry(following))
        self._find_first(heap, urgent)

    def _find_first(self, heap: list[Entry], urgent: bool) -> None:
        """Note where a clock's first milestone is due, now that the one before is no longer ahead."""
        first = NEVER
        while heap:
            due, _, _, version, milestone = heap[0]
            if milestone.version == version:
                first = due
                break
            heappop(heap)
        if urgent:
            self._due_urgent = first
        else:
            self._due_routine = first

    def done_elsewhere(self, milestone: Milestone) -> None:
        """Somebody else does now what a milestone stands for (call after `advance`): it is off this clock."""
        self.take(milestone)
        spell, following = milestone.spell, milestone.following()
        spell.milestones.remove(milestone)
        if following is not None:
            spell.milestones.append(following)
            self.put(following)

    def put(self, milestone: Milestone) -> None:
        """Let this worker's clock carry a milestone from now (call after `advance`)."""
        entry = self._entry(milestone)
        if milestone.urgent:
            heappush(self._urgent, entry)
            if milestone.due < self._due_urgent:
                self._due_urgent = milestone.due
        else:
            heappush(self._routine, entry)
            if milestone.due < self._due_routine:
                self._due_routine = milestone.due

    def _entry(self, milestone: Milestone) -> Entry:
        urgent, remaining = milestone.urgent, milestone.remaining
        milestone.version += 1
        milestone.carried = True
        milestone.due = due = (self.value_urgent if urgent else self.value_routine) + remaining
        soonest = self.synced + remaining - MARGIN  # at full pace; any other is slower
        if soonest < self.quiet:
            self.quiet = soonest
        return due, milestone.spell.case.key, milestone.order, milestone.version, milestone

    def take(self, milestone: Milestone) -> None:
        """Take a milestone off this clock, keeping what remains of it (call after `advance`)."""
        urgent, due = milestone.urgent, milestone.due
        milestone.remaining = max(0.0, due - (self.value_urgent if urgent else self.value_routine))
        milestone.version += 1
        milestone.carried = False
        if urgent:
            if due <= self._due_urgent:
                self._find_first(self._urgent, urgent)
        elif due <= self._due_routine:
            self._find_first(self._routine, urgent)

    def ask(self, urgent: float, routine: float) -> None:
        """Change the hours a week asked by these amounts (call after `advance`)."""
        self.wanted_routine += routine
        self.wanted_urgent += urgent
        self._set_pace()

    @property
    def wanted(self) -> float:
        """Hours a week asked by all work."""
        return self.wanted_routine + self.wanted_urgent

    def set_hours(self, hours: float) -> None:
        """Change the case hours a week there are (call after `advance`)."""
        self.hours = hours
        self._set_pace()

    def next_reached(self) -> float:
        """When the earliest milestone will be reached at today's pace (working days), or infinity."""
        earliest = self._when(self._due_routine, self.value_routine, self.pace_routine)
        if self._due_urgent < NEVER:
            urgent = self._when(self._due_urgent, self.value_urgent, self.pace_urgent)
            if urgent < earliest:
                earliest = urgent
        self.quiet = earliest - MARGIN
        return earliest

    def _when(self, due: float, value: float, pace: float) -> float:
        """When a clock will reach what is due, at today's pace."""
        if pace <= 0.0:
            return NEVER
        wait = (due - value) / pace
        return self.synced + wait if wait > 0.0 else self.synced

    def _set_pace(self) -> None:
        # Sums of floats that should be nothing are nothing: otherwise an idle worker could seem to be asked for crumbs.
        if -CRUMB < self.wanted_routine < CRUMB:
            self.wanted_routine = 0.0
        if -CRUMB < self.wanted_urgent < CRUMB:
            self.wanted_urgent = 0.0
        if self.frozen:
            routine = 0.0
            urgent = min(1.0, self.hours / self.wanted_urgent) if self.wanted_urgent > 0.0 else 0.0
        else:
            urgent, routine = paces(self.wanted_urgent, self.wanted_routine, self.hours, self.rule)
        if routine > self.pace_routine or urgent > self.pace_urgent:
            self.quiet = -NEVER
        self.pace_routine = routine
        self.pace_urgent = urgent
