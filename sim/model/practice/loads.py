"""Load: hours asked over the hours there are, of each worker and team, looked at once a week and smoothed.

What people do follows what they have felt for some weeks, not the case that came in this morning.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import Case
from sim.model.engine.event import Phase
from sim.model.engine.limits import LAST_OF_PHASE
from sim.model.practice.juggling import LostHours
from sim.model.recording.names import ASSESSMENT
from sim.scenario.sections.practice import Practice

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.model.workforce.team import Team, Teams
    from sim.model.workforce.worker import Worker
    from sim.model.world import World

WEEK: Final = 5
SMOOTHED_OVER: Final = 20.0
"""Working days over which a load is felt (assumption)."""
KEPT: Final = math.exp(-WEEK / SMOOTHED_OVER)
HIGHEST: Final = 3.0
"""A load beyond this is felt as this: nobody can tell it from worse."""


class Loads:
    """The loads that practice, leaving and sickness respond to.

    Args:
        rules: the scenario's practice section, or its defaults where there is none.
        watched: something in the scenario responds to load; otherwise nothing is looked at.
        lost: the hours that go with a load.
    """

    def __init__(self, world: World, teams: Teams, rules: Practice, watched: bool, lost: LostHours) -> None:
        self._world = world
        self._teams = teams
        self.watched = watched
        self._lost = lost
        self._usual = float(rules.usual_load)
        self._usual_of_plans = float(rules.usual_load_of_plans)
        self._of_worker: dict[int, float] = {}
        self._of_team: dict[int, float] = {}
        self._waiting: list[float] = [0.0] * len(world.scenario.localities)
        self._open_cases: Callable[[], list[Case]] = list

    def start(self, open_cases: Callable[[], list[Case]]) -> None:
        """Look at the first morning's loads, and every week from then on."""
        self._open_cases = open_cases
        if self.watched:
            self._look()

    def of(self, worker: Worker) -> float:
        """The load that a worker feels; the usual one of somebody who has just joined."""
        load = self._of_worker.get(worker.number)
        return self.usual(worker.team) if load is None else load

    def relative(self, worker: Worker) -> float:
        """The same over the usual load: 1 as when the scenario's figures were made."""
        load = self._of_worker.get(worker.number)
        if load is None:
            return 1.0
        return load / (self._usual if ASSESSMENT in worker.team.stages else self._usual_of_plans)

    def of_team(self, team: Team) -> float:
        """The load of a team: all hours asked over all hours there are."""
        load = self._of_team.get(team.number)
        return self.usual(team) if load is None else load

    def usual(self, team: Team) -> float:
        """The load at the time of the statistics."""
        return self._usual if ASSESSMENT in team.stages else self._usual_of_plans

    def of_stage(self, stage: int, locality: int) -> float:
        """The load of the first team that serves a stage in a locality, which is the permanent one."""
        team = self._teams.first(stage, locality)
        return self._usual if team is None else self.of_team(team)

    def relative_of_stage(self, stage: int, locality: int) -> float:
        """The same over the usual load: 1 as when the scenario's figures were made."""
        team = self._teams.first(stage, locality)
        return 1.0 if team is None else self.of_team(team) / self.usual(team)

    def waiting(self, locality: int) -> float:
        """Children whose assessment waits for a worker, for each assessment worker in post."""
        return self._waiting[locality]

    def _look(self) -> None:
        for team in self._teams.all:
            asked = there = 0.0
            for worker in team.in_post:
                hours = self._lost.hours_besides(worker)
                if worker.away or hours <= 0.0:
                    continue  # somebody away feels nothing new
                wanted = worker.work.wanted
                asked += wanted
                there += hours
                load = self._of_worker[worker.number] = _felt(self._of_worker.get(worker.number), wanted / hours)
                self._lost.follow(worker, load, hours)
            if there > 0.0:
                self._of_team[team.number] = _felt(self._of_team.get(team.number), asked / there)
        self._count_waiting()
        clock = self._world.clock
        if clock.today + WEEK < self._world.calendar.horizon:
            clock.at(clock.today + WEEK, Phase.SNAPSHOT, LAST_OF_PHASE, self._look)

    def _count_waiting(self) -> None:
        waiting = [0] * len(self._waiting)
        for case in self._open_cases():
            if case.worker is None and ASSESSMENT in case.spells:
                waiting[case.locality] += case.children
        for locality, children in enumerate(waiting):
            workers = sum(
                [
                    len(team.in_post)
                    for team in self._teams.all
                    if ASSESSMENT in team.stages and team.locality in (None, locality)
                ]
            )
            self._waiting[locality] = KEPT * self._waiting[locality] + (1.0 - KEPT) * children / max(1, workers)


def _felt(before: float | None, now: float) -> float:
    """The smoothed load after a week with a load of `now`."""
    now = min(now, HIGHEST)
    return now if before is None else KEPT * before + (1.0 - KEPT) * now
