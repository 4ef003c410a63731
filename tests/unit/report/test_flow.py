"""The data of the animated flow."""

from __future__ import annotations

import json
from base64 import b64decode
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.experiment.results.manifest import Manifest, ScenarioRecord
from sim.measures.waiting.causes import GROUPS
from sim.report.page import environment
from sim.report.results_view import ResultsView
from sim.report.waiting.flow import flow
from sim.scenario.stage_names import STAGE_NAMES

pytestmark = pytest.mark.unit


def results(weeks: int = 3) -> Any:
    rows = [
        ("base", week, "in stage", stage, group, week + place)
        for week in range(weeks)
        for place, stage in enumerate(STAGE_NAMES)
        for group in GROUPS
    ]
    rows += [("base", 1, "move", "outside", "front_door", 7), ("base", 1, "move", "court", "outside", 2)]
    return SimpleNamespace(
        manifest=Manifest(
            product="frontdoor",
            replications=1,
            scenarios=(
                ScenarioRecord(
                    name="base", title="A & B", resolved={"period": {"start": "2016-04-01", "end": "2018-03-31"}}
                ),
            ),
        ),
        flow=pd.DataFrame(rows, columns=["scenario", "week", "kind", "stage", "what", "children"]),
        summary=pd.DataFrame({"scenario": ["base"], "period": ["whole"]}),
    )


def test_counts_and_moves_come_out_as_they_went_in() -> None:
    moving = flow(ResultsView(results()))
    assert moving is not None
    scenario = moving.data["scenarios"][0]
    standing = np.frombuffer(b64decode(scenario["standing"]), "<u2").reshape(3, len(STAGE_NAMES), len(GROUPS))
    assert (standing[2, 5] == 2 + 5).all()
    assert scenario["moves"] == [[], [len(STAGE_NAMES), 0, 7, len(STAGE_NAMES) - 1, len(STAGE_NAMES), 2], []]
    assert moving.data["weeks"] == ["1 April 2016", "8 April 2016", "15 April 2016"]


def test_a_year_of_a_large_council_takes_less_than_two_hundred_kilobytes() -> None:
    moving = flow(ResultsView(results(weeks=52)))
    assert moving is not None
    assert len(json.dumps(moving.data)) < 50_000


def test_each_cause_has_a_look_of_its_own() -> None:
    moving = flow(ResultsView(results()))
    assert moving is not None
    looks = {(group["colour"], group["hollow"]) for group in moving.data["groups"]}
    assert len(looks) == len(GROUPS)


def test_results_without_flow_have_no_animation() -> None:
    plain = results()
    plain.flow = None
    assert flow(ResultsView(plain)) is None


def test_the_section_has_controls_that_say_what_they_are_and_starts_at_rest() -> None:
    moving = flow(ResultsView(results()))
    page = environment().get_template("flow.html.j2").render(flow=moving, flow_data="{}", data=None)
    assert '<label for="flow-week">Week</label>' in page
    assert 'aria-pressed="false">Play</button>' in page
    assert "prefers-reduced-motion: reduce" in page
    assert "A &amp; B" in page
