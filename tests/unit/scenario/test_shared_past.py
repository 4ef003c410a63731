"""Which scenarios share a past, and until when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sim.scenario.pooling import pooled
from sim.scenario.shared_past import shared_until

pytestmark = pytest.mark.unit

COMES = date(2016, 12, 1)
CALLS = {"teams.visitors": {"stages": ["assessment"], "workers": [{"count": 2}], "managers": 1, "start": str(COMES)}}


def visitors(**more: Any) -> dict[str, Any]:
    return {"teams.visitors": CALLS["teams.visitors"] | more}


def parting(town: Any, more: dict[str, Any], other: dict[str, Any]) -> date | None:
    return shared_until(town.scenario(more), town.scenario(more | other))


def test_scenarios_part_on_the_day_a_team_comes(town: Any) -> None:
    assert parting(town, {}, CALLS) == COMES


def test_words_part_nothing(town: Any) -> None:
    assert parting(town, {}, CALLS | {"title": "Another", "question": "What then?"}) == COMES


def test_of_several_teams_the_first_counts(town: Any) -> None:
    later = {"teams.others": CALLS["teams.visitors"] | {"start": "2017-01-02"}}
    assert parting(town, {}, later | CALLS) == COMES
    assert parting(town, CALLS, later) == date(2017, 1, 2)


def test_a_team_that_would_wind_down_before_it_comes_parts_them_then(town: Any) -> None:
    short = visitors(end="2016-12-16", wind_down="8 weeks")
    found = parting(town, {}, short)
    assert found is not None
    assert found <= date(2016, 10, 21)


@pytest.mark.parametrize(
    "other",
    [
        {},
        CALLS | {"demand.referrals_a_year": 900},
        CALLS | {"levers": [{"lever": "referral_surge", "at": "2016-12-01", "size": "+10%"}]},
        visitors(start=None),
        visitors(takes="new"),
        visitors(takes="backlog"),
        visitors(stages=["front_door", "assessment"]),
        visitors(workers=[{"count": 2, "cap": 10, "leaks": {"share": "20%"}}]),
    ],
    ids=["nothing", "demand", "a lever", "from the first day", "new", "backlog", "front door", "leaks"],
)
def test_others_run_apart(town: Any, other: dict[str, Any]) -> None:
    assert parting(town, {}, other) is None


def test_a_team_that_would_stand_before_others_parts_from_the_first_day(town: Any) -> None:
    # Teams are numbered in the order of the file, and ties go by number.
    before, after = town.scenario(CALLS), town.scenario()
    teams = {"visitors": before.teams["visitors"], **after.teams}
    assert shared_until(after, before.model_copy(update={"teams": teams})) is None


def test_levers_that_add_workers_run_apart(town: Any) -> None:
    added = {"levers": [{"lever": "staffing", "at": "2016-10-03", "team": "locality team", "add": {"count": 1}}]}
    assert parting(town, added, CALLS) is None


def test_a_team_that_brings_two_queues_together_runs_apart(town: Any) -> None:
    two = {
        "teams": {
            "front door": {"stages": ["front_door"], "workers": [{"count": 1}], "managers": 0.5},
            "assessing": {"stages": ["assessment", "section_47"], "workers": [{"count": 6}], "managers": 1},
            "planning": {
                "stages": ["child_in_need", "child_protection", "pre_proceedings", "court"],
                "workers": [{"count": 6}],
                "managers": 1,
            },
        }
    }
    assert parting(town, two, CALLS) == COMES
    assert parting(town, two, visitors(stages=["assessment", "child_in_need"])) is None


def test_with_pooling_a_team_of_one_place_runs_apart(town: Any) -> None:
    places = {"localities": {"north": "60%", "south": "40%"}}
    south = visitors(locality="south")
    assert parting(town, places, south) == COMES
    assert parting(town, places | {"allocation.pooling": {"after": "1 week"}}, south) is None


@pytest.mark.parametrize(
    ("across", "expected"), [(False, [[0], [1, 3], [2]]), (True, [[0, 2], [1, 3]])], ids=["apart", "across"]
)
def test_teams_that_share_a_stage_where_they_work_draw_on_one_queue(across: bool, expected: list[list[int]]) -> None:
    teams = [({1, 2}, "north"), ({3}, None), ({2}, "south"), ({3, 4}, "south")]
    assert pooled([(frozenset(stages), where) for stages, where in teams], across) == expected


def test_a_team_joins_two_queues() -> None:
    teams = [(frozenset({1}), None), (frozenset({2}), None), (frozenset({1, 2}), None)]
    assert pooled(teams[:2], False) == [[0], [1]]
    assert pooled(teams, False) == [[0, 1, 2]]
