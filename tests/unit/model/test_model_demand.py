"""Arrivals, the opening caseload, and the front door's screening."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from sim.model.engine.event import Phase
from sim.model.pathway.front_door.arrivals import ReferralArrivals
from sim.model.pathway.opening import longer_than
from sim.model.recording.names import ASSESSMENT, CHILD_PROTECTION, OUTCOMES, PRE_PROCEEDINGS, STAGES
from sim.scenario.distributions.distribution import Bands, Exponential, Fixed
from sim.scenario.values.durations import Duration

pytestmark = pytest.mark.unit


def arrivals(town: Any, changes: dict[str, Any], replication: int = 0) -> ReferralArrivals:
    return town.service(changes | {"period.end": "2017-03-31"}, replication=replication).arrivals


def children(found: ReferralArrivals, month: int) -> int:
    return sum(case.children for case, _ in found.month(month))


# Arrivals


def test_actual_months_are_exact_whatever_the_luck(town: Any) -> None:
    stated = {"demand.monthly_referrals": {"2016-04": 37, "2016-05": 1, "2016-06": 0}}
    for replication in range(5):
        found = arrivals(town, stated, replication)
        assert [children(found, month) for month in (1, 2, 3)] == [37, 1, 0]


def test_a_surge_comes_on_top_of_actual_months_and_a_fall_takes_from_them(town: Any) -> None:
    stated = {"demand.monthly_referrals": {"2016-04": 200}}
    surge = {"lever": "referral_surge", "at": "2016-04-01", "size": "50%"}
    more = [children(arrivals(town, stated | {"levers": [surge]}, n), 1) for n in range(20)]
    assert min(more) > 200
    assert np.mean(more) == pytest.approx(300, abs=12)
    fewer = [children(arrivals(town, stated | {"levers": [surge | {"size": "-50%"}]}, n), 1) for n in range(20)]
    assert np.mean(fewer) == pytest.approx(100, abs=10)


@pytest.mark.parametrize("asked", [1.9, 6])
def test_a_month_varies_as_much_as_is_asked(town: Any, asked: float) -> None:
    changes = {
        "demand.referrals_a_year": 1200,
        "demand.season": "none",
        "demand.over_dispersion": asked,
        "demand.rereferral": {"mode": "none"},
        "demand.sibling_groups": {1: "50%", 3: "50%"},  # which make 2.5 by themselves
    }
    found = np.array([children(arrivals(town, changes, n), 6) for n in range(400)])
    assert found.mean() == pytest.approx(100, abs=6)
    assert found.var() / found.mean() == pytest.approx(max(asked, 2.5), rel=0.25)


def test_the_level_stated_includes_the_children_who_will_come_back(town: Any) -> None:
    changes = {"demand.referrals_a_year": 1200, "demand.season": "none", "demand.rereferral.share": "25%"}
    assert arrivals(town, changes).expected_children(6) == pytest.approx(75)


def test_season_and_parts_of_months_share_out_the_year(town: Any) -> None:
    season = dict.fromkeys(("april", "may", "june", "july", "august", "september", "october"), 1)
    season |= {"november": 1, "december": 1, "january": 1, "february": 1, "march": 2}
    changes = {"demand.season": season, "demand.referrals_a_year": 1300, "demand.rereferral": {"mode": "none"}}
    found = arrivals(town, changes)
    assert [round(found.expected_children(month)) for month in (1, 11, 12)] == [100, 100, 200]
    clipped = arrivals(town, changes | {"period.start": "2016-04-18"})
    assert clipped.expected_children(1) == pytest.approx(100 * 10 / 21)


def test_referrals_come_on_the_weekdays_that_have_weight(town: Any) -> None:
    service = town.service({"demand.referrals_a_year": 9000, "demand.weekday": {"monday": 3, "thursday": 1}})
    days = Counter(service.calendar.date(case.referred).weekday() for case, _ in service.arrivals.month(3))
    assert set(days) == {0, 3}
    assert days[0] / days[3] == pytest.approx(3 * 4 / 5, rel=0.25)  # June 2016: four Mondays, five Thursdays


def test_groups_and_localities_have_the_shares_asked_for(town: Any) -> None:
    service = town.service({"demand.referrals_a_year": 40000, "localities": {"north": "75%", "south": "25%"}})
    cases = [case for case, _ in service.arrivals.month(1)]
    assert np.mean([case.children == 1 for case in cases]) == pytest.approx(0.62, abs=0.03)
    assert np.mean([case.locality == 1 for case in cases]) == pytest.approx(0.25, abs=0.03)


# The opening caseload


def test_a_time_given_its_age_is_longer_than_the_age() -> None:
    mean = Exponential(mean=Duration(50))
    draws = [(place + 0.5) / 500 for place in range(500)]
    assert np.mean([longer_than(mean, 80, draw) for draw in draws]) == pytest.approx(130, rel=0.02)
    bands = Bands(bands={"1-10": 1, "11-20": 1})
    assert {longer_than(bands, 12, draw) for draw in draws} == {12.5, *range(13, 21)} - {12.5}
    assert longer_than(Fixed(value=Duration(20)), 30, 0.5) > 30


def test_the_opening_caseload_has_the_children_ages_and_waits_asked_for(town: Any) -> None:
    ages = {"distribution": "uniform", "low": "1 working days", "high": "40 working days"}
    stage = {"children": 300, "ages": ages, "unallocated": "30%"}
    team = {"teams.locality team.workers": [{"count": 100, "cap": 40}]}
    service = town.service({"opening": {"assessment": stage}} | team)
    service.workforce.start()
    service.open_caseload()
    cases = service.open_cases()
    assert sum(case.children for case in cases) == 300
    spells = [case.spells[ASSESSMENT] for case in cases]
    assert {spell.clock_start for spell in spells} <= set(range(-40, 0))
    assert np.mean([spell.clock_start for spell in spells]) == pytest.approx(-20.5, abs=3)
    assert all(spell.habit_day >= 0 for spell in spells)
    assert np.mean([case.worker is None for case in cases]) == pytest.approx(0.3, abs=0.08)
    assert all((case.worker is None) == (case.waiting is not None) for case in cases)
    # What is left of the work is a part of the whole that is still to come.
    remaining = [milestone.remaining for spell in spells for milestone in spell.milestones if milestone.order == 1]
    assert min(remaining) > 0
    assert np.mean(remaining) < 0.6 * 40


def test_no_opening_case_is_older_than_the_calendar(town: Any) -> None:
    ages = {"distribution": "exponential", "mean": "10 years"}
    opening = {"child_protection": {"children": 60, "ages": ages}}
    service = town.service({"period.end": "2016-06-30", "opening": opening})
    recording = service.run()
    referred = recording.cases["referred"][recording.cases["opening"]]
    assert referred.min() == service.calendar.first_known
    assert (referred > service.calendar.first_known).sum() > 10


def test_opening_cases_keep_to_the_caps(town: Any) -> None:
    stage = {"children": 60, "ages": "10 working days"}
    service = town.service({"opening": {"assessment": stage}, "teams.locality team.workers": [{"count": 2, "cap": 10}]})
    service.workforce.start()
    service.open_caseload()
    assert [worker.load <= 10 for worker in service.teams[1].workers] == [True, True]
    assert sum(case.children for case in service.open_cases() if case.waiting is not None) >= 40


def test_old_plans_are_not_all_taken_to_legal_planning_on_the_first_day(town: Any) -> None:
    """A plan of the opening caseload that is past the day on which it would have been is not taken there at all."""
    changes = {
        "demand.referrals_a_year": 0,
        "opening": {"child_protection": {"children": 80, "ages": "12 months"}},
        "stages.child_protection.pre_proceedings_share": "100%",
        "stages.child_protection.pre_proceedings_after": "6 months",
        "capacities": {},
    }
    recording = town.recording(changes)
    old = recording.cases["case"][recording.cases["opening"]]
    taken = (recording.spells["stage"] == PRE_PROCEEDINGS) & np.isin(recording.spells["case"], old)
    assert not taken.any()


def test_an_exit_gives_back_the_booked_review_conference(town: Any) -> None:
    changes = {
        "demand.referrals_a_year": 0,
        "demand.rereferral": {"mode": "none"},
        "opening": {"child_protection": {"children": 30, "ages": "1 working days"}},
        "stages.child_protection.other_exits_a_year": 50,
    }
    service = town.service(changes)
    recording = service.run()
    plans = recording.spells["stage"] == CHILD_PROTECTION
    assert (recording.spells["outcome"][plans] == OUTCOMES.index("other")).all()
    assert sum(service.conferences.used) == 0


# Screening


SLOW = {
    "demand.referrals_a_year": 0,
    "demand.rereferral": {"mode": "none"},
    "demand.monthly_referrals": {"2016-04": 60},
    "demand.sibling_groups": {1: "100%"},
    "demand.contacts_per_referral": 1,
    "opening": {},
    "stages.front_door.outcomes": {"assessment": "80%", "strategy_discussion": "20%"},
    "stages.front_door.time_per_contact": "3 hours",  # one worker: 1.8 contacts a day
}


def test_screening_takes_contacts_in_order_as_far_as_the_hours_go(town: Any) -> None:
    recording = town.recording(SLOW)
    doors = recording.spells["stage"] == STAGES.index("front_door")
    urgent = recording.spells["outcome"][doors] == OUTCOMES.index("strategy_discussion")
    received, decided = recording.spells["entered"][doors], recording.spells["ended"][doors]
    assert doors.sum() == 60
    assert (received[urgent] == decided[urgent]).all()
    order = np.lexsort((received[~urgent], decided[~urgent]))
    assert (np.diff(received[~urgent][order]) >= 0).all()
    by_day = np.bincount(decided)
    assert by_day.sum() == 60
    assert np.cumsum(by_day).tolist() <= np.cumsum(np.full(len(by_day), 1.8) + 8).tolist()
    busy = decided[~urgent].max() + 1
    assert 60 / 1.8 - 2 <= busy <= 60 / 1.8 + 12
    assert recording.contacts["contacts"].sum() == 60


def test_all_contacts_are_screened_and_counted(town: Any) -> None:
    changes = {
        "demand.contacts_per_referral": 4,
        "demand.monthly_referrals": {},
        "demand.referrals_a_year": 240,
        "stages.front_door.time_per_contact": "10 minutes",
    }
    recording = town.recording(SLOW | changes)
    contacts = recording.contacts
    assert (contacts["contacts"] > 0).all()
    assert (contacts["decided"] >= contacts["received"]).all()
    assert contacts["contacts"].sum() == pytest.approx(2 * 4 * 240, rel=0.1)
    assert (contacts["decided"] - contacts["received"]).max() <= 2


def test_without_a_team_at_the_front_door_referrals_are_decided_at_once(town: Any) -> None:
    recording = town.recording(SLOW | {"teams.front door.stages": ["court"]})
    doors = recording.spells["stage"] == STAGES.index("front_door")
    assert (recording.spells["entered"] == recording.spells["ended"])[doors].all()


def test_a_phase_already_past_means_the_next_day(town: Any) -> None:
    service = town.service()
    said: list[tuple[str, float]] = []
    clock = service.clock

    def ask() -> None:
        for phase in (Phase.MANAGERS, Phase.CONFERENCES, Phase.ALLOCATION):
            clock.at(clock.now, phase, 0, lambda phase=phase: said.append((phase.name, clock.now)))

    clock.at(3, Phase.MANAGERS, 0, ask)
    clock.run(6)
    assert said == [("MANAGERS", 3), ("ALLOCATION", 3), ("CONFERENCES", 4)]
