"""A team: workers and managers who serve some stages, perhaps in one locality, perhaps for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.workforce.manager import ManagerDesk
    from sim.model.workforce.worker import Worker


class Team:
    """A team.

    Attributes:
        number: position in the scenario.
        stages: codes of the stages it serves.
        locality: position of its locality, or None for the whole area.
        workers: its workers, in post or not.
        in_post: those in post today, by number.
        desk: where its managers decide.
    """

    __slots__ = ("desk", "in_post", "locality", "name", "number", "stages", "workers")

    def __init__(self, number: int, name: str, stages: frozenset[int], locality: int | None) -> None:
        self.number = number
        self.name = name
        self.stages = stages
        self.locality = locality
        self.workers: list[Worker] = []
        self.in_post: list[Worker] = []
        self.desk: ManagerDesk

    def serves(self, stage: int, locality: int) -> bool:
        """Whether the team takes this stage in this locality."""
        return stage in self.stages and (self.locality is None or self.locality == locality)
