"""Cost and yield: money spent, reviews done, second plans, and the child-days of delay that money may save."""

from __future__ import annotations

import numpy as np

from sim.experiment.measures.delay import ASSESSMENT_STANDARD
from sim.experiment.measures.subject import Subject
from sim.experiment.measures.tally import AnyArray, Floats, percent, until
from sim.model.recording import MONEY, STAGES

__all__ = ["cost"]


def cost(subject: Subject) -> dict[str, Floats]:
    """Measures of cost and yield: each an array of (periods, columns), pounds in `all` only."""
    tally, targeted, money = subject.tally, subject.recording.targeted, subject.recording.money
    spent = {
        measure: tally.months(money["month"], money["pounds"] * (money["kind"] == MONEY.index(kind)))
        for measure, kind in (("staff_cost", "staff"), ("agency_premium", "agency_premium"), ("lever_cost", "lever"))
    }
    delayed = _delay_child_days(subject)
    return {
        "reviews_done": tally.counts(
            targeted["day"], targeted["children"], subject.of_case("locality", targeted["case"]), targeted["team"]
        ),
        "review_completion_date": _completion(subject),
        "second_cpp_pct": _second_plans(subject),
        **spent,
        "cost_total": spent["staff_cost"] + spent["agency_premium"] + spent["lever_cost"],
        # A comparison: `sim.experiment.tables` works it out between two scenarios.
        "cost_per_delay_day_avoided": np.full_like(delayed, np.nan),
        "delay_child_days": delayed,
    }


def _completion(subject: Subject) -> Floats:
    """Calendar days from the start of the run to the day of the last review on the lists, once it is done.

    A listed case that closed before its review is no longer waited for.
    """
    tally, targeted, spells = subject.tally, subject.recording.targeted, subject.recording.spells
    days = targeted["day"]
    found = np.full((len(tally.last_days), len(tally.layout.columns)), np.nan)
    waits = (days < 0) & np.isin(targeted["case"], spells["case"][spells["ended"] < 0])
    if len(days) and days.max() >= 0 and not waits.any():
        last = np.array([days.max()])
        found[tally.last_days >= last, 0] = tally.calendar_days(np.zeros(1, dtype=np.int64), last)
    return found


def _second_plans(subject: Subject) -> Floats:
    """Share of plans started by children who had one before: before this referral, or earlier in the same case.

    Missing where earlier plans are not simulated.
    """
    tally, plans = subject.tally, subject.spells("child_protection")
    started = tally.counts(plans.entered, plans.children, *plans.split)
    if not subject.recording.cases["earlier_plan"].any():
        return np.full_like(started, np.nan)
    again = subject.of_case("earlier_plan", plans.case).astype(bool)
    order = np.lexsort((plans.entered, plans.case))
    again[order[1:]] |= plans.case[order[1:]] == plans.case[order[:-1]]
    return percent(tally.counts(plans.entered, plans.children * again, *plans.split), started)


def _delay_child_days(subject: Subject) -> Floats:
    """Child working days of assessments open beyond 45 working days, and without a social worker: (periods,
    columns). A day of both counts twice.
    """
    tally, spells = subject.tally, subject.spells("assessment")
    late = np.maximum(spells.clock_start + ASSESSMENT_STANDARD + 1, spells.entered)
    start, stop, children, locality = _without_worker(subject)
    return tally.days(late, spells.until, spells.children, spells.locality) + tally.days(
        start, stop, children, locality
    )


def _without_worker(subject: Subject) -> tuple[AnyArray, AnyArray, AnyArray, AnyArray]:
    """Stretches in which a case is open beyond the front door and nobody holds it: first day, day after the last,
    children and locality.
    """
    horizon, recording = subject.tally.horizon, subject.recording
    spells, holdings = recording.spells, recording.holdings
    beyond = spells["stage"] != STAGES.index("front_door")
    opens, closes = spells["entered"][beyond], until(spells["ended"])[beyond]
    takes, puts = holdings["start"], until(holdings["end"])
    case = np.concatenate([*[spells["case"][beyond]] * 2, *[holdings["case"]] * 2])
    day = np.clip(np.concatenate([opens, closes, takes, puts]), 0, horizon)
    ones = [np.full(len(part), sign) for part, sign in ((opens, 1), (closes, -1))]
    held_ones = [np.full(len(part), sign) for part, sign in ((takes, 1), (puts, -1))]
    opened = np.concatenate([*ones, np.zeros(2 * len(takes), dtype=np.int64)])
    held = np.concatenate([np.zeros(2 * len(opens), dtype=np.int64), *held_ones])
    order = np.lexsort((day, case))
    case, day = case[order], day[order]
    # Every case ends where it began, so that the running totals of one do not spill into the next.
    waits = (np.cumsum(opened[order]) > 0) & (np.cumsum(held[order]) == 0)
    rows = np.flatnonzero(waits[:-1] & (case[1:] == case[:-1]) & (day[1:] > day[:-1]))
    chosen = case[rows]
    return day[rows], day[rows + 1], subject.of_case("children", chosen), subject.of_case("locality", chosen)
