"""Exposure: how long a child's need stands risen before a protective step. Rests on assumed rates throughout."""

from __future__ import annotations

import numpy as np

from sim.measures.dates import until
from sim.measures.flow import Flow
from sim.measures.order import runs
from sim.measures.period_counts import Floats, PeriodCounts, ratio
from sim.measures.recording_view import RecordingView

__all__ = ["exposure"]

UNNOTICED_DAYS = 30


def exposure(subject: RecordingView) -> dict[str, Floats]:
    """Measures of exposure: each an array of (periods, columns); rates are missing where no need ever rose."""
    tally, needs = subject.tally, subject.recording.needs
    rose, children = needs["rose"], needs["children"]
    split = (needs["locality"], needs["team"])
    over = np.minimum(until(needs["acted"]), until(needs["ended"]))
    days = tally.days(rose, over, children, *split, calendar=True)
    acted = Flow(tally, needs["acted"], *split)
    waited = tally.dates.calendar_days(rose, np.maximum(needs["acted"], rose))
    delay = acted.quantiles(waited, children, (0.5, 0.9))
    begin = tally.snapshot_from(tally.dates.days_gone_by(rose, UNNOTICED_DAYS))
    finish = tally.snapshot_from(np.minimum(over, until(needs["noticed"])))
    unnoticed = tally.standing(begin, finish, children, needs["locality"])
    by_team = tally.standing(begin, finish, children, None, needs["team"])
    unnoticed[:, tally.layout.first_team :] = by_team[:, tally.layout.first_team :]
    open_children = _open_in_period(subject, tally) if len(rose) else np.zeros_like(days)
    return {
        "exposure_child_days": days,
        "exposure_per_100_children": ratio(100.0 * days, open_children),
        "step_up_delay_median_days": delay[0],
        "step_up_delay_p90_days": delay[1],
        "need_rises_unnoticed_30d": tally.at_period_end(unnoticed),
    }


def _open_in_period(subject: RecordingView, tally: PeriodCounts) -> Floats:
    """Children whose case was open beyond the front door on some day of each period: (periods, columns).

    By all and by locality, which a case keeps; a child counts once, whatever the stages.
    """
    spells, beyond = subject.recording.spells, subject.beyond
    case = subject.case("spells")[beyond]
    first = runs(case)
    if not len(first):
        return np.zeros((len(tally.last_days), len(tally.layout.columns)))
    begin = spells["entered"][beyond[first]]
    finish = np.maximum.reduceat(until(spells["ended"])[beyond], first)
    children = spells["children"][np.minimum.reduceat(beyond, first)].astype(np.float64)
    locality = subject.of_case("locality", case[first]) + 1
    made = np.zeros((len(tally.last_days), len(tally.layout.columns)))
    places = len(tally.layout.localities)
    for period, (since, last) in enumerate(zip(tally.first_days, tally.last_days, strict=True)):
        # One that opens and closes on the same day was open on it.
        inside = np.flatnonzero((begin <= last) & ((finish > since) | (begin >= since)))
        by_place = np.bincount(locality[inside], children[inside], places + 1)
        made[period, 0] = by_place.sum()
        made[period, 1 : 1 + places] = by_place[1:]
    return made
