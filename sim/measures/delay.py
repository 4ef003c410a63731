"""Delay: how long children wait for a worker, an assessment, a conference, a decision or a visit."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures.bands import BANDS, band_measures
from sim.measures.flow import Flow
from sim.measures.measure import CENSUS, CHILDREN_IN_NEED, LOCAL, MODEL, Measure, england_figures
from sim.measures.open_cases import ASSESSMENT_STANDARD, CONFERENCE_STANDARD
from sim.measures.period_counts import AnyArray, Floats, PeriodCounts, percent
from sim.measures.recording_view import SAME_DAY_CLOSURE, RecordingView, StageSpells

__all__ = ["DEFINITIONS", "delay"]

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="allocation_wait_median_wd",
        label="Wait for a social worker, median",
        unit="working days",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Working days from referral to allocation of assessments allocated in the period, middle child",
        clock="Referral to allocation, working days; same-day closures left out",
        source=LOCAL,
        meaning="Half of the children waited longer than this for a social worker.",
        headline=True,
        flattered_by=("unallocated",),
    ),
    Measure(
        id="allocation_wait_p90_wd",
        label="Wait for a social worker, 90th percentile",
        unit="working days",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Working days from referral to allocation of assessments allocated in the period, child at 90%",
        clock="Referral to allocation, working days; same-day closures left out",
        source=LOCAL,
        meaning="One child in ten waited longer than this for a social worker.",
        headline=True,
        flattered_by=("unallocated",),
    ),
    Measure(
        id="assessments_completed",
        label="Assessments completed",
        unit="children",
        better="neither",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children whose assessment was authorised, same-day closures included",
        clock="Day of authorisation",
        source=CHILDREN_IN_NEED,
        meaning="How many children's assessments were finished.",
        headline=True,
    ),
    Measure(
        id="assessments_45wd_pct",
        label="Assessments completed within 45 working days",
        unit="%",
        better="higher",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children whose assessment was authorised 45 working days or less after the referral",
        denominator="Children whose assessment was authorised in the period",
        clock="Referral to authorisation, working days",
        source=CENSUS,
        meaning="How many finished assessments were on time. Read it beside the open and overdue ones.",
        headline=True,
        short="Assessed within 45 working days",
        flattered_by=("assessments_open_over_45wd",),
        england=england_figures(CHILDREN_IN_NEED, {2018: 82.7, 2024: 84.5}),
    ),
    Measure(
        id="assessments_45wd_excl_same_day_pct",
        label="Assessments within 45 working days, same-day closures left out",
        unit="%",
        better="higher",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator=(
            "Children whose assessment was authorised 45 working days or less after the referral, same-day "
            "closures left out"
        ),
        denominator="Children whose assessment was authorised in the period, same-day closures left out",
        clock="Referral to authorisation, working days",
        source=MODEL,
        meaning="On time, without front-door closures recorded as same-day assessments.",
        flattered_by=("assessments_open_over_45wd",),
    ),
    Measure(
        id="assessment_median_wd",
        label="Length of assessment, median",
        unit="working days",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Working days from referral to authorisation, middle child of those authorised in the period",
        clock="Referral to authorisation, working days",
        source=CHILDREN_IN_NEED,
        meaning="Half of the finished assessments took longer than this.",
        flattered_by=("assessments_open_over_45wd",),
        england=england_figures(CHILDREN_IN_NEED, {2018: 31.0, 2024: 34.0}),
    ),
    Measure(
        id="assessments_over_60wd",
        label="Assessments completed after more than 60 working days",
        unit="children",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children whose assessment was authorised more than 60 working days after the referral",
        clock="Referral to authorisation, working days",
        source=CHILDREN_IN_NEED,
        meaning="How many finished assessments were very late.",
        flattered_by=("assessments_open_over_45wd",),
    ),
    Measure(
        id="referral_cohort_45wd_pct",
        label="Children referred who were assessed within 45 working days",
        unit="%",
        better="higher",
        kind="flow",
        breakdowns=("locality",),
        numerator="Of these, children whose assessment was authorised within 45 working days",
        denominator=(
            "Children referred in the period who went to assessment and whose 45 working days ran out by the end "
            "of the run, whether the assessment is finished or still open"
        ),
        clock="Referral to authorisation, working days",
        source=MODEL,
        meaning="On time, counted from those who came in, so that work never finished counts as late.",
    ),
    Measure(
        id="icpc_15wd_pct",
        label="Initial conferences within 15 working days",
        unit="%",
        better="higher",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children whose initial conference was held 15 working days or less after the strategy discussion",
        denominator="Children with an initial conference held in the period",
        clock="Strategy discussion to initial conference, working days",
        source=CENSUS,
        meaning="How many initial child protection conferences were on time.",
        headline=True,
        england=england_figures(CHILDREN_IN_NEED, {2018: 76.9, 2024: 79.7}),
    ),
    Measure(
        id="transfer_wait_median_wd",
        label="Wait for a transfer between teams, median",
        unit="working days",
        better="lower",
        kind="flow",
        breakdowns=("team",),
        numerator="Working days from request to handover of transfers done in the period, middle child",
        clock="Request to handover, working days",
        source=LOCAL,
        meaning="Half of the children waited longer than this to change team.",
        flattered_by=("unallocated",),
    ),
    Measure(
        id="decision_wait_median_wd",
        label="Wait for a manager's decision, median",
        unit="working days",
        better="lower",
        kind="flow",
        breakdowns=("team",),
        numerator="Working days from asking to deciding, of decisions taken in the period, middle child",
        clock="Asked to decided, working days",
        source=LOCAL,
        meaning="Half of the decisions took longer than this.",
    ),
    Measure(
        id="cp_visits_on_time_pct",
        label="Child protection visits on time",
        unit="%",
        better="higher",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children visited within the standard since the last visit",
        denominator=(
            "Children visited in the period under a child protection plan (visits made; one overdue and not yet "
            "made counts when it is made)"
        ),
        clock="Last visit, or plan start, to this visit, working days",
        source=LOCAL,
        meaning="How often a child on a child protection plan was seen in time.",
        headline=True,
        flattered_by=("cases_with_no_visit_20wd",),
    ),
    Measure(
        id="cin_visits_on_time_pct",
        label="Child in need visits on time",
        unit="%",
        better="higher",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children visited within the standard since the last visit",
        denominator=(
            "Children visited in the period under a child in need plan (visits made; one overdue and not yet made"
            " counts when it is made)"
        ),
        clock="Last visit, or plan start, to this visit, working days",
        source=LOCAL,
        meaning="How often a child on a child in need plan was seen in time.",
        flattered_by=("cases_with_no_visit_20wd",),
    ),
    Measure(
        id="cp_reviews_on_time_pct",
        label="Child protection reviews on time",
        unit="%",
        better="higher",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children whose review conference was held by its due day",
        denominator="Children whose review conference was held in the period",
        clock="Due day to the day held, working days",
        source=CHILDREN_IN_NEED,
        meaning="How many review conferences were held when due.",
        england=england_figures(CHILDREN_IN_NEED, {2018: 90.5, 2024: 89.8}),
    ),
    *band_measures(BANDS["assessments_band"], kind="flow", clock="Referral to authorisation, working days"),
    *band_measures(BANDS["icpc_band"], kind="flow", clock="Strategy discussion to initial conference, working days"),
)

VERY_LATE = 60


def delay(view: RecordingView) -> dict[str, Floats]:
    """Measures of delay: each an array of (periods, columns)."""
    return {
        **_assessments(view.periods, view.spells("assessment")),
        **_conferences(view.periods, view.spells("section_47")),
        **_handovers(view),
        **_visits(view),
    }


def _assessments(periods: PeriodCounts, spells: StageSpells) -> dict[str, Floats]:
    split, children = spells.split, spells.children
    same_day = spells.outcome == SAME_DAY_CLOSURE
    taken = Flow(periods, np.where(same_day, -1, spells.allocated), *split)
    wait, wait_p90 = taken.quantiles(spells.allocated - spells.clock_start, children, (0.5, 0.9))
    ended, begun = Flow(periods, spells.ended, *split), Flow(periods, spells.clock_start, *split)
    length = spells.ended - spells.clock_start
    on_time = length <= ASSESSMENT_STANDARD
    completed = ended.counts(children)
    ran_out = spells.clock_start + ASSESSMENT_STANDARD <= periods.horizon - 1
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


def _conferences(periods: PeriodCounts, spells: StageSpells) -> dict[str, Floats]:
    length = spells.conference - spells.clock_start
    held = Flow(periods, spells.conference, *spells.split)
    on_time = held.counts(spells.children * (length <= CONFERENCE_STANDARD))
    return {
        "icpc_15wd_pct": percent(on_time, held.counts(spells.children)),
        **working_day_bands("icpc_band", held, length, spells.children),
    }


def _handovers(view: RecordingView) -> dict[str, Floats]:
    periods, moved, asked = view.periods, view.recording.transfers, view.recording.decisions
    done, decided = (
        Flow(periods, moved["done"], None, moved["to_team"]),
        Flow(periods, asked["decided"], None, asked["team"]),
    )
    return {
        "transfer_wait_median_wd": done.quantiles(moved["done"] - moved["asked"], moved["children"], (0.5,))[0],
        "decision_wait_median_wd": decided.quantiles(asked["decided"] - asked["asked"], asked["children"], (0.5,))[0],
    }


def _visits(view: RecordingView) -> dict[str, Floats]:
    visits, reviews = view.recording.visits, view.recording.reviews
    figures: dict[str, Floats] = {}
    for measure, stage in (
        ("cp_visits_on_time_pct", "child_protection"),
        ("cin_visits_on_time_pct", "child_in_need"),
    ):
        rows = view.rows("visits", stage)
        figures[measure] = _on_time(
            view, "visits", rows, visits["day"][rows] - visits["previous"][rows] <= visits["limit"][rows]
        )
    rows = view.rows("reviews", "child_protection")
    figures["cp_reviews_on_time_pct"] = _on_time(view, "reviews", rows, reviews["day"][rows] <= reviews["due"][rows])
    return figures


def _on_time(view: RecordingView, table: str, rows: AnyArray, on_time: AnyArray) -> Floats:
    """Percentage on time of some rows of a table of visits or reviews, each child counting once."""
    columns = getattr(view.recording, table)
    locality = view.of_case("locality", view.case(table)[rows])
    day = Flow(view.periods, columns["day"][rows], locality, columns["team"][rows])
    children = columns["children"][rows]
    return percent(day.counts(children * on_time), day.counts(children))


def working_day_bands(bands: str, day: Flow, length: AnyArray, children: AnyArray) -> dict[str, Floats]:
    """Children in each band of whole working days, by the period of `day`."""
    band = BANDS[bands]
    # The band of each length up to the first beyond all limits, which has the last band.
    place = np.searchsorted(np.array(band.limits), np.arange(band.limits[-1] + 2), side="left")
    counts = day.bands(children, place.take(length, mode="clip"), len(band.measures))
    return dict(zip(band.measures, counts, strict=True))
