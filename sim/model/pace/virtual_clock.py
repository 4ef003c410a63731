"""Virtual clocks: exact processor sharing at the price of one pending event per worker.

A worker has one clock for urgent and one for routine work. Each advances at its pace, in working days at full pace. A
milestone (work done, a visit due) lies at a known value of its clock, however the pace changes on the way; so only the
earliest needs an event, and that event moves only when an earlier one appears.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush, heapreplace
from typing import TYPE_CHECKING, Final

from sim.model.clock import DAYS_A_WEEK
from sim.model.pace.rule import PaceRule, paces

if TYPE_CHECKING:
    from sim.model.case import Spell

SLIVER: Final = 1e-8
"""Working days: a milestone this close ahead counts as reached, or rounding could keep it out of reach."""
MARGIN: Final = 2 * SLIVER
"""Working days that a moment before which nothing is reached is put earlier, or rounding could make it late."""
CRUMB: Final = 1e-9
"""Hours a week that are nothing."""
INFINITE: Final = float("inf")


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
        again: for a milestone that repeats at once (visits): called for the working days at full pace to the next one.
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
        again: Callable[[Spell], float] | None = None,
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
        "_routine", "_urgent", "asked_hours", "available_hours", "frozen", "hours", "pace_routine", "pace_urgent",
        "quiet", "reached", "rule", "synced", "value_routine", "value_urgent", "wanted_routine", "wanted_urgent",
        "worked_hours",
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
        self.quiet = -INFINITE
        self.asked_hours = 0.0
        self.worked_hours = 0.0
        self.available_hours = 0.0
        self.reached: list[Milestone] = []
        self._routine: list[Entry] = []
        self._urgent: list[Entry] = []

    def advance(self, now: float) -> None:
        """Move both clocks to `now`; milestones passed on the way are put in `reached`, in order of time."""
        if now < self.quiet:
            span = now - self.synced
            if span > 0.0:
                self._pass(span)
                self.synced = now
            return
        routine, urgent = self._routine, self._urgent
        # Spelled out for each of the two clocks: this is the innermost loop of a run.
        while True:
            span = now - self.synced
            first, is_urgent = INFINITE, False
            # Each entry is looked at once: compiled, to take it from its list is what costs.
            while routine:
                due, _, _, version, milestone = routine[0]
                if milestone.version == version:
                    if self.pace_routine > 0.0:
                        first = (due - self.value_routine) / self.pace_routine
                    break
                heappop(routine)
            while urgent:
                due, _, _, version, milestone = urgent[0]
                if milestone.version == version:
                    if self.pace_urgent > 0.0:
                        wait = (due - self.value_urgent) / self.pace_urgent
                        if wait < first:
                            first, is_urgent = wait, True
                    break
                heappop(urgent)
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
            self._reach(urgent if is_urgent else routine)

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
        if milestone.again is None:
            heappop(heap)
        else:
            heapreplace(heap, self._entry(self._repeated(milestone)))

    def done_elsewhere(self, milestone: Milestone) -> None:
        """Somebody else does now what a milestone stands for (call after `advance`): it is off this clock."""
        self.take(milestone)
        milestone.spell.milestones.remove(milestone)
        if milestone.again is not None:
            self.put(self._repeated(milestone))

    def _repeated(self, milestone: Milestone) -> Milestone:
        """The milestone that follows one that repeats."""
        spell, again = milestone.spell, milestone.again
        assert again is not None
        repeat = Milestone(
            spell, again(spell), milestone.action, milestone.urgent, 0.0, milestone.with_any_holder, again,
            milestone.order,
        )  # fmt: skip
        spell.milestones.append(repeat)
        return repeat

    def put(self, milestone: Milestone) -> None:
        """Let this worker's clock carry a milestone from now (call after `advance`)."""
        heappush(self._urgent if milestone.urgent else self._routine, self._entry(milestone))

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
        value = self.value_urgent if milestone.urgent else self.value_routine
        milestone.remaining = max(0.0, milestone.due - value)
        milestone.version += 1
        milestone.carried = False

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
        earliest = min(
            self._next(self._routine, self.value_routine, self.pace_routine),
            self._next(self._urgent, self.value_urgent, self.pace_urgent),
        )
        self.quiet = earliest - MARGIN
        return earliest

    def _next(self, heap: list[Entry], value: float, pace: float) -> float:
        while heap:
            due, _, _, version, milestone = heap[0]
            if milestone.version == version:
                break
            heappop(heap)
        if not heap or pace <= 0.0:
            return INFINITE
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
            self.quiet = -INFINITE
        self.pace_routine = routine
        self.pace_urgent = urgent
