"""Cost and yield: money spent, reviews done, second plans, and the child-days of delay that money may save."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures.dates import until
from sim.measures.flow import Flow
from sim.measures.measure import Measure, PublishedFigure
from sim.measures.open_cases import ASSESSMENT_STANDARD
from sim.measures.order import order
from sim.measures.period_counts import AnyArray, Floats, percent
from sim.measures.recording_view import RecordingView
from sim.measures.sources import CHILDREN_IN_NEED, LOCAL, MODEL
from sim.model.recording import MONEY

__all__ = ["DEFINITIONS", "cost"]

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="reviews_done",
        label="Children reviewed in targeted reviews",
        unit="children",
        better="neither",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children of the cases on the list of a targeted review that were reviewed",
        clock="Day of the review",
        source=LOCAL,
        meaning="How far the list of cases was worked through.",
        simulated_in="targeted",
    ),
    Measure(
        id="review_completion_date",
        label="Targeted reviews completed after",
        unit="calendar days",
        better="lower",
        kind="stock",
        numerator=(
            "Calendar days from the start of the run to the day on which the last listed case was reviewed; "
            "missing until then. A case that closes first is no longer waited for"
        ),
        clock="Start of the run to the last review, calendar days",
        source=LOCAL,
        meaning="How long it took until every case on the list had been looked at.",
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
        england=(
            PublishedFigure(2018, 20.2, CHILDREN_IN_NEED),
            PublishedFigure(2024, 24.7, CHILDREN_IN_NEED),
        ),
    ),
    Measure(
        id="staff_cost",
        label="Cost of staff",
        unit="£",
        better="lower",
        kind="flow",
        numerator="Pounds paid for social workers and managers in post",
        clock="Months that begin in the period",
        source=LOCAL,
        meaning="What the workforce costs, agency premium left out.",
        simulated_in="money",
    ),
    Measure(
        id="agency_premium",
        label="Agency premium",
        unit="£",
        better="lower",
        kind="flow",
        numerator="Pounds paid for agency workers beyond what permanent staff would cost",
        clock="Months that begin in the period",
        source=LOCAL,
        meaning="What it costs that posts are filled by agencies.",
        simulated_in="money",
    ),
    Measure(
        id="lever_cost",
        label="Cost of levers",
        unit="£",
        better="lower",
        kind="flow",
        numerator="Pounds spent on the levers of the scenario",
        clock="Months that begin in the period",
        source=LOCAL,
        meaning="What the changes themselves cost.",
        simulated_in="money",
    ),
    Measure(
        id="cost_total",
        label="Cost",
        unit="£",
        better="lower",
        kind="flow",
        numerator="Staff, agency premium and levers, pounds",
        clock="Months that begin in the period",
        source=LOCAL,
        meaning="What it all costs.",
        simulated_in="money",
    ),
    Measure(
        id="cost_per_delay_day_avoided",
        label="Cost of a child-day of delay avoided",
        unit="£",
        better="neither",
        kind="flow",
        numerator="Difference in cost from the baseline, pounds",
        denominator=(
            "Fall in the child-days of delay (`delay_child_days`) from the baseline, where it is clear of chance"
        ),
        clock="Reporting years and the whole run; only in differences from a baseline",
        source=MODEL,
        meaning="What it cost to spare one child one working day of delay; below 0 where less delay cost less.",
    ),
    Measure(
        id="delay_child_days",
        label="Child-days of delay",
        unit="child-days",
        better="lower",
        kind="flow",
        breakdowns=("locality",),
        numerator=(
            "Working days, times children, of assessments open beyond 45 working days, and of children open "
            "beyond the front door without a social worker; a day of both counts twice"
        ),
        clock="Working days of the period",
        source=MODEL,
        meaning="How long, all told, children waited too long for an assessment or had no social worker.",
    ),
)


def cost(view: RecordingView) -> dict[str, Floats]:
    """Measures of cost and yield: each an array of (periods, columns), pounds in `all` only."""
    periods, targeted, money = view.periods, view.recording.targeted, view.recording.money
    spent = {
        measure: periods.months(money["month"], money["pounds"] * (money["kind"] == MONEY.index(kind)))
        for measure, kind in (("staff_cost", "staff"), ("agency_premium", "agency_premium"), ("lever_cost", "lever"))
    }
    delayed = _delay_child_days(view)
    return {
        "reviews_done": Flow(
            periods, targeted["day"], view.of_case("locality", view.case("targeted")), targeted["team"]
        ).counts(targeted["children"]),
        "review_completion_date": _completion(view),
        "second_cpp_pct": _second_plans(view),
        **spent,
        "cost_total": spent["staff_cost"] + spent["agency_premium"] + spent["lever_cost"],
        # A comparison: `sim.experiment.results.tables` works it out between two scenarios.
        "cost_per_delay_day_avoided": np.full_like(delayed, np.nan),
        "delay_child_days": delayed,
    }


def _completion(view: RecordingView) -> Floats:
    """Calendar days from the start of the run to the day of the last review on the lists, once it is done.

    A listed case that closed before its review is no longer waited for.
    """
    periods, targeted, spells = view.periods, view.recording.targeted, view.recording.spells
    days = targeted["day"]
    finished = np.full((len(periods.last_days), len(periods.layout.columns)), np.nan)
    is_open = np.zeros(view.cases, dtype=np.bool_)
    is_open[view.case("spells")[spells["ended"] < 0]] = True
    waits = (days < 0) & is_open[view.case("targeted")]
    if len(days) and days.max() >= 0 and not waits.any():
        last = np.array([days.max()])
        finished[periods.last_days >= last, 0] = periods.dates.calendar_days(np.zeros(1, dtype=np.int64), last)
    return finished


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


def _delay_child_days(view: RecordingView) -> Floats:
    """Child working days of assessments open beyond 45 working days, and without a social worker: (periods,
    columns). A day of both counts twice.
    """
    periods, spells = view.periods, view.spells("assessment")
    late = np.maximum(spells.clock_start + ASSESSMENT_STANDARD + 1, spells.entered)
    start, stop, children, locality = _without_worker(view)
    return periods.days(late, spells.until, spells.children, spells.locality) + periods.days(
        start, stop, children, locality
    )


def _without_worker(view: RecordingView) -> tuple[AnyArray, AnyArray, AnyArray, AnyArray]:
    """Stretches in which a case is open beyond the front door and nobody holds it: first day, day after the last,
    children and locality.
    """
    horizon, spells, holdings, beyond = (
        view.periods.horizon,
        view.recording.spells,
        view.holdings,
        view.beyond,
    )
    opens, closes = spells["entered"][beyond], until(spells["ended"])[beyond]
    open_case = view.case("spells")[beyond]
    case = np.concatenate([open_case, open_case, holdings.case, holdings.case])
    day = np.clip(np.concatenate([opens, closes, holdings.start, holdings.stop]), 0, horizon)
    kinds, many = ((1, 0), (-1, 0), (0, 1), (0, -1)), [len(beyond)] * 2 + [len(holdings.case)] * 2
    rows = order(day, case)
    case, day = case[rows], day[rows]
    # Every case ends where it began, so that the running totals of one do not spill into the next.
    opened, held = (np.cumsum(np.repeat([kind[which] for kind in kinds], many)[rows]) for which in (0, 1))
    waits = (opened > 0) & (held == 0)
    rows = np.flatnonzero(waits[:-1] & (case[1:] == case[:-1]) & (day[1:] > day[:-1]))
    chosen = case[rows]
    return day[rows], day[rows + 1], view.of_case("children", chosen), view.of_case("locality", chosen)
