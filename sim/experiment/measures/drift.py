"""Drift: plans and proceedings that go on and on."""

from __future__ import annotations

import numpy as np

from sim.experiment.measures.bands import BANDS
from sim.experiment.measures.subject import StageSpells, Subject, standing
from sim.experiment.measures.tally import NEVER_ENDS, AnyArray, Floats, Tally, percent

__all__ = ["COURT_DAYS", "NOT_STARTED", "PRE_PROCEEDINGS_DAYS", "days_gone_by", "drift", "passed_by"]

PRE_PROCEEDINGS_DAYS = 16 * 7
COURT_DAYS = 26 * 7
NOT_STARTED = -1_000_000
"""Clock start of pre-proceedings before the letter has gone out."""


def drift(subject: Subject) -> dict[str, Floats]:
    """Measures of drift: each an array of (periods, columns)."""
    tally = subject.tally
    return {
        **_protection_plans(tally, subject.spells("child_protection")),
        **_child_in_need_plans(tally, subject.spells("child_in_need")),
        **_pre_proceedings(tally, subject.spells("pre_proceedings")),
        **_court(tally, subject.spells("court")),
        "referral_to_cpp_median_days": _referral_to_plan(subject),
    }


def passed_by(tally: Tally, start: AnyArray, months: int, *, beyond: bool) -> AnyArray:
    """First working day on which months have gone by since `start`, or, `beyond`, more than them."""
    anniversary = tally.months_later(start, months)
    return tally.on_or_after(anniversary + np.timedelta64(1, "D") if beyond else anniversary)


def days_gone_by(tally: Tally, start: AnyArray, days: int) -> AnyArray:
    """First working day more than some calendar days after `start`; never while the clock has not started."""
    late = tally.on_or_after(tally.date_of(start) + np.timedelta64(days + 1, "D"))
    return np.where(start <= NOT_STARTED, NEVER_ENDS, late)


def _protection_plans(tally: Tally, plans: StageSpells) -> dict[str, Floats]:
    split, children = plans.split, plans.children
    open_now = tally.at_period_end(standing(tally, plans, plans.entered, plans.until))
    ended = tally.counts(plans.ended, children, *split)
    made = {"cpp_open": open_now}
    for bands in (BANDS["cpp_open_band"], BANDS["cpp_ended_band"]):
        # Day on which each band is entered; a plan is in the last band whose day has come.
        enters = [
            plans.clock_start,
            *(passed_by(tally, plans.clock_start, m, beyond=False) for m in bands.limits),
        ]
        leaves = [*enters[1:], np.full(len(plans.ended), NEVER_ENDS)]
        for measure, begin, finish in zip(bands.measures, enters, leaves, strict=True):
            if bands.id == "cpp_open_band":
                now = standing(tally, plans, np.maximum(begin, plans.entered), np.minimum(finish, plans.until))
                made[measure] = tally.at_period_end(now)
            else:
                inside = (plans.ended >= begin) & (plans.ended < finish)
                made[measure] = tally.counts(plans.ended, children * inside, *split)
    made["cpp_open_2y_pct"] = percent(made["cpp_open_band_2y_plus"], open_now)
    made["cpp_ended_2y_pct"] = percent(made["cpp_ended_band_2y_plus"], ended)
    return made


def _child_in_need_plans(tally: Tally, plans: StageSpells) -> dict[str, Floats]:
    made = {"cin_plans_open": tally.at_period_end(standing(tally, plans, plans.entered, plans.until))}
    for measure, months in (("cin_open_over_9m", 9), ("cin_open_over_12m", 12)):
        begin = np.maximum(passed_by(tally, plans.clock_start, months, beyond=True), plans.entered)
        made[measure] = tally.at_period_end(standing(tally, plans, begin, plans.until))
    return made


def _pre_proceedings(tally: Tally, spells: StageSpells) -> dict[str, Floats]:
    split, children = spells.split, spells.children
    open_now = tally.at_period_end(standing(tally, spells, spells.entered, spells.until))
    late = days_gone_by(tally, spells.clock_start, PRE_PROCEEDINGS_DAYS)
    open_late = standing(tally, spells, np.maximum(late, spells.entered), spells.until)
    letter = np.where(spells.clock_start <= NOT_STARTED, spells.until, np.minimum(spells.clock_start, spells.until))
    ended = tally.counts(spells.ended, children, *split)
    ended_late = tally.counts(spells.ended, children * (spells.ended >= late), *split)
    return {
        "plo_open": open_now,
        "plo_over_16w_pct": percent(ended_late + tally.at_period_end(open_late), ended + open_now),
        "awaiting_letter": tally.at_period_end(standing(tally, spells, spells.entered, letter)),
    }


def _court(tally: Tally, spells: StageSpells) -> dict[str, Floats]:
    split, children = spells.split, spells.children
    in_time = tally.calendar_days(spells.clock_start, spells.ended) <= COURT_DAYS
    return {
        "court_open": tally.at_period_end(standing(tally, spells, spells.entered, spells.until)),
        "proceedings_26w_pct": percent(
            tally.counts(spells.ended, children * in_time, *split),
            tally.counts(spells.ended, children, *split),
        ),
    }


def _referral_to_plan(subject: Subject) -> Floats:
    tally, plans = subject.tally, subject.spells("child_protection")
    started = np.where(subject.of_case("opening", plans.case), -1, plans.entered)
    days = tally.calendar_days(subject.of_case("referred", plans.case), plans.entered)
    return tally.quantiles(started, days, plans.children, (0.5,), *plans.split)[0]
