"""Who receives a case, of the workers who have room for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.allocation.pool import Waiting
    from sim.model.workforce.worker import Worker

EXPERIENCE = {"senior": 0, "social_worker": 1, "agency": 2, "nqsw": 3}
"""Grades, most experienced first; agency workers know the work but not the place (assumption)."""
COMPLEX_NEED = 3
"""Level of need from which a case is for the most experienced (assumption); so is urgent work."""


def most_experienced(_waiting: Waiting, worker: Worker) -> int:
    """The most experienced first."""
    return EXPERIENCE[worker.grade]


def by_grade_and_need(waiting: Waiting, worker: Worker) -> int:
    """Complex need to the most experienced, low need to those who are learning."""
    place = EXPERIENCE[worker.grade]
    return place if waiting.urgent or waiting.case.need >= COMPLEX_NEED else -place


def same_worker(waiting: Waiting, worker: Worker) -> int:
    """The worker who held the family's case last."""
    return 0 if worker is waiting.case.former else 1


RECEIVES: dict[str, Callable[[Waiting, Worker], int]] = {
    "most_experienced": most_experienced,
    "by_grade_and_need": by_grade_and_need,
    "same_worker": same_worker,
}
"""Which worker comes first, lowest number first; the default, the emptiest caseload, asks nothing more."""
