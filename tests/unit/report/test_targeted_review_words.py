"""What a scenario may say of a targeted review, what is refused, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario.errors.problems import ScenarioError

pytestmark = pytest.mark.unit

REVIEW: dict[str, Any] = {"lever": "targeted_review", "at": "2016-05-03", "stages": ["child_in_need"]}
NOTHING = {"no_change": "100%", "close": 0, "step_down": 0, "step_up": 0}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "levers.0: nobody reviews; give hours_a_week with by, or reviews_a_week"),
        ({"hours_a_week": 5}, "levers.0.hours_a_week: no team is named whose hours these are; add by: and the name"),
        ({"hours_a_week": 5, "by": "local team"}, "levers.0.by: there is no team 'local team'; did you mean"),
        ({"reviews_a_week": 5, "team": "local team"}, "levers.0.team: there is no team 'local team'; did you mean"),
        ({"reviews_a_week": 5, "locality": "north"}, "levers.0.locality: there is no locality 'north'; use one of"),
        ({"reviews_a_week": 5, "stages": ["assessment"]}, "levers.0.stages.0: 'assessment' is not known here"),
        ({"reviews_a_week": 5, "need": ["mild"]}, "levers.0.need.0: 'mild' is not known here"),
        ({"reviews_a_week": 5, "outcomes": {"close": "50%"}}, "levers.0.outcomes: the shares sum to 140%"),
    ],
)
def test_what_is_refused(town: Any, given: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        town.scenario({"levers": [REVIEW | given]})
    assert len(caught.value.problems) == 1
    assert said in str(caught.value)


def test_a_step_up_that_nobody_serves_is_refused(town: Any) -> None:
    changes = {
        "stages.child_protection.pre_proceedings_share": "0%",
        "teams.locality team.stages": ["assessment", "section_47", "child_in_need", "child_protection"],
        "opening": {},
    }
    review = REVIEW | {"stages": ["child_in_need", "child_protection"], "reviews_a_week": 1}
    with pytest.raises(ScenarioError) as caught:
        town.scenario(changes | {"levers": [review]})
    assert "levers.0.outcomes: no team serves pre_proceedings, to step up to; add pre_proceedings" in str(caught.value)
    assert town.scenario(changes | {"levers": [review | {"outcomes": NOTHING}]})


def test_reviews_cost_what_they_say(town: Any) -> None:
    review = REVIEW | {"reviews_a_week": 2, "cost_a_review": 150, "outcomes": NOTHING}
    recording = town.recording({"levers": [review], "period.end": "2017-03-31"})
    done = (recording.targeted["day"] >= 0).sum()
    assert done > 20
    lever = recording.money["pounds"][recording.money["kind"] == 2]
    assert lever.sum() == pytest.approx(150 * done)
