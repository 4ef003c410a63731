"""Delay: how long children wait for a worker, an assessment, a conference, a decision or a visit."""

from __future__ import annotations

import numpy as np

from sim.experiment.measures.bands import BANDS
from sim.experiment.measures.subject import SAME_DAY_CLOSURE, StageSpells, Subject
from sim.experiment.measures.tally import AnyArray, Floats, Tally, percent
from sim.model.recording import STAGES

__all__ = ["delay"]

ASSESSMENT_STANDARD = 45
VERY_LATE = 60
CONFERENCE_STANDARD = 15


def delay(subject: Subject) -> dict[str, Floats]:
    """Measures of delay: each an array of (periods, columns)."""
    return {
        **_assessments(subject.tally, subject.spells("assessment")),
        **_conferences(subject.tally, subject.spells("section_47")),
        **_handovers(subject),
        **_visits(subject),
    }


def _assessments(tally: Tally, spells: StageSpells) -> dict[str, Floats]:
    split, children = spells.split, spells.children
    same_day = spells.outcome == SAME_DAY_CLOSURE
    wait, wait_p90 = tally.quantiles(
        np.where(same_day, -1, spells.allocated),
        spells.allocated - spells.clock_start,
        children,
        (0.5, 0.9),
        *split,
    )
    length = spells.ended - spells.clock_start
    on_time = length <= ASSESSMENT_STANDARD
    completed = tally.counts(spells.ended, children, *split)
    ran_out = spells.clock_start + ASSESSMENT_STANDARD <= tally.horizon - 1
    kept = ran_out & (spells.ended >= 0) & on_time
    return {
        "allocation_wait_median_wd": wait,
        "allocation_wait_p90_wd": wait_p90,
        "assessments_completed": completed,
        "assessments_45wd_pct": percent(tally.counts(spells.ended, children * on_time, *split), completed),
        "assessments_45wd_excl_same_day_pct": percent(
            tally.counts(spells.ended, children * (on_time & ~same_day), *split),
            tally.counts(spells.ended, children * ~same_day, *split),
        ),
        "assessment_median_wd": tally.quantiles(spells.ended, length, children, (0.5,), *split)[0],
        "assessments_over_60wd": tally.counts(spells.ended, children * (length > VERY_LATE), *split),
        "referral_cohort_45wd_pct": percent(
            tally.counts(spells.clock_start, children * kept, *split),
            tally.counts(spells.clock_start, children * ran_out, *split),
        ),
        **working_day_bands(tally, "assessments_band", spells.ended, length, children, *split),
    }


def _conferences(tally: Tally, spells: StageSpells) -> dict[str, Floats]:
    length = spells.conference - spells.clock_start
    held = tally.counts(spells.conference, spells.children, *spells.split)
    on_time = tally.counts(spells.conference, spells.children * (length <= CONFERENCE_STANDARD), *spells.split)
    bands = working_day_bands(tally, "icpc_band", spells.conference, length, spells.children, *spells.split)
    return {"icpc_15wd_pct": percent(on_time, held), **bands}


def _handovers(subject: Subject) -> dict[str, Floats]:
    tally, moved, asked = subject.tally, subject.recording.transfers, subject.recording.decisions
    return {
        "transfer_wait_median_wd": tally.quantiles(
            moved["done"], moved["done"] - moved["asked"], moved["children"], (0.5,), None, moved["to_team"]
        )[0],
        "decision_wait_median_wd": tally.quantiles(
            asked["decided"],
            asked["decided"] - asked["asked"],
            asked["children"],
            (0.5,),
            None,
            asked["team"],
        )[0],
    }


def _visits(subject: Subject) -> dict[str, Floats]:
    tally, visits, reviews = subject.tally, subject.recording.visits, subject.recording.reviews
    on_time = visits["day"] - visits["previous"] <= visits["limit"]
    locality = subject.of_case("locality", visits["case"])
    made: dict[str, Floats] = {}
    for measure, stage in (
        ("cp_visits_on_time_pct", "child_protection"),
        ("cin_visits_on_time_pct", "child_in_need"),
    ):
        children = visits["children"] * (visits["stage"] == STAGES.index(stage))
        split = (locality, visits["team"])
        made[measure] = percent(
            tally.counts(visits["day"], children * on_time, *split),
            tally.counts(visits["day"], children, *split),
        )
    children = reviews["children"] * (reviews["stage"] == STAGES.index("child_protection"))
    split = (subject.of_case("locality", reviews["case"]), reviews["team"])
    made["cp_reviews_on_time_pct"] = percent(
        tally.counts(reviews["day"], children * (reviews["day"] <= reviews["due"]), *split),
        tally.counts(reviews["day"], children, *split),
    )
    return made


def working_day_bands(
    tally: Tally, bands: str, day: AnyArray, length: AnyArray, children: AnyArray, *split: AnyArray
) -> dict[str, Floats]:
    """Children in each band of whole working days, by the period of `day`."""
    band = BANDS[bands]
    place = np.searchsorted(np.array(band.limits), length, side="left")
    return {
        measure: tally.counts(day, children * (place == number), *split) for number, measure in enumerate(band.measures)
    }
