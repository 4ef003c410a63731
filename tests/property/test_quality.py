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
