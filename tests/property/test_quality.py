"""What must hold of work that goes back at sign-off."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from sim.model.recording.names import ASSESSMENT, ASSESSMENT_DECISION, OUTCOMES

pytestmark = pytest.mark.property

GATE = {"lever": "quality_gate", "at": "2016-04-01", "returned": "30%"}


def at_sign_off(town: Any, gate: dict[str, Any]) -> tuple[int, int]:
    """Decisions on assessments, and assessments that were looked at."""
    recording = town.recording({"levers": [GATE | gate], "stages.assessment.outcomes": {"close": "100%"}})
    spells = recording.spells
    ended = (spells["stage"] == ASSESSMENT) & (spells["ended"] >= 0)
    ended &= (spells["outcome"] == OUTCOMES.index("close")) & (spells["entered"] >= 0)
    return int((recording.decisions["kind"] == ASSESSMENT_DECISION).sum()), int(ended.sum())


def test_as_many_go_back_as_asked_and_no_more_than_once(town: Any) -> None:
    decisions, assessments = at_sign_off(town, {})
    again, _ = at_sign_off(town, {"returned": "100%"})
    none, _ = at_sign_off(town, {"returned": "0%"})
    assert assessments > 300
    assert decisions / none == pytest.approx(1.3, abs=0.05)
    assert again / none == pytest.approx(2.0, abs=0.05)
    thrice, _ = at_sign_off(town, {"returned": "100%", "most_returns": 2})
    assert thrice / none == pytest.approx(3.0, abs=0.1)


def test_the_gate_works_where_decisions_need_nobody(town: Any) -> None:
    changes = {"sign_off": "none", "levers": [GATE | {"returned": "100%", "most_returns": 3}]}
    recording = town.recording(changes)
    without = town.recording({"sign_off": "none"})
    kinds, before = Counter(recording.decisions["kind"].tolist()), Counter(without.decisions["kind"].tolist())
    assert kinds[ASSESSMENT_DECISION] > 3 * before[ASSESSMENT_DECISION]


def test_work_is_done_before_the_end_and_children_are_the_same(town: Any) -> None:
    stages = ["assessment", "section_47", "child_in_need"]
    changes = {"demand.rereferral": {"mode": "none"}}
    recording = town.recording(changes | {"levers": [GATE | {"stages": stages, "most_returns": 2}]})
    without = town.recording(changes)
    spells = recording.spells
    done = (spells["work_done"] >= 0) & (spells["ended"] >= 0)
    assert (spells["work_done"] <= spells["ended"])[done].all()
    for column in ("case", "children", "referred", "need"):
        assert sorted(recording.cases[column].tolist()) == sorted(without.cases[column].tolist())


# Closure under strain

ROOMY = {
    "pace": "off",
    "sign_off": "none",
    "capacities": {},
    "demand.rereferral.closed_before_start": 0,
    "teams.locality team.workers": [{"count": 8}],
    "stages.child_protection.pre_proceedings_share": "0%",
}
"""Nobody waits for anything, so that who comes back changes nothing for anybody else."""


def returners(town: Any, section: dict[str, Any]) -> set[int]:
    """Cases of families that have come back once."""
    recording = town.recording(ROOMY | {"demand.rereferral.premature_closure": section})
    cases = recording.cases["case"]
    return set(cases[(cases & 63) == 1].tolist())


def test_under_strain_the_same_families_come_back_and_others_besides(town: Any) -> None:
    usual = returners(town, {"times": 1})
    always = returners(town, {"times": 2, "hours_asked": 0.001})
    never = returners(town, {"times": 2, "hours_asked": 1000})
    assert usual == never
    assert usual < always
    assert len(always) / len(usual) == pytest.approx(2, abs=0.35)


def test_what_is_left_undone_of_an_assessment_is_not_asked_for(town: Any) -> None:
    changes = {"stages.assessment.outcomes": {"close": "100%"}, "demand.rereferral.share": "0%"}
    hurried = {"demand.rereferral.premature_closure": {"times": 1, "hours_asked": 0.001, "left_undone": "40%"}}
    before, after = town.recording(changes), town.recording(changes | hurried)
    assert after.work["asked"].sum() < 0.95 * before.work["asked"].sum()
    assert sorted(after.cases["case"].tolist()) == sorted(before.cases["case"].tolist())


# Meetings before closure


def test_families_who_meet_are_those_who_stay_away(town: Any) -> None:
    def back(*levers: dict[str, Any]) -> set[int]:
        many = {"demand.referrals_a_year": 3000, "teams.front door.workers": [{"count": 20}]}
        cases = town.recording(ROOMY | many | {"levers": list(levers)}).cases["case"]
        return set(cases[(cases & 63) == 1].tolist())

    prevention = {"lever": "rereferral_prevention", "at": "2016-04-01", "reduction": "100%"}
    usual, some_meet = back(), back(prevention | {"share": "40%"})
    all_meet = back(prevention | {"share": "100%", "hours": 0.001, "takes": "1 working days"})
    assert back(prevention) == set()
    assert all_meet < some_meet < usual  # closed the same day or by a conference: no meeting
    assert len(usual) > 300
    prevented, most = 1 - len(some_meet) / len(usual), 1 - len(all_meet) / len(usual)
    assert prevented / most == pytest.approx(0.4, abs=0.06)


def test_meetings_take_the_hours_they_say(town: Any) -> None:
    meeting = {"lever": "rereferral_prevention", "at": "2016-04-01", "reduction": "0%", "hours": 6}
    changes = {"demand.rereferral": {"mode": "none"}, "stages.assessment.outcomes": {"close": "100%"},
               "stages.assessment.hours_a_week_waiting": 0, "opening": {}}  # fmt: skip
    without = town.recording(changes)
    with_meetings = town.recording(changes | {"levers": [meeting]})
    spells = with_meetings.spells
    met = (spells["stage"] == ASSESSMENT) & (spells["outcome"] == OUTCOMES.index("close"))
    more = with_meetings.work["asked"].sum() - without.work["asked"].sum()
    assert met.sum() > 300
    assert more / met.sum() == pytest.approx(6, rel=0.05)
