"""Drift as the sector measures it: intervals between events by year of the later one, and long or stalled plans.

Data to Insight's Drift Tool takes the days from referral to child protection plan, from referral to care and from plan
to care, by year of the later event (https://www.datatoinsight.org/drift-tool, read in December 2026). The last referral
before the later event counts. Care stands for the issue of care proceedings: placements are not simulated.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.measures.dates import NOT_STARTED
from sim.measures.flow import Flow
from sim.measures.measure import LOCAL, Measure
from sim.measures.open_cases import PRE_PROCEEDINGS_DAYS
from sim.measures.period_counts import AnyArray, Floats, Ints, percent
from sim.measures.recording_view import RecordingView, StageSpells, standing

__all__ = ["DEFINITIONS", "drift_intervals"]

DRIFT_TOOL: Final = "Data to Insight, Drift Tool"
QUARTILES: Final = (("p25", "first quartile", 0.25), ("median", "median", 0.5), ("p75", "third quartile", 0.75))


class _Interval(NamedTuple):
    """From one event to another: the id's beginning, words, and the stage whose start is the later event."""

    id: str
    label: str
    clock: str
    stage: str


INTERVALS: Final = (
    _Interval(
        "referral_to_cpp", "Referral to child protection plan", "Last referral to plan start", "child_protection"
    ),
    _Interval("referral_to_care", "Referral to care", "Last referral to issue of care proceedings", "court"),
    _Interval("cpp_to_care", "Child protection plan to care", "Plan start to issue of care proceedings", "court"),
)
ELSEWHERE: Final = ("referral_to_cpp_median_days",)
"""Defined in `drift.py`."""
LONG_PLANS: Final = (
    ("cpp_open_over_15m", "child_protection", "Child protection plans", "cpp_open", 15),
    ("cpp_open_over_18m", "child_protection", "Child protection plans", "cpp_open", 18),
    ("cin_open_over_9m", "child_in_need", "Child in need plans", "cin_plans_open", 9),
    ("cin_open_over_12m", "child_in_need", "Child in need plans", "cin_plans_open", 12),
)
COUNTED_ELSEWHERE: Final = ("cin_open_over_9m", "cin_open_over_12m")
COHORTS: Final = (
    ("cpp_over_15m", "child_protection", "a child protection plan of more than 15 months", 15),
    ("cin_over_9m", "child_in_need", "a child in need plan of more than 9 months", 9),
    ("cin_over_12m", "child_in_need", "a child in need plan of more than 12 months", 12),
    ("plo_over_16w", "pre_proceedings", "pre-proceedings of more than 16 weeks", 0),
)


def _of_interval(interval: _Interval) -> list[Measure]:
    what = f"started in the period, {interval.label.lower()}"
    measures = [
        Measure(
            id=f"{interval.id}_{short}_days",
            label=f"{interval.label}, {words}",
            unit="calendar days",
            better="lower",
            kind="flow",
            breakdowns=("locality", "team"),
            numerator=f"{interval.clock}, calendar days, of children whose later event is in the period: {words}",
            clock=f"{interval.clock}, calendar days; by the day of the later event, the opening caseload left out",
            source=DRIFT_TOOL,
            meaning=f"How long it took children ({what}): {words}.",
            flattered_by=("assessments_open_over_45wd",),
            count=f"{interval.id}_children",
        )
        for short, words, _ in QUARTILES
        if f"{interval.id}_{short}_days" not in ELSEWHERE
    ]
    count = Measure(
        id=f"{interval.id}_children",
        label=f"{interval.label}: children",
        unit="children",
        better="neither",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children whose later event is in the period and who have the earlier one",
        clock="Day of the later event; the opening caseload left out",
        source=DRIFT_TOOL,
        meaning=f"How many children the interval is measured over: {interval.label.lower()}.",
    )
    return [*measures, count]


def _of_long_plans() -> list[Measure]:
    measures = []
    for name, _, label, whole, months in LONG_PLANS:
        clock = "Plan start to the last working day of the period, calendar months"
        if name not in COUNTED_ELSEWHERE:
            measures.append(
                Measure(
                    id=name,
                    label=f"{label} open for more than {months} months",
                    unit="children",
                    better="lower",
                    kind="stock",
                    breakdowns=("locality", "team"),
                    numerator=f"Children on a plan that began more than {months} calendar months ago",
                    clock=clock,
                    source=LOCAL,
                    meaning=f"How many plans have gone on for more than {months} months; many councils then look at "
                    "pre-proceedings.",
                    flattered_by=("assessments_open_over_45wd",),
                )
            )
        measures.append(
            Measure(
                id=f"{name}_pct",
                label=f"{label} open for more than {months} months, share",
                unit="%",
                better="lower",
                kind="stock",
                breakdowns=("locality", "team"),
                numerator=f"Children on a plan that began more than {months} calendar months ago",
                denominator="Children on such a plan",
                clock=clock,
                source=LOCAL,
                meaning=f"Which share of open plans is older than {months} months. New plans lower it, whatever "
                "becomes of the old ones: read the count beside it.",
                flattered_by=(whole,),
                count=name,
            )
        )
    return measures


def _of_cohorts() -> list[Measure]:
    return [
        Measure(
            id=f"referral_cohort_{name}_pct",
            label=f"Of children referred, share with {words}",
            unit="%",
            better="lower",
            kind="flow",
            breakdowns=("locality",),
            numerator=f"Of these, children who by the end of the run have had {words}",
            denominator="Children referred in the period",
            clock="Period of the referral; later referrals of a child count anew",
            source=LOCAL,
            meaning=f"Of the children referred in a period, how many have come to {words}. An influx of referrals does "
            "not flatter it; a period near the end of the run has had less time.",
            count=f"referral_cohort_{name}",
        )
        for name, _, words, _ in COHORTS
    ] + [
        Measure(
            id=f"referral_cohort_{name}",
            label=f"Of children referred, those with {words}",
            unit="children",
            better="lower",
            kind="flow",
            breakdowns=("locality",),
            numerator=f"Children referred in the period who by the end of the run have had {words}",
            clock="Period of the referral; later referrals of a child count anew",
            source=LOCAL,
            meaning=f"How many of the children referred in a period have come to {words}.",
        )
        for name, _, words, _ in COHORTS
    ]


PLO_COUNT: Final = Measure(
    id="plo_over_16w",
    label="Pre-proceedings over 16 weeks: children",
    unit="children",
    better="lower",
    kind="flow",
    breakdowns=("locality", "team"),
    numerator="Children whose pre-proceedings ended in the period after more than 16 weeks, or are open for longer at "
    "its end",
    clock="Letter to the end, or to the last working day of the period, calendar days",
    source=LOCAL,
    meaning="How many children's pre-proceedings went on for too long.",
)

DEFINITIONS: Final[tuple[Measure, ...]] = (
    *(measure for interval in INTERVALS for measure in _of_interval(interval)),
    *_of_long_plans(),
    PLO_COUNT,
    *_of_cohorts(),
)


def drift_intervals(view: RecordingView) -> dict[str, Floats]:
    """Intervals, long plans and cohorts: each an array of (periods, columns)."""
    return {**_intervals(view), **_long_plans(view), **_pre_proceedings(view), **_cohorts(view)}


def _intervals(view: RecordingView) -> dict[str, Floats]:
    figures: dict[str, Floats] = {}
    for interval in INTERVALS:
        later = view.spells(interval.stage)
        begins, known = _earlier(view, interval, later)
        day = np.where(known & ~view.of_case("opening", later.case), later.entered, -1)
        flow = Flow(view.periods, day, *later.split)
        days = view.periods.dates.calendar_days(np.minimum(begins, later.entered), later.entered)
        quartiles = flow.quantiles(days, later.children, [share for _, _, share in QUARTILES])
        for (short, _, _), values in zip(QUARTILES, quartiles, strict=True):
            if f"{interval.id}_{short}_days" not in ELSEWHERE:
                figures[f"{interval.id}_{short}_days"] = values
        figures[f"{interval.id}_children"] = flow.counts(later.children)
    return figures


def _earlier(view: RecordingView, interval: _Interval, later: StageSpells) -> tuple[AnyArray, AnyArray]:
    """The day of the earlier event of each later one, and whether there is one."""
    if interval.id != "cpp_to_care":
        return view.of_case("referred", later.case), np.ones(len(later.case), dtype=np.bool_)
    # The last plan of the case that had begun by the issue.
    plans = view.spells("child_protection")
    begins = np.full(view.cases, NOT_STARTED, dtype=np.int64)
    np.maximum.at(begins, plans.case, plans.entered.astype(np.int64))
    begun: Ints = begins[later.case]
    return begun, (begun > NOT_STARTED) & (begun <= later.entered)


def _long_plans(view: RecordingView) -> dict[str, Floats]:
    periods, figures = view.periods, {}
    for name, stage, _, _, months in LONG_PLANS:
        plans = view.spells(stage)
        begin = np.maximum(periods.dates.passed_by(plans.clock_start, months, beyond=True), plans.entered)
        long = periods.at_period_end(standing(periods, plans, begin, plans.until))
        if name not in COUNTED_ELSEWHERE:
            figures[name] = long
        whole = periods.at_period_end(standing(periods, plans, plans.entered, plans.until))
        figures[f"{name}_pct"] = percent(long, whole)
    return figures


def _pre_proceedings(view: RecordingView) -> dict[str, Floats]:
    periods, spells = view.periods, view.spells("pre_proceedings")
    late = periods.dates.days_gone_by(spells.clock_start, PRE_PROCEEDINGS_DAYS)
    ended = Flow(periods, spells.ended, *spells.split).counts(spells.children * (spells.ended >= late))
    still = periods.at_period_end(standing(periods, spells, np.maximum(late, spells.entered), spells.until))
    return {"plo_over_16w": ended + still}


def _cohorts(view: RecordingView) -> dict[str, Floats]:
    figures: dict[str, Floats] = {}
    for name, stage, _, months in COHORTS:
        spells = view.spells(stage)
        if stage == "pre_proceedings":
            late: Ints = view.periods.dates.days_gone_by(spells.clock_start, PRE_PROCEEDINGS_DAYS)
        else:
            late = view.periods.dates.passed_by(spells.clock_start, months, beyond=True)
        over = (late <= spells.until) & (late < view.periods.horizon)
        has_had = np.zeros(view.cases, dtype=np.bool_)
        has_had[spells.case[over]] = True
        count, share = _of_those_referred(view, has_had)
        figures[f"referral_cohort_{name}"], figures[f"referral_cohort_{name}_pct"] = count, share
    return figures


def _of_those_referred(view: RecordingView, has_had: AnyArray) -> tuple[Floats, Floats]:
    """Children referred in each period of whom something is true, and their share: a (periods, columns) each.

    Args:
        has_had: for each position in the table of cases.
    """
    cases = view.recording.cases
    day = np.where(cases["opening"], -1, cases["referred"])
    flow = Flow(view.periods, day, cases["locality"])
    count = flow.counts(cases["children"] * has_had)
    return count, percent(count, flow.counts(cases["children"]))
