"""Continuity: children nobody has been to see, and children whose worker keeps changing."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures.dates import until
from sim.measures.flow import Flow
from sim.measures.measure import LOCAL, Measure
from sim.measures.order import order, runs
from sim.measures.period_counts import AnyArray, Floats, PeriodCounts, percent, ratio
from sim.measures.recording_view import RecordingView, standing_by_holder

__all__ = ["DEFINITIONS", "continuity", "visits_of_plans"]

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="cases_with_no_visit_20wd",
        label="Children on a plan not visited for more than 20 working days",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator=(
            "Children on a child in need or child protection plan whose last visit, or plan start, was more than "
            "20 working days ago"
        ),
        clock="Last visit, or plan start, to the last working day of the period, working days",
        source=LOCAL,
        meaning="How many children on a plan nobody has seen for a month.",
    ),
    Measure(
        id="children_3plus_workers_pct",
        label="Children with 3 or more social workers in 12 months",
        unit="%",
        better="lower",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator="Of these, children whom 3 or more different social workers held in the last 12 calendar months",
        denominator="Children open beyond the front door",
        clock="Last working day of the period",
        source=LOCAL,
        meaning="How many children keep having to start again.",
        flattered_by=("unallocated",),
    ),
    Measure(
        id="workers_per_child_mean",
        label="Social workers of a child in 12 months, mean",
        unit="social workers",
        better="lower",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator="Different social workers who held each child in the last 12 calendar months, added up",
        denominator="Children open beyond the front door, those who have had none included",
        clock="Last working day of the period",
        source=LOCAL,
        meaning="How many social workers a child has had in a year.",
        flattered_by=("unallocated",),
    ),
    Measure(
        id="handovers",
        label="Changes of social worker",
        unit="children",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children taken over by another social worker than the one who held them last, each time",
        clock="Day of the takeover",
        source=LOCAL,
        meaning="How often a child's social worker changed.",
        flattered_by=("unallocated",),
    ),
)

NOT_SEEN_DAYS = 20
MANY_WORKERS = 3
MONTHS_LOOKED_BACK = 12


def continuity(view: RecordingView) -> dict[str, Floats]:
    """Measures of continuity: each an array of (periods, columns)."""
    periods, holdings = view.periods, view.recording.holdings
    many, workers, children = _workers_of_open_children(view)
    place = view.case("holdings")
    rows = order(holdings["start"], place)
    case, worker = place[rows], holdings["worker"][rows]
    rows = rows[np.flatnonzero((case[1:] == case[:-1]) & (worker[1:] != worker[:-1])) + 1]
    taken = Flow(periods, holdings["start"][rows], view.of_case("locality", place[rows]), holdings["team"][rows])
    return {
        "cases_with_no_visit_20wd": periods.at_period_end(_not_seen(view)),
        "children_3plus_workers_pct": percent(many, children),
        "workers_per_child_mean": ratio(workers, children),
        "handovers": taken.counts(holdings["children"][rows]),
    }


def _not_seen(view: RecordingView) -> Floats:
    """Children on a plan whom nobody has visited for more than 20 working days: (snapshots, columns).

    The start of a plan counts as seen, and so does the start of the run where no visit of the plan is on record. A
    stage in which nobody is ever visited has no visits to miss.
    """
    periods = view.periods
    children = np.zeros((len(periods.snapshots), len(periods.layout.columns)))
    for stage in ("child_in_need", "child_protection"):
        plans, rows = view.spells(stage), view.rows("visits", stage)
        if not len(rows) or not len(plans.case):
            continue
        plan, day, previous = visits_of_plans(view, stage)
        last = np.maximum(plans.entered, 0).astype(np.int64)
        np.maximum.at(last, plan, day)
        seen = np.maximum(previous, plans.entered[plan])
        begin = np.concatenate([seen, last]) + NOT_SEEN_DAYS + 1
        finish = np.concatenate([day, plans.until])
        # Most are seen in time, or at least before anybody looks.
        late = np.flatnonzero(periods.snapshot_from(begin) < periods.snapshot_from(finish))
        begin, finish, plan = begin[late], finish[late], np.concatenate([plan, np.arange(len(last))])[late]
        held = view.held(plans.case[plan], begin, finish)
        first, beyond = periods.snapshot_from(begin), periods.snapshot_from(finish)
        children += standing_by_holder(periods, first, beyond, plans.children[plan], plans.locality[plan], held)
    return children


def visits_of_plans(view: RecordingView, stage: str) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Plan, day and day of the visit before of each visit that belongs to a plan: the last that the case had entered
    by then.
    """
    plans, rows, visits = view.spells(stage), view.rows("visits", stage), view.recording.visits
    earliest = int(min(plans.entered.min(), 0))
    span = np.int64(view.periods.horizon + 1 - earliest)
    by_case = order(plans.entered, plans.case)
    keys = (plans.case * span + plans.entered - earliest)[by_case]
    case = view.case("visits")[rows]
    # Looked for in order: much quicker than from one end of the keys to the other and back.
    sort = order(case)
    rows, case = rows[sort], case[sort]
    place = np.searchsorted(keys, case * span + visits["day"][rows] - earliest, side="right") - 1
    plan = by_case[np.maximum(place, 0)]
    known = np.flatnonzero((place >= 0) & (plans.case[plan] == case))
    rows = rows[known]
    return plan[known], visits["day"][rows].astype(np.int64), visits["previous"][rows]


def _workers_of_open_children(view: RecordingView) -> tuple[Floats, Floats, Floats]:
    """At the end of each period, of the children open beyond the front door: those with three workers or more in 12
    months, all their workers, and the children themselves: a (periods, columns) each.

    A case in two stages at once counts once, in the one that it entered first.
    """
    periods, spells, holdings, beyond = view.periods, view.recording.spells, view.holdings, view.beyond
    open_case = view.case("spells")[beyond]
    entered, ended = spells["entered"][beyond], until(spells["ended"])[beyond]
    worker = view.recording.holdings["worker"][holdings.row]
    by_pair = order(worker, holdings.case)
    by_pair = by_pair[worker[by_pair] >= 0]
    case, worker, start, end = holdings.case[by_pair], worker[by_pair], holdings.start[by_pair], holdings.stop[by_pair]
    # Number of the pair of case and worker of each holding, and the case of each pair.
    pair = np.cumsum(np.concatenate([[1], (case[1:] != case[:-1]) | (worker[1:] != worker[:-1])])[: len(case)]) - 1
    case_of = case[runs(pair)]
    days, period = np.unique(periods.last_days, return_inverse=True)
    since = periods.dates.on_or_after(periods.dates.months_later(days, -MONTHS_LOOKED_BACK))
    sums = np.zeros((3, len(days), len(periods.layout.columns)))
    for number, (today, first) in enumerate(zip(days, since, strict=True)):
        has_held = np.zeros(len(case_of), dtype=np.bool_)
        has_held[pair[(start <= today) & (end > first)]] = True
        many = np.bincount(case_of[has_held].astype(np.intp, copy=False), minlength=view.cases)
        is_open = np.flatnonzero((entered <= today) & (ended > today))
        is_open = is_open[runs(open_case[is_open])]
        rows, of_row = beyond[is_open], open_case[is_open]
        now = np.flatnonzero((holdings.start <= today) & (holdings.stop > today))
        team_of = np.full(view.cases, -1, dtype=np.int64)
        team_of[holdings.case[now]] = holdings.team[now]
        workers, children = many[of_row], spells["children"][rows].astype(np.float64)
        for which, weight in enumerate((children * (workers >= MANY_WORKERS), children * workers, children)):
            sums[which, number] = _columns(periods, weight, spells["locality"][rows], team_of[of_row])
    return sums[0][period], sums[1][period], sums[2][period]


def _columns(periods: PeriodCounts, weight: Floats, locality: AnyArray, team: AnyArray) -> Floats:
    """Sum of weights by column."""
    places, teams = len(periods.layout.localities), len(periods.layout.teams)
    return np.concatenate(
        [
            [weight.sum()],
            np.bincount((locality + 1).astype(np.intp, copy=False), weight, places + 1)[1:],
            np.bincount((team + 1).astype(np.intp, copy=False), weight, teams + 1)[1:],
        ]
    )
