"""Lever: held cases move from the fullest caseloads of a team to emptier ones, or to workers who join."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.model.engine.event import Phase
from sim.model.levers.dated import active
from sim.model.recording.names import SECTION_47
from sim.model.workforce.worker import NO_CAP
from sim.scenario.sections.levers import Rebalancing

if TYPE_CHECKING:
    from sim.model.cases.case import Case
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.workforce.team import Teams
    from sim.model.workforce.worker import Worker
    from sim.model.world import World


class Rebalance:
    """Lever `rebalancing`: moves held cases within a team, through the flow."""

    def __init__(self, world: World, teams: Teams, flow: CaseFlow) -> None:
        self._world = world
        self._teams = teams
        self._flow = flow
        self._levers = self._world.scenario.levers_of(Rebalancing)

    def schedule(self, order: int) -> None:
        """Set the dates of the moves that happen once; `order`: their place among the day's staff changes."""
        for lever in self._levers:
            if lever.to == "emptiest":
                self._world.clock.at(
                    self._world.calendar.index(lever.at), Phase.STAFF, order, partial(self._even_out, lever)
                )

    def joined(self, worker: Worker, order: int) -> None:
        """A worker has joined today: cases move to them where a lever says so, once everybody has come and gone."""
        today = self._world.clock.today
        if worker.start <= 0:
            return  # who is there on the first day has a caseload
        for lever in self._levers:
            if lever.to == "joiners" and lever.team == worker.team.name and active(lever, today, self._world.calendar):
                self._world.clock.at(today, Phase.STAFF, order, partial(self._fill, lever, worker))

    def _even_out(self, lever: Rebalancing) -> None:
        for worker in sorted(self._teams.named(lever.team).in_post, key=lambda w: (w.fullness, w.number)):
            self._fill(lever, worker)

    def _fill(self, lever: Rebalancing, worker: Worker) -> None:
        """Move cases from the fullest colleague of the moment, while the worker stays the emptier of the two."""
        if not worker.in_post or not worker.available or worker.team.closed:
            return
        colleagues = [other for other in worker.team.in_post if other is not worker]
        if not colleagues:
            return
        full = min(worker.cap, sum(w.load for w in worker.team.in_post) / len(colleagues))
        most = lever.up_to * (full if worker.cap == NO_CAP else worker.cap)
        while True:
            cases: list[Case] = []
            for sender in sorted(colleagues, key=lambda w: (-w.fullness, w.number)):
                cases = [case for case in sender.cases.values() if self._may_move(case, sender, worker, most)]
                if cases:
                    break
            if not cases:
                return
            # The one held for the shortest time: the family knows its worker least.
            self._flow.move(min(cases, key=lambda c: (-c.holding_since, c.need, c.key)), worker)

    def _may_move(self, case: Case, sender: Worker, worker: Worker, most: float) -> bool:
        if case.waiting is not None or SECTION_47 in case.spells or worker.load + case.children > most + 1e-9:
            return False
        stage = self._flow.leading_stage(case)
        fits = worker.team.serves(stage, case.locality) and worker.room_for(case.children, urgent=False)
        return fits and worker.fullness_at(worker.load + case.children) <= sender.fullness_at(
            sender.load - case.children
        )
