"""What a scenario holds for later changes nothing before it comes: a difference is the lever's and nothing else's."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.model.recording import Recording

pytestmark = pytest.mark.property

ASSESSING, PLANNING = "assessing", "planning"
COMES = "2016-12-01"
BUSY: dict[str, Any] = {
    "period.end": "2017-06-30",
    "demand.referrals_a_year": 700,
    "demand.rereferral.share": "20%",
    "teams": {
        "front door": {"stages": ["front_door"], "workers": [{"count": 1}], "managers": 0.5},
        ASSESSING: {
            "stages": ["assessment", "section_47"],
            "workers": [{"count": 6, "cap": 14}, {"count": 1, "cap": 8, "grade": "nqsw"}],
            "managers": 1,
        },
        PLANNING: {
            "stages": ["child_in_need", "child_protection", "pre_proceedings", "court"],
            "workers": [{"count": 6, "cap": 14}],
            "managers": 1,
        },
    },
    "people": {},
}
"""Two pools that hand cases to one another, with queues."""


def team(*stages: str, **more: Any) -> dict[str, Any]:
    return {
        "teams.visitors": {
            "stages": list(stages),
            "workers": [{"count": 2, "cap": 14, "grade": "agency"}],
            "managers": 1,
            "start": COMES,
            **more,
        }
    }


def lever(name: str, **more: Any) -> dict[str, Any]:
    return {"levers": [{"lever": name, "at": COMES, **more}]}


HELD = {"from_team": ASSESSING, "stages": ["assessment"], "children": 8}
GROUP = {"count": 2, "cap": 10, "grade": "nqsw"}
TO_COME: dict[str, dict[str, Any]] = {
    "a team in assessment": team("assessment", "section_47", takes_held_cases=HELD),
    "a team in plans": team("child_in_need"),
    "a team for the backlog": team("assessment", "section_47", takes="backlog"),
    "a team for new work": team("assessment", "section_47", takes="new"),
    "a surge": lever("referral_surge", size="+40%"),
    "fewer referrals": lever("referral_surge", size="-30%"),
    "early help": lever("early_help_diversion", share="20%", contacts="10%"),
    "thresholds": lever("routing", stage="assessment", outcomes={"child_in_need": "50%"}),
    "fewer who come back": lever("rereferral_prevention", reduction="30%", share="50%", hours=3),
    "fewer conferences": lever("capacity", capacity="conference_slots_a_week", value=1),
    "chairs away": lever("chair_absence", share="30%"),
    "workers": lever("staffing", team=ASSESSING, add=GROUP),
    "workers whose caps leak": lever("staffing", team=ASSESSING, add=GROUP | {"leaks": {"share": "30%"}}),
    "workers whose caps give": lever("staffing", team=ASSESSING, add=GROUP | {"leaks": {"oldest_wait": "2 weeks"}}),
    "a cap": lever("cap", team=ASSESSING, cap=10),
    "another order": lever("allocation_policy", policy="oldest_first"),
    "retention": lever("retention", reduction="50%"),
    "a vacancy": lever("vacancy", team=ASSESSING, count=2),
    "managers": lever("managers", team=ASSESSING, managers=2),
    "business support": lever("business_support", team=ASSESSING, hours_a_week=2),
    "a quality gate": lever("quality_gate", returned="20%"),
    "a review": lever("targeted_review", stages=["child_in_need"], reviews_a_week=3),
    "rebalancing": lever("rebalancing", team=ASSESSING),
}

DAYS: dict[str, tuple[str, ...]] = {
    "cases": ("referred",),
    "spells": ("entered", "allocated", "ended"),
    "visits": ("day",),
    "reviews": ("day",),
    "decisions": ("asked", "decided"),
    "transfers": ("done",),
    "holdings": ("start", "end"),
    "absences": ("start", "end"),
    "supervisions": ("due", "held"),
    "caps": ("day",),
    "needs": ("rose", "noticed", "acted", "ended"),
}


def happened(recording: Recording, before: int) -> Counter[tuple[Any, ...]]:
    """What was recorded with a day before this one: which table, what, of whom, when."""
    found: Counter[tuple[Any, ...]] = Counter()
    for name, columns in DAYS.items():
        table = getattr(recording, name)
        # Who holds a case at the end of its spell may come later: workers count in the tables of workers only.
        keys = ("case", "stage") if "case" in table else ("worker", "team", "kind")
        whose = [np.asarray(table[key]) for key in keys if key in table]
        for column in columns:
            days = np.asarray(table[column])
            past = (days >= 0) & (days < before)
            found.update((name, column, *row) for row in zip(days[past], *(one[past] for one in whose), strict=True))
    return found


@pytest.mark.parametrize("change", TO_COME.values(), ids=TO_COME.keys())
def test_nothing_moves_before_it_comes(town: Any, change: dict[str, Any]) -> None:
    service = town.service(BUSY)
    comes = service.calendar.index(date.fromisoformat(COMES))
    without, planned = town.recording(BUSY), town.recording(BUSY | change)
    before = happened(without, comes)
    assert len(before) > 2000
    moved = (before - happened(planned, comes)) + (happened(planned, comes) - before)
    assert not moved, sorted(moved, key=lambda row: row[2])[:3]
