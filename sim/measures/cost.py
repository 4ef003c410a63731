"""Cost and yield: money spent, reviews done, second plans, and the child-days of delay that money may save."""

from __future__ import annotations

import numpy as np

from sim.measures.dates import until
from sim.measures.flow import Flow
from sim.measures.open_cases import ASSESSMENT_STANDARD
from sim.measures.order import order
from sim.measures.period_counts import AnyArray, Floats, percent
from sim.measures.recording_view import RecordingView
from sim.model.recording import MONEY

__all__ = ["cost"]


def cost(subject: RecordingView) -> dict[str, Floats]:
    """Measures of cost and yield: each an array of (periods, columns), pounds in `all` only."""
    tally, targeted, money = subject.tally, subject.recording.targeted, subject.recording.money
    spent = {
        measure: tally.months(money["month"], money["pounds"] * (money["kind"] == MONEY.index(kind)))
        for measure, kind in (("staff_cost", "staff"), ("agency_premium", "agency_premium"), ("lever_cost", "lever"))
    }
    delayed = _delay_child_days(subject)
    return {
        "reviews_done": Flow(
            tally, targeted["day"], subject.of_case("locality", subject.case("targeted")), targeted["team"]
        ).counts(targeted["children"]),
        "review_completion_date": _completion(subject),
        "second_cpp_pct": _second_plans(subject),
        **spent,
        "cost_total": spent["staff_cost"] + spent["agency_premium"] + spent["lever_cost"],
        # A comparison: `sim.experiment.results.tables` works it out between two scenarios.
        "cost_per_delay_day_avoided": np.full_like(delayed, np.nan),
        "delay_child_days": delayed,
    }


def _completion(subject: RecordingView) -> Floats:
    """Calendar days from the start of the run to the day of the last review on the lists, once it is done.

    A listed case that closed before its review is no longer waited for.
    """
    tally, targeted, spells = subject.tally, subject.recording.targeted, subject.recording.spells
    days = targeted["day"]
    found = np.full((len(tally.last_days), len(tally.layout.columns)), np.nan)
    is_open = np.zeros(subject.cases, dtype=np.bool_)
    is_open[subject.case("spells")[spells["ended"] < 0]] = True
    waits = (days < 0) & is_open[subject.case("targeted")]
    if len(days) and days.max() >= 0 and not waits.any():
        last = np.array([days.max()])
        found[tally.last_days >= last, 0] = tally.dates.calendar_days(np.zeros(1, dtype=np.int64), last)
    return found


def _second_plans(subject: RecordingView) -> Floats:
    """Share of plans started by children who had one before: before this referral, or earlier in the same case.

    Missing where earlier plans are not simulated.
    """
    tally, plans = subject.tally, subject.spells("child_protection")
    starts = Flow(tally, plans.entered, *plans.split)
    started = starts.counts(plans.children)
    if not subject.recording.cases["earlier_plan"].any():
        return np.full_like(started, np.nan)
    again = subject.of_case("earlier_plan", plans.case).astype(bool)
    rows = order(plans.entered, plans.case)
    again[rows[1:]] |= plans.case[rows[1:]] == plans.case[rows[:-1]]
    return percent(starts.counts(plans.children * again), started)


def _delay_child_days(subject: RecordingView) -> Floats:
    """Child working days of assessments open beyond 45 working days, and without a social worker: (periods,
    columns). A day of both counts twice.
    """
    tally, spells = subject.tally, subject.spells("assessment")
    late = np.maximum(spells.clock_start + ASSESSMENT_STANDARD + 1, spells.entered)
    start, stop, children, locality = _without_worker(subject)
    return tally.days(late, spells.until, spells.children, spells.locality) + tally.days(
        start, stop, children, locality
    )


def _without_worker(subject: RecordingView) -> tuple[AnyArray, AnyArray, AnyArray, AnyArray]:
    """Stretches in which a case is open beyond the front door and nobody holds it: first day, day after the last,
    children and locality.
    """
    horizon, spells, holdings, beyond = (
        subject.tally.horizon,
        subject.recording.spells,
        subject.holdings,
        subject.beyond,
    )
    opens, closes = spells["entered"][beyond], until(spells["ended"])[beyond]
    open_case = subject.case("spells")[beyond]
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
    return day[rows], day[rows + 1], subject.of_case("children", chosen), subject.of_case("locality", chosen)
