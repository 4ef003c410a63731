"""The queues of the whole service: which pool of teams a case waits in, and which pool a team draws on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.model.allocation.leaks import Leaks
from sim.model.allocation.pool import Pool, Waiting
from sim.model.recording.names import STATUTORY
from sim.scenario.pooling import pooled

if TYPE_CHECKING:
    from sim.model.workforce.team import Team, Teams
    from sim.model.workforce.worker import Worker
    from sim.model.world import World


class Queues:
    """All pools, by team and by stage and locality.

    It may touch the pools and read the teams; cases change hands only through `allocate`.

    Attributes:
        pools: in the order of their passes within a day.
    """

    def __init__(self, world: World, teams: Teams) -> None:
        self._world = world
        self._teams = teams
        self._of_team: dict[int, Pool] = {}
        self._at: dict[tuple[int, int], Pool] = {}
        self.pools: list[Pool] = []

    def open(self, allocate: Callable[[Waiting, Worker], None]) -> None:
        """Group the teams that share a stage in a locality, directly or through others (call once they are known).

        Args:
            allocate: called with a case's place in the queue and the worker chosen for it.
        """
        scenario, teams = self._world.scenario, self._teams.all
        allocation, leaks = scenario.allocation, Leaks(scenario)
        pooling = allocation.pooling
        groups = pooled([(team.stages, team.locality) for team in teams], pooling != "none")
        self.pools = [
            Pool(
                number,
                [teams[place] for place in group],
                allocation.policy,
                allocation.passed_over.working_days,
                self._world.clock,
                allocate,
                leaks,
                allocation.receives,
                None if pooling == "none" else pooling.after.working_days,
                STATUTORY if allocation.statutory == "at_once" else frozenset(),
                self._world.recorder.queues.add if self._world.recorder.keep else None,
            )
            for number, group in enumerate(groups)
        ]
        self._find()

    def add_teams(self, teams: list[Team]) -> None:
        """Let teams that come later draw on the queues of their stages from now on."""
        for team in teams:
            self.at(min(team.stages), team.locality or 0).add(team)
        self._find()

    def at(self, stage: int, locality: int) -> Pool:
        """The pool in which cases of a stage and locality wait."""
        return self._at[stage, locality]

    def of_team(self, team: Team) -> Pool:
        """The pool in which a team receives its cases."""
        return self._of_team[team.number]

    def request_pass(self, team: Team) -> None:
        """Ask for an allocation pass of the pool of a team, somebody in it having room again."""
        self._of_team[team.number].request_pass()

    def _find(self) -> None:
        self._of_team = {team.number: pool for pool in self.pools for team in pool.teams}
        for team in self._teams.all:
            for stage in team.stages:
                for locality in range(len(self._world.scenario.localities)):
                    if team.serves(stage, locality):
                        self._at.setdefault((stage, locality), self._of_team[team.number])
