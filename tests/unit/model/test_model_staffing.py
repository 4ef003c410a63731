"""People who come and go, caps that change and come back, and the books kept by month."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sim.model.engine.event import Phase
from sim.scenario.errors.problems import ScenarioError

pytestmark = pytest.mark.unit

ONE = "locality team"
EARLY = {"stages": ["assessment", "section_47"], "workers": [{"count": 6, "cap": 12}], "managers": 2}
LATE = {
    "stages": ["child_in_need", "child_protection", "pre_proceedings", "court"],
    "workers": [{"count": 1, "cap": 8, "cap_policy": "strict"}],
    "managers": 2,
}
"""A team with hardly any room, for which cases wait in the hands of the other."""


def test_a_cap_lever_ends_with_the_cap_that_each_worker_had(town: Any) -> None:
    levers = [
        {"lever": "staffing", "at": "2016-04-01", "team": ONE, "add": {"count": 1, "cap": 9, "fte": 0.5}},
        {"lever": "cap", "at": "2016-06-01", "until": "2016-08-01", "team": ONE, "cap": 5},
    ]
    groups = [{"count": 1, "cap": 20}, {"count": 1, "grade": "nqsw"}]
    service = town.service({"levers": levers, f"teams.{ONE}.workers": groups, "period.end": "2016-12-31"})
    caps: dict[str, list[float]] = {}
    for label, day in (("before", date(2016, 5, 31)), ("during", date(2016, 6, 1)), ("after", date(2016, 8, 1))):
        note = lambda label=label: caps.update({label: [worker.cap for worker in service.teams[1].workers]})  # noqa: E731
        service.clock.at(service.calendar.index(day), Phase.SNAPSHOT, 0, note)
    service.run()
    given = [20, float("inf"), 4.5]
    assert caps == {"before": given, "during": [5, 5, 2.5], "after": given}


def test_a_holder_who_goes_hands_nothing_over_and_the_next_transfer_is_a_new_one(town: Any) -> None:
    leaving = EARLY | {"workers": [{"count": 3, "cap": 12, "end": "2016-06-30"}, {"count": 3, "cap": 12}]}
    service = town.service({f"teams.{ONE}": LATE, "teams.assessment": leaving, "period.end": "2017-03-31"})
    day = service.calendar.index(date(2016, 7, 1))
    left: list[int] = []

    def look(when: list[int]) -> None:
        waiting = [case for case in service.open_cases() if case.waiting is not None]
        assert all((case.transfer_asked == -1) == (case.worker is None) for case in waiting)
        when.append(sum(case.worker is None for case in waiting))

    for when in (day - 1, day):
        service.clock.at(when, Phase.SNAPSHOT, 1, lambda: look(left))
    recording = service.run()
    assert left[1] > left[0]
    assert (recording.transfers["from_team"] == recording.teams.index("assessment")).all()


def test_a_held_case_that_moves_to_a_new_team_waits_no_longer(town: Any) -> None:
    held = {"from_team": "assessment", "stages": ["child_in_need"], "children": 30}
    surge = {"stages": ["child_in_need"], "workers": [{"count": 3, "cap": 15}], "start": "2016-07-01"}
    teams = {f"teams.{ONE}": LATE, "teams.assessment": EARLY, "teams.surge": surge | {"takes_held_cases": held}}
    service = town.service(teams | {"period.end": "2016-12-31"})
    day = service.calendar.index(date(2016, 7, 1))
    moved: list[int] = []

    def look() -> None:
        for worker in service.teams[-1].workers:
            moved.extend(worker.cases)
            assert all(case.waiting is None and case.transfer_asked == -1 for case in worker.cases.values())

    service.clock.at(day, Phase.ABSENCE, 0, look)
    recording = service.run()
    assert len(moved) > 3
    done = recording.transfers["done"] == day
    assert set(recording.transfers["case"][done].tolist()) >= set(moved)


def test_reviews_at_no_interval_are_refused_and_the_shortest_one_ends(town: Any) -> None:
    with pytest.raises(ScenarioError, match="review_interval"):
        town.scenario({"stages.child_in_need.review_interval": "0 months"})
    daily = {"stages.child_in_need.review_interval": "1 working day", "period.end": "2016-05-31"}
    reviews = town.recording(daily).reviews
    assert len(reviews["day"]) > 100
    assert len(set(zip(reviews["case"].tolist(), reviews["day"].tolist(), strict=True))) == len(reviews["day"])


def test_every_working_day_s_hours_are_in_the_month_in_which_they_were_worked(town: Any) -> None:
    """A caseload that asks the same hours each day, with nobody at the front door to wake the clock."""
    changes = {
        "period": {"start": "2016-04-01", "end": "2016-07-15"},
        "demand.referrals_a_year": 0,
        "demand.rereferral": {"mode": "none"},
        "demand.sibling_groups": {1: "100%"},
        "pace": "off",
        "teams.front door.stages": ["court"],
        "teams.front door.workers": [{"count": 0}],
        "opening": {"child_in_need": {"children": 10, "ages": "1 working days"}},
        "stages.child_in_need.visit_interval": "none",
        "stages.child_in_need.intervention": "900 working days",
        "stages.child_in_need.hours_a_week": 5,
    }
    service = town.service(changes)
    recording = service.run()
    months = service.calendar.months()
    days = [month.last_index - month.first_index + 1 for month in months]
    mine = recording.work["team"] == 1
    assert recording.work["worked"][mine].tolist() == pytest.approx([10 * 5 / 5 * number for number in days])
    assert recording.work["available"][mine].tolist() == pytest.approx([8 * 27 / 5 * number for number in days])
