"""Who receives a case among the workers with room."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.case import Case
    from sim.model.workforce.worker import Worker

EXPERIENCE = {"senior": 0, "social_worker": 1, "agency": 1, "nqsw": 2}
"""Grades by experience, the most experienced first."""
COMPLEX = 3
"""Level of need from which a case wants an experienced worker."""

Receiver = Callable[[list["Worker"], int, bool, "Case"], "Worker | None"]
"""Chooses among workers for so many children, urgent or not, of a case; None where nobody has room."""


def emptiest(workers: list[Worker], children: int, urgent: bool, case: Case) -> Worker | None:
    """The worker with the emptiest caseload for its cap."""
    chosen: Worker | None = None
    least = float("inf")
    for worker in workers:
        if worker.fullness < least and (children <= worker.room or (urgent and not worker.strict)):
            chosen, least = worker, worker.fullness
    return chosen


def by_need(workers: list[Worker], children: int, urgent: bool, case: Case) -> Worker | None:
    """Urgent work and high need to the most experienced grade with room, the rest to the least; then the emptiest."""
    way = 1 if urgent or case.need >= COMPLEX else -1
    fits = [worker for worker in workers if worker.room_for(children, urgent)]
    return min(fits, key=lambda worker: (way * EXPERIENCE[worker.grade], worker.fullness, worker.number), default=None)


def same_worker(workers: list[Worker], children: int, urgent: bool, case: Case) -> Worker | None:
    """Whoever held the family last, if still here and with room; otherwise the emptiest."""
    known = case.known_by
    if known is not None and known.room_for(children, urgent) and any(worker is known for worker in workers):
        return known
    return emptiest(workers, children, urgent, case)


def over_the_cap(workers: list[Worker], waited: float, leak: float) -> Worker | None:
    """The least loaded of those whose cap gives way to a case that has waited so long and has this draw."""
    gives = [w for w in workers if not w.strict and (leak < w.leak.share or waited >= w.leak.after)]
    return min(gives, key=lambda worker: (worker.fullness, worker.number), default=None)


RECEIVES: dict[str, Receiver] = {"emptiest": emptiest, "by_need": by_need, "same_worker": same_worker}
