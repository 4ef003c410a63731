"""Drift: plans and proceedings that go on and on."""

from __future__ import annotations

import numpy as np

from sim.measures.bands import BANDS
from sim.measures.dates import NEVER_ENDS, NOT_STARTED
from sim.measures.flow import Flow
from sim.measures.open_cases import COURT_DAYS, PRE_PROCEEDINGS_DAYS, OpenCases
from sim.measures.period_counts import Floats, percent
from sim.measures.recording_view import RecordingView, standing

__all__ = ["drift"]


def drift(subject: RecordingView, standings: OpenCases) -> dict[str, Floats]:
    """Measures of drift: each an array of (periods, columns)."""
    return {
        **_protection_plans(subject, standings),
        **_child_in_need_plans(subject, standings),
        **_pre_proceedings(subject, standings),
        **_court(subject, standings),
        "referral_to_cpp_median_days": _referral_to_plan(subject),
    }


def _protection_plans(subject: RecordingView, standings: OpenCases) -> dict[str, Floats]:
    tally, plans = subject.tally, subject.spells("child_protection")
    ends = Flow(tally, plans.ended, *plans.split)
    open_now, ended = tally.at_period_end(standings.open("child_protection")), ends.counts(plans.children)
    made = {"cpp_open": open_now}
    # Day on which each band is entered; a plan is in the last band whose day has come.
    limits = BANDS["cpp_open_band"].limits
    enters = [plans.clock_start, *(tally.dates.passed_by(plans.clock_start, m, beyond=False) for m in limits)]
    leaves = [*enters[1:], np.full(len(plans.ended), NEVER_ENDS)]
    for measure, begin, finish in zip(BANDS["cpp_open_band"].measures, enters, leaves, strict=True):
        now = standing(tally, plans, np.maximum(begin, plans.entered), np.minimum(finish, plans.until))
        made[measure] = tally.at_period_end(now)
    for measure, begin, finish in zip(BANDS["cpp_ended_band"].measures, enters, leaves, strict=True):
        made[measure] = ends.counts(plans.children * ((plans.ended >= begin) & (plans.ended < finish)))
    made["cpp_open_2y_pct"] = percent(made["cpp_open_band_2y_plus"], open_now)
    made["cpp_ended_2y_pct"] = percent(made["cpp_ended_band_2y_plus"], ended)
    return made


def _child_in_need_plans(subject: RecordingView, standings: OpenCases) -> dict[str, Floats]:
    tally, plans = subject.tally, subject.spells("child_in_need")
    begin = np.maximum(tally.dates.passed_by(plans.clock_start, 9, beyond=True), plans.entered)
    return {
        "cin_plans_open": tally.at_period_end(standings.open("child_in_need")),
        "cin_open_over_9m": tally.at_period_end(standing(tally, plans, begin, plans.until)),
        "cin_open_over_12m": tally.at_period_end(standings.over_limit("child_in_need")),
    }


def _pre_proceedings(subject: RecordingView, standings: OpenCases) -> dict[str, Floats]:
    tally, spells = subject.tally, subject.spells("pre_proceedings")
    ends = Flow(tally, spells.ended, *spells.split)
    open_now = tally.at_period_end(standings.open("pre_proceedings"))
    open_late = tally.at_period_end(standings.over_limit("pre_proceedings"))
    late = tally.dates.days_gone_by(spells.clock_start, PRE_PROCEEDINGS_DAYS)
    letter = np.where(spells.clock_start <= NOT_STARTED, spells.until, np.minimum(spells.clock_start, spells.until))
    ended, ended_late = ends.counts(spells.children), ends.counts(spells.children * (spells.ended >= late))
    return {
        "plo_open": open_now,
        "plo_over_16w_pct": percent(ended_late + open_late, ended + open_now),
        "awaiting_letter": tally.at_period_end(standing(tally, spells, spells.entered, letter)),
    }


def _court(subject: RecordingView, standings: OpenCases) -> dict[str, Floats]:
    tally, spells = subject.tally, subject.spells("court")
    ends = Flow(tally, spells.ended, *spells.split)
    in_time = tally.dates.calendar_days(spells.clock_start, spells.ended) <= COURT_DAYS
    return {
        "court_open": tally.at_period_end(standings.open("court")),
        "proceedings_26w_pct": percent(ends.counts(spells.children * in_time), ends.counts(spells.children)),
    }


def _referral_to_plan(subject: RecordingView) -> Floats:
    tally, plans = subject.tally, subject.spells("child_protection")
    started = np.where(subject.of_case("opening", plans.case), -1, plans.entered)
    days = tally.dates.calendar_days(subject.of_case("referred", plans.case), plans.entered)
    return Flow(tally, started, *plans.split).quantiles(days, plans.children, (0.5,))[0]
