"""Leave, sickness and parental leave at the rates asked for; cover that makes no hours; cases nobody away is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.calendar import WorkingDayCalendar
from sim.model.cases.case import NO_DAY
from sim.model.engine.event import Phase
from sim.model.recording import ABSENCE_KINDS, Recording
from sim.model.recording.names import LEAVE, PARENTAL, SICKNESS
from sim.model.service import Service
from sim.model.workforce.away import Away, AwayDays
from sim.scenario.sections.absence import Absence
from sim.scenario.values.durations import WORKING_DAYS_A_YEAR
from sim.streams import Streams

pytestmark = pytest.mark.property

ONE = "locality team"
CALENDAR = WorkingDayCalendar(date(2016, 4, 1), date(2021, 3, 31))
PEOPLE = 400
OFTEN: dict[str, Any] = {
    "sickness": {"share": "8%", "spell": {"distribution": "lognormal", "mean": "12 working days", "cv": 1.5}},
    "parental": {"starting_a_year": "15%"},
    "cover": {"reallocate_after": "15 working days"},
}
SHORT_OF_PEOPLE: dict[str, Any] = {"people.absence": OFTEN, "demand.referrals_a_year": 300}


def everybody(rules: dict[str, Any], people: int = PEOPLE, first: int = 0) -> list[list[Away]]:
    days = AwayDays(Absence.model_validate({"annual_leave": "none", "sickness": "none", "parental": "none"} | rules),
                    CALENDAR, Streams(1, 0))  # fmt: skip
    return [days.of((0, 0, number), first, parental=True) for number in range(people)]


def days_lost(times: list[Away], kind: int, first: int = 0, last: int = CALENDAR.horizon) -> int:
    parts = [part for time in times for part in time.parts if part[0] == kind]
    return sum(max(0, min(back, last) - max(start, first)) for _, start, back in parts)


TAILS = {
    "lognormal": {"distribution": "lognormal", "mean": "8 working days", "cv": 2.5},
    "weibull": {"distribution": "weibull", "mean": "5 working days", "shape": 0.6},
    "exponential": {"distribution": "exponential", "mean": "2 working days"},
    "a day": "1 working day",
}


@pytest.mark.parametrize("spell", TAILS.values(), ids=TAILS.keys())
@pytest.mark.parametrize("share", [0.03, 0.2])
def test_sickness_settles_at_the_percentage_whatever_the_tail(spell: Any, share: float) -> None:
    found = np.array(
        [days_lost(times, SICKNESS) for times in everybody({"sickness": {"share": share, "spell": spell}})]
    )
    found = found / CALENDAR.horizon
    assert found.mean() == pytest.approx(share, abs=3 * found.std() / np.sqrt(PEOPLE))
    first = np.array(
        [days_lost(times, SICKNESS, 0, 20) for times in everybody({"sickness": {"share": share, "spell": spell}})]
    )
    first = first / 20  # as many on the first days as later: those in post have a past
    assert first.mean() == pytest.approx(share, abs=3 * first.std() / np.sqrt(PEOPLE))


def test_sickness_has_the_spells_it_was_given() -> None:
    spell = {"distribution": "weibull", "mean": "10 working days", "shape": 0.7}
    times = [time for person in everybody({"sickness": {"share": "3%", "spell": spell}}) for time in person]
    whole = [time.back - time.start for time in times if time.start > 0 and time.back < CALENDAR.horizon]
    over = np.array([length > 30 for length in whole]).mean()
    scale = 10 / 1.2658  # gamma(1 + 1/0.7)
    assert over == pytest.approx(np.exp(-((30.5 / scale) ** 0.7)), abs=3 * np.sqrt(over / len(whole)))


@pytest.mark.parametrize("sick", ["none", {"share": "10%"}])
def test_everybody_takes_the_leave_of_each_year(sick: Any) -> None:
    found = everybody({"annual_leave": {"days_a_year": 27}, "sickness": sick}, 60)
    for year in range(2016, 2021):
        first, last = CALENDAR.index(date(year, 4, 1)), CALENDAR.index(date(year + 1, 4, 1))
        taken = [days_lost(times, LEAVE, first, last) for times in found]
        if sick == "none":
            assert set(taken) == {27}
        else:
            assert np.mean(taken) == pytest.approx(27, abs=1)  # who is ill the whole year takes none


@pytest.mark.parametrize("share", [0, 0.3, 0.8])
def test_leave_falls_in_school_holidays_as_often_as_asked(share: float) -> None:
    found = everybody({"annual_leave": {"in_school_holidays": share}}, 150)
    days = [day for times in found for time in times for day in range(time.start, time.back)]
    inside = np.mean([CALENDAR.school_holiday(day) for day in days])
    # A week with one day of term in it is a week of the holidays.
    assert inside == pytest.approx(share, abs=0.04)


@pytest.mark.parametrize("share", [0, 0.7, 1])
def test_leave_is_taken_by_the_week_as_often_as_asked(share: float) -> None:
    found = everybody({"annual_leave": {"days_a_year": 25, "in_weeks": share, "in_school_holidays": 0}}, 100)
    weeks = sum(time.back - time.start for times in found for time in times if time.back - time.start >= 4)
    assert weeks / (100 * 5 * 25) == pytest.approx(
        share, abs=0.12 if share == 0.7 else 0.05
    )  # a week of four days leaves single ones


def test_parental_leave_settles_where_rate_and_length_balance() -> None:
    found = everybody({"parental": {"starting_a_year": "10%", "length": "9 months"}})
    shares = np.array([days_lost(times, PARENTAL) for times in found]) / CALENDAR.horizon
    expected = 0.1 * 0.75 / (1 + 0.1 * 0.75)
    assert shares.mean() == pytest.approx(expected, abs=3 * shares.std() / np.sqrt(PEOPLE))


def test_nobody_is_away_twice_at_a_time() -> None:
    for times in everybody({"annual_leave": {}} | {name: OFTEN[name] for name in ("sickness", "parental")}, 100):
        for one, other in pairwise(times):
            assert one.start < one.back < other.start
        for time in times:
            assert [time.start, *(part[2] for part in time.parts)] == [*(part[1] for part in time.parts), time.back]


def test_a_newcomer_is_at_work_on_the_first_day_and_has_a_share_of_the_years_leave() -> None:
    half = CALENDAR.index(date(2016, 10, 3))
    found = everybody({"annual_leave": {}, "sickness": {"share": "3%"}}, first=half)
    assert not any(part[1] <= half and part[0] == SICKNESS for times in found for time in times for part in time.parts)
    last = CALENDAR.index(date(2017, 4, 1))
    taken = np.array([days_lost(times, LEAVE, half, last) for times in found])
    shut = [CALENDAR.school_holiday(day) for day in range(last)]
    holidays, term = np.mean(np.flatnonzero(shut) >= half), np.mean(np.flatnonzero(np.logical_not(shut)) >= half)
    # Less than half a year's: summer is behind them.
    assert taken.mean() == pytest.approx(27 * (0.45 * holidays + 0.55 * term), abs=1)


# In a service


def away_days(recording: Recording, after: int = 0) -> dict[int, set[int]]:
    """Days away of each worker, the first ones of each absence left out if asked."""
    found: dict[int, set[int]] = {}
    table = recording.absences
    for worker, start, end in zip(*(table[name].tolist() for name in ("worker", "start", "end")), strict=True):
        found.setdefault(worker, set()).update(range(start + after, end))
    return found


def test_nobody_away_is_given_a_case_or_visits(town: Any) -> None:
    recording: Recording = town.recording(SHORT_OF_PEOPLE)
    # A visit made late on a day is dated the next, when the worker may be away.
    for name, day, away in (
        ("holdings", "start", away_days(recording)),
        ("visits", "day", away_days(recording, after=1)),
    ):
        table = getattr(recording, name)
        later = table[day] > 0  # the caseload of the first day is held by those who are away then, too
        pairs = list(zip(table["worker"][later].tolist(), table[day][later].tolist(), strict=True))
        assert len(pairs) > 100
        assert not [pair for pair in pairs if pair[1] in away.get(pair[0], ())]


@pytest.mark.parametrize("hours", [0, 2, 27])
def test_cover_makes_and_loses_no_hours(town: Any, hours: float) -> None:
    without: Recording = town.recording(SHORT_OF_PEOPLE | {"people.absence": OFTEN | {"cover": "none"}})
    cover = OFTEN["cover"] | {"duty_hours_a_week": hours}
    service: Service = town.service(SHORT_OF_PEOPLE | {"people.absence": OFTEN | {"cover": cover}})
    recording = service.run()
    work = recording.work
    assert work["available"] == pytest.approx(without.work["available"])
    assert (work["worked"] <= work["available"] * 1.15 + 1e-6).all()
    assert (work["worked"] <= work["asked"] + 1e-6).all()


def test_hours_lent_are_hours_that_somebody_at_work_gives(town: Any) -> None:
    service: Service = town.service(SHORT_OF_PEOPLE)
    lent = [0]

    def look() -> None:
        for team in service.teams:
            given = -sum(worker._added.get("duty", 0.0) for worker in team.in_post)
            taken = sum(worker._lent for worker in team.workers)
            lent[0] += taken > 0
            assert taken <= given + 1e-9
            for worker in team.in_post:
                assert worker._added.get("duty", 0.0) <= 0.0
                assert not (worker.away and "duty" in worker._added)
                assert worker._lent == 0.0 or worker.away
                assert worker.work.frozen == worker.away
                assert worker.work.hours == pytest.approx(worker._lent if worker.away else worker.hours_at_work)

    for day in range(service.calendar.horizon):
        service.clock.at(day, Phase.SNAPSHOT, 0, look)
    service.run()
    assert lent[0] > 5


def test_duty_takes_no_more_than_its_hours_over_a_year(town: Any) -> None:
    service: Service = town.service(SHORT_OF_PEOPLE | {"people.absence": OFTEN | {"cover": {"duty_hours_a_week": 1}}})
    taken, at_work = [0.0], [0.0]

    def look() -> None:
        for worker in service.teams[1].in_post:
            taken[0] -= worker._added.get("duty", 0.0) / 5
            at_work[0] += 0 if worker.away else worker.fte / 5

    for day in range(service.calendar.horizon):
        service.clock.at(day, Phase.SNAPSHOT, 0, look)
    service.run()
    assert 0 < taken[0] <= at_work[0] + 10  # what was begun last


def test_long_absence_sends_the_cases_back_and_otherwise_they_stay(town: Any) -> None:
    def held_after(days: int, reallocate_after: str) -> int:
        """Days that cases are held by somebody who has been away for so many working days."""
        cover = {"reallocate_after": reallocate_after}
        recording: Recording = town.recording(SHORT_OF_PEOPLE | {"people.absence": OFTEN | {"cover": cover}})
        long = 0
        table, held = recording.absences, recording.holdings
        ends = np.where(held["end"] == -1, recording.horizon, held["end"])
        for worker, kind, start, end in zip(
            *(table[n].tolist() for n in ("worker", "kind", "start", "end")), strict=True
        ):
            mine = (held["worker"] == worker) & (kind == ABSENCE_KINDS.index("sickness"))
            long += int(np.maximum(0, np.minimum(ends, end) - np.maximum(held["start"], start + days))[mine].sum())
        return long

    assert held_after(15, "15 working days") == 0
    assert held_after(15, "never") > 100


def test_what_nobody_covers_is_counted_and_enough_hours_leave_nothing(town: Any) -> None:
    def uncovered(hours: float) -> int:
        cover = {"duty_hours_a_week": hours, "reallocate_after": "never"}
        recording: Recording = town.recording(SHORT_OF_PEOPLE | {"people.absence": OFTEN | {"cover": cover}})
        return int(recording.uncovered["child_days"].sum())

    assert uncovered(0) > uncovered(0.5) > uncovered(27) >= 0
    assert uncovered(27) < 0.05 * uncovered(0)


def test_children_of_an_absent_worker_are_visited_by_duty_in_time(town: Any) -> None:
    cover = {"duty_hours_a_week": 27, "reallocate_after": "never"}
    recording: Recording = town.recording(SHORT_OF_PEOPLE | {"people.absence": OFTEN | {"cover": cover}})
    visits, held = recording.visits, recording.holdings
    holder = {}
    for case, worker, start, end in zip(*(held[n].tolist() for n in ("case", "worker", "start", "end")), strict=True):
        holder.setdefault(case, []).append((start, end if end != -1 else recording.horizon, worker))
    others = []
    for case, worker, day, previous, limit in zip(
        *(visits[n].tolist() for n in ("case", "worker", "day", "previous", "limit")), strict=True
    ):
        if worker >= 0 and not any(w == worker and s <= day <= e for s, e, w in holder.get(case, [])):
            others.append(day - previous <= limit)
    assert len(others) > 20
    assert np.mean(others) > 0.6  # those who fall ill leave visits overdue for five days first


def test_managers_away_take_decision_hours_away(town: Any) -> None:
    people = {"sickness": {"share": "20%"}, "annual_leave": "none", "parental": "none"}
    base = {f"teams.{ONE}.managers": 40, "demand.referrals_a_year": 60}
    hours = [
        town.recording(base | {"people.absence": people | {"managers": managers}}).managers["available"].sum()
        for managers in ("none", {"covered": "50%"}, {"covered": 0})
    ]
    assert hours[1] / hours[0] == pytest.approx(0.9, abs=0.025)
    assert hours[2] / hours[0] == pytest.approx(0.8, abs=0.05)
    whole = town.recording(base | {"people.absence": people | {"managers": {"covered": 1}}})
    assert whole.managers["available"].sum() == pytest.approx(hours[0])


MORE: dict[str, dict[str, Any]] = {
    "a worker more in the first team": {"teams.front door.workers": [{"count": 2}]},
    "a lever": {"levers": [{"lever": "staffing", "at": "2016-09-01", "team": ONE, "add": {"count": 2, "cap": 18}}]},
}


def arrivals(recording: Recording) -> Iterator[tuple[int, ...]]:
    """New families: who comes back depends on when they were closed."""
    cases = recording.cases
    rows = zip(*(cases[name].tolist() for name in ("case", "children", "referred", "previous_referral")), strict=True)
    return (row for row in sorted(rows) if row[3] <= NO_DAY)


@pytest.mark.parametrize("more", MORE.values(), ids=MORE.keys())
def test_a_worker_more_moves_nobodys_absences_and_no_child(town: Any, more: dict[str, Any]) -> None:
    def absences(service: Service, recording: Recording) -> dict[tuple[int, ...], list[tuple[int, ...]]]:
        key = {worker.number: worker.key for worker in service.workforce.workers}
        found: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
        for worker, *row in zip(
            *(recording.absences[n].tolist() for n in ("worker", "kind", "start", "end")), strict=True
        ):
            found.setdefault(key[worker], []).append(tuple(row))
        return found

    services = [town.service(SHORT_OF_PEOPLE | changes) for changes in ({}, more)]
    recordings = [service.run() for service in services]
    before, after = (absences(s, r) for s, r in zip(services, recordings, strict=True))
    assert {key: rows for key, rows in after.items() if key in before} == before
    cases = [list(arrivals(recording)) for recording in recordings]
    assert cases[0] == cases[1]


def test_people_who_leave_while_away_are_accounted_for(town: Any) -> None:
    turnover = {"leaving_a_year": {"social_worker": 1.5}}
    service: Service = town.service(
        SHORT_OF_PEOPLE | {"people.turnover": turnover, "people.recruitment": {"lag": "1 month"}}
    )

    def look() -> None:
        for worker in service.workforce.workers:
            assert worker.in_post or not (worker.cases or worker.away or worker._lent)
        for case in service.open_cases():
            assert not case.spells or case.worker is not None or case.waiting is not None

    for day in range(service.calendar.horizon):
        service.clock.at(day, Phase.SNAPSHOT, 0, look)
    recording = service.run()
    assert recording.workers["resigned"].sum() > 5
    assert len(recording.absences["worker"]) > 100


@pytest.mark.parametrize("replication", range(4))
def test_nobody_is_visited_twice_on_a_day_for_one_plan(town: Any, replication: int) -> None:
    """A first visit may be made as urgent work on the very day that it falls due by the calendar."""
    people = {"people.absence": {"sickness": {"share": "4%"}}, "people.supervision": {}}
    lever = {"levers": [{"lever": "supervision", "at": "2016-09-01", "every": "2 weeks"}]}
    recording: Recording = town.recording(people | lever, replication=replication)
    visits = recording.visits
    rows = list(zip(*(visits[name].tolist() for name in ("case", "stage", "day")), strict=True))
    assert len(rows) == len(set(rows)) > 500


def test_recording_off_changes_nothing(town: Any) -> None:
    states = []
    for record in (True, False):
        service: Service = town.service(SHORT_OF_PEOPLE | {"people.supervision": {}}, record=record)
        service.run()
        workers = [(w.number, w.load, w.away, w.work.value_routine, w.work.hours) for w in service.workforce.workers]
        states.append((service.clock.events, workers, [team.desk.used for team in service.teams]))
    assert states[0] == states[1]


def test_a_day_of_everybodys_leave_stops_routine_work_and_no_more(town: Any) -> None:
    """With all leave and nothing else, hours over the year are those of the days at work."""
    rules = {"sickness": "none", "parental": "none", "managers": "none"}
    plain: Recording = town.recording({"period.end": "2017-03-31"})
    with_leave: Recording = town.recording({"period.end": "2017-03-31", "people.absence": rules})
    ratio = with_leave.work["available"].sum() / plain.work["available"].sum()
    assert ratio == pytest.approx(1 - 27 / plain.horizon, abs=0.002)
    assert plain.horizon == pytest.approx(WORKING_DAYS_A_YEAR, abs=3)
