"""Drift: plans and proceedings that go on and on, and children who come back onto a plan."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures.bands import BANDS, band_measures
from sim.measures.dates import NEVER_ENDS, NOT_STARTED
from sim.measures.flow import Flow
from sim.measures.measure import ANNEX_A, CHILDREN_IN_NEED, LOCAL, Measure, england_figures
from sim.measures.open_cases import COURT_DAYS, PRE_PROCEEDINGS_DAYS, OpenCases
from sim.measures.order import order
from sim.measures.period_counts import Floats, percent
from sim.measures.recording_view import RecordingView, standing

__all__ = ["DEFINITIONS", "drift"]

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="cpp_open",
        label="Child protection plans open",
        unit="children",
        better="neither",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator="Children on a child protection plan",
        clock="Last working day of the period",
        source=CHILDREN_IN_NEED,
        meaning="How many children are on a child protection plan.",
        headline=True,
    ),
    Measure(
        id="cpp_open_2y_pct",
        label="Child protection plans open for 2 years or more",
        unit="%",
        better="lower",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator="Children on a plan that began 2 calendar years ago or earlier",
        denominator="Children on a child protection plan",
        clock="Plan start to the last working day of the period, calendar years",
        source=CHILDREN_IN_NEED,
        meaning="How many children on a plan have been on it for two years: drift.",
        count="cpp_open_band_2y_plus",
        england=england_figures(CHILDREN_IN_NEED, {2018: 1.8, 2024: 2.6}),
    ),
    Measure(
        id="cpp_ended_2y_pct",
        label="Child protection plans ended that lasted 2 years or more",
        unit="%",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children whose plan that ended had lasted 2 calendar years or more",
        denominator="Children whose plan ended",
        clock="Plan start to plan end, calendar years",
        source=CHILDREN_IN_NEED,
        meaning="How many plans that ended had gone on for two years.",
        flattered_by=("cpp_open_band_2y_plus",),
        count="cpp_ended_band_2y_plus",
        england=england_figures(CHILDREN_IN_NEED, {2018: 3.4, 2024: 3.8}),
    ),
    Measure(
        id="cin_plans_open",
        label="Child in need plans open",
        unit="children",
        better="neither",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator="Children on a child in need plan",
        clock="Last working day of the period",
        source=CHILDREN_IN_NEED,
        meaning="How many children are on a child in need plan.",
        headline=True,
    ),
    Measure(
        id="cin_open_over_9m",
        label="Child in need plans open for more than 9 months",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator="Children on a child in need plan that began more than 9 calendar months ago",
        clock="Plan start to the last working day of the period, calendar months",
        source=LOCAL,
        meaning="How many child in need plans need a senior look.",
        flattered_by=("assessments_open_over_45wd",),
    ),
    Measure(
        id="cin_open_over_12m",
        label="Child in need plans open for more than 12 months",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator="Children on a child in need plan that began more than 12 calendar months ago",
        clock="Plan start to the last working day of the period, calendar months",
        source=LOCAL,
        meaning="How many child in need plans have gone on for more than a year: drift.",
        short="Child in need plans over 12 months",
        flattered_by=("assessments_open_over_45wd",),
    ),
    Measure(
        id="plo_open",
        label="Pre-proceedings open",
        unit="children",
        better="neither",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator="Children in pre-proceedings under the public law outline",
        clock="Last working day of the period",
        source=LOCAL,
        meaning="How many children are in pre-proceedings.",
    ),
    Measure(
        id="plo_over_16w_pct",
        label="Pre-proceedings over 16 weeks",
        unit="%",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Of these, children for whom it lasted, or has lasted so far, more than 16 weeks (112 days)",
        denominator="Children whose pre-proceedings ended in the period or are open on its last working day; "
        "those who await the letter are left out, as their clock has not started",
        clock="Letter to the end, or to the last working day of the period, calendar days",
        source="Public Law Working Group, good practice",
        meaning="How often pre-proceedings went on for too long.",
    ),
    Measure(
        id="court_open",
        label="Care proceedings open",
        unit="children",
        better="neither",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator="Children in care proceedings",
        clock="Last working day of the period",
        source=LOCAL,
        meaning="How many children are in care proceedings.",
    ),
    Measure(
        id="proceedings_26w_pct",
        label="Care proceedings ended within 26 weeks",
        unit="%",
        better="higher",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children whose proceedings ended 26 weeks (182 days) or less after issue",
        denominator="Children whose proceedings ended in the period",
        clock="Issue to final order, calendar days",
        source="Children and Families Act 2014, section 14; Ministry of Justice, Family court statistics",
        meaning="How many care proceedings kept to 26 weeks.",
    ),
    Measure(
        id="referral_to_cpp_median_days",
        label="Referral to child protection plan, median",
        unit="calendar days",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Calendar days from referral to plan start of plans started in the period, middle child",
        clock="Referral to plan start, calendar days; the opening caseload left out",
        source=ANNEX_A,
        meaning="Half of the children who went onto a plan waited longer than this for it.",
        flattered_by=("assessments_open_over_45wd",),
    ),
    Measure(
        id="awaiting_letter",
        label="Children waiting for the letter before proceedings",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("locality", "team"),
        numerator=(
            "Children for whom legal planning has been sought and no letter before proceedings has gone out yet: "
            "they wait for the legal panel or for a solicitor"
        ),
        clock="Last working day of the period",
        source=LOCAL,
        meaning="How many children's pre-proceedings have not begun although the service wants them to.",
    ),
    Measure(
        id="second_cpp_pct",
        label="Child protection plans that are a second or later one",
        unit="%",
        better="lower",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Of these, children who had been the subject of a plan before",
        denominator="Children who became the subject of a child protection plan",
        clock="Day of plan start",
        source=CHILDREN_IN_NEED,
        meaning="How often a child came back onto a plan.",
        england=england_figures(CHILDREN_IN_NEED, {2018: 20.2, 2024: 24.7}),
    ),
    *band_measures(BANDS["cpp_ended_band"], kind="flow", clock="Plan start to plan end, calendar months"),
    *band_measures(
        BANDS["cpp_open_band"], kind="stock", clock="Plan start to the last working day of the period, calendar months"
    ),
)


def drift(view: RecordingView, open_cases: OpenCases) -> dict[str, Floats]:
    """Measures of drift: each an array of (periods, columns)."""
    return {
        **_protection_plans(view, open_cases),
        **_child_in_need_plans(view, open_cases),
        **_pre_proceedings(view, open_cases),
        **_court(view, open_cases),
        "referral_to_cpp_median_days": _referral_to_plan(view),
        "second_cpp_pct": _second_plans(view),
    }


def _protection_plans(view: RecordingView, open_cases: OpenCases) -> dict[str, Floats]:
    periods, plans = view.periods, view.spells("child_protection")
    ends = Flow(periods, plans.ended, *plans.split)
    open_now, ended = periods.at_period_end(open_cases.open("child_protection")), ends.counts(plans.children)
    figures = {"cpp_open": open_now}
    # Day on which each band is entered; a plan is in the last band whose day has come.
    limits = BANDS["cpp_open_band"].limits
    enters = [plans.clock_start, *(periods.dates.passed_by(plans.clock_start, m, beyond=False) for m in limits)]
    leaves = [*enters[1:], np.full(len(plans.ended), NEVER_ENDS)]
    for measure, begin, finish in zip(BANDS["cpp_open_band"].measures, enters, leaves, strict=True):
        now = standing(periods, plans, np.maximum(begin, plans.entered), np.minimum(finish, plans.until))
        figures[measure] = periods.at_period_end(now)
    for measure, begin, finish in zip(BANDS["cpp_ended_band"].measures, enters, leaves, strict=True):
        figures[measure] = ends.counts(plans.children * ((plans.ended >= begin) & (plans.ended < finish)))
    figures["cpp_open_2y_pct"] = percent(figures["cpp_open_band_2y_plus"], open_now)
    figures["cpp_ended_2y_pct"] = percent(figures["cpp_ended_band_2y_plus"], ended)
    return figures


def _child_in_need_plans(view: RecordingView, open_cases: OpenCases) -> dict[str, Floats]:
    periods, plans = view.periods, view.spells("child_in_need")
    begin = np.maximum(periods.dates.passed_by(plans.clock_start, 9, beyond=True), plans.entered)
    return {
        "cin_plans_open": periods.at_period_end(open_cases.open("child_in_need")),
        "cin_open_over_9m": periods.at_period_end(standing(periods, plans, begin, plans.until)),
        "cin_open_over_12m": periods.at_period_end(open_cases.over_limit("child_in_need")),
    }


def _pre_proceedings(view: RecordingView, open_cases: OpenCases) -> dict[str, Floats]:
    periods, spells = view.periods, view.spells("pre_proceedings")
    ends = Flow(periods, spells.ended, *spells.split)
    open_now = periods.at_period_end(open_cases.open("pre_proceedings"))
    open_late = periods.at_period_end(open_cases.over_limit("pre_proceedings"))
    late = periods.dates.days_gone_by(spells.clock_start, PRE_PROCEEDINGS_DAYS)
    letter = np.where(spells.clock_start <= NOT_STARTED, spells.until, np.minimum(spells.clock_start, spells.until))
    with_letter = spells.children * (spells.clock_start > NOT_STARTED)
    ended, ended_late = ends.counts(with_letter), ends.counts(with_letter * (spells.ended >= late))
    awaiting = periods.at_period_end(standing(periods, spells, spells.entered, letter))
    return {
        "plo_open": open_now,
        "plo_over_16w_pct": percent(ended_late + open_late, ended + open_now - awaiting),
        "awaiting_letter": awaiting,
    }


def _court(view: RecordingView, open_cases: OpenCases) -> dict[str, Floats]:
    periods, spells = view.periods, view.spells("court")
    ends = Flow(periods, spells.ended, *spells.split)
    in_time = periods.dates.calendar_days(spells.clock_start, spells.ended) <= COURT_DAYS
    return {
        "court_open": periods.at_period_end(open_cases.open("court")),
        "proceedings_26w_pct": percent(ends.counts(spells.children * in_time), ends.counts(spells.children)),
    }


def _referral_to_plan(view: RecordingView) -> Floats:
    periods, plans = view.periods, view.spells("child_protection")
    started = np.where(view.of_case("opening", plans.case), -1, plans.entered)
    days = periods.dates.calendar_days(view.of_case("referred", plans.case), plans.entered)
    return Flow(periods, started, *plans.split).quantiles(days, plans.children, (0.5,))[0]


def _second_plans(view: RecordingView) -> Floats:
    """Share of plans started by children who had one before: before this referral, or earlier in the same case.

    Missing where earlier plans are not simulated.
    """
    periods, plans = view.periods, view.spells("child_protection")
    starts = Flow(periods, plans.entered, *plans.split)
    started = starts.counts(plans.children)
    if not view.recording.cases["earlier_plan"].any():
        return np.full_like(started, np.nan)
    again = view.of_case("earlier_plan", plans.case).astype(bool)
    rows = order(plans.entered, plans.case)
    again[rows[1:]] |= plans.case[rows[1:]] == plans.case[rows[:-1]]
    return percent(starts.counts(plans.children * again), started)
