"""People who leave, posts that are filled, newly qualified workers who grow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.model.engine.event import Phase
from sim.model.recording import GRADES, Recording
from sim.model.service import Service
from sim.scenario.values.durations import WORKING_DAYS_A_YEAR

pytestmark = pytest.mark.property

ONE = "locality team"
RATE, LAG = 0.4, 6 / 12
QUIET: dict[str, Any] = {
    "period": {"start": "2016-04-01", "end": "2022-03-31"},
    "demand.referrals_a_year": 12,
    "opening": {},
    "demand.rereferral": {"mode": "none"},
    "teams.front door.workers": [{"count": 0}],
    f"teams.{ONE}.workers": [{"count": 400, "cap": 18}],
    f"teams.{ONE}.managers": 60,
    "people.turnover": {"leaving_a_year": {"social_worker": RATE}},
}
"""Many workers and hardly a case: their comings and goings, year after year."""
LIVELY: dict[str, Any] = {
    "people.turnover": {"leaving_a_year": {"nqsw": 0.8, "social_worker": 0.9, "senior": 0.8, "agency": 2.0}},
    "people.recruitment": {"lag": {"distribution": "exponential", "mean": "3 months"}, "agency_cover": "60%"},
    "people.newly_qualified": {},
    f"teams.{ONE}.workers": [
        {"count": 4, "cap": 18},
        {"count": 1, "cap": 18, "grade": "senior"},
        {"count": 3, "cap": 16, "grade": "nqsw", "months_since_qualifying": 2, "cap_policy": "strict"},
        {"count": 2, "cap": 18, "grade": "agency"},
    ],
}


def watched(service: Service, look: Callable[[], None]) -> Recording:
    """Run, looking at the end of each day."""
    for day in range(service.calendar.horizon):
        service.clock.at(day, Phase.SNAPSHOT, 0, look)
    return service.run()


def tenures(service: Service) -> dict[tuple[int, ...], tuple[int, int | None]]:
    """First and last day in post of each worker, by the key of their draws."""
    found = {worker.key: (worker.start, worker.end) for worker in service.workforce.workers}
    assert len(found) == len(service.workforce.workers)
    return found


def ran(town: Any, changes: dict[str, Any]) -> Service:
    service: Service = town.service(changes)
    service.run()
    return service


def in_post_years(recording: Recording, since: int = 0) -> float:
    """Years that workers were in post, from a working day on."""
    workers = recording.workers
    last = np.where(workers["end"] == -1, recording.horizon - 1, workers["end"])
    days = np.maximum(last - np.maximum(workers["start"], since) + 1, 0)
    return float(days.sum()) / WORKING_DAYS_A_YEAR


@pytest.mark.parametrize("lag", ["0 months", "6 months"])
def test_turnover_settles_at_the_rate_asked_for(town: Any, lag: str) -> None:
    recording = town.recording(QUIET | {"people.recruitment": {"lag": lag, "agency_cover": 0}})
    leavers, years = int(recording.workers["resigned"].sum()), in_post_years(recording)
    assert leavers / years == pytest.approx(RATE, abs=3 * np.sqrt(RATE / years))
    early = recording.workers["resigned"] & (recording.workers["end"] < WORKING_DAYS_A_YEAR / 2)
    assert early.sum() == pytest.approx(400 * RATE / 2, rel=0.25)  # from the first day: notice was under way


def test_an_early_factor_holds_for_the_first_part_of_a_tenure(town: Any) -> None:
    rules = {"leaving_a_year": {"social_worker": 0.1}, "early": "12 months", "early_factor": 5}
    recording = town.recording(QUIET | {"people.turnover": rules, "people.recruitment": {"agency_cover": 0}})
    workers = recording.workers
    recruits = (workers["start"] > 0) & (workers["start"] < recording.horizon - 2 * WORKING_DAYS_A_YEAR)
    tenure = (workers["end"] - workers["start"])[recruits]
    gone = (workers["resigned"][recruits] & (tenure < WORKING_DAYS_A_YEAR)).mean()
    assert gone == pytest.approx(1 - np.exp(-0.5), abs=3 * np.sqrt(0.25 / recruits.sum()))


def test_vacancies_settle_where_leaving_and_recruiting_balance(town: Any) -> None:
    changes = QUIET | {"people.recruitment": {"lag": "6 months", "agency_cover": 0}}
    posts = town.recording(changes).posts
    settled = posts["month"] >= 24
    share = posts["vacant"][settled].sum() / posts["establishment"][settled].sum()
    expected = RATE * LAG / (1 + RATE * LAG)
    # A month apart is much the same picture: as many independent ones as there are lags.
    error = np.sqrt(expected * (1 - expected) / (400 * 4 / LAG))
    assert share == pytest.approx(expected, abs=3 * error)
    assert set(posts["establishment"].tolist()) == {40000}


def test_agency_covers_the_asked_share_of_vacancies(town: Any) -> None:
    rules = {"lag": "6 months", "agency_cover": "50%", "agency_lag": "0 weeks"}
    recording = town.recording(QUIET | {"people.recruitment": rules})
    workers = recording.workers
    agency = workers["grade"] == GRADES.index("agency")
    vacancies = int((workers["resigned"] & (workers["end"] < recording.horizon - 1)).sum())
    assert agency.sum() == pytest.approx(vacancies * 0.5, abs=3 * np.sqrt(vacancies * 0.25))
    recruits = set(workers["start"][~agency].tolist())
    left = workers["end"][agency & (workers["end"] != -1)]
    assert {int(day) + 1 for day in left.tolist()} <= recruits  # each goes when the recruit comes


def test_an_agency_post_is_filled_from_the_agency_again(town: Any) -> None:
    groups = [{"count": 200, "cap": 18, "grade": "agency"}]
    rules = {"agency_cover": 0, "agency_lag": "4 weeks"}
    turnover = {"people.turnover": {"leaving_a_year": {"agency": 1.0}}}
    recording = town.recording(QUIET | {f"teams.{ONE}.workers": groups, "people.recruitment": rules} | turnover)
    years = in_post_years(recording) / 6
    lost = 20 / WORKING_DAYS_A_YEAR  # four weeks after each tenure of a year
    assert years == pytest.approx(200 / (1 + lost), rel=0.01)


def test_without_recruitment_posts_stay_vacant(town: Any) -> None:
    recording = town.recording(QUIET | {"people.recruitment": "none"})
    assert len(recording.workers["worker"]) == 400
    assert recording.posts["vacant"][-1] == 100 * recording.workers["resigned"].sum() > 0


def test_numbers_of_newcomers_are_their_posts_own(town: Any) -> None:
    recording = town.recording(LIVELY)
    numbers = recording.workers["worker"].tolist()
    assert len(set(numbers)) == len(numbers) > 15
    assert all(number < 11 or number >= 10_000 for number in numbers)


MORE: dict[str, dict[str, Any]] = {
    "a lever": {"levers": [{"lever": "staffing", "at": "2016-09-01", "team": ONE, "add": {"count": 2, "cap": 18}}]},
    "one more in the first team": {"teams.front door.workers": [{"count": 2}]},
    "a vacancy": {"levers": [{"lever": "vacancy", "at": "2018-03-26", "team": "front door"}]},
}


@pytest.mark.parametrize("more", MORE.values(), ids=MORE.keys())
def test_what_happens_elsewhere_moves_no_leaving_day_and_no_child(town: Any, more: dict[str, Any]) -> None:
    without, with_more = ran(town, LIVELY), ran(town, LIVELY | more)
    known, found = tenures(without), tenures(with_more)
    theirs = {key: days for key, days in found.items() if key in known}
    if "vacancy" not in str(more):
        assert theirs == known
    else:
        assert {key: days for key, days in theirs.items() if key[0] == 1} == {
            k: d for k, d in known.items() if k[0] == 1
        }

    def arrivals(service: Service) -> list[tuple[int, ...]]:
        cases = service.recorder.cases.table()
        first = cases["previous_referral"] <= -1_000_000  # who comes back depends on when they were closed
        return sorted(zip(*(cases[name][first].tolist() for name in ("case", "children", "referred")), strict=True))

    assert arrivals(without) == arrivals(with_more)


@pytest.mark.parametrize("reduction", ["0%", "30%", "100%"])
def test_retention_makes_the_same_workers_leave_later(town: Any, reduction: str) -> None:
    lever = {"levers": [{"lever": "retention", "at": "2016-07-01", "reduction": reduction}]}
    without, with_lever = tenures(ran(town, LIVELY)), tenures(ran(town, LIVELY | lever))
    first = {key for key in without if len(key) == 3}
    never = 10**6
    ends = [(without[key][1] or never, with_lever[key][1] or never) for key in sorted(first)]
    assert all(after >= before for before, after in ends)
    if reduction == "0%":
        assert without == with_lever
    else:
        assert any(after > before for before, after in ends)


def test_retention_lowers_turnover_by_its_share(town: Any) -> None:
    lever = {"levers": [{"lever": "retention", "at": "2016-04-01", "reduction": "50%"}]}
    recording = town.recording(QUIET | {"people.recruitment": {"agency_cover": 0}} | lever)
    workers = recording.workers
    settled = 60  # working days: by then notice given before the package has been worked
    later = workers["resigned"] & (workers["end"] > settled)
    years = in_post_years(recording, settled + 1)
    assert later.sum() / years == pytest.approx(RATE / 2, abs=3 * np.sqrt(RATE / 2 / years))


def test_leavers_cases_are_accounted_for(town: Any) -> None:
    service: Service = town.service(LIVELY)

    def look() -> None:
        for worker in service.workforce.workers:
            assert worker.in_post or not worker.cases
            assert worker.load == sum(case.children for case in worker.cases.values())
        for case in service.open_cases():
            assert not case.spells or case.worker is not None or case.waiting is not None

    recording = watched(service, look)
    assert recording.workers["resigned"].sum() > 5
    left = {worker.number: worker.end for worker in service.workforce.workers if worker.end is not None}
    held = recording.holdings
    for worker, end in zip(held["worker"].tolist(), held["end"].tolist(), strict=True):
        if worker in left:
            assert -1 < end <= left[worker] + 1


def test_a_strict_cap_that_grows_is_never_broken(town: Any) -> None:
    service: Service = town.service(LIVELY | {"demand.referrals_a_year": 700, "allocation.statutory": "as_caps_allow"})
    seen: set[tuple[str, float]] = set()

    def look() -> None:
        for worker in service.teams[1].in_post:
            if worker.strict:
                seen.add((worker.grade, worker.cap))
                assert worker.load <= worker.cap
            if worker.grade == "nqsw":
                assert worker.hours_at_work == pytest.approx(27 * 0.9 * 0.9)

    recording = watched(service, look)
    assert seen >= {("nqsw", 8.0), ("nqsw", 12.0), ("nqsw", 15.0), ("social_worker", 16.0)}
    caps = recording.caps
    learner = caps["worker"] == 6  # the front door's one, four, a senior
    assert caps["hundredths"][learner].tolist()[:2] == [800, 1200]
    assert caps["day"][learner].tolist()[:2] == [0, service.calendar.index(date(2016, 6, 1))]


def test_mentoring_takes_hours_of_seniors_first_and_passes_on(town: Any) -> None:
    groups = [
        {"count": 1, "cap": 18},
        {"count": 2, "cap": 18, "grade": "senior"},
        {"count": 1, "cap": 18, "grade": "senior", "end": "2016-06-30"},
        {"count": 4, "cap": 18, "grade": "nqsw"},
    ]
    service: Service = town.service({f"teams.{ONE}.workers": groups, "people.newly_qualified": {}})
    found: dict[str, list[float]] = {}
    days = {"first": date(2016, 4, 5), "a mentor gone": date(2016, 7, 5), "all qualified": date(2017, 4, 5)}
    for label, day in days.items():
        note = lambda label=label: found.update({label: [w.hours_at_work for w in service.teams[1].workers[:4]]})  # noqa: E731
        service.clock.at(service.calendar.index(day), Phase.SNAPSHOT, 0, note)
    service.run()
    assert found["first"] == [27, 25, 26, 26]
    assert found["a mentor gone"][:3] == [27, 25, 25]
    assert found["all qualified"][:3] == [27, 27, 27]
    assert {worker.grade for worker in service.teams[1].workers} == {"social_worker", "senior"}


@pytest.mark.parametrize("turnover", [False, True])
def test_as_many_of_a_cohort_stay_for_a_year_as_the_lever_says(town: Any, turnover: bool) -> None:
    add = {"count": 24, "cap": 10, "grade": "nqsw"}
    lever = {"lever": "staffing", "at": "2016-10-03", "team": ONE, "add": add, "staying": 23}
    people = {"people.turnover": LIVELY["people.turnover"]} if turnover else {}
    service = ran(town, {"levers": [lever]} | people)
    year = service.calendar.index(date(2017, 10, 3))
    cohort = [worker for worker in service.workforce.workers if worker.group.grade == "nqsw"]
    gone = [worker for worker in cohort if worker.end is not None and worker.end < year]
    assert len(cohort) == 24
    assert [worker.resigned for worker in gone] == [True]


def test_agency_workers_are_let_go_and_so_many_stay(town: Any) -> None:
    lever = {"lever": "agency_release", "at": "2017-01-09", "until": "2017-09-01", "keep": 1}
    service: Service = town.service(LIVELY | {"levers": [lever]})
    first, until = (service.calendar.index(date(*day)) for day in ((2017, 1, 9), (2017, 9, 1)))
    counts: list[int] = []
    look = lambda: counts.append(sum(w.grade == "agency" for team in service.teams for w in team.in_post))  # noqa: E731
    watched(service, look)
    assert max(counts[:first]) > 1
    assert max(counts[first:until]) == 1
    assert max(counts[until:]) > 1


def test_a_vacancy_is_nobodys_resignation_and_is_filled_on_its_date(town: Any) -> None:
    lever = {"lever": "vacancy", "at": "2016-09-05", "until": "2017-02-06", "team": ONE, "count": 2}
    service = ran(town, {"levers": [lever]})
    calendar, workers = service.calendar, service.workforce.workers
    at, until = calendar.index(date(2016, 9, 5)), calendar.index(date(2017, 2, 6))
    assert [worker.number for worker in workers if worker.end == at - 1] == [7, 8]
    assert sorted(worker.number for worker in workers if worker.start == until) == [80_000, 90_000]
    assert not any(worker.resigned for worker in workers)
    posts = service.recorder.posts.table()
    mine = posts["team"] == 1
    assert sorted(set(posts["vacant"][mine].tolist())) == [0, 200]
    assert (posts["vacant"][mine] == 200).sum() == 5


def test_a_cap_lever_holds_for_those_who_come_later(town: Any) -> None:
    changes = LIVELY | {"levers": [{"lever": "cap", "at": "2016-06-01", "team": ONE, "cap": 9}]}
    service = ran(town, changes)
    late = [worker for worker in service.teams[1].workers if worker.start > 60]
    assert late
    assert {worker.cap for worker in late} == {9}
