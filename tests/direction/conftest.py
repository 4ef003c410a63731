"""A busy service in which every mechanism is at work, and what a planner would look at in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.calendar import WorkingDayCalendar
from sim.model.recording import GRADES, OUTCOMES, Recording

REPLICATIONS = 2
MAIN, PLANS, SURGE = "assessment", "locality team", "surge team"
END = {"start": "2016-04-01", "end": "2017-06-30"}
WEEKS = {"distribution": "uniform", "low": "1 weeks"}

BUSY: dict[str, Any] = {
    "period": END,
    "localities": {"north": "60%", "south": "40%"},
    "demand.referrals_a_year": 680,
    "demand.rereferral.share": "25%",
    "demand.rereferral.mean_gap": "2 months",
    "stages.assessment.outcomes": {"close": "35%", "early_help": "5%", "child_in_need": "35%", "section_47": "25%"},
    "stages.section_47.outcomes": {"conference": "70%", "no_further_action": "30%"},
    "stages.section_47.conference_outcomes": {"child_protection": "70%", "child_in_need": "30%"},
    "stages.child_in_need.other_exits_a_year": 0.2,
    "stages.child_in_need.step_up_a_year": 0.3,
    "stages.child_in_need.brought_forward": "50%",
    "stages.child_protection.intervention": {"distribution": "gamma", "mean": "100 working days", "cv": 0.7},
    "stages.child_protection.brought_forward": "50%",
    "stages.child_protection.pre_proceedings_share": "70%",
    "stages.child_protection.pre_proceedings_after": "5 weeks",
    "stages.pre_proceedings.work": {"distribution": "gamma", "mean": "8 weeks", "cv": 0.4},
    "stages.pre_proceedings.outcomes": {"child_protection": "25%", "child_in_need": "15%", "court": "60%"},
    "stages.court.habit": {"distribution": "gamma", "mean": "12 weeks", "cv": 0.3},
    "stages.court.outcomes": {"care": "40%", "special_guardianship": "20%", "home_with_plan": "40%"},
    f"teams.{PLANS}": {
        "stages": ["child_in_need", "child_protection", "pre_proceedings", "court"],
        "workers": [
            {"count": 7, "cap": 18, "cap_policy": "strict"},
            {"count": 2, "cap": 18, "fte": 0.5, "leaks": "none"},
        ],
        "managers": 1.1,
        "background_hours_a_week": 10,
    },
    f"teams.{MAIN}": {
        "stages": ["assessment", "section_47"],
        "workers": [
            {"count": 4, "cap": 11, "leaks": "none"},
            {"count": 1, "cap": 11, "grade": "nqsw", "hours_a_week": 24, "leaks": "none"},
        ],
        "managers": 0.75,
        "background_hours_a_week": 5,
    },
    "allocation.statutory": "as_caps_allow",
    "capacities": {
        "conference_slots_a_week": 4,
        "conference_session_slots": 2,
        "legal_panel_slots_a_week": 0.5,
        "solicitors": 1,
        "cases_per_solicitor": 9,
        "final_hearings_a_week": 0.4,
    },
    "opening.assessment.children": 45,
    "opening.pre_proceedings": {"children": 8, "ages": WEEKS | {"high": "6 weeks"}},
    "opening.court": {"children": 8, "ages": WEEKS | {"high": "9 weeks"}},
}  # fmt: skip

SURGE_TEAM: dict[str, Any] = {
    f"teams.{SURGE}": {
        "stages": ["assessment"],
        "workers": [{"count": 3, "cap": 10, "leaks": "none"}],
        "managers": 1,
        "background_hours_a_week": 0,
        "start": "2016-09-01",
        "end": "2017-02-28",
        "takes_held_cases": {"from_team": MAIN, "stages": ["assessment"], "children": 20},
    }
}

Measure = Callable[[Recording], float]
A, S, CIN, CP, PLO, COURT = range(1, 7)


def spells(recording: Recording, stage: int, entered_from: int = 0) -> dict[str, np.ndarray[Any, Any]]:
    """New spells of a stage: those of the opening caseload are left out."""
    kept = (recording.spells["stage"] == stage) & (recording.spells["entered"] >= entered_from)
    return {name: column[kept] for name, column in recording.spells.items()}


def between(stage: int, start: str, end: str) -> Measure:
    """Mean working days from one point of a spell to another; to the end of the run where it is not reached."""

    def measure(recording: Recording) -> float:
        table = spells(recording, stage)
        begun = (table[start] > -1_000_000) & (table[start] != -1)
        never = (table[end] == -1) | (table[end] == -1_000_000)
        reached = np.where(never, recording.horizon, table[end])
        return float((reached - table[start])[begun].mean())

    return measure


def count(stage: int, outcome: str | None = None) -> Measure:
    """Children whose spell in a stage began (or ended in one way)."""

    def measure(recording: Recording) -> float:
        table = spells(recording, stage)
        counted = np.ones(len(table["case"]), bool) if outcome is None else table["outcome"] == OUTCOMES.index(outcome)
        return float(table["children"][counted].sum())

    return measure


def open_at_end(stage: int) -> Measure:
    return lambda r: float(((r.spells["stage"] == stage) & (r.spells["ended"] == -1)).sum())


def mean_of(name: str, end: str, start: str, stage: int | None = None, kind: int | None = None) -> Measure:
    """Mean working days between two columns of a table, where both are known."""

    def measure(recording: Recording) -> float:
        table = getattr(recording, name)
        kept = (table[end] != -1) & (table[start] != -1)
        if stage is not None:
            kept &= table["stage"] == stage
        if kind is not None:
            kept &= table["kind"] == kind
        return float((table[end] - table[start])[kept].mean())

    return measure


def rows(name: str, stage: int | None = None) -> Measure:
    def measure(recording: Recording) -> float:
        table = getattr(recording, name)
        return float(len(table["case"]) if stage is None else (table["stage"] == stage).sum())

    return measure


def total(name: str, column: str) -> Measure:
    return lambda recording: float(getattr(recording, name)[column].sum())


def _screening_wait(recording: Recording) -> float:
    contacts = recording.contacts
    decided = np.where(contacts["decided"] == -1, recording.horizon, contacts["decided"])
    return float((decided - contacts["received"]).mean())


def _wait(recording: Recording, need: int) -> float:
    """Mean of the longest tenth of allocation waits of new assessments, for low need (1) or all from a level up."""
    needs = dict(zip(recording.cases["case"].tolist(), recording.cases["need"].tolist(), strict=True))
    table = spells(recording, A)
    level = np.array([needs[case] for case in table["case"].tolist()])
    chosen = level == 1 if need == 1 else level >= need
    chosen &= table["outcome"] != OUTCOMES.index("same_day_closure")
    allocated = np.where(table["allocated"] == -1, recording.horizon, table["allocated"])
    waits = np.sort((allocated - table["entered"])[chosen])
    return float(waits[-max(1, len(waits) // 10) :].mean())


def _conference_after_work(recording: Recording) -> float:
    held = (recording.spells["conference"] >= 0) & (recording.spells["entered"] >= 0)
    return float((recording.spells["conference"] - recording.spells["work_done"])[held].mean())


def _most_over_cap(recording: Recording) -> float:
    held, workers = recording.holdings, recording.workers
    worst = 0.0
    for worker, cap in zip(workers["worker"].tolist(), workers["cap"].tolist(), strict=True):
        mine = held["worker"] == worker
        change = np.zeros(recording.horizon + 1)
        np.add.at(change, held["start"][mine], held["children"][mine])
        ends = np.where(held["end"] == -1, recording.horizon, held["end"])[mine]
        np.add.at(change, np.minimum(ends, recording.horizon), -held["children"][mine])
        worst = max(worst, float(np.cumsum(change).max()) - cap)
    return worst


def _in_school_holidays(recording: Recording) -> float:
    calendar = WorkingDayCalendar(date(2016, 4, 1), date(2017, 6, 30))
    days = recording.cases["referred"][~recording.cases["opening"]]
    return float(sum(0 <= day < calendar.horizon and calendar.school_holiday(day) for day in days.tolist()))


def _agency_days(recording: Recording) -> float:
    workers = recording.workers
    ends = np.where(workers["end"] == -1, recording.horizon, workers["end"])
    return float((ends - workers["start"])[workers["grade"] == GRADES.index("agency")].sum())


def _exposure(recording: Recording) -> float:
    """Child working days between a rise of need and the protective step, or the rise's end without one."""
    needs = recording.needs
    over = np.where(needs["acted"] >= 0, needs["acted"], needs["ended"])
    over = np.where(over >= 0, over, recording.horizon)
    return float(((over - needs["rose"]) * needs["children"]).sum())


def _away_in_school_holidays(recording: Recording) -> float:
    calendar = WorkingDayCalendar(date(2016, 4, 1), date(2017, 6, 30))
    spans = zip(recording.absences["start"].tolist(), recording.absences["end"].tolist(), strict=True)
    days = [day for start, end in spans for day in range(start, min(end, recording.horizon))]
    return float(np.mean([calendar.school_holiday(day) for day in days]))


def _handed_on(recording: Recording) -> float:
    """Children whom a surge team gave to others while their assessment was still under way."""
    held, table = recording.holdings, spells(recording, A)
    ends = dict(
        zip(table["case"].tolist(), np.where(table["ended"] == -1, 10**9, table["ended"]).tolist(), strict=True)
    )
    mine = (held["team"] == recording.teams.index(SURGE)) & (held["end"] != -1) if SURGE in recording.teams else []
    given = zip(*(held[name][mine].tolist() for name in ("case", "end", "children")), strict=True)
    return float(sum(children for case, end, children in given if ends.get(case, 0) > end))


def _old_taken(recording: Recording) -> float:
    """Cases held by the surge team that were referred before it came."""
    first = WorkingDayCalendar(date(2016, 4, 1), date(2017, 6, 30)).index(date(2016, 9, 1))
    held, cases = recording.holdings, recording.cases
    mine = held["team"] == recording.teams.index(SURGE)
    return float(np.isin(held["case"][mine], cases["case"][cases["referred"] < first]).sum())


def _share_of_newly_qualified(recording: Recording, need: bool) -> float:
    """Share of the assessments that newly qualified workers received; or the mean need of those."""
    held, workers, cases = recording.holdings, recording.workers, recording.cases
    learning = workers["worker"][workers["grade"] == GRADES.index("nqsw")]
    needs = dict(zip(cases["case"].tolist(), cases["need"].tolist(), strict=True))
    first = (held["stage"] == A) & (held["start"] >= 0) & (held["team"] == recording.teams.index(MAIN))
    theirs = first & np.isin(held["worker"], learning)
    if need:
        return float(np.mean([needs[case] for case in held["case"][theirs].tolist()]))
    return float(theirs.sum() / first.sum())


def _same_worker(recording: Recording) -> float:
    """Share of the families that came back whose new case went to the worker who held the one before last."""
    held = recording.holdings
    order = np.lexsort((held["start"], held["case"]))
    last: dict[int, int] = {}
    again: list[bool] = []
    first_of: set[int] = set()
    for case, worker in zip(held["case"][order].tolist(), held["worker"][order].tolist(), strict=True):
        if case not in first_of and case % 64 and case - 1 in last:
            again.append(last[case - 1] == worker)
        first_of.add(case)
        last[case] = worker
    return float(np.mean(again))


def _moved_to_joiners(recording: Recording) -> float:
    """Cases taken over from colleagues by workers of the first team on the day they join it, after the start."""
    held, workers = recording.holdings, recording.workers
    starts = dict(zip(workers["worker"].tolist(), workers["start"].tolist(), strict=True))
    ended = set(zip(held["case"].tolist(), held["end"].tolist(), strict=True))
    rows_of = zip(held["case"].tolist(), held["worker"].tolist(), held["start"].tolist(), strict=True)
    return float(
        sum(start > 0 and starts[worker] == start and (case, start) in ended for case, worker, start in rows_of)
    )


def _statutory_waiting(recording: Recording) -> float:
    """Child-days without a worker on a plan, in an enquiry or in legal work."""
    held = recording.held_by_managers
    kept = np.isin(held["stage"], (S, CP, PLO, COURT))
    ends = np.where(held["end"] == -1, recording.horizon, held["end"])
    return float(((ends - held["start"]) * held["children"])[kept].sum())


def _without_worker(recording: Recording) -> float:
    """Working days, over all cases, between one worker's putting a case down and the next one's taking it up."""
    held = recording.holdings
    order = np.lexsort((held["start"], held["case"]))
    case, start, end = held["case"][order], held["start"][order], held["end"][order]
    same = (case[1:] == case[:-1]) & (end[:-1] != -1)
    return float((start[1:] - end[:-1])[same].sum())


MEASURES: dict[str, Measure] = {
    "held by newly qualified": lambda r: _share_of_newly_qualified(r, need=False),
    "need held by newly qualified": lambda r: _share_of_newly_qualified(r, need=True),
    "back with the same worker": _same_worker,
    "days without a worker": _without_worker,
    "moved to joiners": _moved_to_joiners,
    "back in the queue": _handed_on,
    "old cases taken": _old_taken,
    "referrals": rows("cases"),
    "children to a case": lambda r: float(r.cases["children"].mean()),
    "rereferrals": lambda r: float(r.cases["rereferral"].sum()),
    "referred in school holidays": _in_school_holidays,
    "contacts": total("contacts", "contacts"),
    "screening wait": _screening_wait,
    "assessments": count(A),
    "same-day closures": count(A, "same_day_closure"),
    "allocation wait": between(A, "entered", "allocated"),
    "plan allocation wait": between(CIN, "entered", "allocated"),
    "low-need longest wait": lambda r: _wait(r, 1),
    "high-need wait": lambda r: _wait(r, 3),
    "assessment work": between(A, "allocated", "work_done"),
    "assessment length": between(A, "clock_start", "ended"),
    "assessments open": open_at_end(A),
    "decision wait": mean_of("decisions", "decided", "asked"),
    "authorisation wait": mean_of("decisions", "decided", "asked", kind=0),
    "assessment decisions": lambda r: float((r.decisions["kind"] == 0).sum() / (r.decisions["kind"] != 0).sum()),
    "manager hours used": total("managers", "used"),
    "reviewed": lambda r: float((r.targeted["day"] >= 0).sum()),
    "listed": lambda r: float(len(r.targeted["case"])),
    "review took": lambda r: float(r.targeted["day"].max()),
    "cin closures": count(CIN, "close"),
    "cin to early help": count(CIN, "early_help"),
    "cp to cin": count(CP, "child_in_need"),
    "manager hours": total("managers", "available"),
    "enquiries": count(S),
    "enquiry length": between(S, "clock_start", "ended"),
    "enquiry work": between(S, "allocated", "work_done"),
    "conferences": lambda r: float((r.spells["conference"] >= 0).sum()),
    "conference after work": _conference_after_work,
    "cin plans": count(CIN),
    "cin length": between(CIN, "clock_start", "ended"),
    "cin work": between(CIN, "allocated", "work_done"),
    "cin visits": rows("visits", CIN),
    "cin visit gap": mean_of("visits", "day", "previous", CIN),
    "cin reviews": rows("reviews", CIN),
    "cin other exits": count(CIN, "other"),
    "cp plans": count(CP),
    "cp length": between(CP, "clock_start", "ended"),
    "cp work": between(CP, "allocated", "work_done"),
    "cp visits": rows("visits", CP),
    "cp visit gap": mean_of("visits", "day", "previous", CP),
    "cp reviews": rows("reviews", CP),
    "cp other exits": count(CP, "other"),
    "plo started": count(PLO),
    "plo length": between(PLO, "entered", "ended"),
    "letter wait": between(PLO, "entered", "clock_start"),
    "plo work": between(PLO, "clock_start", "work_done"),
    "court started": count(COURT),
    "court length": between(COURT, "clock_start", "ended"),
    "court work": between(COURT, "clock_start", "work_done"),
    "transfer wait": mean_of("transfers", "done", "asked"),
    "hours asked": total("work", "asked"),
    "hours worked": total("work", "worked"),
    "hours available": total("work", "available"),
    "workers": lambda r: float(len(r.workers["worker"])),
    "holdings": rows("holdings"),
    "over cap": _most_over_cap,
    "leavers": lambda r: float(r.workers["resigned"].sum()),
    "vacant posts": total("posts", "vacant"),
    "seniors": lambda r: float((r.workers["grade"] == GRADES.index("senior")).sum()),
    "agency days": _agency_days,
    "need rises": rows("needs"),
    "exposure": _exposure,
    "step-up delay": mean_of("needs", "acted", "rose"),
    "families with an earlier plan": lambda r: float(r.cases["earlier_plan"].sum()),
    "absences": lambda r: float(len(r.absences["worker"])),
    "away in school holidays": _away_in_school_holidays,
    "uncovered child-days": total("uncovered", "child_days"),
    "supervisions": lambda r: float((r.supervisions["held"] >= 0).sum()),
    "statutory children waiting": _statutory_waiting,
    "cp review delay": mean_of("reviews", "day", "due", CP),
    "supervision wait": mean_of("supervisions", "held", "due"),
}  # fmt: skip


class Direction:
    """Means over replications with common seeds, kept for the next test."""

    def __init__(self, town: Any) -> None:
        self._town = town
        self._kept: dict[str, list[Recording]] = {}

    def busy(self, surge: bool = False) -> dict[str, Any]:
        """The busy service, with or without a surge team for part of the time."""
        return BUSY | SURGE_TEAM if surge else BUSY

    def service(self, changes: dict[str, Any]) -> Any:
        return self._town.service(changes)

    def runs(self, changes: dict[str, Any], replications: int = REPLICATIONS) -> list[Recording]:
        label = json.dumps([changes, replications], sort_keys=True)
        if label not in self._kept:
            self._kept[label] = [self._town.service(changes, 1, number).run() for number in range(replications)]
        return self._kept[label]

    def mean(self, measure: str, changes: dict[str, Any]) -> float:
        return float(np.mean([MEASURES[measure](recording) for recording in self.runs(changes)]))


@pytest.fixture(scope="session")
def direction(town: Any) -> Direction:
    return Direction(town)
