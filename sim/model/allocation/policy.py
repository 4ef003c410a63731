"""The order in which waiting cases are allocated. Queue order is the largest single lever on the tail of delay."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.allocation.pool import Waiting

Rank = tuple[int, ...]
"""Four numbers: said so, compiled code would take the tuple apart and make it again wherever it is handed on."""


def need_first(waiting: Waiting) -> Rank:
    """Urgent first, then level of need, then date: new work can pass old low-need work."""
    return (0 if waiting.urgent else 1, -waiting.case.need, waiting.since, waiting.case.key)


def due_first(waiting: Waiting) -> Rank:
    """Urgent first, then the earliest statutory due date."""
    return (0 if waiting.urgent else 1, waiting.due, waiting.since, waiting.case.key)


def oldest_first(waiting: Waiting) -> Rank:
    """Urgent first, then whoever has waited longest."""
    return (0 if waiting.urgent else 1, waiting.since, 0, waiting.case.key)


POLICIES: dict[str, Callable[[Waiting], Rank]] = {
    "need_first": need_first,
    "due_first": due_first,
    "oldest_first": oldest_first,
}
