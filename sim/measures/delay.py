"""Delay: how long children wait for a worker, an assessment, a conference, a decision or a visit."""

from __future__ import annotations

import numpy as np

from sim.measures.bands import BANDS
from sim.measures.flow import Flow
from sim.measures.open_cases import ASSESSMENT_STANDARD, CONFERENCE_STANDARD
from sim.measures.period_counts import AnyArray, Floats, PeriodCounts, percent
from sim.measures.recording_view import SAME_DAY_CLOSURE, RecordingView, StageSpells

__all__ = ["delay"]

VERY_LATE = 60


def delay(subject: RecordingView) -> dict[str, Floats]:
    """Measures of delay: each an array of (periods, columns)."""
    return {
        **_assessments(subject.tally, subject.spells("assessment")),
        **_conferences(subject.tally, subject.spells("section_47")),
        **_handovers(subject),
        **_visits(subject),
    }


def _assessments(tally: PeriodCounts, spells: StageSpells) -> dict[str, Floats]:
    split, children = spells.split, spells.children
    same_day = spells.outcome == SAME_DAY_CLOSURE
    taken = Flow(tally, np.where(same_day, -1, spells.allocated), *split)
    wait, wait_p90 = taken.quantiles(spells.allocated - spells.clock_start, children, (0.5, 0.9))
    ended, begun = Flow(tally, spells.ended, *split), Flow(tally, spells.clock_start, *split)
    length = spells.ended - spells.clock_start
    on_time = length <= ASSESSMENT_STANDARD
    completed = ended.counts(children)
    ran_out = spells.clock_start + ASSESSMENT_STANDARD <= tally.horizon - 1
    kept = ran_out & (spells.ended >= 0) & on_time
    return {
        "allocation_wait_median_wd": wait,
        "allocation_wait_p90_wd": wait_p90,
        "assessments_completed": completed,
        "assessments_45wd_pct": percent(ended.counts(children * on_time), completed),
        "assessments_45wd_excl_same_day_pct": percent(
            ended.counts(children * (on_time & ~same_day)), ended.counts(children * ~same_day)
        ),
        "assessment_median_wd": ended.quantiles(length, children, (0.5,))[0],
        "assessments_over_60wd": ended.counts(children * (length > VERY_LATE)),
        "referral_cohort_45wd_pct": percent(begun.counts(children * kept), begun.counts(children * ran_out)),
        **working_day_bands("assessments_band", ended, length, children),
    }


def _conferences(tally: PeriodCounts, spells: StageSpells) -> dict[str, Floats]:
    length = spells.conference - spells.clock_start
    held = Flow(tally, spells.conference, *spells.split)
    on_time = held.counts(spells.children * (length <= CONFERENCE_STANDARD))
    return {
        "icpc_15wd_pct": percent(on_time, held.counts(spells.children)),
        **working_day_bands("icpc_band", held, length, spells.children),
    }


def _handovers(subject: RecordingView) -> dict[str, Floats]:
    tally, moved, asked = subject.tally, subject.recording.transfers, subject.recording.decisions
    done, decided = (
        Flow(tally, moved["done"], None, moved["to_team"]),
        Flow(tally, asked["decided"], None, asked["team"]),
    )
    return {
        "transfer_wait_median_wd": done.quantiles(moved["done"] - moved["asked"], moved["children"], (0.5,))[0],
        "decision_wait_median_wd": decided.quantiles(asked["decided"] - asked["asked"], asked["children"], (0.5,))[0],
    }


def _visits(subject: RecordingView) -> dict[str, Floats]:
    visits, reviews = subject.recording.visits, subject.recording.reviews
    made: dict[str, Floats] = {}
    for measure, stage in (
        ("cp_visits_on_time_pct", "child_protection"),
        ("cin_visits_on_time_pct", "child_in_need"),
    ):
        rows = subject.rows("visits", stage)
        made[measure] = _on_time(
            subject, "visits", rows, visits["day"][rows] - visits["previous"][rows] <= visits["limit"][rows]
        )
    rows = subject.rows("reviews", "child_protection")
    made["cp_reviews_on_time_pct"] = _on_time(subject, "reviews", rows, reviews["day"][rows] <= reviews["due"][rows])
    return made


def _on_time(subject: RecordingView, table: str, rows: AnyArray, on_time: AnyArray) -> Floats:
    """Percentage on time of some rows of a table of visits or reviews, each child counting once."""
    columns = getattr(subject.recording, table)
    locality = subject.of_case("locality", subject.case(table)[rows])
    day = Flow(subject.tally, columns["day"][rows], locality, columns["team"][rows])
    children = columns["children"][rows]
    return percent(day.counts(children * on_time), day.counts(children))


def working_day_bands(bands: str, day: Flow, length: AnyArray, children: AnyArray) -> dict[str, Floats]:
    """Children in each band of whole working days, by the period of `day`."""
    band = BANDS[bands]
    # The band of each length up to the first beyond all limits, which has the last band.
    place = np.searchsorted(np.array(band.limits), np.arange(band.limits[-1] + 2), side="left")
    found = day.bands(children, place.take(length, mode="clip"), len(band.measures))
    return dict(zip(band.measures, found, strict=True))
