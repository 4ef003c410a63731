"""Caps that give: which workers a case may go to over their cap, because it leaks through or because of pressure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from sim.model.engine.limits import INFINITE
from sim.scenario.sections.levers import Staffing
from sim.scenario.sections.workforce import CapLeaks

if TYPE_CHECKING:
    from sim.model.allocation.pool import Waiting
    from sim.model.workforce.worker import Worker
    from sim.scenario.schema import Scenario

TENTH: Final = 0.1
"""Of a cap: a case waits `after` for each of these by which the worker who gets it goes over the cap."""
SLIVER: Final = 1e-6
"""Working days: rounding is no reason to wait another day."""


class Leaks:
    """How the leaky caps of a scenario give.

    Each case that joins a queue draws a uniform number of the stream `cap_leak`; it goes over the caps of workers whose
    share is above it. Cases through which the same shares leak are alike, so that they can have a queue of their own.

    Attributes:
        with_oldest: some caps give while the oldest case in the queues has waited long.
        in_time: some caps give to a case that has waited, or while many have no worker.
        soonest: working days after which the first of those caps gives.
    """

    def __init__(self, scenario: Scenario) -> None:
        groups = [group for team in scenario.teams.values() for group in team.workers]
        groups += [lever.add for lever in scenario.levers_of(Staffing)]
        given = [group.leaks for group in groups if group.gives]
        rules = [leaks for leaks in given if isinstance(leaks, CapLeaks)]
        self._shares = sorted({leaks.share for leaks in rules if leaks.share > 0.0})
        self.with_oldest = any(leaks.oldest_wait is not None for leaks in rules)
        self.in_time = any(_gives_in_time(leaks) for leaks in rules)
        self.soonest = min([_after(leaks) for leaks in rules], default=INFINITE)
        self.fewest = min([_many(leaks) for leaks in rules], default=INFINITE)

    @property
    def any(self) -> bool:
        """Whether any cap gives to work that is not urgent."""
        return bool(self._shares) or self.with_oldest or self.in_time

    def kind(self, waiting: Waiting) -> int:
        """Through how many of the different shares the case leaks; drawn when it first joins the queue."""
        if waiting.leak < 0:
            draw = waiting.case.draws.uniform("cap_leak") if self._shares else 1.0
            waiting.leak = sum(share > draw for share in self._shares)
        return waiting.leak

    def give_in_time(self, workers: Iterable[Worker]) -> bool:
        """Whether the cap of one of these workers gives as time goes by."""
        if not (self.in_time or self.with_oldest):
            return False
        for worker in workers:
            leaks = worker.leaks
            if leaks is not None and (leaks.oldest_wait is not None or _gives_in_time(leaks)):
                return True
        return False

    def giving(self, workers: Iterable[Worker], kind: int, oldest: float) -> list[Worker]:
        """Workers whose caps give to a case of a kind today.

        Args:
            oldest: working days that the oldest case has waited.
        """
        if kind <= 0 and not self.with_oldest:
            return []
        least = self._shares[-kind] if kind > 0 else INFINITE
        giving: list[Worker] = []
        for worker in workers:
            leaks = worker.leaks
            if leaks is not None and (
                leaks.share >= least or (leaks.oldest_wait is not None and oldest > leaks.oldest_wait.working_days)
            ):
                giving.append(worker)
        return giving

    def least_full(self, workers: Iterable[Worker], waiting: Waiting, waited: float, unheld: float) -> Worker | None:
        """The least full of the workers whose caps give to a case that has waited; None where none does yet.

        Args:
            waited: working days.
            unheld: children without a worker for each worker in post.
        """
        children, least = waiting.case.children, INFINITE
        chosen: Worker | None = None
        for worker in workers:
            if worker.leaks is not None and worker.fullness < least:
                chosen, least = worker, worker.fullness
        if chosen is None or chosen.leaks is None:
            return None
        fullness = chosen.fullness_at(chosen.load + children)
        if chosen.load and fullness > chosen.leaks.up_to + SLIVER:
            return None  # nobody is asked to hold more than this; who holds nothing may take any family
        if unheld > _many(chosen.leaks):
            return chosen
        over = fullness - 1.0
        return chosen if waited >= _after(chosen.leaks) * max(1.0, over / TENTH) - SLIVER else None


def _gives_in_time(leaks: CapLeaks) -> bool:
    return leaks.after != "never" or leaks.unallocated_per_worker is not None


def _after(leaks: CapLeaks) -> float:
    return INFINITE if leaks.after == "never" else leaks.after.working_days


def _many(leaks: CapLeaks) -> float:
    return INFINITE if leaks.unallocated_per_worker is None else leaks.unallocated_per_worker
