"""What must hold of a targeted review: each listed case is reviewed once or closes first, and hours are conserved."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.model.recording.names import CHILD_IN_NEED, CHILD_PROTECTION, REVIEWED

pytestmark = pytest.mark.property

TEAM = "locality team"
REVIEW = {"lever": "targeted_review", "at": "2016-06-01", "stages": ["child_in_need"]}
NOTHING = {"no_change": "100%", "close": 0, "step_down": 0, "step_up": 0}
WAYS = [
    {"by": TEAM, "hours_a_week": 9},
    {"reviews_a_week": 1.7},
    {"by": TEAM, "hours_a_week": 7, "reviews_a_week": 0.6, "hours_per_case": 5},
    {"by": TEAM, "hours_a_week": 500, "stages": ["child_in_need", "child_protection"]},
    {"by": TEAM, "hours_a_week": 4, "until": "2016-08-01"},
]


def reviewed(town: Any, review: dict[str, Any], **changes: Any) -> Any:
    service = town.service({"levers": [REVIEW | review], **changes})
    return service, service.run()


@pytest.mark.parametrize("way", WAYS)
def test_each_listed_case_is_reviewed_once_or_closes_first_or_is_left(town: Any, way: dict[str, Any]) -> None:
    service, recording = reviewed(town, way)
    (review,) = service.targeted_reviews.reviews
    targeted = recording.targeted
    assert len(targeted["case"]) > 10
    assert len(set(targeted["case"].tolist())) == len(targeted["case"])
    done = targeted["day"] >= 0
    left, closed = {case.key for case in review.left}, {case.key for case in review.closed_first}
    assert set(targeted["case"][~done].tolist()) == left | closed
    assert not left & closed
    assert not (closed & {case.key for case in service.open_cases()})
    assert "until" in way or not left
    first = service.calendar.index(service.scenario.levers[0].at)
    assert targeted["day"][done].min() > first
    assert set(targeted["outcome"].tolist()) <= set(range(len(REVIEWED)))


@pytest.mark.parametrize("way", WAYS)
def test_hours_taken_are_hours_used_and_all_are_given_back(town: Any, way: dict[str, Any]) -> None:
    service, recording = reviewed(town, way | {"outcomes": NOTHING})
    (review,) = service.targeted_reviews.reviews
    sizes = zip(recording.cases["case"].tolist(), recording.cases["children"].tolist(), strict=True)
    factors = {case: 1 + (children - 1) / 2 for case, children in sizes}
    done = recording.targeted["case"][recording.targeted["day"] >= 0].tolist()
    asked = sum(factors[case] for case in done) * service.scenario.levers[0].hours_per_case
    # A case that closes first, or that reviewers of their own take, leaves at most what was saved up for it.
    spare = 5 * 2.5 if "until" in way or "reviews_a_week" in way else 5.0
    assert review.hours_used <= asked + 1e-6
    assert review.hours_used <= review.hours_taken + 1e-6 <= review.hours_used + spare + 1e-6
    if "reviews_a_week" not in way:
        assert review.hours_used == pytest.approx(asked)
    without = town.recording()
    taken = without.work["available"].sum() - recording.work["available"].sum()
    assert taken == pytest.approx(review.hours_taken, abs=1e-6)
    assert (recording.work["worked"] <= 1.15 * recording.work["available"] + 1e-6).all()
    workers = [worker for worker in service.workforce.workers if worker.in_post]
    assert [worker.hours_at_work for worker in workers] == [
        worker.hours_besides("targeted review 0") for worker in workers
    ]


def test_the_longest_open_come_first_and_more_hours_finish_sooner(town: Any) -> None:
    ends = []
    for hours in (5, 10, 40):
        _, recording = reviewed(town, {"by": TEAM, "hours_a_week": hours, "outcomes": NOTHING})
        targeted, spells = recording.targeted, recording.spells
        done = targeted["day"] >= 0
        plans = spells["stage"] == CHILD_IN_NEED
        entered = dict(zip(spells["case"][plans].tolist(), spells["entered"][plans].tolist(), strict=True))
        order = np.lexsort((targeted["case"][done], targeted["day"][done]))
        began = [entered[case] for case in targeted["case"][done][order].tolist()]
        days = targeted["day"][done][order].tolist()
        listed = list(zip(began, days, strict=True))
        assert all(one[0] <= other[0] for one, other in pairwise(listed) if one[1] < other[1])
        ends.append(max(days))
    assert ends[0] > ends[1] > ends[2]


def test_what_was_reviewed_before_is_not_on_the_list(town: Any) -> None:
    capacity = {"reviews_a_week": 1, "outcomes": NOTHING, "children": 60}
    _, whole = reviewed(town, capacity)
    _, rest = reviewed(town, capacity | {"already_done": 25})
    left_out = set(whole.targeted["case"].tolist()) - set(rest.targeted["case"].tolist())
    sizes = dict(zip(whole.targeted["case"].tolist(), whole.targeted["children"].tolist(), strict=True))
    assert 20 <= sum(sizes[case] for case in left_out) <= 25
    assert 55 <= sum(sizes.values()) <= 60
    assert set(rest.targeted["case"].tolist()) < set(sizes)


def test_outcomes_come_as_often_as_asked(town: Any) -> None:
    shares = {"close": 0.3, "step_down": 0.2, "step_up": 0.1, "no_change": 0.4}
    opening = {"children": 900, "ages": {"distribution": "exponential", "mean": "9 months"}}
    changes = {"opening.child_in_need": opening, "period.end": "2016-09-30"}
    _, recording = reviewed(town, {"reviews_a_week": 2000, "outcomes": shares}, **changes)
    outcome = recording.targeted["outcome"][recording.targeted["day"] >= 0]
    assert len(outcome) > 300
    for code, name in enumerate(REVIEWED):
        assert (outcome == code).mean() == pytest.approx(shares[name], abs=0.06), name


def test_a_child_protection_plan_ends_at_a_conference(town: Any) -> None:
    shares = {"close": "50%", "step_down": "50%", "step_up": 0, "no_change": 0}
    review = {"stages": ["child_protection"], "reviews_a_week": 50, "outcomes": shares}
    _, recording = reviewed(town, review)
    targeted, spells, reviews = recording.targeted, recording.spells, recording.reviews
    ended = {
        case: end
        for case, stage, end in zip(*(spells[c].tolist() for c in ("case", "stage", "ended")), strict=True)
        if stage == CHILD_PROTECTION and end >= 0
    }
    held = set(zip(reviews["case"].tolist(), reviews["day"].tolist(), strict=True))
    found = targeted["case"][(targeted["day"] >= 0) & (targeted["outcome"] != 0)].tolist()
    assert len(found) > 5
    at_conference = [case for case in found if case in ended and (case, ended[case]) in held]
    assert len(at_conference) > 0.7 * len(found)
