"""How much more, or less, people leave than their rate says: for load, missed supervision, colleagues who go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sim.model.practice.loads import Loads
    from sim.model.workforce.team import Team
    from sim.model.workforce.worker import Worker
    from sim.scenario.sections.people import FeltLoad

RECENTLY: Final = 126
"""Working days in which colleagues who left are counted: half a year."""
LEAST_LOAD: Final = 0.2


class Feelings:
    """What a worker's rate of leaving is multiplied by. It may read loads."""

    def __init__(self, rules: FeltLoad, loads: Loads) -> None:
        self._rules = rules
        self._loads = loads
        self._left: dict[int, list[int]] = {}

    def has_left(self, worker: Worker, day: int) -> None:
        """A worker has resigned and gone."""
        self._left.setdefault(worker.team.number, []).append(day)

    def times(self, worker: Worker, day: int, usual_share: float) -> float:
        """Times the rate of leaving on a day; `usual_share`: of a team, who leave in half a year."""
        rules = self._rules
        load: float = max(LEAST_LOAD, self._loads.relative(worker)) ** rules.by_load
        supervision = 1.0 + (rules.unsupervised - 1.0) * _overdue(worker)
        unsettled = max(0.0, 1.0 + rules.unsettled * (self._share_gone(worker.team, day) - usual_share))
        times: float = min(rules.most, max(rules.least, load * supervision * unsettled))
        return times

    def _share_gone(self, team: Team, day: int) -> float:
        gone = sum([left > day - RECENTLY for left in self._left.get(team.number, [])])
        return gone / max(1, len(team.in_post))


def _overdue(worker: Worker) -> float:
    """How overdue a worker's supervision is: 0 in time, 1 four weeks late, as far as anything depends on it."""
    span = 1.0 - worker.sight_without
    return (1.0 - worker.sight) / span if span > 0.0 else 0.0
