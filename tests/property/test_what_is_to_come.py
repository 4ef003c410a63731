"""What a scenario holds for later changes nothing before it comes: a difference is the lever's and nothing else's."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.model.recording import Recording
from sim.scenario.shared_past import shared_until

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


HELD = {"from_team": ASSESSING, "stages": ["assessment"], "children": 8}
TEAMS_TO_COME: dict[str, dict[str, Any]] = {
    "a team in assessment": team("assessment", "section_47", takes_held_cases=HELD),
    "a team in plans": team("child_in_need"),
    "a team for the backlog": team("assessment", "section_47", takes="backlog"),
    "a team for new work": team("assessment", "section_47", takes="new"),
}

LEVER_FILES = sorted((Path(__file__).parents[1] / "direction" / "levers").glob("*.yaml"))
LEVERS_TO_COME = [
    pytest.param(row.get("from", {}), {"levers": [{"lever": file.stem, "at": COMES} | row["set"]]}, id=row["what"])
    for file in LEVER_FILES
    for row in yaml.safe_load(file.read_text(encoding="utf-8"))["to_come"]
]
"""What stands under `to_come` in the file of each lever (tests/direction/test_figures.py says what that means)."""

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


@pytest.mark.parametrize(
    ("base", "change"),
    [*(pytest.param({}, change, id=what) for what, change in TEAMS_TO_COME.items()), *LEVERS_TO_COME],
)
def test_nothing_moves_before_it_comes(town: Any, base: dict[str, Any], change: dict[str, Any]) -> None:
    service = town.service(BUSY | base)
    comes = service.calendar.index(date.fromisoformat(COMES))
    without, planned = town.recording(BUSY | base), town.recording(BUSY | base | change)
    before = happened(without, comes)
    assert len(before) > 2000
    moved = (before - happened(planned, comes)) + (happened(planned, comes) - before)
    assert not moved, sorted(moved, key=lambda row: row[2])[:3]


LATER = "2017-02-06"
SHARING: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a team in assessment": ({}, team("assessment", "section_47", takes_held_cases=HELD)),
    "a team in plans that leaves": ({}, team("child_in_need", "child_protection", end=LATER)),
    "a team that winds down": (
        {},
        team("assessment", "section_47", end=LATER, wind_down="4 weeks", at_end="finish", finish_within="2 months"),
    ),
    "a team that is kept": ({}, team("assessment", end="2017-03-31", at_end="convert", converts_to=ASSESSING)),
    "two teams": (
        {},
        team("assessment", "section_47", takes_held_cases=HELD)
        | {"teams.others": {"stages": ["child_in_need"], "workers": [{"count": 1}], "managers": 0.5, "start": LATER}},
    ),
    "a team in one of two places": (
        {"localities": {"north": "60%", "south": "40%"}},
        team("assessment", "section_47", locality="south"),
    ),
    "with levers": (
        {
            "levers": [
                {"lever": "referral_surge", "at": "2016-09-01", "size": "+40%"},
                {"lever": "managers", "at": "2016-10-01", "team": ASSESSING, "managers": 2},
                {"lever": "vacancy", "at": "2016-10-01", "team": ASSESSING, "count": 2},
                {"lever": "agency_release", "at": "2017-03-01", "keep": 1},
                {"lever": "cap", "at": "2016-10-01", "team": PLANNING, "cap": 12},
            ]
        },
        team("assessment", "section_47"),
    ),
    "with people": (
        {
            "people.turnover": {"leaving_a_year": {"social_worker": 0.6, "nqsw": 0.6, "agency": 0.8}},
            "people.recruitment": {"lag": "3 weeks", "agency_cover": "80%", "agency_lag": "2 weeks"},
            "people.absence": {"managers": {}},
            "people.supervision": {},
            "people.newly_qualified": {},
        },
        team("assessment", "section_47", takes_held_cases=HELD),
    ),
}


@pytest.mark.parametrize(("changes", "coming"), SHARING.values(), ids=SHARING.keys())
def test_a_service_that_goes_on_as_another_is_that_one(
    town: Any, changes: dict[str, Any], coming: dict[str, Any]
) -> None:
    service = town.service(BUSY | changes)
    other = town.scenario(BUSY | changes | coming)
    parting = shared_until(service.scenario, other)
    assert parting is not None
    service.begin()
    service.run_until(service.calendar.index(parting))
    assert service.clock.today > 60
    service.go_on_as(other)
    found, alone = service.go_on(), town.recording(BUSY | changes | coming)
    assert len(alone.spells["case"]) > 500
    for one in fields(Recording):
        mine, expected = getattr(found, one.name), getattr(alone, one.name)
        if one.name == "uncovered":  # whole days of children: their order is nothing to sums
            mine, expected = (sorted(zip(*table.values(), strict=True)) for table in (mine, expected))
            assert mine == expected
        elif isinstance(expected, dict):
            # Row by row and in the same order: sums over them are the same to the last bit.
            for column, values in expected.items():
                assert np.array_equal(mine[column], values), f"{one.name}, {column}"
        else:
            assert np.array_equal(mine, expected), one.name
