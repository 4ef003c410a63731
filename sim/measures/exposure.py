"""Exposure: how long a child's need stands risen before a protective step. Rests on assumed rates throughout."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures.dates import until
from sim.measures.flow import Flow
from sim.measures.measure import ASSUMED_RATES, Measure
from sim.measures.order import runs
from sim.measures.period_counts import Floats, PeriodCounts, ratio
from sim.measures.recording_view import RecordingView

__all__ = ["DEFINITIONS", "exposure"]

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="exposure_child_days",
        label="Exposure to risen need",
        unit="child-days",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator=(
            "Calendar days of the period, times children, on which a child's need had risen and nobody had yet "
            "taken the protective step; they end when need falls back, the case closes or the run ends"
        ),
        clock="Rise of need to protective step, calendar days",
        source=ASSUMED_RATES,
        meaning=(
            "How long, all told, children's need was higher than what the service was doing about it. It is not harm."
        ),
        simulated_in="needs",
    ),
    Measure(
        id="exposure_per_100_children",
        label="Exposure to risen need, per 100 children",
        unit="days per 100 children",
        better="lower",
        kind="flow",
        breakdowns=("locality",),
        numerator="Exposure in the period, calendar days times children, times 100",
        denominator="Children whose case was open beyond the front door on some day of the period",
        clock="Rise of need to protective step, calendar days",
        source=ASSUMED_RATES,
        meaning=(
            "Exposure beside the number of children open, so that councils and years of different size can be compared."
        ),
    ),
    Measure(
        id="step_up_delay_median_days",
        label="From risen need to protective step, median",
        unit="calendar days",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator=(
            "Calendar days from the rise of need to the protective step of steps taken in the period, middle child"
        ),
        clock="Rise of need to protective step, calendar days",
        source=ASSUMED_RATES,
        meaning="Half of the children whose need rose waited longer than this for a protective step.",
        flattered_by=("need_rises_unnoticed_30d",),
    ),
    Measure(
        id="step_up_delay_p90_days",
        label="From risen need to protective step, 90th percentile",
        unit="calendar days",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator=(
            "Calendar days from the rise of need to the protective step of steps taken in the period, child at 90%"
        ),
        clock="Rise of need to protective step, calendar days",
        source=ASSUMED_RATES,
        meaning="One child in ten whose need rose waited longer than this for a protective step.",
        flattered_by=("need_rises_unnoticed_30d",),
    ),
    Measure(
        id="need_rises_unnoticed_30d",
        label="Children whose risen need nobody has noticed for more than 30 days",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator="Children whose need rose more than 30 calendar days ago, unnoticed and still risen",
        clock="Rise of need to the last working day of the period, calendar days",
        source=ASSUMED_RATES,
        meaning="How many children need more than anybody knows.",
        simulated_in="needs",
    ),
    Measure(
        id="step_ups_late_by_person",
        label="Stepped up late because of a person's threshold",
        unit="children",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator=(
            "Children whose protective step was taken in the period and whose risen need a worker as ready as others "
            "would have noticed earlier, or whose managers put the decision off"
        ),
        clock="Day of the protective step",
        source=ASSUMED_RATES,
        meaning="How many children were stepped up late because thresholds differ between people.",
        simulated_in="needs",
    ),
)

UNNOTICED_DAYS = 30


def exposure(view: RecordingView) -> dict[str, Floats]:
    """Measures of exposure: each an array of (periods, columns); rates are missing where no need ever rose."""
    periods, needs = view.periods, view.recording.needs
    rose, children = needs["rose"], needs["children"]
    split = (needs["locality"], needs["team"])
    over = np.minimum(until(needs["acted"]), until(needs["ended"]))
    days = periods.days(rose, over, children, *split, calendar=True)
    acted = Flow(periods, needs["acted"], *split)
    waited = periods.dates.calendar_days(rose, np.maximum(needs["acted"], rose))
    delay = acted.quantiles(waited, children, (0.5, 0.9))
    begin = periods.snapshot_from(periods.dates.days_gone_by(rose, UNNOTICED_DAYS))
    finish = periods.snapshot_from(np.minimum(over, until(needs["noticed"])))
    unnoticed = periods.standing(begin, finish, children, needs["locality"])
    by_team = periods.standing(begin, finish, children, None, needs["team"])
    unnoticed[:, periods.layout.first_team :] = by_team[:, periods.layout.first_team :]
    open_children = _open_in_period(view, periods) if len(rose) else np.zeros_like(days)
    return {
        "exposure_child_days": days,
        "exposure_per_100_children": ratio(100.0 * days, open_children),
        "step_up_delay_median_days": delay[0],
        "step_up_delay_p90_days": delay[1],
        "need_rises_unnoticed_30d": periods.at_period_end(unnoticed),
        "step_ups_late_by_person": acted.counts(children * (needs["late_by_person"] == 1)),
    }


def _open_in_period(view: RecordingView, periods: PeriodCounts) -> Floats:
    """Children whose case was open beyond the front door on some day of each period: (periods, columns).

    By all and by locality, which a case keeps; a child counts once, whatever the stages.
    """
    spells, beyond = view.recording.spells, view.beyond
    case = view.case("spells")[beyond]
    first = runs(case)
    if not len(first):
        return np.zeros((len(periods.last_days), len(periods.layout.columns)))
    begin = spells["entered"][beyond[first]]
    finish = np.maximum.reduceat(until(spells["ended"])[beyond], first)
    children = spells["children"][np.minimum.reduceat(beyond, first)].astype(np.float64)
    locality = view.of_case("locality", case[first]) + 1
    open_children = np.zeros((len(periods.last_days), len(periods.layout.columns)))
    places = len(periods.layout.localities)
    for period, (since, last) in enumerate(zip(periods.first_days, periods.last_days, strict=True)):
        # One that opens and closes on the same day was open on it.
        inside = np.flatnonzero((begin <= last) & ((finish > since) | (begin >= since)))
        by_place = np.bincount(locality[inside].astype(np.intp, copy=False), children[inside], places + 1)
        open_children[period, 0] = by_place.sum()
        open_children[period, 1 : 1 + places] = by_place[1:]
    return open_children
