"""A team: workers and managers who serve some stages, perhaps in one locality, perhaps for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.cases.case import Case
    from sim.model.workforce.manager import ManagerDesk
    from sim.model.workforce.worker import Worker
    from sim.scenario.sections.workforce import Takes


class Team:
    """A team.

    Attributes:
        number: position in the scenario.
        stages: codes of the stages it serves.
        locality: position of its locality, or None for the whole area.
        workers: its workers, in post or not.
        in_post: those in post today, by number.
        desk: where its managers decide.
        takes: which cases of the queue it takes.
        first_day: working day on which it starts.
        backlog: numbers of the cases that waited on its first day, of a team that takes only those.
        closed: it takes no new cases any more.
    """

    __slots__ = (
        "backlog", "closed", "desk", "first_day", "in_post", "locality", "name", "number", "stages", "takes",
        "workers",
    )  # fmt: skip

    def __init__(
        self, number: int, name: str, stages: frozenset[int], locality: int | None, takes: Takes = "all"
    ) -> None:
        self.number = number
        self.name = name
        self.stages = stages
        self.locality = locality
        self.workers: list[Worker] = []
        self.in_post: list[Worker] = []
        self.desk: ManagerDesk
        self.takes = takes
        self.first_day = 0
        self.backlog: set[int] = set()
        self.closed = False

    def serves(self, stage: int, locality: int) -> bool:
        """Whether the team takes this stage in this locality."""
        return stage in self.stages and (self.locality is None or self.locality == locality)

    def takes_case(self, case: Case) -> bool:
        """Whether the team takes this case from the queue: by what it is, not by whether there is room."""
        if self.takes == "all":
            return True
        if self.takes == "new":
            return case.referred >= self.first_day
        return self.takes == "backlog" and case.key in self.backlog


class Teams:
    """The teams of the service, for whoever reads them; `Workforce` alone makes them.

    Attributes:
        all: in the order of the scenario; a team's number is its place.
    """

    __slots__ = ("_first", "all")

    def __init__(self) -> None:
        self.all: list[Team] = []
        self._first: dict[tuple[int, int], Team] = {}

    def first(self, stage: int, locality: int) -> Team | None:
        """The first team that serves a stage in a locality, which is the permanent one; teams that come later follow
        it.
        """
        team = self._first.get((stage, locality))
        if team is None:
            for other in self.all:
                if other.serves(stage, locality):
                    self._first[stage, locality] = other
                    return other
        return team

    def named(self, name: str) -> Team:
        """The team of that name."""
        return next(team for team in self.all if team.name == name)
