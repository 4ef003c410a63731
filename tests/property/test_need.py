"""Need that rises while a child waits: whose luck it is, who sees it, and how exposure is counted."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from sim.calendar import WorkingDayCalendar
from sim.measures.compute import compute
from sim.model.recording import STAGES, STEPS, Recording

pytestmark = pytest.mark.property

YEAR = {"period.end": "2017-03-31", "stages.child_in_need.step_up_a_year": 0}
ONE = "locality team"
BEYOND = STAGES[1:]
OFTEN = dict.fromkeys(BEYOND, 1.5)
RISK: dict[str, Any] = {"rises_a_year": OFTEN, "without_contact": {"after": "10 working days", "times": 2}}
EVEN = dict.fromkeys(("low", "moderate", "high", "severe"), 1)
STEADY: dict[str, Any] = {
    "rises_a_year": dict.fromkeys(BEYOND, 2),
    "times_by_level": EVEN,
    "times_once_work_is_done": 1,
}
"""The same rate whatever the stage, the level and the contact."""
SHORT = {"demand.referrals_a_year": 800, f"teams.{ONE}.workers": [{"count": 6, "cap": 16}]}
SERVICES: dict[str, dict[str, Any]] = {
    "quiet": {"risk": RISK},
    "short of workers": SHORT | {"risk": RISK},
    "decided at once": {"sign_off": "none", "pace": "off", "risk": RISK | {"noticed_at_visit": 1}},
    "on a continuous clock": {"clock": "continuous", "risk": RISK},
    "by due date": SHORT | {"allocation.policy": "due_first", "risk": RISK | {"strategy_discussion_at": "low"}},
    "to court": {"stages.pre_proceedings.outcomes": {"child_protection": 0, "child_in_need": 0, "court": 1},
                 "risk": RISK | {"legal_planning": 1}},
}  # fmt: skip


@pytest.fixture(params=SERVICES.values(), ids=SERVICES.keys())
def recording(town: Any, request: pytest.FixtureRequest) -> Recording:
    made: Recording = town.recording(YEAR | request.param)
    assert len(made.needs["case"]) > 100
    return made


def spans(recording: Recording) -> dict[int, list[tuple[int, int]]]:
    """First day of each rise and the day on which it was over, by case."""
    needs = recording.needs
    over = np.where(needs["acted"] >= 0, needs["acted"], needs["ended"])
    over = np.where(over >= 0, over, recording.horizon)
    found = defaultdict(list)
    for case, rose, end in zip(needs["case"].tolist(), needs["rose"].tolist(), over.tolist(), strict=True):
        found[case].append((rose, end))
    return {case: sorted(rises) for case, rises in found.items()}


def open_days(recording: Recording) -> dict[int, tuple[int, int]]:
    """First day beyond the front door, on the run's own days, and the day of closure, by case."""
    spells = recording.spells
    found: dict[int, tuple[int, int]] = {}
    for case, stage, entered, ended in zip(
        *(spells[name].tolist() for name in ("case", "stage", "entered", "ended")), strict=True
    ):
        if stage:
            first, last = found.get(case, (recording.horizon, 0))
            end = recording.horizon if ended == -1 else ended
            found[case] = (min(first, max(0, entered)), max(last, end))
    return found


def test_a_rise_is_noticed_before_it_is_acted_on(recording: Recording) -> None:
    needs = recording.needs
    rose, noticed, acted, ended = (needs[name] for name in ("rose", "noticed", "acted", "ended"))
    seen, answered = noticed >= 0, acted >= 0
    assert np.all(rose >= 0)
    assert np.all(noticed[seen] >= rose[seen])
    assert np.all(seen[answered])
    assert np.all(acted[answered] >= noticed[answered])
    assert not np.any(answered & (ended >= 0)), "a rise ends in one way"
    assert np.all(ended[ended >= 0] >= rose[ended >= 0])
    assert np.array_equal(answered, needs["step"] >= 0)
    assert len(Counter(needs["step"][answered].tolist())) > 1


def test_need_rises_in_open_cases_one_rise_at_a_time(recording: Recording) -> None:
    sizes = dict(zip(recording.cases["case"].tolist(), recording.cases["children"].tolist(), strict=True))
    for case, children in zip(recording.needs["case"].tolist(), recording.needs["children"].tolist(), strict=True):
        assert sizes[case] == children
    opened = open_days(recording)
    for case, rises in spans(recording).items():
        first, last = opened[case]
        assert first <= rises[0][0]
        assert rises[-1][1] <= last
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(rises))


def test_each_strategy_discussion_of_a_rise_opens_an_enquiry(recording: Recording) -> None:
    needs, spells = recording.needs, recording.spells
    enquiries = Counter(
        (case, entered)
        for case, stage, entered in zip(
            spells["case"].tolist(), spells["stage"].tolist(), spells["entered"].tolist(), strict=True
        )
        if STAGES[stage] == "section_47"
    )
    stepped = needs["step"] == STEPS.index("strategy_discussion")
    assert stepped.any()
    for case, acted in zip(needs["case"][stepped].tolist(), needs["acted"][stepped].tolist(), strict=True):
        assert enquiries[case, acted] >= 1


def test_exposure_is_the_sum_over_children_and_days(town: Any) -> None:
    changes = YEAR | {"demand.referrals_a_year": 120, "risk": RISK}
    recording = town.recording(changes)
    calendar = WorkingDayCalendar(*(getattr(town.scenario(changes).period, name) for name in ("start", "end")))
    needs, risen = recording.needs, 0
    after_all = calendar.end + timedelta(days=1)

    def day(index: int) -> Any:
        return after_all if index >= recording.horizon else calendar.date(index)

    for rose, acted, ended, children in zip(
        *(needs[name].tolist() for name in ("rose", "acted", "ended", "children")), strict=True
    ):
        over = recording.horizon if acted == ended == -1 else max(acted, ended)
        risen += (day(over) - day(rose)).days * children
    assert risen > 1000
    assert compute(recording, calendar).value("exposure_child_days") == pytest.approx(risen, rel=0.002)


@pytest.mark.parametrize("more", [7, 12])
def test_need_rises_at_the_same_hazard_whoever_works_there(town: Any, more: int) -> None:
    """At a steady rate a child's k-th rise comes after the same days at risk, whatever the service does meanwhile."""

    def at_risk(changes: dict[str, Any]) -> tuple[dict[int, list[int]], Recording]:
        recording = town.recording(changes)
        opened = open_days(recording)
        found = {}
        for case, rises in spans(recording).items():
            starts = [opened[case][0], *(end for _, end in rises)]
            found[case] = [rose - since for since, (rose, _) in zip(starts, rises, strict=False)]
        return found, recording

    base = YEAR | SHORT | {"risk": STEADY}
    few, one = at_risk(base)
    many, other = at_risk(base | {f"teams.{ONE}.workers": [{"count": more, "cap": 16}]})
    # A case that waits at the front door is opened later, but its need is counted from then.
    both = set(few) & set(many)
    compared = [(few[case], many[case]) for case in both]
    assert len(both) > 100
    for before, after in compared:
        common = min(len(before), len(after))
        assert before[:common] == after[:common]
    assert not np.array_equal(one.spells["ended"], other.spells["ended"])


def test_nobody_notices_what_moves_nothing(town: Any) -> None:
    """Unnoticed rises change neither the queue nor anybody's journey."""
    blind = {"noticed_at_visit": 0, "noticed_at_allocation": 0, "noticed_at_review": 0, "new_referrals_a_year": 0}
    without = town.recording(YEAR | SHORT)
    risen = town.recording(YEAR | SHORT | {"risk": RISK | blind})
    assert (risen.needs["noticed"] == -1).all()
    assert len(risen.needs["case"]) > 150
    for name in ("cases", "spells", "visits", "reviews", "decisions", "transfers", "holdings"):
        for column, values in getattr(without, name).items():
            assert np.array_equal(values, getattr(risen, name)[column]), (name, column)


def test_recording_off_changes_nothing_where_need_moves(town: Any) -> None:
    states = []
    for record in (True, False):
        service = town.service(YEAR | SHORT | {"risk": RISK}, record=record)
        events = service.run().events
        levels = [
            (case.key, case.need, case.level.level, case.level.hazard, case.level.target)
            for case in service.open_cases()
            if case.level is not None
        ]
        states.append((events, levels))
    assert states[0] == states[1]
    assert len(states[0][1]) > 20


def test_need_that_moves_takes_few_events(town: Any) -> None:
    """Less than one more for each child referred, at ordinary rates and with contact counted."""
    without = town.recording(YEAR)
    risen = town.recording(YEAR | {"risk": {"without_contact": {}}})
    children = risen.cases["children"].sum()
    assert risen.events - without.events < children


# Earlier plans


def test_a_family_that_comes_back_brings_its_plan_along(town: Any) -> None:
    often = {
        "period.end": "2018-03-31",
        "demand.rereferral.share": "80%",
        "demand.rereferral.mean_gap": "1 months",
        "stages.child_protection.intervention": "20 working days",
        "stages.child_protection.outcomes": {"child_in_need": 0, "close": 1},
        "stages.child_protection.earlier_plan_share": "0.0001%",
        "stages.assessment.outcomes": {"close": 0.2, "child_in_need": 0.2, "section_47": 0.6},
    }
    recording = town.recording(often)
    cases, spells = recording.cases, recording.spells
    planned = spells["stage"] == STAGES.index("child_protection")
    ended: dict[int, int] = {}
    for case, end in zip(spells["case"][planned].tolist(), spells["ended"][planned].tolist(), strict=True):
        ended[case] = end
    earlier = dict(zip(cases["case"].tolist(), cases["earlier_plan"].tolist(), strict=True))
    roots: dict[int, list[int]] = defaultdict(list)
    for case in sorted(earlier):
        roots[case >> 6].append(case)
    brought = 0
    for family in roots.values():
        had = False
        for case in family:
            assert earlier[case] is had
            brought += had
            had = had or case in ended
    assert brought > 10


def test_a_larger_share_with_an_earlier_plan_keeps_those_of_a_smaller(town: Any) -> None:
    found = []
    for share in ("20%", "50%"):
        cases = town.recording(YEAR | {"stages.child_protection.earlier_plan_share": share}).cases
        found.append(set(cases["case"][cases["earlier_plan"]].tolist()))
    assert found[0] < found[1]
    plain = town.recording(YEAR)
    counted = town.recording(YEAR | {"stages.child_protection.earlier_plan_share": "50%"})
    assert not plain.cases["earlier_plan"].any()
    for column, values in plain.spells.items():
        assert np.array_equal(values, counted.spells[column])


@pytest.mark.parametrize("thresholds", [0.0, 0.4])
def test_who_recognises_less_readily_makes_some_children_wait_longer(town: Any, thresholds: float) -> None:
    changes = {
        "risk.rises_a_year": dict.fromkeys(STAGES[1:], 3),
        "people.differences": {"workers": 0, "managers": 0, "thresholds": thresholds},
    }
    needs = town.recording(changes).needs
    late = needs["late_by_person"] == 1
    if thresholds == 0.0:
        assert not late.any()
        return
    assert late.any()
    # Nobody is late before anybody could have noticed: each was seen, or decided about, after need had risen.
    acted = late & (needs["acted"] >= 0)
    assert (needs["acted"][acted] >= needs["rose"][acted]).all()
    waited = (needs["acted"] - needs["rose"])[needs["acted"] >= 0]
    assert (needs["acted"] - needs["rose"])[acted].mean() > waited.mean()
