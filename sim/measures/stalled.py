"""Stalled plans, reviews that find no progress, and changes of worker during a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.measures.continuity import visits_of_plans
from sim.measures.flow import Flow
from sim.measures.measure import LOCAL, Measure
from sim.measures.order import order
from sim.measures.period_counts import AnyArray, Floats, Ints, percent, ratio
from sim.measures.recording_view import RecordingView, StageSpells, standing, standing_by_holder
from sim.measures.waiting.causes import code
from sim.measures.waiting.intervals import Intervals

if TYPE_CHECKING:
    from sim.measures.waiting.days import CauseDays

__all__ = ["DEFINITIONS", "stalled"]

STALLED_DAYS: Final = 20
"""Working days without a visit and without work after which a plan has stalled."""
PLANS: Final = (("cin", "child_in_need", "child in need plans"), ("cpp", "child_protection", "child protection plans"))
PROGRESS: Final = tuple(code(name) for name in ("work", "returned"))
WITHOUT: Final = "no visit and no work for more than 20 working days"

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="plans_stalled",
        label="Stalled plans",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator=f"Children on a child in need or child protection plan with {WITHOUT}",
        clock="Last visit or day of work, or plan start, to the last working day of the period, working days",
        source=LOCAL,
        meaning="How many children are on a plan on which nothing has happened for a month.",
        simulated_in="states",
    ),
    Measure(
        id="plans_stalled_pct",
        label="Stalled plans, share",
        unit="%",
        better="lower",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator=f"Of these, children with {WITHOUT}",
        denominator="Children on a child in need or child protection plan",
        clock="Last visit or day of work, or plan start, to the last working day of the period, working days",
        source=LOCAL,
        meaning="Which share of plans stands still. New plans lower it: read the count beside it.",
        flattered_by=("cin_plans_started", "cpp_started"),
        count="plans_stalled",
        simulated_in="states",
    ),
    Measure(
        id="reviews_without_progress",
        label="Reviews that found no progress",
        unit="children",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator=f"Children whose plan was reviewed after {WITHOUT}",
        clock="Day of the review",
        source=LOCAL,
        meaning="How many reviews found a plan that stood still, so that it waits for the next review.",
        simulated_in="states",
    ),
    *(
        Measure(
            id=f"{short}_worker_changes_mean",
            label=f"Changes of worker during a plan that ended, {words}",
            unit="changes a plan",
            better="lower",
            kind="flow",
            breakdowns=("locality", "team"),
            numerator="Takeovers by another worker between the start and the end of the plan, children weighted",
            denominator=f"Children whose plan ended in the period: {words}",
            clock="Day on which the plan ended",
            source=LOCAL,
            meaning=f"How often the social worker changed in the course of {words}.",
            flattered_by=("unallocated",),
        )
        for short, _, words in PLANS
    ),
)


def stalled(view: RecordingView, causes: CauseDays | None) -> dict[str, Floats]:
    """Stalled plans and changes of worker: each an array of (periods, columns); without causes most are missing."""
    figures = _worker_changes(view)
    shape = next(iter(figures.values())).shape
    names = ("plans_stalled", "plans_stalled_pct", "reviews_without_progress")
    if causes is None:
        return figures | {name: np.full(shape, np.nan) for name in names}
    periods = view.periods
    open_now = np.zeros((len(periods.snapshots), shape[1]))
    stand_still, without = np.zeros_like(open_now), np.zeros(shape)
    for _, stage, _ in PLANS:
        plans = view.spells(stage)
        if not len(plans.case):
            continue
        plan, begin, finish = _still(view, stage, plans, causes)
        held = view.held(plans.case[plan], begin, finish)
        first, last = periods.snapshot_from(begin), periods.snapshot_from(finish)
        stand_still += standing_by_holder(periods, first, last, plans.children[plan], plans.locality[plan], held)
        open_now += standing(periods, plans, plans.entered, plans.until)
        without += _reviews(view, stage, plans, plan, begin, finish)
    share = percent(periods.at_period_end(stand_still), periods.at_period_end(open_now))
    return figures | dict(zip(names, (periods.at_period_end(stand_still), share, without), strict=True))


def _still(view: RecordingView, stage: str, plans: StageSpells, causes: CauseDays) -> tuple[Ints, Ints, Ints]:
    """Times at which plans have stalled: the plan, the first day, and the day on which something happens again."""
    rows = view.rows("spells", stage)
    place = np.full(len(view.recording.spells["case"]), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    works = np.flatnonzero(np.isin(causes.cause, PROGRESS) & (place[causes.spell] >= 0))
    visited, day, _ = visits_of_plans(view, stage)
    begins = np.maximum(plans.entered, 0).astype(np.int64)
    plan = np.concatenate([np.arange(len(begins)), place[causes.spell[works]], visited])
    start = np.concatenate([begins, causes.start[works], day])
    stop = np.concatenate([begins + 1, causes.stop[works], day + 1])
    sort = order(start, plan)
    plan, start = plan[sort], start[sort]
    span = np.int64(view.periods.horizon + 2)
    # The last day on which anything had happened by then, of this plan: a running maximum, plan by plan.
    seen = np.maximum.accumulate(plan * span + stop[sort]) - plan * span
    last = np.concatenate([plan[1:] != plan[:-1], [True]])
    following = np.where(last, plans.until[plan], np.roll(start, -1))
    begin = seen - 1 + STALLED_DAYS + 1
    late = np.flatnonzero(begin < following)
    return plan[late], begin[late], following[late]


def _reviews(view: RecordingView, stage: str, plans: StageSpells, plan: Ints, begin: Ints, finish: Ints) -> Floats:
    """Children whose review, held on a day, found their plan stalled."""
    rows, reviews, horizon = view.rows("reviews", stage), view.recording.reviews, view.periods.horizon
    case, day = view.case("reviews")[rows], reviews["day"][rows].astype(np.int64)
    # The day of a review counts with the time before it.
    still, _ = Intervals.sorted(plans.case[plan], begin, np.minimum(finish, horizon) + 1, horizon + 2)
    stalled_rows = rows[still.at(case, day) >= 0]
    flow = Flow(
        view.periods,
        reviews["day"][stalled_rows],
        view.of_case("locality", view.case("reviews")[stalled_rows]),
        reviews["team"][stalled_rows],
    )
    return flow.counts(reviews["children"][stalled_rows])


def _worker_changes(view: RecordingView) -> dict[str, Floats]:
    holdings, place = view.recording.holdings, view.case("holdings")
    rows = order(holdings["start"], place)
    case, worker, start = place[rows], holdings["worker"][rows], holdings["start"][rows].astype(np.int64)
    changed = np.flatnonzero((case[1:] == case[:-1]) & (worker[1:] != worker[:-1])) + 1
    figures = {}
    for short, stage, _ in PLANS:
        plans = view.spells(stage)
        changes = np.zeros(len(plans.case))
        if len(plans.case):
            horizon = view.periods.horizon
            begins, until = np.maximum(plans.entered, 0), np.minimum(plans.until, horizon)
            spans, of_row = Intervals.sorted(plans.case, begins, until, horizon + 1)
            at = spans.at(case[changed], start[changed])
            later = at >= 0
            later[later] = start[changed][later] > spans.start[at[later]]
            changes = np.bincount(of_row[at[later]].astype(np.intp, copy=False), minlength=len(plans.case)).astype(
                np.float64
            )
        ends = Flow(view.periods, plans.ended, *plans.split)
        weight: AnyArray = plans.children * changes
        figures[f"{short}_worker_changes_mean"] = ratio(ends.counts(weight), ends.counts(plans.children))
    return figures
