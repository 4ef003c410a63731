"""Managers: how long each kind of decision waits, and the children whom managers hold because nobody else does."""

from __future__ import annotations

import numpy as np

from sim.measures.dates import until
from sim.measures.period_counts import Floats, ratio
from sim.measures.recording_view import RecordingView
from sim.model.recording.names import DECISIONS, STATUTORY

__all__ = ["managers"]


def managers(subject: RecordingView) -> dict[str, Floats]:
    """Measures of what waits at managers: each an array of (periods, columns)."""
    return {**_decision_waits(subject), **_held(subject)}


def _decision_waits(subject: RecordingView) -> dict[str, Floats]:
    """Mean working days, weighted by children, by kind of decision."""
    tally, asked = subject.tally, subject.recording.decisions
    waits: dict[str, Floats] = {}
    for code, kind in enumerate(DECISIONS):
        rows = np.flatnonzero((asked["kind"] == code) & (asked["decided"] >= 0))
        day, children, team = asked["decided"][rows], asked["children"][rows], asked["team"][rows]
        waited = (day - asked["asked"][rows]) * children
        waits[f"decision_wait_{kind}_wd"] = ratio(
            tally.counts(day, waited, None, team), tally.counts(day, children, None, team)
        )
    return waits


def _held(subject: RecordingView) -> dict[str, Floats]:
    """Children held on an average day; child-days of statutory cases among them; days with one such child."""
    tally, held = subject.tally, subject.recording.held_by_managers
    start, stop, team, children = held["start"], until(held["end"]), held["team"], held["children"]
    days = tally.days(np.zeros(1, np.int64), np.full(1, tally.horizon), np.ones(1))[:, :1]
    statutory = np.flatnonzero(np.isin(held["stage"], sorted(STATUTORY)))
    blocked = np.zeros(tally.horizon + 1)
    np.add.at(blocked, np.clip(start[statutory], 0, tally.horizon), 1.0)
    np.add.at(blocked, np.clip(stop[statutory], 0, tally.horizon), -1.0)
    blocked_days = np.flatnonzero(np.cumsum(blocked)[:-1] > 0.0)
    return {
        "held_by_managers_mean": tally.days(start, stop, children, None, team) / days,
        "statutory_unallocated_child_days": tally.days(
            start[statutory], stop[statutory], children[statutory], None, team[statutory]
        ),
        "allocation_blocked_days": tally.counts(blocked_days, np.ones(len(blocked_days))),
    }
