"""Recordings made by hand, for measures whose answer can be worked out on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from sim.calendar import WorkingDayCalendar
from sim.measures.compute import Measured, compute
from sim.model.recording import ABSENCE_KINDS, DECISIONS, GRADES, MONEY, OUTCOMES, STAGES, Recorder, Recording
from sim.model.recording.recorder import (
    ABSENCES,
    CAPS,
    CASES,
    CONTACTS,
    DECIDED,
    HELD_BY_MANAGERS,
    HOLDINGS,
    NEEDS,
    POSTS,
    REVIEWS,
    SPELLS,
    SUPERVISIONS,
    TARGETED,
    TRANSFERS,
    UNCOVERED,
    VISITS,
)

YEAR = (date(2016, 4, 1), date(2017, 3, 31))


class Story:
    """Builds a recording row by row, with a plain default for all that a test does not name."""

    def __init__(self, start: date = YEAR[0], end: date = YEAR[1]) -> None:
        self.calendar = WorkingDayCalendar(start, end)
        self.recorder = Recorder(True)
        self.localities: tuple[str, ...] = ("north", "south")
        self.teams: tuple[str, ...] = ("duty", "plans")
        self.cases = 0

    def day(self, *ymd: int) -> int:
        return self.calendar.index(date(*ymd))

    def _row(self, columns: tuple[str, ...], defaults: dict[str, Any], given: dict[str, Any]) -> list[int]:
        unknown = set(given) - set(columns)
        assert not unknown, unknown
        return [int(given.get(name, defaults.get(name, -1))) for name in columns]

    def case(self, referred: int = 0, **given: Any) -> int:
        """A case, numbered in tens so that a number is never mistaken for a position."""
        number = 10 * self.cases + 7
        self.cases += 1
        defaults = {
            "case": number, "children": 1, "first_child": 100 * number, "locality": 0, "need": 2,
            "referred": referred, "previous_referral": -1_000_000, "opening": False, "rereferral": False,
            "earlier_plan": False,
        }  # fmt: skip
        self.recorder.cases.add(self._row(CASES, defaults, given))
        return number

    def spell(self, stage: str, case: int | None = None, outcome: str | None = None, **given: Any) -> int:
        """A spell of its own new case unless one is named; entered on the day its clock starts."""
        clock = given.get("clock_start", given.get("entered", 0))
        if case is None:
            known = {k: given[k] for k in ("children", "locality") if k in given}
            case = self.case(referred=clock, **known)
        code = -1
        if given.get("ended", -1) >= 0:
            code = OUTCOMES.index(outcome or "close")
        defaults = {
            "case": case, "stage": STAGES.index(stage), "locality": 0, "team": 0, "clock_start": clock,
            "entered": clock, "allocated": given.get("entered", clock), "outcome": code, "children": 1,
        }  # fmt: skip
        self.recorder.spells.add(self._row(SPELLS, defaults, given))
        return case

    def referral(self, day: int, **given: Any) -> int:
        return self.spell("front_door", clock_start=day, **{"outcome": "assessment", "ended": day, **given})

    def assessment(self, referred: int, ended: int = -1, **given: Any) -> int:
        return self.spell("assessment", clock_start=referred, ended=ended, **given)

    def visit(self, stage: str, case: int, previous: int, day: int, **given: Any) -> None:
        defaults = {
            "case": case, "stage": STAGES.index(stage), "team": 1, "day": day, "previous": previous,
            "limit": 10, "children": 1,
        }  # fmt: skip
        self.recorder.visits.add(self._row(VISITS, defaults, given))

    def review(self, case: int, due: int, day: int, stage: str = "child_protection", **given: Any) -> None:
        defaults = {
            "case": case, "stage": STAGES.index(stage), "team": 1, "day": day, "due": due, "children": 1,
        }  # fmt: skip
        self.recorder.reviews.add(self._row(REVIEWS, defaults, given))

    def decision(self, asked: int, decided: int, **given: Any) -> None:
        defaults = {
            "kind": DECISIONS.index("closure"), "team": 0, "asked": asked, "decided": decided, "children": 1,
        }  # fmt: skip
        self.recorder.decisions.add(self._row(DECIDED, defaults, given))

    def transfer(self, asked: int, done: int, **given: Any) -> None:
        defaults = {"case": 7, "from_team": 0, "to_team": 1, "asked": asked, "done": done, "children": 1}
        self.recorder.transfers.add(self._row(TRANSFERS, defaults, given))

    def holding(self, case: int, worker: int, start: int = 0, end: int = -1, **given: Any) -> None:
        defaults = {
            "case": case,
            "worker": worker,
            "team": 0,
            "start": start,
            "end": end,
            "children": 1,
            "stage": 1,
        }
        self.recorder.holdings.add(self._row(HOLDINGS, defaults, given))

    def contact(self, received: int, decided: int = -1, children: int = 1) -> None:
        self.recorder.contacts.add(
            self._row(CONTACTS, {}, {"received": received, "decided": decided, "contacts": children})
        )

    def worker(
        self,
        number: int,
        team: int = 0,
        fte: float = 1.0,
        cap: float = float("inf"),
        start: int = 0,
        end: int = -1,
        grade: str = "social_worker",
        resigned: bool = False,
    ) -> None:
        self.recorder.workers.append((number, team, grade, fte, cap, start, end, 27.0, resigned))

    def need(self, rose: int, **given: Any) -> None:
        """A rise of need, unseen and standing unless told."""
        defaults = {"case": 7, "locality": 0, "team": 0, "stage": 1, "rose": rose, "children": 1}
        self.recorder.needs.add(self._row(NEEDS, defaults, given))

    def absence(self, worker: int, start: int, end: int = -1, kind: str = "sickness", **given: Any) -> None:
        defaults = {"worker": worker, "team": 0, "kind": ABSENCE_KINDS.index(kind), "start": start, "end": end}
        self.recorder.absences.add(self._row(ABSENCES, defaults, given))

    def uncovered(self, day: int, child_days: int, team: int = 0) -> None:
        self.recorder.uncovered.add(self._row(UNCOVERED, {"team": team, "day": day, "child_days": child_days}, {}))

    def held_by_managers(
        self, start: int, end: int, stage: str = "assessment", team: int = 0, children: int = 1
    ) -> None:
        given = {
            "case": 7,
            "team": team,
            "stage": STAGES.index(stage),
            "start": start,
            "end": end,
            "children": children,
        }
        self.recorder.held_by_managers.add(self._row(HELD_BY_MANAGERS, {}, given))

    def supervision(self, due: int, held: int = -1, team: int = 0) -> None:
        self.recorder.supervisions.add(
            self._row(SUPERVISIONS, {"worker": 1, "team": team, "due": due, "held": held}, {})
        )

    def cap(self, worker: int, day: int, grade: str, hundredths: int) -> None:
        given = {"worker": worker, "day": day, "grade": GRADES.index(grade), "hundredths": hundredths}
        self.recorder.caps.add(self._row(CAPS, {}, given))

    def post(self, team: int, month: int, establishment: int, vacant: int) -> None:
        given = {"team": team, "month": month, "establishment": establishment, "vacant": vacant}
        self.recorder.posts.add(self._row(POSTS, {}, given))

    def targeted(self, case: int, day: int = -1, **given: Any) -> None:
        defaults = {"case": case, "team": 1, "stage": STAGES.index("child_in_need"), "day": day, "children": 1}
        self.recorder.targeted.add(self._row(TARGETED, defaults, given))

    def money(self, month: int, kind: str, pounds: float) -> None:
        self.recorder.money.append((month, MONEY.index(kind), pounds))

    def recording(self) -> Recording:
        return self.recorder.finish(self.localities, self.teams, self.calendar.horizon, 0, ())

    def measured(self) -> Measured:
        return compute(self.recording(), self.calendar)


@pytest.fixture
def story() -> Callable[..., Story]:
    """Start an empty recording: `story()` for 2016-17, or with a start and an end."""
    return Story
