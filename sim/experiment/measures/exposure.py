"""Exposure: how long a child's need stands risen before a protective step. Rests on assumed rates throughout."""

from __future__ import annotations

import numpy as np

from sim.experiment.measures.drift import days_gone_by
from sim.experiment.measures.subject import Subject
from sim.experiment.measures.tally import Floats, Tally, ratio, until
from sim.model.recording import STAGES

__all__ = ["exposure"]

UNNOTICED_DAYS = 30


def exposure(subject: Subject) -> dict[str, Floats]:
    """Measures of exposure: each an array of (periods, columns); rates are missing where no need ever rose."""
    tally, needs = subject.tally, subject.recording.needs
    rose, children = needs["rose"], needs["children"]
    split = (needs["locality"], needs["team"])
    over = np.minimum(until(needs["acted"]), until(needs["ended"]))
    days = tally.days(rose, over, children, *split, calendar=True)
    delay = tally.quantiles(
        needs["acted"],
        tally.calendar_days(rose, np.maximum(needs["acted"], rose)),
        children,
        (0.5, 0.9),
        *split,
    )
    unseen = np.minimum(over, until(needs["noticed"]))
    unnoticed = tally.standing(days_gone_by(tally, rose, UNNOTICED_DAYS), unseen, children, *split)
    open_children = _open_in_period(subject, tally) if len(rose) else np.zeros_like(days)
    return {
        "exposure_child_days": days,
        "exposure_per_100_children": ratio(100.0 * days, open_children),
        "step_up_delay_median_days": delay[0],
        "step_up_delay_p90_days": delay[1],
        "need_rises_unnoticed_30d": tally.at_period_end(unnoticed),
    }


def _open_in_period(subject: Subject, tally: Tally) -> Floats:
    """Children whose case was open beyond the front door on some day of each period: (periods, columns).

    By all and by locality, which a case keeps; a child counts once, whatever the stages.
    """
    spells = subject.recording.spells
    beyond = np.flatnonzero(spells["stage"] != STAGES.index("front_door"))
    case, row = np.unique(spells["case"][beyond], return_index=True)
    place = np.searchsorted(case, spells["case"][beyond])
    begin = np.full(len(case), np.iinfo(np.int64).max)
    finish = np.zeros(len(case), dtype=np.int64)
    np.minimum.at(begin, place, spells["entered"][beyond].astype(np.int64))
    np.maximum.at(finish, place, until(spells["ended"])[beyond])
    children = spells["children"][beyond[row]].astype(np.float64)
    locality = subject.of_case("locality", case)
    made = np.zeros((len(tally.last_days), len(tally.layout.columns)))
    places = len(tally.layout.localities)
    for period, (first, last) in enumerate(zip(tally.first_days, tally.last_days, strict=True)):
        # One that opens and closes on the same day was open on it.
        inside = (begin <= last) & ((finish > first) | (begin >= first))
        made[period, 0] = children[inside].sum()
        made[period, 1 : 1 + places] = np.bincount(locality[inside] + 1, children[inside], places + 1)[1:]
    return made
