"""People: agency, vacancies, leavers, sickness, supervision, and children left uncovered by them."""

from __future__ import annotations

import numpy as np

from sim.measures.dates import until
from sim.measures.period_counts import Floats, percent
from sim.measures.recording_view import RecordingView
from sim.measures.workforce import Caseloads
from sim.model.recording import ABSENCE_KINDS, GRADES

__all__ = ["people"]

SUPERVISION_GRACE = 5


def people(subject: RecordingView, caseloads: Caseloads) -> dict[str, Floats]:
    """Measures of the workforce: each an array of (periods, columns)."""
    tally, recording = subject.tally, subject.recording
    posts, uncovered = recording.posts, recording.uncovered
    in_post = tally.at_period_end(caseloads.in_post_fte())
    agency = tally.at_period_end(caseloads.in_post_fte(GRADES.index("agency")))
    return {
        "agency_pct": percent(agency, in_post),
        "vacancy_pct": percent(
            tally.at_month_end(posts["month"], posts["vacant"], posts["team"]),
            tally.at_month_end(posts["month"], posts["establishment"], posts["team"]),
        ),
        "turnover_pct": _turnover(subject, in_post - agency),
        "absence_pct": _sickness(subject),
        "nqsw_over_cap": tally.at_period_end(caseloads.over_cap_of(GRADES.index("nqsw"))),
        "supervision_on_time_pct": _supervision(subject),
        "uncovered_absence_child_days": tally.counts(
            uncovered["day"], uncovered["child_days"], None, uncovered["team"]
        ),
    }


def _turnover(subject: RecordingView, permanent: Floats) -> Floats:
    """Permanent full-time equivalents who resigned, as a yearly share of those in post; missing where neither posts
    nor resignations are simulated.
    """
    tally, workers = subject.tally, subject.recording.workers
    if not len(subject.recording.posts["month"]) and not workers["resigned"].any():
        return np.full_like(permanent, np.nan)
    left = workers["resigned"] & (workers["grade"] != GRADES.index("agency"))
    gone = tally.counts(np.where(left, workers["end"], -1), workers["fte"], None, workers["team"])
    return percent(gone / tally.years[:, None], permanent)


def _sickness(subject: RecordingView) -> Floats:
    """Working days of full-time equivalents lost to sickness, agency workers left out; missing where absence is not
    simulated.
    """
    tally, workers, absences = subject.tally, subject.recording.workers, subject.recording.absences
    last = until(workers["end"]) + 1  # the last day in post is one
    fte = np.where(workers["grade"] == GRADES.index("agency"), 0.0, workers["fte"])
    in_post = tally.days(workers["start"], last, fte, None, workers["team"])
    if not len(absences["worker"]):
        return np.full_like(in_post, np.nan)
    order = np.argsort(workers["worker"], kind="stable")
    numbers = workers["worker"][order]
    rows = np.flatnonzero((absences["kind"] == ABSENCE_KINDS.index("sickness")) & np.isin(absences["worker"], numbers))
    worker = order[np.searchsorted(numbers, absences["worker"][rows])]
    begin = np.maximum(absences["start"][rows], workers["start"][worker])
    back = np.minimum(until(absences["end"])[rows], last[worker])
    return percent(tally.days(begin, back, fte[worker], None, workers["team"][worker]), in_post)


def _supervision(subject: RecordingView) -> Floats:
    """Percentage held in time, of those whose time has run out or that have been held."""
    tally, table = subject.tally, subject.recording.supervisions
    due, held, team = table["due"], table["held"], table["team"]
    on_time = (held >= 0) & (held - due <= SUPERVISION_GRACE)
    judged = (held >= 0) | (tally.horizon - 1 - due > SUPERVISION_GRACE)
    return percent(tally.counts(due, on_time, None, team), tally.counts(due, judged, None, team))
