"""An enquiry that leads straight to proceedings takes the case: no decision still in a tray opens another one."""

from __future__ import annotations

from typing import Any

import pytest

from sim.model.recording.names import COURT, SECTION_47

pytestmark = pytest.mark.property

STRAIGHT_TO_COURT: dict[str, Any] = {
    "period.end": "2017-03-31",
    "stages.front_door.outcomes.assessment": "70%",
    "stages.front_door.outcomes.strategy_discussion": "5%",
    "stages.assessment.outcomes": {"close": 0, "early_help": 0, "child_in_need": 0, "section_47": 1},
    "stages.section_47.habit": "2 working days",
    "stages.section_47.outcomes": {"conference": 0, "no_further_action": 0, "court": 1},
    "risk": {"rises_a_year": dict.fromkeys(["assessment"], 12), "strategy_discussion_at": "low", "noticed_at_visit": 1},
}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_case_in_court_begins_no_enquiry(town: Any, seed: int) -> None:
    recording = town.recording(STRAIGHT_TO_COURT, seed=seed)
    spells = recording.spells
    proceedings = spells["stage"] == COURT
    court = dict(zip(spells["case"][proceedings].tolist(), spells["entered"][proceedings].tolist(), strict=True))
    assert len(court) > 50
    enquiries = spells["stage"] == SECTION_47
    for case, entered in zip(spells["case"][enquiries].tolist(), spells["entered"][enquiries].tolist(), strict=True):
        assert entered <= court.get(case, entered)
    assert len(court) == proceedings.sum()
