"""A milestone: a point in a case's work, which a worker's clocks bring nearer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.cases.case import Spell


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
    """

    __slots__ = (
        "action", "carried", "due", "order", "original", "reached_at", "relief", "remaining", "spell",
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
        order: int = 0,
    ) -> None:
        self.spell = spell
        self.urgent = urgent
        self.remaining = remaining
        self.original = remaining
        self.relief = relief
        self.with_any_holder = with_any_holder
        self.action = action
        self.order = order
        self.due = 0.0
        self.version = 0  # a clock's entry made for an earlier version is dead
        self.carried = False
        self.reached_at = -1.0

    def act(self, at: float) -> None:
        """Do what is to be done on the day it is reached; `at` is the moment within it."""
        self.action(self.spell, at)

    def following(self) -> Milestone | None:
        """The milestone of the same kind that is ahead as soon as this one is reached, where there is one (visits)."""
        return None

    def __lt__(self, other: Milestone) -> bool:
        """The earlier stage first: what a heap asks for when two milestones of one case tie in all else."""
        return self.spell.stage < other.spell.stage
