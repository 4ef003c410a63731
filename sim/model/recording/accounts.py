"""The books: hours and slots settled at each month's end, and everything still open recorded at the end of the run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET
from sim.model.engine.event import Phase
from sim.model.recording import STAGES, Recording
from sim.model.recording.money import Money
from sim.scenario.counted_twice import counted_twice

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.need.rises import Needs
    from sim.model.pathway.capacities import Capacities
    from sim.model.pathway.front_door.arrivals import ReferralArrivals
    from sim.model.pathway.front_door.screening import FrontDoorStage
    from sim.model.reviews.targeted import TargetedReviews
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.team import Team, Teams
    from sim.model.world import World


STEP_UP_TWICE: Final = (
    "risk is simulated and child_in_need.step_up_a_year is not 0: strategy discussions come from both"
)


class Accounts:
    """Settles what is counted by month, and records what is still open at the end.

    They may read every part and touch only sums that are counted and the recorder.
    """

    def __init__(
        self,
        world: World,
        teams: Teams,
        flow: CaseFlow,
        capacities: Capacities,
        workforce: Workforce,
        front_door: FrontDoorStage,
        arrivals: ReferralArrivals,
        need: Needs,
        targeted_reviews: TargetedReviews,
    ) -> None:
        self._world = world
        self._teams = teams
        self._flow = flow
        self._capacities = capacities
        self._workforce = workforce
        self._front_door = front_door
        self._arrivals = arrivals
        self._need = need
        self._targeted_reviews = targeted_reviews
        self._months = world.months
        self._money = Money(world, teams, capacities, workforce, targeted_reviews)

    def start(self) -> None:
        """Settle every month once its last day has been worked: on the morning of the next."""
        clock = self._world.clock
        for place, month in enumerate(self._months):
            if month.first_index <= month.last_index < self._world.calendar.horizon - 1:
                clock.at(month.last_index + 1, Phase.STAFF, 0, partial(self._month_end, place))

    def add_teams(self, teams: list[Team]) -> None:
        """Give teams that come later than today their rows, of nothing, in the months that are settled.

        Each stands where it would, had the team been there all along: sums are then the same to the last bit.
        """
        recorder = self._world.recorder
        last = teams[0].number - 1
        rows: list[tuple[int, int, float, float]] = []
        for row in recorder.managers:
            rows.append(row)
            if row[0] == last:
                rows.extend((team.number, row[1], 0.0, 0.0) for team in teams)
        recorder.managers = rows
        ends = {row[1]: place for place, row in enumerate(recorder.work)}  # a month's last row is its last team's
        work: list[tuple[int, int, float, float, float]] = []
        for place, row_of_work in enumerate(recorder.work):
            work.append(row_of_work)
            if ends[row_of_work[1]] == place:
                work.extend((team.number, row_of_work[1], 0.0, 0.0, 0.0) for team in teams)
        recorder.work = work

    def _month_end(self, place: int) -> None:
        month = self._months[place]
        self._settle(place, month.last_index + 1)
        self._money.record(place, month)
        self._workforce.posts.record(place)
        diary = self._capacities.conferences
        days = slice(month.first_index, month.last_index + 1)
        self._world.recorder.conferences.append((place, sum(diary.offered[days]), sum(diary.used[days])))

    def _settle(self, place: int, day: int) -> None:
        recorder = self._world.recorder
        for team in self._teams.all:
            available, used = team.desk.settle(day)
            recorder.managers.append((team.number, place, available, used))
            asked = worked = hours = 0.0
            for worker in team.workers:
                worker.settle()
                asked += worker.work.asked_hours
                worked += worker.work.worked_hours
                hours += worker.work.available_hours
                worker.work.asked_hours = worker.work.worked_hours = worker.work.available_hours = 0.0
                worker.arm()
            recorder.work.append((team.number, place, asked, worked, hours))

    def close(self) -> Recording:
        """Settle the last month, record what is open, and return everything."""
        recorder, scenario = self._world.recorder, self._world.scenario
        for place, month in enumerate(self._months):
            if month.first_index <= month.last_index == self._world.calendar.horizon - 1:
                self._month_end(place)
        self._front_door.record_backlog()
        self._targeted_reviews.record_left()
        self._need.finish()
        self._workforce.supervision.close()
        for team in self._teams.all:
            team.desk.actions.close()
        for case in self._flow.open_cases():
            self._flow.records.record_open(case)
        for worker in self._workforce.workers:
            end = NOT_YET if worker.end is None else worker.end
            recorder.workers.append(
                (worker.number, worker.team.number, worker.grade, worker.fte, worker.cap, worker.start, end,
                 worker.hours_at_work, worker.resigned)
            )  # fmt: skip
        return recorder.finish(
            tuple(scenario.localities),
            tuple(team.name for team in self._teams.all),
            self._world.calendar.horizon,
            self._world.clock.events,
            self._warnings(),
            tuple(self._standard(stage) for stage in STAGES),
            self._arrivals.referred,
        )

    def _standard(self, stage: str) -> int:
        section = getattr(self._world.scenario.stages, stage)
        standard = getattr(section, "decision_standard", None) or getattr(section, "standard", None)
        return NOT_YET if standard is None else int(standard.working_days)

    def _warnings(self) -> tuple[str, ...]:
        scenario = self._world.scenario
        twice = scenario.risk != "none" and scenario.stages.child_in_need.step_up_a_year > 0
        return (
            (STEP_UP_TWICE,) * twice
            + counted_twice(scenario)
            + tuple(
                f"team '{name}' has no background_hours_a_week: work for children outside this pathway is taken as none"
                for name, team in scenario.teams.items()
                if team.background_hours_a_week is None and set(team.stages) - {"front_door"}
            )
        )
