"""What must hold in any service, however small, short of staff or oddly arranged."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.calendar import WorkingDayCalendar
from sim.model.engine.event import Phase
from sim.model.recording import STAGES, Recording
from sim.model.service import Service

pytestmark = pytest.mark.property

FRONT_DOOR = STAGES.index("front_door")
YEAR = {"period.end": "2017-03-31"}
ONE, EARLY, LATE = "locality team", "assessment", "care planning"
EARLY_STAGES = ["assessment", "section_47"]
LATE_STAGES = ["child_in_need", "child_protection", "pre_proceedings", "court"]


def staff(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "count": draw(st.integers(1, 5)),
        "cap": draw(st.sampled_from([4, 8, 16, 25])),
        "cap_policy": draw(st.sampled_from(["strict", "leaky"])),
        "fte": draw(st.sampled_from([1, 1, 1])),
    }


def team(draw: st.DrawFn, stages: list[str], **more: Any) -> dict[str, Any]:
    managers = draw(st.sampled_from([0.3, 1, 2]))
    workers = [staff(draw) for _ in range(draw(st.integers(1, 2)))]
    return {"stages": stages, "workers": workers, "managers": managers, "background_hours_a_week": 0, **more}


@st.composite
def services(draw: st.DrawFn) -> dict[str, Any]:
    """Changes to the teaching scenario: busy or quiet, one team or two, with and without each mechanism."""
    changes: dict[str, Any] = {
        **YEAR,
        "demand.referrals_a_year": draw(st.sampled_from([60, 300, 800])),
        "demand.rereferral.share": draw(st.sampled_from(["0%", "40%"])),
        "allocation.policy": draw(st.sampled_from(["need_first", "due_first", "oldest_first"])),
        "capacities.conference_slots_a_week": draw(st.sampled_from(["none", 1, 4])),
        "stages.child_in_need.other_exits_a_year": draw(st.sampled_from([0, 1])),
        "stages.child_in_need.step_up_a_year": draw(st.sampled_from([0, 1])),
        "stages.child_protection.pre_proceedings_share": draw(st.sampled_from(["12%", "80%"])),
        "stages.child_protection.pre_proceedings_after": "3 weeks",
        "opening.pre_proceedings": {"children": 6, "ages": "6 weeks"},
        "opening.court": {"children": 6, "ages": "10 weeks"},
    }
    if draw(st.booleans()):
        changes["pace"] = "off"
    if draw(st.booleans()):
        changes["sign_off"] = "none"
    if draw(st.booleans()):
        always = {"rises_a_year": dict.fromkeys(STAGES[1:], 3), "without_contact": {}, "strategy_discussion_at": "high"}
        changes["risk"] = always | {"noticed_at_visit": draw(st.sampled_from([0.2, 1]))}
    first = EARLY if draw(st.booleans()) else ONE
    if first == EARLY:
        changes[f"teams.{ONE}"] = team(draw, LATE_STAGES)
        changes[f"teams.{EARLY}"] = team(draw, EARLY_STAGES)
    else:
        changes[f"teams.{ONE}"] = team(draw, EARLY_STAGES + LATE_STAGES)
    if draw(st.booleans()):
        held = {"from_team": first, "stages": ["assessment", "child_in_need"], "children": 12}
        stages = ["assessment", "section_47", "child_in_need"]
        dates = {"start": "2016-07-01", "end": draw(st.sampled_from(["2016-07-11", "2016-12-30"]))}
        changes["teams.surge team"] = team(draw, stages, takes_held_cases=held, **dates)
    levers: list[dict[str, Any]] = []
    if draw(st.booleans()):
        levers.append({"lever": "referral_surge", "at": "2016-06-01", "size": "80%", "ramp": "1 months"})
    if draw(st.booleans()):
        add = {"count": 2, "cap": 10}
        levers.append({"lever": "staffing", "at": "2016-08-01", "until": "2016-10-03", "team": first, "add": add})
    if draw(st.booleans()):
        levers.append({"lever": "allocation_policy", "at": "2016-09-01", "policy": "oldest_first"})
    if draw(st.booleans()):
        gated = ["assessment", "section_47", "child_in_need"]
        levers.append({"lever": "quality_gate", "at": "2016-05-03", "stages": gated, "returned": "60%"})
        review = {"lever": "targeted_review", "at": "2016-06-01", "by": first, "hours_a_week": 30}
        review["stages"] = ["child_in_need", "child_protection"]
        levers.append(review | {"outcomes": {"close": 0.3, "step_down": 0.2, "step_up": 0.4, "no_change": 0.1}})
        levers.append(
            {"lever": "rereferral_prevention", "at": "2016-05-03", "reduction": "50%", "share": "70%", "hours": 6}
        )
        changes["demand.rereferral.premature_closure"] = {"times": 2, "hours_asked": 0.6, "left_undone": "50%"}
    changes["levers"] = levers
    if draw(st.booleans()):
        reallocate = draw(st.sampled_from(["10 working days", "never"]))
        changes["people.absence"] = {
            "sickness": {"share": "15%"},
            "cover": {"duty_hours_a_week": 6, "reallocate_after": reallocate},
        }
        changes["people.supervision"] = {"finds_work_done": "50%"}
    return changes


# Enough for each run of the tests; the profile "explore" tries five times as many.
some = settings(max_examples=max(20, settings().max_examples // 5))


def ended(table: Any, column: str = "ended") -> np.ndarray[Any, Any]:
    """Ends, with the open ones far away."""
    return np.where(table[column] == -1, 10**9, table[column])


def by_case(table: Any, *columns: str) -> dict[int, list[tuple[int, ...]]]:
    rows: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for case, *row in zip(table["case"].tolist(), *(table[name].tolist() for name in columns), strict=True):
        rows[case].append(tuple(row))
    return rows


# Nobody is lost


@some
@given(services())
def test_children_are_conserved_at_every_month_end(town: Any, changes: dict[str, Any]) -> None:
    recording: Recording = town.recording(changes)
    scenario = town.scenario(changes)
    calendar = WorkingDayCalendar(scenario.period.start, scenario.period.end)
    cases, spells = recording.cases, recording.spells
    stays = by_case(spells, "entered", "ended", "children")
    assert len(set(cases["case"].tolist())) == len(cases["case"])
    known = set(cases["case"].tolist())
    assert set(stays) <= known
    for _, day in calendar.month_ends():
        came = (cases["referred"] <= day) | cases["opening"]
        expected = int(cases["children"][came].sum())
        gone = here = screening = 0
        for case, children in zip(cases["case"][came].tolist(), cases["children"][came].tolist(), strict=True):
            begun = [end if end != -1 else 10**9 for start, end, _ in stays.get(case, []) if start <= day]
            begun_open = [end for end in begun if end > day]
            if begun_open:
                here += children
            elif begun:
                gone += children
            else:
                screening += children
        assert gone + here + screening == expected
        live = (spells["entered"] <= day) & (ended(spells) > day) & (spells["stage"] != FRONT_DOOR)
        distinct = dict(zip(spells["case"][live].tolist(), spells["children"][live].tolist(), strict=True))
        waiting_at_door = (spells["stage"] == FRONT_DOOR) & (spells["entered"] <= day) & (ended(spells) > day)
        assert sum(distinct.values()) + int(spells["children"][waiting_at_door].sum()) == here


@some
@given(services())
def test_a_case_is_never_without_a_stage_from_referral_to_closure(town: Any, changes: dict[str, Any]) -> None:
    recording: Recording = town.recording(changes)
    starts = dict(zip(recording.cases["case"].tolist(), recording.cases["referred"].tolist(), strict=True))
    for case, stays in by_case(recording.spells, "entered", "ended").items():
        stays.sort(key=lambda stay: (stay[0], stay[1] if stay[1] != -1 else 10**9))
        assert stays[0][0] == starts[case]
        reached = stays[0][0]
        for entered, end in stays:
            assert entered <= reached, f"case {case} was in no stage between {reached} and {entered}: {stays}"
            reached = max(reached, end if end != -1 else 10**9)


def books_balance(service: Service) -> None:
    """Compare what workers, queues and cases each say about who holds what."""
    held = 0
    for worker in service.workforce.workers:
        worker.settle()
        worker.arm()
        cases = list(worker.cases.values())
        held += len(cases)
        assert worker.in_post or not cases
        assert all(case.worker is worker for case in cases)
        assert worker.load == sum(case.children for case in cases)
        spells = [spell for case in cases for spell in case.spells.values()]
        assert all(spell.open for spell in spells)
        mine = [spell for spell in spells if spell.allocated != -1]
        transfers = sum(case.transfer_hours for case in cases)
        assert worker.work.wanted_routine == pytest.approx(sum(s.routine for s in mine) + transfers, abs=1e-6)
        assert worker.work.wanted_urgent == pytest.approx(sum(s.urgent for s in mine), abs=1e-6)
        carried = [m for spell in spells for m in spell.milestones if m.carried]
        assert {id(m.spell.case.worker) for m in carried} <= {id(worker)}
    waiting = 0
    at_the_door = {case.key for day in service.front_door._backlog for _, case in day.referrals}
    for case in service.open_cases():
        if case.key in at_the_door:
            assert not case.spells
            continue
        assert case.spells
        waiting += case.waiting is not None
        assert case.worker is not None or case.waiting is not None, f"case {case.key} is neither held nor waiting"
        if case.waiting is not None:
            assert case.waiting.live
            assert (case.worker is not None) == (case.transfer_asked != -1)
        else:
            assert case.transfer_asked == -1
            assert all(spell.allocated != -1 for spell in case.spells.values())
    assert held == sum(case.worker is not None for case in service.open_cases())
    assert waiting == sum(pool.waiting for pool in service.pools)


@some
@given(services(), st.integers(1, 5))
def test_workers_queues_and_cases_agree_about_who_holds_what(town: Any, changes: dict[str, Any], seed: int) -> None:
    service: Service = town.service(changes, seed)
    for day in range(2, service.calendar.horizon, 7):
        service.clock.at(day, Phase.SNAPSHOT, 1, lambda: books_balance(service))
    recording = service.run()
    books_balance(service)
    spells = recording.spells
    still_open = set(spells["case"][spells["ended"] == -1].tolist())
    assert still_open == {case.key for case in service.open_cases()}
    assert set(recording.cases["case"].tolist()) == set(spells["case"].tolist())
    at_the_door = {case.key for day in service.front_door._backlog for _, case in day.referrals}
    undecided = (spells["stage"] == FRONT_DOOR) & (spells["ended"] == -1)
    assert set(spells["case"][undecided].tolist()) == at_the_door


# Time runs forwards


@some
@given(services())
def test_no_wait_is_negative(town: Any, changes: dict[str, Any]) -> None:
    recording: Recording = town.recording(changes)
    spells = recording.spells
    opening = np.isin(spells["case"], recording.cases["case"][recording.cases["opening"]])
    has_clock = (spells["clock_start"] > -1_000_000) & (spells["stage"] != STAGES.index("pre_proceedings"))
    assert (spells["clock_start"] <= spells["entered"])[has_clock].all()
    given_ = (spells["allocated"] != -1) & ~opening
    assert (spells["entered"] <= spells["allocated"])[given_].all()
    done = (spells["work_done"] != -1) & (spells["allocated"] != -1)
    assert (spells["allocated"] <= spells["work_done"])[done].all()
    assert (spells["work_done"] <= ended(spells))[spells["work_done"] != -1].all()
    assert (spells["entered"] <= ended(spells)).all()
    assert (spells["allocated"] <= ended(spells)).all()
    held = spells["conference"] != -1
    assert (spells["conference"] == spells["ended"])[held].all()
    assert (recording.visits["previous"] <= recording.visits["day"]).all()
    assert (recording.decisions["asked"] <= recording.decisions["decided"]).all()
    moved = recording.transfers["done"] != -1
    assert (recording.transfers["asked"] <= recording.transfers["done"])[moved].all()
    seen = recording.contacts["decided"] != -1
    assert (recording.contacts["received"] <= recording.contacts["decided"])[seen].all()
    assert (ended(recording.holdings, "end") >= recording.holdings["start"]).all()
    assert max(int(spells[name].max()) for name in ("entered", "allocated", "work_done", "ended")) < recording.horizon


# Workers


@some
@given(services())
def test_nobody_is_ever_over_a_strict_cap(town: Any, changes: dict[str, Any]) -> None:
    changes = changes | {"allocation.statutory": "as_caps_allow"}
    recording: Recording = town.recording(changes)
    scenario = town.scenario(changes)
    policies = [
        group.cap_policy for team_ in scenario.teams.values() for group in team_.workers for _ in range(group.count)
    ]
    held = recording.holdings
    for worker, cap in zip(recording.workers["worker"].tolist(), recording.workers["cap"].tolist(), strict=True):
        if worker >= len(policies) or policies[worker] != "strict":
            continue  # those that a lever adds come last, and are leaky here
        mine = held["worker"] == worker
        change = np.zeros(recording.horizon + 1, dtype=int)
        np.add.at(change, held["start"][mine], held["children"][mine])
        np.add.at(change, np.minimum(ended(held, "end")[mine], recording.horizon), -held["children"][mine])
        assert np.cumsum(change).max(initial=0) <= cap


@some
@given(services())
def test_a_statutory_case_has_a_worker_by_the_next_day(town: Any, changes: dict[str, Any]) -> None:
    """Plans, enquiries and proceedings, whatever the caps, as long as somebody is in post all the time."""
    recording: Recording = town.recording(changes)
    workers, held = recording.workers, recording.held_by_managers
    always = (workers["start"] <= 0) & (workers["end"] == -1) & (workers["team"] == 1)
    if always.any() and "people.absence" not in changes:
        statutory = np.isin(held["stage"], [2, 4, 5, 6]) & (held["start"] > 0)
        assert (ended(held, "end")[statutory] - held["start"][statutory] <= 1).all()


@some
@given(services())
def test_a_case_has_one_worker_at_a_time_who_is_in_post(town: Any, changes: dict[str, Any]) -> None:
    recording: Recording = town.recording(changes)
    for stays in by_case(recording.holdings, "start", "end").values():
        stays.sort(key=lambda stay: (stay[0], stay[1] if stay[1] != -1 else 10**9))
        for (_, end), (start, _) in pairwise(stays):
            assert end != -1
            assert end <= start
    workers = recording.workers
    first = dict(zip(workers["worker"].tolist(), workers["start"].tolist(), strict=True))
    last = dict(zip(workers["worker"].tolist(), workers["end"].tolist(), strict=True))
    held = recording.holdings
    for worker, start, end in zip(*(held[name].tolist() for name in ("worker", "start", "end")), strict=True):
        assert start >= first[worker]
        if last[worker] != -1 and last[worker] + 1 < recording.horizon:
            assert -1 < end <= last[worker] + 1


@some
@given(services())
def test_nobody_works_hours_that_do_not_exist(town: Any, changes: dict[str, Any]) -> None:
    recording: Recording = town.recording(changes)
    scenario = town.scenario(changes)
    work = recording.work
    assert (work["worked"] <= work["asked"] + 1e-6).all()
    if scenario.pace == "off":
        assert work["worked"] == pytest.approx(work["asked"])
        return
    assert (work["worked"] <= work["available"] * (1 + scenario.pace.overtime) + 1e-6).all()
