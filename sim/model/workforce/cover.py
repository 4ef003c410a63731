"""Cover: what the duty worker does of an absent colleague's work, and what nobody does.

Each day the duty workers of a team - colleagues at work in turn - take over the urgent work of those who have been away
for long enough, and make the visits that fall due by the calendar. Every hour that an absent worker's urgent clock or a
visit gets is an hour that a duty worker has less that day: the team's hours stay what those at work have.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET, Case
from sim.model.engine.event import Phase
from sim.model.engine.limits import CRUMB, DAYS_A_WEEK, NEVER, WEEK
from sim.model.pace import Milestone

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.workforce.away import Away
    from sim.model.workforce.staffing import Workforce
    from sim.model.workforce.team import Team
    from sim.model.workforce.worker import Worker
    from sim.model.world import World
    from sim.scenario.sections.absence import Cover

LAST: Final = 1 << 40
"""Place among the day's absences: once everybody has gone and come back."""
DUTY: Final = "duty"

DueVisit = tuple[int, int, int, "Worker", Milestone]
"""Day due, case and stage, which settle the order; the absent worker; the visit."""


class _Shift:
    """The duty workers of a team today.

    Attributes:
        hours: what all who are at work have left today.
        left: what duty may still take of it; a visit begun is made, and its rest is missing from later days.
        given: hours of cover today, by number of the worker.
    """

    def __init__(self, team: Team, today: int, hours_a_week: float, before: tuple[float, int]) -> None:
        present = [worker for worker in team.in_post if not worker.away and worker.hours_at_work > 0.0]
        first = today % len(present) if present else 0
        self._rota = present[first:] + present[:first]
        self._next = 0
        self._has = self._rota[0].hours_at_work / DAYS_A_WEEK if present else 0.0  # what the next of the rota has left
        self.hours = sum(worker.hours_at_work / DAYS_A_WEEK for worker in self._rota)
        # What is not used keeps for a week: a small team can save up for a visit.
        week = sum(worker.fte for worker in present) * hours_a_week
        kept, day = before
        self.left = min(kept + week * (today - day) / DAYS_A_WEEK, week)
        self.given: dict[int, tuple[Worker, float]] = {}

    @property
    def worker(self) -> Worker | None:
        """Who is on duty next; None when nobody is at work."""
        return self._rota[self._next] if self._next < len(self._rota) else None

    def take(self, hours: float) -> list[tuple[Worker, float]]:
        """Take hours of whoever is on duty, then of the next in turn (call with no more than there are)."""
        self.left -= hours
        self.hours -= hours
        taken = []
        while hours > CRUMB and self._next < len(self._rota):
            worker = self._rota[self._next]
            part = min(self._has, hours)
            hours -= part
            self._has -= part
            if self._has <= CRUMB:
                self._next += 1
                if self._next < len(self._rota):
                    self._has = self._rota[self._next].hours_at_work / DAYS_A_WEEK
            self.given[worker.number] = (worker, self.given.get(worker.number, (worker, 0.0))[1] + part)
            taken.append((worker, part))
        return taken


class Duty:
    """The duty rotas of all teams, and the cases of those who are away.

    They may touch the hours of workers and the visits of absent colleagues, and hand cases back through the workforce.
    """

    def __init__(self, world: World, flow: CaseFlow, workforce: Workforce, rules: Cover) -> None:
        self._world = world
        self._flow = flow
        self._workforce = workforce
        self._rules = rules
        self._urgent_after = rules.urgent_after.working_days
        self._visits_after = rules.visits_after.working_days
        never = rules.reallocate_after == "never"
        self._reallocate_after = NEVER if never else rules.reallocate_after.working_days  # type: ignore[union-attr]
        self._away: dict[int, dict[int, tuple[Worker, Away]]] = {}
        self._given: dict[int, list[Worker]] = {}
        self._left: dict[int, tuple[float, int]] = {}
        self._due: dict[int, int] = {}

    def start(self, team: Team) -> None:
        """Children of a team left without cover are counted from the first day: there are none so far."""
        self._world.recorder.uncovered.add((team.number, 0, 0))

    def away(self, worker: Worker, time: Away) -> None:
        """A worker has gone away for a time."""
        first = min(self._urgent_after, self._visits_after, self._reallocate_after)
        if time.back - time.start > first:
            self._away.setdefault(worker.team.number, {})[worker.number] = (worker, time)
            self._wake(worker.team)

    def back(self, worker: Worker) -> None:
        """A worker is back, or has left: visits made or overdue meanwhile move what is left to the next."""
        for absent in self._away.values():
            entry = absent.pop(worker.number, None)
            if entry is not None and entry[1].back - entry[1].start > self._visits_after:
                for case in worker.cases.values():
                    self._flow.catch_up(case)

    def _wake(self, team: Team) -> None:
        today = self._world.clock.today
        if self._due.get(team.number) != today:
            self._due[team.number] = today
            self._world.clock.at(today, Phase.ABSENCE, LAST + team.number, partial(self._day, team))

    def _day(self, team: Team) -> None:
        """A day's duty; the hours taken yesterday are given back first."""
        for worker in self._given.pop(team.number, []):
            worker.add_hours(DUTY, 0.0)
        absent = [entry for _, entry in sorted(self._away[team.number].items())]
        if not absent:
            return
        today = self._world.clock.today
        for worker, time in absent:
            last = time.back if time.planned else today
            if worker.cases and last - time.start >= self._reallocate_after:
                worker.lend(0.0, None)
                self._workforce.hand_back(worker)
        urgent: list[Worker] = []
        visits: list[DueVisit] = []
        for worker, time in absent:
            if not worker.cases:
                continue
            gone = today - time.start
            length = time.back - time.start
            if length > self._urgent_after and (time.planned or gone >= self._urgent_after):
                urgent.append(worker)
            if length > self._visits_after and (time.planned or gone >= self._visits_after):
                visits += self._visits_due(worker, today)
        urgent = [worker for worker in urgent if worker.work.wanted_urgent > 0.0 or worker.duty is not None]
        if urgent or visits:
            self._cover(team, urgent, visits)
        if today + 1 < self._world.calendar.horizon:
            self._due[team.number] = today + 1
            self._world.clock.at(today + 1, Phase.ABSENCE, LAST + team.number, partial(self._day, team))

    def _cover(self, team: Team, urgent: list[Worker], visits: list[DueVisit]) -> None:
        """Have the duty workers of today do what they have hours for, urgent work first; count what they have not."""
        today = self._world.clock.today
        before = self._left.get(team.number, (0.0, today - WEEK))
        shift = _Shift(team, today, self._rules.duty_hours_a_week, before)
        uncovered = sum([self._urgent(worker, shift) for worker in urgent])
        for *_, worker, milestone in sorted(visits, key=lambda entry: entry[:3]):
            uncovered += self._visit(worker, milestone, shift)
        if uncovered:
            self._world.recorder.uncovered.add((team.number, today, uncovered))
        self._left[team.number] = (shift.left, today)
        for worker, hours in shift.given.values():
            worker.add_hours(DUTY, -hours * DAYS_A_WEEK)
        self._given[team.number] = [worker for worker, _ in shift.given.values()]

    def _urgent(self, worker: Worker, shift: _Shift) -> int:
        """Lend the day's hours to a worker's urgent work; returns the children whose urgent work gets none."""
        worker.settle()
        asked = worker.work.wanted_urgent / DAYS_A_WEEK
        hours = max(0.0, min(asked, shift.left, shift.hours))
        taken = shift.take(hours)
        worker.lend(hours * DAYS_A_WEEK, taken[0][0] if taken else None)
        if asked - hours <= CRUMB:
            return 0
        children = sum(
            case.children
            for case in worker.cases.values()
            if any(spell.urgent > 0.0 and spell.allocated != NOT_YET for spell in case.spells.values())
        )
        return round(children * (1.0 - hours / asked))

    def _visits_due(self, worker: Worker, today: int) -> list[DueVisit]:
        """Visits to a worker's children that have fallen due by the calendar: last seen, and the interval drawn."""
        due_visits = []
        worker.settle()
        # A visit made late yesterday is dated today, and takes effect later in the day.
        just_seen = {milestone.spell.case.key for milestone in worker.work.reached}
        for case in worker.cases.values():
            if case.key in just_seen:
                continue
            for spell in case.spells.values():
                for milestone in spell.milestones:
                    due = case.last_seen + milestone.original
                    if milestone.with_any_holder and milestone.carried and due <= today:
                        due_visits.append((int(due), case.key, spell.stage, worker, milestone))
        return due_visits

    def _visit(self, worker: Worker, milestone: Milestone, shift: _Shift) -> int:
        """Make a visit in a worker's place; returns the children who are not seen for want of hours."""
        case: Case = milestone.spell.case
        hours = self._rules.hours_a_visit * case.factor
        if not milestone.carried or case.last_seen + milestone.original > self._world.clock.today:
            return 0  # reached at this very moment as urgent work, or the child has just been seen for another plan
        if shift.worker is None or shift.left <= CRUMB or hours > shift.hours:
            return case.children
        visitor = shift.worker
        for duty, part in shift.take(hours):
            duty.work_besides(part)
        worker.visited_by(visitor, milestone)
        return 0
