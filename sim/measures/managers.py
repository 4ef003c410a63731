"""Managers: how long each kind of decision waits, and the children whom managers hold because nobody else does."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures.dates import until
from sim.measures.measure import LOCAL, MODEL, Measure
from sim.measures.period_counts import Floats, percent, ratio
from sim.measures.recording_view import RecordingView
from sim.model.recording.names import DECISIONS, MID_POINT_REVIEW, STATUTORY

__all__ = ["DEFINITIONS", "managers"]

IN_TIME: Final = 5
"""Working days within which a review on the way counts as on time (assumption)."""

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="held_by_managers_mean",
        label="Children held by managers on an average day",
        unit="children",
        better="lower",
        kind="flow",
        breakdowns=("team",),
        numerator=(
            "Working days of children open beyond the front door without a social worker, at the team whose "
            "managers hold them"
        ),
        denominator="Working days of the period",
        clock="Day without a worker to the day one takes over, working days",
        source=LOCAL,
        meaning="How many children managers hold themselves, over the period; a stock on one day may miss it.",
    ),
    Measure(
        id="statutory_unallocated_child_days",
        label="Days of statutory children without a social worker",
        unit="child-days",
        better="lower",
        kind="flow",
        breakdowns=("team",),
        numerator=(
            "Working days, times children, in an enquiry, on a child protection plan, in pre-proceedings or in "
            "court, on which no social worker held the child"
        ),
        clock="Day without a worker, working days",
        source=LOCAL,
        meaning="Those children always have a worker: more than none says that nobody was there to give them to.",
    ),
    Measure(
        id="allocation_blocked_days",
        label="Days on which allocation was blocked",
        unit="days",
        better="lower",
        kind="flow",
        numerator=(
            "Working days that ended with a child in an enquiry, on a child protection plan, in pre-proceedings "
            "or in court whom nobody could be given"
        ),
        clock="End of the day",
        source=MODEL,
        meaning="How often there was nobody at all to take a child who must have a worker.",
    ),
    *(
        Measure(
            id=f"decision_wait_{kind}_wd",
            label=f"Wait for {words}, mean",
            unit="working days",
            better="lower",
            kind="flow",
            breakdowns=("team",),
            numerator=f"Working days from asking to deciding, times children, of decisions of the period: {words}",
            denominator="Children of these decisions",
            clock="Asked to decided, working days",
            source=LOCAL,
            meaning=f"How long {words} waits; urgent decisions of other kinds do not hide it.",
        )
        for kind, words in (
            ("assessment", "the authorisation of an assessment"),
            ("step_up", "a decision to step up"),
            ("enquiry", "the sign-off of a section 47 enquiry"),
            ("closure", "agreement that a plan ends"),
            ("mid_point_review", "a review of pre-proceedings on the way"),
        )
    ),
    Measure(
        id="plo_reviews_on_time_pct",
        label="Reviews of pre-proceedings held on time",
        unit="%",
        better="higher",
        kind="flow",
        breakdowns=("team",),
        numerator="Children whose review on the way was held within 5 working days of the day on which it was due",
        denominator="Children whose review on the way was due 5 working days before a day of the period",
        clock="Due to held, working days",
        source=LOCAL,
        meaning="How often somebody looked at pre-proceedings half-way, before the time was over.",
    ),
)


def managers(view: RecordingView) -> dict[str, Floats]:
    """Measures of what waits at managers: each an array of (periods, columns)."""
    return {**_decision_waits(view), **_plo_reviews(view), **_held(view)}


def _decision_waits(view: RecordingView) -> dict[str, Floats]:
    """Mean working days, weighted by children, by kind of decision."""
    periods, asked = view.periods, view.recording.decisions
    waits: dict[str, Floats] = {}
    for code, kind in enumerate(DECISIONS):
        rows = np.flatnonzero((asked["kind"] == code) & (asked["decided"] >= 0))
        day, children, team = asked["decided"][rows], asked["children"][rows], asked["team"][rows]
        waited = (day - asked["asked"][rows]) * children
        waits[f"decision_wait_{kind}_wd"] = ratio(
            periods.counts(day, waited, None, team), periods.counts(day, children, None, team)
        )
    return waits


def _plo_reviews(view: RecordingView) -> dict[str, Floats]:
    """Share of reviews of pre-proceedings that were held in time, by the last day in time."""
    periods, asked = view.periods, view.recording.decisions
    rows = np.flatnonzero(asked["kind"] == MID_POINT_REVIEW)
    day, children, team = asked["asked"][rows] + IN_TIME, asked["children"][rows], asked["team"][rows]
    held = (asked["decided"][rows] >= 0) & (asked["decided"][rows] <= day)
    on_time = percent(periods.counts(day, children * held, None, team), periods.counts(day, children, None, team))
    return {"plo_reviews_on_time_pct": on_time}


def _held(view: RecordingView) -> dict[str, Floats]:
    """Children held on an average day; child-days of statutory cases among them; days with one such child."""
    periods, held = view.periods, view.recording.held_by_managers
    start, stop, team, children = held["start"], until(held["end"]), held["team"], held["children"]
    days = periods.days(np.zeros(1, np.int64), np.full(1, periods.horizon), np.ones(1))[:, :1]
    statutory = np.flatnonzero(np.isin(held["stage"], sorted(STATUTORY)))
    blocked = np.zeros(periods.horizon + 1)
    np.add.at(blocked, np.clip(start[statutory], 0, periods.horizon), 1.0)
    np.add.at(blocked, np.clip(stop[statutory], 0, periods.horizon), -1.0)
    blocked_days = np.flatnonzero(np.cumsum(blocked)[:-1] > 0.0)
    return {
        "held_by_managers_mean": periods.days(start, stop, children, None, team) / days,
        "statutory_unallocated_child_days": periods.days(
            start[statutory], stop[statutory], children[statutory], None, team[statutory]
        ),
        "allocation_blocked_days": periods.counts(blocked_days, np.ones(len(blocked_days))),
    }
