"""Continuity: children nobody has been to see, and children whose worker keeps changing."""

from __future__ import annotations

import numpy as np

from sim.measures.dates import until
from sim.measures.flow import Flow
from sim.measures.order import order, runs
from sim.measures.period_counts import AnyArray, Floats, PeriodCounts, percent, ratio
from sim.measures.recording_view import RecordingView, standing_by_holder

__all__ = ["continuity"]

NOT_SEEN_DAYS = 20
MANY_WORKERS = 3
MONTHS_LOOKED_BACK = 12


def continuity(subject: RecordingView) -> dict[str, Floats]:
    """Measures of continuity: each an array of (periods, columns)."""
    tally, holdings = subject.tally, subject.recording.holdings
    many, workers, children = _workers_of_open_children(subject)
    place = subject.case("holdings")
    rows = order(holdings["start"], place)
    case, worker = place[rows], holdings["worker"][rows]
    rows = rows[np.flatnonzero((case[1:] == case[:-1]) & (worker[1:] != worker[:-1])) + 1]
    taken = Flow(tally, holdings["start"][rows], subject.of_case("locality", place[rows]), holdings["team"][rows])
    return {
        "cases_with_no_visit_20wd": tally.at_period_end(_not_seen(subject)),
        "children_3plus_workers_pct": percent(many, children),
        "workers_per_child_mean": ratio(workers, children),
        "handovers": taken.counts(holdings["children"][rows]),
    }


def _not_seen(subject: RecordingView) -> Floats:
    """Children on a plan whom nobody has visited for more than 20 working days: (snapshots, columns).

    The start of a plan counts as seen, and so does the start of the run where no visit of the plan is on record. A
    stage in which nobody is ever visited has no visits to miss.
    """
    tally = subject.tally
    found = np.zeros((len(tally.snapshots), len(tally.layout.columns)))
    for stage in ("child_in_need", "child_protection"):
        plans, rows = subject.spells(stage), subject.rows("visits", stage)
        if not len(rows) or not len(plans.case):
            continue
        plan, day, previous = _visits_of_plans(subject, stage)
        last = np.maximum(plans.entered, 0).astype(np.int64)
        np.maximum.at(last, plan, day)
        seen = np.maximum(previous, plans.entered[plan])
        begin = np.concatenate([seen, last]) + NOT_SEEN_DAYS + 1
        finish = np.concatenate([day, plans.until])
        # Most are seen in time, or at least before anybody looks.
        late = np.flatnonzero(tally.snapshot_from(begin) < tally.snapshot_from(finish))
        begin, finish, plan = begin[late], finish[late], np.concatenate([plan, np.arange(len(last))])[late]
        held = subject.held(plans.case[plan], begin, finish)
        first, beyond = tally.snapshot_from(begin), tally.snapshot_from(finish)
        found += standing_by_holder(tally, first, beyond, plans.children[plan], plans.locality[plan], held)
    return found


def _visits_of_plans(subject: RecordingView, stage: str) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Plan, day and day of the visit before of each visit that belongs to a plan: the last that the case had entered
    by then.
    """
    plans, rows, visits = subject.spells(stage), subject.rows("visits", stage), subject.recording.visits
    earliest = int(min(plans.entered.min(), 0))
    span = np.int64(subject.tally.horizon + 1 - earliest)
    by_case = order(plans.entered, plans.case)
    keys = (plans.case * span + plans.entered - earliest)[by_case]
    case = subject.case("visits")[rows]
    # Looked for in order: much quicker than from one end of the keys to the other and back.
    sort = order(case)
    rows, case = rows[sort], case[sort]
    place = np.searchsorted(keys, case * span + visits["day"][rows] - earliest, side="right") - 1
    plan = by_case[np.maximum(place, 0)]
    known = np.flatnonzero((place >= 0) & (plans.case[plan] == case))
    rows = rows[known]
    return plan[known], visits["day"][rows].astype(np.int64), visits["previous"][rows]


def _workers_of_open_children(subject: RecordingView) -> tuple[Floats, Floats, Floats]:
    """At the end of each period, of the children open beyond the front door: those with three workers or more in 12
    months, all their workers, and the children themselves: a (periods, columns) each.

    A case in two stages at once counts once, in the one that it entered first.
    """
    tally, spells, holdings, beyond = subject.tally, subject.recording.spells, subject.holdings, subject.beyond
    open_case = subject.case("spells")[beyond]
    entered, ended = spells["entered"][beyond], until(spells["ended"])[beyond]
    worker = subject.recording.holdings["worker"][holdings.row]
    by_pair = order(worker, holdings.case)
    by_pair = by_pair[worker[by_pair] >= 0]
    case, worker, start, end = holdings.case[by_pair], worker[by_pair], holdings.start[by_pair], holdings.stop[by_pair]
    # Number of the pair of case and worker of each holding, and the case of each pair.
    pair = np.cumsum(np.concatenate([[1], (case[1:] != case[:-1]) | (worker[1:] != worker[:-1])])[: len(case)]) - 1
    case_of = case[runs(pair)]
    days, period = np.unique(tally.last_days, return_inverse=True)
    since = tally.dates.on_or_after(tally.dates.months_later(days, -MONTHS_LOOKED_BACK))
    made = np.zeros((3, len(days), len(tally.layout.columns)))
    for number, (today, first) in enumerate(zip(days, since, strict=True)):
        has_held = np.zeros(len(case_of), dtype=np.bool_)
        has_held[pair[(start <= today) & (end > first)]] = True
        many = np.bincount(case_of[has_held], minlength=subject.cases)
        is_open = np.flatnonzero((entered <= today) & (ended > today))
        is_open = is_open[runs(open_case[is_open])]
        rows, of_row = beyond[is_open], open_case[is_open]
        now = np.flatnonzero((holdings.start <= today) & (holdings.stop > today))
        team_of = np.full(subject.cases, -1, dtype=np.int64)
        team_of[holdings.case[now]] = holdings.team[now]
        workers, children = many[of_row], spells["children"][rows].astype(np.float64)
        for which, weight in enumerate((children * (workers >= MANY_WORKERS), children * workers, children)):
            made[which, number] = _columns(tally, weight, spells["locality"][rows], team_of[of_row])
    return made[0][period], made[1][period], made[2][period]


def _columns(tally: PeriodCounts, weight: Floats, locality: AnyArray, team: AnyArray) -> Floats:
    """Sum of weights by column."""
    places, teams = len(tally.layout.localities), len(tally.layout.teams)
    return np.concatenate(
        [
            [weight.sum()],
            np.bincount(locality + 1, weight, places + 1)[1:],
            np.bincount(team + 1, weight, teams + 1)[1:],
        ]
    )
