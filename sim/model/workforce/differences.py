"""Differences: workers and managers get more or less done in an hour, and step up more or less readily."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.workforce.worker import Worker
    from sim.model.world import World


class Speeds:
    """Lognormal speeds with mean 1, drawn from streams keyed by the person."""

    def __init__(self, world: World) -> None:
        rules = world.scenario.people.differences
        self._streams = world.streams
        self._workers = 0.0 if rules == "none" else rules.workers
        self._managers = 0.0 if rules == "none" else rules.managers
        self._thresholds = 0.0 if rules == "none" else rules.thresholds

    def of_worker(self, worker: Worker) -> float:
        """How much a worker gets done in an hour, 1 on average."""
        return self._speed("worker_speed", worker.key, self._workers)

    def of_managers(self, team: int, managers: float) -> float:
        """How much the managers of a team get done in an hour, 1 on average over teams."""
        places = max(1, math.ceil(managers))
        return (
            math.fsum([self._speed("manager_speed", (team, place), self._managers) for place in range(places)]) / places
        )

    def readiness_of_worker(self, worker: Worker) -> float:
        """How readily a worker recognises a rise of need, 1 on average."""
        return self._speed("worker_threshold", worker.key, self._thresholds)

    def readiness_of_managers(self, team: int) -> float:
        """How readily the managers of a team decide to step up, 1 on average over teams."""
        return self._speed("manager_threshold", (team,), self._thresholds)

    def _speed(self, stream: str, key: tuple[int, ...], variation: float) -> float:
        if variation <= 0.0:
            return 1.0
        spread = math.log1p(variation * variation)
        draw = float(self._streams.at_once(stream, *key).standard_normal())
        return math.exp(math.sqrt(spread) * draw - spread / 2)
