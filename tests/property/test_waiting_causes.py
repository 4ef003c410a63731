"""Each child-day in each stage has one cause: the days add up, whatever the service is short of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.calendar import WorkingDayCalendar
from sim.measures.period_counts import period_counts_of
from sim.measures.waiting.causes import CAUSES, code
from sim.measures.waiting.days import CauseDays, cause_days
from sim.measures.waiting.table import by_spell, cause_table, causes_of
from sim.model.recording import STAGES, Recording

pytestmark = pytest.mark.property

FRONT_DOOR = STAGES.index("front_door")
EARLY, LATE = ["assessment", "section_47"], ["child_in_need", "child_protection", "pre_proceedings", "court"]
some = settings(max_examples=max(12, settings().max_examples // 8))


@st.composite
def services(draw: st.DrawFn) -> dict[str, Any]:
    """Changes to the teaching scenario that make each cause likely in some of them."""

    def team(stages: list[str]) -> dict[str, Any]:
        workers: dict[str, Any] = {"count": draw(st.integers(1, 5)), "cap": draw(st.sampled_from([4, 8, 20]))}
        workers["cap_policy"] = draw(st.sampled_from(["strict", "leaky"]))
        return {"stages": stages, "workers": [workers], "managers": 1, "background_hours_a_week": 0}

    changes: dict[str, Any] = {
        "period.end": "2016-12-30",
        "demand.referrals_a_year": draw(st.sampled_from([100, 600])),
        "capacities.conference_slots_a_week": draw(st.sampled_from(["none", 1])),
        "stages.child_protection.pre_proceedings_share": "80%",
        "stages.child_protection.pre_proceedings_after": "3 weeks",
        "opening.pre_proceedings": {"children": 6, "ages": "6 weeks"},
        "opening.court": {"children": 6, "ages": "10 weeks"},
    }
    if draw(st.booleans()):
        changes |= {"teams.locality team": team(LATE), "teams.assessment": team(EARLY)}
        if draw(st.booleans()):
            changes["transfer"] = {
                "delay": "5 working days",
                "sending_worker": draw(st.sampled_from(["puts_down", "holds"])),
            }
    else:
        changes["teams.locality team"] = team(EARLY + LATE)
    changes["pace"] = draw(st.sampled_from(["off", {"overtime": 0.15}]))
    if draw(st.booleans()):
        changes["sign_off"] = "none"
    elif draw(st.booleans()):
        changes["sign_off.carrying_out"] = {"lag_to": 8, "actions_a_week": draw(st.sampled_from(["none", 2]))}
    if draw(st.booleans()):
        changes["people.absence"] = {"sickness": {"share": "15%"}, "cover": {"reallocate_after": "10 working days"}}
    if draw(st.booleans()):
        gate = {"lever": "quality_gate", "at": "2016-05-03", "stages": [*EARLY, "child_in_need"], "returned": "60%"}
        changes["levers"] = [gate]
    return changes


def causes(recording: Recording) -> CauseDays:
    found = cause_days(recording)
    assert found is not None
    return found


def lengths(recording: Recording) -> np.ndarray[Any, Any]:
    spells = recording.spells
    ended = np.where(spells["ended"] < 0, recording.horizon, spells["ended"])
    return np.maximum(ended, 0) - np.maximum(spells["entered"], 0)


@some
@given(services())
def test_the_days_of_each_stay_add_up_to_its_length(town: Any, changes: dict[str, Any]) -> None:
    recording: Recording = town.recording(changes)
    found = causes(recording)
    assert (found.days > 0).all()
    assert (found.days <= found.stop - found.start + 1e-9).all()
    days = by_spell(recording, found)
    np.testing.assert_allclose(days.sum(axis=1), lengths(recording), atol=1e-3)


@some
@given(services())
def test_shares_add_up_to_a_hundred_in_every_quarter_stage_and_team(town: Any, changes: dict[str, Any]) -> None:
    recording: Recording = town.recording(changes)
    scenario = town.scenario(changes)
    calendar = WorkingDayCalendar(scenario.period.start, scenario.period.end)
    tally = period_counts_of(calendar, recording.localities, recording.teams)
    found = causes_of(recording, tally)
    assert found is not None
    table = cause_table(recording, tally, found)
    children = recording.spells["children"]
    assert table.days[0].sum() == pytest.approx((lengths(recording) * children).sum(), rel=1e-4)
    assert (table.days[1] <= table.days[0] + 1e-3).all()
    whole = table.days[0].sum(axis=-1)
    shares = table.days[0][whole > 0] / whole[whole > 0][:, None]
    np.testing.assert_allclose(shares.sum(axis=-1), 1.0, atol=1e-5)


@some
@given(services())
def test_children_have_no_worker_as_long_as_managers_hold_them(town: Any, changes: dict[str, Any]) -> None:
    recording: Recording = town.recording(changes)
    found = causes(recording)
    nobody = [code(name) for name in ("cap_full", "nobody_at_work", "group_too_large", "not_allocated")]
    unheld = np.isin(found.cause, nobody)
    case = recording.spells["case"][found.spell]
    held = recording.holdings
    for at in np.flatnonzero(unheld)[:200]:
        mine = (held["case"] == case[at]) & (held["start"] <= found.start[at])
        assert not (mine & ((held["end"] < 0) | (held["end"] > found.start[at]))).any()


@some
@given(services())
def test_a_worker_who_holds_the_stage_works_or_waits_for_somebody_else(town: Any, changes: dict[str, Any]) -> None:
    recording: Recording = town.recording(changes)
    found = causes(recording)
    spells = recording.spells
    allocated = spells["allocated"][found.spell]
    before = (allocated == -1) | (found.start < allocated)
    for cause in ("work", "slowed", "absence"):
        assert not (before & (found.cause == code(cause))).any(), cause
    transfer = found.cause == code("transfer")
    if changes.get("transfer") is None:
        assert before[transfer].all()
    at_the_door = spells["stage"][found.spell] == FRONT_DOOR
    assert (at_the_door == (found.cause == code("screening"))).all()


@pytest.mark.parametrize("cause", [cause.name for cause in CAUSES if cause.name != "not_allocated"])
def test_each_cause_occurs_in_a_service_that_is_short_of_it(town: Any, cause: str) -> None:
    short: dict[str, dict[str, Any]] = {
        "screening": {"stages.front_door.time_per_contact": "3 hours"},
        "nobody_at_work": {"teams.locality team.workers": [{"count": 0}]},
        "absence": {"people.absence": {"sickness": {"share": "15%"}}},
        "returned": {"levers": [{"lever": "quality_gate", "at": "2016-05-03", "stages": EARLY, "returned": "60%"}]},
        "transfer": {
            "teams.locality team": {"stages": LATE, "workers": [{"count": 2, "cap": 12, "cap_policy": "strict"}]},
            "teams.assessment": {"stages": EARLY, "workers": [{"count": 6, "cap": 20}]},
        },
        "hearing": {"capacities.final_hearings_a_week": 0.2, "opening.court": {"children": 9, "ages": "24 weeks"}},
        "solicitor": {"capacities.solicitors": 0, "opening.court": {"children": 9, "ages": "24 weeks"}},
        "carrying_out": {"sign_off.carrying_out": {}},
        "panel": {"stages.child_protection.pre_proceedings_share": "90%"},
        "cap_full": {"teams.locality team.workers": [{"count": 4, "cap": 10, "cap_policy": "strict"}]},
        "group_too_large": {"teams.locality team.workers": [{"count": 9, "cap": 10, "cap_policy": "strict"}]},
    }
    recording: Recording = town.recording({"period.end": "2017-03-31", **short.get(cause, {})})
    found = causes(recording)
    assert found.days[found.cause == code(cause)].sum() > 0
