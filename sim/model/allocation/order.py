"""Who comes first: which waiting case, and which of the workers who have room for it.

The order of the queue is the largest single lever on the tail of delay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sim.model.allocation.pool import Waiting
    from sim.model.allocation.rooms import Rooms
    from sim.model.workforce.worker import Worker

EXPERIENCE: Final = ("senior", "social_worker", "agency", "nqsw")
"""Grades, most experienced first; agency workers know the work but not the place (assumption)."""
COMPLEX_NEED: Final = 3
"""Level of need from which a case is for the most experienced (assumption); so is urgent work."""

Rank = tuple[int, ...]
"""Four numbers. If the type said so, compiled code would take the tuple apart and rebuild it at each hand-over."""


def need_first(waiting: Waiting) -> Rank:
    """Urgent first, then level of need, then date: new work can pass old low-need work."""
    return (0 if waiting.urgent or waiting.must else 1, -waiting.case.need, waiting.since, waiting.case.key)


def due_first(waiting: Waiting) -> Rank:
    """Urgent first, then the earliest statutory due date."""
    return (0 if waiting.urgent or waiting.must else 1, waiting.due, waiting.since, waiting.case.key)


def oldest_first(waiting: Waiting) -> Rank:
    """Urgent first, then the case that has waited longest."""
    return (0 if waiting.urgent or waiting.must else 1, waiting.since, 0, waiting.case.key)


POLICIES: dict[str, Callable[[Waiting], Rank]] = {
    "need_first": need_first,
    "due_first": due_first,
    "oldest_first": oldest_first,
}


def emptiest(waiting: Waiting, rooms: Rooms) -> Worker | None:
    """The emptiest caseload for its cap."""
    return rooms.least_loaded(waiting.case.children, waiting.urgent)


def most_experienced(waiting: Waiting, rooms: Rooms) -> Worker | None:
    """The most experienced first."""
    return _by_grade(EXPERIENCE, waiting, rooms)


def by_grade_and_need(waiting: Waiting, rooms: Rooms) -> Worker | None:
    """Complex need to the most experienced, low need to those who are learning."""
    complex_need = waiting.urgent or waiting.case.need >= COMPLEX_NEED
    return _by_grade(EXPERIENCE if complex_need else reversed(EXPERIENCE), waiting, rooms)


def same_worker(waiting: Waiting, rooms: Rooms) -> Worker | None:
    """The worker who held the family's case last."""
    former, children, urgent = waiting.case.former, waiting.case.children, waiting.urgent
    if former is not None and former in rooms and former.room_for(children, urgent):
        return former
    return rooms.least_loaded(children, urgent)


def _by_grade(grades: Iterable[str], waiting: Waiting, rooms: Rooms) -> Worker | None:
    children, urgent = waiting.case.children, waiting.urgent
    for grade in grades:
        of_grade = rooms.of_grade(grade)
        worker = None if of_grade is None else of_grade.least_loaded(children, urgent)
        if worker is not None:
            return worker
    return None


RECEIVES: dict[str, Callable[[Waiting, Rooms], Worker | None]] = {
    "emptiest": emptiest,
    "most_experienced": most_experienced,
    "by_grade_and_need": by_grade_and_need,
    "same_worker": same_worker,
}
"""Which worker with room comes first; of those who are alike, the one with the emptiest caseload for its cap."""
