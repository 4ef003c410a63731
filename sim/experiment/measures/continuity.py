"""Continuity: children nobody has been to see, and children whose worker keeps changing."""

from __future__ import annotations

import numpy as np

from sim.experiment.measures.subject import Subject, standing_by_holder
from sim.experiment.measures.tally import AnyArray, Floats, Tally, percent, ratio, until
from sim.model.recording import STAGES

__all__ = ["continuity"]

NOT_SEEN_DAYS = 20
MANY_WORKERS = 3
MONTHS_LOOKED_BACK = 12


def continuity(subject: Subject) -> dict[str, Floats]:
    """Measures of continuity: each an array of (periods, columns)."""
    tally, holdings = subject.tally, subject.recording.holdings
    many, workers, children = _workers_of_open_children(subject)
    order = np.lexsort((holdings["start"], holdings["case"]))
    case, worker = holdings["case"][order], holdings["worker"][order]
    changed = np.flatnonzero((case[1:] == case[:-1]) & (worker[1:] != worker[:-1])) + 1
    rows = order[changed]
    return {
        "cases_with_no_visit_20wd": tally.at_period_end(_not_seen(subject)),
        "children_3plus_workers_pct": percent(many, children),
        "workers_per_child_mean": ratio(workers, children),
        "handovers": tally.counts(
            holdings["start"][rows],
            holdings["children"][rows],
            subject.of_case("locality", holdings["case"][rows]),
            holdings["team"][rows],
        ),
    }


def _not_seen(subject: Subject) -> Floats:
    """Children on a plan whom nobody has visited for more than 20 working days: (snapshots, columns).

    The start of a plan counts as seen, and so does the start of the run where no visit of the plan is on record. A
    stage in which nobody is ever visited has no visits to miss.
    """
    tally = subject.tally
    found = np.zeros((len(tally.snapshots), len(tally.layout.columns)))
    visits = subject.recording.visits
    for stage in ("child_in_need", "child_protection"):
        plans = subject.spells(stage)
        rows = np.flatnonzero(visits["stage"] == STAGES.index(stage))
        if not len(rows) or not len(plans.case):
            continue
        earliest = int(min(plans.entered.min(), 0))
        span = np.int64(tally.horizon + 1 - earliest)
        order = np.argsort(plans.case.astype(np.int64) * span + plans.entered - earliest, kind="stable")
        keys = (plans.case.astype(np.int64) * span + plans.entered - earliest)[order]
        wanted = visits["case"][rows].astype(np.int64) * span + visits["day"][rows] - earliest
        place = np.searchsorted(keys, wanted, side="right") - 1
        known = (place >= 0) & (plans.case[order][np.maximum(place, 0)] == visits["case"][rows])
        rows, plan = rows[known], order[place[known]]
        day = visits["day"][rows].astype(np.int64)
        seen = np.maximum(visits["previous"][rows], plans.entered[plan])
        last = np.maximum(plans.entered, 0).astype(np.int64)
        np.maximum.at(last, plan, day)
        begin = np.concatenate([seen, last]) + NOT_SEEN_DAYS + 1
        finish = np.concatenate([day, plans.until])
        plan = np.concatenate([plan, np.arange(len(last))])
        held = subject.held(plans.case[plan], begin, finish)
        found += standing_by_holder(tally, begin, finish, plans.children[plan], plans.locality[plan], held)
    return found


def _workers_of_open_children(subject: Subject) -> tuple[Floats, Floats, Floats]:
    """At the end of each period, of the children open beyond the front door: those with three workers or more in 12
    months, all their workers, and the children themselves: a (periods, columns) each.

    A case in two stages at once counts once, in the one that it entered first.
    """
    tally, spells, holdings = subject.tally, subject.recording.spells, subject.recording.holdings
    beyond = np.flatnonzero(spells["stage"] != STAGES.index("front_door"))
    beyond = beyond[np.lexsort((spells["entered"][beyond], spells["case"][beyond]))]
    entered, ended = spells["entered"][beyond], until(spells["ended"])[beyond]
    held = holdings["worker"] >= 0
    case, worker = holdings["case"][held].astype(np.int64), holdings["worker"][held].astype(np.int64)
    start, end = holdings["start"][held], until(holdings["end"])[held]
    wide = np.int64(worker.max(initial=0) + 1)
    order = np.argsort(case * wide + worker, kind="stable")
    pair, start, end = (case * wide + worker)[order], start[order], end[order]
    days, period = np.unique(tally.last_days, return_inverse=True)
    since = tally.on_or_after(tally.months_later(days, -MONTHS_LOOKED_BACK))
    made = np.zeros((3, len(days), len(tally.layout.columns)))
    for number, (today, first) in enumerate(zip(days, since, strict=True)):
        pairs = pair[(start <= today) & (end > first)]
        pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
        cases, many = np.unique(pairs // wide, return_counts=True)
        rows = beyond[(entered <= today) & (ended > today)]
        number_of, place = np.unique(spells["case"][rows], return_index=True)
        rows = rows[place]
        at = np.searchsorted(cases, number_of)
        known = np.append(cases, -1)[at] == number_of
        workers = np.where(known, np.append(many, 0)[at], 0)
        children, team = spells["children"][rows].astype(np.float64), subject.team_on(number_of, int(today))
        for which, weight in enumerate((children * (workers >= MANY_WORKERS), children * workers, children)):
            made[which, number] = _columns(tally, weight, spells["locality"][rows], team)
    return made[0][period], made[1][period], made[2][period]


def _columns(tally: Tally, weight: Floats, locality: AnyArray, team: AnyArray) -> Floats:
    """Sum of weights by column."""
    places, teams = len(tally.layout.localities), len(tally.layout.teams)
    return np.concatenate(
        [
            [weight.sum()],
            np.bincount(locality + 1, weight, places + 1)[1:],
            np.bincount(team + 1, weight, teams + 1)[1:],
        ]
    )
