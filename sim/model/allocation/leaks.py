"""Caps that give: which workers a case may go to over their cap, because it leaks through or because of pressure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.model.engine.limits import INFINITE
from sim.model.levers.dated import levers_of
from sim.scenario.sections.levers import Staffing

if TYPE_CHECKING:
    from sim.model.allocation.pool import Waiting
    from sim.model.workforce.worker import Worker
    from sim.scenario.schema import Scenario
    from sim.scenario.sections.workforce import CapLeaks


class Leaks:
    """How the leaky caps of a scenario give.

    Each case that joins a queue draws a uniform number of the stream `cap_leak`; it goes over the caps of workers whose
    share is above it. Cases through which the same shares leak are alike, so that they can have a queue of their own.

    Attributes:
        under_pressure: some caps give under pressure.
    """

    def __init__(self, scenario: Scenario) -> None:
        groups = [group for team in scenario.teams.values() for group in team.workers]
        groups += [lever.add for lever in levers_of(scenario, Staffing)]
        given = [group.leaks for group in groups if group.leaks is not None]
        self._shares = sorted({leaks.share for leaks in given if leaks.share > 0.0})
        self.under_pressure = any(_gives_in_time(leaks) for leaks in given)

    @property
    def any(self) -> bool:
        """Whether any cap gives to work that is not urgent."""
        return bool(self._shares) or self.under_pressure

    def kind(self, waiting: Waiting) -> int:
        """Through how many of the different shares the case leaks; drawn when it first joins the queue."""
        if waiting.leak < 0:
            draw = waiting.case.draws.uniform("cap_leak") if self._shares else 1.0
            waiting.leak = sum(share > draw for share in self._shares)
        return waiting.leak

    def give_in_time(self, workers: Iterable[Worker]) -> bool:
        """Whether the cap of one of these workers gives under pressure."""
        return self.under_pressure and any(_gives_in_time(worker.group.leaks) for worker in workers)

    def giving(self, workers: Iterable[Worker], kind: int, oldest: float, per_worker: float) -> list[Worker]:
        """Workers whose caps give to a case of a kind today.

        Args:
            oldest: working days that the oldest case has waited.
            per_worker: children without a worker for each worker in post.
        """
        least = self._shares[-kind] if kind > 0 else INFINITE
        workers_over_cap = []
        for worker in workers:
            leaks = worker.group.leaks
            if leaks is not None and (
                leaks.share >= least
                or (leaks.oldest_wait is not None and oldest > leaks.oldest_wait.working_days)
                or (leaks.unallocated_per_worker is not None and per_worker > leaks.unallocated_per_worker)
            ):
                workers_over_cap.append(worker)
        return workers_over_cap


def _gives_in_time(leaks: CapLeaks | None) -> bool:
    return leaks is not None and bool(leaks.oldest_wait or leaks.unallocated_per_worker)
